"""Helpers without an account, who joined by an invitation: they see who needs help in one class.

An invitation is a QR code, and six digits to type where it cannot be scanned. It is valid for ten minutes, and only the
latest one, so a photograph of it is soon worthless. A helper is bound to a cookie. Only a digest of it is stored, so
reading the database does not let anybody act as a helper.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.orm import Session

from lms.learning.accounts import sign_in_throttle
from lms.learning.classroom.access.membership import require_facilitator, require_open_class_session
from lms.learning.classroom.session.class_codes import CODE_LENGTH, luhn_check_digit, parse_digits
from lms.learning.errors import ClassFull, NotFound
from lms.learning.learners.learner_store import clean_name
from lms.learning.store.models import ClassSessionRow, HelperRow
from lms.signing import SecretKeys, all_secret_keys

MAX_HELPERS = 40  # of a class
INVITATION_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Helper:
    id: str
    class_id: str
    name: str  # text
    joined_at: datetime
    revoked: bool


def invite_helpers(session: Session, class_id: str, *, account_id: str, now: datetime) -> str:
    """Create the token for a new helpers' QR code, which replaces the one before. Helpers who have joined stay.

    Raises:
        NotFound, NotAllowed, ClassClosed.
    """
    require_open_class_session(session, class_id, account_id)
    expires_at = int((now + INVITATION_LIFETIME).timestamp())
    token = f"{secrets.token_urlsafe(18)}.{expires_at:x}"  # the stored digest covers the expiry time
    _set_invitation(session, class_id, _digest(token), datetime.fromtimestamp(expires_at, UTC))
    return token


def invitation_digits(token: str, *, secret: str) -> str:
    """The six digits of an invitation, computed with the site's secret key and stored nowhere."""
    return _digits(_digest(token), secret)


def is_invitation_shaped(typed: str) -> bool:
    """Whether the digits could be those of an invitation. No class code could: their check digits differ."""
    digits = parse_digits(typed, CODE_LENGTH)
    return digits is not None and digits[-1] == _check_digit(digits[:-1])


def count_invitation_digits_try(session: Session, typed: str, *, now: datetime) -> None:
    """Count one try at the invitations whose digits begin like ``typed``. Commit it before ``join_helper_by_digits``.

    Raises:
        TooManySignInTries: digits that begin so were tried too often; the QR code still works.
    """
    sign_in_throttle.count_sign_in_try(session, _throttle_key(typed), now=now)


def join_helper_by_digits(
    session: Session, typed: str, *, name: str, secret: SecretKeys, now: datetime
) -> tuple[Helper, str]:
    """Join a class as a helper by the digits of its invitation, whatever separates them.

    Raises:
        NotFound: no valid invitation has these digits.
        ClassFull, InvalidName: as ``join_as_helper``.
    """
    digits = parse_digits(typed, CODE_LENGTH)
    invited = session.connection().execute(
        select(ClassSessionRow.id, ClassSessionRow.helper_digest).where(
            ClassSessionRow.helper_until > now, ClassSessionRow.closed_at.is_(None)
        )
    )
    keys = all_secret_keys(secret)
    matches = [
        row.id
        for row in invited
        if row.helper_digest and any(_digits(row.helper_digest, key) == digits for key in keys)
    ]
    if len(matches) != 1:  # two classes with the same digits: rather none than the wrong one
        raise NotFound("helper")
    joined = _join(session, matches[0], name=name, now=now)
    sign_in_throttle.clear_sign_in_tries(session, _throttle_key(typed))
    return joined


def find_invited_class_id(session: Session, token: str, *, now: datetime) -> str | None:
    """The id of the open class that a helpers' QR code belongs to; None when it is no longer valid."""
    if now >= _token_expiry(token):
        return None
    statement = select(ClassSessionRow.id).where(
        ClassSessionRow.helper_digest == _digest(token), ClassSessionRow.closed_at.is_(None)
    )
    return session.connection().execute(statement).scalar()


def join_as_helper(session: Session, *, token: str, name: str, now: datetime) -> tuple[Helper, str]:
    """Join a class as a helper. Returns the helper and the secret for the helper's cookie.

    Raises:
        NotFound: the QR code is no longer valid.
        ClassFull: the class has 40 helpers.
        InvalidName: more than 60 characters.
    """
    class_id = find_invited_class_id(session, token, now=now)
    if class_id is None:
        raise NotFound("helper")
    return _join(session, class_id, name=name, now=now)


def _join(session: Session, class_id: str, *, name: str, now: datetime) -> tuple[Helper, str]:
    connection = session.connection()
    active = (HelperRow.class_id == class_id, HelperRow.revoked_at.is_(None))
    if connection.execute(select(func.count()).select_from(HelperRow).where(*active)).scalar_one() >= MAX_HELPERS:
        raise ClassFull(class_id)
    secret = secrets.token_urlsafe(24)
    helper = Helper(secrets.token_hex(16), class_id, clean_name(name) or "Người phụ lớp", now, revoked=False)
    values = {
        "id": helper.id,
        "class_id": helper.class_id,
        "name": helper.name,
        "digest": _digest(secret),
        "joined_at": helper.joined_at,
    }
    connection.execute(insert(HelperRow.__table__), values)
    return helper, secret


def find_helper(session: Session, secret: str) -> Helper | None:
    """The active helper whose cookie holds this secret; None when there is none. The class may be closed."""
    helpers = _find_helpers(session, HelperRow.digest == _digest(secret), HelperRow.revoked_at.is_(None))
    return helpers[0] if helpers else None


def find_helpers(session: Session, class_id: str) -> tuple[Helper, ...]:
    """All helpers who joined this class by QR code, revoked ones included."""
    return _find_helpers(session, HelperRow.class_id == class_id)


def revoke_helper(session: Session, class_id: str, helper_id: str, *, account_id: str, now: datetime) -> None:
    """Revoke a helper, and the current QR code, with which the helper could rejoin. Repeating it changes nothing.

    Raises:
        NotAllowed: the account is no facilitator of this class.
        NotFound: the class has no such helper.
    """
    require_facilitator(session, class_id, account_id)
    result = session.connection().execute(
        update(HelperRow.__table__)
        .where(HelperRow.id == helper_id, HelperRow.class_id == class_id)
        .values(revoked_at=func.coalesce(HelperRow.revoked_at, now))
    )
    if not result.rowcount:
        raise NotFound(helper_id)
    _set_invitation(session, class_id, None, None)


def _find_helpers(session: Session, *where: ColumnElement[bool]) -> tuple[Helper, ...]:
    statement = select(HelperRow.__table__).where(*where).order_by(HelperRow.joined_at, HelperRow.id)
    rows = session.connection().execute(statement)
    return tuple(Helper(row.id, row.class_id, row.name, row.joined_at, row.revoked_at is not None) for row in rows)


def _set_invitation(session: Session, class_id: str, digest: str | None, until: datetime | None) -> None:
    session.connection().execute(
        update(ClassSessionRow.__table__)
        .where(ClassSessionRow.id == class_id)
        .values(helper_digest=digest, helper_until=until)
    )


def _digits(digest: str, secret: str) -> str:
    mac = hmac.digest(secret.encode("utf-8"), f"helper-digits:{digest}".encode("ascii"), hashlib.sha256)
    head = str(10_000 + int.from_bytes(mac) % 90_000)  # the first is never 0, as of a class code
    return head + _check_digit(head)


def _check_digit(head: str) -> str:
    """Five more than a class code's, so that neither is ever taken for the other."""
    return str((int(luhn_check_digit(head)) + 5) % 10)


def _throttle_key(typed: str) -> str:
    return f"helper:{(parse_digits(typed, CODE_LENGTH) or '0')[0]}"


def _token_expiry(token: str) -> datetime:
    """The expiry time inside a token; 1970 for text that is no token."""
    seconds = token[:100].rpartition(".")[2]
    try:
        return datetime.fromtimestamp(int(seconds, 16), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
