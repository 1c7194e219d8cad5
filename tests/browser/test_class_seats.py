"""A seat in class: leaving it, losing its cookie, and taking it back on another phone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.class_pages import (
    LESSON_WITH_PRACTICE,
    LESSON_WITH_QUESTIONS,
    class_code,
    class_part,
    join_class_session,
    open_class_session,
    press_next_step,
    send_command,
)
from tests.browser.conftest import PHONE


def test_a_removed_seat_can_be_readmitted(new_page, desk, monitor):
    base = open_class_session(desk, LESSON_WITH_QUESTIONS)
    lan = new_page(PHONE)
    join_class_session(lan, class_code(desk))
    expect(class_part(lan, "cho")).to_be_visible()
    desk.goto(f"{base}/cho/1")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Mời ra").click()
    expect(class_part(lan, "ra")).to_be_visible()
    desk.goto(f"{base}/cho/1")
    desk.get_by_role("button", name="Cho vào lại").click()
    expect(class_part(lan, "cho")).to_be_visible()


def test_a_practice_goes_on_after_the_seat_was_removed_without_offering_help(new_page, desk):
    base = open_class_session(desk, LESSON_WITH_PRACTICE)
    lan = new_page(PHONE)
    join_class_session(lan, class_code(desk))
    send_command(desk, to="tap")
    lan.wait_for_url("**/toi/luot/*")
    hand = lan.locator("raise-hand")
    hand.get_by_role("button").click()
    expect(lan.locator("[data-raised]")).to_be_visible()
    desk.goto(f"{base}/cho/1")
    desk.get_by_role("button", name="Mời ra").click()
    expect(lan.locator("[data-status]")).to_contain_text("đang ở ngoài lớp")
    expect(hand).to_be_hidden()
    expect(lan.locator("[data-raised]")).to_be_hidden()
    desk.get_by_role("button", name="Cho vào lại").click()
    expect(hand).to_be_visible()


def test_one_tap_says_that_a_learner_cannot_follow_and_a_second_one_takes_it_back(new_page, desk):
    open_class_session(desk, LESSON_WITH_QUESTIONS)
    lan = new_page(PHONE)
    join_class_session(lan, class_code(desk))
    press_next_step(desk)
    cannot_follow = lan.get_by_role("button", name="Tôi chưa theo kịp")
    cannot_follow.click()
    expect(lan.locator("[data-told]")).to_be_visible()
    lan.get_by_role("button", name="Giờ tôi theo kịp rồi").click()
    expect(cannot_follow).to_be_visible()
    expect(lan.locator("[data-told]")).to_be_hidden()


def test_after_a_lost_cookie_one_tap_at_the_desk_gives_the_seat_back(new_page, desk):
    base = open_class_session(desk, LESSON_WITH_QUESTIONS)
    code = class_code(desk)
    lan = new_page(PHONE)
    join_class_session(lan, code)
    expect(lan.locator(".seat__number")).to_have_text("Số 1")
    lan.context.clear_cookies()
    lan.goto(f"/lop/{code}")
    with lan.expect_navigation():
        lan.get_by_role("link", name="Tôi đã vào lớp này rồi").click()
    lan.locator("#so").fill("1")
    lan.get_by_role("button", name="Xin vào lại").click()
    expect(lan.locator("h1")).to_contain_text("Đang chờ")
    desk.goto(base)
    desk.get_by_role("button", name=re.compile("Đồng ý|Đúng")).first.click()
    lan.wait_for_url(f"**/lop/{code}")
    expect(lan.locator(".seat__number")).to_have_text("Số 1")


def test_a_phone_whose_seat_was_taken_says_so_and_offers_to_join_again(new_page, desk, monitor):
    monitor.expected = {403}  # the phone whose seat went
    base = open_class_session(desk, LESSON_WITH_QUESTIONS)
    code = class_code(desk)
    old, new = new_page(PHONE), new_page(PHONE)
    join_class_session(old, code)
    expect(class_part(old, "cho")).to_be_visible()
    new.goto(f"/lop/{code}/toi-da-vao")
    new.locator("#so").fill("1")
    new.get_by_role("button", name="Xin vào lại").click()
    expect(new.locator("h1")).to_contain_text("Đang chờ")
    desk.goto(base)
    desk.get_by_role("button", name=re.compile("Đồng ý|Đúng")).first.click()
    expect(old.get_by_text("Số 1 giờ ở máy khác.")).to_be_visible()
    old.get_by_role("button", name="Vào lớp").click()
    expect(old.locator(".seat__number")).to_have_text("Số 2")


def test_a_closed_class_offers_its_end_at_once_and_whoever_taps_does_not_wait_for_the_hall(new_page, desk):
    base = open_class_session(desk, LESSON_WITH_QUESTIONS)
    code = class_code(desk)
    patient, quick = new_page(PHONE), new_page(PHONE)
    quick.add_init_script("Math.random = () => 1000")  # this phone's turn is an hour away
    for phone in (patient, quick):
        join_class_session(phone, code)
        expect(class_part(phone, "cho")).to_be_visible()
    desk.goto(f"{base}/dong")
    desk.get_by_role("button", name="Đóng lớp").click()
    expect(class_part(quick, "ket")).to_be_visible()
    expect(quick.locator("[data-dock]")).to_be_hidden()
    class_part(quick, "ket").get_by_role("link").click()
    for phone in (quick, patient):
        phone.wait_for_url(f"**/lop/{code}/ket")
