"""Play classes of one lesson on the site or on the bare hub: what is played, on which servers, and what came of it."""

from __future__ import annotations

import functools
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from bench.databases import new_database
from bench.phones.plan import ClassPlan, LoadPlan, LoadReport, QuestionPlan
from bench.servers import SECRET, Server, kill_later, memory_of, processor_seconds_of, running_servers
from bench.sites import COURSES, ROOT, bare_hub
from lms.content.library import read_library
from lms.content.model import Choice, Lesson
from lms.http.learner_cookie import COOKIE_NAME, LearnerCookie, dump_cookie
from lms.learning.accounts.account import Account
from lms.learning.accounts.account_store import add_account
from lms.learning.accounts.sign_in_slips import issue_slip
from lms.learning.classroom.access import class_helpers, projectors
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.seats import joining
from lms.learning.classroom.session.seat_store import Seat
from lms.learning.classroom.session.stream_tokens import StreamToken, sign_stream_token
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.database import make_engine, write_sessions
from lms.learning.store.models import ClassAnswer, Response, SeatRow

PHONES = 60  # in a class
WATCHERS = 3  # of a class: its projector, its desk and a helper
# By one phone: of each kind that a class has, and of practice events. The limits are CLASS_LIMIT and GENERAL_LIMIT.
FLOOD_POSTS, FLOOD_EVENTS = 100, 500
KILL_AFTER_STEPS_SECONDS = 4.0  # from the facilitator's first command to the opening of the first question

SavedAnswers = dict[tuple[str, int, str, int], str]  # the option by (class, seat, question, round)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is played on which servers. Times in seconds."""

    name: str
    database: str = "sqlite"  # or "postgresql"
    workers: int = 1
    classes: int = 40
    phones: int = PHONES
    join_seconds: float = 40.0
    questions: int = 1
    answer_seconds: float = 5.0
    grace_seconds: float = 4.0
    practice_seconds: float = 40.0  # the attempts start in the first third of it
    event_posts_per_second: float = 480.0  # 2,000 of 168 classes
    spread_seconds: float = 4.0
    loss_rate: float = 0.0
    delay: float = 0.0
    sleep_rate: float = 0.0
    kill: bool = False  # one of the servers, while answers arrive
    restart_seconds: float | None = 3.0  # after the kill; None: the other servers go on alone
    reopen_seconds: float | None = None  # from a mistaken close in the middle of the practice to the reopening
    absolute: bool = False  # judge steps and pages in milliseconds, as the contract says of an evening and a city
    compared: bool = True  # with the bare hub, which plays the same before
    seated: bool = False  # the phones have joined before

    @property
    def phone_count(self) -> int:
        return self.classes * self.phones


@dataclass(frozen=True, slots=True)
class Run:
    """The report of the load program, and what was measured at the servers."""

    report: LoadReport
    memory: float  # bytes for each phone, with its stream
    processor_seconds: float  # of all servers, from the last join to the end
    cores: float  # the same, as a share of one core


@dataclass(frozen=True, slots=True)
class Result:
    """A run on the site, and the answers that its database has afterwards."""

    run: Run
    saved: SavedAnswers
    duplicates: int  # answers that a learner has twice


def baseline_of(scenario: Scenario) -> Scenario:
    """Return the scenario without what only the site has, such as a second worker; equal ones share a run."""
    return replace(scenario, name="bare hub", workers=1, absolute=False, reopen_seconds=None)


@functools.cache
def play_baseline(scenario: Scenario) -> Run:
    lesson = _lesson_with_questions()
    classes = tuple(
        ClassPlan(class_id, f"{number:06}", scenario.phones, (f"/lop/dong?ve={class_id}.wall",) * WATCHERS)
        for number in range(scenario.classes)
        for class_id in (f"{number:032x}",)
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        new_database(scenario.database, Path(folder)) as database_url,
        bare_hub(Path(folder), database_url, {plan.code: plan.class_id for plan in classes}) as hub,
    ):
        plan = _load_plan(scenario, lesson, (hub.port,), classes)
        run = _run_load(plan, scenario, [hub.process])
    if run.report.joined != scenario.phone_count or run.report.out_of_step:
        raise RuntimeError(f"the bare hub failed: {run.report.joined} joined, {run.report.unexpected}")
    return run


def play(scenario: Scenario) -> Result:
    """Open the classes on the site, run the load program, and read the answers from the database."""
    lesson = _lesson_with_questions()
    with (
        tempfile.TemporaryDirectory() as folder,
        new_database(scenario.database, Path(folder)) as database_url,
        running_servers(Path(folder), database_url, scenario.workers) as servers,
    ):
        engine = make_engine(database_url)
        account, classes = _open_classes(engine, lesson, scenario)
        cookie, csrf_token = _sign_in(engine, servers[0], account, classes[0])
        ports = tuple(server.port for server in servers)
        plan = _load_plan(scenario, lesson, ports, classes, cookie, csrf_token, (FLOOD_POSTS, FLOOD_EVENTS))
        killed = servers[0] if scenario.kill else None
        run = _run_load(plan, scenario, [server.process for server in servers], killed)
        saved, duplicates = _saved_answers(engine)
        engine.dispose()
    return Result(run, saved, duplicates)


def _load_plan(
    scenario: Scenario,
    lesson: Lesson,
    ports: tuple[int, ...],
    classes: tuple[ClassPlan, ...],
    facilitator_cookie: str = "",
    csrf_token: str = "",
    flood: tuple[int, int] = (0, 0),
) -> LoadPlan:
    choices = [question for question in lesson.understand.graded_questions if isinstance(question, Choice)]
    return LoadPlan(
        ports=ports,
        classes=classes,
        questions=tuple(
            QuestionPlan(question.id, tuple(option.key for option in question.options))
            for question in choices[: scenario.questions]
        ),
        start_screen=lesson.practice.start if lesson.practice else "",
        facilitator_cookie=facilitator_cookie,
        csrf_token=csrf_token,
        starts_at=time.monotonic() + 3,
        join_seconds=scenario.join_seconds,
        answer_seconds=scenario.answer_seconds,
        grace_seconds=scenario.grace_seconds,
        practice_seconds=scenario.practice_seconds,
        event_posts_per_second=scenario.event_posts_per_second,
        spread_seconds=scenario.spread_seconds,
        loss_rate=scenario.loss_rate,
        delay=scenario.delay,
        sleep_rate=scenario.sleep_rate,
        flood_posts=flood[0],
        flood_events=flood[1],
        reopen_seconds=scenario.reopen_seconds,
    )


def _run_load(
    plan: LoadPlan, scenario: Scenario, processes: list[subprocess.Popen[Any]], killed: Server | None = None
) -> Run:
    """Run the load program, and kill ``killed`` in the middle of the answers to the first question."""
    memory_before = sum(memory_of(process.pid) for process in processes)
    load = subprocess.Popen(
        [sys.executable, "-m", "bench.phones"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert load.stdin and load.stdout
        load.stdin.write(json.dumps(asdict(plan)))
        load.stdin.close()
        if not load.stdout.readline():
            raise RuntimeError("the load program ended, see above")
        memory = sum(memory_of(process.pid) for process in processes) - memory_before
        joined_at, used = time.monotonic(), {process: processor_seconds_of(process.pid) for process in processes}
        if killed is not None:
            middle = scenario.spread_seconds / 2 + KILL_AFTER_STEPS_SECONDS + scenario.answer_seconds / 2
            threading.Thread(target=kill_later, args=(killed, middle, scenario.restart_seconds), daemon=True).start()
        report = LoadReport(**json.loads(load.stdout.readline()))
        load.wait(timeout=30)
    finally:
        load.kill()
        load.wait()
    seconds = time.monotonic() - joined_at
    alive = [process for process in processes if process.poll() is None]
    processor = sum(processor_seconds_of(process.pid) - used[process] for process in alive)
    return Run(report, memory / scenario.phone_count, processor, processor / seconds)


def _lesson_with_questions() -> Lesson:
    """Return the first lesson with a practice and two choice questions."""
    for course in read_library(COURSES, today=datetime.now(UTC).date()).library:
        for lesson in course.lessons:
            choices = [question for question in lesson.understand.graded_questions if isinstance(question, Choice)]
            if lesson.practice and len(choices) > 1:
                return lesson
    raise RuntimeError("no lesson in courses/ has a practice and two choice questions")


def _open_classes(engine: Engine, lesson: Lesson, scenario: Scenario) -> tuple[Account, tuple[ClassPlan, ...]]:
    """Open the classes in the database, each with a projector, a desk and a helper; this is not measured."""
    now = datetime.now(UTC)
    with write_sessions(engine)() as session:
        account = add_account(session, name="Minh", roles={"administrator"}, ward="", by=None, now=now)
        classes = []
        for number in range(scenario.classes):
            class_session = opening.open_class_session(
                session, account_id=account.id, ward="", lesson=lesson, now=now, place=str(number)
            )
            # A class at version 1 would be taken for a repeated tap on "open", and returned again.
            session.execute(text("update classes set version = 2 where id = :id"), {"id": class_session.id})
            projector, _ = projectors.create_paired_projector(session, class_session.id, account_id=account.id, now=now)
            invitation = class_helpers.invite_helpers(session, class_session.id, account_id=account.id, now=now)
            helper, _ = class_helpers.join_as_helper(session, token=invitation, name="", now=now)
            tokens = (
                StreamToken("wall", class_session.id, projector.id),
                StreamToken("desk", class_session.id, account.id, account.session_version),
                StreamToken("helper", class_session.id, helper.id),
            )
            # Class after class: the poller reads again what has changed in the last seconds, which is never a city.
            joined_at = now - timedelta(seconds=scenario.classes - number)
            seats = _join_all(session, class_session.code, scenario.phones, joined_at) if scenario.seated else ()
            plan = ClassPlan(class_session.id, class_session.code, scenario.phones, _stream_paths(tokens), seats)
            classes.append(plan)
        session.commit()
    return account, tuple(classes)


def _join_all(session: Session, code: str, phones: int, now: datetime) -> tuple[tuple[str, str], ...]:
    """Join a class with so many phones. Returns the cookie and the stream's address of each."""
    learner_ids = [new_learner_id() for _ in range(phones)]
    joins = [{"learner_id": learner, "code": code, "people": 1, "name": None, "now": now} for learner in learner_ids]
    tokens = [seat.stream_token for seat in joining.join_class_sessions(session, joins) if isinstance(seat, Seat)]
    cookies = [f"{COOKIE_NAME}={dump_cookie(SECRET, LearnerCookie((learner,)))}" for learner in learner_ids]
    return tuple(zip(cookies, _stream_paths(tokens), strict=True))


def _stream_paths(tokens: Iterable[StreamToken]) -> tuple[str, ...]:
    return tuple(f"/lop/dong?ve={sign_stream_token(SECRET, token)}" for token in tokens)


def _sign_in(engine: Engine, server: Server, account: Account, class_plan: ClassPlan) -> tuple[str, str]:
    """Sign the facilitator in with a slip. Returns the cookie and the CSRF token of the desk."""
    with write_sessions(engine)() as session:
        slip = issue_slip(session, account.id, by=None, secret=SECRET, now=datetime.now(UTC))
        session.commit()
    page, cookie = _fetch(server, "GET", f"/vao/{slip.token}")
    _, cookie = _fetch(server, "POST", f"/vao/{slip.token}", cookie, csrf_token=_csrf_token(page))
    page, cookie = _fetch(server, "GET", f"/dung-lop/{class_plan.class_id}", cookie)
    return cookie, _csrf_token(page)


def _csrf_token(page: str) -> str:
    match = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page) or re.search(r'csrf[^=]*="([^"]+)"', page)
    if match is None:
        raise RuntimeError("the page has no CSRF token")
    return match[1]


def _fetch(server: Server, method: str, path: str, cookie: str = "", **fields: str) -> tuple[str, str]:
    """Send a request. Returns the page, and the cookies that it sets or else ``cookie``."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Cookie": cookie, "Origin": f"http://127.0.0.1:{server.port}"}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, urlencode(fields) if fields else None, headers)
    response = connection.getresponse()
    page = response.read().decode()
    connection.close()
    if response.status >= 400:
        raise RuntimeError(f"{method} {path}: {response.status}")
    cookies = [header.partition(";")[0] for header in response.headers.get_all("Set-Cookie", [])]
    return page, "; ".join(cookies) or cookie


def _saved_answers(engine: Engine) -> tuple[SavedAnswers, int]:
    """Return the answers of the classes, and how many of them the learners have twice."""
    with Session(engine) as session:
        rows = session.execute(
            select(
                ClassAnswer.class_id, ClassAnswer.seat, ClassAnswer.question_id, ClassAnswer.round, ClassAnswer.given
            )
        ).all()
        duplicates = (
            select(Response.learner_id)
            .join(SeatRow, SeatRow.learner_id == Response.learner_id)
            .group_by(Response.learner_id, Response.question_id)
            .having(func.count() > 1)
        )
        duplicate_count = len(session.execute(duplicates).all())
    saved = {(row.class_id, row.seat, row.question_id, row.round): row.given[0] for row in rows}
    return saved, duplicate_count
