"""The threads of pages, and a poller whose classes are made up, and without a server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from lms.learning.classroom.session.stream_tokens import StreamToken
from lms.live.dispatcher import WSGIApp, WsgiBridge
from lms.live.http_protocol import Connection
from lms.live.hub import Hub
from lms.live.page_threads import CONCURRENT_PAGES, CONCURRENT_PAGES_ON_SQLITE, STUCK_SECONDS, PageThreads
from lms.live.poller import Poller
from lms.live.responses import Message
from tests.live.asgi_scope import SCOPE

CLASS = "a" * 32
PHONE = StreamToken("phone", CLASS, "1", generation=7)


class OneClass:
    """A class with one phone. ``version`` grows with each step; a seat's ``version`` with what its learner does."""

    def __init__(self) -> None:
        self.version = 1
        self.seat = SimpleNamespace(class_id=CLASS, number=1, version=1, changed_at=0, removed=False, holder=7)
        self.fails = False

    @contextmanager
    def poll(self) -> Iterator[OneClass]:
        yield self

    def versions(self) -> dict[str, int]:
        return {CLASS: self.version}

    def classes(self, _class_ids: Any) -> dict[str, int]:
        if self.fails:
            raise OSError
        return {CLASS: self.version}

    def seats(self, _class_ids: Any) -> list[SimpleNamespace]:
        return [SimpleNamespace(**vars(self.seat))]

    def changed_seats(self, _class_ids: Any, _since: int, _known: Any) -> list[SimpleNamespace]:
        return self.seats(_class_ids)

    def revoked_tokens(self, _tokens: Any) -> set[StreamToken]:
        return set()

    def projectors(self, _class_ids: Any) -> dict[str, Any]:
        return {}

    def draw(self, _role: str, view: int, _seats: Any, _projectors: Any) -> dict[str, int]:
        return {"v": view}

    def draw_seat(self, _view: int, seat: SimpleNamespace) -> dict[str, int]:
        return {"changes": seat.version}

    def seat_basis(self, _view: int) -> None:
        return None


def run(play: Any) -> Any:
    with ThreadPoolExecutor(1) as another_thread:  # not the one with the event loop of browser tests
        return another_thread.submit(asyncio.run, play()).result()


@contextmanager
def followed_class() -> Iterator[tuple[OneClass, Poller, Hub]]:
    """A class that a phone follows, in a hub that has not pushed anything yet."""
    source, hub = OneClass(), Hub()
    hub.start()
    try:
        yield source, Poller(source, hub), hub
    finally:
        hub.stop()


def page_bridge(
    app: WSGIApp, *, concurrent_pages: int = CONCURRENT_PAGES, stuck_seconds: float = STUCK_SECONDS
) -> WsgiBridge:
    threads = PageThreads(concurrent_pages=concurrent_pages, spare_threads=4, stuck_seconds=stuck_seconds)
    return WsgiBridge(app, threads)


async def push_all(hub: Hub) -> None:
    """Let the hub do its work, which takes a few turns of the event loop."""
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.mark.parametrize("concurrent_pages", [CONCURRENT_PAGES, CONCURRENT_PAGES_ON_SQLITE])
def test_of_many_pages_one_or_two_are_rendered_at_a_time(concurrent_pages: int):
    at_once, most, lock = 0, 0, threading.Lock()
    together = threading.Barrier(concurrent_pages)

    def app(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        together.wait(60)
        with lock:
            at_once -= 1
        start_response("200 OK", [])
        return [b""]

    async def play() -> None:
        bridge = page_bridge(app, concurrent_pages=concurrent_pages, stuck_seconds=60)
        await asyncio.gather(*(bridge.call({**SCOPE, "method": "GET"}, b"") for _ in range(60)))

    run(play)
    assert most == concurrent_pages


def test_pages_do_not_wait_for_ever_behind_two_that_are_stuck_and_each_is_rendered_once():
    answered = threading.Event()
    rendered: list[str] = []

    def handle(_method: str, path: str) -> None:
        if path == "/slow":
            assert answered.wait(60)
        rendered.append(path)

    async def play() -> None:
        bridge = page_bridge(answering(handle))
        slow = [asyncio.create_task(get(bridge, "/slow")) for _ in range(2)]
        await asyncio.sleep(0)
        behind = [f"/{number}" for number in range(10)]
        assert await asyncio.gather(*(get(bridge, path) for path in behind)) == [200] * 10
        assert sorted(rendered) == sorted(behind)
        answered.set()
        await asyncio.gather(*slow)
        assert await get(bridge, "/last") == 200
        assert sorted(rendered) == sorted([*behind, "/slow", "/slow", "/last"])

    run(play)


def answering(handle: Callable[[str, str], None]) -> WSGIApp:
    """A site whose every request is answered once ``handle``, called with method and path, has returned."""

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        handle(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        start_response("200 OK", [])
        return [b""]

    return app


async def get(bridge: WsgiBridge, path: str = "/") -> int:
    return (await bridge.call({**SCOPE, "method": "GET", "path": path}, b"")).status


def test_what_changed_outside_the_store_is_pushed_with_the_next_poll_once_the_poller_is_told():
    """A hall's laptop has another address: no row says so."""

    async def play() -> None:
        sent: list[bytes] = []

        async def send(message: Message) -> None:
            sent.append(message["body"])

        with followed_class() as (source, poller, hub):
            asking = asyncio.create_task(hub.current_state(PHONE, timeout_seconds=60))
            await asyncio.sleep(0)
            poller.poll(0.0)
            await asking
            hub.join(PHONE, send, Mock(Connection))
            await push_all(hub)
            sent.clear()
            source.draw = lambda *_: {"v": 1, "address": "10.77.0.9"}
            poller.poll(0.5)
            await push_all(hub)
            assert sent == []
            poller.read_all()
            poller.poll(1.0)
            await push_all(hub)
            assert b"10.77.0.9" in b"".join(sent)

    run(play)
