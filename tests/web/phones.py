"""A learner's phone in class as tests see it, without a script: coming in, what stands there, and answering."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from lms.learning.classroom.session.steps import question_key
from tests.web.careful import CarefulClient
from tests.web.desks import Desk

JSON = {"Accept": "application/json"}


def joined(app: Flask, code: str, **said: str) -> CarefulClient:
    phone = app.test_client()
    assert phone.post(f"/lop/{code}", data={"nguoi": "1"} | said).status_code == 303
    return phone


def practice_page(client: CarefulClient, address: str) -> html.HtmlElement:
    """A practice has its own proof-reader (practice/test_practice.py)."""
    return html.fromstring(FlaskClient.open(client, address).text)


def words(client: CarefulClient, address: str) -> str:
    """What is shown of the page; hidden parts wait."""
    page = client.page(address)
    for waiting in page.xpath("//*[@hidden] | //noscript | //template"):
        waiting.drop_tree()
    return " ".join(page.xpath("string(//main)").split())


def questions(app: Flask):
    return app.extensions["shelf"].library.lesson("vneid", "ba-loai-ma").understand.questions


def of_kind(app: Flask, kind: str):
    return next(one for one in questions(app) if one.kind == kind)


def asks(desk: Desk, question) -> str:
    key = question_key(question.id)
    desk.sends(to=key)
    desk.sends(step=key, phase="open")
    return key


def answer(client: CarefulClient, code: str, question, *given: str, round: str = "1", **headers):
    sent = {"question": question.id, "round": round, "answer": list(given)}
    return client.post(f"/lop/{code}/tra-loi", data=sent, headers=headers.get("headers"))
