"""The ASGI front: it buffers request bodies and responses, so that no thread of Flask waits for a slow client."""

from __future__ import annotations

import asyncio
import io
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Protocol, cast
from urllib.parse import quote_from_bytes

from a2wsgi.wsgi import build_environ

from lms.http.body_limits import BodyLimit
from lms.http.deferred_write import ENVIRON_KEY, DeferredWrite
from lms.http.errors import BodyTimeout, BodyTooLarge, ServerStopping
from lms.learning.errors import RateLimited
from lms.learning.store.writer import WriterBusy
from lms.live.api import ScriptPostApi
from lms.live.post_pipeline import CallbackQueue, CallbackReceiver, OnDone
from lms.live.rate_limits import PostLimits
from lms.live.request_bodies import BODY_LIMIT, Disconnected, read_body
from lms.live.responses import (
    HEADERS_BY_NAME,
    ASGIApp,
    Message,
    Receive,
    Response,
    Scope,
    Send,
    join_cookies,
    request_id_header,
    request_info,
    send_error,
    send_response,
)
from lms.live.static_files import PREFIX as STATIC_PREFIX
from lms.live.stream_endpoint import PATH as STREAM_PATH
from lms.logs.request_info import handling_request, set_current_request
from lms.metrics import PAGE_KEY, UNKNOWN_PAGE, observe_request

log = logging.getLogger(__name__)

# These have threads of their own, so that a facilitator does not queue behind sixty phones that want a page now.
# Not /vao: passwords are slow to check, and eighty guesses at once would block every desk.
FACILITATOR_PATHS = ("/dung-lop", "/giup", "/chieu")

# A client that takes longer than this for one page has left; until then its bytes stay in memory.
SEND_SECONDS = 60.0
_BODY_LIMIT = BodyLimit(BODY_LIMIT)


class Dispatcher:
    """ASGI application that routes each request.

    Streams, static files and health checks go first. Otherwise the body is read whole; then a POST goes to ``live`` if
    it is one of its own, and everything else to Flask on one of three thread pools: ``pages`` (GET), ``forms`` (POST)
    or ``facilitators`` (paths of people who run a class).
    """

    def __init__(
        self,
        *,
        streams: ASGIApp,
        static: ASGIApp,
        health: ASGIApp,
        readiness: ASGIApp,
        metrics: ASGIApp,
        live: ScriptPostApi,
        pages: WsgiBridge,
        forms: WsgiBridge,
        facilitators: WsgiBridge,
        limits: PostLimits,
        body_limits: Mapping[str, BodyLimit],
    ) -> None:
        self.streams = streams
        self.static = static
        # By path. Each is a kind of page of its own in the metrics.
        self.monitoring = {"/healthz": health, "/readyz": readiness, "/metrics": metrics}
        self.live = live
        self.pages = pages
        self.forms = forms
        self.facilitators = facilitators
        self.limits = limits
        self.body_limits = dict(body_limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == STREAM_PATH:  # open for hours: no body, no extra stack frames, and its own cancellation
            await self.streams(scope, receive, send)
            return
        started = False
        set_current_request(request_info(scope))
        began = time.monotonic() if log.isEnabledFor(logging.DEBUG) else 0.0

        async def tracking_send(message: Message) -> None:
            nonlocal started
            if not started and not scope["path"].startswith(STATIC_PREFIX):  # a proxy's cache would repeat the id
                message = {**message, "headers": [*message["headers"], request_id_header(scope)]}
            if not started and began:
                took = round((time.monotonic() - began) * 1000)
                log.debug("request", extra={"status": message["status"], "milliseconds": took})
            started = True
            await send(message)

        try:
            await self._route(scope, receive, tracking_send)
        except asyncio.CancelledError:  # the server stops, and the grace period is over
            if not started:
                await send_error(scope, send, ServerStopping(), close=True)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path.startswith(STATIC_PREFIX):
            await self.static(scope, receive, _observing("static", send))
        elif path in self.monitoring:
            await self.monitoring[path](scope, receive, _observing(path.removeprefix("/"), send))
        else:
            await self._route_with_body(scope, receive, send)

    async def _route_with_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = self._body_limit(scope["path"])
        try:
            body = await read_body(scope, receive, limit.max_bytes)
        except BodyTooLarge as error:
            await send_error(scope, _observing("unread", send), limit.error(error.more_body), close=True)
            return
        except BodyTimeout as error:
            await send_error(scope, _observing("unread", send), error, close=True)
            return
        except Disconnected:
            return
        if scope["method"] == "POST":
            if await self._send_live_response(scope, body, send):
                return
            try:
                self.limits.check(scope)
            except RateLimited as error:
                await send_error(scope, _observing("limited", send), error)
                return
        await self._send_flask_response(_wsgi_scope(scope, body), body, send)

    async def _send_live_response(self, scope: Scope, body: bytes, send: Send) -> bool:
        """Let ``live`` answer a POST that missed the fast path; False if it is none of its own.

        It missed it because its body came in pieces, for example, or through another ASGI server.
        """
        response: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

        def respond(result: Response) -> None:
            if not response.done():
                response.set_result(result)

        if not self.live.try_handle_post(scope, body, respond):
            return False
        await send_response(send, await response)
        return True

    async def _send_flask_response(self, scope: Scope, body: bytes, send: Send) -> None:
        began = time.perf_counter()
        try:
            response = await self._thread_pool(scope).call(scope, body)
        except Exception as error:
            log.error("a request failed outside Flask", exc_info=error)
            await send_error(scope, _observing(UNKNOWN_PAGE, send), error)
            return
        # Before it is sent: how long a phone takes to read is not the site's time.
        observe_request(scope[PAGE_KEY], response.status, time.perf_counter() - began)
        await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await send({"type": "http.response.body", "body": response.body})
        except TimeoutError:
            log.info("a client read too slowly")

    def _thread_pool(self, scope: Scope) -> WsgiBridge:
        if scope["path"].startswith(FACILITATOR_PATHS):
            return self.facilitators
        return self.pages if scope["method"] in ("GET", "HEAD") else self.forms

    def _body_limit(self, path: str) -> BodyLimit:
        for prefix, limit in self.body_limits.items():
            if path.startswith(prefix):
                return limit
        return _BODY_LIMIT


def _observing(page: str, send: Send) -> Send:
    """``send``, which counts the request when its response starts."""
    began = time.perf_counter()

    async def observing_send(message: Message) -> None:
        if message["type"] == "http.response.start":
            observe_request(page, message["status"], time.perf_counter() - began)
        await send(message)

    return observing_send


def _wsgi_scope(scope: Scope, body: bytes) -> Scope:
    """The scope for WSGI: Content-Length instead of chunks, one Cookie header, and the query string in ASCII."""
    headers = [(k, v) for k, v in join_cookies(scope["headers"]) if k not in (b"content-length", b"transfer-encoding")]
    if body or scope["method"] not in ("GET", "HEAD"):
        headers.append((b"content-length", str(len(body)).encode()))
    query = quote_from_bytes(scope["query_string"], safe=_QUERY_SAFE).encode()
    return {**scope, "headers": headers, HEADERS_BY_NAME: None, "query_string": query}


_QUERY_SAFE = bytes(range(0x21, 0x7F))


WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Threads(Protocol):
    """A ``ThreadPoolExecutor``, or ``PageThreads``."""

    def submit(self, fn: Callable[..., object], /, *args: object) -> object: ...


class WsgiBridge:
    """Runs a WSGI application on ``threads``.

    The body is complete before a thread is taken, and the response before it is sent, so a thread is busy only while
    the application runs. a2wsgi's own middleware goes through the event loop for each part of a response and blocks its
    thread for a slow reader; only its translation of requests is used here.
    """

    def __init__(self, app: WSGIApp, threads: Threads) -> None:
        self._app = app
        self._threads = threads
        self._callbacks: CallbackQueue | None = None  # made in the event loop, which does not run yet

    async def call(self, scope: Scope, body: bytes) -> Response:
        """The application's whole response.

        Not by ``run_in_executor``, which wakes the loop for each response: many come at once, after one commit.
        """
        if self._callbacks is None:
            self._callbacks = CallbackQueue()
        response: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._threads.submit(self._run, self._callbacks, partial(_resolve, response), scope, body, DeferredWrite())
        return await response

    def _run(
        self, callbacks: CallbackQueue, on_done: OnDone, scope: Scope, body: bytes, deferred: DeferredWrite | None
    ) -> None:
        try:
            with handling_request(request_info(scope)):
                response = self._call(scope, body, deferred)
            if deferred is None or deferred.enqueue is None or response.status >= 400:
                callbacks.put(on_done, response, None)
                return

            def send_or_retry(_result: object, error: Exception | None) -> None:
                """Called in the event loop, after the commit."""
                if error is None:
                    on_done(response, None)
                else:
                    self._threads.submit(self._run, callbacks, on_done, scope, body, None)

            receiver = CallbackReceiver(callbacks, send_or_retry)
            try:
                deferred.enqueue(receiver)
            except WriterBusy as error:
                receiver.set_exception(error)
        except Exception as error:
            callbacks.put(on_done, None, error)

    def _call(self, scope: Scope, body: bytes, deferred: DeferredWrite | None) -> Response:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_exc_info: object) -> None:
            started.append((status, headers))

        environ: Any = build_environ(cast("Any", scope), cast("Any", io.BytesIO(body)))
        if deferred is not None:
            environ[ENVIRON_KEY] = deferred
        parts: Any = self._app(environ, start_response)
        try:
            content = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        scope[PAGE_KEY] = environ.get(PAGE_KEY, UNKNOWN_PAGE)
        if not started:
            raise RuntimeError("the application did not call start_response")
        status, headers = started[-1]
        return Response(
            int(status[:3]),
            [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            content,
        )


def _resolve(response: asyncio.Future[Response], result: Response, error: Exception | None) -> None:
    if response.done():  # the server stops, and has cancelled the request
        return
    if error is None:
        response.set_result(result)
    else:
        response.set_exception(error)
