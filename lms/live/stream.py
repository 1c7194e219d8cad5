"""One open stream, and the heartbeat of all of them, which also ends the streams of slow readers."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lms.learning.classroom.session.stream_tokens import StreamToken
from lms.live.http_protocol import Connection
from lms.live.responses import Message, Send

# Between two heartbeats of a stream: a phone whose network died silently notices within 10 s and reconnects
# (static/js/lib/class-stream.js). One takes 30 bytes and 9 µs: a fiftieth of a core for the 10,080 phones of a city.
HEARTBEAT_SECONDS = 5
SLOT_SECONDS = 1.0
SLOW_SECONDS = (
    20.0  # a client that has read nothing for so long is disconnected, and reconnects when its line is better
)

_LAST = {"type": "http.response.body", "body": b"", "more_body": False}


@dataclass(slots=True, eq=False)
class Stream:
    """``slow_since``: when the client first did not take a message, on the monotonic clock; None while it reads."""

    token: StreamToken
    send: Send
    connection: Connection
    slot: int
    slow_since: float | None = None
    ended: bool = False

    def push(self, message: Message) -> bool:
        """Send a message without waiting; False if the client is too slow to take it now.

        Correct only because uvicorn's ``send`` writes the whole message before its first await, or nothing at all.
        """
        sending: Any = self.send(message)
        try:
            sending.send(None)
        except StopIteration:
            return True
        sending.close()
        return False

    def end(self) -> None:
        """End the response. The page reconnects by itself, after a random delay."""
        if not self.ended:
            self.ended = True
            if not self.push(_LAST):
                self.connection.abort()


class Heartbeat:
    """All streams, in slots: each second the streams of one slot get a heartbeat. One task for all of them.

    Nothing is queued for a slow reader. ``current_event`` gives what its token sees when it reads again, or None.
    """

    def __init__(self, current_event: Callable[[StreamToken], bytes | None]) -> None:
        self._current_event = current_event
        self._slots: list[set[Stream]] = [set() for _ in range(HEARTBEAT_SECONDS)]
        self._next_slot = itertools.cycle(range(HEARTBEAT_SECONDS))
        self._slow_streams: set[Stream] = set()

    def __len__(self) -> int:
        return sum(map(len, self._slots))

    def add(self, token: StreamToken, send: Send, connection: Connection) -> Stream:
        stream = Stream(token, send, connection, next(self._next_slot))
        self._slots[stream.slot].add(stream)
        return stream

    def discard(self, stream: Stream) -> None:
        self._slots[stream.slot].discard(stream)
        self._slow_streams.discard(stream)

    def push(self, stream: Stream, message: Message) -> None:
        """Send to a stream that reads; a slow one gets the whole state when it reads again."""
        if stream.ended or stream.slow_since is not None:
            return
        if not stream.push(message):
            stream.slow_since = time.monotonic()
            self._slow_streams.add(stream)

    async def run(self) -> None:
        """Run until cancelled."""
        for slot in itertools.cycle(self._slots):
            await asyncio.sleep(SLOT_SECONDS)
            heartbeat = event_message(heartbeat_message())
            for stream in list(slot):
                self.push(stream, heartbeat)
            self._retry_slow_streams()

    def _retry_slow_streams(self) -> None:
        now = time.monotonic()
        for stream in list(self._slow_streams):
            event = self._current_event(stream.token)
            if event is not None and stream.push(event_message(event)):
                stream.slow_since = None
                self._slow_streams.discard(stream)
            elif now - (stream.slow_since or now) > SLOW_SECONDS:
                self._slow_streams.discard(stream)
                stream.end()


def heartbeat_message() -> bytes:
    """A heartbeat, with the server's time in milliseconds: a page must not rely on its device's clock. A comment would
    not reach the page's script."""
    return b"event: beat\ndata: %d\n\n" % int(time.time() * 1000)


def event_message(data: bytes) -> Message:
    """An ASGI message with server-sent events; it may be sent to many streams."""
    return {"type": "http.response.body", "body": data, "more_body": True}
