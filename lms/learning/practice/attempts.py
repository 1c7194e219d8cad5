"""Attempts at a practice: start one and find it again. ``practice.events`` saves what happens in it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, insert, select
from sqlalchemy.orm import Session

from lms.content.model import Mode, Practice, Stage
from lms.content.practice.compiling import generate_random_data
from lms.content.practice.engine_state import full_state
from lms.learning.errors import NotFound
from lms.learning.practice.compiled_practices import CompiledPractice, compile_practice, load_model, save_models
from lms.learning.store.bulk_statement import BulkStatement
from lms.learning.store.locks import upsert_and_lock_learner
from lms.learning.store.models import ClassSessionRow, EventBatch, PracticeAttempt


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt at one practice. ``state``: the engine's State as JSON, after event number ``last_q``."""

    id: str
    learner_id: str
    course: str
    lesson: str
    practice: str  # "" is the main one, which earns the mark
    mode: Mode
    content_digest: str  # of the Practice at the start; the present one in the catalog may have newer texts
    model_digest: str
    model: dict[str, Any]  # as both engines run it
    data: dict[str, str]  # values drawn at the start, by placeholder
    state: dict[str, Any]
    last_q: int
    score: int  # 0 to 100
    passed: bool
    ended: bool
    started_at: datetime
    class_id: str | None = None  # started in this class, at this seat
    seat: int | None = None


def all_attempt_ids_of_learner(session: Session, learner_id: str) -> Sequence[str]:
    """All attempts of a learner, by id."""
    return session.scalars(select(PracticeAttempt.id).where(PracticeAttempt.learner_id == learner_id)).all()


def start_attempt(
    session: Session,
    learner_id: str,
    course: str,
    lesson: str,
    practice: Practice,
    mode: Mode,
    *,
    now: datetime,
    offline_id: str | None = None,
) -> Attempt:
    """Start an attempt: draw its data and store the practice's compiled model, which later edits do not change.

    A tryout does not change the lesson where the learner is. ``classroom.practice.class_attempts`` starts attempts in
    a class. ``offline_id``: the id that a phone drew when it started the attempt without a network, from the page of
    ``unstarted_attempt``. Starting it again changes nothing.

    Raises:
        LearnerForgotten: the learner asked to be forgotten.
        NotFound: ``offline_id`` is an attempt of another learner.
    """
    connection = session.connection()
    place = {} if practice.is_tryout else {"course": course, "lesson": lesson, "stage": Stage.PRACTICE}
    upsert_and_lock_learner(connection, learner_id, now=now, **place)
    if offline_id is not None and connection.execute(_EXISTS, {"attempt_id": offline_id}).first():
        return find_attempt(session, learner_id, offline_id)
    attempt = build_attempt(learner_id, course, lesson, practice, mode, now=now, offline_id=offline_id)
    insert_attempts(connection, [attempt])
    return find_attempt(session, learner_id, attempt.id)


UNSTARTED_ID = "0" * 32


def unstarted_attempt(course: str, lesson: str, practice: Practice, mode: Mode, *, now: datetime) -> Attempt:
    """The attempt at whose page a phone without a network starts, with an id of its own in place of UNSTARTED_ID."""
    compiled = compile_practice(practice)
    return Attempt(
        id=UNSTARTED_ID,
        learner_id="",
        course=course,
        lesson=lesson,
        practice=practice.name,
        mode=mode,
        content_digest=practice.digest,
        model_digest=compiled.digest,
        model=compiled.model,
        data=_offline_data(practice),
        state=full_state(compiled.model, compiled.state),
        last_q=0,
        score=0,
        passed=False,
        ended=False,
        started_at=now,
    )


def _offline_data(practice: Practice) -> dict[str, str]:
    """One draw for each version of a practice: the phone has it before the server hears of the attempt."""
    return generate_random_data(practice, practice.digest)


@dataclass(frozen=True, slots=True)
class UnsavedAttempt:
    """An attempt that is not stored yet: its row, and its compiled practice, which attempts share."""

    id: str
    row: dict[str, Any]
    compiled: CompiledPractice


def build_attempt(
    learner_id: str,
    course: str,
    lesson: str,
    practice: Practice,
    mode: Mode,
    *,
    now: datetime,
    class_id: str | None = None,
    seat: int | None = None,
    offline_id: str | None = None,
) -> UnsavedAttempt:
    """Draw the data of an attempt; stores nothing."""
    compiled = compile_practice(practice)
    attempt_id = offline_id or secrets.token_hex(16)
    row = {
        "id": attempt_id,
        "learner_id": learner_id,
        "course": course,
        "lesson": lesson,
        "practice": practice.name,
        "mode": mode,
        "model_digest": compiled.digest,
        "content_digest": practice.digest,
        "data": _offline_data(practice) if offline_id else generate_random_data(practice, secrets.token_hex(8)),
        "kept": 0,
        "state": compiled.state,
        "score": 0,
        "passed": False,
        "started_at": now,
        "last_at": now,
        "completed_at": None,
        "class_id": class_id,
        "seat": seat,
    }
    return UnsavedAttempt(attempt_id, row, compiled)


def insert_attempts(connection: Connection, attempts: Sequence[UnsavedAttempt]) -> None:
    """Store attempts, and their models. The learners' rows must be locked already."""
    save_models(connection, [attempt.compiled for attempt in attempts], now=attempts[0].row["started_at"])
    _INSERT_ATTEMPTS.execute(connection, [attempt.row for attempt in attempts])


def find_attempt(session: Session, learner_id: str, attempt_id: str) -> Attempt:
    """The learner's attempt with this id.

    Raises:
        NotFound: there is none, or it belongs to another learner.
    """
    connection = session.connection()
    row = _find_attempt_row(connection, learner_id, attempt_id)
    model = load_model(connection, row.model_digest)
    return Attempt(
        id=row.id,
        learner_id=row.learner_id,
        course=row.course,
        lesson=row.lesson,
        practice=row.practice,
        mode=Mode(row.mode),
        content_digest=row.content_digest,
        model_digest=row.model_digest,
        model=model,
        data=row.data,
        state=full_state(model, row.state),
        last_q=row.kept,
        score=row.score,
        passed=row.passed,
        ended=row.completed_at is not None,
        started_at=row.started_at,
        class_id=row.class_id,
        seat=row.seat,
    )


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """An attempt that has not ended. ``screens_left``: scored screens to do, including the present one."""

    id: str
    mode: Mode
    screens_left: int


@dataclass(frozen=True, slots=True)
class PracticeStatus:
    """What the introduction of a practice shows. ``has_followed``: an attempt in *làm theo* has ended."""

    open_attempt_id: str | None
    has_followed: bool


def find_open_attempt(
    session: Session, learner_id: str | None, course: str, lesson: str, practice: Practice | None
) -> OpenAttempt | None:
    """The learner's latest attempt at this version of the practice that has not ended."""
    if learner_id is None or practice is None:
        return None
    connection = session.connection()
    row = connection.execute(_OPEN, _practice_parameters(learner_id, course, lesson, practice)).first()
    if row is None:
        return None
    model = load_model(connection, row.model_digest)
    state = full_state(model, row.state)
    screens, present, scored = state["screens"], state["screen"], model["scored"]
    return OpenAttempt(row.id, Mode(row.mode), sum(name == present or not screens[name]["visited"] for name in scored))


def find_open_attempt_id(
    session: Session, learner_id: str | None, course: str, lesson: str, practice: Practice | None
) -> str | None:
    """The id of what ``find_open_attempt`` returns, without reading the attempt's state and the model."""
    if learner_id is None or practice is None:
        return None
    return session.connection().execute(_OPEN_ID, _practice_parameters(learner_id, course, lesson, practice)).scalar()


def practice_status(
    session: Session, learner_id: str | None, course: str, lesson: str, practice: Practice
) -> PracticeStatus:
    """Which attempts the learner has made at this version of the practice."""
    if learner_id is None:
        return PracticeStatus(None, has_followed=False)
    attempt_id = find_open_attempt_id(session, learner_id, course, lesson, practice)
    followed = (
        session.connection().execute(_FOLLOWED, _practice_parameters(learner_id, course, lesson, practice)).first()
    )
    return PracticeStatus(attempt_id, followed is not None)


def _practice_parameters(learner_id: str, course: str, lesson: str, practice: Practice) -> dict[str, str]:
    return {
        "learner_id": learner_id,
        "course": course,
        "lesson": lesson,
        "practice": practice.name,
        "content_digest": practice.digest,
    }


def read_event_log(session: Session, attempt: Attempt) -> list[list[Any]]:
    """All saved events of an attempt, in order."""
    batches = session.connection().scalars(_EVENTS, {"attempt_id": attempt.id})
    return [event for batch in batches for event in batch]


def ended_attempts_at_seat(session: Session, learner_id: str, class_id: str, seat: int) -> tuple[str, ...]:
    """The ids of the learner's ended attempts that were started at this seat of the class, oldest first."""
    parameters = {"learner_id": learner_id, "class_id": class_id, "seat": seat}
    return tuple(session.connection().scalars(_ENDED_AT_SEAT, parameters))


def _find_attempt_row(connection: Connection, learner_id: str, attempt_id: str) -> Row[Any]:
    row = connection.execute(_BY_ID, {"learner_id": learner_id, "attempt_id": attempt_id}).first()
    if row is None:
        raise NotFound(attempt_id)
    return row


_EXISTS = select(PracticeAttempt.id).where(PracticeAttempt.id == bindparam("attempt_id"))
_INSERT_ATTEMPTS = BulkStatement(insert(PracticeAttempt.__table__))
_BY_ID = select(PracticeAttempt.__table__).where(
    PracticeAttempt.id == bindparam("attempt_id"), PracticeAttempt.learner_id == bindparam("learner_id")
)
# In a class that is a rehearsal (classroom/lifecycle/rehearsals.py): the attempt counts nowhere and is deleted soon. A
# look-up by primary key, for attempts in a class only.
IN_CLASS_REHEARSAL = exists().where(
    ClassSessionRow.id == PracticeAttempt.class_id, ClassSessionRow.is_rehearsal.is_(True)
)
# What the learner's own pages know of one practice.
_AT_PRACTICE = [
    PracticeAttempt.__table__.c[name] == bindparam(name)
    for name in ("learner_id", "course", "lesson", "practice", "content_digest")
] + [~IN_CLASS_REHEARSAL]
_OPEN = (
    select(PracticeAttempt.id, PracticeAttempt.mode, PracticeAttempt.model_digest, PracticeAttempt.state)
    .where(*_AT_PRACTICE, PracticeAttempt.completed_at.is_(None))
    .order_by(PracticeAttempt.last_at.desc(), PracticeAttempt.id)
    .limit(1)
)
_OPEN_ID = _OPEN.with_only_columns(PracticeAttempt.id)
_FOLLOWED = (
    select(PracticeAttempt.id)
    .where(*_AT_PRACTICE, PracticeAttempt.mode == Mode.FOLLOW, PracticeAttempt.completed_at.is_not(None))
    .limit(1)
)
_EVENTS = select(EventBatch.events).where(EventBatch.attempt_id == bindparam("attempt_id")).order_by(EventBatch.first_q)
_ENDED_AT_SEAT = (
    select(PracticeAttempt.id)
    .where(
        PracticeAttempt.learner_id == bindparam("learner_id"),
        PracticeAttempt.class_id == bindparam("class_id"),
        PracticeAttempt.seat == bindparam("seat"),
        PracticeAttempt.completed_at.is_not(None),
    )
    .order_by(PracticeAttempt.completed_at, PracticeAttempt.id)
)
