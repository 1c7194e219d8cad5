"""A learner's phone in class, without JavaScript: join, read, answer."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from lms.learning.classroom.session.steps import question_step_key
from tests.web.checking_client import CheckingClient
from tests.web.desk_client import Desk

JSON = {"Accept": "application/json"}


def join_class(app: Flask, code: str, **fields: str) -> CheckingClient:
    phone = app.test_client()
    assert phone.post(f"/lop/{code}", data={"nguoi": "1"} | fields).status_code == 303
    return phone


def practice_page(client: CheckingClient, address: str) -> html.HtmlElement:
    """A parsed practice page, without the checks of ``CheckingClient``, which the simulated apps do not pass."""
    return html.fromstring(FlaskClient.open(client, address).text)


def visible_text(client: CheckingClient, address: str) -> str:
    """The visible text of a page."""
    page = client.page(address)
    for hidden in page.xpath("//*[@hidden] | //noscript | //template"):
        hidden.drop_tree()
    return " ".join(page.xpath("string(//main)").split())


def questions(app: Flask):
    return app.extensions["catalog"].library.lesson("vneid", "ba-loai-ma").understand.questions


def question_of_kind(app: Flask, kind: str):
    return next(question for question in questions(app) if question.kind == kind)


def open_question(desk: Desk, question) -> str:
    key = question_step_key(question.id)
    desk.send_command(to=key)
    desk.send_command(step=key, phase="open")
    return key


def post_answer(client: CheckingClient, code: str, question, *given: str, round: str = "1", **headers):
    fields = {"question": question.id, "round": round, "answer": list(given)}
    return client.post(f"/lop/{code}/tra-loi", data=fields, headers=headers.get("headers"))
