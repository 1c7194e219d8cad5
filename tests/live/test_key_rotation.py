"""A real site gets another LMS_SECRET_KEY while a class is open."""

from __future__ import annotations

import re

from lms.learning.classroom.session.stream_tokens import sign_stream_token
from lms.live.stream_endpoint import PATH
from tests.live.live_class import LiveClass
from tests.live.processes import serving
from tests.live.raw_http import post_form, send_request

OLD, NEW = "the old secret that every host has", "n" * 40
CODE = re.compile(r"\b[0-9CFHJKMNPRTVX]{3}(?: [0-9CFHJKMNPRTVX]{3}){3}\b")


def test_a_class_goes_on_through_a_rotation(tmp_path):
    """The seat, its stream and the learner's code on paper; afterwards the new key alone is enough."""
    with serving(tmp_path, LMS_SECRET_KEY=OLD) as server:
        opened = LiveClass(f"sqlite:///{tmp_path / 'data' / 'lms.sqlite3'}", OLD)
        phone = opened.join()
        opened.open_question()
        token = sign_stream_token(OLD, phone.token)
        assert phone.answer(server.url, opened.question, opened.options[0]).status == 200
        code = learning_code(server.url, phone.cookie)
        server.stop()
    with serving(tmp_path, LMS_SECRET_KEY=f"{NEW},{OLD}") as server:
        stream = send_request(server.url, f"{PATH}?ve={token}", headers={"Accept": "application/json"})
        assert stream.status == 200, stream.text
        changed = phone.answer(server.url, opened.question, opened.options[1])
        assert changed.status == 200, changed.text
        assert learning_code(server.url, phone.cookie) == code
        server.stop()
    with serving(tmp_path, LMS_SECRET_KEY=NEW) as server:
        refused = send_request(server.url, f"{PATH}?ve={token}", headers={"Accept": "application/json"})
        assert refused.status == 403, refused.text
        moved = post_form(server.url, "/toi/vao", [("ma", code)], {})
        assert moved.status == 303
        assert learning_code(server.url, moved.cookie) == code
    opened.engine.dispose()


def learning_code(url: str, cookie: str) -> str:
    page = send_request(url, "/toi", headers={"Cookie": cookie}).text
    return CODE.search(" ".join(re.sub(r"<[^>]*>", " ", page).split()))[0]
