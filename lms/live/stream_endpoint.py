"""``GET /lop/dong``: the state of a class as a stream of server-sent events, or once as JSON for clients that poll."""

from __future__ import annotations

import asyncio
import logging
import time
from urllib.parse import parse_qs

from lms.config import Settings
from lms.http.error_responses import error_text
from lms.http.errors import InvalidStreamToken, ReadOnlyUrl, StreamGone, StreamNotReady, StreamTokenRevoked
from lms.learning.classroom.access.projector_presence import ProjectorPresence
from lms.learning.classroom.session.stream_tokens import StreamToken, load_stream_token
from lms.live.http_protocol import CONNECTION, Connection
from lms.live.hub import Hub
from lms.live.poll_result import Snapshot
from lms.live.poller import ClassSource, Poller
from lms.live.responses import (
    Headers,
    Receive,
    Scope,
    Send,
    chosen_language,
    drop_headers,
    find_header,
    request_id_header,
    send_json,
    wants_json,
)
from lms.message_catalog import translate_into
from lms.metrics import observe_request

log = logging.getLogger(__name__)

PATH = "/lop/dong"
# A projector that vanished without a FIN, such as a laptop that was closed: its page gives a silent stream up as soon.
PROJECTOR_UNACKNOWLEDGED_MILLISECONDS = 12_000
TIMEOUT_SECONDS = 5.0  # to wait for the poller before the client has to retry

_HEADERS: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx must not buffer
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


class StreamEndpoint:
    """ASGI application for PATH. ``start`` and ``stop`` it with the server."""

    def __init__(
        self,
        settings: Settings,
        source: ClassSource,
        projector_presence: ProjectorPresence | None = None,
    ) -> None:
        self._secrets = settings.secret_keys
        self._hub = Hub()
        self._source = source
        self._projector_presence = projector_presence or ProjectorPresence()
        self._poller: Poller | None = None

    def start(self) -> None:
        self._hub.start()
        self._poller = Poller(self._source, self._hub)
        self._poller.start()

    def push_all(self) -> None:
        """Draw all classes again now, for what has changed outside the store. From any thread."""
        if self._poller is not None:
            self._poller.read_all()

    @property
    def open_streams(self) -> int:
        return self._hub.open_streams

    @property
    def connected_projector_ids(self) -> set[str]:
        return self._hub.connected_projector_ids

    async def stop(self) -> None:
        self._hub.stop()
        if self._poller is not None:
            await asyncio.to_thread(self._poller.stop)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await _send_error(scope, send, ReadOnlyUrl(), [(b"allow", b"GET")])
            return
        began = time.perf_counter()
        try:
            token = self._read_token(scope)
            state = await self._hub.current_state(token, TIMEOUT_SECONDS)
            if token.role == "wall":
                self._projector_presence.mark_seen(token.subject)
            if wants_json(scope):
                observe_request("class_state", 200, time.perf_counter() - began)
                await _send_once(scope, send, state)
                return
            self._hub.check_capacity()  # while the headers still say in which language to refuse
            connection = _stream_connection(scope)
        except (InvalidStreamToken, StreamTokenRevoked, StreamGone, StreamNotReady) as error:
            observe_request("class_stream", error_text(error).status, time.perf_counter() - began)
            extra = [(b"retry-after", b"5")] if isinstance(error, StreamNotReady) else None
            await _send_error(scope, send, error, extra)
            return
        observe_request("class_stream", 200, time.perf_counter() - began)
        await self._stream(token, connection, request_id_header(scope), receive, send)

    async def _stream(
        self, token: StreamToken, connection: Connection, id_header: tuple[bytes, bytes], receive: Receive, send: Send
    ) -> None:
        """Run until the client disconnects or the hub ends the stream. Only the hub writes to it."""
        if token.role == "wall":
            connection.prepare_stream(PROJECTOR_UNACKNOWLEDGED_MILLISECONDS)
        else:
            connection.prepare_stream()
        # This waits for a client that is still reading an earlier response.
        await send({"type": "http.response.start", "status": 200, "headers": [*_HEADERS, id_header]})
        stream = self._hub.join(token, send, connection)
        connection.on_shutdown = stream.end
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            stream.end()
        finally:
            connection.on_shutdown = None
            self._hub.leave(stream)

    def _read_token(self, scope: Scope) -> StreamToken:
        text = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=10).get("ve", [""])[0]
        token = load_stream_token(self._secrets, text)
        if token is None:
            raise InvalidStreamToken
        return token


def _stream_connection(scope: Scope) -> Connection:
    """Return the connection of a request that may become a stream.

    Raises:
        StreamNotReady: the server stops, or it is one whose connections cannot be aborted; then clients poll.
    """
    connection = scope.get(CONNECTION)
    if connection is None:
        log.warning("no streams: the server must run with http=lms.live.http_protocol:Connection")
        raise StreamNotReady
    if connection.stopping:
        raise StreamNotReady
    drop_headers(scope)
    return connection


async def _send_error(scope: Scope, send: Send, error: Exception, extra: Headers | None = None) -> None:
    text = error_text(error)
    sentence = translate_into(chosen_language(scope), text.json_sentence)
    await send_json(send, text.status, {"error": sentence}, [*(extra or ()), request_id_header(scope)])


async def _send_once(scope: Scope, send: Send, state: Snapshot) -> None:
    etag = state.etag
    headers: Headers = [(b"etag", etag.encode()), (b"cache-control", b"no-store"), request_id_header(scope)]
    if find_header(scope, b"if-none-match") == etag:
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    headers += [(b"content-type", b"application/json"), (b"content-length", str(len(state.text)).encode())]
    headers.append((b"x-content-type-options", b"nosniff"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": state.text})
