"""Connections that say nothing, or never come to an end of it."""

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
from lms.live.responses import json_reply, send_reply
from tests.live.raw import connect

WHOLE = b"GET / HTTP/1.1\r\nHost: hall\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n\r\n"


async def hello(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


class Loop(asyncio.SelectorEventLoop):
    """``ahead``: seconds by which its clock is before the world's, as if so long had passed."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


class Heard(http_protocol.Connection):
    """``lines``: how many there were; ``bytes``: how many came in on all of them."""

    lines = bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        type(self).lines += 1

    def data_received(self, data: bytes) -> None:
        type(self).bytes += len(data)
        super().data_received(data)


@contextlib.asynccontextmanager
async def listening() -> AsyncIterator[int]:
    config = uvicorn.Config(hello, log_config=None, timeout_keep_alive=round(2 * HEAD_SECONDS))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Heard(config, ServerState(), {}), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def hears(*pieces: bytes, pause: float = 0, silence: float = 0) -> bytes:
    """What a client that sends these pieces, ``pause`` seconds after one another, and then says nothing for ``silence``
    seconds, has heard when the server ends the connection."""

    async def talk() -> bytes:
        loop, lines, sent = asyncio.get_running_loop(), Heard.lines, Heard.bytes
        async with listening() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            while Heard.lines == lines:
                await asyncio.sleep(0.001)
            for piece in pieces:
                loop.ahead += pause
                writer.write(piece)
                sent += len(piece)
                while Heard.bytes < sent:
                    await asyncio.sleep(0.001)
                for _ in range(20):  # what can be answered now is
                    await asyncio.sleep(0)
            loop.ahead += silence
            heard = await asyncio.wait_for(reader.read(), 60)
            writer.close()
            return heard

    def run() -> bytes:
        with asyncio.Runner(loop_factory=Loop) as runner:
            return runner.run(talk())

    with ThreadPoolExecutor(1) as thread:  # the browser tests' loop may be running in this one
        return thread.submit(run).result()


@pytest.mark.parametrize(
    "pieces",
    [(), (b"GET / HTTP/1.1\r\nX-Slow: ",), (b"\r\n", b"\r\n"), (WHOLE, b"\r\n"), (WHOLE, b"GET / HT")],
    ids=["silent", "half-head", "empty-lines", "empty-lines-later", "half-head-later"],
)
def test_who_does_not_say_what_she_wants_is_not_waited_for(pieces):
    assert hears(*pieces, silence=HEAD_SECONDS).count(b"hello") == pieces.count(WHOLE)


def test_who_takes_long_over_several_requests_is_answered():
    assert hears(*[WHOLE] * 30, LAST, pause=HEAD_SECONDS / 4).count(b"hello") == 31


def test_a_body_that_comes_after_its_answer_is_no_head():
    head = b"POST / HTTP/1.1\r\nHost: hall\r\nContent-Length: 400000\r\n\r\n"
    heard = hears(head, *[b"x" * 100_000] * 4, LAST)
    assert heard.count(b"hello") == 2
    assert b" 431 " not in heard


def test_a_head_without_end_is_cut_off(live_server):
    with connect(live_server.url) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: hall\r\nX-Long: ")
        with contextlib.suppress(ConnectionError):
            for _ in range(100):
                connection.sendall(b"x" * 100_000)
        with pytest.raises(ConnectionError):  # reset, because nobody read the rest
            for _ in range(100):
                connection.sendall(b"x" * 100_000)


def test_an_answer_without_a_body_is_sent_too():
    head = WHOLE.replace(b"GET", b"HEAD")
    assert hears(head, LAST).count(b"HTTP/1.1 200") == 2


def test_head_and_body_go_out_together():
    written = []

    class Wire:
        write = staticmethod(written.append)

    answer = http_protocol.HeadAndBody(Wire())
    answer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    answer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    answer.write(b"hel")
    answer.write(b"lo")
    assert written == [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\nhel", b"lo"]


POST = b"POST /some HTTP/1.1\r\nHost: hall\r\nContent-Length: 3\r\n\r\n123"
NO = json_reply(403, {"error": "no " * 30})


class Hall:
    """An application that tells each post at once, the short way; one that comes the long way it answers too."""

    def __init__(self) -> None:
        self.goes_on = asyncio.Event()

    def take_post(self, scope, body, tell):
        if scope["path"] == "/long":
            return False
        tell(NO)
        return True

    async def __call__(self, scope, receive, send):
        if scope["path"] == "/slow":
            await self.goes_on.wait()
        if scope["method"] == "POST":
            await receive()
            await asyncio.sleep(0)  # as for a thread
        await send_reply(send, NO)


class Wire(asyncio.Transport):
    """Takes whatever is written to it."""

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


async def rest() -> None:
    """Until nothing is left to do in this loop but to wait."""
    for _ in range(10_000):
        await asyncio.sleep(0)


def on_a_line(talk):
    """What ``talk(connection, wire, hall)`` gives back, with the only connection of a server."""

    async def run():
        hall, wire = Hall(), Wire()
        config = uvicorn.Config(hall, log_config=None, lifespan="off", ws="none", proxy_headers=False)
        connection = http_protocol.Connection(config, ServerState(), {})
        connection.connection_made(wire)
        return await talk(connection, wire, hall)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()


def test_many_refusals_behind_a_slow_page_are_all_told():
    async def talk(connection, wire, hall):
        connection.data_received(WHOLE.replace(b"/", b"/slow", 1) + POST * 2000)
        hall.goes_on.set()
        await rest()
        return wire.answers, wire.is_closed

    assert on_a_line(talk) == (2001, False)


@pytest.mark.parametrize("path", [b"some", b"long"])
def test_what_was_sent_ahead_is_answered_before_more_of_it_is_read(path):
    posts = POST.replace(b"some", path) * 100

    async def talk(connection, wire, hall):
        connection.data_received(WHOLE.replace(b"/", b"/slow", 1) + posts)
        hall.goes_on.set()
        most = 0
        for _ in range(8000):
            await asyncio.sleep(0)
            if not wire.is_reading_paused and wire.answers < 1000:
                connection.data_received(posts)
            most = max(most, len(connection.pipeline))
        return most <= 200, wire.answers >= 1000

    assert on_a_line(talk) == (True, True)


def test_who_does_not_read_is_not_written_to():
    async def talk(connection, wire, hall):
        connection.pause_writing()
        connection.data_received(POST * 2000)
        await rest()
        unread = len(wire.written), wire.is_reading_paused
        connection.resume_writing()
        await rest()
        return unread, wire.answers

    assert on_a_line(talk) == ((0, True), 2000)


def test_a_slow_answer_is_not_cut_off_by_the_quick_one_before_it():
    async def talk(connection, wire, hall):
        connection.data_received(POST + WHOLE.replace(b"/", b"/slow", 1))
        is_waited_for = connection.timeout_keep_alive_task is None
        hall.goes_on.set()
        await rest()
        return is_waited_for, wire.answers, connection.timeout_keep_alive_task is not None

    assert on_a_line(talk) == (True, 2, True)


@pytest.mark.parametrize(
    "sent",
    [POST, POST * 3, WHOLE, POST.replace(b"some", b"long"), WHOLE + POST * 3, POST[:-1]],
    ids=["short", "shorts", "page", "long", "ahead", "half"],
)
@pytest.mark.parametrize("hangs_up", ["at once", "after the answer"])
@pytest.mark.parametrize("error", [None, ConnectionResetError], ids=["ended", "cut off"])
def test_a_line_that_ended_is_gone_without_being_looked_for(sent, hangs_up, error):
    """Nothing holds itself: garbage is looked for so rarely that bodies and connections would fill the memory."""

    async def talk(connection, wire, hall):
        connection.data_received(sent)
        request = weakref.ref(connection.cycle)
        if hangs_up == "after the answer":
            await rest()
        wire.close()
        connection.connection_lost(error and error())
        for _ in range(10):
            await asyncio.sleep(0)  # what is under way comes to its end
        left.append(weakref.ref(connection))
        left.append(request)

    left = []
    gc.disable()
    try:
        on_a_line(talk)
        assert [gone() for gone in left] == [None, None]
    finally:
        gc.enable()


def test_a_body_is_let_go_with_its_answer():
    async def talk(connection, wire, hall):
        connection.data_received(POST)
        return len(connection.cycle.body)

    assert on_a_line(talk) == 0


@pytest.mark.parametrize("read", [learner_cookie.read_pass, stream_tokens.read])
@pytest.mark.parametrize("shown", ["x", "x.y.z"])
def test_a_signature_that_is_not_ours_holds_nothing_of_its_request(read, shown):
    def ask() -> weakref.ref[Hall]:
        request = Hall()
        assert read("s" * 32, shown) is None
        return weakref.ref(request)

    gc.disable()
    try:
        assert ask()() is None
    finally:
        gc.enable()
