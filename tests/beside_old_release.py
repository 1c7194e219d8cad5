"""A worker of the release before serves a class through an upgrade: ``make upgrade-beside``.

The program of OLD_RELEASE (a commit) is taken from git's history and runs in this environment. Not part of ``make
test``, which may run without the history.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import re
import subprocess
import sys
import tarfile
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text

from lms.learning.backup.reading import check_backup
from lms.learning.store.database import make_engine
from lms.learning.store.migrate import latest_revision
from tests.browser.site_process import LMS, ROOT, site_env, wait_for_address
from tests.databases import new_database
from tests.live.lessons import questions, sample_lesson
from tests.live.practice_posts import begin, misses, send
from tests.live.processes import TIMEOUT_SECONDS, copy_sample_course
from tests.live.raw_http import HttpResponse, post_form, send_request, wait_until

# The oldest commit whose workers read a class that a newer release stored (docs/adr/0031).
OLD_RELEASE = os.environ.get("OLD_RELEASE", "fb787b1")
SECRET = "the same on every machine, 32 and more"
LESSON = sample_lesson()
PHONES, LEARNERS = 6, 4
ROUNDS = 5  # of everybody, in each stage of the upgrade


@dataclass
class Worker:
    """A running ``lms serve``, of either release."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(TIMEOUT_SECONDS)


@dataclass
class Release:
    """An installed program, and the settings with which it runs."""

    command: list[str]
    settings: dict[str, str]
    folder: Path

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [*self.command, *words], cwd=self.folder, env=self._env(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def serving(self) -> Iterator[Worker]:
        log = self.folder / "serve.log"
        courses = str(copy_sample_course(self.folder))
        with log.open("wb") as printed:
            process = subprocess.Popen(
                [*self.command, "serve", "--port", "0", "--courses", courses],
                cwd=self.folder, env=self._env(), stdout=printed, stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            yield Worker(wait_for_address(process, log), process, log)
        finally:
            process.kill()
            process.wait(TIMEOUT_SECONDS)

    def _env(self) -> dict[str, str]:
        return site_env(self.folder / "data") | self.settings


@dataclass
class Evening:
    """Everybody's requests, spread over the workers that are up, until the block ends."""

    workers: list[Worker]
    statuses: Counter[str] = field(default_factory=Counter)
    rounds: Counter[str] = field(default_factory=Counter)  # by who does them
    failures: list[str] = field(default_factory=list)
    _turn: Iterator[int] = field(default_factory=itertools.count)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)

    def url(self) -> str:
        with self._lock:
            return self.workers[next(self._turn) % len(self.workers)].url

    def note(self, what: str, response: HttpResponse) -> HttpResponse:
        with self._lock:
            self.statuses[f"{what} {response.status}"] += 1
            if response.status >= 400 and response.status != 429:  # these phones are faster than people
                self.failures.append(f"{what}: {response.status} {response.text[:300]}")
        return response

    def repeat(self, who: str, do: Iterator[None]) -> None:
        for _ in do:
            self.rounds[who] += 1
            if self._ended.is_set():
                return

    def play(self, rounds: int) -> None:
        """Return when everybody has done so many further rounds."""
        before = dict(self.rounds)
        wait_until(lambda: bool(self.failures) or all(self.rounds[who] >= before[who] + rounds for who in before))
        assert not self.failures

    def end(self) -> None:
        self._ended.set()


def learner(evening: Evening) -> Iterator[None]:
    """A learner answers, practises and opens "Trang của tôi", with any worker."""
    attempt, cookie = begin(evening.url())
    [question, *_] = questions(LESSON)
    sent = 0
    while True:
        headers = {"Accept": "application/json", "Cookie": cookie}
        fields = [("answer", key) for key in question.right]
        evening.note("answer", post_form(evening.url(), question.path, fields, headers))
        receipt = evening.note("events", send(evening.url(), attempt, {"events": misses(sent + 1, 2)}, cookie))
        kept = json.loads(receipt.body).get("kept") if receipt.status == 200 else None
        if receipt.status == 200:
            sent += 2
            if kept != sent:
                evening.failures.append(f"{kept} events of {sent} are kept")
        for path in ("/", "/toi", f"/{LESSON.course}/{LESSON.slug}/hieu", attempt):
            evening.note(path if path != attempt else "attempt", get(evening.url(), path, cookie))
        yield


def phone(evening: Evening, cookie: str, code: str, option: str) -> Iterator[None]:
    """Follows the class by page and by state, raises its hand, answers the question that is open."""
    turn = 0
    while True:
        page = evening.note("seat", get(evening.url(), f"/lop/{code}", cookie))
        stream = re.search(r'data-stream="([^"]+)"', page.text)
        assert stream
        path = stream[1] if stream[1].startswith("/") else f"/lop/dong?ve={stream[1]}"
        evening.note("state", get(evening.url(), path, cookie, Accept="application/json"))
        headers = {"Accept": "application/json", "Cookie": cookie}
        given = [("question", QUESTION), ("round", "1"), ("answer", option)]
        turn += 1
        if turn % 2:
            evening.note("class answer", post_form(evening.url(), f"/lop/{code}/tra-loi", given, headers))
        else:
            evening.note("hand", post_form(evening.url(), f"/lop/{code}/tay", [("tay", str(turn // 2 % 2))], headers))
        yield


def facilitator(evening: Evening, cookie: str, desk: str, token: str) -> Iterator[None]:
    """Looks at the desk, its steps and its list, and pauses and goes on."""
    while True:
        for path in ("", "/cac-buoc", "/viec"):
            evening.note(f"desk{path}", get(evening.url(), desk + path, cookie))
        evening.note("classes", get(evening.url(), "/dung-lop", cookie))
        for paused in ("1", "0"):
            fields = [("csrf_token", token), ("paused", paused)]
            evening.note("command", post_form(evening.url(), f"{desk}/lenh", fields, {"Cookie": cookie}))
        yield


QUESTION = questions(LESSON)[0].path.rpartition("/")[2]


def get(url: str, path: str, cookie: str, **headers: str) -> HttpResponse:
    return send_request(url, path, headers={"Cookie": cookie} | headers)


def open_class(worker: Worker, slip: str) -> tuple[str, str, str, str]:
    """Sign in with a slip and open a class at its first question; (cookie, desk, CSRF token, code)."""
    page = send_request(worker.url, slip)
    cookie = page.cookie or ""
    signed_in = post_form(worker.url, slip, [("csrf_token", csrf_token(page))], {"Cookie": cookie})
    cookie = signed_in.cookie or cookie
    mine = get(worker.url, "/quan-ly/toi", cookie)
    cookie, token = mine.cookie or cookie, csrf_token(mine)
    opened = post_form(
        worker.url, "/dung-lop", [("csrf_token", token), ("bai", f"{LESSON.course}/{LESSON.slug}")], {"Cookie": cookie}
    )
    assert opened.status == 303, f"{opened.status} {opened.text}"
    desk = re.sub(r"^https?://[^/]+", "", opened.headers["location"])
    for command in ({"to": f"hoi-{QUESTION}"}, {"step": f"hoi-{QUESTION}", "phase": "open"}):
        fields = [("csrf_token", token), *command.items()]
        assert post_form(worker.url, f"{desk}/lenh", fields, {"Cookie": cookie}).status == 303
    code = re.search(r"/lop/(\d{6})", get(worker.url, desk, cookie).text)
    if code is None:
        code = re.search(r"\b(\d{3})[\s ]?(\d{3})\b", re.sub("<[^>]+>", "", get(worker.url, desk, cookie).text))
    assert code
    return cookie, desk, token, "".join(code.groups())


def csrf_token(page: HttpResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, page.text[:500]
    return found[1]


@pytest.fixture
def old_program(tmp_path: Path) -> Path:
    """The program of the release before, from git's history."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), "archive", OLD_RELEASE, "lms", "static", "courses", "docs"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"the history does not reach to {OLD_RELEASE}: {done.stderr.decode()}"
    folder = tmp_path / "program"
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder


def test_a_worker_of_the_release_before_serves_through_an_upgrade(postgres: str, old_program: Path, tmp_path: Path):
    with new_database(postgres) as database_url, ExitStack() as stack:
        settings = {"LMS_DATABASE_URL": database_url, "LMS_SECRET_KEY": SECRET}
        for name in ("old", "new"):
            (tmp_path / name).mkdir()
        old = Release([sys.executable, "-m", "lms"], settings | {"PYTHONPATH": str(old_program)}, tmp_path / "old")
        new = Release([LMS], settings, tmp_path / "new")
        engine = make_engine(database_url)
        stack.callback(engine.dispose)

        old.run("db", "upgrade")
        revision = current_revision(engine)
        added = old.run("user", "add", "--name", "Minh", "--role", "facilitator", "--ward", "An Đông")
        slip = re.search(r"https?://[^/\s]+(/vao/\S+)", added)
        assert slip, added
        old_worker = stack.enter_context(old.serving())
        assert str(old_program) in Path(f"/proc/{old_worker.process.pid}/environ").read_text()
        cookie, desk, token, code = open_class(old_worker, slip[1])
        evening = Evening([old_worker])
        option = questions(LESSON)[0].right[0]
        phones = [post_form(old_worker.url, f"/lop/{code}", [("nguoi", "1")]).cookie or "" for _ in range(PHONES)]
        people = {
            "facilitator": facilitator(evening, cookie, desk, token),
            **{f"learner {number}": learner(evening) for number in range(LEARNERS)},
            **{f"phone {n}": phone(evening, each, code, option) for n, each in enumerate(phones)},
        }
        evening.rounds.update(dict.fromkeys(people, 0))
        with ThreadPoolExecutor(len(people)) as threads:
            playing = [threads.submit(evening.repeat, who, do) for who, do in people.items()]
            try:
                evening.play(ROUNDS)
                said = new.run("db", "upgrade", "--backup", str(tmp_path / "before.bak"))
                evening.play(ROUNDS)  # the old worker alone, with the new tables
                new_worker = stack.enter_context(new.serving())
                evening.workers = [old_worker, new_worker]
                evening.play(2 * ROUNDS)
                evening.workers = [new_worker]
                evening.play(ROUNDS)
                old_worker.stop()
                evening.play(ROUNDS)
            finally:
                evening.end()
            for one in playing:
                one.result()
        assert not evening.failures
        assert current_revision(engine) == latest_revision()
        if revision != latest_revision():
            assert f"từ {revision} lên {latest_revision()}" in said
            assert check_backup(tmp_path / "before.bak", None)["revision"] == revision
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM class_answers")) == PHONES
            assert connection.scalar(text("SELECT max(kept) FROM practice_attempts")) >= 2 * 5 * ROUNDS
        for worker in (old_worker, new_worker):
            assert "Traceback" not in worker.log.read_text("utf-8")
        print(f"\n{OLD_RELEASE}, {revision} → {latest_revision()}: {sum(evening.statuses.values())} requests\n{said}")


def current_revision(engine) -> str:
    with engine.connect() as connection:
        return connection.scalar(text("SELECT version_num FROM alembic_version"))
