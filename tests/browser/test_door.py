"""The door of a class in real browsers: shut against strangers, and nobody who belongs there loses anything."""

from __future__ import annotations

import re
import sqlite3

from playwright.sync_api import Page, expect

from tests.browser.classes import QUESTIONED, code_of, joins, opens_class
from tests.browser.conftest import PHONE
from tests.browser.inspection import Inspector
from tests.browser.served import Site
from tests.browser.waiting import RECONNECTS


def does(desk: Page, base: str, word: str) -> None:
    """At the door of the class, which is a line of "Việc khác" that unfolds."""
    desk.goto(f"{base}/viec", wait_until="load")
    desk.get_by_text("Cửa lớp").click()
    with desk.expect_navigation():
        desk.get_by_role("button", name=re.compile(word)).click()


def test_who_is_late_at_a_shut_door_comes_in_by_herself_when_it_opens(take, desk, watcher):
    watcher.expected = {409}  # the shut door
    late, inspector = take(PHONE), Inspector(desk)
    looking = Inspector(late)
    base = opens_class(desk, QUESTIONED)
    code = code_of(desk)
    does(desk, base, "Khép cửa")
    inspector.looks_at_page("jobs")
    late.goto(f"/lop/{code}", wait_until="load")
    looking.looks_at_page("a shut door")
    late.get_by_label("3").check()
    with late.expect_navigation():
        late.locator("main .button--main").click()
    expect(late.locator("[data-door]")).to_contain_text("máy tự vào")
    expect(late.get_by_label("3")).to_be_checked()
    desk.goto(base, wait_until="load")
    inspector.looks_at_page("shut")
    desk.get_by_role("button", name="Mở cửa").click()
    expect(late.locator(".seat__number")).to_have_text("Số 1")
    expect(desk.get_by_role("button", name="Mở cửa")).to_have_count(0)
    assert looking.found | inspector.found == {}


def test_a_phone_whose_seat_is_swept_is_back_in_its_place_by_itself(take, desk, site):
    base, lan, quiet = opens_class(desk, QUESTIONED), take(PHONE), take(PHONE, script=False)
    code = code_of(desk)
    for phone in (lan, quiet):
        joins(phone, code)
        expect(phone.locator(".seat__number").first).to_be_visible()
    _came_long_ago(site)
    with lan.expect_request("**/con-day"):  # before that her place looks as it will look again
        does(desk, base, "Dọn 2 ghế trống")
    expect(lan.locator("[data-part=cho]")).to_be_visible()
    quiet.get_by_role("button", name="Tôi còn đây").click()  # her page looks again by itself, every few seconds
    expect(quiet.locator("[data-part=cho]")).to_be_visible()
    expect(quiet.locator(".seat__number").first).to_have_text("Số 2")
    desk.goto(base)
    expect(desk.locator(".top")).to_contain_text("2 máy")


def test_named_seats_are_swept_behind_a_shut_door_and_a_phone_that_is_there_comes_back_under_its_name(take, desk, site):
    inspector, base, lan = Inspector(desk), opens_class(desk, QUESTIONED), take(PHONE)
    code = code_of(desk)
    lan.goto(f"/lop/{code}")
    lan.locator("summary:has(~ * [name=ten])").click()
    lan.locator("[name=ten]").fill("Lan")
    lan.locator("main .button--main").click()
    expect(lan.locator("[data-part=cho]")).to_be_visible()
    lan.wait_for_load_state("load")
    for name in ("Lạ", "Xa"):  # a script's seats, with no page behind them
        stranger = take(PHONE)
        assert stranger.request.post(f"/lop/{code}", form={"nguoi": "1", "ten": name}, max_retries=RECONNECTS).ok
        stranger.context.close()
    does(desk, base, "Khép cửa")
    desk.goto(f"{base}/viec?mo=cua-lop")
    inspector.looks_at_page("named seats")
    with lan.expect_request("**/con-day"):
        does(desk, base, "Dọn cả ghế có tên")
    expect(lan.locator("[data-part=cho]")).to_be_visible()
    expect(lan.locator(".seat__number").first).to_have_text("Số 1")
    desk.goto(base)
    expect(desk.locator(".top")).to_contain_text("1 máy")
    assert inspector.found == {}


def _came_long_ago(site: Site) -> None:
    """Who came two minutes ago is not taken for an empty seat."""
    [database] = site.data_dir.glob("*.sqlite3")
    with sqlite3.connect(database, timeout=60) as rows:
        rows.execute("UPDATE class_seats SET joined_at = datetime('now', '-10 minutes')")
