"""A seat in class: given up, lost with a cookie, taken by another phone, and had again."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.classes import PRACTISED, QUESTIONED, code_of, command, joins, opens_class, part
from tests.browser.conftest import PHONE


def test_put_out_and_let_in_again(take, desk, watcher):
    base = opens_class(desk, QUESTIONED)
    lan = take(PHONE)
    joins(lan, code_of(desk))
    expect(part(lan, "cho")).to_be_visible()
    desk.goto(f"{base}/cho/1")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Mời ra").click()
    expect(part(lan, "ra")).to_be_visible()
    desk.goto(f"{base}/cho/1")
    desk.get_by_role("button", name="Cho vào lại").click()
    expect(part(lan, "cho")).to_be_visible()


def test_put_out_of_its_class_a_practice_goes_on_and_offers_no_hand_until_it_is_in_again(take, desk):
    base = opens_class(desk, PRACTISED)
    lan = take(PHONE)
    joins(lan, code_of(desk))
    command(desk, to="tap")
    lan.wait_for_url("**/toi/luot/*")
    hand = lan.locator("[data-hand]")
    hand.get_by_role("button").click()
    expect(lan.locator("[data-raised]")).to_be_visible()
    desk.goto(f"{base}/cho/1")
    desk.get_by_role("button", name="Mời ra").click()
    expect(lan.locator("[data-moved]")).to_contain_text("đang ở ngoài lớp")
    expect(hand).to_be_hidden()
    expect(lan.locator("[data-raised]")).to_be_hidden()
    desk.get_by_role("button", name="Cho vào lại").click()
    expect(hand).to_be_visible()


def test_a_lost_cookie_comes_back_to_its_seat_with_one_tap_of_the_desk(take, desk):
    base = opens_class(desk, QUESTIONED)
    code = code_of(desk)
    lan = take(PHONE)
    joins(lan, code)
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


def test_a_phone_whose_number_went_to_another_one_says_so_and_offers_the_class(take, desk, watcher):
    watcher.expected = {403}  # the phone whose seat went
    base = opens_class(desk, QUESTIONED)
    code = code_of(desk)
    old, new = take(PHONE), take(PHONE)
    joins(old, code)
    expect(part(old, "cho")).to_be_visible()
    new.goto(f"/lop/{code}/toi-da-vao")
    new.locator("#so").fill("1")
    new.get_by_role("button", name="Xin vào lại").click()
    expect(new.locator("h1")).to_contain_text("Đang chờ")
    desk.goto(base)
    desk.get_by_role("button", name=re.compile("Đồng ý|Đúng")).first.click()
    expect(old.get_by_text("Số 1 giờ ở máy khác.")).to_be_visible()
    old.get_by_role("button", name="Vào lớp").click()
    expect(old.locator(".seat__number")).to_have_text("Số 2")
