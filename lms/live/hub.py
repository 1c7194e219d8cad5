"""Who watches which class in this process, and what they are sent. Belongs to the event loop's thread."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import partial

from lms.learning.classroom.session.stream_tokens import Role, Ticket
from lms.live.channel import Channel, Findings, Gone, News, NotYet, Withdrawn
from lms.live.http_protocol import Connection
from lms.live.keyed_waiters import Waiting
from lms.live.responses import Send
from lms.live.snapshot import Snapshot
from lms.live.stream import Pulse, Stream, event

MOST_STREAMS = 20_000  # in one process, some 300 MB; whoever comes then asks now and then instead
MOST_A_TICKET = 3  # tabs of one phone; the one that was opened first gives way
RETRY_MILLISECONDS = (1500, 7000)  # when phones come back after a break: each at a time of its own

_OVER = event(b"event: over\ndata: 1\n\n")


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
        self._waiting = Waiting()  # for a ticket, a channel's key, or a class
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
                    await self._ask_for(ticket)
                if channel.snapshot is None:
                    await self._ask_for((ticket.class_id, ticket.role))
                if ticket.role == "phone" and not channel.is_seated(ticket):  # she has got the seat this very moment
                    self.doubted = {**self.doubted, ticket.class_id: next(self._doubts)}
                    await self._ask_for(ticket.class_id)
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
            self._waiting.answer(ticket)
        for ticket in findings.withdrawn:
            self._waiting.answer(ticket, Withdrawn())
            self._refuse(self._channels.get((ticket.class_id, ticket.role), Channel()).streams.get(ticket, ()))
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
            self._waiting.answer(class_id)

    def _close(self, key: tuple[str, Role]) -> None:
        channel = self._channels.pop(key)
        self._tell_wanted()
        self._waiting.answer(key, Gone())
        self._waiting.answer(key[0], Gone())
        self._end(channel)

    def _deliver(self, news: News) -> None:
        channel = self._channels.get((news.class_id, news.role))
        if channel is None:
            return
        back = {seat.number for seat in news.seats if not seat.out} & channel.out
        for seat in news.seats:
            channel.seats[seat.number] = seat.snapshot
            (channel.out.add if seat.out else channel.out.discard)(seat.number)
            channel.holders[seat.number] = seat.holder
        if news.seats and news.role == "phone":  # who has lost her seat hears nothing more
            self._refuse(stream for stream in channel if not channel.is_seated(stream.ticket))
        if news.snapshot is not None:
            channel.snapshot = news.snapshot
            self.unread -= {(news.class_id, news.role)}
            message = event(news.snapshot.event)
            for stream in channel:
                if not channel.out or stream.ticket.seat not in channel.out:
                    self._pulse.push(stream, message)
            self._waiting.answer((news.class_id, news.role))
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
        except (Gone, KeyError, NotYet, Withdrawn):
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
        self.unread = self.unread.intersection(self._channels)  # with & and keys it would become a set that changes

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

    async def _ask_for(self, what: Hashable) -> None:
        self.wake()
        await self._waiting.wait_for(what)

    def _refuse(self, streams: Iterable[Stream]) -> None:
        """End them, and let their pages ask why at once instead of coming again."""
        for stream in list(streams):
            self._pulse.push(stream, _OVER)
            stream.end()

    @staticmethod
    def _end(streams: Iterable[Stream]) -> None:
        for stream in list(streams):
            stream.end()
