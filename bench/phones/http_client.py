"""A small HTTP client for thousands of phones: pooled connections for requests, and one connection for each stream."""

from __future__ import annotations

import asyncio
import json
import random
import ssl
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

RESPONSE_TIMEOUT_SECONDS = 20.0
DEFAULT_RETRY_SECONDS = 3.0  # of a stream that has sent no "retry" field
_LAST_CHUNK = b"\r\n0\r\n\r\n"  # ends a chunked response

_AnyProtocol = TypeVar("_AnyProtocol", bound=asyncio.Protocol)


class RequestLost(Exception):
    """The connection broke or timed out; the server may or may not have handled the request."""


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    head: bytes
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: bytes) -> str:
        """Return the first header with this lower-case name, or "" if there is none."""
        for line in self.head.split(b"\r\n"):
            key, _, value = line.partition(b":")
            if key.lower() == name:
                return value.strip().decode()
        return ""

    def decoded_body(self) -> bytes:
        return zlib.decompress(self.body, 31) if self.header(b"content-encoding") == "gzip" else self.body


@dataclass(frozen=True, slots=True)
class NetworkConditions:
    """``loss_rate``: share of requests that are lost, half of them on the way back; ``delay``: seconds a round trip."""

    loss_rate: float = 0.0
    delay: float = 0.0

    async def send(self, pool: ConnectionPool, request: bytes) -> Response:
        """Send a request under these conditions.

        Raises:
            RequestLost
        """
        draw = random.random()
        if draw < self.loss_rate / 2:  # lost on the way there
            await asyncio.sleep(self.delay)
            raise RequestLost
        if self.delay:
            await asyncio.sleep(self.delay / 2)
        response = await pool.send(request)
        if self.delay:
            await asyncio.sleep(self.delay / 2)
        if draw < self.loss_rate:  # lost on the way back
            raise RequestLost
        return response


class ConnectionPool:
    """Keep-alive connections to one server, as a proxy in front of it has them."""

    def __init__(self, port: int, max_connections: int, tls_host: str = "") -> None:
        self.port = port
        self._tls: dict[str, Any] = {"ssl": _any_certificate(), "server_hostname": tls_host} if tls_host else {}
        self._idle: list[_Connection] = []
        self._free_slots = asyncio.Semaphore(max_connections)

    async def send(self, request: bytes) -> Response:
        """Send a request and wait for its response.

        Raises:
            RequestLost
        """
        async with self._free_slots:
            while self._idle:
                connection = self._idle.pop()
                if connection.usable:
                    break
            else:
                connection = await self._connect()
            try:
                async with asyncio.timeout(RESPONSE_TIMEOUT_SECONDS):
                    response = await connection.send(request)
            except (TimeoutError, OSError) as error:
                connection.close()
                raise RequestLost from error
            if connection.usable:
                self._idle.append(connection)
            return response

    async def _connect(self) -> _Connection:
        try:
            return await self.connect(_Connection)
        except OSError as error:
            raise RequestLost from error

    async def connect(self, protocol: Callable[[], _AnyProtocol]) -> _AnyProtocol:
        """Open a connection that does not belong to the pool, such as a stream.

        Raises:
            OSError
        """
        _, connection = await asyncio.get_running_loop().create_connection(
            protocol, "127.0.0.1", self.port, **self._tls
        )
        return connection


def _any_certificate() -> ssl.SSLContext:
    """Loopback only: whose certificate it is says nothing there."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class _Connection(asyncio.Protocol):
    """One request at a time. Parses only responses with a Content-Length: the servers send no others."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.usable = True
        self.received = b""
        self.response: asyncio.Future[Response] | None = None

    def send(self, request: bytes) -> asyncio.Future[Response]:
        self.received = b""
        self.response = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self.response

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator or self.response is None or self.response.done():
            return
        lower = head.lower()
        length = int(lower.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if len(body) < length:
            return
        if b"connection: close" in lower:
            self.usable = False
        self.response.set_result(Response(int(head[9:12]), head, body))

    def connection_lost(self, exc: Exception | None) -> None:
        self.usable = False
        if self.response is not None and not self.response.done():
            self.response.set_exception(ConnectionResetError())

    def close(self) -> None:
        self.usable = False
        self.transport.close()


class EventStream(asyncio.Protocol):
    """A stream of JSON states.

    ``on_state`` gets each state; ``on_lost`` is called when the server ends the stream, with the seconds after which
    to reconnect.
    """

    __slots__ = ("closed", "on_lost", "on_state", "received", "request", "retry_seconds", "transport")

    def __init__(self, request: bytes, on_state: Callable[[dict], None], on_lost: Callable[[float], None]) -> None:
        self.request, self.on_state, self.on_lost = request, on_state, on_lost
        self.received = b""
        self.retry_seconds = DEFAULT_RETRY_SECONDS
        self.closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.received += data
        while True:
            event, separator, rest = self.received.partition(b"\n\n")
            if not separator:
                if self.received.endswith(_LAST_CHUNK):
                    self._end()
                return
            self.received = rest
            start = event.find(b"data: {")
            if start >= 0:
                self.on_state(json.loads(event[start + 6 :]))
            elif (start := event.find(b"retry: ")) >= 0:
                self.retry_seconds = int(event[start + 7 :]) / 1000

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.closed:
            self.closed = True
            self.on_lost(self.retry_seconds)

    def _end(self) -> None:
        """Notice the end of the response, behind which a proxy keeps the connection for other requests."""
        self.connection_lost(None)
        self.transport.close()

    def close(self) -> None:
        """Disconnect without calling ``on_lost``."""
        self.closed = True
        self.transport.abort()
