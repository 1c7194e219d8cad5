"""The report of a class: counts of attendance, practice, questions and attested tasks, without names.

Counts come from the rows of the class while they exist. Before retention deletes those, the counts are stored in the
class's own row, so that the report stays the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.classroom.report.advice import AdviceInput, choose_advice
from lms.learning.classroom.report.practice_report import (
    PracticeCounts,
    ScreenMistakes,
    count_mistakes,
    count_practice,
    find_class_attempts,
    guided_seats,
    has_practice,
)
from lms.learning.classroom.report.question_report import (
    QuestionCounts,
    RoundCounts,
    count_asked_questions,
    count_questions,
)
from lms.learning.classroom.session.queries import ClassSession, find_class_session
from lms.learning.classroom.session.seat_store import Seat, find_seats
from lms.learning.store.models import ClassSessionRow

_SHAPE = 1  # version of the stored JSON


@dataclass(frozen=True, slots=True)
class Attendance:
    """Active seats and their people. What the facilitator counted in the room is the class's ``head_count``."""

    machines: int
    phone_people: int  # one to four at each phone
    added_seats: int
    added_people: int  # without a phone

    @property
    def people(self) -> int:
        return self.phone_people + self.added_people


@dataclass(frozen=True, slots=True)
class ClassCounts:
    """Everything that is left of a class for good.

    ``practice`` and ``attested_seats`` are None where the lesson has no such stage.
    """

    lesson: str  # text: its name when the counts were made
    attendance: Attendance
    practice: PracticeCounts | None
    mistakes: tuple[ScreenMistakes, ...]  # most first
    question_counts: tuple[QuestionCounts, ...]  # in the lesson's order
    attested_seats: int | None  # seats that a facilitator saw do the tasks on a real phone
    attested_people: int
    advice: str  # text: a sentence for the next class
    questions: int | None = None  # of the lesson; None in counts stored before this was counted
    asked: int = 0  # of them in this class, whether or not anybody answered

    def as_json(self) -> dict[str, Any]:
        """The JSON that is stored. Its keys outlive renamed fields, because old rows have them."""
        return {"shape": _SHAPE} | {_JSON_KEYS.get(name, name): value for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ClassCounts:
        """Read what ``as_json`` returned.

        Raises:
            ValueError: the JSON has another shape.
        """
        values = {_FIELDS.get(key, key): value for key, value in stored.items()}
        if values.pop("shape", None) != _SHAPE:
            raise ValueError("counts of another shape")
        values["attendance"] = Attendance(**values["attendance"])
        values["practice"] = PracticeCounts(**values["practice"]) if values["practice"] else None
        values["mistakes"] = tuple(ScreenMistakes(**screen) for screen in values["mistakes"])
        values["question_counts"] = tuple(
            QuestionCounts(**question | {"rounds": tuple(RoundCounts(**counts) for counts in question["rounds"])})
            for question in values["question_counts"]
        )
        return cls(**values)


@dataclass(frozen=True, slots=True)
class ClassReport:
    """``is_final``: the counts are stored, and later changes of the seats do not change them."""

    class_session: ClassSession
    counts: ClassCounts
    is_final: bool


def find_class_report(session: Session, class_id: str, library: Library) -> ClassReport:
    """The report of a class, open or closed.

    Raises:
        NotFound: no class has this id.
    """
    class_session = find_class_session(session, class_id)
    statement = select(ClassSessionRow.counts).where(ClassSessionRow.id == class_id)
    stored = session.connection().execute(statement).scalar()
    if stored is not None:
        return ClassReport(class_session, ClassCounts.from_json(stored), is_final=True)
    return ClassReport(class_session, count_class(session, class_session, library), is_final=False)


def find_guided_seats(
    session: Session, class_session: ClassSession, seats: Iterable[Seat], library: Library
) -> frozenset[int]:
    """Numbers of those seats that reached the practice's goal in mode FOLLOW only."""
    lesson = library.lesson_or_merged_into(class_session.course, class_session.lesson)
    attempts = find_class_attempts(session, class_session.id)
    return guided_seats(seats, attempts, lesson.practice if lesson else None)


def count_class(session: Session, class_session: ClassSession, library: Library) -> ClassCounts:
    """Count the rows of a class, in four statements."""
    lesson = library.lesson_or_merged_into(class_session.course, class_session.lesson)
    practice = lesson.practice if lesson else None
    questions = lesson.understand.questions if lesson else ()
    has_tasks = lesson is not None and lesson.use is not None and bool(lesson.use.tasks)
    seats = [seat for seat in find_seats(session, class_session.id) if not seat.removed]
    numbers = {seat.number for seat in seats}
    attempts = find_class_attempts(session, class_session.id)
    attested = [seat for seat in seats if seat.attested_at is not None]
    attendance = _count_attendance(seats)
    practice_counts = None
    if practice or has_practice(seats):
        practice_counts = count_practice(seats, guided_seats(seats, attempts, practice))
    mistakes = count_mistakes(attempts, numbers, practice)
    question_counts = count_questions(session, class_session, numbers, lesson)
    asked = count_asked_questions(class_session, questions, question_counts)
    advice_input = AdviceInput(
        phones=attendance.machines,
        alone=practice_counts.alone if practice_counts else 0,
        helped=practice_counts.helped if practice_counts else 0,
        guided=practice_counts.followed or 0 if practice_counts else 0,
        started=practice_counts.machines - practice_counts.not_begun if practice_counts else 0,
        mistakes=tuple((screen.screen, screen.title, screen.machines) for screen in mistakes),
        answers=_last_answers(question_counts),
        questions=len(questions),
        asked=asked,
        minutes=duration_minutes(class_session),
    )
    return ClassCounts(
        lesson=lesson.name if lesson else class_session.lesson,
        attendance=attendance,
        practice=practice_counts,
        mistakes=mistakes,
        question_counts=question_counts,
        attested_seats=len(attested) if attested or has_tasks else None,
        attested_people=sum(seat.people for seat in attested),
        advice=choose_advice(advice_input, practice),
        questions=len(questions),
        asked=asked,
    )


def duration_minutes(class_session: ClassSession) -> int | None:
    """How long a class lasted; None while it is open. The difference of its opening and closing time to the minute,
    as the report prints them."""
    if class_session.closed_at is None:
        return None
    opened_at = class_session.opened_at.replace(second=0, microsecond=0)
    closed_at = class_session.closed_at.replace(second=0, microsecond=0)
    return (closed_at - opened_at) // timedelta(minutes=1)


def _count_attendance(seats: Sequence[Seat]) -> Attendance:
    phones = [seat for seat in seats if not seat.added]
    added = [seat for seat in seats if seat.added]
    return Attendance(
        machines=len(phones),
        phone_people=sum(seat.people for seat in phones),
        added_seats=len(added),
        added_people=sum(seat.people for seat in added),
    )


def _last_answers(question_counts: Iterable[QuestionCounts]) -> tuple[tuple[str, int, int], ...]:
    """Prompt, right and total of the last round of each graded question, hands included where they can tell."""
    answers: list[tuple[str, int, int]] = []
    for question in question_counts:
        last = question.rounds[-1]
        if last.right is None:
            continue
        hands = last.hands if last.hands_right is not None else 0
        answers.append((question.prompt, last.right + (last.hands_right or 0), last.answered + hands))
    return tuple(answers)


_JSON_KEYS = {
    "practice": "practised",
    "mistakes": "slips",
    "question_counts": "items",
    "attested_seats": "witnessed",
    "attested_people": "witnessed_people",
}
_FIELDS = {key: name for name, key in _JSON_KEYS.items()}
