"""One open stream, and the pulse of all of them: signs of life, and what becomes of slow readers."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lms.learning.classroom.session.stream_tokens import Ticket
from lms.live.http_protocol import Connection
from lms.live.responses import Message, Send

# Between two signs of life: a phone whose network died without a word knows it within 10 s, and looks for a line by
# itself from then on (lib/stream.js). 30 bytes and 9 µs of the server each: a fiftieth of a core for the 10,080 phones
# of the city. Every second it would be a tenth, and win 4 s. With all headers 1.6 KB a second for a hall of 60.
BEAT_SECONDS = 5
SECOND = 1.0
SLOW_SECONDS = 20.0  # whoever has read nothing for so long is let go, and comes again when the line is better

_LAST = {"type": "http.response.body", "body": b"", "more_body": False}


@dataclass(slots=True, eq=False)
class Stream:
    """``behind_since``: when it first would not take what there was, on the monotonic clock."""

    ticket: Ticket
    send: Send
    connection: Connection
    slot: int
    behind_since: float | None = None
    ended: bool = False

    def push(self, message: Message) -> bool:
        """Hand a message to the network without waiting; False when its reader is too slow to take it now.

        ``send`` of an ASGI server hands over the whole message, or waits before it has handed over any of it.
        """
        sending: Any = self.send(message)
        try:
            sending.send(None)
        except StopIteration:
            return True
        sending.close()
        return False

    def end(self) -> None:
        """The last of it. The phone comes again by itself, at a time of its own."""
        if not self.ended:
            self.ended = True
            if not self.push(_LAST):
                self.connection.abort()


class Pulse:
    """Every stream has a slot; each second one slot's streams get a sign of life. One task for all of them.

    Nothing is kept for a stream that does not read: ``now_of`` says later what its ticket sees then, or None.
    """

    def __init__(self, now_of: Callable[[Ticket], bytes | None]) -> None:
        self._now_of = now_of
        self._slots: list[set[Stream]] = [set() for _ in range(BEAT_SECONDS)]
        self._next_slot = itertools.cycle(range(BEAT_SECONDS))
        self._behind: set[Stream] = set()

    def __len__(self) -> int:
        return sum(map(len, self._slots))

    def add(self, ticket: Ticket, send: Send, connection: Connection) -> Stream:
        stream = Stream(ticket, send, connection, next(self._next_slot))
        self._slots[stream.slot].add(stream)
        return stream

    def discard(self, stream: Stream) -> None:
        self._slots[stream.slot].discard(stream)
        self._behind.discard(stream)

    def push(self, stream: Stream, message: Message) -> None:
        """To whoever reads; who is behind gets one whole state when it reads again."""
        if stream.ended or stream.behind_since is not None:
            return
        if not stream.push(message):
            stream.behind_since = time.monotonic()
            self._behind.add(stream)

    async def beat(self) -> None:
        """For as long as the site runs."""
        sign_of_life = event(b"event: beat\ndata: 1\n\n")  # a comment would not reach the page's script
        for slot in itertools.cycle(self._slots):
            await asyncio.sleep(SECOND)
            for stream in list(slot):
                self.push(stream, sign_of_life)
            self._try_behind()

    def _try_behind(self) -> None:
        now = time.monotonic()
        for stream in list(self._behind):
            state = self._now_of(stream.ticket)
            if state is not None and stream.push(event(state)):
                stream.behind_since = None
                self._behind.discard(stream)
            elif now - (stream.behind_since or now) > SLOW_SECONDS:
                self._behind.discard(stream)
                stream.end()


def event(data: bytes) -> Message:
    """As a message of ASGI; one for all who get the same."""
    return {"type": "http.response.body", "body": data, "more_body": True}
