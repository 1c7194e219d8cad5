"""The log can be read while things go wrong, and tells of a request no more than its route."""

from __future__ import annotations

import json
import resource
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from lms.learning.store.database import make_engine
from lms.learning.store.migrate import upgrade
from tests.live.lessons import sample_lesson
from tests.live.live_class import LiveClass
from tests.live.processes import Server, serving
from tests.live.raw_http import HttpResponse, connect, post_form, send_request, wait_until
from tests.postgres import own_postgres

SECRET = "k" * 40
LESSON = sample_lesson()
AWAY = "Kho dữ liệu đang nghỉ"


def log_lines(server: Server) -> list[dict]:
    """The lines of the log, without what the command prints for people. Any other line fails."""
    lines = [line for line in server.read_log().splitlines() if line.startswith("{")]
    assert "Traceback" not in server.read_log()
    return [json.loads(line) for line in lines]


def states_and_counts(server: Server, event: str) -> list[tuple[str, int]]:
    return [(line["state"], line.get("count", 0)) for line in log_lines(server) if line["event"] == event]


@contextmanager
def asking(ask, threads: int = 8) -> Iterator[Counter]:
    """Ask again and again, as phones do; yields how often each status came."""
    statuses, stop = Counter(), threading.Event()

    def run() -> None:
        while not stop.is_set():
            statuses[ask().status] += 1

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    try:
        yield statuses
    finally:
        stop.set()
        for thread in running:
            thread.join()


@pytest.mark.slow
def test_a_database_that_goes_away_is_two_lines_and_a_page_that_says_so(tmp_path):
    with ExitStack() as stack:
        postgres = stack.enter_context(own_postgres())
        engine = make_engine(postgres.url)
        upgrade(engine)
        phone = LiveClass(postgres.url, SECRET).join()
        engine.dispose()
        settings = {"LMS_DATABASE_URL": postgres.url, "LMS_SECRET_KEY": SECRET, "LMS_LOG_FORMAT": "json"}
        server = stack.enter_context(serving(tmp_path, **settings))

        def ask_page(accept: str = "text/html") -> HttpResponse:
            return send_request(server.url, "/toi", headers={"Cookie": phone.cookie, "Accept": accept})

        def answer() -> HttpResponse:
            fields = [("answer", "a")]
            path = f"/{LESSON.course}/{LESSON.slug}/hieu/{LESSON.understand.questions[0].id}"
            return post_form(server.url, path, fields, {"Cookie": phone.cookie, "Accept": "application/json"})

        assert ask_page().status == 200
        stack.enter_context(asking(answer, threads=2))
        statuses = stack.enter_context(asking(ask_page))
        postgres.stop()
        try:
            wait_until(lambda: statuses[503] > 200)
            page, script, answered = ask_page(), ask_page("application/json"), answer()
            assert [reply.status for reply in (page, script, answered)] == [503] * 3
            assert AWAY in page.text
            assert "Thử mở lại trang này" in page.text
            assert {int(reply.headers["retry-after"]) for reply in (page, script, answered)} == {30}
            assert AWAY in json.loads(script.body)["error"]
            assert AWAY in json.loads(answered.body)["error"]
        finally:
            postgres.start()
        wait_until(lambda: ask_page().status == 200)
        wait_until(lambda: any(state == "ended" for state, _ in states_and_counts(server, "database unreachable")))
        assert set(statuses) <= {200, 503, 429}, statuses
        states = states_and_counts(server, "database unreachable")
        assert [state for state, _ in states] == ["began", "ended"]
        assert states[1][1] > 200
        assert len(log_lines(server)) <= 6, server.read_log()


@pytest.mark.slow
def test_too_many_connections_are_two_lines(tmp_path):
    with serving(tmp_path, LMS_LOG_FORMAT="json") as server:
        assert send_request(server.url, "/").status == 200
        before = len(log_lines(server))
        used = len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (used + 20, used + 20))
        with ExitStack() as stack:
            for _ in range(60):
                stack.enter_context(connect(server.url))
            wait_until(lambda: states_and_counts(server, "too many open files"))
        wait_until(lambda: len(states_and_counts(server, "too many open files")) == 2)
        assert [state for state, _ in states_and_counts(server, "too many open files")] == ["began", "ended"]
        assert states_and_counts(server, "too many open files")[1][1] > 1
        assert len(log_lines(server)) == before + 2, server.read_log()
        assert send_request(server.url, "/").status == 200


def test_a_response_carries_the_id_that_nginx_gave_the_request_or_a_new_one(live_server):
    given = "0123456789abcdef0123456789abcdef"
    paths = ["/", "/healthz", "/lop/dong", "/khong-co"]
    kept = {path: send_request(live_server.url, path, headers={"X-Request-ID": given}).headers for path in paths}
    assert {path: headers["x-request-id"] for path, headers in kept.items()} == dict.fromkeys(paths, given)
    form = {"Accept": "application/json", "X-Request-ID": given}
    fast = post_form(live_server.url, f"/{LESSON.course}/{LESSON.slug}/hieu/x", [("answer", "a")], form)
    assert fast.headers["x-request-id"] == given
    for crooked in ("", "7K2M9P4XC031", given.upper(), f"{given}0", "0903123456"):
        ids = {
            send_request(live_server.url, "/", headers={"X-Request-ID": crooked}).headers["x-request-id"]
            for _ in range(2)
        }
        assert len(ids) == 2
        assert crooked not in ids
