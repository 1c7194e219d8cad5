"""A facilitator's browser at one class, and services that act as learners' phones."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from lxml import html

from lms.learning.classroom.practice import class_attempts
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.seats import joining, seats
from lms.learning.classroom.session.queries import ClassSession, find_class_session
from lms.learning.classroom.session.steps import step_question_id
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.database import write_sessions
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import csrf_token, engine_of

QUESTION_LESSON, PRACTICE_LESSON = "vneid/ba-loai-ma", "vneid/kich-hoat"  # lessons of sample_course.py


class Desk:
    """A browser at the desk of one class. It sends the page's own forms with their CSRF token."""

    def __init__(self, client: CheckingClient, base: str, token: str) -> None:
        self.client, self.base, self.token = client, base, token

    @property
    def id(self) -> str:
        return self.base.rpartition("/")[2]

    def page(self, path: str = "") -> html.HtmlElement:
        return self.client.page(self.base + path)

    def words(self, path: str = "") -> str:
        return text_of(self.page(path).find(".//main"))

    def main_action_fields(self, page: html.HtmlElement | None = None) -> dict[str, str]:
        """The fields that the main button sends; {} if it is a link."""
        form = (self.page() if page is None else page).xpath("//form[@data-next-form]")
        return _fields(form[0]) if form else {}

    def main_button_text(self) -> str:
        """The text of the main button."""
        return text_of(self.page().xpath("//*[@data-next-step]")[0])

    def form(self, label: str, path: str = "") -> tuple[str, dict[str, str]]:
        """The action and fields of the form whose button has this label."""
        forms = [form for form in self.page(path).xpath("//form") if label in form.text_content()]
        assert forms, f"no button says {label}"
        return forms[0].get("action"), _fields(forms[0])

    def press(self, label: str, path: str = "", **typed: str):
        url, fields = self.form(label, path)
        return self.client.post(url, data=fields | typed)

    def press_next(self, times: int = 1) -> None:
        for _ in range(times):
            assert self.client.post(f"{self.base}/lenh", data=self.main_action_fields()).status_code == 303

    def send_command(self, **command: str):
        return self.client.post(f"{self.base}/lenh", data={"csrf_token": self.token} | command)

    def send_json_command(self, command: object, **headers: str):
        """Send a command as JSON."""
        all_headers = {"Accept": "application/json", "X-CSRFToken": self.token} | headers
        return self.client.post(f"{self.base}/lenh", json=command, headers=all_headers)


def open_desk(client: CheckingClient, lesson: str = PRACTICE_LESSON, **extra: str) -> Desk:
    token = csrf_token(client)
    opened = client.post("/dung-lop", data={"csrf_token": token, "bai": lesson} | extra)
    assert opened.status_code == 303, opened.text
    return Desk(client, opened.location, token)


def class_session_of(app: Flask, desk: Desk) -> ClassSession:
    with write_sessions(engine_of(app)).begin() as session:
        return find_class_session(session, desk.id)


def add_learner(app: Flask, desk: Desk, name: str | None = None) -> tuple[int, str]:
    """Join as a new learner; the seat number and the learner's id."""
    with write_sessions(engine_of(app)).begin() as session:
        learner_id = new_learner_id()
        joined = joining.join_class_session(
            session,
            learner_id=learner_id,
            code=find_class_session(session, desk.id).code,
            name=name,
            now=datetime.now(UTC),
        )
        return joined.number, learner_id


def add_learners(app: Flask, desk: Desk, count: int = 1, name: str | None = None) -> list[str]:
    """Join as ``count`` new learners; their ids."""
    return [add_learner(app, desk, name)[1] for _ in range(count)]


def save_answer(app: Flask, desk: Desk, learner_id: str, *given: str) -> None:
    """Answer the question that the class is at."""
    class_session = class_session_of(app, desk)
    with write_sessions(engine_of(app)).begin() as session:
        class_answers.save_class_answer(
            session,
            learner_id=learner_id,
            code=class_session.code,
            question_id=step_question_id(class_session.state.step),
            round=class_session.state.round,
            lesson_number=class_session.lesson_number,
            given=given,
            library=app.extensions["catalog"].library,
            now=datetime.now(UTC),
        )


def raise_hand(app: Flask, desk: Desk, learner_id: str) -> None:
    with write_sessions(engine_of(app)).begin() as session:
        seats.set_hand_raised(session, class_id=desk.id, learner_id=learner_id, raised=True, now=datetime.now(UTC))


def start_class_practice(app: Flask, desk: Desk, learner_id: str) -> str:
    """Start the learner's attempt at the class practice; its id."""
    library = app.extensions["catalog"].library
    with write_sessions(engine_of(app)).begin() as session:
        class_session = find_class_session(session, desk.id)
        return class_attempts.start_class_attempt(
            session, learner_id=learner_id, code=class_session.code, library=library, now=datetime.now(UTC),
            lesson_number=class_session.lesson_number,
        )  # fmt: skip


def call_service(app: Flask, service, **kwargs):
    """Call a service of the classroom in a transaction of its own."""
    with write_sessions(engine_of(app)).begin() as session:
        return service(session, **kwargs)


def _fields(form: html.HtmlElement) -> dict[str, str]:
    return {field.get("name"): field.get("value") or "" for field in form.xpath(".//input[@name]")}
