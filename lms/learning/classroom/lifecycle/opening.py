"""Opening a class, finding it again, and taking it over from a colleague."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, exists, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.content.model import Lesson, Mode
from lms.learning.classroom.access.membership import is_facilitator, require_facilitator
from lms.learning.classroom.session.class_codes import new_code, read_code
from lms.learning.classroom.session.queries import CLASS_COLUMNS, Class, class_of, read_class
from lms.learning.classroom.session.state import MODES, ClassState
from lms.learning.errors import ClassClosed, InvalidCommand, LearningError, NotAllowed, TooLarge, UnknownCode
from lms.learning.learners.learner_store import visible_line
from lms.learning.store.models import AccountRow, ClassFacilitator, ClassRow

PLACE_LENGTH = 80
MOST_HEADS = 2000
CODE_RESTS = timedelta(days=30)  # before a closed class's code opens another: old papers lie about
_DOUBLE_TAP = timedelta(seconds=30)
_TRIES = 20


def open_class(
    session: Session, *, account_id: str, ward: str, lesson: Lesson, place: str = "", mode: Mode = "lam-theo",
    now: datetime,
) -> Class:  # fmt: skip
    """Open a class with a code that no other open class has. Tapped twice it is the same class.

    ``ward`` is the account's, or the one that an account of the city chose; ``mode`` is what the class practises in.

    Raises:
        TooLarge: the place has more than 80 characters.
        InvalidCommand: there is no such mode.
        NotAllowed: there is no such account, or it is disabled.
    """
    place = visible_line(place)
    if len(place) > PLACE_LENGTH:
        raise TooLarge("place")
    if mode not in MODES:
        raise InvalidCommand(mode)
    connection = session.connection()
    _hold_account(connection, account_id)
    twice = connection.execute(
        select(ClassRow.id).where(
            ClassRow.opened_by == account_id,
            ClassRow.course == lesson.course,
            ClassRow.lesson == lesson.slug,
            ClassRow.version == 1,  # nothing has happened in it
            ClassRow.closed_at.is_(None),
            ClassRow.opened_at > now - _DOUBLE_TAP,
        )
    ).scalar()
    if twice is not None:
        return read_class(connection, twice)
    values = {
        "id": secrets.token_hex(16),
        "ward": ward,
        "course": lesson.course,
        "lesson": lesson.slug,
        "place": place,
        "opened_by": account_id,
        "version": 1,
        "state": ClassState(mode=mode).as_json(),
        "content_digest": lesson_digest(lesson),
        "opened_at": now,
    }
    _insert_with_code(connection, values, now)
    member = {"class_id": values["id"], "account_id": account_id, "since": now}
    connection.execute(insert(ClassFacilitator), member)
    return read_class(connection, values["id"])


def find_open_class(session: Session, code: str) -> Class:
    """The open class of a code as it was typed.

    Raises:
        UnknownCode: it is no code, or nobody's.
        ClassClosed: the class that had it last is over.
    """
    return read_open_class(session.connection(), code)


def find_class_by_code(session: Session, code: str) -> Class:
    """The same, and the last one that had the code when none is open: for its end page.

    Raises:
        UnknownCode: it is no code, or nobody's.
    """
    return _by_code(session.connection(), code)


def read_open_class(connection: Connection, code: str) -> Class:
    """The class that is open under this code.

    Raises:
        UnknownCode: no class has it.
        ClassClosed: it is over.
    """
    found = _by_code(connection, code)
    if found.closed:
        raise ClassClosed(found.id)
    return found


def read_open_classes(connection: Connection, codes: Collection[str]) -> dict[str, Class | LearningError]:
    """``read_open_class`` for many codes as they were typed; a refusal stands where the class would."""
    digits = {code: read_code(code) for code in codes}
    asked = sorted({one for one in digits.values() if one})
    found = {row.code: class_of(row) for row in connection.execute(_OPEN, {"codes": asked})}
    missing = sorted(set(asked) - found.keys())
    over = set(connection.scalars(_KNOWN, {"codes": missing})) if missing else set()
    return {
        code: found.get(one) or (ClassClosed(one) if one in over else UnknownCode(code[:40]))
        for code, one in digits.items()
    }


def open_classes(session: Session, *, account_id: str, ward: str | None = None) -> tuple[Class, ...]:
    """Classes that this account steers, and with ``ward`` the others of that ward, which it may take over.

    Hers first, the newest first.
    """
    hers = exists().where(ClassFacilitator.class_id == ClassRow.id, ClassFacilitator.account_id == account_id)
    which = hers if ward is None else or_(hers, ClassRow.ward == ward)
    rows = session.connection().execute(
        select(*CLASS_COLUMNS)
        .where(ClassRow.closed_at.is_(None), which)
        .order_by(hers.desc(), ClassRow.opened_at.desc(), ClassRow.id)
    )
    return tuple(class_of(row) for row in rows)


def last_classes(session: Session, *, account_id: str, most: int = 5) -> tuple[Class, ...]:
    """The closed classes that this account steered, the newest first."""
    rows = session.connection().execute(
        select(*CLASS_COLUMNS)
        .join(ClassFacilitator, ClassFacilitator.class_id == ClassRow.id)
        .where(ClassFacilitator.account_id == account_id, ClassRow.closed_at.is_not(None))
        .order_by(ClassRow.opened_at.desc(), ClassRow.id)
        .limit(most)
    )
    return tuple(class_of(row) for row in rows)


def take_over(session: Session, class_id: str, *, account_id: str, now: datetime) -> Class:
    """Let an account of the class's ward, or of the city, steer it too. Doing it twice is doing it once.

    Raises:
        NotFound: there is no such class.
        ClassClosed: it is over.
        NotAllowed: the account is of another ward, or disabled.
    """
    connection = session.connection()
    found = read_class(connection, class_id)
    if found.closed:
        raise ClassClosed(class_id)
    account = connection.execute(
        select(AccountRow.ward).where(AccountRow.id == account_id, AccountRow.disabled_at.is_(None))
    ).first()
    if account is None or account.ward not in ("", found.ward):
        raise NotAllowed("steer")
    member = {"class_id": class_id, "account_id": account_id, "since": now}
    connection.execute(_TAKE[connection.dialect.name], member)
    return found


def steers(session: Session, class_id: str, account_id: str) -> bool:
    """Whether this account opened the class or took it over."""
    return is_facilitator(session.connection(), class_id, account_id)


def set_head_count(session: Session, class_id: str, count: int | None, *, account_id: str) -> None:
    """Keep how many people the facilitator counted in the room; also after the class. None takes it away.

    Raises:
        NotAllowed: the account does not steer this class.
        TooLarge: no hall holds so many, or less than none.
    """
    if count is not None and not 0 <= count <= MOST_HEADS:
        raise TooLarge("head_count")
    connection = session.connection()
    require_facilitator(connection, class_id, account_id)
    connection.execute(
        update(ClassRow)
        .where(ClassRow.id == class_id)
        .values(head_count=count, version=ClassRow.version + 1)
        .execution_options(synchronize_session=False)
    )


def lesson_digest(lesson: Lesson) -> str:
    """Changes when anything of the lesson does that a class could see."""
    parts = [lesson.understand.digest, *(practice.digest for practice in lesson.practices)]
    parts += [lesson.use.digest] if lesson.use else []
    return hashlib.sha256("/".join(parts).encode()).hexdigest()


def _by_code(connection: Connection, code: str) -> Class:
    digits = read_code(code)
    row = connection.execute(_BY_CODE, {"code": digits}).first() if digits else None
    if row is None:
        raise UnknownCode(code[:40])
    return class_of(row)


def _hold_account(connection: Connection, account_id: str) -> None:
    """Hold her row, so that of two taps at once the second one finds the class of the first."""
    held = (AccountRow.id == account_id, AccountRow.disabled_at.is_(None))
    if connection.execute(select(AccountRow.id).where(*held).with_for_update(key_share=True)).first() is None:
        raise NotAllowed("open_class")


def _insert_with_code(connection: Connection, values: dict, now: datetime) -> None:
    """Two classes may draw the same code at once; the index lets one of them draw again."""
    for _ in range(_TRIES):
        code = new_code()
        resting = select(ClassRow.id).where(
            ClassRow.code == code, or_(ClassRow.closed_at.is_(None), ClassRow.closed_at > now - CODE_RESTS)
        )
        if connection.execute(resting).first():
            continue
        try:
            with connection.begin_nested():
                connection.execute(insert(ClassRow.__table__), values | {"code": code})
            return
        except IntegrityError:
            continue
    raise RuntimeError("no free code for a class")


_CODES = ClassRow.code.in_(bindparam("codes", expanding=True))
_OPEN = select(*CLASS_COLUMNS).where(_CODES, ClassRow.closed_at.is_(None))
_KNOWN = select(ClassRow.code).where(_CODES)
_BY_CODE = (
    select(*CLASS_COLUMNS)
    .where(ClassRow.code == bindparam("code"))
    .order_by(ClassRow.closed_at.is_not(None), ClassRow.opened_at.desc())
    .limit(1)
)
_TAKE = {
    "sqlite": sqlite.insert(ClassFacilitator.__table__).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(ClassFacilitator.__table__).on_conflict_do_nothing(),
}
