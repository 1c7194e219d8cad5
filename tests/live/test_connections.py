"""Connections that say nothing, or never come to an end of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import uvicorn
from uvicorn.server import ServerState

from lms.live import connections
from tests.live.raw import connect

WHOLE = b"GET / HTTP/1.1\r\nHost: hall\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n\r\n"


async def hello(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


@contextlib.asynccontextmanager
async def listening() -> AsyncIterator[int]:
    config = uvicorn.Config(hello, log_config=None, timeout_keep_alive=30)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: connections.Connection(config, ServerState(), {}), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def hears(*pieces: bytes) -> bytes:
    """What a client that sends these pieces, and then nothing, has heard when the server ends the connection."""

    async def talk() -> bytes:
        async with listening() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.02)
            heard = await asyncio.wait_for(reader.read(), 20)
            writer.close()
            return heard

    with ThreadPoolExecutor(1) as thread:  # the browser tests' loop may be running in this one
        return thread.submit(asyncio.run, talk()).result()


@pytest.mark.parametrize(
    "pieces",
    [(), (b"GET / HTTP/1.1\r\nX-Slow: ",), (b"\r\n", b"\r\n"), (WHOLE, b"\r\n"), (WHOLE, b"GET / HT")],
    ids=["silent", "half-head", "empty-lines", "empty-lines-later", "half-head-later"],
)
def test_who_does_not_say_what_she_wants_is_not_waited_for(monkeypatch, pieces):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    assert hears(*pieces).count(b"hello") == pieces.count(WHOLE)


def test_who_takes_long_over_several_requests_is_answered(monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    assert hears(*[WHOLE] * 30, LAST).count(b"hello") == 31


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

    answer = connections.HeadAndBody(Wire())
    answer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    answer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    answer.write(b"hel")
    answer.write(b"lo")
    assert written == [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\nhel", b"lo"]
