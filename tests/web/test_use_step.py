"""Dùng liền in class: what keeps people safe stands before all, and what helps the stuck is on the desk."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.class_phones import join_class, visible_text
from tests.web.desk_client import QUESTION_LESSON, Desk, class_session_of, open_desk
from tests.web.signed_in_clients import signed_in_client
from tests.web.wall.projector import pair_projector, pairing_code, wall_text

SAFETY, REMEDY = "Bác tự gõ mật khẩu. Người ngồi cạnh quay mặt đi.", "Chưa cài thì xem bài trước."


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = open_desk(signed_in_client(app, "Minh"), QUESTION_LESSON)
    desk.send_command(to="dung")
    return desk


@pytest.mark.slow
def test_wall_and_phones_show_the_sentence_that_keeps_people_safe(app, desk):
    wall = app.test_client()
    wall.post("/chieu")
    pair_projector(desk, pairing_code(wall))
    code = class_session_of(app, desk).code
    phone = join_class(app, code)
    assert SAFETY in wall_text(wall)
    assert SAFETY in visible_text(phone, f"/lop/{code}")
    assert REMEDY not in wall_text(wall)
    desk.send_command(to="ket")
    assert SAFETY not in wall_text(wall)
    assert SAFETY not in visible_text(phone, f"/lop/{code}")


def test_the_desk_shows_the_remedy_of_each_task_in_the_notes(desk):
    [seen] = desk.page().xpath("//*[@data-part='seen']")
    [notes] = desk.page().xpath("//*[@data-part='notes']")
    assert SAFETY in seen.text_content()
    assert "Mở VNeID thật" in notes.text_content()
    assert REMEDY in notes.text_content()
    assert "Đăng nhập" not in notes.text_content()  # nothing is written about that task
