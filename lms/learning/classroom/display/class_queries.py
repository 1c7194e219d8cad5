"""A class as a worker or a page reads it: the row, where its lesson says that it is, and the seats that changed.

A streaming worker asks ``open_versions`` twice a second, ``read_classes`` for those whose version is another than it
sent, and ``read_seats`` once a second for those that changed since, with some seconds of overlap: a transaction may
commit after another whose stamp is later.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, or_, select
from sqlalchemy.orm import Session

from lms.content.model import Lesson, Library, Question
from lms.learning.classroom.questions.tallies import Tally, read_tallies
from lms.learning.classroom.session.queries import CLASS_COLUMNS, SEAT_COLUMNS, Class, Seat, class_of, seat_of
from lms.learning.classroom.session.steps import Step, question_of, step_after, step_at, step_before, steps_of
from lms.learning.errors import NotFound
from lms.learning.store.models import ClassRow, ClassSeat

CLOSED_STAYS = timedelta(minutes=15)  # a class that was closed is told so for this long


@dataclass(frozen=True, slots=True)
class ClassView:
    """A class with what its lesson says about where it is. ``tally`` is there once a question is locked or shown."""

    klass: Class
    step: Step
    before: Step | None
    next: Step | None
    question: Question | None
    tally: Tally | None


def open_versions(connection: Connection, now: datetime) -> dict[str, int]:
    """Every open class's id and version, and those closed in the last 15 minutes. One short query."""
    return {row.id: row.version for row in connection.execute(_VERSIONS, {"since": now - CLOSED_STAYS})}


def read_classes(connection: Connection, class_ids: Collection[str], library: Library) -> dict[str, ClassView]:
    """These classes, in one query; in three when some of them have answers to show. Unknown ids are left out."""
    if not class_ids:
        return {}
    classes = [class_of(row) for row in connection.execute(_CLASSES, {"ids": sorted(class_ids)})]
    lessons = {one.id: library.lesson(one.course, one.lesson) for one in classes}
    asked: dict[tuple[str, str, int], Question] = {}
    for one in classes:
        question = _question(one, lessons[one.id])
        if question is not None and one.state.phase in ("locked", "shown"):
            asked[one.id, question.id, one.state.round] = question
    tallies = read_tallies(connection, asked)
    return {one.id: _view(one, lessons[one.id], tallies) for one in classes}


def read_seats(connection: Connection, class_ids: Collection[str], since: int = 0) -> list[Seat]:
    """Seats of these classes that changed at or after ``since`` (milliseconds since 1970), each as it is now."""
    if not class_ids:
        return []
    rows = connection.execute(_SEATS, {"ids": sorted(class_ids), "since": since})
    return [seat_of(row) for row in rows]


def find_view(session: Session, class_id: str, library: Library) -> ClassView:
    """One class for a page.

    Raises:
        NotFound: there is none with this id.
    """
    views = read_classes(session.connection(), [class_id], library)
    if class_id not in views:
        raise NotFound(class_id)
    return views[class_id]


def _view(klass: Class, lesson: Lesson | None, tallies: dict[tuple[str, str, int], Tally]) -> ClassView:
    """A class whose lesson was taken off the air stays where it is."""
    steps = steps_of(lesson) if lesson else (Step(klass.state.step, "end", "Kết thúc"),)
    question = _question(klass, lesson)
    return ClassView(
        klass=klass,
        step=step_at(steps, klass.state.step),
        before=step_before(steps, klass.state.step),
        next=step_after(steps, klass.state.step),
        question=question,
        tally=tallies.get((klass.id, question.id, klass.state.round)) if question else None,
    )


def _question(klass: Class, lesson: Lesson | None) -> Question | None:
    question_id = question_of(klass.state.step)
    return lesson.understand.question(question_id) if lesson and question_id else None


_VERSIONS = select(ClassRow.id, ClassRow.version).where(
    or_(ClassRow.closed_at.is_(None), ClassRow.closed_at > bindparam("since"))
)
_CLASSES = select(*CLASS_COLUMNS).where(ClassRow.id.in_(bindparam("ids", expanding=True)))
_SEATS = select(*SEAT_COLUMNS).where(
    ClassSeat.class_id.in_(bindparam("ids", expanding=True)), ClassSeat.changed_at >= bindparam("since")
)
