"""The page of all steps, the plan of their minutes, and how long the class has been going on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lms.web import clock
from tests.web.desk_client import QUESTION_LESSON, Desk, class_session_of, open_desk
from tests.web.page_texts import text_of

OPENED = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


@pytest.fixture
def set_clock(monkeypatch):
    def set_minute(minute: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: OPENED + timedelta(minutes=minute))

    return set_minute


def lines(desk: Desk) -> list[str]:
    return [text_of(line) for line in desk.page("/cac-buoc").find_class("desk-steps__item")]


def header(desk: Desk, path: str = "") -> str:
    return text_of(desk.page(path).find_class("desk-header")[0])


def test_a_tap_in_the_list_goes_to_that_step_and_back_to_the_desk(app, desk):
    answer = desk.press("Cả lớp tập", "/cac-buoc")
    assert (answer.status_code, answer.location) == (303, desk.base)
    assert class_session_of(app, desk).state.step == "tap"


def test_the_list_ticks_what_is_done_and_marks_where_the_class_is(desk):
    desk.press_next()
    desk.press("Cả lớp tập", "/cac-buoc")
    said = lines(desk)
    assert [line for line in said if "Đã qua" in line] == said[:2]  # what was jumped over is not ticked
    assert [line for line in said if "Đang ở" in line] == [line for line in said if "Cả lớp tập" in line]


@pytest.mark.slow
def test_going_back_finds_a_question_as_it_was_left(app, minh):
    desk = open_desk(minh, QUESTION_LESSON)
    while "Xem đáp án" not in desk.main_button_text():
        desk.press_next()
    question = class_session_of(app, desk).state.step
    desk.press("Kết thúc", "/cac-buoc")
    desk.press("Câu hỏi 1", "/cac-buoc")
    state = class_session_of(app, desk).state
    assert (state.step, state.phase) == (question, "locked")


@pytest.mark.parametrize("length", [45, 60, 90])
def test_a_plan_gives_each_step_its_minutes_and_is_kept_with_the_class(app, desk, length: int):
    answer = desk.press(f"{length} phút", "/cac-buoc")
    assert (answer.status_code, answer.location) == (303, f"{desk.base}/cac-buoc")
    minutes = [int(line.split()[-2]) for line in lines(desk) if line.endswith(" phút")]
    assert sum(minutes) == length
    assert class_session_of(app, desk).state.plan_length == length
    desk.press("Không xếp giờ", "/cac-buoc")
    assert not any(line.endswith(" phút") for line in lines(desk))


def test_a_length_that_is_no_plan_is_refused(app, desk):
    assert desk.send_command(plan="50").status_code == 422
    assert class_session_of(app, desk).state.plan_length is None


def test_the_header_says_how_long_the_class_has_been_going_on(minh, set_clock):
    set_clock(0)
    desk = open_desk(minh)
    set_clock(12)
    assert "phút" not in header(desk)  # people are still coming in
    desk.press_next()
    set_clock(44.5)
    desk.press_next()
    for path in ("", "/cac-buoc", "/viec"):
        assert "đã 32 phút" in header(desk, path)
    assert "còn" not in header(desk)
    desk.send_command(plan="45")
    assert "đã 32 phút, còn 13 phút" in header(desk)
    set_clock(62)
    assert "đã 50 phút, quá 5 phút" in header(desk)
