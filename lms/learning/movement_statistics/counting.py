"""Count classes and marks that nothing changes any more, each once, into the figures of their day and ward.

A learner is counted at the first class or mark, in one ward; ``learners.counted_ward`` says so, and
``marks.counted_on`` of each mark. Both are in rows that "quên tôi" deletes, and the counts stay as they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Row, and_, bindparam, case, exists, func, insert, select, update
from sqlalchemy.orm import aliased

from lms import vietnam_time
from lms.learning.classroom.report.class_report import minutes_between
from lms.learning.classroom.tasks.attestation import ATTESTATION_WINDOW
from lms.learning.movement_statistics.indicators import (
    MIN_MINUTES,
    MIN_PEOPLE,
    MIN_PHONES,
    STAGE_INDICATORS,
    Indicator,
    LeftOut,
)
from lms.learning.store.database import write_sessions
from lms.learning.store.locks import lock_learners
from lms.learning.store.models import (
    ClassSessionRow,
    CountedClass,
    DailyFigure,
    HandedInClass,
    HandedInLearner,
    Learner,
    Mark,
    PlannedClassRow,
    SeatRow,
    UnitFigure,
)
from lms.learning.store.upsert import Upsert

# By then the class in which it was earned is counted, so that the learner is counted in its ward.
MARK_DELAY = timedelta(hours=36)
CLOSING_DAYS = 10  # of the next month, after which a month takes no late figures
CLASSES_AT_ONCE, LEARNERS_AT_ONCE = 50, 1000  # in a transaction

Figures = Counter[tuple[date, str, Indicator]]  # by day, and ward or unit
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class CountingResult:
    """How many classes were counted and left out, and of how many learners marks were counted."""

    classes: int = 0
    left_out: int = 0
    learners: int = 0


@dataclass(frozen=True, slots=True)
class CountedAttendance:
    """Who was in a class: phones, their people without those who came before on that day, and people without."""

    phones: int
    people: int
    repeated: int
    without_phone: int


def count_all_due_figures(engine: Engine, *, now: datetime) -> CountingResult:
    """Count what is due, in short transactions. Safe in several processes at once, and to interrupt."""
    classes = left_out = learners = 0
    while done := _in_transaction(engine, lambda connection: count_classes(connection, now=now)):
        left_out += sum(bool(reason) for reason in done)
        classes += sum(not reason for reason in done)
    while counted := _in_transaction(engine, lambda connection: count_marks(connection, now=now)):
        learners += counted
    return CountingResult(classes, left_out, learners)


def count_classes(connection: Connection, *, now: datetime) -> list[str]:
    """Count some of the classes that are due, in the order of their ends; for each "" or why it was left out."""
    return [count_class(connection, row, now=now) for row in find_uncounted_classes(connection, now=now)]


def find_uncounted_classes(
    connection: Connection, *, now: datetime, limit: int = CLASSES_AT_ONCE
) -> list[Row[*tuple[Any, ...]]]:
    """The first classes that are to be counted, in the order of their ends, locked until the end of the transaction."""
    is_counted = exists().where(CountedClass.class_id == ClassSessionRow.id)
    due = (
        select(
            ClassSessionRow.id,
            ClassSessionRow.ward,
            ClassSessionRow.course,
            ClassSessionRow.lesson,
            ClassSessionRow.opened_at,
            ClassSessionRow.closed_at,
            ClassSessionRow.counts,
        )
        .where(
            ClassSessionRow.closed_at <= now - ATTESTATION_WINDOW,
            ClassSessionRow.counts.is_not(None),  # retention stores them first
            ClassSessionRow.is_rehearsal.is_(False),
            ~is_counted,
        )
        .order_by(ClassSessionRow.closed_at, ClassSessionRow.id)
        .limit(limit)
        .with_for_update(of=ClassSessionRow)  # one process after the other, as classes of a day have phones in common
    )
    # Another process may have counted them while this one waited for the lock.
    rows = connection.execute(due).all()
    counted = set(
        connection.scalars(select(CountedClass.class_id).where(CountedClass.class_id.in_([row.id for row in rows])))
    )
    return [row for row in rows if row.id not in counted]


def count_class(connection: Connection, row: Row[*tuple[Any, ...]], *, now: datetime) -> str:
    """Count one class into everything above it."""
    day = vietnam_time.to_vietnam_time(row.opened_at).date()
    attendance = _attendance(connection, row, day)
    left_out = _reason_to_leave_out(attendance, minutes_between(row.opened_at, row.closed_at))
    new_learners = 0
    unit_id = _unit_of_class(connection, row.id)
    if not left_out:
        new_learners = _count_new_learners(connection, row.id, row.ward)
        counted_for = figure_day(day, now)
        counts = {
            Indicator.CLASSES: 1,
            Indicator.ATTENDANCES: attendance.people,
            Indicator.WITHOUT_PHONE: attendance.without_phone,
            Indicator.LEARNERS: new_learners,
        }
        _add(connection, {(counted_for, row.ward, indicator): count for indicator, count in counts.items()})
        if unit_id:
            _add_unit_figures(
                connection, {(counted_for, unit_id, indicator): count for indicator, count in counts.items()}
            )
    values = {
        "class_id": row.id,
        "ward": row.ward,
        "held_on": day,
        "counted_on": vietnam_time.to_vietnam_time(now).date(),
        "left_out": left_out,
        "attendances": attendance.people,
        "repeated": attendance.repeated,
        "without_phone": attendance.without_phone,
        "new_learners": new_learners,
        "unit_id": unit_id,
    }
    connection.execute(insert(CountedClass.__table__), values)
    return left_out


def count_marks(connection: Connection, *, now: datetime) -> int:
    """Count the marks of some learners; returns of how many, 0 if nothing is due."""
    due = (Mark.counted_on.is_(None), Mark.earned_at <= now - MARK_DELAY)
    # In the order of the index, so that the last marks of a busy day do not wait for ever.
    found = connection.scalars(select(Mark.learner_id).where(*due).order_by(Mark.earned_at).limit(LEARNERS_AT_ONCE))
    ids = sorted(set(found))
    if not ids:
        return 0
    lock_learners(connection, ids)
    wards = _wards_of(connection, ids)
    unit_classes = _unit_classes_of(connection, ids)
    figures: Figures = Counter()
    of_units: Figures = Counter()
    first_days: dict[str, date] = {}
    stages = (
        select(Mark.learner_id, Mark.stage, func.min(Mark.earned_at).label("first"))
        .where(Mark.learner_id.in_(ids))
        .group_by(Mark.learner_id, Mark.stage)
        .having(func.max(Mark.counted_on).is_(None), func.min(Mark.earned_at) <= now - MARK_DELAY)
    )
    for learner_id, stage, first in connection.execute(stages):
        day = figure_day(vietnam_time.to_vietnam_time(first).date(), now)
        first_days[learner_id] = min(day, first_days.get(learner_id, day))
        figures[day, wards[learner_id][0], STAGE_INDICATORS[stage]] += 1
        for unit_id, opened_at, closed_at in unit_classes[learner_id]:
            if opened_at <= first <= closed_at + ATTESTATION_WINDOW:
                of_units[day, unit_id, STAGE_INDICATORS[stage]] += 1
                break  # two classes at once are one
    new = [learner_id for learner_id in first_days if not wards[learner_id][1]]
    for learner_id in new:
        figures[first_days[learner_id], wards[learner_id][0], Indicator.LEARNERS] += 1
    _add(connection, figures)
    _add_unit_figures(connection, of_units)
    for ward in {wards[learner_id][0] for learner_id in new}:
        of_ward = [learner_id for learner_id in new if wards[learner_id][0] == ward]
        connection.execute(update(Learner.__table__).where(Learner.id.in_(of_ward)).values(counted_ward=ward))
    today = vietnam_time.to_vietnam_time(now).date()
    connection.execute(update(Mark.__table__).where(Mark.learner_id.in_(ids), *due).values(counted_on=today))
    return len(ids)


def figure_day(day: date, now: datetime) -> date:
    """The day that something of ``day`` is counted for: today if the month of that day takes no more figures."""
    today = vietnam_time.to_vietnam_time(now).date()
    open_since = (today - timedelta(days=CLOSING_DAYS)).replace(day=1)
    return day if open_since <= day <= today else today


def _in_transaction(engine: Engine, work: Callable[[Connection], Result]) -> Result:
    with write_sessions(engine).begin() as session:
        return work(session.connection())


def _attendance(connection: Connection, row: Row[*tuple[Any, ...]], day: date) -> CountedAttendance:
    """From the seats of a class while they exist, else from its counts, which do not know who came twice."""
    seats = connection.execute(_SEATS, {"class_id": row.id, "ward": row.ward, "day": day}).one()
    if seats.seats:
        return CountedAttendance(seats.phones, seats.people, seats.repeated, seats.without_phone)
    stored: Mapping[str, Any] = row.counts.get("attendance", {})
    return CountedAttendance(stored.get("machines", 0), stored.get("phone_people", 0), 0, stored.get("added_people", 0))


def _unit_of_class(connection: Connection, class_id: str) -> str | None:
    """The unit that planned the class."""
    planned = select(func.min(PlannedClassRow.unit_id)).where(PlannedClassRow.class_id == class_id)
    return connection.scalar(planned)


def _unit_classes_of(connection: Connection, ids: list[str]) -> Mapping[str, list[tuple[str, datetime, datetime]]]:
    """By learner the counted classes of units in which the learner has a seat: (unit id, opened, closed)."""
    rows: Any = connection.execute(
        select(SeatRow.learner_id, CountedClass.unit_id, ClassSessionRow.opened_at, ClassSessionRow.closed_at)
        .join(ClassSessionRow, ClassSessionRow.id == SeatRow.class_id)
        .join(CountedClass, CountedClass.class_id == SeatRow.class_id)
        .where(
            SeatRow.learner_id.in_(ids),
            SeatRow.removed.is_(False),
            CountedClass.left_out == "",
            CountedClass.unit_id.is_not(None),
        )
    )
    found: defaultdict[str, list[tuple[str, datetime, datetime]]] = defaultdict(list)
    for learner_id, *of_class in rows:
        found[learner_id].append(tuple(of_class))
    return found


def _reason_to_leave_out(attendance: CountedAttendance, minutes: int) -> str:
    came = attendance.people + attendance.repeated
    if not came and not attendance.without_phone:
        return LeftOut.EMPTY
    if minutes < MIN_MINUTES:
        return LeftOut.SHORT
    if attendance.phones < MIN_PHONES or came < MIN_PEOPLE:
        return LeftOut.FEW
    return LeftOut.REPEATED if attendance.people < MIN_PEOPLE else ""


def _count_new_learners(connection: Connection, class_id: str, ward: str) -> int:
    """Count those at the seats of a class who were never counted, and remember that they are."""
    seated = select(SeatRow.learner_id).where(
        SeatRow.class_id == class_id, SeatRow.removed.is_(False), SeatRow.learner_id.is_not(None)
    )
    ids = [learner_id for learner_id in connection.scalars(seated) if learner_id]
    lock_learners(connection, ids)
    is_new = (Learner.id.in_(ids), Learner.counted_ward.is_(None), Learner.forgotten_at.is_(None))
    return connection.execute(update(Learner.__table__).where(*is_new).values(counted_ward=ward)).rowcount


def _wards_of(connection: Connection, ids: list[str]) -> dict[str, tuple[str, bool]]:
    """By learner the ward to count for, "" if nobody knows one, and whether the learner was counted before."""
    rows = connection.execute(select(Learner.id, Learner.ward, Learner.counted_ward).where(Learner.id.in_(ids))).all()
    unknown = [row.id for row in rows if not row.ward and row.counted_ward is None]
    of_laptop: dict[str, str] = {}
    if unknown:
        laptops = connection.execute(
            select(HandedInLearner.learner_id, func.min(ClassSessionRow.ward).label("ward"))
            .join(HandedInClass, HandedInClass.laptop_key == HandedInLearner.laptop_key)
            .join(ClassSessionRow, ClassSessionRow.id == HandedInClass.class_id)
            .where(HandedInLearner.learner_id.in_(unknown))
            .group_by(HandedInLearner.learner_id)
        )
        of_laptop = {row.learner_id: row.ward for row in laptops}
    return {
        row.id: (
            row.ward or row.counted_ward or of_laptop.get(row.id, ""),
            row.counted_ward is not None,
        )
        for row in rows
    }


def _add(connection: Connection, figures: Mapping[tuple[date, str, Indicator], int]) -> None:
    _execute_adding(connection, _ADD_FIGURES, "ward", figures)


def _add_unit_figures(connection: Connection, figures: Mapping[tuple[date, str, Indicator], int]) -> None:
    _execute_adding(connection, _ADD_UNIT_FIGURES, "unit_id", figures)


def _execute_adding(
    connection: Connection, statement: Upsert, column: str, figures: Mapping[tuple[date, str, Indicator], int]
) -> None:
    rows = [
        {"day": day, column: key, "indicator": str(indicator), "count": count}
        for (day, key, indicator), count in sorted(figures.items())
        if count
    ]
    if rows:
        statement.execute(connection, rows)


_OTHER_SEAT = aliased(SeatRow)
_CAME_BEFORE = exists().where(
    _OTHER_SEAT.learner_id == SeatRow.learner_id,
    _OTHER_SEAT.class_id != SeatRow.class_id,
    _OTHER_SEAT.removed.is_(False),
    CountedClass.class_id == _OTHER_SEAT.class_id,
    CountedClass.ward == bindparam("ward"),
    CountedClass.held_on == bindparam("day"),
    CountedClass.left_out == "",
)
_HAS_PHONE = SeatRow.added.is_(False)
_SEATS = select(
    func.count().label("seats"),
    func.sum(case((_HAS_PHONE, 1), else_=0)).label("phones"),
    func.sum(case((and_(_HAS_PHONE, ~_CAME_BEFORE), SeatRow.people), else_=0)).label("people"),
    func.sum(case((and_(_HAS_PHONE, _CAME_BEFORE), SeatRow.people), else_=0)).label("repeated"),
    func.sum(case((_HAS_PHONE, 0), else_=SeatRow.people)).label("without_phone"),
).where(SeatRow.class_id == bindparam("class_id"), SeatRow.removed.is_(False))
_ADD_FIGURES = Upsert(DailyFigure, update=lambda new: {"count": DailyFigure.__table__.c.count + new.count})
_ADD_UNIT_FIGURES = Upsert(UnitFigure, update=lambda new: {"count": UnitFigure.__table__.c.count + new.count})
