"""The desk while the class practises: the demo, a pause, a screen that holds all, how one practises."""

from __future__ import annotations

from dataclasses import replace

from lms.web.classroom.desk.preview import words_at
from tests.learning.school import practice
from tests.web.desks import Desk, found


def at_the_practice(desk: Desk) -> None:
    desk.sends(to="tap")


def test_the_demo_goes_step_by_step_and_then_on(app, desk):
    desk.sends(to="mau")
    assert desk.button() == "Bước tiếp Hiện màn kế tiếp"  # of one step, which stands on the wall already
    assert "Chạm" in desk.words() or "chạm" in desk.words()
    desk.goes_on()
    assert found(app, desk).state.demo == 1
    assert desk.button().startswith("Tiếp")


def test_a_pause_asks_everybody_to_look_up_and_is_taken_back(app, desk):
    at_the_practice(desk)
    desk.press("Mời nhìn lên")
    assert found(app, desk).state.paused
    assert "Các máy đang dừng" in desk.words()
    assert desk.button().startswith("Mở lại các máy")
    assert desk.form("Tiếp: ")
    desk.goes_on()
    assert not found(app, desk).state.paused


def test_a_screen_can_hold_the_class_and_be_shown_to_all(app, desk):
    at_the_practice(desk)
    assert "Chào" in desk.words()
    desk.press("Dừng cả lớp ở màn này", "/man/chao")
    assert found(app, desk).state.gate == "chao"
    assert "Cả lớp dừng ở màn “Chào”" in desk.words()
    assert desk.button().startswith("Thôi chờ")
    desk.goes_on()
    assert found(app, desk).state.gate is None
    desk.press("Làm mẫu cho cả lớp", "/man/chao")
    assert (found(app, desk).state.demo_of, found(app, desk).state.demo) == ("chao", 0)
    assert "Làm mẫu: Chào Bác chạm" in desk.words(), "what the wall says, for whoever stands with her back to it"
    desk.goes_on()
    assert desk.button().startswith("Xong, về chỗ cả lớp tập")
    desk.goes_on()
    assert found(app, desk).state.demo_of is None


def test_a_class_that_is_held_and_paused_is_opened_by_two_buttons(app, desk):
    at_the_practice(desk)
    desk.sends(gate="chao")
    desk.sends(paused="true")
    assert desk.form("Thôi chờ")
    desk.goes_on()
    assert (found(app, desk).state.paused, desk.button()) == (False, "Thôi chờ Cả lớp qua màn ấy được")
    desk.goes_on()
    assert (found(app, desk).state.gate, found(app, desk).state.step) == (None, "tap")


def test_while_a_screen_is_shown_to_all_its_next_step_stays_the_big_button(desk):
    at_the_practice(desk)
    desk.sends(gate="chao")
    desk.press("Làm mẫu cho cả lớp", "/man/chao")
    assert desk.button().startswith("Bước tiếp")
    assert desk.form("Thôi chờ")


def test_how_the_class_practises_is_changed_with_a_tap(app, desk):
    desk.press("Tự làm", "/viec")
    assert found(app, desk).state.mode == "tu-lam"
    desk.press("Làm theo", "/viec")
    desk.press("Chỉ nói bằng lời", "/viec")
    assert found(app, desk).state.level == 1
    desk.press("Tùy từng người", "/viec")
    assert found(app, desk).state.level is None


def test_a_number_that_each_phone_draws_is_told_by_where_it_can_be_read():
    drawn = practice()
    [first, *_] = words_at(drawn, "nhap-ma")
    assert first == "Bác gõ <strong>mã trong tin nhắn trên máy của bác</strong> vào ô “Mã OTP”."
    start, code, *others = drawn.screens
    [message, *fields] = code.widgets
    unsaid = replace(code, widgets=(replace(message, body="Chào bác."), *fields))
    [first, *_] = words_at(replace(drawn, screens=(start, unsaid, *others)), "nhap-ma")
    assert "số hiện trên máy của bác" in first


def test_an_unknown_screen_is_said_to_be_none(desk):
    answer = desk.client.get(f"{desk.base}/man/khong-co")
    assert answer.status_code == 404
    assert "Bài tập không có màn này" in answer.text
