"""The pipeline of scripts' POSTs: check the origin, read the request, enqueue its write, respond after the commit."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from lms.config import Settings
from lms.http.error_responses import error_text
from lms.http.errors import CrossSiteRequest
from lms.http.learner_cookie import LearnerCookie, set_cookie_header
from lms.http.page_language import read_chosen_language
from lms.http.same_origin import is_same_origin
from lms.learning.errors import AnswersLocked, LearnerForgotten
from lms.learning.store.writer import Receiver, Service, Writer, WriterBusy
from lms.live.rate_limits import PostLimits
from lms.live.responses import (
    Respond,
    Response,
    Scope,
    find_header,
    json_response,
    read_learner_cookie,
    request_info,
    retry_after,
)
from lms.logs.outages import find_outage
from lms.logs.request_info import handling_request
from lms.message_catalog import translate_into

log = logging.getLogger(__name__)

# Between two flushes of the write buffer (docs/adr/0001). A post that comes alone does not wait, nor do posts that fill
# the buffer.
FLUSH_INTERVAL_SECONDS = 0.012
FLUSH_SIZE = 32


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """What a POST asks of the writer, and how the result becomes a response.

    The writer runs ``service(session, learner_id=…, now=…, **kwargs)``. ``retry``: makes the request to try instead if
    the learner was forgotten on another phone; it may raise.
    """

    service: Callable[..., Any]
    learner_id: str
    kwargs: Mapping[str, Any]
    to_response: Callable[[Any], Response]
    retry: Callable[[], WriteRequest] | None = None


RequestReader = Callable[[Scope, bytes], WriteRequest]


class PostPipeline:
    """Runs POSTs through the writer, with callbacks: a task for each POST would cost an eighth of the throughput."""

    def __init__(self, settings: Settings, writer: Writer, limits: PostLimits) -> None:
        self._settings = settings
        self._limits = limits
        self._writes = WriteBuffer(writer)
        self._callbacks: CallbackQueue | None = None  # made in the event loop, which does not run yet

    def handle(self, read: RequestReader, scope: Scope, body: bytes, respond: Respond) -> None:
        """Enqueue what ``read`` makes of a request. ``respond`` is called once: now with an error, or after the commit.

        ``read`` may raise any error that has a text.
        """
        if log.isEnabledFor(logging.DEBUG):
            respond = partial(_log_and_respond, respond, scope, time.monotonic())
        try:
            self._check_origin(scope)
            self._limits.check(scope)
            self._enqueue(read(scope, body), scope, respond)
        except Exception as error:
            respond(self._error_response(error, scope))

    def learner_cookie(self, scope: Scope) -> LearnerCookie:
        return read_learner_cookie(self._settings, scope)

    def chosen_language(self, scope: Scope) -> str:
        """The language that this phone chose."""
        return read_chosen_language(self._settings, find_header(scope, b"cookie"))

    def set_cookie_header(self, cookie: LearnerCookie) -> tuple[bytes, bytes]:
        return b"set-cookie", set_cookie_header(self._settings, cookie).encode()

    def _enqueue(self, request: WriteRequest, scope: Scope, respond: Respond) -> None:
        if self._callbacks is None:
            self._callbacks = CallbackQueue()
        receiver = CallbackReceiver(self._callbacks, partial(self._on_done, request, scope, respond))
        kwargs = {"learner_id": request.learner_id, "now": datetime.now(UTC), **request.kwargs}
        self._writes.put(request.service, request.learner_id, kwargs, receiver)

    def _on_done(
        self, request: WriteRequest, scope: Scope, respond: Respond, result: Any, error: Exception | None
    ) -> None:
        try:
            if isinstance(error, LearnerForgotten) and request.retry is not None:
                self._enqueue(request.retry(), scope, respond)
                return
            # ``error`` is not raised again here: its traceback would refer to this frame, and the frame to it: a cycle.
            response = request.to_response(result) if error is None else self._error_response(error, scope)
        except Exception as failure:
            response = self._error_response(failure, scope)
        respond(response)

    def _error_response(self, error: Exception, scope: Scope) -> Response:
        text = error_text(error)
        if text.status == 500 or find_outage(error):
            with handling_request(request_info(scope)):
                log.error("unexpected error", exc_info=error)
        value: dict[str, Any] = {"error": translate_into(self.chosen_language(scope), text.json_sentence)}
        if isinstance(error, AnswersLocked):
            value["answer"] = list(error.given)
        return json_response(text.status, value, retry_after(text))

    def _check_origin(self, scope: Scope) -> None:
        if not is_same_origin(
            public_url=self._settings.public_url,
            host=find_header(scope, b"host") or "",
            fetch_site=find_header(scope, b"sec-fetch-site"),
            origin=find_header(scope, b"origin"),
            referer=find_header(scope, b"referer"),
        ):
            raise CrossSiteRequest


def _log_and_respond(respond: Respond, scope: Scope, started: float, response: Response) -> None:
    with handling_request(request_info(scope)):
        took = round((time.monotonic() - started) * 1000)
        log.debug("request", extra={"status": response.status, "milliseconds": took})
    respond(response)


class WriteBuffer:
    """Gives the writer all writes of one turn of the event loop together, or those of 12 ms if posts are many.

    Each write that is enqueued alone wakes the writer, which competes for the interpreter lock with the requests and
    responses of the same turn, and costs a commit of its own (docs/adr/0001).
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._next_flush_at = 0.0  # in the event loop's time
        self._scheduled_flush: asyncio.Handle | None = None
        self._buffer: list[tuple[Service, str, dict[str, Any], Receiver]] = []

    def put(self, service: Service, sort_key: str, kwargs: dict[str, Any], receiver: Receiver) -> None:
        """Enqueue a write at the next flush; ``receiver`` gets ``WriterBusy`` if it is refused then."""
        self._buffer.append((service, sort_key, kwargs, receiver))
        if len(self._buffer) in (1, FLUSH_SIZE):
            self._schedule_flush()

    def _schedule_flush(self) -> None:
        loop = asyncio.get_running_loop()
        if self._scheduled_flush is not None:
            self._scheduled_flush.cancel()
        if len(self._buffer) >= FLUSH_SIZE or loop.time() >= self._next_flush_at:
            self._scheduled_flush = loop.call_soon(self._flush)
        else:
            self._scheduled_flush = loop.call_at(self._next_flush_at, self._flush)

    def _flush(self) -> None:
        self._next_flush_at = asyncio.get_running_loop().time() + FLUSH_INTERVAL_SECONDS
        self._scheduled_flush = None
        writes, self._buffer = self._buffer, []
        for service, sort_key, kwargs, receiver in writes:
            try:
                self._writer.enqueue(service, sort_key, kwargs, receiver)
            except WriterBusy as error:
                receiver.set_exception(error)


OnDone = Callable[[Any, Exception | None], None]  # called with (result, None) or (None, error)


class CallbackQueue:
    """Calls callbacks in the event loop's thread, and wakes the loop once for many of them.

    ``asyncio.wrap_future`` wakes the loop for each one. The writer finishes a hundred at once, and every wake-up is a
    system call for which its thread releases the interpreter lock and queues for it again.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._pending: deque[tuple[OnDone, Any, Exception | None]] = deque()
        self._is_scheduled = False

    def put(self, on_done: OnDone, result: Any, error: Exception | None) -> None:
        """Queue a callback with its result; may be called in any thread."""
        self._pending.append((on_done, result, error))
        if not self._is_scheduled:
            self._is_scheduled = True
            self._loop.call_soon_threadsafe(self._run_pending)

    def _run_pending(self) -> None:
        # Reset first: a callback that is put after the last check below must schedule another run.
        self._is_scheduled = False
        while self._pending:
            on_done, result, error = self._pending.popleft()
            try:
                on_done(result, error)
            except Exception:
                log.exception("a callback of the writer failed")


class CallbackReceiver:
    """A ``Receiver`` of the writer that queues a callback; ten times cheaper than ``concurrent.futures.Future``.

    A client that disconnects does not cancel its write.
    """

    __slots__ = ("_on_done", "_queue")

    def __init__(self, queue: CallbackQueue, on_done: OnDone) -> None:
        self._queue = queue
        self._on_done = on_done

    def set_running_or_notify_cancel(self) -> bool:
        return True

    def set_result(self, result: Any) -> None:
        self._queue.put(self._on_done, result, None)

    def set_exception(self, exception: Exception) -> None:
        self._queue.put(self._on_done, None, exception)
