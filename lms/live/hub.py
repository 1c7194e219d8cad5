"""Which classes are watched in this process, by which streams, and what they are sent. Belongs to the event loop."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from lms.http.errors import SeatMovedToOtherPhone, StreamGone, StreamNotReady, StreamTokenRevoked
from lms.learning.classroom.session.stream_tokens import Role, StreamToken
from lms.live.http_protocol import Connection
from lms.live.poll_result import PollResult, RoleUpdate, Snapshot
from lms.live.responses import Send
from lms.live.stream import Heartbeat, Stream, event_message, heartbeat_message

MAX_STREAMS = 20_000  # in one process, some 300 MB; beyond that clients poll
MAX_STREAMS_PER_TOKEN = 3  # tabs of one phone; the oldest is ended
LEASE_SECONDS = 30.0  # how long a class is polled after its last stream closed, or after a request without a stream
RETRY_MILLISECONDS = (1500, 7000)  # the range of random delays after which pages reconnect

_OVER = event_message(b"event: over\ndata: 1\n\n")  # the token is not valid any more


class Hub:
    """Channels by class and role. The poller's thread reads the public attributes, which are replaced, never mutated.

    ``subscribed_classes``: the roles that are watched here, by class. ``unread_channels``: those without a snapshot.
    ``recheck``: classes whose seats must be read again because a phone came with a seat that is not known here as
    its own; by class, the number of the latest such request. ``revocable_tokens``: the tokens in use that may be
    revoked. ``wake_poller``: set by the poller; the hub calls it when a client waits for a poll.
    """

    def __init__(self) -> None:
        self.subscribed_classes: Mapping[str, frozenset[Role]] = {}
        self.unread_channels: frozenset[tuple[str, Role]] = frozenset()
        self.recheck: Mapping[str, int] = {}
        self.revocable_tokens: frozenset[StreamToken] = frozenset()
        self.wake_poller: Callable[[], None] = lambda: None
        self._channels: dict[tuple[str, Role], Channel] = {}
        self._valid_tokens: set[StreamToken] = set()
        self._waiters = KeyedWaiters()  # for a token, a channel's key, or a class id
        self._recheck_numbers = itertools.count(1)
        self._pending: deque[Callable[[], None]] = deque()
        self._heartbeat = Heartbeat(self._current_event)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start the hub in the running event loop, before the poller."""
        self._loop = asyncio.get_running_loop()
        self._tasks = [
            self._loop.create_task(self._heartbeat.run()),
            self._loop.create_task(self._end_leases()),
        ]

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def current_state(self, token: StreamToken, timeout_seconds: float) -> Snapshot:
        """What the token's holder sees now; waits for the poller if that is not known here.

        Raises:
            StreamGone, StreamTokenRevoked, StreamNotReady: there is nothing to see.
        """
        channel = self._channel(token.class_id, token.role)
        channel.lease()
        try:
            async with asyncio.timeout(timeout_seconds):
                if token.role != "phone" and token not in self._valid_tokens:
                    self.revocable_tokens |= {token}
                    await self._wait_for_poller(token)
                if channel.snapshot is None:
                    await self._wait_for_poller((token.class_id, token.role))
                if token.role == "phone" and not channel.holds_seat(token):  # a seat that was assigned just now
                    self.recheck = {**self.recheck, token.class_id: next(self._recheck_numbers)}
                    await self._wait_for_poller(token.class_id)
        except TimeoutError:
            raise StreamNotReady from None
        return channel.snapshot_for(token)

    @property
    def open_streams(self) -> int:
        return len(self._heartbeat)

    @property
    def connected_projector_ids(self) -> set[str]:
        """The ids of projectors with an open stream."""
        projectors = [channel for (_, role), channel in self._channels.items() if role == "wall"]
        return {token.subject for channel in projectors for token in channel.streams}

    def check_capacity(self) -> None:
        """Check that another stream may be opened.

        Raises:
            StreamNotReady: there are too many streams.
        """
        if len(self._heartbeat) >= MAX_STREAMS:
            raise StreamNotReady

    def join(self, token: StreamToken, send: Send, connection: Connection) -> Stream:
        """Add a stream whose response has started, and send it what its token's holder sees at this moment.

        Updates may have come since ``current_state`` returned; and if nothing is to be seen any more, the stream ends.
        """
        channel = self._channel(token.class_id, token.role)
        stream = self._heartbeat.add(token, send, connection)
        siblings = channel.streams.setdefault(token, [])
        siblings.append(stream)
        # End all the older ones: a client that opens hundreds at once is here again before the first has left.
        for older in siblings[:-MAX_STREAMS_PER_TOKEN]:
            older.end()
        retry = b"retry: %d\n\n" % random.randint(*RETRY_MILLISECONDS)  # noqa: S311 (spreads reconnects; not a secret)
        event = self._current_event(token)
        if event is None or not (token.role == "phone" or token in self._valid_tokens):
            self._end_revoked([stream])
        else:
            self._heartbeat.push(stream, event_message(retry + heartbeat_message() + event))
        return stream

    def leave(self, stream: Stream) -> None:
        self._heartbeat.discard(stream)
        channel = self._channels.get((stream.token.class_id, stream.token.role))
        siblings = channel.streams.get(stream.token, []) if channel else []
        if channel is None or stream not in siblings:  # the channel was closed before
            return
        siblings.remove(stream)
        if not siblings:
            del channel.streams[stream.token]
        if not channel.streams:
            channel.lease()  # a phone whose connection broke reconnects within seconds

    def apply_threadsafe(self, result: PollResult) -> None:
        """Schedule ``apply`` in the event loop. Called in the poller's thread."""
        if self._loop is None:
            raise RuntimeError("the hub was not started")
        self._loop.call_soon_threadsafe(self.apply, result)

    def apply(self, result: PollResult) -> None:
        self._valid_tokens |= result.valid_tokens
        self._valid_tokens -= result.revoked_tokens
        self.revocable_tokens -= result.revoked_tokens
        for token in result.valid_tokens:
            self._waiters.wake(token)
        for token in result.revoked_tokens:
            self._waiters.wake(token, StreamTokenRevoked())
            self._end_revoked(self._channels.get((token.class_id, token.role), Channel()).streams.get(token, ()))
        for key in [key for key in self._channels if key[0] in result.closed_classes]:
            self._close_channel(key)
        is_running = bool(self._pending)
        self._pending += (partial(self._deliver, update) for update in result.updates)
        self._pending.append(partial(self._finish_recheck, result.rechecked))
        if not is_running:
            self._run_next()

    def _run_next(self) -> None:
        """Deliver one update, and let the event loop do other work before the next one."""
        run = self._pending.popleft()
        if self._pending:
            asyncio.get_running_loop().call_soon(self._run_next)
        run()

    def _finish_recheck(self, rechecked: Mapping[str, int]) -> None:
        """A request that came after the poll began has another number and stays."""
        done = {class_id for class_id, number in rechecked.items() if self.recheck.get(class_id) == number}
        self.recheck = {class_id: number for class_id, number in self.recheck.items() if class_id not in done}
        for class_id in done:
            self._waiters.wake(class_id)

    def _close_channel(self, key: tuple[str, Role]) -> None:
        channel = self._channels.pop(key)
        self._update_subscriptions()
        self._waiters.wake(key, StreamGone())
        self._waiters.wake(key[0], StreamGone())
        for stream in channel:
            stream.end()

    def _deliver(self, update: RoleUpdate) -> None:
        channel = self._channels.get((update.class_id, update.role))
        if channel is None:
            return
        readmitted = {seat.number for seat in update.seats if not seat.removed} & channel.removed_seats
        for seat in update.seats:
            channel.seat_snapshots[seat.number] = seat.snapshot
            (channel.removed_seats.add if seat.removed else channel.removed_seats.discard)(seat.number)
            channel.holders[seat.number] = seat.holder
        if update.seats and update.role == "phone":  # a phone that lost its seat gets nothing more
            self._end_revoked(stream for stream in channel if not channel.holds_seat(stream.token))
        if update.snapshot is not None:
            channel.snapshot = update.snapshot
            self.unread_channels -= {(update.class_id, update.role)}
        self._push(channel, update, readmitted)
        if update.snapshot is not None:
            self._waiters.wake((update.class_id, update.role))

    def _push(self, channel: Channel, update: RoleUpdate, readmitted: set[int]) -> None:
        """Send each stream what is new for it, in one event: of its class, of its seat, or both.

        A readmitted phone gets the whole state, a removed one nothing of the class.
        """
        of_class = event_message(update.snapshot.event) if update.snapshot is not None else None
        own = {seat.number: seat.snapshot for seat in update.seats}
        # Always so for the other roles, whose tokens have no seat number.
        if of_class is not None and not own and not channel.removed_seats:
            for stream in channel:
                self._heartbeat.push(stream, of_class)
            return
        for stream in channel:
            seat = stream.token.seat
            if seat in channel.removed_seats:
                event = own[seat].event if seat in own else None
            elif seat in own:
                has_more = update.snapshot is not None or seat in readmitted
                event = self._current_event(stream.token) if has_more else own[seat].event
            else:
                event = update.snapshot.event if update.snapshot is not None else None
            if event is not None:
                self._heartbeat.push(stream, event_message(event))

    def _current_event(self, token: StreamToken) -> bytes | None:
        try:
            return self._channels[token.class_id, token.role].snapshot_for(token).event
        except (StreamGone, KeyError, StreamNotReady, StreamTokenRevoked):
            return None

    def _channel(self, class_id: str, role: Role) -> Channel:
        key: tuple[str, Role] = (class_id, role)
        channel = self._channels.get(key)
        if channel is None:
            channel = self._channels[key] = Channel()
            self.unread_channels |= {key}
            self._update_subscriptions()
        return channel

    def _update_subscriptions(self) -> None:
        roles_by_class: dict[str, set[Role]] = {}
        for class_id, role in self._channels:
            roles_by_class.setdefault(class_id, set()).add(role)
        self.subscribed_classes = {class_id: frozenset(roles) for class_id, roles in roles_by_class.items()}
        self.unread_channels = frozenset(key for key in self.unread_channels if key in self._channels)

    async def _end_leases(self) -> None:
        while True:
            await asyncio.sleep(5)
            now = time.monotonic()
            expired = [
                key for key, channel in self._channels.items() if not channel.streams and channel.leased_until < now
            ]
            for key in expired:
                del self._channels[key]
            if expired:
                self._update_subscriptions()
            self.revocable_tokens = frozenset(
                token for token in self.revocable_tokens if (token.class_id, token.role) in self._channels
            )
            self._valid_tokens &= self.revocable_tokens

    async def _wait_for_poller(self, key: Hashable) -> None:
        self.wake_poller()
        await self._waiters.wait(key)

    def _end_revoked(self, streams: Iterable[Stream]) -> None:
        """End streams, and let their pages ask for the reason at once instead of reconnecting."""
        for stream in list(streams):
            self._heartbeat.push(stream, _OVER)
            stream.end()


@dataclass(slots=True)
class Channel:
    """One role of one class: the current snapshot, for phones also one for each seat by number, and the streams."""

    streams: dict[StreamToken, list[Stream]] = field(default_factory=dict[StreamToken, list[Stream]])
    snapshot: Snapshot | None = None
    seat_snapshots: dict[int, Snapshot] = field(default_factory=dict[int, Snapshot])
    removed_seats: set[int] = field(default_factory=set[int])
    holders: dict[int, int] = field(default_factory=dict[int, int])
    leased_until: float = 0.0

    def __iter__(self) -> Iterator[Stream]:
        return itertools.chain.from_iterable(list(self.streams.values()))

    def lease(self) -> None:
        self.leased_until = time.monotonic() + LEASE_SECONDS

    def holds_seat(self, token: StreamToken) -> bool:
        """Whether the seat of a phone's token is known here and still belongs to the same learner."""
        return self.holders.get(token.seat) == token.generation

    def snapshot_for(self, token: StreamToken) -> Snapshot:
        """All that the token's holder sees, as one JSON object.

        Raises:
            StreamNotReady: the class has not been read yet.
            StreamGone: it has no such seat.
            SeatMovedToOtherPhone: another phone has the seat.
        """
        if self.snapshot is None:
            raise StreamNotReady
        if token.role != "phone":
            return self.snapshot
        seat_snapshot = self.seat_snapshots.get(token.seat)
        if seat_snapshot is None:
            raise StreamGone
        if not self.holds_seat(token):
            raise SeatMovedToOtherPhone
        return seat_snapshot if token.seat in self.removed_seats else self.snapshot.merge(seat_snapshot)


class KeyedWaiters:
    """Coroutines that wait until a key is woken. Belongs to one event loop."""

    def __init__(self) -> None:
        self._waiters: dict[Hashable, set[asyncio.Future[None]]] = {}

    async def wait(self, key: Hashable) -> None:
        """Wait until ``key`` is woken.

        Raises:
            Exception: the one that was given to ``wake``.
        """
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiters = self._waiters.setdefault(key, set())
        waiters.add(waiter)
        try:
            await waiter
        finally:  # while the database is down, clients ask again and again, and are never woken
            waiters.discard(waiter)
            if not waiters and self._waiters.get(key) is waiters:
                del self._waiters[key]

    def wake(self, key: Hashable, error: Exception | None = None) -> None:
        """Let all who wait for ``key`` go on, or raise ``error`` in them."""
        for waiter in self._waiters.pop(key, ()):
            if waiter.done():  # it timed out
                continue
            if error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(error)
