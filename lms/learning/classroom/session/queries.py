"""Read class sessions as frozen values, by id, by code, and lists of them; and change one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session

from lms.learning.classroom.session.class_codes import parse_class_code
from lms.learning.classroom.session.seat_store import SEAT_COLUMNS, Seat, seat_from_row
from lms.learning.classroom.session.state import ClassState, read_class_state
from lms.learning.errors import ClassClosed, LearningError, NotFound, UnknownClassCode
from lms.learning.store.models import ClassFacilitator, ClassSessionRow, SeatRow

CLOSED_DISPLAY_TIME = timedelta(minutes=15)  # how long the screens of a closed class show that it is over


@dataclass(frozen=True, slots=True)
class ClassSession:
    """One live class. ``ward`` and ``opened_by`` are what permissions are checked against."""

    id: str
    code: str
    ward: str
    course: str
    lesson: str
    lesson_number: int  # 1, or more once the class has gone on with another lesson
    venue: str  # text
    opened_by: str  # an account id
    version: int
    state: ClassState
    content_digest: str
    opened_at: datetime
    closed_at: datetime | None
    head_count: int | None
    personal_until: datetime | None
    is_rehearsal: bool  # it leaves no report, and nothing of it becomes the learners' own
    next_meeting: str = ""  # text; see lifecycle/follow_up.py
    homework: str = ""  # text

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def guidance_level(self) -> int | None:
        """The guidance level that is set for everybody; None when each learner has their own, as after the class."""
        return None if self.is_closed else self.state.guidance_level


CLASS_COLUMNS = [ClassSessionRow.__table__.c[field.name] for field in fields(ClassSession)]


def find_class_session(session: Session, class_id: str, *, lock: bool = False) -> ClassSession:
    """The class, open or closed. ``lock`` locks its row for update, so that commands run one after the other.

    Raises:
        NotFound: no class has this id.
    """
    row = session.connection().execute(_LOCKED_CLASS if lock else _CLASS, {"class_id": class_id}).first()
    if row is None:
        raise NotFound(class_id)
    return class_session_from_row(row)


def update_class_session(session: Session, class_id: str, **values: Any) -> None:
    """Store values of a class and raise its version, so that its screens are updated."""
    session.connection().execute(
        update(ClassSessionRow.__table__)
        .where(ClassSessionRow.id == class_id)
        .values(version=ClassSessionRow.version + 1, **values)
    )


def find_class_session_and_seat(session: Session, class_id: str, number: int) -> tuple[ClassSession, Seat]:
    """A class and one of its seats in one query.

    Raises:
        NotFound: the class does not exist or has no such seat.
    """
    row = session.connection().execute(_CLASS_AND_SEAT, {"class_id": class_id, "number": number}).first()
    if row is None:
        raise NotFound(f"{class_id}/{number}")
    return class_session_from_row(row[: len(CLASS_COLUMNS)]), seat_from_row(row[len(CLASS_COLUMNS) :])


def find_open_class_session(session: Session, code: str) -> ClassSession:
    """The open class of a code as it was typed.

    Raises:
        UnknownClassCode: it is no code, or no class has it.
        ClassClosed: the last class with this code is over.
    """
    class_session = find_class_session_by_code(session, code)
    if class_session.is_closed:
        raise ClassClosed(class_session.id)
    return class_session


def find_class_session_by_code(session: Session, code: str) -> ClassSession:
    """The open class of a code as it was typed, or else the last class that had it.

    Raises:
        UnknownClassCode: it is no code, or no class has it.
    """
    digits = parse_class_code(code)
    row = session.connection().execute(_CLASS_BY_CODE, {"code": digits}).first() if digits else None
    if row is None:
        raise UnknownClassCode(code[:40])
    return class_session_from_row(row)


def find_class_session_and_own_seat(
    session: Session, code: str, learner_id: str | None
) -> tuple[ClassSession, Seat | None]:
    """``find_class_session_by_code``, and the learner's seat in that class, in one query.

    Raises:
        UnknownClassCode: it is no code, or no class has it.
    """
    key = {"code": parse_class_code(code), "learner_id": learner_id}
    row = session.connection().execute(_CLASS_AND_OWN_SEAT, key).first() if key["code"] else None
    if row is None:
        raise UnknownClassCode(code[:40])
    seat = row[len(CLASS_COLUMNS) :]
    return class_session_from_row(row[: len(CLASS_COLUMNS)]), seat_from_row(seat) if seat[0] is not None else None


def find_open_class_sessions_by_code(
    session: Session, codes: Collection[str]
) -> dict[str, ClassSession | LearningError]:
    """``find_open_class_session`` for many codes at once; an error takes the place of the class."""
    connection = session.connection()
    digits = {code: parse_class_code(code) for code in codes}
    valid = sorted({parsed for parsed in digits.values() if parsed})
    rows = connection.execute(_OPEN_CLASSES_BY_CODE, {"codes": valid})
    classes = {row.code: class_session_from_row(row) for row in rows}
    missing = sorted(set(valid) - classes.keys())
    closed = set(connection.scalars(_KNOWN_CODES, {"codes": missing})) if missing else set[str]()

    def result(code: str, parsed: str | None) -> ClassSession | LearningError:
        if parsed in classes:
            return classes[parsed]
        return ClassClosed(parsed) if parsed in closed else UnknownClassCode(code[:40])

    return {code: result(code, parsed) for code, parsed in digits.items()}


def find_steerable_class_sessions(
    session: Session, *, account_id: str, ward: str | None = None
) -> tuple[ClassSession, ...]:
    """Open classes that this account steers; with ``ward`` also the others of that ward, which it may take over.

    The account's own classes come first, then the newest. A rehearsal is for the account that opened it alone.
    """
    own = exists().where(ClassFacilitator.class_id == ClassSessionRow.id, ClassFacilitator.account_id == account_id)
    condition = own
    if ward is not None:
        condition = or_(own, (ClassSessionRow.ward == ward) & ClassSessionRow.is_rehearsal.is_(False))
    rows = session.connection().execute(
        select(*CLASS_COLUMNS)
        .where(ClassSessionRow.closed_at.is_(None), condition)
        .order_by(own.desc(), ClassSessionRow.opened_at.desc(), ClassSessionRow.id)
    )
    return tuple(map(class_session_from_row, rows))


def count_open_classes(session: Session) -> int:
    """How many classes are open, rehearsals included."""
    statement = select(func.count()).select_from(ClassSessionRow).where(ClassSessionRow.closed_at.is_(None))
    return session.scalar(statement) or 0


def count_open_classes_by_lesson(session: Session, course: str) -> dict[str, int]:
    """How many classes are under way with each lesson of a course, by its slug; without rehearsals."""
    rows = session.connection().execute(
        select(ClassSessionRow.lesson, func.count().label("classes"))
        .where(
            ClassSessionRow.closed_at.is_(None),
            ClassSessionRow.course == course,
            ClassSessionRow.is_rehearsal.is_(False),
        )
        .group_by(ClassSessionRow.lesson)
    )
    return {row.lesson: row.classes for row in rows}


def find_recent_class_sessions(session: Session, *, account_id: str, most: int = 5) -> tuple[ClassSession, ...]:
    """The closed classes that this account steered, newest first, without rehearsals."""
    rows = session.connection().execute(
        select(*CLASS_COLUMNS)
        .join(ClassFacilitator, ClassFacilitator.class_id == ClassSessionRow.id)
        .where(
            ClassFacilitator.account_id == account_id,
            ClassSessionRow.closed_at.is_not(None),
            ClassSessionRow.is_rehearsal.is_(False),
        )
        .order_by(ClassSessionRow.opened_at.desc(), ClassSessionRow.id)
        .limit(most)
    )
    return tuple(map(class_session_from_row, rows))


def find_closed_class_sessions(
    session: Session, *, ward: str | None, before: datetime | None = None, most: int = 30
) -> tuple[ClassSession, ...]:
    """Closed classes but rehearsals, newest first; of all wards when ``ward`` is None.

    ``before`` is the opening time of the last one on the page before.
    """
    statement = select(*CLASS_COLUMNS).where(
        ClassSessionRow.closed_at.is_not(None), ClassSessionRow.is_rehearsal.is_(False)
    )
    if ward is not None:
        statement = statement.where(ClassSessionRow.ward == ward)
    if before is not None:
        statement = statement.where(ClassSessionRow.opened_at < before)
    newest_first = statement.order_by(ClassSessionRow.opened_at.desc(), ClassSessionRow.id)
    rows = session.connection().execute(newest_first.limit(most))
    return tuple(map(class_session_from_row, rows))


def class_session_from_row(row: Sequence[Any]) -> ClassSession:
    """Build a class from a row of ``CLASS_COLUMNS``."""
    values = list(row)
    values[_STATE_INDEX] = read_class_state(values[_STATE_INDEX], values[_ID_INDEX])
    return ClassSession(*values)


# Built once: every page and every tap in a class runs these, and building one takes three times as long as running it.
_ID_INDEX, _STATE_INDEX = map([field.name for field in fields(ClassSession)].index, ("id", "state"))
_CLASS = select(*CLASS_COLUMNS).where(ClassSessionRow.id == bindparam("class_id"))
# FOR NO KEY UPDATE: seats refer to the class by foreign key, and a new seat must not wait for a command.
_LOCKED_CLASS = _CLASS.with_for_update(key_share=True)
_CLASS_AND_SEAT = (
    select(*CLASS_COLUMNS, *SEAT_COLUMNS)
    .join_from(ClassSessionRow, SeatRow, SeatRow.class_id == ClassSessionRow.id)
    .where(ClassSessionRow.id == bindparam("class_id"), SeatRow.number == bindparam("number"))
)
_CLASS_BY_CODE = (
    select(*CLASS_COLUMNS)
    .where(ClassSessionRow.code == bindparam("code"))
    .order_by(ClassSessionRow.closed_at.is_not(None), ClassSessionRow.opened_at.desc())
    .limit(1)
)
_CLASS_AND_OWN_SEAT = _CLASS_BY_CODE.add_columns(*SEAT_COLUMNS).outerjoin_from(
    ClassSessionRow,
    SeatRow,
    and_(SeatRow.class_id == ClassSessionRow.id, SeatRow.learner_id == bindparam("learner_id")),
)
_HAS_CODE = ClassSessionRow.code.in_(bindparam("codes", expanding=True))
_OPEN_CLASSES_BY_CODE = select(*CLASS_COLUMNS).where(_HAS_CODE, ClassSessionRow.closed_at.is_(None))
_KNOWN_CODES = select(ClassSessionRow.code).where(_HAS_CODE)
