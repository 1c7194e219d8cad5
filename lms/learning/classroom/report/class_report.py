"""The report of a class: counts of attendance, practice, questions and attested tasks, without names.

Counts come from the rows of the class while they exist. Before retention deletes those, the counts are stored in the
class's own row, so that the report stays the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
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
    find_seats_that_answered,
)
from lms.learning.classroom.session.class_lessons import ClassLesson, find_class_lessons, seats_in_lesson
from lms.learning.classroom.session.queries import ClassSession, find_class_session
from lms.learning.classroom.session.seat_store import Seat, find_seats
from lms.learning.errors import NotFound
from lms.learning.store.models import ClassLessonRow, ClassSessionRow

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
class LessonParticipation:
    """Who did something in a lesson: answered, practised, or was seen doing the tasks. Stored as JSON in the counts."""

    people: int
    machines: int
    answered: int  # phones that answered a question


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
    questions: int = 0  # of the lesson
    asked: int = 0  # of them in this class, whether or not anybody answered
    participation: LessonParticipation | None = None  # only of one of several lessons: people come and go between them

    def as_json(self) -> dict[str, Any]:
        """The JSON that is stored."""
        return {"shape": _SHAPE} | asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ClassCounts:
        """Read what ``as_json`` returned.

        Raises:
            ValueError: the JSON has another shape.
        """
        values = dict(stored)
        if values.pop("shape", None) != _SHAPE:
            raise ValueError("counts of another shape")
        values["attendance"] = Attendance(**values["attendance"])
        values["practice"] = PracticeCounts(**values["practice"]) if values["practice"] else None
        values["mistakes"] = tuple(ScreenMistakes(**screen) for screen in values["mistakes"])
        values["question_counts"] = tuple(
            QuestionCounts(**question | {"rounds": tuple(RoundCounts(**counts) for counts in question["rounds"])})
            for question in values["question_counts"]
        )
        values["participation"] = LessonParticipation(**values["participation"]) if values["participation"] else None
        return cls(**values)


@dataclass(frozen=True, slots=True)
class ClassReport:
    """The report of one lesson. ``is_final``: the counts are stored, and later changes of the seats do not change them.

    ``class_session`` is the class at that lesson. ``class_lesson`` is None for the only lesson of a class.
    """

    class_session: ClassSession
    counts: ClassCounts
    is_final: bool
    class_lesson: ClassLesson | None = None

    @property
    def started_at(self) -> datetime:
        return self.class_lesson.started_at if self.class_lesson else self.class_session.opened_at

    @property
    def ended_at(self) -> datetime | None:
        """When the class left the lesson for the last time, or closed; None while it is at it."""
        left_at = self.class_lesson.left_at if self.class_lesson else None
        return left_at or self.class_session.closed_at


@dataclass(frozen=True, slots=True)
class EveningReport:
    """The reports of all lessons of a class, by their numbers."""

    class_session: ClassSession
    lessons: tuple[ClassReport, ...]

    @property
    def attendance(self) -> Attendance:
        """Of the evening: seats are kept from one lesson to the next."""
        return max((report.counts.attendance for report in self.lessons), key=lambda attendance: attendance.people)


def find_class_report(
    session: Session, class_id: str, library: Library, lesson_number: int | None = None
) -> ClassReport:
    """The report of a class, open or closed: of the lesson with that number, or of the one that it is at.

    Raises:
        NotFound: no class has this id, or it had no such lesson.
    """
    reports = find_evening_report(session, class_id, library).lessons
    for report in reports:
        number = report.class_session.lesson_number
        is_present = report.class_lesson is None or report.class_lesson.left_at is None
        if number == lesson_number or (lesson_number is None and is_present):
            return report
    raise NotFound(f"{class_id}/{lesson_number}")


def find_evening_report(session: Session, class_id: str, library: Library) -> EveningReport:
    """The reports of all lessons of a class, open or closed.

    Raises:
        NotFound: no class has this id.
    """
    class_session = find_class_session(session, class_id)
    connection = session.connection()
    of_class = connection.execute(select(ClassSessionRow.counts).where(ClassSessionRow.id == class_id)).scalar()
    of_lessons = select(ClassLessonRow.number, ClassLessonRow.counts).where(ClassLessonRow.class_id == class_id)
    stored: dict[int, Any] = {row.number: row.counts for row in connection.execute(of_lessons)}
    lessons = find_class_lessons(session, class_session)
    reports: list[ClassReport] = []
    for lesson in lessons:
        counts = stored.get(lesson.number) or (of_class if lesson.left_at is None else None)
        at_lesson, is_one_of_several = lesson.taught_in(class_session), len(lessons) > 1
        reports.append(
            ClassReport(
                at_lesson,
                ClassCounts.from_json(counts)
                if counts
                else count_lesson(session, class_session, lesson, library)
                if is_one_of_several
                else count_current_lesson(session, class_session, library),
                is_final=counts is not None,
                class_lesson=lesson if is_one_of_several else None,
            )
        )
    return EveningReport(class_session, tuple(reports))


def find_guided_seats(
    session: Session, class_session: ClassSession, seats: Iterable[Seat], library: Library
) -> frozenset[int]:
    """Numbers of those seats that reached the practice's goal in mode FOLLOW only."""
    edition = library.edition_or_merged_into(class_session)
    lesson = edition[1] if edition else None
    attempts = find_class_attempts(session, class_session, library)
    return guided_seats(seats, attempts, lesson.practice if lesson else None)


def count_lesson(
    session: Session, class_session: ClassSession, class_lesson: ClassLesson, library: Library
) -> ClassCounts:
    """Count the rows of one of several lessons of a class, with who took part in it."""
    at_lesson = class_lesson.taught_in(class_session)
    left = class_lesson.left_at is not None
    at_lesson = replace(
        at_lesson, opened_at=class_lesson.started_at, closed_at=class_lesson.left_at or class_session.closed_at
    )
    seats = [seat for seat in find_seats(session, class_session.id) if not seat.removed]
    seats = seats_in_lesson(session, class_lesson, seats)
    counts = count_current_lesson(session, at_lesson, library, seats=seats, left=left)
    return replace(counts, participation=_count_participation(session, at_lesson, seats, left=left))


def count_current_lesson(
    session: Session, class_session: ClassSession, library: Library, *, seats: Iterable[Seat] | None = None,
    left: bool = False,
) -> ClassCounts:  # fmt: skip
    """Count the rows of the lesson that a class is at, in four statements; with ``left``, of one that it has left."""
    edition = library.edition_or_merged_into(class_session)
    lesson = edition[1] if edition else None
    practice = lesson.practice if lesson else None
    questions = lesson.understand.questions if lesson else ()
    has_tasks = lesson is not None and lesson.use is not None and bool(lesson.use.tasks)
    seats = find_seats(session, class_session.id) if seats is None else seats
    seats = [seat for seat in seats if not seat.removed]
    numbers = {seat.number for seat in seats}
    attempts = find_class_attempts(session, class_session, library)
    attested = [seat for seat in seats if seat.attested_at is not None]
    attendance = _count_attendance(seats)
    practice_counts = None
    if practice or has_practice(seats):
        practice_counts = count_practice(seats, guided_seats(seats, attempts, practice))
    mistakes = count_mistakes(attempts, numbers, practice)
    question_counts = count_questions(session, class_session, numbers, lesson, left=left)
    asked = count_asked_questions(class_session, questions, question_counts)
    advice_input = AdviceInput(
        phones=attendance.machines,
        alone=practice_counts.alone if practice_counts else 0,
        helped=practice_counts.helped if practice_counts else 0,
        guided=practice_counts.followed if practice_counts else 0,
        started=practice_counts.machines - practice_counts.not_begun if practice_counts else 0,
        mistakes=tuple((screen.screen, screen.title, screen.machines) for screen in mistakes),
        answers=_last_answers(question_counts),
        asked_again=frozenset(question.prompt for question in question_counts if len(question.rounds) > 1),
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
    return minutes_between(class_session.opened_at, class_session.closed_at) if class_session.closed_at else None


def minutes_between(started_at: datetime, ended_at: datetime) -> int:
    """The minutes between two times of day, as a report prints them without seconds."""
    return (ended_at.replace(second=0, microsecond=0) - started_at.replace(second=0, microsecond=0)) // timedelta(
        minutes=1
    )


def _count_attendance(seats: Sequence[Seat]) -> Attendance:
    phones = [seat for seat in seats if not seat.added]
    added = [seat for seat in seats if seat.added]
    return Attendance(
        machines=len(phones),
        phone_people=sum(seat.people for seat in phones),
        added_seats=len(added),
        added_people=sum(seat.people for seat in added),
    )


def _count_participation(
    session: Session, class_session: ClassSession, seats: Sequence[Seat], *, left: bool
) -> LessonParticipation:
    answered = find_seats_that_answered(session, class_session, left=left)
    active = [seat for seat in seats if seat.number in answered or seat.attempt_id or seat.done or seat.attested_at]
    return LessonParticipation(
        people=sum(seat.people for seat in active),
        machines=sum(not seat.added for seat in active),
        answered=sum(seat.number in answered for seat in seats),
    )


def _last_answers(question_counts: Iterable[QuestionCounts]) -> tuple[tuple[str, int, int], ...]:
    """Prompt, right and total of the last round of each graded question, with counted hands where possible."""
    answers: list[tuple[str, int, int]] = []
    for question in question_counts:
        last = question.rounds[-1]
        if last.right is None:
            continue
        hands = last.hands if last.hands_right is not None else 0
        answers.append((question.prompt, last.right + (last.hands_right or 0), last.answered + hands))
    return tuple(answers)
