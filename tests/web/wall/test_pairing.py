"""A projector is paired with a class by four digits, and has no other rights."""

from __future__ import annotations

import re

import pytest

from tests.web.class_phones import JSON
from tests.web.desk_client import PRACTICE_LESSON, QUESTION_LESSON, class_session_of, open_desk
from tests.web.signed_in_clients import signed_in_client
from tests.web.wall.projector import pair_projector, pairing_code, wall_text


def test_a_projector_shows_four_digits_and_nothing_else_until_a_desk_types_them(app, desk):
    projector = app.test_client()
    assert projector.get("/chieu", headers=JSON).get_json() == {"paired": False, "code": None}
    assert projector.post("/chieu").status_code == 303
    four = pairing_code(projector)
    assert re.fullmatch(r"\d{4}", four)
    assert projector.page("/chieu").xpath("//*[@class='wall-pairing__digit']/text()") == list(four)
    pair_projector(desk, four)
    assert projector.get("/chieu", headers=JSON).get_json()["paired"]
    assert "Mời các bác vào lớp" in wall_text(projector)


def test_reading_the_wall_writes_nothing_and_keeps_the_pairing_code(app):
    projector = app.test_client()
    projector.get("/chieu")
    assert "projector" not in projector._cookies
    projector.post("/chieu")
    four = pairing_code(projector)
    projector.post("/chieu")
    assert pairing_code(projector) == four


def test_a_made_up_cookie_is_no_projector(app, desk):
    stranger = app.test_client()
    stranger.set_cookie("projector", "0" * 32)
    assert stranger.get("/chieu", headers=JSON).get_json() == {"paired": False, "code": None}


def test_the_projector_has_no_right_at_the_desk(app, desk, wall):
    assert wall.get(desk.base).status_code in (302, 303, 401)
    sent = wall.post(f"{desk.base}/lenh", data={"to": "ket"})
    assert sent.status_code in (303, 400, 401, 403)
    assert class_session_of(app, desk).state.step == "vao"


def test_a_bright_room_gets_the_bright_theme(wall):
    assert "wall--sun" not in wall.page("/chieu").get("class")
    wall.post("/chieu/nang", data={"nang": "co"})
    assert "wall--sun" in wall.page("/chieu").get("class")
    wall.post("/chieu/nang", data={"nang": ""})
    assert "wall--sun" not in wall.page("/chieu").get("class")


def test_the_wall_of_a_closed_class_can_be_paired_again(app, desk, wall):
    desk.send_command(close="true")
    assert "cảm ơn các bác" in wall_text(wall)
    assert "đưa chuột" not in wall_text(wall)  # the room has no use for it
    assert "chiếu lớp khác: ở máy ấy, đưa chuột lên góc" in desk.page().text_content()  # the button is hidden
    wall.post("/chieu")
    assert re.fullmatch(r"\d{4}", pairing_code(wall))


@pytest.mark.slow
def test_the_wall_goes_on_with_the_class_that_the_same_desk_opens_next(app, desk, wall):
    colleague = signed_in_client(app, "Hạnh")
    desk.send_command(close="true")
    open_desk(colleague, QUESTION_LESSON)
    assert "cảm ơn các bác" in wall_text(wall)
    following = open_desk(desk.client, PRACTICE_LESSON)
    assert "Mời các bác vào lớp" in wall_text(wall)
    assert "Máy chiếu đã nối" in following.words()
    open_desk(desk.client, QUESTION_LESSON)
    assert "Mời các bác vào lớp" in wall_text(wall)  # of two open classes, the wall stays with the first
    assert "Máy chiếu đã nối" in following.words()
