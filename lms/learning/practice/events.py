"""What phones say happened in a practice: replayed, kept, and the marks and seats that follow, for many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, insert, select, update
from sqlalchemy.orm import Session

from lms.content.practice import engine
from lms.learning.classroom.practice.seat_progress import PLACE, Place, move_seats, with_wrong_taps
from lms.learning.errors import InvalidEvents, LearnerForgotten, LearningError, NotFound, TooLarge
from lms.learning.marks.marks import award_marks
from lms.learning.practice.compiled_practices import load_model
from lms.learning.practice.event_redaction import kept_of, own_values_only
from lms.learning.store.bulk import ManyRows
from lms.learning.store.locks import hold, raise_versions
from lms.learning.store.models import ClassRow, ClassSeat, EventBatch, Mark, PracticeAttempt

MOST_EVENTS_A_BATCH = 500
MOST_EVENTS = 5000  # in one attempt; a careful hour is some 600


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is kept of an attempt now. ``mark_earned`` stays true."""

    kept: int  # the last q; events up to it need not be sent again
    screen: str
    ended: bool
    passed: bool
    score: int  # 0 to 100
    mark_earned: bool  # the lesson's mark "lam" is there, from this attempt or another


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
    # Their rows are held from here on: of two tabs the second one sees what the first one kept.
    forgotten = hold(connection, {post["learner_id"] for post in posts})
    ids = {"ids": sorted({post["attempt_id"] for post in posts})}
    starts: dict[str, engine.State] = {}
    attempts = {row.id: _Attempt(connection, row, starts) for row in connection.execute(_ATTEMPTS, ids)}
    refused = [_refusal(post, attempts.get(post["attempt_id"]), forgotten) for post in posts]
    raise_versions(connection, [post["learner_id"] for post, no in zip(posts, refused, strict=True) if no is None])
    results = [
        refusal or attempts[post["attempt_id"]].take(post["events"], post["now"])
        for post, refusal in zip(posts, refused, strict=True)
    ]
    _keep(connection, attempts.values())
    return results


def _refusal(post: Mapping[str, Any], attempt: _Attempt | None, forgotten: Collection[str]) -> LearningError | None:
    if post["learner_id"] in forgotten:
        return LearnerForgotten(post["learner_id"])
    if not isinstance(post["events"], list):
        return InvalidEvents()
    if len(post["events"]) > MOST_EVENTS_A_BATCH:
        return TooLarge(post["attempt_id"])
    if attempt is None or attempt.row.learner_id != post["learner_id"]:
        return NotFound(post["attempt_id"])
    return None


class _Attempt:
    """One attempt while posts to it are taken; ``_keep`` writes what came of them.

    ``starts``: where attempts begin, by the model's digest; a batch is mostly one class at one practice.
    """

    def __init__(self, connection: Connection, row: Row[Any], starts: dict[str, engine.State]) -> None:
        self.row = row
        self.model = load_model(connection, row.model_digest)
        if row.model_digest not in starts:
            starts[row.model_digest] = engine.begin(self.model)
        self.start = starts[row.model_digest]
        self.state = _state(connection, row, self.model, self.start)
        self.completed_at = row.completed_at
        self.marked = row.marked
        self.passed = row.passed
        self.score = row.score
        self.wrong_taps = row.wrong_taps
        self.batches: list[dict[str, Any]] = []
        self.earned: dict[str, Any] | None = None
        # Only the seat that is at this attempt now, in a class that is not over, moves with it.
        self.place: Place | None = None
        if row.at_been is not None:
            self.place = Place(row.at_screen, row.at_since, row.at_been, row.at_done, row.at_settled)
        self.move: dict[str, Any] | None = None

    def take(self, events: list[Any], now: datetime) -> Receipt | TooLarge:
        row, mode, state = self.row, self.row.mode, self.state
        if self.completed_at is not None:
            # The verdict is what was given at the end, whatever engine counts today.
            return self._receipt(ended=True)
        clean = own_values_only(self.model, row.data, events)
        before = state.q
        if before + len(clean) > MOST_EVENTS and self._would_reach(clean) > MOST_EVENTS:
            return TooLarge(row.id)
        engine.replay_on(self.model, row.data, clean, mode, state)
        if state.q > before:
            self._go_on(kept_of(clean, after=before, upto=state.q), now)
        receipt = self._receipt(ended=state.ended)
        # In kiểm tra a score before the end would tell whoever asks after each tap that it was a trap.
        return replace(receipt, score=0) if mode == "kiem-tra" and not receipt.ended else receipt

    def _would_reach(self, events: list[Any]) -> int:
        return engine.replay(self.model, self.row.data, events, self.row.mode, self.state).state.q

    def _go_on(self, kept: list[Any], now: datetime) -> None:
        """Keep these events, which ``state`` has in it already."""
        row, state = self.row, self.state
        self.batches.append(
            {"attempt_id": row.id, "first_q": kept[0][0], "last_q": state.q, "events": kept, "kept_at": now}
        )
        verdict = engine.verdict(self.model, state, row.mode)
        self.score, self.passed = verdict["score"], verdict["passed"]
        self.completed_at = now if state.ended else None
        if self.passed and not self.marked and row.practice == "":
            self.marked, self.earned = True, self._mark(now)
        if row.class_id is not None:
            self.wrong_taps = with_wrong_taps(self.model, row.mode, kept, self.wrong_taps)
        if self.place is not None:
            columns = self.place.moved(self.model, row.mode, kept, state, self.wrong_taps, now)
            self.place = replace(self.place, **{name: columns[name] for name in PLACE})
            self.move = columns | {"class_id": row.class_id, "seat": row.seat, "attempt_id": row.id}

    def _receipt(self, *, ended: bool) -> Receipt:
        state = self.state
        return Receipt(state.q, state.screen, ended, self.passed, self.score, mark_earned=self.marked)

    def _mark(self, now: datetime) -> dict[str, Any]:
        row, report = self.row, engine.report(self.model, self.state, self.row.mode)
        screens = report["screens"].values()
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
        """What was gone on with, as the attempt's new columns."""
        last = self.batches[-1]
        return {
            "attempt_id": self.row.id,
            "kept": self.state.q,
            "state": self.state.as_kept(self.start),
            "score": self.score,
            "passed": self.passed,
            "wrong_taps": self.wrong_taps,
            "last_at": last["kept_at"],
            "completed_at": self.completed_at,
        }


def _state(connection: Connection, row: Row[Any], model: dict[str, Any], start: engine.State) -> engine.State:
    """Where the attempt stands. A state that an older program wrote in another shape is made again from the log."""
    try:
        return engine.State.from_kept(row.state, start)
    except ValueError:
        batches = connection.scalars(_LOG, {"attempt_id": row.id})
        return engine.replay(model, row.data, [event for batch in batches for event in batch], row.mode).state


def _keep(connection: Connection, attempts: Iterable[_Attempt]) -> None:
    went = [attempt for attempt in attempts if attempt.batches]
    if not went:
        return
    went.sort(key=lambda attempt: attempt.row.id)  # in one order for everybody, as whoever holds several rows
    _KEEP.execute(connection, [batch for attempt in went for batch in attempt.batches])
    _ADVANCE.execute(connection, [attempt.advanced() for attempt in went])
    earned = [attempt.earned for attempt in went if attempt.earned is not None]
    if earned:
        award_marks(connection, earned)
    move_seats(connection, [attempt.move for attempt in went if attempt.move is not None])


_MARKED = exists().where(
    Mark.learner_id == PracticeAttempt.learner_id,
    Mark.course == PracticeAttempt.course,
    Mark.lesson == PracticeAttempt.lesson,
    Mark.stage == "lam",
)
_OPEN = exists().where(ClassRow.id == PracticeAttempt.class_id, ClassRow.closed_at.is_(None))
_OF_ATTEMPT = (
    "id", "learner_id", "course", "lesson", "practice", "mode", "model_digest", "content_digest", "data", "state",
    "score", "passed", "wrong_taps", "completed_at", "class_id", "seat",
)  # fmt: skip
_ATTEMPTS = (
    select(
        *(PracticeAttempt.__table__.c[name] for name in _OF_ATTEMPT),
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
    .where(PracticeAttempt.id.in_(bindparam("ids", expanding=True)))
)
_LOG = select(EventBatch.events).where(EventBatch.attempt_id == bindparam("attempt_id")).order_by(EventBatch.first_q)
_KEEP = ManyRows(insert(EventBatch.__table__), ("attempt_id", "first_q", "last_q", "events", "kept_at"))
_ADVANCED = ("kept", "state", "score", "passed", "wrong_taps", "last_at", "completed_at")
_ADVANCE = ManyRows(
    update(PracticeAttempt.__table__)
    .where(PracticeAttempt.id == bindparam("attempt_id"))
    .values({name: bindparam(name) for name in _ADVANCED}),
    ("attempt_id", *_ADVANCED),
)
