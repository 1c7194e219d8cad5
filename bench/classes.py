"""Live classes: phones that join, follow their leaders, answer and practise, on both stores, with servers killed.

In ``make bench`` forty classes; ``python -m bench city`` plays 168, the wards of the city, and bad weather, too.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import Engine, create_engine, func, make_url, select, text
from sqlalchemy.orm import Session

from bench.figures import Figure, at_least, at_most
from bench.phones.plan import Asked, Hall, Plan
from bench.servers import SECRET, Server, kill_later, servers
from bench.sites import COURSES, ROOT
from lms.content.library import read_library
from lms.content.model import Choice, Lesson
from lms.learning.accounts.account import Account
from lms.learning.accounts.account_store import add_account
from lms.learning.accounts.sign_in_slips import issue_slip
from lms.learning.classroom.access import projectors
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.session.stream_tokens import Ticket, issue
from lms.learning.store.database import make_engine, writing
from lms.learning.store.models import ClassAnswer, ClassSeat, Response
from tests.postgres import running_postgres

PHONES = 60  # in a class
STEP_BARS = (1500.0, 3000.0)  # milliseconds, p95 and p99
BACK_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Setting:
    """One play. Times in seconds."""

    name: str
    store: str = "sqlite"
    workers: int = 1
    classes: int = 40
    phones: int = PHONES
    join_seconds: float = 40.0
    questions: int = 1
    answer_seconds: float = 5.0
    waiting_seconds: float = 4.0
    practice_seconds: float = 20.0
    posts_a_second: float = 480.0  # 2,000 of 168 classes
    spread_seconds: float = 4.0
    weather: dict[str, float] = field(default_factory=dict)
    kill: bool = False  # one of the servers, while answers come in
    away: float | None = 3.0  # until it is started again; None: the others go on alone


SMALL = (
    Setting("SQLite"),
    Setting(
        "two workers on PostgreSQL, one killed",
        store="postgresql",
        workers=2,
        waiting_seconds=14,
        kill=True,
        away=None,
    ),
)


@dataclass(frozen=True, slots=True)
class Played:
    """What the load program told, and what the servers and the store say."""

    told: dict
    memory: float  # bytes for each phone, streams and all
    processor: float  # of one core, while the class ran
    kept: dict[tuple[str, int, str, int], str]
    doubled: int  # answers that are a learner's own twice


def measure() -> Iterator[Figure]:
    for setting in SMALL:
        yield from figures(setting)


def figures(setting: Setting) -> Iterator[Figure]:
    """Play it, and hold what came of it against the bars."""
    played = play(setting)
    told, all_phones = played.told, setting.classes * setting.phones
    name = f"{setting.name}, {setting.classes} × {setting.phones}:"
    lag = f"the load's own lag p99 {_percentile(told['lag'], 0.99):.0f} ms, worst {_percentile(told['lag'], 1):.0f} ms"
    yield at_least(f"{name} joined", told["joined"], all_phones, "phones", _said("tap to state", told["joining"]))
    if not setting.kill:
        seen = told["seen"] + [float("inf")] * told["missed"]
        count = f"{len(seen):,} steps seen, {told['missed']} missed; p50 {_percentile(seen, 0.5):.0f} ms; {lag}"
        yield at_most(f"{name} a leader's step seen, p95", _percentile(seen, 0.95), STEP_BARS[0], "ms", count)
        yield at_most(f"{name} a leader's step seen, p99", _percentile(seen, 0.99), STEP_BARS[1], "ms")
        yield at_most(f"{name} an answer's post, p95", _percentile(told["answered"], 0.95), STEP_BARS[0], "ms")
        rate = len(told["events"]) / setting.practice_seconds
        posts = f"{len(told['events']):,} posts, {rate:,.0f} a second while they practised"
        yield at_most(
            f"{name} practice events' post, p95", _percentile(told["events"], 0.95), STEP_BARS[0], "ms", posts
        )
    else:
        back = sum(seconds <= BACK_SECONDS for seconds in told["back"]) / max(1, len(told["back"]))
        yield at_least(f"{name} back within 30 s", 100 * back, 95, "%", _said("back", told["back"]) + f"; {lag}")
    acknowledged = {tuple(one[:4]): one[4] for one in told["acknowledged"]}
    lost = sum(played.kept.get(place) != given for place, given in acknowledged.items())
    sent = f"{len(acknowledged):,} acknowledged, {len(played.kept):,} kept; {told['lost']:,} posts sent again"
    expected = all_phones * setting.questions * (1 - setting.weather.get("asleep", 0))
    yield at_least(f"{name} answers acknowledged", len(acknowledged), expected, "answers", sent)
    yield at_most(f"{name} answers acknowledged and not kept", lost, 0, "answers")
    yield at_most(f"{name} answers kept twice", played.doubled, 0, "answers")
    yield at_most(
        f"{name} phones astray at the end", told["astray"], 0, "phones", str(told["refused"] or "none refused")
    )
    if all_phones < 1000:  # what a server keeps for everybody would be told as theirs
        return
    memory = f"{played.processor:.2f} of a core for all servers while the classes ran"
    yield at_most(f"{name} memory for each phone", played.memory / 1024, 64, "KB", memory)


def play(setting: Setting) -> Played:
    """Set the classes up, let the load program play them, and look into the store."""
    lesson = the_lesson()
    asked = [one for one in lesson.understand.graded if isinstance(one, Choice)][: setting.questions]
    questions = tuple(Asked(one.id, tuple(option.key for option in one.options)) for one in asked)
    with (
        tempfile.TemporaryDirectory() as name,
        _store(setting.store, Path(name)) as database_url,
        servers(Path(name), database_url, setting.workers) as running,
    ):
        engine = make_engine(database_url)
        account, halls = _open_classes(engine, lesson, setting)
        cookie, token = _sign_in(engine, running[0], account, halls[0])
        plan = Plan(
            ports=tuple(server.port for server in running),
            halls=halls,
            questions=questions,
            start_screen=lesson.practice.start,
            desk_cookie=cookie,
            desk_token=token,
            began=time.monotonic() + 3,
            join_seconds=setting.join_seconds,
            answer_seconds=setting.answer_seconds,
            waiting_seconds=setting.waiting_seconds,
            practice_seconds=setting.practice_seconds,
            posts_a_second=setting.posts_a_second,
            spread_seconds=setting.spread_seconds,
            **setting.weather,
        )
        before = [server.memory for server in running]
        told, memory, processor = _let_play(plan, setting, running)
        kept, doubled = _kept(engine)
        engine.dispose()
    phones = setting.classes * setting.phones
    return Played(told, (memory - sum(before)) / phones, processor, kept, doubled)


def _let_play(plan: Plan, setting: Setting, running: list[Server]) -> tuple[dict, int, float]:
    """What the load program told, the memory when all had joined, and the servers' share of a core after that."""
    load = subprocess.Popen(
        [sys.executable, "-m", "bench.phones"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    load.stdin.write(json.dumps(asdict(plan)))
    load.stdin.close()
    if not load.stdout.readline():
        load.wait()
        raise RuntimeError("the load program ended: see above")
    memory, begun = sum(server.memory for server in running), time.monotonic()
    used = [server.processor_seconds for server in running]
    if setting.kill:
        # In the middle of the first question's answers.
        middle = setting.spread_seconds / 2 + 4 + setting.answer_seconds / 2
        threading.Thread(target=kill_later, args=(running[0], middle, setting.away), daemon=True).start()
    told = json.loads(load.stdout.readline())
    load.wait()
    seconds = time.monotonic() - begun
    alive = [(server, was) for server, was in zip(running, used, strict=True) if server.process.poll() is None]
    processor = sum(max(0.0, server.processor_seconds - was) for server, was in alive) / seconds
    return told, memory, processor


def the_lesson() -> Lesson:
    """The first one with a practice and two questions with boxes."""
    for course in read_library(COURSES, today=datetime.now(UTC).date()).library:
        for lesson in course.lessons:
            if lesson.practice and sum(isinstance(one, Choice) for one in lesson.understand.graded) > 1:
                return lesson
    raise RuntimeError("no lesson in courses/ has a practice and questions with boxes")


def _open_classes(engine: Engine, lesson: Lesson, setting: Setting) -> tuple[Account, tuple[Hall, ...]]:
    """Classes with a wall and a desk each; how they are opened is nobody's figure."""
    now = datetime.now(UTC)
    with writing(engine)() as session:
        account = add_account(session, name="Minh", roles={"administrator"}, ward="", by=None, now=now)
        halls = []
        for _ in range(setting.classes):
            opened = opening.open_class(
                session, account_id=account.id, ward="", lesson=lesson, now=now, place=str(len(halls))
            )
            # The next one is another class, and no second tap on the same button.
            session.execute(text("update classes set version = 2 where id = :id"), {"id": opened.id})
            wall, _ = projectors.paired_here(session, opened.id, account_id=account.id, now=now)
            screens = (
                Ticket("wall", opened.id, wall.id),
                Ticket("desk", opened.id, account.id, account.session_version),
            )
            addresses = tuple(f"/lop/dong?ve={issue(SECRET, ticket)}" for ticket in screens)
            halls.append(Hall(opened.id, opened.code, setting.phones, addresses))
        session.commit()
    return account, tuple(halls)


def _sign_in(engine: Engine, server: Server, account: Account, hall: Hall) -> tuple[str, str]:
    """By slip, as (the cookie, the token of the desk's forms)."""
    with writing(engine)() as session:
        slip = issue_slip(session, account.id, by=None, secret=SECRET, now=datetime.now(UTC))
        session.commit()
    page, cookie = _ask(server, "GET", f"/vao/{slip.token}")
    _, cookie = _ask(server, "POST", f"/vao/{slip.token}", cookie, csrf_token=_token(page))
    page, cookie = _ask(server, "GET", f"/dung-lop/{hall.class_id}", cookie)
    return cookie, _token(page)


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page) or re.search(r'csrf[^=]*="([^"]+)"', page)
    if found is None:
        raise RuntimeError("no token in the page")
    return found[1]


def _ask(server: Server, method: str, path: str, cookie: str = "", **fields: str) -> tuple[str, str]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Cookie": cookie, "Origin": f"http://127.0.0.1:{server.port}"}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, urlencode(fields) if fields else None, headers)
    response = connection.getresponse()
    page = response.read().decode()
    connection.close()
    if response.status >= 400:
        raise RuntimeError(f"{method} {path}: {response.status}")
    given = [one.partition(";")[0] for one in response.headers.get_all("Set-Cookie", [])]
    return page, "; ".join(given) or cookie


def _kept(engine: Engine) -> tuple[dict[tuple[str, int, str, int], str], int]:
    """The answers that the classes have, and how many of them the learners have twice."""
    with Session(engine) as session:
        rows = session.execute(
            select(
                ClassAnswer.class_id, ClassAnswer.seat, ClassAnswer.question_id, ClassAnswer.round, ClassAnswer.given
            )
        ).all()
        own = (
            select(Response.learner_id)
            .join(ClassSeat, ClassSeat.learner_id == Response.learner_id)
            .group_by(Response.learner_id, Response.question_id)
            .having(func.count() > 1)
        )
        doubled = len(session.execute(own).all())
    return {(row.class_id, row.seat, row.question_id, row.round): row.given[0] for row in rows}, doubled


@contextmanager
def _store(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'lms.sqlite3'}"
        return
    with running_postgres(durable=True) as server:
        name = f"lms_bench_{uuid.uuid4().hex}"
        _administer(server, f"CREATE DATABASE {name}")
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        _administer(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _percentile(seconds: list[float], share: float) -> float:
    """In milliseconds."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else float("inf")


def _said(what: str, seconds: list[float]) -> str:
    p50, p95, worst = (_percentile(seconds, share) for share in (0.5, 0.95, 1))
    return f"{what} p50 {p50:,.0f} ms, p95 {p95:,.0f} ms, worst {worst:,.0f} ms"
