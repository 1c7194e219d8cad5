"""Keeping practice events, 64 connections at once: posts for each second of processor time, against a bare handler.

The attempts belong to seats of open classes, as in a hall that practises, so each post saves events, state and seat.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Engine, text

from bench.figures import Figure, at_least, without_bar
from bench.load_generator import LoadResult, generate
from bench.servers import SECRET, Server, processor_seconds_of
from bench.sites import COURSES, BareServer, bare_events, build_request
from lms.content.library import read_library
from lms.content.model import Lesson, Library
from lms.http.learner_cookie import COOKIE_NAME, LearnerCookie, dump_cookie
from lms.learning.accounts.account_store import add_account
from lms.learning.classroom.lifecycle import command_handler, opening
from lms.learning.classroom.practice.class_attempts import start_class_attempts
from lms.learning.classroom.seats import joining
from lms.learning.classroom.session.commands import parse_command
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.database import make_engine, write_sessions

CONNECTIONS = 64
SEATS = 60  # in a class
ATTEMPTS = 15  # on each connection, one after another
POSTS, EVENTS = 32, 3  # of each attempt, and in each post
ROUNDS, SECONDS = 3, 3.0
BAR = 0.2  # times the bare handler, which replays nothing, checks nothing and has no cookies; 0.24 today


@dataclass(frozen=True, slots=True)
class Attempt:
    id: str
    learner_id: str


@dataclass(frozen=True, slots=True)
class Load:
    """``rate``: posts for each second of the server's processor time."""

    rate: float
    result: LoadResult


def measure() -> Iterator[Figure]:
    library = read_library(COURSES, today=datetime.now(UTC).date()).library
    lesson = next(lesson for course in library for lesson in course.lessons if lesson.practice)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database_url = f"sqlite:///{folder / 'lms.sqlite3'}"
        server = Server(folder / "server", database_url)
        try:
            engine = make_engine(database_url)
            rounds = [_round(server, engine, library, lesson, folder / f"bare-{n}.sqlite3") for n in range(ROUNDS)]
            engine.dispose()
        finally:
            server.stop()
    ours, bare = ([pair[index] for pair in rounds] for index in (0, 1))
    ratio = median(our.rate / base.rate for our, base in rounds)
    rates = ", ".join(f"{our.rate:,.0f} to {base.rate:,.0f}" for our, base in rounds)
    note = f"{rates} posts a processor second; medians of {ROUNDS} rounds"
    yield at_least("practice events kept, against a bare handler's rows", ratio, BAR, "×", note)
    lag = f"the generator's lag p99 {median(load.result.lag_p99 for load in ours):.1f} ms"
    bare_p99 = median(load.result.p99 for load in bare)
    p99 = median(load.result.p99 for load in ours)
    yield without_bar("practice events' post, 64 at once, p99", p99, "ms", f"bare {bare_p99:,.0f} ms; {lag}")


def _round(server: Server, engine: Engine, library: Library, lesson: Lesson, bare: Path) -> tuple[Load, Load]:
    """The two loads follow each other, so that a machine that slows down slows both."""
    attempts = _start_attempts(engine, library, lesson)
    connections = [
        [request for attempt in attempts[number::CONNECTIONS] for request in _requests(attempt, lesson)]
        for number in range(CONNECTIONS)
    ]
    with bare_events(bare) as baseline:
        return _run(server, connections), _run(baseline, connections)


def _run(server: Server | BareServer, connections: list[list[bytes]]) -> Load:
    used = processor_seconds_of(server.process.pid)
    result = generate("127.0.0.1", server.port, connections, SECONDS)
    used = processor_seconds_of(server.process.pid) - used
    if set(result.statuses) != {"200"}:
        raise RuntimeError(f"expected 200 only: {result.statuses}")
    return Load(result.response_count / used, result)


def _requests(attempt: Attempt, lesson: Lesson) -> Iterator[bytes]:
    assert lesson.practice
    cookie = f"{COOKIE_NAME}={dump_cookie(SECRET, LearnerCookie((attempt.learner_id,)))}"
    headers = {"Content_Type": "application/json", "Origin": "http://127.0.0.1", "Cookie": cookie}
    for first in range(1, POSTS * EVENTS, EVENTS):
        events = [[q, 100 * q, lesson.practice.start, -1, "miss"] for q in range(first, first + EVENTS)]
        yield build_request(
            "POST", f"/toi/luot/{attempt.id}/su-kien", json.dumps({"events": events}).encode(), **headers
        )


def _start_attempts(engine: Engine, library: Library, lesson: Lesson) -> list[Attempt]:
    """Start an attempt at each seat of so many new classes that there are enough."""
    now = datetime.now(UTC)
    with write_sessions(engine)() as session:
        account = add_account(session, name="Minh", roles={"administrator"}, ward="", by=None, now=now)
        posts: list[dict[str, Any]] = []
        for number in range(CONNECTIONS * ATTEMPTS // SEATS):
            hall = opening.open_class_session(
                session, account_id=account.id, ward="", lesson=lesson, now=now, place=str(number)
            )
            # A class at version 1 would be taken for a repeated tap on "open", and returned again.
            session.execute(text("update classes set version = 2 where id = :id"), {"id": hall.id})
            for _ in range(SEATS):
                posts.append({"learner_id": new_learner_id(), "code": hall.code, "library": library, "now": now})
                joining.join_class_session(session, learner_id=posts[-1]["learner_id"], code=hall.code, now=now)
            command = parse_command({"to": "tap"})
            command_handler.apply_command(
                session, hall.id, account_id=account.id, command=command, library=library, now=now
            )
        ids = start_class_attempts(session, posts)
        session.commit()
    return [Attempt(str(id_), post["learner_id"]) for id_, post in zip(ids, posts, strict=True)]
