"""Closing a class to new phones: strangers stay out, and seats of the class lose nothing."""

from __future__ import annotations

import re
import sqlite3

from playwright.sync_api import Page, expect

from tests.browser.class_pages import LESSON_WITH_QUESTIONS, class_code, join_class_session, open_class_session
from tests.browser.conftest import PHONE
from tests.browser.inspection import Inspector
from tests.browser.site_process import Site
from tests.browser.waiting import MAX_RETRIES


def press_door_button(desk: Page, base: str, word: str) -> None:
    """At the door of the class, which is a line of "Việc khác" that unfolds."""
    desk.goto(f"{base}/viec", wait_until="load")
    desk.get_by_text("Cửa lớp").click()
    with desk.expect_navigation():
        desk.get_by_role("button", name=re.compile(word)).click()


def test_a_late_phone_joins_by_itself_when_the_class_admits_again(new_page, desk, monitor):
    monitor.expected = {409}  # the shut door
    late, inspector = new_page(PHONE), Inspector(desk)
    looking = Inspector(late)
    base = open_class_session(desk, LESSON_WITH_QUESTIONS)
    code = class_code(desk)
    press_door_button(desk, base, "Khép cửa")
    inspector.inspect_page("jobs")
    late.goto(f"/lop/{code}", wait_until="load")
    looking.inspect_page("a shut door")
    late.get_by_label("3").check()
    with late.expect_navigation():
        late.locator("main .button--main").click()
    expect(late.locator("await-admission")).to_contain_text("máy tự vào")
    expect(late.get_by_label("3")).to_be_checked()
    desk.goto(base, wait_until="load")
    inspector.inspect_page("shut")
    desk.get_by_role("button", name="Mở cửa").click()
    expect(late.locator(".seat__number")).to_have_text("Số 1")
    expect(desk.get_by_role("button", name="Mở cửa")).to_have_count(0)
    assert looking.found | inspector.found == {}


def test_a_phone_whose_idle_seat_was_removed_rejoins_by_itself(new_page, desk, site):
    base, lan, quiet = open_class_session(desk, LESSON_WITH_QUESTIONS), new_page(PHONE), new_page(PHONE, script=False)
    code = class_code(desk)
    for phone in (lan, quiet):
        join_class_session(phone, code)
        expect(phone.locator(".seat__number").first).to_be_visible()
    _backdate_joining(site)
    with lan.expect_request("**/con-day"):  # before that, the page looks the same as afterwards
        press_door_button(desk, base, "Dọn 2 ghế trống")
    expect(lan.locator("[data-part=cho]")).to_be_visible()
    quiet.get_by_role("button", name="Tôi còn đây").click()  # the page polls every few seconds
    expect(quiet.locator("[data-part=cho]")).to_be_visible()
    expect(quiet.locator(".seat__number").first).to_have_text("Số 2")
    desk.goto(base)
    expect(desk.locator(".desk-header")).to_contain_text("2 máy")


def test_named_idle_seats_are_removed_and_an_active_phone_rejoins_under_its_name(new_page, desk, site):
    inspector, base, lan = Inspector(desk), open_class_session(desk, LESSON_WITH_QUESTIONS), new_page(PHONE)
    code = class_code(desk)
    lan.goto(f"/lop/{code}")
    lan.locator("summary:has(~ * [name=ten])").click()
    lan.locator("[name=ten]").fill("Lan")
    lan.locator("main .button--main").click()
    expect(lan.locator("[data-part=cho]")).to_be_visible()
    lan.wait_for_load_state("load")
    for name in ("Lạ", "Xa"):  # a script's seats, with no page behind them
        stranger = new_page(PHONE)
        assert stranger.request.post(f"/lop/{code}", form={"nguoi": "1", "ten": name}, max_retries=MAX_RETRIES).ok
        stranger.context.close()
    press_door_button(desk, base, "Khép cửa")
    desk.goto(f"{base}/viec?mo=cua-lop")
    inspector.inspect_page("named seats")
    with lan.expect_request("**/con-day"):
        press_door_button(desk, base, "Dọn 3 ghế trống")
    expect(lan.locator("[data-part=cho]")).to_be_visible()
    expect(lan.locator(".seat__number").first).to_have_text("Số 1")
    desk.goto(base)
    expect(desk.locator(".desk-header")).to_contain_text("1 máy")
    assert inspector.found == {}


def _backdate_joining(site: Site) -> None:
    """Who came two minutes ago is not taken for an empty seat."""
    [database] = site.data_dir.glob("*.sqlite3")
    with sqlite3.connect(database, timeout=60) as rows:
        rows.execute("UPDATE class_seats SET joined_at = datetime('now', '-10 minutes')")
