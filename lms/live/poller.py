"""A thread that polls the database for changes in the classes that are watched here, and passes them to the hub."""

from __future__ import annotations

import functools
import logging
import threading
import time
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lms.content.catalog import Catalog
from lms.content.model import Question
from lms.learning.classroom.access.projectors import NO_PROJECTORS, PairedProjectors, count_paired_projectors
from lms.learning.classroom.display import snapshots, stream_queries
from lms.learning.classroom.display.snapshots import ClassView
from lms.learning.classroom.session.seat_store import Seat
from lms.learning.classroom.session.stream_tokens import Role, StreamToken
from lms.learning.store.database import read_sessions
from lms.live.hub import Hub
from lms.live.poll_result import PollResult, RoleUpdate, SeatUpdate, Snapshot, make_snapshot

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5  # between two polls of the classes' versions
SEAT_POLL_SECONDS = 1.0  # between two polls for changed seats, and for projectors that came or went
# From one full read of a class until the next is due: minutes in its snapshots go on, and a change that a slow clock
# stamped may have been missed.
FULL_READ_SECONDS = 10.0
TOKEN_CHECK_SECONDS = 2.0  # until a token is checked again
STOP_SECONDS = 5.0  # that a stop of the server waits for a poll in progress
_MAX_SOLUTIONS = 1000  # right answers that are kept, of some 2 KB each
_MIN_PAUSE_SECONDS = 0.05  # the shortest pause between two polls, so that one serves all clients that come together
_OVERLAP_MILLISECONDS = 3_000  # the longest time from a change of a seat to its commit, plus the clocks' difference


class SeatState(Protocol):
    """What the poller knows of a seat. ``version`` grows with each change; ``changed_at`` is in milliseconds."""

    @property
    def class_id(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def version(self) -> int: ...
    @property
    def changed_at(self) -> int: ...
    @property
    def removed(self) -> bool: ...
    @property
    def holder(self) -> int: ...  # as in stream tokens


class Poll(Protocol):
    """The queries of one poll. ``known``: versions of seats by (class, number)."""

    def versions(self) -> Mapping[str, int]: ...
    def classes(self, class_ids: Collection[str]) -> Mapping[str, Any]: ...
    def seats(self, class_ids: Collection[str]) -> Iterable[Any]: ...
    def changed_seats(
        self, class_ids: Collection[str], since: int, known: Mapping[tuple[str, int], int]
    ) -> Iterable[Any]: ...
    def projectors(self, class_ids: Collection[str]) -> Mapping[str, PairedProjectors]: ...
    def revoked_tokens(self, tokens: Iterable[StreamToken]) -> set[StreamToken]: ...


class ClassSource(Protocol):
    """Where the poller reads classes. ``draw`` and ``draw_seat`` give what a role sees, as JSON-able dicts.

    ``seat_basis``: what ``draw_seat`` takes from the class; all its seats are drawn again when that has changed.
    """

    def poll(self) -> AbstractContextManager[Poll]: ...
    def draw(self, role: Role, view: Any, seats: Sequence[Any], projectors: PairedProjectors) -> dict[str, Any]: ...
    def draw_seat(self, view: Any, seat: Any) -> dict[str, Any]: ...
    def seat_basis(self, view: Any) -> Hashable: ...


@dataclass(slots=True)
class _ClassState:
    """What the last polls read of a class, and what was sent of it."""

    version: int = -1
    view: Any = None
    fully_read_at: float = float("-inf")
    seats: dict[int, SeatState] = field(default_factory=dict[int, SeatState])
    seat_basis: Hashable = None  # with which the seats were drawn
    projectors: PairedProjectors = NO_PROJECTORS  # only read where a desk is watched
    changed_seats: set[int] = field(default_factory=set[int])  # numbers of seats that changed since they were drawn
    sent: dict[Role, Snapshot] = field(default_factory=dict[Role, Snapshot])
    sent_seats: dict[int, SeatUpdate] = field(default_factory=dict[int, SeatUpdate])


class Poller:
    """Polls what ``hub`` watches, and gives it each result."""

    def __init__(self, source: ClassSource, hub: Hub) -> None:
        self._source = source
        self._hub = hub
        self._states: dict[str, _ClassState] = {}
        self._seat_versions: dict[tuple[str, int], int] = {}
        self._latest_change = 0  # of a seat, in milliseconds
        self._seats_polled_at = float("-inf")
        self._projectors_polled_at = float("-inf")
        self._token_checked_at: dict[StreamToken, float] = {}
        self._wake = threading.Event()
        self._stopping = False
        self._reads_all = False
        self._thread = threading.Thread(target=self._run, name="poller", daemon=True)
        hub.wake_poller = self._wake.set

    def start(self) -> None:
        self._thread.start()

    def read_all(self) -> None:
        """Read all classes fully in the next poll, which comes at once. From any thread."""
        self._reads_all = True
        self._wake.set()

    def stop(self) -> None:
        """Stop after the poll in progress, and leave one behind that waits for a database that does not answer."""
        self._stopping = True
        self._wake.set()
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopping:
            started = time.monotonic()
            try:
                self.poll(started)
            except Exception:
                # Streams stay open and silent until the database is back; then all get the state of that moment.
                log.exception("cannot read the classes; retrying")
                self._states.clear()
            time.sleep(_MIN_PAUSE_SECONDS)
            self._wake.wait(max(0.0, POLL_SECONDS - (time.monotonic() - started)))
            self._wake.clear()

    def poll(self, now: float) -> None:
        """Poll once. ``now`` in seconds on the monotonic clock."""
        subscribed, recheck, tokens = self._hub.subscribed_classes, self._hub.recheck, self._due_stream_tokens(now)
        self._forget_unsubscribed(subscribed)
        for class_id, role in self._hub.unread_channels:
            self._forget_sent(class_id, role)
        if not subscribed and not tokens:
            return
        with self._source.poll() as poll:
            revoked = frozenset(poll.revoked_tokens(tokens)) if tokens else frozenset[StreamToken]()
            changed = self._read_changes(poll, subscribed, recheck, now) if subscribed else set[str]()
        missing = frozenset(class_id for class_id in changed if self._states[class_id].view is None)
        updates = [
            update for class_id in changed - missing for update in self._draw_snapshots(class_id, subscribed[class_id])
        ]
        self._forget_unsubscribed(subscribed.keys() - missing)
        if updates or recheck or missing or tokens:
            valid = frozenset(tokens) - revoked
            self._hub.apply_threadsafe(PollResult(tuple(updates), recheck, missing, valid, revoked))

    def _forget_unsubscribed(self, subscribed: Collection[str]) -> None:
        forgotten = self._states.keys() - subscribed
        for class_id in forgotten:
            del self._states[class_id]
        if forgotten:
            self._seat_versions = {key: value for key, value in self._seat_versions.items() if key[0] not in forgotten}

    def _due_stream_tokens(self, now: float) -> list[StreamToken]:
        tokens = self._hub.revocable_tokens
        checked = {token: at for token, at in self._token_checked_at.items() if token in tokens}
        due = [token for token in tokens if now - checked.get(token, float("-inf")) >= TOKEN_CHECK_SECONDS]
        self._token_checked_at = checked | dict.fromkeys(due, now)
        return due

    def _forget_sent(self, class_id: str, role: Role) -> None:
        state = self._states.get(class_id)
        if state is not None and state.sent.pop(role, None) and role == "phone":
            state.sent_seats.clear()

    def _read_changes(
        self, poll: Poll, subscribed: Mapping[str, frozenset[Role]], recheck: Collection[str], now: float
    ) -> set[str]:
        """Read what has changed; return the ids of the classes to draw again."""
        # Read the versions before the rows, so that a change in between is read twice and never missed. Compare them
        # for equality and not for order: a version that is committed late would be lost.
        versions = poll.versions()
        for class_id in subscribed:
            self._states.setdefault(class_id, _ClassState())
        to_read_fully = self._classes_to_read_fully(subscribed, recheck, now)
        changed = {
            class_id
            for class_id in subscribed.keys() & versions.keys()
            if versions[class_id] != self._states[class_id].version
        }
        if to_read_fully or changed:
            views = poll.classes(to_read_fully | changed)
            for class_id in to_read_fully | changed:
                self._states[class_id].view = views.get(class_id)
                self._states[class_id].version = versions.get(class_id, -1)
        with_changed_seats = {seat.class_id for seat in self._read_seats(poll, subscribed.keys(), to_read_fully, now)}
        with_changed_projectors = self._read_projectors(poll, subscribed, to_read_fully, now)
        return to_read_fully | changed | with_changed_seats | with_changed_projectors

    def _classes_to_read_fully(
        self, subscribed: Mapping[str, frozenset[Role]], recheck: Collection[str], now: float
    ) -> set[str]:
        new = {
            class_id
            for class_id, roles in subscribed.items()
            if class_id in recheck or not roles <= self._states[class_id].sent.keys()
        }
        due = [
            class_id
            for class_id in subscribed
            if now - self._states[class_id].fully_read_at >= FULL_READ_SECONDS and class_id not in new
        ]
        if self._reads_all:
            self._reads_all = False
            new = new.union(subscribed)
        # A few in each poll; otherwise classes that started together would always be read together.
        due.sort(key=lambda class_id: self._states[class_id].fully_read_at)
        chosen = new.union(due[: 1 + len(subscribed) // 16])
        for class_id in chosen:
            self._states[class_id].fully_read_at = now
        return chosen

    def _read_seats(
        self, poll: Poll, class_ids: Collection[str], to_read_fully: Collection[str], now: float
    ) -> list[SeatState]:
        """The seats that have changed, of the classes that are read fully and, once a second, of all others."""
        changed = [seat for seat in poll.seats(to_read_fully) if self._record_seat(seat)] if to_read_fully else []
        if now - self._seats_polled_at >= SEAT_POLL_SECONDS:
            self._seats_polled_at = now
            since = self._latest_change - _OVERLAP_MILLISECONDS
            changed += [
                seat for seat in poll.changed_seats(class_ids, since, self._seat_versions) if self._record_seat(seat)
            ]
        return changed

    def _read_projectors(
        self, poll: Poll, subscribed: Mapping[str, frozenset[Role]], to_read_fully: set[str], now: float
    ) -> set[str]:
        """The classes whose projectors came or went, of those that are read fully and, once a second, of all others."""
        with_desk = {class_id for class_id, roles in subscribed.items() if "desk" in roles}
        if now - self._projectors_polled_at >= SEAT_POLL_SECONDS:
            self._projectors_polled_at = now
        else:
            with_desk &= to_read_fully
        projectors = {**dict.fromkeys(with_desk, NO_PROJECTORS), **(poll.projectors(with_desk) if with_desk else {})}
        changed = {class_id for class_id in with_desk if projectors[class_id] != self._states[class_id].projectors}
        for class_id in changed:
            self._states[class_id].projectors = projectors[class_id]
        return changed

    def _record_seat(self, seat: SeatState) -> bool:
        """Whether the seat has changed."""
        self._latest_change = max(self._latest_change, seat.changed_at)
        self._seat_versions[seat.class_id, seat.number] = seat.version
        state = self._states[seat.class_id]
        before = state.seats.get(seat.number)
        state.seats[seat.number] = seat
        if before is not None and before.version == seat.version:
            return False
        state.changed_seats.add(seat.number)
        return True

    def _draw_snapshots(self, class_id: str, roles: frozenset[Role]) -> list[RoleUpdate]:
        """An update for each role whose snapshot differs from the one that was sent last."""
        state = self._states[class_id]
        seats = [state.seats[number] for number in sorted(state.seats)]
        updates: list[RoleUpdate] = []
        for role in roles:
            snapshot = make_snapshot(self._source.draw(role, state.view, seats, state.projectors))
            changed = snapshot if snapshot != state.sent.get(role) else None
            seat_updates = self._draw_seats(state) if role == "phone" else ()
            state.sent[role] = snapshot
            if changed or seat_updates:
                updates.append(RoleUpdate(class_id, role, changed, seat_updates))
        return updates

    def _draw_seats(self, state: _ClassState) -> tuple[SeatUpdate, ...]:
        """Updates for single phones. Most changes of a seat do not change what its phone is sent."""
        changed: list[SeatUpdate] = []
        seat_basis = self._source.seat_basis(state.view)
        if seat_basis != state.seat_basis:
            state.seat_basis = seat_basis
            state.changed_seats |= state.seats.keys()
        for number in state.changed_seats if state.sent_seats else state.seats:
            seat = state.seats[number]
            snapshot = make_snapshot(self._source.draw_seat(state.view, seat))
            update = SeatUpdate(number, snapshot, seat.removed, seat.holder)
            if update != state.sent_seats.get(number):
                state.sent_seats[number] = update
                changed.append(update)
        state.changed_seats.clear()
        return tuple(changed)


class DatabaseClassSource:
    """The ``ClassSource`` of the site: the database and the catalog.

    ``render_solution`` gives the right answer of a question as HTML, the same for all phones.
    """

    def __init__(self, engine: Engine, catalog: Catalog, render_solution: Callable[[Question], str]) -> None:
        self._sessions = read_sessions(engine)
        self._catalog = catalog
        self._render_solution = functools.lru_cache(maxsize=_MAX_SOLUTIONS)(render_solution)
        self.address_key = ""  # of a hall's laptop: differs when walls and desks say another address

    @contextmanager
    def poll(self) -> Iterator[DatabasePoll]:
        with self._sessions() as session:
            yield DatabasePoll(session, self._catalog)

    def draw(self, role: Role, view: ClassView, seats: Sequence[Seat], projectors: PairedProjectors) -> dict[str, Any]:
        now = datetime.now(UTC)
        address = {"address": self.address_key} if self.address_key else {}
        match role:
            case "phone":
                return snapshots.phone_snapshot(view) | {"solution": self._solution(view)}
            case "wall":
                return snapshots.wall_snapshot(view, seats, now) | address
            case "desk":
                return snapshots.desk_snapshot(view, seats, now, projectors) | address
            case "helper":
                return snapshots.helper_snapshot(view, seats, now)

    def draw_seat(self, view: ClassView, seat: Seat) -> dict[str, Any]:
        return snapshots.seat_snapshot(seat) | {"right": snapshots.right_answer_key(view, seat.number)}

    def seat_basis(self, view: ClassView) -> Hashable:
        question, tally = snapshots.question_with_answer_shown(view), view.tally
        return (question.id, view.class_session.state.round, tally.right_seats) if question and tally else None

    def _solution(self, view: ClassView) -> dict[str, str] | None:
        """The right answer with its question's id, from the moment on at which the class sees it.

        The id, and that in "right", tell a page what has come from a worker of the release before: nothing.
        """
        question = snapshots.question_with_answer_shown(view)
        return {"question": question.id, "html": self._render_solution(question)} if question else None


class DatabasePoll:
    """A ``Poll`` in one read-only transaction."""

    def __init__(self, session: Session, catalog: Catalog) -> None:
        self._session = session
        self._catalog = catalog

    def versions(self) -> Mapping[str, int]:
        return snapshots.find_class_versions(self._session, datetime.now(UTC))

    def classes(self, class_ids: Collection[str]) -> Mapping[str, ClassView]:
        return snapshots.find_class_views(self._session, class_ids, self._catalog.library)

    def seats(self, class_ids: Collection[str]) -> list[Seat]:
        return stream_queries.find_seats_of_classes(self._session, class_ids)

    def changed_seats(self, class_ids: Collection[str], since: int, known: Mapping[tuple[str, int], int]) -> list[Seat]:
        return stream_queries.find_changed_seats(self._session, class_ids, since, known)

    def projectors(self, class_ids: Collection[str]) -> Mapping[str, PairedProjectors]:
        return count_paired_projectors(self._session, class_ids, datetime.now(UTC))

    def revoked_tokens(self, tokens: Iterable[StreamToken]) -> set[StreamToken]:
        return stream_queries.find_revoked_tokens(self._session, tokens)
