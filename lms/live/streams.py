"""``GET /lop/dong``: what a class is doing now, as a stream that goes on, or once for a phone that asks."""

from __future__ import annotations

import asyncio
import logging
from urllib.parse import parse_qs

from lms.config import Settings
from lms.learning.classroom.session import stream_tokens
from lms.live.channel import Findings, Gone, Moved, NotYet, Withdrawn
from lms.live.http_protocol import CONNECTION, Connection
from lms.live.hub import Hub
from lms.live.poller import Source, Watcher
from lms.live.responses import Headers, Receive, Scope, Send, header, send_json, wants_json
from lms.live.snapshot import Snapshot

log = logging.getLogger(__name__)

PATH = "/lop/dong"
PATIENCE = 5.0  # seconds to wait for the store before a phone is asked to come again


class BadTicket(Exception):
    """Not signed by us, or too old."""


_HEADERS: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx passes on at once what comes
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_START = {"type": "http.response.start", "status": 200, "headers": _HEADERS}
_REFUSALS: dict[type[Exception], tuple[int, str]] = {
    BadTicket: (403, "Trang này mở đã lâu. Tải lại trang là vào lại được lớp."),
    Withdrawn: (403, "Trang này không còn được xem lớp. Hỏi người đứng lớp để vào lại."),
    Moved: (403, "Số của máy này giờ ở máy khác."),
    Gone: (404, "Không thấy lớp này. Xem lại mã lớp trên màn chiếu rồi vào lại."),
    NotYet: (503, "Đang có nhiều người vào cùng lúc. Trang tự thử lại sau vài giây."),
}


class Streams:
    """ASGI application for PATH. ``start`` and ``stop`` with the site."""

    def __init__(self, settings: Settings, source: Source) -> None:
        self._secret = settings.secret_key
        self._hub = Hub()
        self._source = source
        self._watcher: Watcher | None = None

    def start(self) -> None:
        loop = asyncio.get_running_loop()

        def tell(findings: Findings) -> None:
            loop.call_soon_threadsafe(self._hub.take, findings)

        self._watcher = Watcher(self._source, self._hub, tell)
        self._watcher.start()
        self._hub.start()

    async def stop(self) -> None:
        self._hub.stop()
        if self._watcher is not None:
            await asyncio.to_thread(self._watcher.stop)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await send_json(send, 405, {"error": "Địa chỉ này chỉ để xem."}, [(b"allow", b"GET")])
            return
        try:
            ticket = self._ticket(scope)
            state = await self._hub.state_of(ticket, PATIENCE)
            if wants_json(scope):
                await _send_once(scope, send, state)
                return
            connection = _connection_of(scope)
            self._hub.check_room()
        except tuple(_REFUSALS) as refusal:
            status, sentence = _REFUSALS[type(refusal)]
            extra: Headers = [(b"retry-after", b"5")] if status == 503 else []
            await send_json(send, status, {"error": sentence}, extra)
            return
        await self._stream(ticket, connection, state, receive, send)

    async def _stream(
        self, ticket: stream_tokens.Ticket, connection: Connection, first: Snapshot, receive: Receive, send: Send
    ) -> None:
        """Stays until the phone is gone or the hub has ended the stream; the hub alone writes to it."""
        connection.prepare_stream()
        await send(_START)
        stream = self._hub.join(ticket, send, connection, first)
        connection.at_stop = stream.end
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            stream.end()
        finally:
            connection.at_stop = None
            self._hub.leave(stream)

    def _ticket(self, scope: Scope) -> stream_tokens.Ticket:
        shown = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=10).get("ve", [""])[0]
        ticket = stream_tokens.read(self._secret, shown)
        if ticket is None:
            raise BadTicket
        return ticket


def _connection_of(scope: Scope) -> Connection:
    """
    Raises:
        NotYet: the site stops; or another server's connection, which could not be ended: then everybody asks.
    """
    connection = scope.get(CONNECTION)
    if connection is None:
        log.warning("no streams: the server must run with http=lms.live.http_protocol:Connection")
        raise NotYet
    if connection.stopping:
        raise NotYet
    # A stream is held for hours; nobody asks for its request's headers again.
    scope["headers"].clear()
    return connection


async def _send_once(scope: Scope, send: Send, state: Snapshot) -> None:
    etag = state.etag
    headers: Headers = [(b"etag", etag.encode()), (b"cache-control", b"no-store")]
    if header(scope, b"if-none-match") == etag:
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    headers += [(b"content-type", b"application/json"), (b"content-length", str(len(state.text)).encode())]
    headers.append((b"x-content-type-options", b"nosniff"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": state.text})
