"""Connections must say what they want: uvicorn itself waits for a request's head for ever, and takes any length."""

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

from lms.live.bodies import BODY_CAME
from lms.live.responses import Reply, Scope, Tell

HEAD_LIMIT = 64 * 1024  # bytes after the first piece from the network; a whole head of a browser has two thousand
HEAD_SECONDS = 20.0  # browsers also open connections in advance, and open them again when they need one
CONNECTION = "lms.connection"  # in a scope: the request's Connection, for as long as the request is being answered
STREAM_BUFFER = 16 * 1024  # bytes that wait in this process for a slow reader of a stream, beside the kernel's
SILENT_MILLISECONDS = 60_000  # a phone that is gone without a word: what it does not confirm for so long, ends it

TakePost = Callable[[Scope, bytes, Tell], bool]

_TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Connection(HttpToolsProtocol):
    """uvicorn's protocol, which ends a connection whose next request does not begin in time, or begins too long.

    An application that has ``take_post(scope, body, tell)`` is asked first with every post whose body came along with
    its head. Where it says True it calls ``tell`` with the answer, and no task is made and no ASGI message: for what
    comes by the thousand these cost more than reading a request and writing an answer. So a post

    - is held from its head until the end of the same data, and taken the short way when its body ends there;
    - sent ahead, behind a request that is not answered yet, is taken when its turn comes, if all of it is here by then;
    - goes the long way, as any request does: when it comes in pieces or asks before it sends, when the
      application does not take it, and when its sender does not read what is answered.

    A request is no ring of references, on neither way: it is gone, with its body, when its answer is. The interpreter
    looks for rings so rarely here (docs/adr/0016) that they would fill the memory.

    ``at_stop`` is called when the site stops, for an answer that would otherwise go on.
    """

    _held: tuple[RequestResponseCycle, Any] | None = None  # a post whose body may be here in a moment
    at_stop: Callable[[], None] | None = None
    stopping = False
    _waiting: asyncio.TimerHandle | None = None
    _in_head = False
    _is_head_ending = False  # within on_headers_complete
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow = _Flow(transport, self.pipeline)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._held is not None:  # the rest of it is still on its way
            held, self._held = self._held, None
            super()._start_asgi_task(*held)
        if self._in_head or self.cycle is None or self.cycle.response_complete:
            self._wait_for_head()
        if self._in_head and self._head_bytes > HEAD_LIMIT and not self.transport.is_closing():
            self.transport.write(_TOO_LONG)
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        # uvicorn does it when data comes; here the answer before may have been told, and its timer begun, since then.
        self._unset_keepalive_if_required()
        self._in_head, self._head_bytes = True, 0

    def on_headers_complete(self) -> None:
        self._is_head_ending = True
        try:
            super().on_headers_complete()
        finally:
            self._is_head_ending = False
        cycle = self.cycle
        if self.scope["method"] != "HEAD":  # whose answer has no body to wait for
            cycle.transport = HeadAndBody(self.transport)
        came = weakref.ref(cycle)
        self.scope[BODY_CAME] = lambda: not came().more_body
        self.scope[CONNECTION] = weakref.proxy(self)
        self._in_head = False
        self._stop_waiting()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Called when a head is read, and for a request that was sent ahead when its turn has come."""
        may_be_taken = cycle.scope["method"] == "POST" and not cycle.waiting_for_100_continue
        if may_be_taken and self._is_head_ending:
            self._held = (cycle, app)
        elif may_be_taken and not cycle.more_body:
            # Its turn, but not from within the answer before it: a thousand of them would pile up on the stack.
            self.loop.call_soon(self._take, cycle, app)
        else:
            super()._start_asgi_task(cycle, app)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        if self._held is not None:
            held, self._held = self._held, None
            self._take(*held)

    def _take(self, cycle: RequestResponseCycle, app: Any) -> None:
        take: TakePost | None = getattr(app, "take_post", None)
        if (
            self.flow.write_paused  # the long way waits until she reads, and reads no more of hers meanwhile
            or take is None
            or not take(cycle.scope, bytes(cycle.body), partial(self._reply, cycle))
        ):
            super()._start_asgi_task(cycle, app)
        else:
            cycle.body = bytearray()  # whoever took it has it

    def _reply(self, cycle: RequestResponseCycle, reply: Reply) -> None:
        cycle.on_response = None  # as at the end of run_asgi
        if cycle.disconnected:
            return
        cycle.response_started = cycle.response_complete = True
        lines = [STATUS_LINE[reply.status]]
        for name, value in self.server_state.default_headers:
            lines += (name, b": ", value, b"\r\n")
        for name, value in reply.headers:
            lines += (name, b": ", value, b"\r\n")
        lines += (b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n", reply.body)
        self.transport.write(b"".join(lines))
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self.flow.resume_reading()  # the last of those that were sent ahead may have been begun just now

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._unset_keepalive_if_required()  # uvicorn leaves it to a line that was cut off: a timer that holds itself
        self.at_stop = None
        for cycle, _ in self.pipeline:  # their turn does not come
            cycle.on_response = None
        self.pipeline.clear()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        self.stopping = True
        super().shutdown()
        if self.at_stop is not None:
            self.at_stop()

    def prepare_stream(self) -> None:
        """Little waits here for a slow reader, and a phone that vanished is noticed within a minute or two."""
        self.transport.set_write_buffer_limits(high=STREAM_BUFFER)
        option = getattr(socket, "TCP_USER_TIMEOUT", None)  # Linux
        if option is not None:
            with suppress(OSError):
                self.transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, option, SILENT_MILLISECONDS)

    def abort(self) -> None:
        """End it now, whatever has not been sent yet."""
        self.transport.abort()

    def _wait_for_head(self) -> None:
        if self._waiting is None:
            self._waiting = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


class _Flow(FlowControl):
    """No more is read from a line on which whole requests wait: each answer, and each look for a body, would let in
    another piece full of them.
    """

    def __init__(self, transport: asyncio.Transport, waiting: Collection[object]) -> None:
        super().__init__(transport)
        self._waiting = waiting

    def resume_reading(self) -> None:
        if not self._waiting:
            super().resume_reading()


class HeadAndBody:
    """A transport that sends an answer's head together with the first of its body: one system call, not two.

    Nobody here starts an answer and then waits, so the head is never late.
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
        elif data.startswith(b"HTTP/1.1 100"):  # an invitation to send, and no answer yet
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
