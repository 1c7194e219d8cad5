"""Attempts at a practice: beginning one, and finding it again. What happens in it, ``event_batches`` keeps."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select
from sqlalchemy.orm import Session

from lms.content.model import Mode, Practice
from lms.content.practice.compiling import draw
from lms.content.practice.engine import whole_state
from lms.learning.errors import NotFound
from lms.learning.practice.compiled_practices import Prepared, keep_models, load_model, prepare
from lms.learning.store.bulk import ManyRows
from lms.learning.store.locks import touch
from lms.learning.store.models import EventBatch, PracticeAttempt


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt at one practice as it stands. ``state`` is the engine's State as JSON after event number ``kept``."""

    id: str
    learner_id: str
    course: str
    lesson: str
    practice: str  # "" is the one that earns the mark
    mode: Mode
    content_digest: str  # of the Practice it began with; another one on the shelf now has newer texts
    model_digest: str
    model: dict[str, Any]  # what both engines run
    data: dict[str, str]  # the drawn values
    state: dict[str, Any]
    kept: int
    score: int  # 0 to 100
    passed: bool
    ended: bool
    started_at: datetime
    class_id: str | None = None  # begun in this class, at this seat of it
    seat: int | None = None


def start_practice(
    session: Session,
    learner_id: str,
    course: str,
    lesson: str,
    practice: Practice,
    mode: Mode,
    *,
    now: datetime,
) -> Attempt:
    """Begin an attempt: draw its data, and keep the practice's model so that a later edit does not disturb it.

    Those of a class, which move its seats, ``classroom.practising`` begins.

    Raises:
        LearnerForgotten: she asked to be forgotten.
    """
    touch(session.connection(), learner_id, now=now, course=course, lesson=lesson, stage="lam")
    attempt = new_attempt(learner_id, course, lesson, practice, mode, now=now)
    keep_attempts(session.connection(), [attempt])
    return find_attempt(session, learner_id, attempt.id)


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """An attempt that is about to be kept, as its row; ``prepared`` is what it has in common with others."""

    id: str
    row: dict[str, Any]
    prepared: Prepared


def new_attempt(
    learner_id: str,
    course: str,
    lesson: str,
    practice: Practice,
    mode: Mode,
    *,
    now: datetime,
    class_id: str | None = None,
    seat: int | None = None,
) -> NewAttempt:
    """Draw what an attempt begins with; nothing is kept yet."""
    prepared = prepare(practice)
    attempt_id = secrets.token_hex(16)
    row = {
        "id": attempt_id,
        "learner_id": learner_id,
        "course": course,
        "lesson": lesson,
        "practice": practice.name,
        "mode": mode,
        "model_digest": prepared.digest,
        "content_digest": practice.digest,
        "data": draw(practice, secrets.token_hex(8)),
        "kept": 0,
        "state": prepared.state,
        "score": 0,
        "passed": False,
        "started_at": now,
        "last_at": now,
        "completed_at": None,
        "class_id": class_id,
        "seat": seat,
    }
    return NewAttempt(attempt_id, row, prepared)


def keep_attempts(connection: Connection, attempts: Sequence[NewAttempt]) -> None:
    """Keep attempts of learners whose rows are held already, each with its practice's model."""
    keep_models(connection, [attempt.prepared for attempt in attempts], now=attempts[0].row["started_at"])
    _BEGIN.execute(connection, [attempt.row for attempt in attempts])


def find_attempt(session: Session, learner_id: str, attempt_id: str) -> Attempt:
    """Her attempt.

    Raises:
        NotFound: there is none with this id, or it is somebody else's.
    """
    connection = session.connection()
    row = _row(connection, learner_id, attempt_id)
    model = load_model(connection, row.model_digest)
    return Attempt(
        id=row.id,
        learner_id=row.learner_id,
        course=row.course,
        lesson=row.lesson,
        practice=row.practice,
        mode=row.mode,
        content_digest=row.content_digest,
        model_digest=row.model_digest,
        model=model,
        data=row.data,
        state=whole_state(model, row.state),
        kept=row.kept,
        score=row.score,
        passed=row.passed,
        ended=row.completed_at is not None,
        started_at=row.started_at,
        class_id=row.class_id,
        seat=row.seat,
    )


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """An attempt that was begun and not ended. ``screens_left``: scored screens to do, the present one among them."""

    id: str
    mode: Mode
    screens_left: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What the introduction of a practice says. ``followed``: one was walked to its end in *làm theo*."""

    open_id: str | None
    followed: bool


def find_open_attempt(
    session: Session, learner_id: str | None, course: str, lesson: str, practice: Practice | None
) -> OpenAttempt | None:
    """Her latest attempt at the practice as it is written now, if it has not ended."""
    if learner_id is None or practice is None:
        return None
    connection = session.connection()
    row = connection.execute(_OPEN, _hers_at(learner_id, course, lesson, practice)).first()
    if row is None:
        return None
    model = load_model(connection, row.model_digest)
    state = whole_state(model, row.state)
    screens, here, scored = state["screens"], state["screen"], model["scored"]
    return OpenAttempt(row.id, row.mode, sum(name == here or not screens[name]["visited"] for name in scored))


def standing(session: Session, learner_id: str | None, course: str, lesson: str, practice: Practice) -> Standing:
    """Whether an attempt of hers at the practice as it is written now waits, and whether she has followed one."""
    if learner_id is None:
        return Standing(None, followed=False)
    attempt = find_open_attempt(session, learner_id, course, lesson, practice)
    followed = session.connection().execute(_FOLLOWED, _hers_at(learner_id, course, lesson, practice)).first()
    return Standing(attempt.id if attempt else None, followed is not None)


def _hers_at(learner_id: str, course: str, lesson: str, practice: Practice) -> dict[str, str]:
    return {
        "learner_id": learner_id,
        "course": course,
        "lesson": lesson,
        "practice": practice.name,
        "content_digest": practice.digest,
    }


def read_log(session: Session, attempt: Attempt) -> list[list[Any]]:
    """All events kept of an attempt, in order."""
    batches = session.connection().scalars(_LOG, {"attempt_id": attempt.id})
    return [event for batch in batches for event in batch]


def ended_at_seat(session: Session, learner_id: str, class_id: str, seat: int) -> tuple[str, ...]:
    """The ids of her attempts that were begun at this seat of the class and have ended, the first one first."""
    hers = {"learner_id": learner_id, "class_id": class_id, "seat": seat}
    return tuple(session.connection().scalars(_ENDED_AT_SEAT, hers))


def _row(connection: Connection, learner_id: str, attempt_id: str) -> Row:
    row = connection.execute(_HERS, {"learner_id": learner_id, "attempt_id": attempt_id}).first()
    if row is None:
        raise NotFound(attempt_id)
    return row


_BEGIN = ManyRows(
    insert(PracticeAttempt.__table__),
    (
        "id", "learner_id", "course", "lesson", "practice", "mode", "model_digest", "content_digest", "data", "kept",
        "state", "score", "passed", "started_at", "last_at", "completed_at", "class_id", "seat",
    ),
)  # fmt: skip
_HERS = select(PracticeAttempt.__table__).where(
    PracticeAttempt.id == bindparam("attempt_id"), PracticeAttempt.learner_id == bindparam("learner_id")
)
_HERS_AT = [
    PracticeAttempt.__table__.c[name] == bindparam(name)
    for name in ("learner_id", "course", "lesson", "practice", "content_digest")
]
_OPEN = (
    select(PracticeAttempt.id, PracticeAttempt.mode, PracticeAttempt.model_digest, PracticeAttempt.state)
    .where(*_HERS_AT, PracticeAttempt.completed_at.is_(None))
    .order_by(PracticeAttempt.last_at.desc(), PracticeAttempt.id)
    .limit(1)
)
_FOLLOWED = (
    select(PracticeAttempt.id)
    .where(*_HERS_AT, PracticeAttempt.mode == "lam-theo", PracticeAttempt.completed_at.is_not(None))
    .limit(1)
)
_LOG = select(EventBatch.events).where(EventBatch.attempt_id == bindparam("attempt_id")).order_by(EventBatch.first_q)
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
