"""After a whole evening no log holds anything about a person: not ours at its most talkative, not that of nginx."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from http.client import HTTPSConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import IntegrityError

from lms.http.learner_cookie import COOKIE_NAME
from lms.learning.accounts.sign_in_slips import issue_slip
from lms.learning.classroom.session.stream_tokens import sign_stream_token
from lms.learning.learners.learner_store import learning_code
from lms.learning.store.models import Learner
from tests.browser.site_process import LMS, site_env
from tests.live.lessons import practice_of, questions, sample_lesson
from tests.live.live_class import LiveClass
from tests.live.processes import serving
from tests.live.raw_http import TIMEOUT_SECONDS, HttpResponse, connect
from tests.nginx_front import DEPLOY, HOST, Front, nginx, trusting
from tests.postgres import PostgresServer, own_postgres

LESSON = sample_lesson()
SECRET = "k" * 40
NAME, TYPED, MAIL, ADDRESS, PASSWORD = "Bùi Thị Ngọc", "079185012345", "lan@example.vn", "192.0.2.77", "MatKhau-That-77"

pytestmark = pytest.mark.slow


class Browser:
    """Keeps its cookies, and sends headers that tell much about a person."""

    def __init__(self, front: Front) -> None:
        self._front, self.cookies = front, {}

    def get(self, path: str) -> HttpResponse:
        return self._send("GET", path, None, {})

    def post(self, path: str, fields: dict[str, str] | bytes, accept: str = "text/html") -> HttpResponse:
        kind = "application/json" if isinstance(fields, bytes) else "application/x-www-form-urlencoded"
        body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
        return self._send("POST", path, body, {"Content-Type": kind, "Accept": accept, "Origin": f"https://{HOST}"})

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> HttpResponse:
        personal = {"User-Agent": MAIL, "X-Forwarded-For": ADDRESS, "X-Request-ID": TYPED, "Host": HOST}
        if self.cookies:
            personal["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = HTTPSConnection("127.0.0.1", self._front.https, timeout=TIMEOUT_SECONDS, context=trusting())
        connection.request(method, path, body, personal | headers)
        response = connection.getresponse()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
        read = HttpResponse(response.status, dict(response.getheaders()), response.read())
        connection.close()
        return read


def test_after_an_evening_with_learner_class_and_volunteer_nobody_is_in_any_log(tmp_path):
    front_folder = tmp_path / "front"
    front_folder.mkdir()
    settings = {
        "LMS_SECRET_KEY": SECRET, "LMS_PUBLIC_URL": f"https://{HOST}",
        "LMS_LOG_LEVEL": "debug", "LMS_LOG_FORMAT": "json",
    }  # fmt: skip
    secrets = {NAME, TYPED, MAIL, ADDRESS, PASSWORD}
    statuses = set()
    with ExitStack() as stack:
        server = stack.enter_context(serving(tmp_path, **settings))
        worker = server.url.removeprefix("http://")
        front = stack.enter_context(nginx(front_folder, [worker, worker]))
        database = tmp_path / "data" / "lms.sqlite3"
        opened = LiveClass(f"sqlite:///{database}", SECRET)

        # A learner answers, gives a name, and goes on at another phone by the learning code.
        phone, other_phone = Browser(front), Browser(front)
        for question in questions(LESSON):
            statuses.add(phone.post(question.path, {"answer": question.right[0]}, "application/json").status)
            statuses.add(phone.post(question.path, {"answer": TYPED}).status)
        statuses.add(phone.post("/toi/ten", {"ten": NAME}).status)
        learner = opened.read(lambda session: session.scalars(select(Learner).where(Learner.name == NAME)).one())
        code = learning_code(learner, SECRET)
        bare_code = re.sub("[^0-9A-Za-z]", "", code)
        secrets |= {code, bare_code, learner.id}
        assert phone.get("/toi").status == 200
        assert other_phone.get(f"/toi/vao/{bare_code}").status == 200
        assert [other_phone.post("/toi/vao", {"ma": one}).status for one in (TYPED, code)] == [422, 303]
        statuses.add(phone.post(f"/{LESSON.course}/{LESSON.slug}/lam", {"mode": "tu-lam", "digest": TYPED}).status)
        events = json.dumps({"events": [[1, 5, practice_of(LESSON).start, "x", "type", TYPED]]}).encode()
        statuses.add(phone.post(f"/toi/luot/{'a' * 32}/su-kien", events).status)
        learner_cookie = phone.cookies[f"__Host-{COOKIE_NAME}"]

        # A volunteer signs in by a slip, and tries a password.
        slip = opened.write(issue_slip, opened.facilitator.id, by=None, secret=SECRET, now=datetime.now(UTC))
        desk = Browser(front)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', desk.get(f"/vao/{slip.token}").text)[1]
        secrets |= {slip.token, slip.code, slip.code.replace(" ", ""), token}
        statuses.add(desk.post("/vao", {"csrf_token": token, "ten": NAME, "mat-khau": PASSWORD}).status)
        statuses.add(desk.post("/vao", {"csrf_token": token, "ma": slip.code[:-1]}).status)
        signed_in = desk.post(f"/vao/{slip.token}", {"csrf_token": token})
        assert signed_in.status == 303
        statuses |= {desk.get(path).status for path in ("/dung-lop", f"/dung-lop/{opened.id}", f"/vao?tiep=/{MAIL}")}

        # A class with a seat, its stream and its answers.
        secrets |= {opened.code, opened.id}
        statuses.add(phone.post(f"/lop/{opened.code}", {"ten": NAME, "nguoi": "2"}).status)
        statuses |= {phone.get(f"/lop/{opened.code}").status, phone.get(f"/lop?ma={opened.code}").status}
        opened.open_question()
        fields = {"question": opened.question, "round": "1", "answer": opened.options[0]}
        statuses.add(phone.post(f"/lop/{opened.code}/tra-loi", fields, "application/json").status)
        stream = sign_stream_token(SECRET, opened.join().token)
        secrets.add(stream)
        statuses.add(phone.get(f"/lop/dong?ve={stream}x").status)
        with connect(server.url) as line:
            line.sendall(f"{TYPED} {MAIL} HTTP/9\r\n\r\n".encode())
            assert b"400" in line.recv(100)

        backup = subprocess.run(
            [LMS, "backup", str(tmp_path / "evening.bak")],
            env=site_env(tmp_path / "data") | settings, cwd=tmp_path, capture_output=True, text=True, check=True,
        )  # fmt: skip

        # What fails is told in more words than what succeeds.
        opened.engine.dispose()
        with sqlite3.connect(database) as broken:
            broken.execute("ALTER TABLE learners RENAME TO gone")
        assert phone.get("/toi").status == 500
        answer = {"answer": questions(LESSON)[0].right[0]}
        assert phone.post(questions(LESSON)[0].path, answer, "application/json").status == 500
        cookies = [value for browser in (phone, other_phone, desk) for value in browser.cookies.values()]
        secrets |= {value for value in cookies if len(value) > 20}  # the others are flags
        secrets.add(learner_cookie)
        server.kill()
        assert phone.get(f"/toi/vao/{bare_code}").status == 502
    lines = [line for line in server.read_log().splitlines() if line.startswith("{")]
    logged = "\n".join(lines) + front.logs() + backup.stdout + backup.stderr
    routes = {line.get("route") for line in map(json.loads, lines)}
    assert {"/toi/vao/<code>", "/vao/<token>", "/lop/<code>", "/toi/luot/<attempt_id>/su-kien"} < routes
    assert any("traceback" in json.loads(line) for line in lines)
    assert 500 not in statuses
    assert [secret for secret in secrets if secret in logged] == []
    assert "127.0.0.1" not in logged.replace(worker, "")
    # What nginx wrote of a request is found in our log.
    [known] = [line for line in front.logs().splitlines() if " POST lop " in line][:1]
    assert known.split()[1] in {json.loads(line).get("request_id") for line in lines}


def test_postgresql_as_compose_starts_it_quotes_no_row():
    options = " ".join(re.findall(r"-c log_\w+=\w+", (DEPLOY / "compose.yaml").read_text("utf-8")))
    with own_postgres() as server:
        assert NAME in fail_with_rows(server, "")  # what it does unless it is told
        told = fail_with_rows(server, options)
    assert "duplicate key value" in told
    assert "null value" in told
    assert NAME not in told


def fail_with_rows(server: PostgresServer, options: str) -> str:
    """What PostgreSQL logs when rows are refused, and of all statements by their duration."""
    known = server.read_log()
    options += " -c log_min_duration_statement=0"
    engine = create_engine(server.url, connect_args={"options": options})
    with engine.begin() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE people (name text UNIQUE, age int NOT NULL)"))
        for age in (70, 70, None):
            with suppress(IntegrityError), connection.begin_nested():
                connection.execute(text("INSERT INTO people VALUES (:name, :age)"), {"name": NAME, "age": age})
    engine.dispose()
    return server.read_log().removeprefix(known)
