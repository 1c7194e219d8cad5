"""What phones say happened in a practice: replayed, kept, and the marks and seats that follow, for many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, insert, select, update
from sqlalchemy.orm import Session

from lms.content.practice import engine
from lms.learning.classroom.position import PLACE, Place, move_seats, with_traps
from lms.learning.errors import InvalidEvents, LearnerForgotten, LearningError, NotFound, TooLarge
from lms.learning.event_log import kept_of, own_values_only
from lms.learning.learners import forgotten_among, touch_all
from lms.learning.models import ClassRow, ClassSeat, EventBatch, Mark, PracticeAttempt
from lms.learning.practice_models import load_model
from lms.learning.stages import award_marks

MOST_EVENTS_A_BATCH = 500
MOST_EVENTS = 5000  # in one attempt; a careful hour is some 600


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


def keep_events(session: Session, *, learner_id: str, attempt_id: str, events: list[Any], now: datetime) -> Receipt:
    """Replay events on top of those kept, and keep what was possible. In a class the seat moves with them.

    ``events`` as FORMAT.md says, ``[[q, t, screen, widget, action, value?], …]``, any JSON. Those kept before are
    ignored, whatever they hold; at a gap or an impossible event the log ends and what came before stays. So a batch
    may come twice, late, or from two tabs. After the end nothing is kept, and the mark is never computed again.

    Raises:
        NotFound: there is no such attempt, or it is somebody else's.
        InvalidEvents: ``events`` is no list.
        TooLarge: more than 500 events at once, or 5000 in the attempt.
        LearnerForgotten: she asked to be forgotten.
    """
    plain = {"learner_id": learner_id, "attempt_id": attempt_id, "events": events, "now": now}
    [kept] = keep_event_batches(session, [plain])
    if isinstance(kept, Exception):
        raise kept
    return kept


def keep_event_batches(session: Session, posts: Sequence[Mapping[str, Any]]) -> list[Receipt | LearningError]:
    """``keep_events`` for many posts at once, each as its keyword arguments; a refusal stands where the result would.

    A handful of statements however many there are. Several posts to one attempt are kept one after the other.
    """
    connection = session.connection()
    known = {"ids": sorted({post["attempt_id"] for post in posts})}
    owners = dict(connection.execute(_OWNERS, known).all())
    strangers = [post["learner_id"] for post in posts if owners.get(post["attempt_id"]) != post["learner_id"]]
    gone = forgotten_among(connection, strangers)
    refused = [_refusal(post, owners, gone) for post in posts]
    theirs = [post for post, refusal in zip(posts, refused, strict=True) if refusal is None]
    nowhere = {"course": None, "lesson": None, "stage": None}
    # Their rows are held from here on: of two tabs the second one sees what the first one kept.
    welcome = touch_all(connection, [nowhere | post for post in theirs])
    goes = {row.id: _Go(connection, row) for row in connection.execute(_GOES, known)} if welcome else {}
    results: list[Receipt | LearningError] = []
    for post, refusal in zip(posts, refused, strict=True):
        if refusal is None and post["learner_id"] not in welcome:
            refusal = LearnerForgotten(post["learner_id"])
        results.append(refusal or goes[post["attempt_id"]].take(post["events"], post["now"]))
    _keep(connection, goes.values())
    return results


def _refusal(post: Mapping[str, Any], owners: Mapping[str, str], gone: Collection[str]) -> LearningError | None:
    if post["learner_id"] in gone:
        return LearnerForgotten(post["learner_id"])
    if not isinstance(post["events"], list):
        return InvalidEvents()
    if len(post["events"]) > MOST_EVENTS_A_BATCH:
        return TooLarge(post["attempt_id"])
    if owners.get(post["attempt_id"]) != post["learner_id"]:
        return NotFound(post["attempt_id"])
    return None


class _Go:
    """One attempt while posts to it are taken; ``_keep`` writes what came of them."""

    def __init__(self, connection: Connection, row: Row[Any]) -> None:
        self.row = row
        self.model = load_model(connection, row.model_digest)
        self.state = _state(connection, row, self.model)
        self.completed_at = row.completed_at
        self.marked = row.marked
        self.passed = row.passed
        self.score = row.score
        self.traps = row.traps
        self.batches: list[dict[str, Any]] = []
        self.earned: dict[str, Any] | None = None
        self.last_at = row.last_at
        # Only the seat that is at this attempt now, in a class that is not over, moves with it.
        self.place: Place | None = None
        if row.at_been is not None:
            self.place = Place(row.at_screen, row.at_since, row.at_been, row.at_done, row.at_settled)
        self.move: dict[str, Any] | None = None

    def take(self, events: list[Any], now: datetime) -> Receipt | TooLarge:
        row, mode = self.row, self.row.mode
        if self.completed_at is not None:
            # The verdict is what was given at the end, whatever engine counts today.
            told = {"ended": True, "passed": self.passed, "score": self.score}
            return self._receipt(engine.report(self.model, self.state, mode) | told)
        clean = own_values_only(self.model, row.data, events)
        state = engine.replay(self.model, row.data, clean, mode, self.state).state
        if state.q > MOST_EVENTS:
            return TooLarge(row.id)
        report = engine.report(self.model, state, mode)
        if state.q > self.state.q:
            self._go_on(kept_of(clean, after=self.state.q, upto=state.q), state, report, now)
        receipt = self._receipt(report)
        # In kiểm tra a score before the end would tell whoever asks after each tap that it was a trap.
        return replace(receipt, score=0) if mode == "kiem-tra" and not receipt.ended else receipt

    def _go_on(self, kept: list[Any], state: engine.State, report: dict[str, Any], now: datetime) -> None:
        row = self.row
        first_q = self.state.q + 1
        self.batches.append(
            {"attempt_id": row.id, "first_q": first_q, "last_q": state.q, "events": kept, "kept_at": now}
        )
        self.state, self.last_at = state, now
        self.score, self.passed = report["score"], report["passed"]
        self.completed_at = now if report["ended"] else None
        if not self.marked and row.practice == "" and report["passed"]:
            self.marked, self.earned = True, self._mark(report, now)
        if row.class_id is not None:
            self.traps = with_traps(self.model, kept, self.traps)
        if self.place is not None:
            columns = self.place.moved(self.model, row.mode, kept, state, self.traps, now)
            self.place = replace(self.place, **{name: columns[name] for name in PLACE})
            self.move = columns | {"class_id": row.class_id, "seat": row.seat, "attempt_id": row.id}

    def _receipt(self, report: dict[str, Any]) -> Receipt:
        return Receipt(
            kept=self.state.q,
            screen=report["screen"],
            ended=report["ended"],
            passed=report["passed"],
            score=report["score"],
            mark_earned=self.marked,
            report=report,
        )

    def _mark(self, report: dict[str, Any], now: datetime) -> dict[str, Any]:
        row, screens = self.row, report["screens"].values()
        evidence = {
            "mode": row.mode,
            "score": report["score"],
            "screens": len(screens),
            "right": sum(screen["score"] == 100 for screen in screens),
            "helped": sum(screen["help"] > 0 for screen in screens),
            "attempt": row.id,
            "events": self.state.q,
            "model": row.model_digest,
        }
        return {
            "learner_id": row.learner_id,
            "course": row.course,
            "lesson": row.lesson,
            "stage": "lam",
            "evidence": evidence,
            "content_digest": row.content_digest,
            "earned_at": now,
        }

    def advanced(self) -> dict[str, Any]:
        return {
            "attempt_id": self.row.id,
            "kept": self.state.q,
            "state": self.state.as_json(),
            "score": self.score,
            "passed": self.passed,
            "traps": self.traps,
            "last_at": self.last_at,
            "completed_at": self.completed_at,
        }


def _state(connection: Connection, row: Row[Any], model: dict[str, Any]) -> engine.State:
    """Where the attempt stands. A state that an older program wrote in another shape is made again from the log."""
    try:
        return engine.State.from_json(row.state)
    except ValueError:
        batches = connection.scalars(_LOG, {"attempt_id": row.id})
        return engine.replay(model, row.data, [event for batch in batches for event in batch], row.mode).state


def _keep(connection: Connection, goes: Iterable[_Go]) -> None:
    went = [go for go in goes if go.batches]
    if not went:
        return
    connection.execute(_KEEP, [batch for go in went for batch in go.batches])
    connection.execute(_ADVANCE, [go.advanced() for go in went])
    earned = [go.earned for go in went if go.earned is not None]
    if earned:
        award_marks(connection, earned)
    move_seats(connection, [go.move for go in went if go.move is not None])


_MARKED = exists().where(
    Mark.learner_id == PracticeAttempt.learner_id,
    Mark.course == PracticeAttempt.course,
    Mark.lesson == PracticeAttempt.lesson,
    Mark.stage == "lam",
)
_THESE = PracticeAttempt.id.in_(bindparam("ids", expanding=True))
_OWNERS = select(PracticeAttempt.id, PracticeAttempt.learner_id).where(_THESE)
_OPEN = exists().where(ClassRow.id == PracticeAttempt.class_id, ClassRow.closed_at.is_(None))
_GOES = (
    select(
        *PracticeAttempt.__table__.c,
        _MARKED.label("marked"),
        ClassSeat.screen.label("at_screen"),
        ClassSeat.screen_since.label("at_since"),
        ClassSeat.been.label("at_been"),
        ClassSeat.done.label("at_done"),
        ClassSeat.settled.label("at_settled"),
    )
    .outerjoin(
        ClassSeat,
        (ClassSeat.class_id == PracticeAttempt.class_id)
        & (ClassSeat.number == PracticeAttempt.seat)
        & (ClassSeat.attempt_id == PracticeAttempt.id)
        & _OPEN,
    )
    .where(_THESE)
)
_LOG = select(EventBatch.events).where(EventBatch.attempt_id == bindparam("attempt_id")).order_by(EventBatch.first_q)
_KEEP = insert(EventBatch.__table__)
_ADVANCE = (
    update(PracticeAttempt.__table__)
    .where(PracticeAttempt.id == bindparam("attempt_id"))
    .values(
        {name: bindparam(name) for name in ("kept", "state", "score", "passed", "traps", "last_at", "completed_at")}
    )
)
