"""Practice events that phones send: replayed by the engine, saved, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, bindparam, exists, insert, select, update
from sqlalchemy.orm import Session

from lms.content.model import TAP_ACTIONS, Mode, Stage
from lms.content.practice import engine
from lms.content.practice.fields import SATISFIES_RULE, redact_value
from lms.learning.errors import InvalidEvents, LearnerForgotten, LearningError, NotFound, TooLarge
from lms.learning.json_types import JsonValue
from lms.learning.marks.marks import award_marks
from lms.learning.practice.attempts import IN_CLASS_REHEARSAL
from lms.learning.practice.compiled_practices import load_model
from lms.learning.store.bulk_statement import BulkInsertAndUpdate, BulkStatement
from lms.learning.store.locks import find_forgotten_learners, lock_learners_and_bump_versions
from lms.learning.store.models import EventBatch, Mark, PracticeAttempt

MAX_EVENTS_PER_POST = 500
MAX_EVENTS_PER_ATTEMPT = 5000  # a careful hour is some 600

Event = list[Any]  # [q, t, screen, widget, action, value?]


@dataclass(frozen=True, slots=True)
class EventsReceipt:
    """What is saved of an attempt after a post."""

    last_q: int  # events up to this number need not be sent again
    screen: str
    ended: bool
    passed: bool
    score: int  # 0 to 100
    mark_earned: bool  # the learner has the lesson's mark for the practice, from this attempt or another


@dataclass(frozen=True, slots=True)
class SavedEventPost:
    """The new events of one post, and the screen that they led to."""

    events: Sequence[Event]
    screen: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class AttemptProgress:
    """An attempt that has new events, for listeners. ``posts`` is not empty; ``state`` is the one after the last."""

    attempt_id: str
    class_id: str | None  # set for an attempt that was started in a class, at ``seat``
    seat: int | None
    mode: Mode
    model: dict[str, Any]
    state: engine.State
    wrong_taps: Mapping[str, int] | None  # of the whole attempt, by screen; counted in a class only
    posts: Sequence[SavedEventPost]
    row: Row[Any]  # what was read of the attempt, with the listeners' columns


@dataclass(frozen=True, slots=True, eq=False)
class PracticeEventListener:
    """What follows from new events, in the transaction that saves them.

    ``handle``: called with the attempts that have new events.
    ``columns``, of tables that are joined by ``joins`` as (table, condition): what ``handle`` needs of each attempt,
    read in the statement that reads the attempts. None of them if there is no such row; at most one row matches.
    """

    handle: Callable[[Connection, Sequence[AttemptProgress]], None]
    columns: Sequence[ColumnElement[Any]] = ()
    joins: Sequence[tuple[FromClause, ColumnElement[bool]]] = ()


_listeners: list[PracticeEventListener] = []


def add_event_listener(listener: PracticeEventListener) -> None:
    """Call ``listener`` in the transaction of every write that saves events. Adding it twice has no effect."""
    if listener not in _listeners:
        _listeners.append(listener)
        _attempts_query.cache_clear()


def save_events(
    session: Session, *, learner_id: str, attempt_id: str, events: list[Event], now: datetime
) -> EventsReceipt:
    """Replay events after those that are saved, and save the valid ones.

    ``events``: any JSON; should be ``[[q, t, screen, widget, action, value?], …]`` as docs/format.md says. Events saved
    before are ignored, whatever they say; saving stops at a gap or an impossible event. So a post may come twice,
    late, or from two tabs. Nothing is saved after the end of an attempt, and its mark is never computed again.

    Raises:
        NotFound: the learner has no such attempt.
        InvalidEvents: ``events`` is not a list.
        TooLarge: more than 500 events at once, or 5000 in the attempt.
        LearnerForgotten: the learner asked to be forgotten.
    """
    post = {"learner_id": learner_id, "attempt_id": attempt_id, "events": events, "now": now}
    [result] = save_event_batches(session, [post])
    if isinstance(result, Exception):
        raise result
    return result


def save_event_batches(session: Session, posts: Sequence[Mapping[str, Any]]) -> list[EventsReceipt | LearningError]:
    """The batch handler of ``save_events``: each post as its keyword arguments, each result a receipt or an error.

    A handful of statements, however many posts there are. Several posts to one attempt are saved one after the other.
    """
    connection = session.connection()
    # Locks the learners' rows until the commit: of two tabs, the second one sees what the first one saved.
    learner_ids = {post["learner_id"] for post in posts}
    unwritable = learner_ids - lock_learners_and_bump_versions(connection, learner_ids)
    forgotten = find_forgotten_learners(connection, sorted(unwritable))
    ids = {"ids": sorted({post["attempt_id"] for post in posts})}
    initial_states: dict[str, engine.State] = {}
    attempts = {row.id: _Attempt(connection, row, initial_states) for row in connection.execute(_attempts_query(), ids)}
    errors = [_error(post, attempts.get(post["attempt_id"]), forgotten) for post in posts]
    results = [
        error or attempts[post["attempt_id"]].replay(post["events"], post["now"])
        for post, error in zip(posts, errors, strict=True)
    ]
    _save(connection, attempts.values())
    return results


def count_wrong_taps_by_screen(
    model: Mapping[str, Any], mode: Mode, events: Iterable[Event], before: Mapping[str, int] | None
) -> dict[str, int] | None:
    """Taps on wrong buttons by screen, ``before`` and with these new events; None for none.

    Wrong are traps and buttons that lead nowhere: they cost nothing, and show that the learner does not know the way.
    Side ways count in *làm theo* only: there the page shows the button to tap. In other modes exploring is allowed, and
    a side way may even lead to the goal. Taps beside every button do not count.
    """
    taps = dict(before or {})
    wrong_arrows = ("x>", None, "->") if mode == Mode.FOLLOW else ("x>", None)  # None leads nowhere
    screens = model["screens"]
    for _, _, screen, widget, action, *_ in events:
        if action in TAP_ACTIONS and screens[screen]["widgets"][widget].get("arrow") in wrong_arrows:
            taps[screen] = taps.get(screen, 0) + 1
    return taps or None


def _error(post: Mapping[str, Any], attempt: _Attempt | None, forgotten: Collection[str]) -> LearningError | None:
    if post["learner_id"] in forgotten:
        return LearnerForgotten(post["learner_id"])
    events: JsonValue = post["events"]
    if not isinstance(events, list):
        return InvalidEvents()
    if len(events) > MAX_EVENTS_PER_POST:
        return TooLarge(post["attempt_id"])
    if attempt is None or attempt.row.learner_id != post["learner_id"]:
        return NotFound(post["attempt_id"])
    return None


class _Attempt:
    """One attempt while the posts to it are replayed; ``_save`` writes the result.

    ``initial_states``: a cache by the model's digest; most of a batch is one class at one practice.
    """

    def __init__(self, connection: Connection, row: Row[Any], initial_states: dict[str, engine.State]) -> None:
        self.row = row
        self.model = load_model(connection, row.model_digest)
        if row.model_digest not in initial_states:
            initial_states[row.model_digest] = engine.initial_state(self.model)
        self.initial_state = initial_states[row.model_digest]
        self.state = _load_state(connection, row, self.model, self.initial_state)
        self.completed_at: datetime | None = row.completed_at
        self.has_mark: bool = row.has_mark
        self.counts_towards_mark: bool = row.practice == "" and not row.is_rehearsal
        self.passed: bool = row.passed
        self.score: int = row.score
        self.wrong_taps: dict[str, int] | None = row.wrong_taps
        self.posts: list[SavedEventPost] = []
        self.new_mark: dict[str, Any] | None = None

    def replay(self, events: list[Event], now: datetime) -> EventsReceipt | TooLarge:
        row, mode, state = self.row, self.row.mode, self.state
        if self.completed_at is not None:
            # The verdict at the end is kept, even if a newer engine would count differently.
            return self._receipt(ended=True)
        redacted = _redact(self.model, row.data, events)
        before = state.q
        if before + len(redacted) > MAX_EVENTS_PER_ATTEMPT and self._count_after(redacted) > MAX_EVENTS_PER_ATTEMPT:
            return TooLarge(row.id)
        engine.replay_in_place(self.model, row.data, redacted, mode, state)
        if state.q > before:
            self._apply(_accepted(redacted, after=before, upto=state.q), now)
        receipt = self._receipt(ended=state.ended)
        # In a test the score before the end would reveal, after each tap, whether it was a trap.
        return replace(receipt, score=0) if mode == Mode.TEST and not receipt.ended else receipt

    def _count_after(self, events: list[Event]) -> int:
        return engine.replay(self.model, self.row.data, events, self.row.mode, self.state).state.q

    def _apply(self, accepted: list[Event], now: datetime) -> None:
        """Take over new events that are in ``state`` already."""
        row, state = self.row, self.state
        self.posts.append(SavedEventPost(accepted, state.screen, now))
        verdict = engine.score_report_without_screens(self.model, state, row.mode)
        self.score, self.passed = verdict["score"], verdict["passed"]
        self.completed_at = now if state.ended else None
        if self.passed and not self.has_mark and self.counts_towards_mark:
            self.has_mark, self.new_mark = True, self._mark_row(now)
        if row.class_id is not None:
            self.wrong_taps = count_wrong_taps_by_screen(self.model, row.mode, accepted, self.wrong_taps)

    def _receipt(self, *, ended: bool) -> EventsReceipt:
        state = self.state
        return EventsReceipt(state.q, state.screen, ended, self.passed, self.score, mark_earned=self.has_mark)

    def _mark_row(self, now: datetime) -> dict[str, Any]:
        row, report = self.row, engine.score_report(self.model, self.state, self.row.mode)
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
            "stage": Stage.PRACTICE,
            "evidence": evidence,
            "content_digest": row.content_digest,
            "earned_at": now,
        }

    def event_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "attempt_id": self.row.id,
                "first_q": post.events[0][0],
                "last_q": post.events[-1][0],
                "events": post.events,
                "kept_at": post.saved_at,
            }
            for post in self.posts
        ]

    def attempt_row(self) -> dict[str, Any]:
        """The changed columns of the attempt."""
        return {
            "attempt_id": self.row.id,
            "kept": self.state.q,
            "state": self.state.as_stored(self.initial_state),
            "score": self.score,
            "passed": self.passed,
            "wrong_taps": self.wrong_taps,
            "last_at": self.posts[-1].saved_at,
            "completed_at": self.completed_at,
        }

    def progress(self) -> AttemptProgress:
        row = self.row
        return AttemptProgress(
            row.id, row.class_id, row.seat, row.mode, self.model, self.state, self.wrong_taps, self.posts, row
        )


def _redact(model: dict[str, Any], data: Mapping[str, str], events: list[Event]) -> list[Event]:
    """Copy events, with each typed text as ``redact_value`` gives it.

    Events of the wrong shape are left as they are: the engine rejects them.
    """
    harmless = {*data.values(), SATISFIES_RULE}  # a shortcut for nearly every event of our page
    return [
        [*event[:5], redact_value(model, data, event[2], event[3], event[5])]
        if _has_typed_text(event) and event[5] not in harmless
        else event
        for event in events
    ]


def _has_typed_text(event: JsonValue) -> bool:
    return isinstance(event, list) and len(event) == 6 and event[4] == "type" and isinstance(event[5], str)


def _accepted(events: list[Event], *, after: int, upto: int) -> list[Event]:
    """The events that the engine accepted, numbers ``after`` + 1 to ``upto``, with integers and a finite ``t``."""
    accepted: list[Event] = []
    expected = after + 1
    for event in events:
        if expected > upto:
            break
        if event[0] == expected:
            _, t, screen, widget, action, *value = event
            accepted.append([expected, _finite(t), screen, int(widget), action, *value])
            expected += 1
    return accepted


def _finite(t: float) -> int | float:
    """Milliseconds that are valid JSON: 0 for NaN and negative numbers, the engine's maximum for infinity."""
    return 0 if t != t or t < 0 else min(t, engine.MAX_TIME)


def _load_state(
    connection: Connection, row: Row[Any], model: dict[str, Any], initial_state: engine.State
) -> engine.State:
    """The state of the attempt. One that an older version of the program stored is rebuilt from the events."""
    try:
        return engine.State.resumed(row.state, initial_state)
    except ValueError:
        batches = connection.scalars(_EVENTS, {"attempt_id": row.id})
        return engine.replay(model, row.data, [event for batch in batches for event in batch], row.mode).state


def _save(connection: Connection, attempts: Iterable[_Attempt]) -> None:
    changed = [attempt for attempt in attempts if attempt.posts]
    if not changed:
        return
    changed.sort(key=lambda attempt: attempt.row.id)  # the lock order of rows of one kind
    saved = [(attempt, attempt.event_rows()) for attempt in changed]
    earlier = [row for _, rows in saved for row in rows[:-1]]  # of several posts to one attempt
    if earlier:
        _INSERT_EVENTS.execute(connection, earlier)
    _INSERT_AND_UPDATE.execute(connection, [rows[-1] | attempt.attempt_row() for attempt, rows in saved])
    new_marks = [attempt.new_mark for attempt in changed if attempt.new_mark is not None]
    if new_marks:
        award_marks(connection, new_marks)
    progress = [attempt.progress() for attempt in changed]
    for listener in _listeners:
        listener.handle(connection, progress)


@cache
def _attempts_query() -> Select[Any]:
    """The attempts of some ids, with what the listeners want to know."""
    query = _ATTEMPTS.add_columns(*(column for listener in _listeners for column in listener.columns))
    for table, condition in (join for listener in _listeners for join in listener.joins):
        query = query.outerjoin(table, condition)
    return query


_HAS_MARK = exists().where(
    Mark.learner_id == PracticeAttempt.learner_id,
    Mark.course == PracticeAttempt.course,
    Mark.lesson == PracticeAttempt.lesson,
    Mark.stage == Stage.PRACTICE,
)
_READ_COLUMNS = (
    "id", "learner_id", "course", "lesson", "practice", "mode", "model_digest", "content_digest", "data", "state",
    "score", "passed", "wrong_taps", "completed_at", "class_id", "seat",
)  # fmt: skip
_ATTEMPTS = (
    select(
        *(PracticeAttempt.__table__.c[name] for name in _READ_COLUMNS),
        _HAS_MARK.label("has_mark"),
        IN_CLASS_REHEARSAL.label("is_rehearsal"),
    )
    .select_from(PracticeAttempt.__table__)
    .where(PracticeAttempt.id.in_(bindparam("ids", expanding=True)))
)
_EVENTS = select(EventBatch.events).where(EventBatch.attempt_id == bindparam("attempt_id")).order_by(EventBatch.first_q)
_EVENT_COLUMNS = ("attempt_id", "first_q", "last_q", "events", "kept_at")
_INSERT = insert(EventBatch.__table__).values({name: bindparam(name) for name in _EVENT_COLUMNS})
_INSERT_EVENTS = BulkStatement(_INSERT)
_WRITTEN_COLUMNS = ("kept", "state", "score", "passed", "wrong_taps", "last_at", "completed_at")
_INSERT_AND_UPDATE = BulkInsertAndUpdate(
    _INSERT,
    update(PracticeAttempt.__table__)
    .where(PracticeAttempt.id == bindparam("attempt_id"))
    .values({name: bindparam(name) for name in _WRITTEN_COLUMNS}),
)
