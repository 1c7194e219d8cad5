"""A class as tests of the desk see it: Minh steers it, phones have joined it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from flask import Flask
from lxml import html

from lms.learning.classroom.practice import class_attempts
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.queries import Class, find_class
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.database import writing
from tests.web.careful import CarefulClient
from tests.web.duty import engine_of, token

ASKED, PRACTISED = "vneid/ba-loai-ma", "vneid/kich-hoat"  # lessons of schoolroom.py


class Desk:
    """One browser at one class. Commands go out as the page's own forms, with its own token."""

    def __init__(self, client: CarefulClient, base: str) -> None:
        self.client, self.base, self.token = client, base, token(client)

    @property
    def id(self) -> str:
        return self.base.rpartition("/")[2]

    def page(self, path: str = "") -> html.HtmlElement:
        return self.client.page(self.base + path)

    def words(self, path: str = "") -> str:
        return " ".join(self.page(path).find(".//main").text_content().split())

    def on(self, page: html.HtmlElement | None = None) -> dict[str, str]:
        """What the one big button sends; {} where it is a link."""
        form = (self.page() if page is None else page).xpath("//form[@data-on-form]")
        return _fields(form[0]) if form else {}

    def button(self) -> str:
        """The words on the big button, its name and what will come."""
        return " ".join(self.page().xpath("//*[@data-on]")[0].text_content().split())

    def form(self, word: str, path: str = "") -> tuple[str, dict[str, str]]:
        """Address and fields of the form whose button says this."""
        forms = [one for one in self.page(path).xpath("//form") if word in one.text_content()]
        assert forms, f"no button says {word}"
        return forms[0].get("action"), _fields(forms[0])

    def press(self, word: str, path: str = "", **filled: str):
        address, fields = self.form(word, path)
        return self.client.post(address, data=fields | filled)

    def goes_on(self, times: int = 1) -> None:
        for _ in range(times):
            assert self.client.post(f"{self.base}/lenh", data=self.on()).status_code == 303

    def sends(self, **command: str):
        return self.client.post(f"{self.base}/lenh", data={"csrf_token": self.token} | command)

    def asks(self, command: object, **headers: str):
        """A command as a script sends it."""
        said = {"Accept": "application/json", "X-CSRFToken": self.token} | headers
        return self.client.post(f"{self.base}/lenh", json=command, headers=said)


def open_desk(client: CarefulClient, lesson: str = PRACTISED, **more: str) -> Desk:
    sent = {"csrf_token": token(client), "bai": lesson} | more
    opened = client.post("/dung-lop", data=sent)
    assert opened.status_code == 303, opened.text
    return Desk(client, opened.location)


def found(app: Flask, desk: Desk) -> Class:
    with writing(engine_of(app)).begin() as session:
        return find_class(session, desk.id)


def seat(app: Flask, desk: Desk, name: str | None = None) -> tuple[int, str]:
    """Somebody's phone joins; its number and the learner's id."""
    with writing(engine_of(app)).begin() as session:
        learner_id = new_learner_id()
        joined = seats.join(
            session, learner_id=learner_id, code=find_class(session, desk.id).code, name=name, now=datetime.now(UTC)
        )
        return joined.number, learner_id


def raise_hand(app: Flask, desk: Desk, learner_id: str) -> None:
    with writing(engine_of(app)).begin() as session:
        seats.raise_hand(session, class_id=desk.id, learner_id=learner_id, up=True, now=datetime.now(UTC))


def begins_to_practise(app: Flask, desk: Desk, learner_id: str) -> str:
    """The id of her attempt."""
    library = app.extensions["shelf"].library
    with writing(engine_of(app)).begin() as session:
        code = find_class(session, desk.id).code
        return class_attempts.practise_in(
            session, learner_id=learner_id, code=code, library=library, now=datetime.now(UTC)
        )


def in_class(app: Flask, work, **plain):
    """Run a service of the class's room by itself, as a phone's request would."""
    with writing(engine_of(app)).begin() as session:
        return work(session, **plain)


def _fields(form: html.HtmlElement) -> dict[str, str]:
    return {field.get("name"): field.get("value") or "" for field in form.xpath(".//input[@name]")}


def numbers(words: str) -> list[int]:
    return [int(one) for one in re.findall(r"\d+", words)]
