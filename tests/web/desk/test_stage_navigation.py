"""The row of stages on the desk, and the way back from a jump over steps."""

from __future__ import annotations

import pytest

from tests.web.desk_client import QUESTION_LESSON, Desk, class_session_of, open_desk
from tests.web.page_texts import text_of

pytestmark = pytest.mark.slow


def stages(desk: Desk) -> list[str]:
    """The words of each stage, with a mark at the present one."""
    items = desk.page().xpath("//*[@class='desk-stages']/*")
    return [text_of(one) + ("*" if one.get("aria-current") else "") for one in items]


def jump(desk: Desk) -> str:
    return " ".join(text_of(one) for one in desk.page().find_class("desk-jump"))


def press_stage(desk: Desk, name: str):
    form = desk.page().xpath(f"//*[@class='desk-stages']/form[contains(., '{name}')]")[0]
    return desk.client.post(form.get("action"), data={one.get("name"): one.get("value") for one in form.iter("input")})


def test_the_row_shows_the_stages_of_the_lesson_and_where_the_class_is(minh, desk):
    assert stages(desk) == []  # people are still coming in
    desk.press_next()
    assert stages(desk) == ["Hiểu*", "Làm"]
    desk.send_command(to="tap")
    assert stages(desk) == ["Hiểu", "Làm*"]
    desk.send_command(to="ket")
    assert stages(desk) == []
    other = open_desk(minh, QUESTION_LESSON)
    other.press_next(2)
    assert stages(other) == ["Hiểu*", "Dùng"]


def test_a_stage_is_one_tap_away_says_what_it_left_out_and_leads_back(app, desk):
    desk.press_next()
    start = class_session_of(app, desk).state.step
    button = desk.page().xpath("//*[@class='desk-stages']//button")[0]
    assert button.get("aria-label") == "Sang phần Làm, bỏ qua 1 câu hỏi."
    assert press_stage(desk, "Làm").status_code == 303
    assert class_session_of(app, desk).state.step == "mau"
    assert jump(desk) == "Đã sang phần Làm, bỏ qua 1 câu hỏi. Về lại: Trước khi làm"
    desk.press("Về lại")
    assert class_session_of(app, desk).state.step == start
    assert jump(desk) == ""


def test_the_list_of_steps_leads_back_likewise_and_counts_what_was_shown_as_not_left_out(minh):
    desk = open_desk(minh, QUESTION_LESSON)
    desk.press_next(3)  # both slides, and the first question, left below
    desk.press("Kết thúc", "/cac-buoc")
    assert jump(desk).startswith("Đã sang “Kết thúc”, bỏ qua 5 câu hỏi và phần Dùng liền. Về lại: Câu hỏi 1")
    desk.press("Ba loại mã", "/cac-buoc")  # the first step of its stage
    assert jump(desk) == "Đã trở về phần Hiểu. Về lại: Kết thúc"


def test_the_way_back_goes_once_the_class_goes_on(app, desk):
    desk.press_next()
    press_stage(desk, "Làm")
    desk.press_next()  # the next step of the demonstration
    assert jump(desk) == ""
    desk.press("Lùi")
    assert class_session_of(app, desk).state.step == "mau"
    desk.press("Trước khi làm", "/cac-buoc")
    desk.press_next()
    assert jump(desk) == ""


def test_a_tap_on_a_page_of_a_step_that_the_class_has_left_moves_nothing(app, desk):
    desk.press_next()
    form = desk.page().xpath("//*[@class='desk-stages']/form")[0]
    fields = {one.get("name"): one.get("value") for one in form.iter("input")}
    desk.press_next()
    here = class_session_of(app, desk).state.step
    assert desk.client.post(form.get("action"), data=fields).status_code == 303
    assert class_session_of(app, desk).state.step == here
