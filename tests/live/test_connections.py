"""Connections: request heads, pipelining, the fast path for POSTs, and reference cycles."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import weakref
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import uvicorn
from uvicorn.server import ServerState

from lms.http import learner_cookie
from lms.learning.classroom.session import stream_tokens
from lms.live import http_protocol
from lms.live.http_protocol import HEAD_SECONDS
from lms.live.responses import json_response, send_response
from tests.live.raw_http import connect

WHOLE_GET = b"GET / HTTP/1.1\r\nHost: hall\r\n\r\n"
LAST_GET = b"GET / HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n\r\n"


async def hello(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


class SkewedLoop(asyncio.SelectorEventLoop):
    """``ahead``: seconds by which its clock is fast, as if so much time had passed."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


class CountingConnection(http_protocol.Connection):
    """Counts connections (``lines``) and received bytes."""

    connection_count = byte_count = 0

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        type(self).connection_count += 1

    def data_received(self, data: bytes) -> None:
        type(self).byte_count += len(data)
        super().data_received(data)


@contextlib.asynccontextmanager
async def listening() -> AsyncIterator[int]:
    config = uvicorn.Config(hello, log_config=None, timeout_keep_alive=round(2 * HEAD_SECONDS))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: CountingConnection(config, ServerState(), {}), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def talk_to_server(*pieces: bytes, pause: float = 0, silence: float = 0) -> bytes:
    """All that a client receives that sends these pieces with pauses of ``pause`` seconds, then nothing for ``silence``
    seconds, until the server closes the connection."""

    async def talk() -> bytes:
        loop, lines, sent = (
            asyncio.get_running_loop(),
            CountingConnection.connection_count,
            CountingConnection.byte_count,
        )
        async with listening() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            while CountingConnection.connection_count == lines:
                await asyncio.sleep(0.001)
            for piece in pieces:
                loop.ahead += pause
                writer.write(piece)
                sent += len(piece)
                while CountingConnection.byte_count < sent:
                    await asyncio.sleep(0.001)
                for _ in range(20):  # let the server respond
                    await asyncio.sleep(0)
            loop.ahead += silence
            heard = await asyncio.wait_for(reader.read(), 60)
            writer.close()
            return heard

    def run() -> bytes:
        with asyncio.Runner(loop_factory=SkewedLoop) as runner:
            return runner.run(talk())

    with ThreadPoolExecutor(1) as thread:  # the event loop of browser tests may run in this one
        return thread.submit(run).result()


@pytest.mark.parametrize(
    "pieces",
    [(), (b"GET / HTTP/1.1\r\nX-Slow: ",), (b"\r\n", b"\r\n"), (WHOLE_GET, b"\r\n"), (WHOLE_GET, b"GET / HT")],
    ids=["silent", "half-head", "empty-lines", "empty-lines-later", "half-head-later"],
)
def test_a_connection_without_a_complete_request_head_times_out(pieces):
    assert talk_to_server(*pieces, silence=HEAD_SECONDS).count(b"hello") == pieces.count(WHOLE_GET)


def test_a_slow_client_with_several_requests_is_answered():
    assert talk_to_server(*[WHOLE_GET] * 30, LAST_GET, pause=HEAD_SECONDS / 4).count(b"hello") == 31


def test_a_body_that_arrives_after_its_response_does_not_count_as_a_head():
    head = b"POST / HTTP/1.1\r\nHost: hall\r\nContent-Length: 400000\r\n\r\n"
    heard = talk_to_server(head, *[b"x" * 100_000] * 4, LAST_GET)
    assert heard.count(b"hello") == 2
    assert b" 431 " not in heard


def test_an_endless_head_is_cut_off(live_server):
    with connect(live_server.url) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: hall\r\nX-Long: ")
        with contextlib.suppress(ConnectionError):
            for _ in range(100):
                connection.sendall(b"x" * 100_000)
        with pytest.raises(ConnectionError):  # reset, because the server did not read the rest
            for _ in range(100):
                connection.sendall(b"x" * 100_000)


def test_a_response_without_a_body_is_sent():
    head = WHOLE_GET.replace(b"GET", b"HEAD")
    assert talk_to_server(head, LAST_GET).count(b"HTTP/1.1 200") == 2


def test_head_and_body_are_written_together():
    written = []

    class Wire:
        write = staticmethod(written.append)

    answer = http_protocol.HeadBufferingTransport(Wire())
    answer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    answer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    answer.write(b"hel")
    answer.write(b"lo")
    assert written == [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\nhel", b"lo"]


POST = b"POST /some HTTP/1.1\r\nHost: hall\r\nContent-Length: 3\r\n\r\n123"
FORBIDDEN = json_response(403, {"error": "no " * 30})


class FastPathApp:
    """An application that handles POSTs on the fast path, except to /long, which takes the normal way."""

    def __init__(self) -> None:
        self.may_respond = asyncio.Event()

    def try_handle_post(self, scope, body, respond):
        if scope["path"] == "/long":
            return False
        respond(FORBIDDEN)
        return True

    async def __call__(self, scope, receive, send):
        if scope["path"] == "/slow":
            await self.may_respond.wait()
        if scope["method"] == "POST":
            await receive()
            await asyncio.sleep(0)  # as if a thread were needed
        await send_response(send, FORBIDDEN)


class RecordingTransport(asyncio.Transport):
    """A transport that records what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = bytearray()
        self.is_closed = self.is_reading_paused = False

    def write(self, data):
        self.written += data

    def close(self):
        self.is_closed = True

    def is_closing(self):
        return self.is_closed

    def pause_reading(self):
        self.is_reading_paused = True

    def resume_reading(self):
        self.is_reading_paused = False

    @property
    def answers(self) -> int:
        return self.written.count(b"HTTP/1.1 403")


async def run_until_idle() -> None:
    """Let the event loop run until it is idle."""
    for _ in range(10_000):
        await asyncio.sleep(0)


def with_connection(talk):
    """The result of ``talk(connection, wire, app)`` with the only connection of a server."""

    async def run():
        app, wire = FastPathApp(), RecordingTransport()
        config = uvicorn.Config(app, log_config=None, lifespan="off", ws="none", proxy_headers=False)
        connection = http_protocol.Connection(config, ServerState(), {})
        connection.connection_made(wire)
        return await talk(connection, wire, app)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()


def test_many_pipelined_posts_behind_a_slow_page_are_all_answered():
    async def talk(connection, wire, app):
        connection.data_received(WHOLE_GET.replace(b"/", b"/slow", 1) + POST * 2000)
        app.may_respond.set()
        await run_until_idle()
        return wire.answers, wire.is_closed

    assert with_connection(talk) == (2001, False)


@pytest.mark.parametrize("path", [b"some", b"long"])
def test_pipelined_requests_are_answered_before_more_are_read(path):
    posts = POST.replace(b"some", path) * 100

    async def talk(connection, wire, app):
        connection.data_received(WHOLE_GET.replace(b"/", b"/slow", 1) + posts)
        app.may_respond.set()
        most = 0
        for _ in range(8000):
            await asyncio.sleep(0)
            if not wire.is_reading_paused and wire.answers < 1000:
                connection.data_received(posts)
            most = max(most, len(connection.pipeline))
        return most <= 200, wire.answers >= 1000

    assert with_connection(talk) == (True, True)


def test_nothing_is_written_to_a_client_that_does_not_read():
    async def talk(connection, wire, app):
        connection.pause_writing()
        connection.data_received(POST * 2000)
        await run_until_idle()
        unread = len(wire.written), wire.is_reading_paused
        connection.resume_writing()
        await run_until_idle()
        return unread, wire.answers

    assert with_connection(talk) == ((0, True), 2000)


def test_the_keep_alive_timer_of_a_fast_response_does_not_cut_off_a_slow_one():
    async def talk(connection, wire, app):
        connection.data_received(POST + WHOLE_GET.replace(b"/", b"/slow", 1))
        is_waited_for = connection.timeout_keep_alive_task is None
        app.may_respond.set()
        await run_until_idle()
        return is_waited_for, wire.answers, connection.timeout_keep_alive_task is not None

    assert with_connection(talk) == (True, 2, True)


@pytest.mark.parametrize(
    "sent",
    [POST, POST * 3, WHOLE_GET, POST.replace(b"some", b"long"), WHOLE_GET + POST * 3, POST[:-1]],
    ids=["short", "shorts", "page", "long", "ahead", "half"],
)
@pytest.mark.parametrize("hangs_up", ["at once", "after the answer"])
@pytest.mark.parametrize("error", [None, ConnectionResetError], ids=["ended", "cut off"])
def test_a_closed_connection_is_freed_without_garbage_collection(sent, hangs_up, error):
    """No reference cycles: garbage collection runs so rarely that bodies and connections would fill the memory."""

    async def talk(connection, wire, app):
        connection.data_received(sent)
        request = weakref.ref(connection.cycle)
        if hangs_up == "after the answer":
            await run_until_idle()
        wire.close()
        connection.connection_lost(error and error())
        for _ in range(10):
            await asyncio.sleep(0)  # let tasks finish
        left.append(weakref.ref(connection))
        left.append(request)

    left = []
    gc.disable()
    try:
        with_connection(talk)
        assert [gone() for gone in left] == [None, None]
    finally:
        gc.enable()


def test_a_body_is_freed_with_its_response():
    async def talk(connection, wire, app):
        connection.data_received(POST)
        return len(connection.cycle.body)

    assert with_connection(talk) == 0


@pytest.mark.parametrize("read", [learner_cookie.load_cookie, stream_tokens.load_stream_token])
@pytest.mark.parametrize("shown", ["x", "x.y.z"])
def test_a_wrong_signature_leaves_no_reference_cycle(read, shown):
    def ask() -> weakref.ref[FastPathApp]:
        request = FastPathApp()
        assert read("s" * 32, shown) is None
        return weakref.ref(request)

    gc.disable()
    try:
        assert ask()() is None
    finally:
        gc.enable()
