"""The lessons of an evening: a class may go on with another lesson, and return to one that it has left.

The rows of the lesson that the class is at are where those of every class are. Those of the lessons that it has left
are in tables of their own (``ClassLessonRow``), so that whoever reads a class reads its present lesson.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.seat_store import Seat
from lms.learning.classroom.session.state import ClassState, read_class_state
from lms.learning.store.models import ClassLessonRow, ClassLessonSeat

# The columns of a seat that belong to a lesson. The others belong to the evening: number, learner, people, name, hand.
_KEY = ("class_id", "lesson_number", "number")
LESSON_COLUMNS = tuple(column.key for column in ClassLessonSeat.__table__.columns if column.key not in _KEY)
_SEAT_COLUMNS = tuple(name for name in LESSON_COLUMNS if name in Seat.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class ClassLesson:
    """One lesson that a class was taught. ``left_at`` and ``state`` are None for the lesson that the class is at."""

    class_id: str
    number: int  # in the order of beginning, from 1
    course: str
    lesson: str
    content_digest: str
    started_at: datetime
    left_at: datetime | None = None
    state: ClassState | None = None

    def taught_in(self, class_session: ClassSession) -> ClassSession:
        """The class at this lesson: as it is now, or as it was when it left the lesson."""
        if self.left_at is None:
            return class_session
        return replace(
            class_session, course=self.course, lesson=self.lesson, lesson_number=self.number,
            content_digest=self.content_digest, state=self.state or ClassState(),
        )  # fmt: skip


def find_class_lessons(session: Session, class_session: ClassSession) -> tuple[ClassLesson, ...]:
    """The lessons of a class by number; most classes have one."""
    rows = session.connection().execute(_LESSONS, {"class_id": class_session.id}).all()
    lessons = tuple(
        ClassLesson(
            row.class_id, row.number, row.course, row.lesson, row.content_digest, row.started_at, row.left_at,
            read_class_state(row.state, row.class_id) if row.state else None,
        )
        for row in rows
    )  # fmt: skip
    if lessons:
        return lessons
    return (
        ClassLesson(
            class_session.id, class_session.lesson_number, class_session.course, class_session.lesson,
            class_session.content_digest, class_session.opened_at,
        ),
    )  # fmt: skip


def find_left_lessons(session: Session, class_session: ClassSession) -> tuple[ClassLesson, ...]:
    """The lessons that the class has left, by number."""
    return tuple(lesson for lesson in find_class_lessons(session, class_session) if lesson.left_at is not None)


def seats_in_lesson(session: Session, lesson: ClassLesson, seats: Iterable[Seat]) -> tuple[Seat, ...]:
    """These seats with what they did in a lesson; of a lesson that the class has left, only seats that it had then."""
    if lesson.left_at is None:
        return tuple(seats)
    rows = session.connection().execute(_SEATS, {"class_id": lesson.class_id, "lesson_number": lesson.number})
    progress = {row.number: {name: getattr(row, name) for name in _SEAT_COLUMNS} for row in rows}
    return tuple(replace(seat, **progress[seat.number]) for seat in seats if seat.number in progress)


def detach_seat_from_left_lessons(session: Session, seat: Seat) -> None:
    """Detach a seat that another learner has now from the attempts of lessons that the class has left."""
    session.connection().execute(
        update(ClassLessonSeat.__table__)
        .where(ClassLessonSeat.class_id == seat.class_id, ClassLessonSeat.number == seat.number)
        .values(attempt_id=None, screen=None, screen_since=None)
    )


_LESSONS = (
    select(
        ClassLessonRow.class_id,
        ClassLessonRow.number,
        ClassLessonRow.course,
        ClassLessonRow.lesson,
        ClassLessonRow.content_digest,
        ClassLessonRow.started_at,
        ClassLessonRow.left_at,
        ClassLessonRow.state,
    )
    .where(ClassLessonRow.class_id == bindparam("class_id"))
    .order_by(ClassLessonRow.number)
)
_SEATS = select(ClassLessonSeat.number, *(getattr(ClassLessonSeat, name) for name in _SEAT_COLUMNS)).where(
    ClassLessonSeat.class_id == bindparam("class_id"), ClassLessonSeat.lesson_number == bindparam("lesson_number")
)
