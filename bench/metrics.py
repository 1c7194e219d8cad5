"""What the metrics cost a page: the same request in one process, by turns with and without counting it.

A lesson page from the page cache, for a new learner's cookie: the cheapest page there is, so that counting weighs most.
What is switched off is ``observe_request`` of the dispatcher; naming the endpoint in Flask stays in both.
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.figures import Figure, at_most, without_bar
from bench.sample_learner import heaviest_lesson
from bench.sites import COURSES
from lms.config import Settings
from lms.http.learner_cookie import COOKIE_NAME, LearnerCookie, dump_cookie
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.database import make_engine
from lms.learning.store.migrate import upgrade
from lms.live import dispatcher
from lms.live.responses import Message, Scope
from lms.server import AsgiApp, create_asgi

BAR = 1.0  # percent
_PAIRS = 4000
_SECRET = "of this measurement, and long enough"


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data_dir=Path(folder),
            courses_dir=COURSES,
            database_url=f"sqlite:///{folder}/lms.sqlite3",
            secret_key=_SECRET,
            public_url="http://127.0.0.1",
        )
        engine = make_engine(settings.database_url)
        upgrade(engine)
        engine.dispose()
        with_metrics, without = asyncio.run(_measure_pairs(create_asgi(settings)))
    alone = _observe_seconds()
    added, note = with_metrics - without, f"{_PAIRS} pairs, medians {with_metrics * 1e6:.0f} and {without * 1e6:.0f} µs"
    yield without_bar("a counted page, more than one that is not", 100 * added / without, "%", note)
    note = f"{alone * 1e6:.2f} µs of {without * 1e6:.0f} µs"
    yield at_most("counting a request, of a lesson page", 100 * alone / without, BAR, "%", note)


async def _measure_pairs(app: AsgiApp) -> tuple[float, float]:
    """Median seconds of a page, counted and not."""
    scope, observe = _scope(), dispatcher.observe_request
    times: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(50):
        await _request(app, scope)
    gc.collect()
    gc.disable()
    try:
        for pair in range(_PAIRS):
            for is_counted in (True, False) if pair % 2 else (False, True):
                dispatcher.observe_request = observe if is_counted else _ignore
                began = time.perf_counter()
                await _request(app, scope)
                times[is_counted].append(time.perf_counter() - began)
    finally:
        dispatcher.observe_request = observe
        gc.enable()
    return median(times[True]), median(times[False])


def _observe_seconds() -> float:
    """How long counting takes by itself, with the two looks at the clock."""
    runs = []
    for _ in range(50):
        began = time.perf_counter()
        for _ in range(1000):
            start = time.perf_counter()
            dispatcher.observe_request("understand.show_understand_stage", 200, time.perf_counter() - start)
        runs.append((time.perf_counter() - began) / 1000)
    return median(runs)


def _ignore(_page: str, _status: int, _seconds: float) -> None:
    pass


def _scope() -> Scope:
    lesson = heaviest_lesson()
    cookie = f"{COOKIE_NAME}={dump_cookie(_SECRET, LearnerCookie((new_learner_id(),)))}"
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": f"/{lesson.course}/{lesson.slug}/hieu", "raw_path": b"", "root_path": "", "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"accept-encoding", b"br"), (b"cookie", cookie.encode())],
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
    }  # fmt: skip


async def _request(app: AsgiApp, scope: Scope) -> None:
    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] != 200:
            raise RuntimeError(f"the page failed: {message['status']}")

    await app({**scope}, receive, send)
