"""Goes at a practice: beginning one, and keeping what the phone says happened in it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, insert, select, update
from sqlalchemy.orm import Session

from lms.content.model import Mode, Practice
from lms.content.practice import engine
from lms.content.practice.compiling import compile_model, draw
from lms.learning.errors import InvalidEvents, NotFound, TooLarge
from lms.learning.event_log import kept_of, own_values_only
from lms.learning.learners import touch
from lms.learning.models import EventBatch, Mark, PracticeAttempt
from lms.learning.practice_models import keep_model, load_model
from lms.learning.stages import award_mark

MOST_EVENTS_A_BATCH = 500
MOST_EVENTS = 5000  # in one attempt; a careful hour is some 600


@dataclass(frozen=True, slots=True)
class Attempt:
    """One go at one practice, as it stands. ``state`` is the engine's State as JSON after event number ``kept``."""

    id: str
    learner_id: str
    course: str
    lesson: str
    practice: str  # "" is the one that earns the mark
    mode: Mode
    content_digest: str  # of the Practice it began with; another one on the shelf now has newer texts
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


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is kept of an attempt now. ``report`` is the engine's, screen by screen; ``mark_earned`` stays true."""

    kept: int  # the last q; events up to it need not be sent again
    screen: str
    ended: bool
    passed: bool
    score: int  # 0 to 100
    mark_earned: bool  # the lesson's mark "lam" is there, from this attempt or another
    report: dict[str, Any]


def start_practice(
    session: Session,
    learner_id: str,
    course: str,
    lesson: str,
    practice: Practice,
    mode: Mode,
    *,
    now: datetime,
    class_id: str | None = None,
    seat: int | None = None,
) -> Attempt:
    """Begin a go: draw its data, and keep the practice's model so that a later edit does not disturb it.

    One that begins in a class moves its seat there; ``classroom.practising`` begins those.

    Raises:
        LearnerForgotten: she asked to be forgotten.
    """
    connection = session.connection()
    touch(connection, learner_id, now=now, course=course, lesson=lesson, stage="lam")
    model = compile_model(practice)
    values = {
        "id": secrets.token_hex(16),
        "learner_id": learner_id,
        "course": course,
        "lesson": lesson,
        "practice": practice.name,
        "mode": mode,
        "model_digest": keep_model(connection, model, now=now),
        "content_digest": practice.digest,
        "data": draw(practice, secrets.token_hex(8)),
        "kept": 0,
        "state": engine.begin(model).as_json(),
        "score": 0,
        "passed": False,
        "started_at": now,
        "last_at": now,
        "completed_at": None,
        "class_id": class_id,
        "seat": seat,
    }
    connection.execute(insert(PracticeAttempt.__table__), values)
    return find_attempt(session, learner_id, values["id"])


def find_attempt(session: Session, learner_id: str, attempt_id: str) -> Attempt:
    """Her attempt.

    Raises:
        NotFound: there is none with this id, or it is somebody else's.
    """
    connection = session.connection()
    row = _row(connection, learner_id, attempt_id)
    return Attempt(
        id=row.id,
        learner_id=row.learner_id,
        course=row.course,
        lesson=row.lesson,
        practice=row.practice,
        mode=row.mode,
        content_digest=row.content_digest,
        model=load_model(connection, row.model_digest),
        data=row.data,
        state=row.state,
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
    """A go that was begun and not ended. ``screens_left``: scored screens still to do, the present one among them."""

    id: str
    mode: Mode
    screens_left: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What the introduction of a practice says. ``followed``: one was walked to its end in *làm theo*."""

    open_id: str | None
    open_mode: Mode | None
    followed: bool


def find_open_attempt(
    session: Session, learner_id: str | None, course: str, lesson: str, practice: Practice | None
) -> OpenAttempt | None:
    """Her latest go at the practice as it is written now, if it has not ended."""
    if learner_id is None or practice is None:
        return None
    connection = session.connection()
    row = connection.execute(_OPEN, _goes_at(learner_id, course, lesson, practice)).first()
    if row is None:
        return None
    scored = load_model(connection, row.model_digest)["scored"]
    screens, here = row.state["screens"], row.state["screen"]
    return OpenAttempt(row.id, row.mode, sum(name == here or not screens[name]["visited"] for name in scored))


def standing(session: Session, learner_id: str | None, course: str, lesson: str, practice: Practice) -> Standing:
    """Whether a go of hers at the practice as it is written now waits, and whether she has followed it once."""
    if learner_id is None:
        return Standing(None, None, followed=False)
    attempt = find_open_attempt(session, learner_id, course, lesson, practice)
    followed = session.connection().execute(_FOLLOWED, _goes_at(learner_id, course, lesson, practice)).first()
    return Standing(attempt.id if attempt else None, attempt.mode if attempt else None, followed is not None)


def _goes_at(learner_id: str, course: str, lesson: str, practice: Practice) -> dict[str, str]:
    return {
        "learner_id": learner_id,
        "course": course,
        "lesson": lesson,
        "practice": practice.name,
        "content_digest": practice.digest,
    }


def keep_events(session: Session, *, learner_id: str, attempt_id: str, events: list[Any], now: datetime) -> Receipt:
    """Replay events on top of those kept, and keep what was possible.

    ``events`` as FORMAT.md says, ``[[q, t, screen, widget, action, value?], …]``, any JSON. Those kept before are
    ignored, whatever they hold; at a gap or an impossible event the log ends and what came before stays. So a batch
    may come twice, late, or from two tabs. After the end nothing is kept, and the mark is never computed again.

    Raises:
        NotFound: there is no such attempt, or it is somebody else's.
        InvalidEvents: ``events`` is no list.
        TooLarge: more than 500 events at once, or 5000 in the attempt.
        LearnerForgotten: she asked to be forgotten.
    """
    if not isinstance(events, list):
        raise InvalidEvents
    if len(events) > MOST_EVENTS_A_BATCH:
        raise TooLarge(attempt_id)
    connection = session.connection()
    touch(connection, learner_id, now=now)
    # Her row is held from here on: of two tabs the second one sees what the first one kept.
    row = _row(connection, learner_id, attempt_id)
    if row.completed_at is not None:
        return _receipt(row.kept, _verdict(connection, row), row.marked)
    model = load_model(connection, row.model_digest)
    clean = own_values_only(model, row.data, events)
    state = engine.replay(model, row.data, clean, row.mode, _state(connection, row, model)).state
    if state.q > MOST_EVENTS:
        raise TooLarge(attempt_id)
    report = engine.report(model, state, row.mode)
    if state.q > row.kept:
        _keep(connection, row, kept_of(clean, after=row.kept, upto=state.q), state, report, now)
    receipt = _receipt(state.q, report, _mark(connection, row, state, report, now))
    # In kiểm tra a score before the end would tell whoever asks after each tap that it was a trap.
    return replace(receipt, score=0) if row.mode == "kiem-tra" and not receipt.ended else receipt


def read_log(session: Session, attempt: Attempt) -> list[list[Any]]:
    """All events kept of an attempt, in order."""
    batches = session.connection().scalars(_LOG, {"attempt_id": attempt.id})
    return [event for batch in batches for event in batch]


def _receipt(kept: int, report: dict[str, Any], mark_earned: bool) -> Receipt:
    return Receipt(
        kept=kept,
        screen=report["screen"],
        ended=report["ended"],
        passed=report["passed"],
        score=report["score"],
        mark_earned=mark_earned,
        report=report,
    )


def _row(connection: Connection, learner_id: str, attempt_id: str) -> Row:
    row = connection.execute(_HERS, {"learner_id": learner_id, "attempt_id": attempt_id}).first()
    if row is None:
        raise NotFound(attempt_id)
    return row


def _state(connection: Connection, row: Row, model: dict[str, Any]) -> engine.State:
    """Where the attempt stands. A state that an older program wrote in another shape is made again from the log."""
    try:
        return engine.State.from_json(row.state)
    except ValueError:
        batches = connection.scalars(_LOG, {"attempt_id": row.id})
        return engine.replay(model, row.data, [event for batch in batches for event in batch], row.mode).state


def _verdict(connection: Connection, row: Row) -> dict[str, Any]:
    """The report of an ended attempt: screen by screen from its state, the verdict as it was given then."""
    model = load_model(connection, row.model_digest)
    report = engine.report(model, _state(connection, row, model), row.mode)
    return report | {"ended": True, "passed": row.passed, "score": row.score}


def _keep(
    connection: Connection, row: Row, events: list[Any], state: engine.State, report: dict[str, Any], now: datetime
) -> None:
    batch = {"attempt_id": row.id, "first_q": row.kept + 1, "last_q": state.q, "events": events, "kept_at": now}
    connection.execute(_KEEP, batch)
    connection.execute(
        _ADVANCE,
        {
            "attempt_id": row.id,
            "kept": state.q,
            "state": state.as_json(),
            "score": report["score"],
            "passed": report["passed"],
            "last_at": now,
            "completed_at": now if report["ended"] else None,
        },
    )


def _mark(connection: Connection, row: Row, state: engine.State, report: dict[str, Any], now: datetime) -> bool:
    if row.marked or row.practice != "" or not report["passed"]:
        return row.marked
    screens = report["screens"].values()
    evidence = {
        "mode": row.mode,
        "score": report["score"],
        "screens": len(screens),
        "right": sum(screen["score"] == 100 for screen in screens),
        "helped": sum(screen["help"] > 0 for screen in screens),
        "attempt": row.id,
        "events": state.q,
        "model": row.model_digest,
    }
    award_mark(
        connection, row.learner_id, row.course, row.lesson, "lam", evidence,
        content_digest=row.content_digest, now=now,
    )  # fmt: skip
    return True


_MARKED = exists().where(
    Mark.learner_id == PracticeAttempt.learner_id,
    Mark.course == PracticeAttempt.course,
    Mark.lesson == PracticeAttempt.lesson,
    Mark.stage == "lam",
)
_HERS = select(*PracticeAttempt.__table__.c, _MARKED.label("marked")).where(
    PracticeAttempt.id == bindparam("attempt_id"), PracticeAttempt.learner_id == bindparam("learner_id")
)
_GOES_AT = [
    PracticeAttempt.__table__.c[name] == bindparam(name)
    for name in ("learner_id", "course", "lesson", "practice", "content_digest")
]
_OPEN = (
    select(PracticeAttempt.id, PracticeAttempt.mode, PracticeAttempt.model_digest, PracticeAttempt.state)
    .where(*_GOES_AT, PracticeAttempt.completed_at.is_(None))
    .order_by(PracticeAttempt.last_at.desc(), PracticeAttempt.id)
    .limit(1)
)
_FOLLOWED = (
    select(PracticeAttempt.id)
    .where(*_GOES_AT, PracticeAttempt.mode == "lam-theo", PracticeAttempt.completed_at.is_not(None))
    .limit(1)
)
_LOG = select(EventBatch.events).where(EventBatch.attempt_id == bindparam("attempt_id")).order_by(EventBatch.first_q)
_KEEP = insert(EventBatch.__table__)
_ADVANCE = (
    update(PracticeAttempt.__table__)
    .where(PracticeAttempt.id == bindparam("attempt_id"))
    .values({name: bindparam(name) for name in ("kept", "state", "score", "passed", "last_at", "completed_at")})
)
