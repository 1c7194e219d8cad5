"""Connections must say what they want: uvicorn itself waits for a request's head for ever, and takes any length."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lms.live.bodies import BODY_CAME

HEAD_LIMIT = 64 * 1024  # bytes after the first piece from the network; a whole head of a browser has two thousand
HEAD_SECONDS = 20.0  # browsers also open connections in advance, and open them again when they need one
CONNECTION = "lms.connection"  # in a scope: the request's Connection
STREAM_BUFFER = 16 * 1024  # bytes that wait in this process for a slow reader of a stream, beside the kernel's
SILENT_MILLISECONDS = 60_000  # a phone that is gone without a word: what it does not confirm for so long, ends it

_TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Connection(HttpToolsProtocol):
    """uvicorn's protocol, which ends a connection whose next request does not begin in time, or begins too long.

    ``at_stop`` is called when the site stops, for an answer that would otherwise go on.
    """

    at_stop: Callable[[], None] | None = None
    stopping = False
    _waiting: asyncio.TimerHandle | None = None
    _in_head = False
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._wait_for_head()
        if self._in_head and self._head_bytes > HEAD_LIMIT and not self.transport.is_closing():
            self.transport.write(_TOO_LONG)
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._head_bytes = True, 0
        self._wait_for_head()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        cycle = self.cycle
        if self.scope["method"] != "HEAD":  # whose answer has no body to wait for
            cycle.transport = HeadAndBody(self.transport)
        self.scope[BODY_CAME] = lambda: not cycle.more_body
        self.scope[CONNECTION] = self
        self._in_head = False
        self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self.at_stop = None
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
