"""The desk during the practice: demonstration, pause, wait screen and practice mode."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lms.web.classroom.desk.preview import screen_instructions
from tests.learning.sample_courses import practice
from tests.web.desk_client import Desk, class_session_of


def go_to_practice(desk: Desk) -> None:
    desk.send_command(to="tap")


def test_the_demo_goes_step_by_step_and_then_on(app, desk):
    desk.send_command(to="mau")
    assert (
        desk.main_button_text() == "Bước tiếp Hiện màn kế tiếp"
    )  # there is only one step, and the wall shows it already
    assert "Chạm" in desk.words() or "chạm" in desk.words()
    desk.press_next()
    assert class_session_of(app, desk).state.demo_step == 1
    assert desk.main_button_text().startswith("Tiếp")


def test_a_class_can_be_paused_and_resumed(app, desk):
    go_to_practice(desk)
    desk.press("Mời nhìn lên")
    assert class_session_of(app, desk).state.paused
    assert "Các máy đang dừng" in desk.words()
    assert desk.main_button_text().startswith("Mở lại các máy")
    assert desk.form("Tiếp: ")
    desk.press_next()
    assert not class_session_of(app, desk).state.paused


@pytest.mark.slow
def test_a_screen_can_hold_the_class_and_be_shown_to_all(app, desk):
    go_to_practice(desk)
    assert "Chào" in desk.words()
    desk.press("Dừng cả lớp ở màn này", "/man/chao")
    assert class_session_of(app, desk).state.wait_screen == "chao"
    assert "Cả lớp dừng ở màn “Chào”" in desk.words()
    assert desk.main_button_text().startswith("Thôi chờ")
    desk.press_next()
    assert class_session_of(app, desk).state.wait_screen is None
    desk.press("Làm mẫu cho cả lớp", "/man/chao")
    assert (class_session_of(app, desk).state.demo_screen, class_session_of(app, desk).state.demo_step) == ("chao", 0)
    assert "Làm mẫu: Chào Bác chạm" in desk.words(), "what the wall says, for whoever stands with her back to it"
    desk.press_next()
    assert desk.main_button_text().startswith("Xong, về chỗ cả lớp tập")
    desk.press_next()
    assert class_session_of(app, desk).state.demo_screen is None


def test_a_paused_class_with_a_wait_screen_is_resumed_by_two_buttons(app, desk):
    go_to_practice(desk)
    desk.send_command(gate="chao")
    desk.send_command(paused="true")
    assert desk.form("Thôi chờ")
    desk.press_next()
    assert (class_session_of(app, desk).state.paused, desk.main_button_text()) == (
        False,
        "Thôi chờ Cả lớp qua màn ấy được",
    )
    desk.press_next()
    assert (class_session_of(app, desk).state.wait_screen, class_session_of(app, desk).state.step) == (None, "tap")


def test_while_a_screen_is_shown_to_all_its_next_step_stays_the_big_button(desk):
    go_to_practice(desk)
    desk.send_command(gate="chao")
    desk.press("Làm mẫu cho cả lớp", "/man/chao")
    assert desk.main_button_text().startswith("Bước tiếp")
    assert desk.form("Thôi chờ")


def test_how_the_class_practises_is_changed_with_a_tap(app, desk):
    desk.press("Tự làm", "/viec")
    assert class_session_of(app, desk).state.mode == "tu-lam"
    desk.press("Làm theo", "/viec")
    desk.press("Chỉ nói bằng lời", "/viec")
    assert class_session_of(app, desk).state.guidance_level == 1
    desk.press("Tùy từng người", "/viec")
    assert class_session_of(app, desk).state.guidance_level is None


def test_an_instruction_says_where_to_read_a_number_that_each_phone_draws_itself():
    drawn = practice()
    [first, *_] = screen_instructions(drawn, "nhap-ma")
    assert first == "Bác gõ <strong>mã trong tin nhắn trên máy của bác</strong> vào ô “Mã OTP”."
    start, code, *others = drawn.screens
    [message, *fields] = code.widgets
    unsaid = replace(code, widgets=(replace(message, body="Chào bác."), *fields))
    [first, *_] = screen_instructions(replace(drawn, screens=(start, unsaid, *others)), "nhap-ma")
    assert "số hiện trên máy của bác" in first


def test_an_unknown_screen_is_not_found(desk):
    answer = desk.client.get(f"{desk.base}/man/khong-co")
    assert answer.status_code == 404
    assert "Bài tập không có màn này" in answer.text
