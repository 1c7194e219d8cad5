"""Projectors: browsers that show a class and can change nothing. One shows four digits, which the desk types.

Only a digest of the projector's cookie is stored, so reading the database does not let anybody act as one.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.learning.classroom.access.membership import require_facilitator, require_open_class_session
from lms.learning.classroom.session.class_codes import PAIRING_CODE_LENGTH, new_pairing_code, parse_digits
from lms.learning.errors import NotFound, ServiceBusy, UnknownPairingCode
from lms.learning.store.models import ClassSessionRow, ProjectorRow
from lms.learning.store.upsert import Upsert

# Workers record every two seconds which projectors are open there (live/projector_presence_recorder.py). One that polls
# asks every six seconds, and one whose worker was killed comes back within seven.
CONNECTION_TIMEOUT = timedelta(seconds=12)
SAME_EVENING = timedelta(minutes=30)  # between two classes in one room
SEEN_AFTER_CLOSE = timedelta(minutes=1)  # that of a closed class asks every twenty seconds
AWAY_TIMEOUT = timedelta(minutes=10)  # how long one that is not connected any more is missed
PAIRING_LIFETIME = timedelta(minutes=10)  # of a pairing code
IDLE_PROJECTOR_LIFETIME = timedelta(days=2)  # before a projector without a class and code is deleted
# In all halls together. Whoever requests thousands of codes evicts the longest waiting projectors, so there are always
# free codes, and a mistyped one seldom belongs to another hall.
MAX_WAITING_PROJECTORS = 2000
_CODE_ATTEMPTS = 200


@dataclass(frozen=True, slots=True)
class Projector:
    """``class_id`` is None while it waits for a class and shows ``pairing_code``, which is None once it has expired."""

    id: str
    class_id: str | None
    pairing_code: str | None
    seen_at: datetime | None = None

    def is_connected(self, now: datetime) -> bool:
        """Whether its page is open. One that was never recorded counts: a worker of an earlier release records none."""
        return self.seen_at is None or now - self.seen_at <= CONNECTION_TIMEOUT


@dataclass(frozen=True, slots=True)
class PairedProjectors:
    """How many projectors of a class are connected, and how many were until a few minutes ago."""

    connected: int = 0
    away: int = 0


NO_PROJECTORS = PairedProjectors()


def create_unpaired_projector(session: Session, *, now: datetime) -> tuple[Projector, str]:
    """Create a projector that waits for a class. Returns it with the secret for its cookie.

    Raises:
        ServiceBusy: nearly all pairing codes are taken.
    """
    connection = session.connection()
    _delete_expired(connection, now)
    projector_id, secret = secrets.token_hex(16), secrets.token_urlsafe(24)
    for _ in range(_CODE_ATTEMPTS):
        code = new_pairing_code()
        row = {
            "id": projector_id,
            "digest": _digest(secret),
            "created_at": now,
            "class_id": None,
            "pairing_code": code,
            "pairing_until": now + PAIRING_LIFETIME,
        }
        if _INSERT_PROJECTOR.execute(connection, row).scalar() is not None:
            return Projector(projector_id, None, code), secret
    raise ServiceBusy


def create_paired_projector(
    session: Session, class_id: str, *, account_id: str, now: datetime
) -> tuple[Projector, str]:
    """Create a projector that shows this class at once, for the facilitator's own laptop, with its cookie's secret.

    Raises:
        NotFound, NotAllowed, ClassClosed.
    """
    require_open_class_session(session, class_id, account_id)
    projector_id, secret = secrets.token_hex(16), secrets.token_urlsafe(24)
    row = {"id": projector_id, "digest": _digest(secret), "created_at": now, "class_id": class_id, "seen_at": now}
    session.connection().execute(insert(ProjectorRow.__table__), row)
    return Projector(projector_id, class_id, None), secret


def find_projector(session: Session, secret: str, *, now: datetime) -> Projector | None:
    """The projector whose cookie holds this secret; None when there is none."""
    row = session.connection().execute(_PROJECTOR, {"digest": _digest(secret)}).first()
    if row is None:
        return None
    is_valid = row.pairing_until is not None and row.pairing_until > now
    return Projector(row.id, row.class_id, row.pairing_code if is_valid else None)


def find_projectors(session: Session, class_id: str) -> tuple[Projector, ...]:
    """All projectors that are paired with this class, whether their pages are open or not."""
    rows = session.connection().execute(
        select(ProjectorRow.id, ProjectorRow.seen_at)
        .where(ProjectorRow.class_id == class_id)
        .order_by(ProjectorRow.created_at, ProjectorRow.id)
    )
    return tuple(Projector(row.id, class_id, None, row.seen_at) for row in rows)


def count_paired_projectors(session: Session, class_ids: Collection[str], now: datetime) -> dict[str, PairedProjectors]:
    """How many projectors are connected to these classes, by class id; classes without any are left out."""
    if not class_ids:
        return {}
    found: dict[str, list[Projector]] = {}
    for row in session.connection().execute(_PAIRED_PROJECTORS, {"ids": sorted(class_ids)}):
        found.setdefault(row.class_id, []).append(Projector(row.id, row.class_id, None, row.seen_at))
    return {class_id: _count_connected(projectors, now) for class_id, projectors in found.items()}


def record_projectors_seen(session: Session, projector_ids: Collection[str], *, now: datetime) -> None:
    """Record that the pages of these projectors are open now."""
    ids = sorted(projector_ids)
    for start in range(0, len(ids), _IDS_PER_STATEMENT):
        session.connection().execute(_RECORD_SEEN, {"ids": ids[start : start + _IDS_PER_STATEMENT], "now": now})


def renew_pairing_code(session: Session, projector_id: str, *, now: datetime) -> Projector:
    """Unpair a projector and give it a new pairing code.

    Raises:
        NotFound: there is no such projector.
        ServiceBusy: nearly all pairing codes are taken.
    """
    connection = session.connection()
    _delete_expired(connection, now, keep=projector_id)
    for _ in range(_CODE_ATTEMPTS):
        code = new_pairing_code()
        try:
            with connection.begin_nested():  # the unique key rejects a code that another projector has
                result = connection.execute(
                    update(ProjectorRow.__table__)
                    .where(ProjectorRow.id == projector_id)
                    .values(class_id=None, pairing_code=code, pairing_until=now + PAIRING_LIFETIME)
                )
        except IntegrityError:
            continue
        if not result.rowcount:
            raise NotFound(projector_id)
        return Projector(projector_id, None, code)
    raise ServiceBusy


def pair_projector(session: Session, class_id: str, digits: str, *, account_id: str, now: datetime) -> Projector:
    """Show this class on the projector with this pairing code, as typed. The code is used up.

    Raises:
        NotFound, NotAllowed, ClassClosed.
        UnknownPairingCode: no projector shows it now.
    """
    require_open_class_session(session, class_id, account_id)
    code = parse_digits(digits, PAIRING_CODE_LENGTH)
    projector_id = (
        session.connection()
        .execute(
            update(ProjectorRow.__table__)
            .where(ProjectorRow.pairing_code == code, ProjectorRow.pairing_until > now)
            .values(class_id=class_id, pairing_code=None, pairing_until=None, seen_at=now)
            .returning(ProjectorRow.id)
        )
        .scalar()
    )
    if projector_id is None:
        raise UnknownPairingCode(digits[:40])
    return Projector(projector_id, class_id, None)


def move_projectors_to_class(session: Session, class_id: str, *, account_id: str, now: datetime) -> None:
    """Show a class that this account has just opened on the projectors of the one that it closed a moment ago.

    Only those that are still open follow: the facilitator is in the same room. Others are paired anew.
    """
    earlier = select(ClassSessionRow.id).where(
        ClassSessionRow.opened_by == account_id, ClassSessionRow.closed_at > now - SAME_EVENING
    )
    session.connection().execute(
        update(ProjectorRow.__table__)
        .where(ProjectorRow.class_id.in_(earlier), ProjectorRow.seen_at > now - SEEN_AFTER_CLOSE)
        .values(class_id=class_id)
    )


def unpair_projector(session: Session, class_id: str, projector_id: str, *, account_id: str) -> None:
    """Stop showing this class on a projector.

    Raises:
        NotAllowed: the account is no facilitator of this class.
    """
    require_facilitator(session, class_id, account_id)
    session.connection().execute(
        update(ProjectorRow.__table__)
        .where(ProjectorRow.id == projector_id, ProjectorRow.class_id == class_id)
        .values(class_id=None)
    )


def _count_connected(projectors: Collection[Projector], now: datetime) -> PairedProjectors:
    connected = sum(projector.is_connected(now) for projector in projectors)
    recent = sum(projector.seen_at is None or now - projector.seen_at <= AWAY_TIMEOUT for projector in projectors)
    return PairedProjectors(connected, recent - connected)


def _delete_expired(connection: Connection, now: datetime, keep: str = "") -> None:
    """Free expired pairing codes, and delete old projectors without a class, but not the one with the id ``keep``."""
    table = ProjectorRow.__table__
    connection.execute(update(table).where(ProjectorRow.pairing_until <= now).values(pairing_code=None))
    waiting = (ProjectorRow.class_id.is_(None), ProjectorRow.id != keep)
    is_old = ProjectorRow.created_at < now - IDLE_PROJECTOR_LIFETIME
    connection.execute(delete(table).where(*waiting, ProjectorRow.pairing_code.is_(None), is_old))
    count = connection.execute(select(func.count()).select_from(table).where(*waiting)).scalar_one()
    surplus = count + 1 - MAX_WAITING_PROJECTORS
    if surplus > 0:
        longest_waiting = select(ProjectorRow.id).where(*waiting).order_by(ProjectorRow.pairing_until.nulls_first())
        connection.execute(delete(table).where(ProjectorRow.id.in_(longest_waiting.limit(surplus))))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


_IDS_PER_STATEMENT = 400
_PROJECTOR = select(ProjectorRow.__table__).where(ProjectorRow.digest == bindparam("digest"))
_PAIRED_PROJECTORS = select(ProjectorRow.id, ProjectorRow.class_id, ProjectorRow.seen_at).where(
    ProjectorRow.class_id.in_(bindparam("ids", expanding=True))
)
_RECORD_SEEN = (
    update(ProjectorRow.__table__)
    .where(ProjectorRow.__table__.c.id.in_(bindparam("ids", expanding=True)))
    .values(seen_at=bindparam("now"))
)
_INSERT_PROJECTOR = Upsert(ProjectorRow, returning=[ProjectorRow.id])
