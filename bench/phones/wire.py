"""HTTP as the phones of the load program speak it: whole requests over few connections, and streams."""

from __future__ import annotations

import asyncio
import json
import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PATIENCE = 20.0  # seconds for one answer


class Lost(Exception):
    """The line broke; whether the server had the request nobody knows."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    head: bytes  # lower-case names are not promised
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: bytes) -> str:
        """The first header of that name, "" when there is none."""
        for line in self.head.split(b"\r\n"):
            key, _, value = line.partition(b":")
            if key.lower() == name:
                return value.strip().decode()
        return ""

    def unpacked(self) -> bytes:
        return zlib.decompress(self.body, 31) if self.header(b"content-encoding") == "gzip" else self.body


@dataclass(frozen=True, slots=True)
class Weather:
    """What the lines are like: ``failing`` of all requests are lost, before or after the server has them; each
    answer and each piece of a stream takes ``delay`` seconds longer.
    """

    failing: float = 0.0
    delay: float = 0.0

    async def send(self, line: Line, request: bytes) -> Reply:
        """
        Raises:
            Lost: and then it has to be sent again.
        """
        fate = random.random()
        if fate < self.failing / 2:
            await asyncio.sleep(self.delay)
            raise Lost
        if self.delay:
            await asyncio.sleep(self.delay / 2)
        reply = await line.ask(request)
        if self.delay:
            await asyncio.sleep(self.delay / 2)
        if fate < self.failing:
            raise Lost
        return reply


class Line:
    """A pool of kept connections to one server, as a proxy in front of it keeps them."""

    def __init__(self, port: int, most: int) -> None:
        self.port = port
        self._idle: list[_Connection] = []
        self._room = asyncio.Semaphore(most)

    async def ask(self, request: bytes) -> Reply:
        async with self._room:
            while self._idle:
                connection = self._idle.pop()
                if connection.usable:
                    break
            else:
                connection = await self._connect()
            try:
                async with asyncio.timeout(PATIENCE):
                    reply = await connection.ask(request)
            except (TimeoutError, OSError) as error:
                connection.close()
                raise Lost from error
            if connection.usable:
                self._idle.append(connection)
            return reply

    async def _connect(self) -> _Connection:
        loop = asyncio.get_running_loop()
        try:
            _, connection = await loop.create_connection(_Connection, "127.0.0.1", self.port)
        except OSError as error:
            raise Lost from error
        return connection


class _Connection(asyncio.Protocol):
    """One request after another. Only answers with a Content-Length are understood: the site sends no others."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.usable = True
        self.received = b""
        self.waiter: asyncio.Future[Reply] | None = None

    def ask(self, request: bytes) -> asyncio.Future[Reply]:
        self.received = b""
        self.waiter = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self.waiter

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator or self.waiter is None or self.waiter.done():
            return
        lower = head.lower()
        length = int(lower.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if len(body) < length:
            return
        if b"connection: close" in lower:
            self.usable = False
        self.waiter.set_result(Reply(int(head[9:12]), head, body))

    def connection_lost(self, error: Exception | None) -> None:
        self.usable = False
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_exception(ConnectionResetError())

    def close(self) -> None:
        self.usable = False
        self.transport.close()


class Stream(asyncio.Protocol):
    """A stream of states. ``hear`` gets each, ``lose`` the end of it with the pause after which to come again."""

    __slots__ = ("ended", "hear", "lose", "received", "request", "retry", "transport")

    def __init__(self, request: bytes, hear: Callable[[dict], None], lose: Callable[[float], None]) -> None:
        self.request, self.hear, self.lose = request, hear, lose
        self.received = b""
        self.retry = 3.0
        self.ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.received += data
        while True:
            event, separator, rest = self.received.partition(b"\n\n")
            if not separator:
                return
            self.received = rest
            found = event.find(b"data: {")
            if found >= 0:
                self.hear(json.loads(event[found + 6 :]))
            elif (found := event.find(b"retry: ")) >= 0:
                self.retry = int(event[found + 7 :]) / 1000

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended:
            self.ended = True
            self.lose(self.retry)

    def close(self) -> None:
        """Hang up oneself; nobody is told."""
        self.ended = True
        self.transport.abort()


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """Header names are written with underscores."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if method == "POST":
        lines += [f"Content-Length: {len(body)}", "Origin: http://127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
