"""uvicorn's HTTP protocol with limits for request heads, and a fast path for small POSTs."""

from __future__ import annotations

import asyncio
import socket
import weakref
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from typing import Any

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from lms.live.request_bodies import BODY_RECEIVED
from lms.live.responses import Respond, Response, Scope, request_id_header

HEAD_LIMIT = 64 * 1024  # bytes after the first read; a browser's whole head has about two thousand
HEAD_SECONDS = 20.0  # browsers also open connections in advance, and open them again when they need one
CONNECTION = "lms.connection"  # key in a scope: the request's Connection, while the request is being handled
STREAM_BUFFER = 16 * 1024  # bytes to buffer in this process for a slow reader of a stream, beside the kernel's
UNACKNOWLEDGED_MILLISECONDS = 60_000  # a phone that vanished without a FIN: how long sent bytes may stay unacknowledged

TryHandlePost = Callable[[Scope, bytes, Respond], bool]

_HEAD_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Connection(HttpToolsProtocol):
    """A connection that limits the time and size of request heads; uvicorn waits forever, for any length.

    Fast path: if the application has ``try_handle_post(scope, body, respond)``, it is called with each POST whose body
    was received together with its head. If it returns True it calls ``respond`` later, and no task and no ASGI message
    are needed; these would cost an eighth of the throughput (docs/adr/0001).

    - A POST whose body ends in the data that ends its head takes the fast path.
    - One that is pipelined behind an unanswered request waits for its turn, then takes it if its body is complete.
    - All others take the normal way: those whose body is incomplete then, those that expect "100 Continue", those for
      which the application returns False, and those of a client that does not read its responses.

    On both ways, a request is freed together with its response: it is in no reference cycle, since garbage collection
    runs too rarely here (docs/adr/0016).

    ``on_shutdown`` is called when the server stops, for a response that would otherwise go on.
    """

    on_shutdown: Callable[[], None] | None = None
    stopping = False
    _pending_post: tuple[RequestResponseCycle, Any] | None = None  # whose body may follow in the same data
    _head_timer: asyncio.TimerHandle | None = None  # runs at the deadline of this head, or of an earlier one
    _head_deadline: float | None = None  # by the clock of the loop; None while no head is awaited
    _in_head = False
    _in_on_headers_complete = False
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow = _PipelineFlowControl(transport, self.pipeline)
        self._start_head_timer()

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._pending_post is not None:  # the rest of its body is still on the way
            pending, self._pending_post = self._pending_post, None
            self._start_task(*pending)
        if self._in_head or self.cycle is None or self.cycle.response_complete:
            self._start_head_timer()
        if self._in_head and self._head_bytes > HEAD_LIMIT and not self.transport.is_closing():
            self.transport.write(_HEAD_TOO_LARGE)
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        # uvicorn does this when data comes; here a response may have been sent, and its timer started, since then.
        self._unset_keepalive_if_required()
        self._in_head, self._head_bytes = True, 0

    def on_headers_complete(self) -> None:
        self._in_on_headers_complete = True
        try:
            super().on_headers_complete()
        finally:
            self._in_on_headers_complete = False
        self._in_head = False
        self._head_deadline = None

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Called at the end of a head, and for a pipelined request when its turn comes."""
        is_candidate = cycle.scope["method"] == "POST" and not cycle.waiting_for_100_continue
        if is_candidate and self._in_on_headers_complete:
            self._pending_post = (cycle, app)
        elif is_candidate and not cycle.more_body:
            # Not called here, inside the previous request's response: a thousand pipelined requests would nest on the
            # stack.
            self.loop.call_soon(self._handle_post, cycle, app)
        else:
            self._start_task(cycle, app)

    def _start_task(self, cycle: Any, app: Any) -> None:
        """Handle a request in the normal way, which the fast path does not need."""
        scope: Scope = cycle.scope
        if scope["method"] != "HEAD":  # its response has no body
            cycle.transport = HeadBufferingTransport(self.transport)
        # Weak references: a request must not be in a reference cycle.
        weak_cycle = weakref.proxy(cycle)
        scope[BODY_RECEIVED] = lambda: not weak_cycle.more_body
        scope[CONNECTION] = weakref.proxy(self)
        super()._start_asgi_task(cycle, app)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        if self._pending_post is not None:
            pending, self._pending_post = self._pending_post, None
            self._handle_post(*pending)

    def _handle_post(self, cycle: Any, app: Any) -> None:
        try_handle_post: TryHandlePost | None = getattr(app, "try_handle_post", None)
        if (
            self.flow.write_paused  # the normal way waits until the client reads, and pauses reading from it meanwhile
            or try_handle_post is None
            or not try_handle_post(cycle.scope, bytes(cycle.body), partial(self._write_response, cycle))
        ):
            self._start_task(cycle, app)
        else:
            cycle.body = bytearray()  # the application has it

    def _write_response(self, cycle: Any, response: Response) -> None:
        cycle.on_response = None  # breaks a reference cycle, as the end of run_asgi does
        if cycle.disconnected:
            return
        cycle.response_started = cycle.response_complete = True
        lines = [STATUS_LINE[response.status]]
        for name, value in self.server_state.default_headers:
            lines += (name, b": ", value, b"\r\n")
        for name, value in (*response.headers, request_id_header(cycle.scope)):
            lines += (name, b": ", value, b"\r\n")
        lines += (b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n", response.body)
        self.transport.write(b"".join(lines))
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self.flow.resume_reading()  # this may have started the last pipelined request

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_head_timer()
        self._unset_keepalive_if_required()  # uvicorn leaves it running for a broken connection, and it refers to us
        self.on_shutdown = None
        pipelined: Any
        for pipelined, _ in self.pipeline:  # these will not be handled
            pipelined.on_response = None
        self.pipeline.clear()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        self.stopping = True
        super().shutdown()
        if self.on_shutdown is not None:
            self.on_shutdown()

    def prepare_stream(self, unacknowledged_milliseconds: int = UNACKNOWLEDGED_MILLISECONDS) -> None:
        """Buffer little for a slow reader, and let the kernel notice a vanished phone within a minute or two.

        ``unacknowledged_milliseconds``: sooner, for a client that must not be believed in for so long.
        """
        self.transport.set_write_buffer_limits(high=STREAM_BUFFER)
        option = getattr(socket, "TCP_USER_TIMEOUT", None)  # Linux only
        if option is not None:
            with suppress(OSError):
                tcp_socket = self.transport.get_extra_info("socket")
                tcp_socket.setsockopt(socket.IPPROTO_TCP, option, unacknowledged_milliseconds)

    def abort(self) -> None:
        """Close the connection now; buffered data is lost."""
        self.transport.abort()

    def _start_head_timer(self) -> None:
        if self._head_deadline is None:
            self._head_deadline = self.loop.time() + HEAD_SECONDS
            if self._head_timer is None:
                self._head_timer = self.loop.call_at(self._head_deadline, self._check_head_deadline)

    def _check_head_deadline(self) -> None:
        """Close the connection if its head is late; otherwise look again, if there is a later deadline.

        A timer for each request would take a twentieth of the time of a small post.
        """
        self._head_timer = None
        if self._head_deadline is None:
            return
        if self._head_deadline <= self.loop.time():
            self.transport.close()
        else:
            self._head_timer = self.loop.call_at(self._head_deadline, self._check_head_deadline)

    def _cancel_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


class _PipelineFlowControl(FlowControl):
    """Does not resume reading while pipelined requests wait: each response would let in another batch of them."""

    def __init__(self, transport: asyncio.Transport, pipeline: Collection[object]) -> None:
        super().__init__(transport)
        self._pipeline = pipeline

    def resume_reading(self) -> None:
        if not self._pipeline:
            super().resume_reading()


class HeadBufferingTransport:
    """Writes the head of a response together with the first part of its body: one system call instead of two.

    Our responses never pause between the two, so the head is not delayed.
    """

    __slots__ = ("_head", "_is_started", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        self._is_started = False

    def write(self, data: bytes) -> None:
        if self._is_started:
            self._transport.write(self._head + data if self._head else data)
            self._head = b""
        elif data.startswith(b"HTTP/1.1 100"):  # "Continue" is not the response yet
            self._transport.write(data)
        else:
            self._head, self._is_started = data, True

    def close(self) -> None:
        if self._head:
            self._transport.write(self._head)
            self._head = b""
        self._transport.close()

    def is_closing(self) -> bool:
        return self._transport.is_closing()
