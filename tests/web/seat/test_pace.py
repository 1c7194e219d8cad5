"""“Tôi chưa theo kịp”: one tap on a phone, only a number on the desk, and nothing on the wall."""

from __future__ import annotations

import pytest

from lms.learning.classroom.session.steps import lesson_steps
from tests.web.checking_client import CheckingClient
from tests.web.class_phones import JSON, join_class, open_question, questions, visible_text
from tests.web.desk_client import QUESTION_LESSON, Desk
from tests.web.page_texts import text_of


def slide_keys(app) -> list[str]:
    lesson = app.extensions["catalog"].library.lesson(*QUESTION_LESSON.split("/"))
    return [step.key for step in lesson_steps(lesson) if step.kind == "slide"]


def pace_fields(phone: CheckingClient, code: str) -> dict[str, str]:
    fields = phone.page(f"/lop/{code}").xpath("//report-lost//input")
    return {field.get("name"): field.get("value") for field in fields}


def lost_on_desk(desk: Desk) -> str | None:
    [line] = desk.page().xpath("//*[@data-lost]")
    return None if "hidden" in line.attrib else line.text_content()


def test_one_tap_is_a_number_on_the_desk_and_a_second_one_takes_it_back(app, desk, code, lan):
    desk.send_command(to=slide_keys(app)[0])
    join_class(app, code).post(f"/lop/{code}/theo-kip", data={"kip": "chua"})
    assert "Tôi chưa theo kịp" in visible_text(lan, f"/lop/{code}")
    for _ in range(2):
        assert lan.post(f"/lop/{code}/theo-kip", data={"kip": "chua"}).location == f"/lop/{code}"
    assert lost_on_desk(desk) == "2 máy chưa theo kịp"
    assert "Người đứng lớp biết rồi" in visible_text(lan, f"/lop/{code}")
    lan.post(f"/lop/{code}/theo-kip", data={"kip": "roi"}, headers=JSON)
    assert lost_on_desk(desk) == "1 máy chưa theo kịp"


def test_it_is_no_raised_hand(app, desk, code, lan):
    desk.send_command(to=slide_keys(app)[0])
    assert lan.post(f"/lop/{code}/theo-kip", data={"kip": "chua"}, headers=JSON).get_json()["hand"] is False
    assert "Cần giúp: 0" in text_of(desk.page())


def test_the_number_fades_when_the_class_goes_on(app, desk, code, lan):
    desk.send_command(to=slide_keys(app)[0])
    lan.post(f"/lop/{code}/theo-kip", data={"kip": "chua"})
    desk.send_command(to=slide_keys(app)[1])
    assert lost_on_desk(desk) is None
    assert "Người đứng lớp biết rồi" not in visible_text(lan, f"/lop/{code}")


def test_a_step_that_the_class_comes_back_to_begins_without_old_taps(app, desk, code, lan):
    desk.send_command(to=slide_keys(app)[0])
    lan.post(f"/lop/{code}/theo-kip", data={"kip": "chua"})
    for key in (slide_keys(app)[1], slide_keys(app)[0]):
        desk.send_command(to=key)
    assert lost_on_desk(desk) is None
    assert "Người đứng lớp biết rồi" not in visible_text(lan, f"/lop/{code}")


@pytest.mark.slow
def test_a_late_tap_says_nothing_of_the_step_that_the_class_has_reached(app, desk, code, lan):
    first, second = slide_keys(app)[:2]
    desk.send_command(to=first)
    fields = pace_fields(lan, code)
    assert fields == {"step": first, "lesson": "1"}
    desk.send_command(to=second)
    assert pace_fields(lan, code)["step"] == second  # though slides share a page
    for headers in ({}, JSON):
        late = lan.post(f"/lop/{code}/theo-kip", data=fields | {"kip": "chua"}, headers=headers)
        assert late.status_code == (200 if headers else 303)
    assert late.get_json()["lost"] is None
    lan.post(f"/lop/{code}/theo-kip", data={"step": second, "lesson": "2", "kip": "chua"})
    assert lost_on_desk(desk) is None
    lan.post(f"/lop/{code}/theo-kip", data=pace_fields(lan, code) | {"kip": "chua"})
    assert lost_on_desk(desk) == "1 máy chưa theo kịp"
    lan.post(f"/lop/{code}/theo-kip", data=fields | {"kip": "roi"})
    assert lost_on_desk(desk) == "1 máy chưa theo kịp"


def test_during_a_question_nobody_is_asked(app, desk, code, lan):
    open_question(desk, questions(app)[0])
    assert "Tôi chưa theo kịp" not in visible_text(lan, f"/lop/{code}")
    lan.post(f"/lop/{code}/theo-kip", data={"kip": "chua"})
    assert lost_on_desk(desk) is None


def test_it_needs_a_seat(app, code):
    assert app.test_client().post(f"/lop/{code}/theo-kip", data={"kip": "chua"}).status_code == 409


def test_the_wall_never_hears_of_it(app, desk, code, lan):
    desk.send_command(to=slide_keys(app)[0])
    desk.client.post(f"{desk.base}/chieu", data={"csrf_token": desk.token})
    before = desk.client.page("/chieu").xpath("//@data-snapshot")
    lan.post(f"/lop/{code}/theo-kip", data={"kip": "chua"})
    assert desk.client.page("/chieu").xpath("//@data-snapshot") == before != []
