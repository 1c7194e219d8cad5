"""Who opens the city's site: learners and a facilitator with their cookies, and a class that the load program plays."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http.client import HTTPException, HTTPSConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bench.phones.plan import ClassPlan, LoadPlan, LoadReport, QuestionPlan
from bench.sample_learner import right_answer
from lms.content.model import Choice, Lesson
from lms.content.practice import action_paths
from tests.browser.site_process import ROOT
from tests.city.debian_machine import HOST, Machine
from tests.live.lessons import practice_of, sample_lesson
from tests.live.raw_http import HttpResponse
from tests.nginx_front import trusting
from tests.real_courses import library

PHONES = 40
RESPONSE_SECONDS = 40
CODE = re.compile(r"\b[0-9CFHJKMNPRTVX]{3}(?: [0-9CFHJKMNPRTVX]{3}){3}\b")


class Visitor:
    """A browser at the city's address, over nginx and TLS; it keeps its cookies."""

    def __init__(self, machine: Machine) -> None:
        self._machine, self.cookies = machine, {}

    def get(self, path: str) -> HttpResponse:
        return self._send("GET", path, None, {})

    def post(self, path: str, fields: dict[str, str] | list[tuple[str, str]] | bytes, accept: str = "") -> HttpResponse:
        is_json = isinstance(fields, bytes)
        headers = {"Origin": f"https://{HOST}", "Accept": accept or ("application/json" if is_json else "text/html")}
        headers["Content-Type"] = "application/json" if is_json else "application/x-www-form-urlencoded"
        return self._send("POST", path, fields if is_json else urlencode(fields).encode(), headers)

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> HttpResponse:
        connection = HTTPSConnection("127.0.0.1", 443, timeout=RESPONSE_SECONDS, context=trusting())
        with self._machine.network():
            connection.connect()
        own = {"Host": HOST, "User-Agent": "Lan's phone"} | ({"Cookie": self.cookie} if self.cookies else {})
        try:
            connection.request(method, path, body, own | headers)
            response = connection.getresponse()
            for name, value in response.getheaders():
                if name.lower() == "set-cookie":
                    self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
            told = {name.lower(): value for name, value in response.getheaders()}
            return HttpResponse(response.status, told, response.read())
        finally:
            connection.close()


def csrf_token(page: HttpResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, page.text[:500]
    return found[1]


def path_of(response: HttpResponse) -> str:
    return re.sub(r"^https?://[^/]+", "", response.headers["location"])


@dataclass
class Learner:
    """Somebody who earned a badge, and everything that identifies this learner."""

    visitor: Visitor
    name: str
    code: str
    badge: str
    document: str

    def secrets(self) -> set[str]:
        cookies = {value for value in self.visitor.cookies.values() if len(value) > 20}
        return {self.name, self.code, self.code.replace(" ", ""), *cookies}


def learner_with_badge(machine: Machine, name: str) -> Learner:
    """A learner with all three marks of a lesson, and its badge with the name."""
    visitor, lesson = Visitor(machine), _lesson_for_badge()
    path = f"/{lesson.course}/{lesson.slug}"
    for question in lesson.understand.graded_questions:
        answered = visitor.post(f"{path}/hieu/{question.id}", [("answer", given) for given in right_answer(question)])
        assert answered.status == 303, f"{answered.status} {answered.text[:500]}"
    attempt = path_of(visitor.post(f"{path}/lam", {"mode": "tu-lam"}))
    events = action_paths.to_events(action_paths.expected_path(practice_of(lesson), {}))
    receipt = visitor.post(f"{attempt}/su-kien", json.dumps({"events": events}).encode())
    assert receipt.status == 200, receipt.text
    assert lesson.use
    visitor.post(f"{path}/dung", [("task", task.id) for task in lesson.use.tasks])
    claimed = visitor.post(f"/toi/nhan-huy-hieu{path}", {"ten": name})
    assert claimed.status == 303, claimed.text[:500]
    badge = path_of(claimed)
    return Learner(visitor, name, learning_code(visitor), badge, visitor.get(f"{badge}.json").text)


def learning_code(visitor: Visitor) -> str:
    return CODE.search(" ".join(re.sub(r"<[^>]*>", " ", visitor.get("/toi").text).split()))[0]


def verdict(visitor: Visitor, document: str) -> str:
    return visitor.post("/kiem-chung", {"noi-dung": document}).text.split("<h1>")[1].split("</h1>")[0]


def _lesson_for_badge() -> Lesson:
    """A lesson with all three stages, whose practice draws no values."""
    lessons = [lesson for course in library() for lesson in course.lessons]
    return next(one for one in lessons if one.practice and not one.practice.data and one.use)


class Facilitator:
    """Signed in by the slip that ``lms user add`` prints."""

    def __init__(self, machine: Machine, printed: str) -> None:
        self.visitor = Visitor(machine)
        slip = re.search(rf"https://{re.escape(HOST)}(/vao/\S+)", printed)
        assert slip, printed
        self.slip = slip[1]
        token = csrf_token(self.visitor.get(self.slip))
        assert self.visitor.post(self.slip, {"csrf_token": token}).status == 303
        self.token = csrf_token(self.visitor.get("/quan-ly/toi"))

    def open_class(self) -> ClassPlan:
        lesson = sample_lesson()
        fields = {"csrf_token": self.token, "bai": f"{lesson.course}/{lesson.slug}"}
        opened = self.visitor.post("/dung-lop", fields)
        assert opened.status == 303, f"{opened.status} {opened.text[:500]}"
        desk = path_of(opened)
        page = self.visitor.get(desk).text
        code = re.search(r"/lop/(\d{3})(\d{3})", page)
        code = code or re.search(r"\b(\d{3})[\s\u00a0]?(\d{3})\b", re.sub(r"<[^>]+>", "", page))
        assert code, page[:2000]
        return ClassPlan(desk.rpartition("/")[2], "".join(code.groups()), PHONES)


@dataclass
class SimulatedClass:
    """A class that the load program plays. ``report`` is there when it has ended."""

    plan: ClassPlan
    process: subprocess.Popen[str]
    report: LoadReport = field(default_factory=LoadReport)

    def acknowledged(self) -> set[tuple[int, str, int, str]]:
        """(seat, question, round, option) of each answer that a phone was told is kept."""
        return {(seat, question, round_, option) for _, seat, question, round_, option in self.report.acknowledged}


@contextmanager
def simulated_class(machine: Machine, facilitator: Facilitator, *, questions: int) -> Iterator[SimulatedClass]:
    """The block runs while forty phones are in a class, answer and practise; it ends when the class has ended."""
    plan = facilitator.open_class()
    choices = [one for one in sample_lesson().understand.graded_questions if isinstance(one, Choice)][:questions]
    load = LoadPlan(
        ports=(443,),
        host=HOST,
        classes=(plan,),
        questions=tuple(QuestionPlan(one.id, tuple(option.key for option in one.options)) for one in choices),
        start_screen=practice_of(sample_lesson()).start,
        facilitator_cookie=facilitator.visitor.cookie,
        csrf_token=facilitator.token,
        starts_at=time.monotonic() + 2,
        join_seconds=6.0,
        answer_seconds=5.0,
        grace_seconds=15.0,  # a phone whose worker is replaced has to be back before the question is locked
        practice_seconds=20.0,
        event_posts_per_second=8.0,
        spread_seconds=0.5,
    )
    command = [*machine.network_command, sys.executable, "-m", "bench.phones"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps(asdict(load)))
        process.stdin.close()
        assert process.stdout.readline(), "the load program ended, see above"  # all have asked to join
        played = SimulatedClass(plan, process)
        yield played
        played.report = LoadReport(**json.loads(process.stdout.readline()))
        process.wait(60)
        assert played.report.joined == PHONES, played.report.unexpected
    finally:
        process.kill()
        process.wait()


@dataclass
class Watch:
    """What somebody was told who asked all the time."""

    responses: list[tuple[str, int, str | None]] = field(default_factory=list)  # what, status, Retry-After

    def statuses(self) -> set[int]:
        return {status for _, status, _ in self.responses}


@contextmanager
def watching(*requests: Callable[[], HttpResponse]) -> Iterator[Watch]:
    """Send the requests, one after the other and again, as long as the block lasts."""
    watch, ended = Watch(), threading.Event()

    def ask() -> None:
        while not ended.is_set():
            for send in requests:
                try:
                    response = send()
                except (OSError, HTTPException) as error:
                    watch.responses.append((repr(error), 0, None))
                    continue
                watch.responses.append((response.text[:200], response.status, response.headers.get("retry-after")))
            ended.wait(0.2)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        ended.set()
        thread.join(2 * RESPONSE_SECONDS)
