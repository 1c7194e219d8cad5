"""Go on with another lesson in the same class, or return to one that it has left."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, String, bindparam, case, delete, insert, literal, select, update
from sqlalchemy.orm import Session

from lms.content.model import Lesson, Library
from lms.learning.classroom.access.membership import require_facilitator
from lms.learning.classroom.lifecycle.command_handler import CommandResult
from lms.learning.classroom.questions.answer_transfer import transfer_answers
from lms.learning.classroom.session.class_lessons import LESSON_COLUMNS, ClassLesson, find_class_lessons
from lms.learning.classroom.session.queries import ClassSession, find_class_session
from lms.learning.classroom.session.state import ClassState, QuestionPhase
from lms.learning.classroom.session.steps import lesson_steps, step_question_id
from lms.learning.errors import ClassClosed, InvalidCommand
from lms.learning.store.locks import lock_seats
from lms.learning.store.models import (
    ClassAnswer,
    ClassLessonAnswer,
    ClassLessonHandCount,
    ClassLessonRow,
    ClassLessonSeat,
    ClassSessionRow,
    HandCount,
    SeatRow,
)
from lms.learning.store.models.classes import epoch_milliseconds

MAX_LESSONS = 12  # of one class; an evening has two or three
# ``SeatRow.answered`` of a seat that did something in another lesson of this class: it is not idle (idle_seats.py).
ACTED_BEFORE = "earlier lesson"


def change_lesson(
    session: Session, class_id: str, *, account_id: str, from_number: int, lesson: Lesson, library: Library,
    now: datetime,
) -> CommandResult:  # fmt: skip
    """Let the class go on with ``lesson``: at its first slide, or where it was when the class left it.

    Code, seats, screens, helpers, facilitators, door and Wi-Fi stay. A late tap, from a page of a lesson that the class
    has left (``from_number``), changes nothing, and so does a second tap.

    Raises:
        NotFound: no class has this id.
        NotAllowed: the account is no facilitator of it.
        ClassClosed: the class is over.
        InvalidCommand: it has had twelve lessons.
    """
    require_facilitator(session, class_id, account_id)
    before = find_class_session(session, class_id, lock=True)
    if before.is_closed:
        raise ClassClosed(class_id)
    is_there = (before.course, before.lesson) == (lesson.course, lesson.slug)
    if is_there or before.lesson_number != from_number:
        return CommandResult(before, changed=False)
    question_id = step_question_id(before.state.step)
    if question_id is not None:
        transfer_answers(session, before, question_id, library=library, now=now)
    connection = session.connection()
    lock_seats(connection, SeatRow.class_id == class_id)
    lessons = find_class_lessons(session, before)
    target = next((known for known in lessons if (known.course, known.lesson) == (lesson.course, lesson.slug)), None)
    if target is None and len(lessons) >= MAX_LESSONS:
        raise InvalidCommand("lesson")
    _leave(connection, before, lessons, now)
    if target is None:
        number = len(lessons) + 1
        state = ClassState(
            step=_first_step(lesson), started_at=int(now.timestamp()), plan_length=before.state.plan_length
        )
        digest = lesson.digest
        _insert_lesson(connection, ClassLesson(class_id, number, lesson.course, lesson.slug, digest, now))
    else:
        number, state, digest = target.number, target.state or ClassState(), target.content_digest
        _return_to(connection, class_id, number)
    changed = {"of_class": class_id, "changed_at": epoch_milliseconds(now)}
    connection.execute(_TELL_SEATS, changed)
    state = replace(
        state,
        wifi=before.state.wifi,
        door_closed=before.state.door_closed,
        mirrored_on_phones=before.state.mirrored_on_phones,  # the projector is broken for the whole evening
        steered_at=before.state.steered_at,
        released_at=int(now.timestamp()),
    ).steered_by(account_id, now)
    connection.execute(
        update(ClassSessionRow.__table__)
        .where(ClassSessionRow.id == class_id)
        .values(
            course=lesson.course, lesson=lesson.slug, lesson_number=number, content_digest=digest,
            state=state.as_json(), version=before.version + 1,
        )
    )  # fmt: skip
    return CommandResult(find_class_session(session, class_id), changed=True)


def _first_step(lesson: Lesson) -> str:
    """The step after joining: seats of the class need not join again."""
    return lesson_steps(lesson)[1].key  # at least the end


def _leave(
    connection: Connection, class_session: ClassSession, lessons: tuple[ClassLesson, ...], now: datetime
) -> None:
    """Move what belongs to the present lesson out of the tables of the class."""
    if len(lessons) == 1:
        _insert_lesson(connection, lessons[0])
    state = class_session.state
    if state.phase == QuestionPhase.OPEN:
        state = replace(state, phase=QuestionPhase.LOCKED)  # a question that the class has left takes no more answers
    state = replace(state.without_passing(), paused=False, wait_screen=None, demo_screen=None)
    key = {"of_class": class_session.id, "of_lesson": class_session.lesson_number}
    connection.execute(
        update(ClassLessonRow.__table__)
        .where(ClassLessonRow.class_id == key["of_class"], ClassLessonRow.number == key["of_lesson"])
        .values(left_at=now, state=state.as_json(), course=class_session.course, lesson=class_session.lesson)
    )
    for statement in _LEAVE:
        connection.execute(statement, key)


def _return_to(connection: Connection, class_id: str, number: int) -> None:
    """Move what belongs to a lesson back to the tables of the class."""
    key = {"of_class": class_id, "of_lesson": number}
    for statement in _RETURN:
        connection.execute(statement, key)


def _insert_lesson(connection: Connection, lesson: ClassLesson) -> None:
    values = {
        "class_id": lesson.class_id,
        "number": lesson.number,
        "course": lesson.course,
        "lesson": lesson.lesson,
        "content_digest": lesson.content_digest,
        "started_at": lesson.started_at,
    }
    connection.execute(insert(ClassLessonRow.__table__), values)


_OF_CLASS: BindParameter[str] = bindparam("of_class")
_OF_LESSON: BindParameter[int] = bindparam("of_lesson")
_SEAT = SeatRow.__table__.c
_LEFT_SEAT = ClassLessonSeat.__table__.c
_BLANK: dict[str, Any] = {
    "attempt_id": None,
    "screen": None,
    "screen_since": None,
    "wrong": 0,
    "hints": 0,
    "last_hint": False,
    "visits": 0,
    "been": {},
    "settled": None,
    "done": "",
    "last_at": None,
    "attested_at": None,
}
_DID_NOTHING = (
    (_SEAT.answered == "")
    & (_SEAT.done == "")
    & _SEAT.attempt_id.is_(None)
    & _SEAT.last_at.is_(None)
    & _SEAT.attested_at.is_(None)
    & _SEAT.lost_at_step.is_(None)
)


def _move(source: Any, target: Any, columns: tuple[str, ...], *, leaving: bool) -> list[Any]:
    """Two statements that move the rows of a class from one of two tables of the same columns to the other."""
    number = [] if leaving else [source.c.lesson_number == _OF_LESSON]
    values = [source.c[name] for name in columns]
    where = [source.c.class_id == _OF_CLASS, *number]
    if leaving:
        rows = select(source.c.class_id, bindparam("of_lesson", type_=target.c.lesson_number.type), *values)
        copied = insert(target).from_select(["class_id", "lesson_number", *columns], rows.where(*where))
    else:
        copied = insert(target).from_select(["class_id", *columns], select(source.c.class_id, *values).where(*where))
    return [copied, delete(source).where(*where)]


_ANSWER_COLUMNS = ("question_id", "round", "seat", "given", "score", "answered_at", "copied")
_HAND_COLUMNS = ("question_id", "round", "option_key", "count")
_LEAVE: list[Any] = [
    *_move(ClassAnswer.__table__, ClassLessonAnswer.__table__, _ANSWER_COLUMNS, leaving=True),
    *_move(HandCount.__table__, ClassLessonHandCount.__table__, _HAND_COLUMNS, leaving=True),
    insert(ClassLessonSeat.__table__).from_select(
        ["class_id", "lesson_number", "number", *LESSON_COLUMNS],
        select(
            _SEAT.class_id,
            bindparam("of_lesson", type_=_LEFT_SEAT.lesson_number.type),
            _SEAT.number,
            *(_SEAT[name] for name in LESSON_COLUMNS),
        ).where(_SEAT.class_id == _OF_CLASS),
    ),
    update(SeatRow.__table__)
    .where(_SEAT.class_id == _OF_CLASS)
    .values(answered=case((_DID_NOTHING, literal("", String(60))), else_=literal(ACTED_BEFORE, String(60))), **_BLANK),
]
_RETURN: list[Any] = [
    update(ClassLessonRow.__table__)
    .where(ClassLessonRow.class_id == _OF_CLASS, ClassLessonRow.number == _OF_LESSON)
    .values(left_at=None, state=None),
    *_move(ClassLessonAnswer.__table__, ClassAnswer.__table__, _ANSWER_COLUMNS, leaving=False),
    *_move(ClassLessonHandCount.__table__, HandCount.__table__, _HAND_COLUMNS, leaving=False),
    update(SeatRow.__table__)
    .where(
        _SEAT.class_id == _OF_CLASS,
        _LEFT_SEAT.class_id == _SEAT.class_id,
        _LEFT_SEAT.number == _SEAT.number,
        _LEFT_SEAT.lesson_number == _OF_LESSON,
    )
    .values(
        {name: _LEFT_SEAT[name] for name in LESSON_COLUMNS}
        | {"answered": case((_LEFT_SEAT.answered == "", _SEAT.answered), else_=_LEFT_SEAT.answered)}
    ),
    delete(ClassLessonSeat.__table__).where(
        ClassLessonSeat.class_id == _OF_CLASS, ClassLessonSeat.lesson_number == _OF_LESSON
    ),
]
_TELL_SEATS = (
    update(SeatRow.__table__)
    .where(SeatRow.class_id == _OF_CLASS)
    .values(lost_at_step=None, version=SeatRow.version + 1, changed_at=bindparam("changed_at"))
)
