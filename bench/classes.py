"""Live classes: phones that join, follow their facilitators, answer and practise, on both databases.

Steps, posts answered and processor time are judged as ratios to ``bench.bare_hub``, which does the same durable writes
and which the same load program plays just before. That nothing is lost or saved twice is judged absolutely, also while
a server is killed. ``make bench`` plays forty classes; ``python -m bench city`` plays the 168 of a city.
"""

from __future__ import annotations

import functools
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine, create_engine, func, make_url, select, text
from sqlalchemy.orm import Session

from bench.figures import Figure, at_least, at_most, percentile_ms, without_bar
from bench.phones.plan import ClassPlan, LoadPlan, LoadReport, QuestionPlan
from bench.servers import SECRET, Server, kill_later, memory_of, processor_seconds_of, running_servers
from bench.sites import COURSES, ROOT, bare_hub
from lms.content.library import read_library
from lms.content.model import Choice, Lesson
from lms.http.learner_cookie import COOKIE_NAME, LearnerCookie, dump_cookie
from lms.learning.accounts.account import Account
from lms.learning.accounts.account_store import add_account
from lms.learning.accounts.sign_in_slips import issue_slip
from lms.learning.classroom.access import helpers, projectors
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.seats import joining
from lms.learning.classroom.session.seat_store import Seat
from lms.learning.classroom.session.stream_tokens import StreamToken, sign_stream_token
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.database import make_engine, write_sessions
from lms.learning.store.migrate import upgrade
from lms.learning.store.models import ClassAnswer, Response, SeatRow
from tests.postgres import running_postgres

PHONES = 60  # in a class
WATCHERS = 3  # of a class: its projector, its desk and a helper
# Times the bare hub. Steps: both poll twice a second, so 1 is the least. Posts answered: a phone sends its next events
# when it has the last receipt, so a server that cannot keep up answers fewer. How long a post takes is only printed:
# the hub's takes one commit, a millisecond or two, and at that size the machine's disk and scheduler decide the ratio.
STEP_BAR, POSTS_BAR, PROCESSOR_BAR = 1.5, 0.9, 7.0
STEP_BARS = (1500.0, 3000.0)  # milliseconds, p95 and p99
PAGE_BAR = 1500.0  # milliseconds, p95: pages that a whole hall opens at once
# By one phone: of each kind that a class has, and of practice events. The limits are CLASS_LIMIT and GENERAL_LIMIT.
FLOOD_POSTS, FLOOD_EVENTS = 100, 500
RECONNECT_SECONDS = 30.0
RETURN_SECONDS = 45.0  # from the reopening of a class; pages of summaries look every 21 to 39 s
KILL_AFTER_STEPS_SECONDS = 4.0  # from the facilitator's first command to the opening of the first question


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


SMALL = (
    Scenario("SQLite"),
    Scenario(
        "two workers on PostgreSQL, one killed",
        database="postgresql",
        workers=2,
        grace_seconds=14,
        kill=True,
        restart_seconds=None,
    ),
    Scenario("SQLite, killed and restarted", classes=20, grace_seconds=14, kill=True),
    # What a city has at nine in the evening: the facilitators of twenty classes close within twenty seconds.
    Scenario("SQLite, an evening", classes=20, spread_seconds=20, absolute=True),
    Scenario(
        "SQLite, closed by mistake", classes=20, spread_seconds=20, reopen_seconds=8, absolute=True, compared=False
    ),
    Scenario(
        "two workers on PostgreSQL, an evening",
        database="postgresql",
        workers=2,
        classes=20,
        spread_seconds=20,
        absolute=True,
    ),
)
# Of a question in which a server is killed, and of what follows it: the phones have come back.
AFTER_KILL = ("locked", "shown", "tap", "ket", "closed")

SavedAnswers = dict[tuple[str, int, str, int], str]  # the option by (class, seat, question, round)


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


def measure() -> Iterator[Figure]:
    for scenario in SMALL:
        yield from figures(scenario)


def figures(scenario: Scenario) -> Iterator[Figure]:
    """Play a scenario and compare the result with the bars."""
    baseline = _play_baseline(_baseline_of(scenario)) if scenario.compared and not scenario.kill else None
    result = _play(scenario)
    report, name = result.run.report, f"{scenario.name}, {scenario.classes} × {scenario.phones}:"
    note = _percentiles("from tap to first state", report.join_times)
    yield at_least(f"{name} joined", report.joined, scenario.phone_count, "phones", note)
    if scenario.kill:
        quick = sum(seconds <= RECONNECT_SECONDS for seconds in report.reconnect_times)
        share = 100 * quick / max(1, len(report.reconnect_times))
        note = f"{_percentiles('reconnected after', report.reconnect_times)}; {_lag(report)}"
        yield at_least(f"{name} reconnected within 30 s", share, 95, "%", note)
        yield from _step_figures(f"{name} after the kill,", report, AFTER_KILL)
    else:
        yield from _step_speed_figures(scenario, name, report, baseline)
        yield from _load_figures(scenario, name, result.run, baseline)
    if scenario.reopen_seconds is not None:
        yield from _reopening_figures(scenario, name, report)
    yield from _page_figures(scenario, name, report)
    yield from _flood_figures(name, report)
    yield from _correctness_figures(scenario, name, result)
    if scenario.phone_count >= 1000:  # below, the fixed costs of a server would count as the phones'
        yield at_most(f"{name} memory for each phone", result.run.memory / 1024, 64, "KB")


def _step_speed_figures(scenario: Scenario, name: str, report: LoadReport, baseline: Run | None) -> Iterator[Figure]:
    steps = _all_steps(report)
    command = _percentiles("commands", report.command_times)
    note = f"{len(steps):,} steps on phones, {report.missed_steps} missed; {command}; {_lag(report)}"
    bare_steps = _all_steps(baseline.report) if baseline else []
    if baseline and not scenario.absolute:
        yield _ratio(f"{name} a facilitator's step seen, p95", steps, bare_steps, STEP_BAR, note)
        slowest = max(percentile_ms(seconds, 0.95) for seconds in report.step_times.values())
        note = _by_kind(report, tuple(report.step_times))
        yield without_bar(f"{name} the slowest step seen, p95", slowest, "ms", note)
    else:
        note += f"; the bare hub's {percentile_ms(bare_steps, 0.95):,.0f} ms" if baseline else ""
        yield at_most(f"{name} a facilitator's step seen, p95", percentile_ms(steps, 0.95), STEP_BARS[0], "ms", note)
        yield at_most(f"{name} a facilitator's step seen, p99", percentile_ms(steps, 0.99), STEP_BARS[1], "ms")
        yield from _step_figures(name, report, tuple(report.step_times))


def _load_figures(scenario: Scenario, name: str, run: Run, baseline: Run | None) -> Iterator[Figure]:
    """Posts and processor time, beside the bare hub's."""
    report, bare = run.report, baseline.report if baseline else LoadReport()
    yield _post_time(f"{name} an answer's post, p95", report.answer_times, bare.answer_times)
    yield _post_time(f"{name} practice events' post, p95", report.event_times, bare.event_times)
    posts, milliseconds = len(report.event_times), 1000 * run.processor_seconds / scenario.phone_count
    rate = f"{posts:,} posts; {posts / scenario.practice_seconds:,.0f} a second"
    cores = f"{milliseconds:.1f} ms; {run.cores:.2f} of a core for all servers"
    if baseline is None:
        yield without_bar(f"{name} practice posts answered", posts, "posts", rate)
        yield without_bar(f"{name} processor time for each phone", milliseconds, "ms", cores)
        return
    bare_posts, bare_milliseconds = len(bare.event_times), 1000 * baseline.processor_seconds / scenario.phone_count
    note = f"{rate}; bare {bare_posts:,} posts"
    yield at_least(f"{name} practice posts answered, against a bare hub", posts / bare_posts, POSTS_BAR, "×", note)
    ratio, note = milliseconds / bare_milliseconds, f"{cores}; bare {bare_milliseconds:.1f} ms"
    yield at_most(f"{name} processor time for each phone, against a bare hub", ratio, PROCESSOR_BAR, "×", note)


def _reopening_figures(scenario: Scenario, name: str, report: LoadReport) -> Iterator[Figure]:
    """Phones in the practice hear a reopening as a step, those at their summaries look for it."""
    back = sum(seconds <= RETURN_SECONDS for seconds in report.return_times)
    note = _percentiles("after", report.return_times)
    left = max(1, report.left_by_mistake)  # none: the reopening was not played
    yield at_least(f"{name} phones back from their summaries within 45 s", back, left, "phones", note)
    note = _percentiles("after", report.watcher_return_times)
    watchers = scenario.classes * WATCHERS
    heard = len(report.watcher_return_times)
    yield at_least(f"{name} walls, desks and helpers that heard the reopening", heard, watchers, "screens", note)


def _all_steps(report: LoadReport) -> list[float]:
    """Seconds of every step on every phone; a step that a phone did not see took for ever."""
    seen = [seconds for each in report.step_times.values() for seconds in each]
    return seen + [float("inf")] * report.missed_steps


def _step_figures(name: str, report: LoadReport, kinds: tuple[str, ...]) -> Iterator[Figure]:
    """Judge the step that is seen last: an average over a whole class would hide the end."""
    slowest = max(kinds, key=lambda kind: percentile_ms(report.step_times[kind], 0.95))
    worst = report.step_times[slowest]
    note = _by_kind(report, kinds)
    yield at_most(f"{name} the slowest step seen, p95", percentile_ms(worst, 0.95), STEP_BARS[0], "ms", note)
    yield at_most(f"{name} the slowest step seen, p99", percentile_ms(worst, 0.99), STEP_BARS[1], "ms", slowest)


def _by_kind(report: LoadReport, kinds: tuple[str, ...]) -> str:
    return "; ".join(f"{kind} {percentile_ms(report.step_times[kind], 0.95):,.0f}" for kind in kinds)


def _page_figures(scenario: Scenario, name: str, report: LoadReport) -> Iterator[Figure]:
    """Pages that a hall opens at once. Forty classes that end within four seconds are no evening: these only tell."""
    for page, seconds in sorted(report.page_times.items()):
        note = f"{len(seconds):,} pages; p99 {percentile_ms(seconds, 0.99):,.0f} ms"
        title, p95 = f'{name} the page "{page}", p95', percentile_ms(seconds, 0.95)
        yield at_most(title, p95, PAGE_BAR, "ms", note) if scenario.absolute else without_bar(title, p95, "ms", note)


def _flood_figures(name: str, report: LoadReport) -> Iterator[Figure]:
    """One phone's posts beyond the limit are refused, of each kind; meanwhile the posts of others take no longer."""
    counts = report.flood_statuses
    sent: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for key, count in counts.items():
        kind, _, status = key.rpartition(" ")
        sent[kind] += count
        refused[kind] += count if status == "429" else 0
    least = min((refused[kind] / sent[kind] for kind in sent), default=0.0)
    note = ", ".join(f"{key}: {count}" for key, count in sorted(counts.items()))
    yield at_least(f"{name} posts of a flood refused, of the kind with the fewest", 100 * least, 55, "%", note)
    times = report.event_times_in_flood
    note = f"{len(times):,} posts; p99 {percentile_ms(times, 0.99):,.0f} ms"
    yield at_most(
        f"{name} others' practice events' post meanwhile, p95", percentile_ms(times, 0.95), PAGE_BAR, "ms", note
    )


def _ratio(name: str, seconds: list[float], bare_seconds: list[float], bar: float, note: str = "") -> Figure:
    """Compare the 95th percentiles of the site and the bare hub."""
    ours, bare = percentile_ms(seconds, 0.95), percentile_ms(bare_seconds, 0.95)
    note = f"{ours:,.1f} ms, bare {bare:,.1f} ms" + (f"; {note}" if note else "")
    return at_most(f"{name}, against a bare hub", ours / bare, bar, "×", note)


def _post_time(name: str, seconds: list[float], bare_seconds: list[float]) -> Figure:
    """Tell the 95th percentile beside the bare hub's. It has no bar."""
    note = f"p99 {percentile_ms(seconds, 0.99):,.0f} ms"
    note += f"; bare {percentile_ms(bare_seconds, 0.95):,.1f} ms" if bare_seconds else ""
    return without_bar(name, percentile_ms(seconds, 0.95), "ms", note)


def _correctness_figures(scenario: Scenario, name: str, result: Result) -> Iterator[Figure]:
    report = result.run.report
    acknowledged: SavedAnswers = {
        (class_id, seat, question, round_): option for class_id, seat, question, round_, option in report.acknowledged
    }
    lost = sum(result.saved.get(key) != option for key, option in acknowledged.items())
    expected = scenario.phone_count * scenario.questions * (1 - scenario.sleep_rate)
    note = f"{len(acknowledged):,} acknowledged, {len(result.saved):,} saved; {report.retries:,} requests sent again"
    yield at_least(f"{name} answers acknowledged", len(acknowledged), expected, "answers", note)
    yield at_most(f"{name} answers acknowledged but not saved", lost, 0, "answers")
    yield at_most(f"{name} answers saved twice", result.duplicates, 0, "answers")
    note = f"unexpected: {report.unexpected or 'none'}"
    yield at_most(f"{name} phones not at the step of their class at the end", report.out_of_step, 0, "phones", note)


def _baseline_of(scenario: Scenario) -> Scenario:
    """Return what the bare hub plays, so that scenarios which differ only in their servers share a run."""
    return replace(scenario, name="bare hub", database="sqlite", workers=1, absolute=False, reopen_seconds=None)


@functools.cache
def _play_baseline(scenario: Scenario) -> Run:
    lesson = _lesson_with_questions()
    classes = tuple(
        ClassPlan(class_id, f"{number:06}", scenario.phones, (f"/lop/dong?ve={class_id}.wall",) * WATCHERS)
        for number in range(scenario.classes)
        for class_id in (f"{number:032x}",)
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        bare_hub(Path(folder), {plan.code: plan.class_id for plan in classes}) as hub,
    ):
        plan = _load_plan(scenario, lesson, (hub.port,), classes)
        run = _run_load(plan, scenario, [hub.process])
    if run.report.joined != scenario.phone_count or run.report.out_of_step:
        raise RuntimeError(f"the bare hub failed: {run.report.joined} joined, {run.report.unexpected}")
    return run


def _play(scenario: Scenario) -> Result:
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
            invitation = helpers.invite_helpers(session, class_session.id, account_id=account.id, now=now)
            helper, _ = helpers.join_as_helper(session, token=invitation, name="", now=now)
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


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    """Make a database for the block, and yield its URL."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'lms.sqlite3'}"
        return
    with running_postgres(durable=True) as server_url:
        name = f"lms_bench_{uuid.uuid4().hex}"
        _execute(server_url, f"CREATE DATABASE {name}")
        try:
            url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
            engine = make_engine(url)
            upgrade(engine)  # lms serve does not change PostgreSQL's tables
            engine.dispose()
            yield url
        finally:
            _execute(server_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _execute(server_url: str, statement: str) -> None:
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _percentiles(what: str, seconds: list[float]) -> str:
    p50, p95, worst = (percentile_ms(seconds, share) for share in (0.5, 0.95, 1))
    return f"{what} p50 {p50:,.0f} ms, p95 {p95:,.0f} ms, worst {worst:,.0f} ms"


def _lag(report: LoadReport) -> str:
    p99, worst = (percentile_ms(report.lags, share) for share in (0.99, 1))
    return f"the load's own lag p99 {p99:.0f} ms, worst {worst:.0f} ms"
