"""A class in counts: who came, who finished, where people slipped, what was asked. Nobody's name is in it.

Counts are made of the rows of a class while they are there. When these go (see retention), the counts stay in the
class's own row, and the report says what it said before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.classroom.report.advice import Finding, next_time
from lms.learning.classroom.report.practice_report import (
    Practised,
    Slips,
    any_practised,
    attempts_of,
    followed_in,
    practised_in,
    slips_in,
)
from lms.learning.classroom.report.question_report import Item, Round, asked_of, items_of
from lms.learning.classroom.session.queries import Class, Seat, find_class, seat_of, seats_of
from lms.learning.store.models import ClassRow

_SHAPE = 1  # of the kept JSON


@dataclass(frozen=True, slots=True)
class Attendance:
    """Seats that were put out are not counted. What the facilitator counted by eye is the class's ``head_count``."""

    machines: int
    phone_people: int  # as the phones said: one to four at each
    added_seats: int
    added_people: int  # without a phone

    @property
    def people(self) -> int:
        return self.phone_people + self.added_people


@dataclass(frozen=True, slots=True)
class Counts:
    """All that stays of a class. ``practised`` and ``witnessed`` are None where the lesson has no such stage."""

    lesson: str  # text: its name at that time
    attendance: Attendance
    practised: Practised | None
    slips: tuple[Slips, ...]  # most first
    items: tuple[Item, ...]  # in the lesson's order
    witnessed: int | None  # seats that a facilitator saw do it on the real phone
    witnessed_people: int
    advice: str  # text: a sentence for the next class
    questions: int | None = None  # of the lesson; None in counts that were kept before this was counted
    asked: int = 0  # of them in this class, whether anybody answered or not

    def as_json(self) -> dict[str, Any]:
        return {"shape": _SHAPE} | asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Counts:
        """Read back what ``as_json`` gave.

        Raises:
            ValueError: it has another shape.
        """
        plain = dict(kept)
        if plain.pop("shape", None) != _SHAPE:
            raise ValueError("counts of another shape")
        plain["attendance"] = Attendance(**plain["attendance"])
        plain["practised"] = Practised(**plain["practised"]) if plain["practised"] else None
        plain["slips"] = tuple(Slips(**one) for one in plain["slips"])
        plain["items"] = tuple(
            Item(**(one | {"rounds": tuple(Round(**each) for each in one["rounds"])})) for one in plain["items"]
        )
        return cls(**plain)


@dataclass(frozen=True, slots=True)
class Report:
    """``kept``: the counts stay as they are; what happens to the seats afterwards does not change them."""

    klass: Class
    counts: Counts
    kept: bool


def minutes_of(klass: Class) -> int | None:
    """How long a class lasted, as its two times of day say that stand beside it; None while it lasts."""
    if klass.closed_at is None:
        return None
    begun, ended = (moment.replace(second=0, microsecond=0) for moment in (klass.opened_at, klass.closed_at))
    return (ended - begun) // timedelta(minutes=1)


def report_of(session: Session, class_id: str, library: Library) -> Report:
    """The report of a class, open or closed.

    Raises:
        NotFound: there is no such class.
    """
    connection = session.connection()
    found = find_class(session, class_id)
    kept = connection.execute(select(ClassRow.counts).where(ClassRow.id == class_id)).scalar()
    if kept is not None:
        return Report(found, Counts.from_json(kept), kept=True)
    return Report(found, count(connection, found, library), kept=False)


def followed_seats(session: Session, klass: Class, seats: Iterable[Seat], library: Library) -> frozenset[int]:
    """Which of these seats of a class came to the practice's goal in *làm theo* only."""
    lesson = library.lesson(klass.course, klass.lesson)
    return followed_in(seats, attempts_of(session.connection(), klass.id), lesson.practice if lesson else None)


def count(connection: Connection, klass: Class, library: Library) -> Counts:
    """Count the rows of a class, in four statements."""
    lesson = library.lesson(klass.course, klass.lesson)
    seats = [seat_of(row) for row in connection.execute(seats_of(klass.id))]
    present = [seat for seat in seats if not seat.out]
    numbers = {seat.number for seat in present}
    practice = lesson.practice if lesson else None
    attempts = attempts_of(connection, klass.id)
    followed = followed_in(present, attempts, practice)
    practised = practised_in(present, followed) if practice or any_practised(present) else None
    slips = slips_in(attempts, numbers, practice)
    items = items_of(connection, klass, numbers, lesson)
    questions = lesson.understand.questions if lesson else ()
    asked = asked_of(klass, questions, items)
    seen = [seat for seat in present if seat.witnessed_at is not None]
    attendance = _attendance(present)
    return Counts(
        lesson=lesson.name if lesson else klass.lesson,
        attendance=attendance,
        practised=practised,
        slips=slips,
        items=items,
        witnessed=len(seen) if seen or (lesson and lesson.use and lesson.use.tasks) else None,
        witnessed_people=sum(seat.people for seat in seen),
        advice=next_time(
            _finding(attendance, practised, slips, items, klass, questions=len(questions), asked=asked), practice
        ),
        questions=len(questions),
        asked=asked,
    )


def _attendance(present: Sequence[Seat]) -> Attendance:
    phones = [seat for seat in present if not seat.added]
    added = [seat for seat in present if seat.added]
    return Attendance(
        machines=len(phones),
        phone_people=sum(seat.people for seat in phones),
        added_seats=len(added),
        added_people=sum(seat.people for seat in added),
    )


def _finding(
    attendance: Attendance,
    practised: Practised | None,
    slips: Sequence[Slips],
    items: Sequence[Item],
    klass: Class,
    *,
    questions: int,
    asked: int,
) -> Finding:
    """What the advice is chosen by."""
    graded = []
    for item in items:
        last = item.rounds[-1]
        if last.right is not None:
            hands_right = last.hands_right or 0
            whole = last.answered + (last.hands if last.hands_right is not None else 0)
            graded.append((item.prompt, last.right + hands_right, whole))
    return Finding(
        machines=attendance.machines,
        alone=practised.alone if practised else 0,
        helped=practised.helped if practised else 0,
        followed=practised.followed or 0 if practised else 0,
        begun=practised.machines - practised.not_begun if practised else 0,
        slips=tuple((one.screen, one.title, one.machines) for one in slips),
        answers=tuple(graded),
        questions=questions,
        asked=asked,
        minutes=minutes_of(klass),
    )
