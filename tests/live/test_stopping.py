"""Stopping and killing the server: acknowledged writes are saved."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from lms.config import load_settings
from lms.learning.store.database import make_engine
from lms.learning.store.migrate import upgrade
from lms.server import create_asgi
from tests.live.lessons import practice_of, questions, sample_lesson
from tests.live.practice_posts import begin, misses, send
from tests.live.processes import WITHOUT_TIMEOUTS, Server, serving
from tests.live.raw_http import TIMEOUT_SECONDS, connect, post_form, send_request, wait_until

LESSON = sample_lesson()
FIRST, SECOND = questions(LESSON)[:2]
SCRIPT = {"Accept": "application/json"}


def answer(server: Server, asked, cookie: str | None = None) -> tuple[str, int]:
    """Post a right answer; returns (the learner's cookie, the number of right answers)."""
    headers = SCRIPT | ({"Cookie": cookie} if cookie else {})
    reply = post_form(server.url, asked.path, [("answer", key) for key in asked.right], headers)
    assert reply.status == 200
    return reply.cookie or cookie, json.loads(reply.body)["progress"]["right"]


def test_what_was_acknowledged_survives_a_kill(tmp_path):
    acknowledged: list[str] = []
    with serving(tmp_path) as server:
        enough = threading.Event()

        def answer_until_the_end() -> None:
            while True:
                try:
                    cookie, right = answer(server, FIRST)
                except (OSError, AssertionError):
                    return
                assert right == 1
                acknowledged.append(cookie)
                if len(acknowledged) >= 100:
                    enough.set()

        with ThreadPoolExecutor(8) as phones:
            for _ in range(8):
                phones.submit(answer_until_the_end)
            answered = enough.wait(TIMEOUT_SECONDS)
            server.kill()  # in any case: the phones go on until then
        assert answered
    with serving(tmp_path) as server:
        assert [right for _, right in (answer(server, SECOND, cookie) for cookie in acknowledged)] == [2] * len(
            acknowledged
        )


def test_a_batch_sent_again_after_a_kill_counts_once(tmp_path):
    batch = {"events": [[1, 0, practice_of(LESSON).start, -1, "hint"], *misses(2, 40)]}
    with serving(tmp_path) as server:
        attempt, cookie = begin(server.url)
        before = send(server.url, attempt, batch, cookie)
        server.kill()
    with serving(tmp_path) as server:
        after = send(server.url, attempt, batch, cookie)
    assert json.loads(before.body)["kept"] == 41
    assert after.body == before.body


def test_a_stop_waits_for_no_open_connection(tmp_path):
    """Waiting for the connections would take an hour, and the test waits two minutes."""
    with serving(tmp_path, **WITHOUT_TIMEOUTS) as server, ExitStack() as stack:
        cookie, _ = answer(server, FIRST)
        for _ in range(20):
            half = stack.enter_context(connect(server.url))
            half.sendall(b"POST /toi/ten HTTP/1.1\r\nHost: hall\r\nContent-Length: 10\r\n\r\nna")
            idle = stack.enter_context(connect(server.url))
            idle.sendall(b"GET / HTTP/1.1\r\nHost: hall\r\n\r\n")
        lazy = stack.enter_context(connect(server.url))
        lazy.sendall(b"GET / HTTP/1.1\r\nHost: hall\r\n\r\n" * 200)
        assert send_request(server.url, "/healthz").status == 200
        assert server.stop() in (0, -15)
    assert "Traceback" not in server.read_log()
    with serving(tmp_path) as server:
        assert answer(server, SECOND, cookie)[1] == 2


def test_a_stop_while_answers_come_in_loses_none_that_was_acknowledged(tmp_path):
    acknowledged: list[str] = []
    with serving(tmp_path) as server:

        def answer_until_the_end() -> None:
            while True:
                try:
                    acknowledged.append(answer(server, FIRST)[0])
                except (OSError, AssertionError):
                    return

        with ThreadPoolExecutor(4) as phones:
            for _ in range(4):
                phones.submit(answer_until_the_end)
            try:
                wait_until(lambda: len(acknowledged) >= 20)
            finally:
                server.stop()  # in any case: the phones go on until then
    with serving(tmp_path) as server:
        assert {answer(server, SECOND, cookie)[1] for cookie in acknowledged} == {2}


@pytest.mark.parametrize("gone", ["before", "during"])
def test_a_phone_that_disconnects_does_no_harm(tmp_path: Path, gone):
    with serving(tmp_path) as server:
        body = b"answer=" + FIRST.right[0].encode()
        head = (
            f"POST {FIRST.path} HTTP/1.1\r\nHost: hall\r\nAccept: application/json\r\nContent-Length: {len(body)}\r\n"
        )
        head += "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        for _ in range(20):
            with connect(server.url) as connection:
                connection.sendall(head.encode() + (body[:3] if gone == "before" else body))
        assert answer(server, FIRST)[1] == 1
        assert server.stop() in (0, -15)
        assert "Traceback" not in server.read_log()


def test_gc_and_switch_interval_are_restored_when_the_server_stops(tmp_path):
    def measures() -> tuple[tuple[int, int, int], float]:
        return gc.get_threshold(), sys.getswitchinterval()

    async def run() -> None:
        steps = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

        async def receive():
            seen.append(measures())
            return next(steps)

        async def send(message):
            assert message["type"].endswith(".complete")

        await site({"type": "lifespan"}, receive, send)

    settings = load_settings({"LMS_DATA_DIR": str(tmp_path / "data"), "LMS_COURSES": str(tmp_path)})
    engine = make_engine(settings.database_url)
    upgrade(engine)
    engine.dispose()
    site, seen = create_asgi(settings), []
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()
    before, within = seen
    assert within != before
    assert measures() == before
