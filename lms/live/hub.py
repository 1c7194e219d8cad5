"""Who watches which class in this process, and what they are sent. Belongs to the event loop's thread."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from lms.learning.classroom.tickets import Role, Ticket
from lms.live.connections import Connection
from lms.live.replies import Send
from lms.live.snapshot import Snapshot
from lms.live.stream import Pulse, Stream, event

MOST_STREAMS = 20_000  # in one process, some 300 MB; whoever comes then asks now and then instead
MOST_A_TICKET = 3  # tabs of one phone; the one that was opened first gives way
LEASE_SECONDS = 30.0  # how long a class is watched after its last stream, or after somebody asked without one
RETRY_MILLISECONDS = (1500, 7000)  # when phones come back after a break: each at a time of its own


class Gone(Exception):
    """There is no such class, or no such seat in it."""


class Withdrawn(Exception):
    """The ticket was good once, and has been taken back."""


class NotYet(Exception):
    """There was no answer in time, or no room; coming again is right."""


@dataclass(frozen=True, slots=True)
class SeatNews:
    number: int
    snapshot: Snapshot
    out: bool  # put out of the class: told so, and nothing else


@dataclass(frozen=True, slots=True)
class News:
    """What the watcher found about one role of one class. ``snapshot`` is None when only seats have changed."""

    class_id: str
    role: Role
    snapshot: Snapshot | None
    seats: tuple[SeatNews, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What one look of the watcher brought. ``settled``: the doubts that it has looked into."""

    news: tuple[News, ...] = ()
    settled: Mapping[str, int] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    good: frozenset[Ticket] = frozenset()
    withdrawn: frozenset[Ticket] = frozenset()


@dataclass(slots=True)
class Channel:
    """What one role of one class sees, and who watches. ``seats``: what each phone alone is told, by number."""

    streams: dict[Ticket, list[Stream]] = field(default_factory=dict)
    snapshot: Snapshot | None = None
    seats: dict[int, Snapshot] = field(default_factory=dict)
    out: set[int] = field(default_factory=set)
    leased_until: float = 0.0

    def __iter__(self) -> Iterator[Stream]:
        return itertools.chain.from_iterable(list(self.streams.values()))

    def lease(self) -> None:
        self.leased_until = time.monotonic() + LEASE_SECONDS

    def seen_by(self, ticket: Ticket) -> Snapshot:
        """All that the ticket's holder sees, as one object.

        Raises:
            NotYet, Gone: the class has not been read yet; it has no such seat.
        """
        if self.snapshot is None:
            raise NotYet
        if ticket.role != "phone":
            return self.snapshot
        own = self.seats.get(ticket.seat)
        if own is None:
            raise Gone
        return own if ticket.seat in self.out else self.snapshot.with_own(own)


class Hub:
    """The watcher's thread reads ``wanted``, ``unread``, ``doubted`` and ``guarded``: they are replaced, never changed.

    ``wanted``: the roles that somebody here sees, by class. ``unread``: those of them of which nothing is known here.
    ``doubted``: classes that may have a seat which is not known here, each with the number of its latest doubt.
    ``guarded``: the tickets in use that may be withdrawn. ``wake`` is the watcher's: somebody waits for it.
    """

    def __init__(self) -> None:
        self.wanted: Mapping[str, frozenset[Role]] = {}
        self.unread: frozenset[tuple[str, Role]] = frozenset()
        self.doubted: Mapping[str, int] = {}
        self.guarded: frozenset[Ticket] = frozenset()
        self.wake: Callable[[], None] = lambda: None
        self._channels: dict[tuple[str, Role], Channel] = {}
        self._good: set[Ticket] = set()
        self._waiting: dict[Hashable, list[asyncio.Future[None]]] = {}  # for a ticket, a channel's key, or a class
        self._doubts = itertools.count(1)
        self._to_do: deque[Callable[[], None]] = deque()
        self._pulse = Pulse(self._now_of)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._pulse.beat()), loop.create_task(self._end_leases())]

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def state_of(self, ticket: Ticket, patience: float) -> Snapshot:
        """What the ticket's holder sees now; asks the watcher, and waits, where that is not known here.

        Raises:
            Gone, Withdrawn, NotYet: and then there is nothing to see.
        """
        channel = self._channel(ticket.class_id, ticket.role)
        channel.lease()
        try:
            async with asyncio.timeout(patience):
                if ticket.role != "phone" and ticket not in self._good:
                    self.guarded |= {ticket}
                    await self._wait_for(ticket)
                if channel.snapshot is None:
                    await self._wait_for((ticket.class_id, ticket.role))
                if ticket.role == "phone" and ticket.seat not in channel.seats:  # she has joined this very moment
                    self.doubted = {**self.doubted, ticket.class_id: next(self._doubts)}
                    await self._wait_for(ticket.class_id)
        except TimeoutError:
            raise NotYet from None
        return channel.seen_by(ticket)

    def check_room(self) -> None:
        """
        Raises:
            NotYet: no more streams here.
        """
        if len(self._pulse) >= MOST_STREAMS:
            raise NotYet

    def join(self, ticket: Ticket, send: Send, connection: Connection, first: Snapshot) -> Stream:
        """Begin to send. ``first`` is what ``state_of`` gave, with no waiting since."""
        channel = self._channel(ticket.class_id, ticket.role)
        stream = self._pulse.add(ticket, send, connection)
        siblings = channel.streams.setdefault(ticket, [])
        siblings.append(stream)
        # Of all, not of the first alone: who opens hundreds at once is here again before the first is gone.
        for older in siblings[:-MOST_A_TICKET]:
            older.end()
        retry = b"retry: %d\n\n" % random.randint(*RETRY_MILLISECONDS)  # noqa: S311 (spreads phones, hides nothing)
        self._pulse.push(stream, event(retry + first.event))
        return stream

    def leave(self, stream: Stream) -> None:
        self._pulse.discard(stream)
        channel = self._channels.get((stream.ticket.class_id, stream.ticket.role))
        siblings = channel.streams.get(stream.ticket, []) if channel else []
        if channel is None or stream not in siblings:  # the class has been closed over it
            return
        siblings.remove(stream)
        if not siblings:
            del channel.streams[stream.ticket]
        if not channel.streams:
            channel.lease()  # a phone whose line broke is back in seconds

    def take(self, findings: Findings) -> None:
        """What the watcher found."""
        self._good |= findings.good
        self._good -= findings.withdrawn
        self.guarded -= findings.withdrawn
        for ticket in findings.good:
            self._answer(ticket)
        for ticket in findings.withdrawn:
            self._answer(ticket, Withdrawn())
            self._end(self._channels.get((ticket.class_id, ticket.role), Channel()).streams.get(ticket, ()))
        for key in [key for key in self._channels if key[0] in findings.gone]:
            self._close(key)
        waits = bool(self._to_do)
        self._to_do += (partial(self._deliver, one) for one in findings.news)
        self._to_do.append(partial(self._settle, findings.settled))
        if not waits:
            self._do_next()

    def _do_next(self) -> None:
        """One class after another, and between them whatever else the loop has to do."""
        do = self._to_do.popleft()
        if self._to_do:
            asyncio.get_running_loop().call_soon(self._do_next)
        do()

    def _settle(self, settled: Mapping[str, int]) -> None:
        """A doubt that came after the look began is another one."""
        done = {class_id for class_id, doubt in settled.items() if self.doubted.get(class_id) == doubt}
        self.doubted = {class_id: doubt for class_id, doubt in self.doubted.items() if class_id not in done}
        for class_id in done:
            self._answer(class_id)

    def _close(self, key: tuple[str, Role]) -> None:
        channel = self._channels.pop(key)
        self._tell_wanted()
        self._answer(key, Gone())
        self._answer(key[0], Gone())
        self._end(channel)

    def _deliver(self, news: News) -> None:
        channel = self._channels.get((news.class_id, news.role))
        if channel is None:
            return
        back = {seat.number for seat in news.seats if not seat.out} & channel.out
        for seat in news.seats:
            channel.seats[seat.number] = seat.snapshot
            (channel.out.add if seat.out else channel.out.discard)(seat.number)
        if news.snapshot is not None:
            channel.snapshot = news.snapshot
            self.unread -= {(news.class_id, news.role)}
            message = event(news.snapshot.event)
            for stream in channel:
                if not channel.out or stream.ticket.seat not in channel.out:
                    self._pulse.push(stream, message)
            self._answer((news.class_id, news.role))
        self._tell_seats(channel, {seat.number: event(seat.snapshot.event) for seat in news.seats}, back)

    def _tell_seats(self, channel: Channel, told: Mapping[int, dict], back: set[int]) -> None:
        """To each phone what it alone is told; to one that was let back in, everything."""
        if not told:
            return
        for stream in channel:
            message = told.get(stream.ticket.seat)
            if message is not None and stream.ticket.seat in back:
                message = event(channel.seen_by(stream.ticket).event)
            if message is not None:
                self._pulse.push(stream, message)

    def _now_of(self, ticket: Ticket) -> bytes | None:
        try:
            return self._channels[ticket.class_id, ticket.role].seen_by(ticket).event
        except (Gone, KeyError, NotYet):
            return None

    def _channel(self, class_id: str, role: Role) -> Channel:
        channel = self._channels.get((class_id, role))
        if channel is None:
            channel = self._channels[class_id, role] = Channel()
            self.unread |= {(class_id, role)}
            self._tell_wanted()
        return channel

    def _tell_wanted(self) -> None:
        wanted: dict[str, set[Role]] = {}
        for class_id, role in self._channels:
            wanted.setdefault(class_id, set()).add(role)
        self.wanted = {class_id: frozenset(roles) for class_id, roles in wanted.items()}
        self.unread &= self._channels.keys()

    async def _end_leases(self) -> None:
        while True:
            await asyncio.sleep(5)
            now = time.monotonic()
            over = [key for key, one in self._channels.items() if not one.streams and one.leased_until < now]
            for key in over:
                del self._channels[key]
            if over:
                self._tell_wanted()
            self.guarded = frozenset(one for one in self.guarded if (one.class_id, one.role) in self._channels)
            self._good &= self.guarded

    async def _wait_for(self, what: Hashable) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(what, []).append(waiter)
        self.wake()
        await waiter

    def _answer(self, what: Hashable, error: Exception | None = None) -> None:
        for waiter in self._waiting.pop(what, ()):
            if waiter.done():  # its patience was over
                continue
            if error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(error)

    @staticmethod
    def _end(streams: Iterable[Stream]) -> None:
        for stream in list(streams):
            stream.end()
