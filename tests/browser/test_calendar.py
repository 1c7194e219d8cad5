"""The calendar in a browser: an organiser plans a class and prints its poster, a citizen finds it in three taps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from lms.vietnam_time import today
from tests.browser.conftest import PHONE
from tests.browser.inspection import Inspector
from tests.browser.staff import run_user_command, sign_in_with_slip, slip_path, tap_and_wait_for_page
from tests.browser.test_paper import sheets_of

# As long as the form takes.
LONGEST = {"noi": 80, "dia-chi": 120, "tang": 40, "gui-xe": 80, "mang-theo": 120}
MINUTES_AFTER_MIDNIGHT = {"gio": "22:45", "phut": "90"}


def main_button(page: Page) -> None:
    tap_and_wait_for_page(page.locator("main .button--main"))


def sign_in_as_organiser(page: Page, site, ward: str) -> None:
    added = run_user_command(site, "add", "--name", "Lê Thị Thu", "--role", "organiser", "--ward", ward)
    sign_in_with_slip(page, slip_path(added))


def plan_class(page: Page, **fields: str) -> None:
    page.locator("#bai").select_option("vneid/kich-hoat")
    page.locator("#ngay").fill((today() + timedelta(days=2)).isoformat())
    for name, text in fields.items():
        page.locator(f"#{name}").fill(text)
    main_button(page)


def test_an_organiser_plans_a_class_and_its_poster_is_one_sheet_whatever_it_says(phone, site, monitor):
    monitor.expected = {422}
    inspector = Inspector(phone)
    sign_in_as_organiser(phone, site, "Bàn Cờ")
    tap_and_wait_for_page(phone.get_by_role("link", name="Lịch lớp"))
    inspector.inspect_page("no class planned")
    main_button(phone)
    inspector.inspect_page("a new plan")
    main_button(phone)
    expect(phone.locator("#bai")).to_be_focused()
    inspector.inspect_page("nothing filled in")
    phone.locator("summary", has_text="Đường đi").tap()
    longest = {name: ("Nhà văn hóa khu phố " * 7)[:most] for name, most in LONGEST.items()}
    phone.locator("#xe-lan").select_option("no")
    phone.locator("#tieng").select_option("zh")
    plan_class(phone, **MINUTES_AFTER_MIDNIGHT, **longest)
    inspector.inspect_page("a planned class")
    tap_and_wait_for_page(phone.get_by_role("link", name="Trang của lớp này"))
    inspector.inspect_page("the longest class")
    assert sheets_of(phone) == 1
    phone.emulate_media(media="print")
    expect(phone.locator(".planned-class .qr")).to_be_visible()
    assert phone.locator("main a:visible, main button:visible").count() == 0
    assert inspector.found == {}


@pytest.mark.parametrize("script", [True, False])
def test_a_citizen_finds_a_class_near_home_in_three_taps_and_holds_a_seat(new_page, site, script):
    organiser = new_page(PHONE)
    sign_in_as_organiser(organiser, site, "Tân Định")
    organiser.goto("/quan-ly/lich/moi")
    venue = f"Đình làng {'có' if script else 'không'} script"
    plan_class(organiser, noi=venue)
    sau = new_page(PHONE, script=script)
    inspector = Inspector(sau)
    sau.goto("/")
    tap_and_wait_for_page(sau.get_by_role("link", name="Lịch lớp"))
    sau.locator("#phuong").select_option("tan-dinh")
    main_button(sau)
    row = sau.get_by_role("link", name=venue)
    expect(row).to_be_visible()
    if script:
        inspector.inspect_page("the classes near home")
    tap_and_wait_for_page(row)
    main_button(sau)
    expect(sau.get_by_role("heading", name="Bác giữ chỗ số 1")).to_be_in_viewport()
    if script:
        inspector.inspect_page("a seat held")
    tap_and_wait_for_page(sau.get_by_role("button", name="trả chỗ"))
    expect(sau.get_by_text("Đã trả chỗ")).to_be_visible()
    if script:
        inspector.inspect_page("the seat given back")
        sau.goto("/phuong/tan-dinh")
        inspector.inspect_page("the ward")
    assert inspector.found == {}
