"""The calendar in a browser: an organiser plans a week and prints posters, a citizen finds a class in three taps."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from lms.vietnam_time import today
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.inspection import Inspector
from tests.browser.printed_paper import sheets_of
from tests.browser.staff import run_user_command, sign_in_as, slip_path, tap_and_wait_for_page, tap_main_button
from tests.browser.walking import Walk

SMALL_PHONE = {**PHONE, "viewport": {"width": 320, "height": 640}}
TABLET = {**PHONE, "viewport": {"width": 1024, "height": 768}}
numbers = itertools.count(1)
WARDS_WITHOUT_CLASSES = itertools.cycle(["Xóm Chiếu", "Vĩnh Hội", "Khánh Hội", "Cầu Ông Lãnh"])

# As long as the form takes.
LONGEST = {"noi": 80, "dia-chi": 120, "tang": 40, "gui-xe": 80, "mang-theo": 120}
MINUTES_AFTER_MIDNIGHT = {"gio": "22:45", "phut": "90"}


def sign_in_as_organiser(page: Page, site, ward: str) -> None:
    sign_in_as(page, site, "Lê Thị Thu", "organiser", ward=ward)


def plan_class(page: Page, **fields: str) -> None:
    page.locator("#bai").select_option("vneid/kich-hoat")
    page.locator("#ngay").fill((today() + timedelta(days=2)).isoformat())
    for name, text in fields.items():
        page.locator(f"#{name}").fill(text)
    tap_main_button(page)


def test_an_organiser_plans_a_class_and_its_poster_is_one_sheet_whatever_it_says(phone, site, monitor):
    monitor.expected = {422}
    inspector = Inspector(phone)
    sign_in_as_organiser(phone, site, "Bàn Cờ")
    phone.goto("/quan-ly")
    tap_and_wait_for_page(phone.get_by_role("link", name="Lịch lớp"))
    inspector.inspect_page("no class planned")
    tap_main_button(phone)
    tap_main_button(phone)
    expect(phone.locator("#bai")).to_be_focused()
    phone.locator("summary", has_text="Đường đi").tap()
    longest = {name: ("Nhà văn hóa khu phố " * 7)[:most] for name, most in LONGEST.items()}
    phone.locator("#xe-lan").select_option("no")
    phone.locator("#tieng").select_option("zh")
    plan_class(phone, **MINUTES_AFTER_MIDNIGHT, **longest)
    tap_and_wait_for_page(phone.get_by_role("link", name="Trang của lớp này"))
    assert sheets_of(phone) == 1
    phone.emulate_media(media="print")
    expect(phone.locator(".planned-class .qr")).to_be_visible()
    assert phone.locator("main a:visible, main button:visible").count() == 0
    assert inspector.found == {}


def test_a_citizen_finds_a_class_near_home_in_three_taps_at_every_size_with_and_without_a_script(new_page, site):
    organiser = new_page(PHONE)
    sign_in_as_organiser(organiser, site, "Tân Định")
    organiser.goto("/quan-ly/lich/moi")
    plan_class(organiser, noi="Đình làng")
    for device, script in itertools.product((PHONE, SMALL_PHONE, TABLET, LAPTOP), (True, False)):
        walk = Walk(new_page(device, script=script))
        sau = walk.page
        walk.open("/")
        walk.follow(sau.get_by_role("link", name="Tìm lớp gần nhà"))
        walk.tap(sau.get_by_role("link", name="Chữ T", exact=True))
        expect(sau.get_by_role("link", name="Tân Định", exact=True)).to_be_in_viewport()
        walk.follow(sau.get_by_role("link", name="Tân Định", exact=True))
        expect(sau.get_by_role("link", name="Đình làng")).to_be_in_viewport()
        assert (walk.taps, walk.keys) == (3, 0)
        sau.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_citizen_holds_a_seat_and_gives_it_back(new_page, site, script):
    organiser = new_page(PHONE)
    sign_in_as_organiser(organiser, site, "Bến Thành")
    organiser.goto("/quan-ly/lich/moi")
    venue = f"Đình làng {'có' if script else 'không'} script"
    plan_class(organiser, noi=venue)
    sau = new_page(PHONE, script=script)
    inspector = Inspector(sau)

    def inspect(where: str) -> None:
        if script:
            inspector.inspect_page(where)

    sau.goto("/lich?phuong=ben-thanh")
    tap_and_wait_for_page(sau.get_by_role("link", name=venue))
    tap_main_button(sau)
    expect(sau.get_by_role("heading", name="Bác giữ chỗ số 1")).to_be_in_viewport()
    inspect("a seat held")
    tap_and_wait_for_page(sau.get_by_role("button", name="trả chỗ"))
    expect(sau.get_by_text("Đã trả chỗ")).to_be_visible()
    inspect("the seat given back")
    assert inspector.found == {}


# Of a week of five classes, one of them for four weeks: what it takes from the slip to the printed posters.
MOST_TAPS, MOST_KEYS, MOST_PAGES = 41, 27, 14


@pytest.mark.parametrize("device", [PHONE, TABLET], ids=["phone", "tablet"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_an_organiser_comes_from_her_first_slip_to_a_week_of_printed_posters(new_page, site, device, script):
    thu = new_page(device, script=script)
    walk = Walk(thu)
    added = run_user_command(
        site, "add", "--name", f"Thu {next(numbers)}", "--role", "organiser", "--ward", next(WARDS_WITHOUT_CLASSES)
    )
    walk.open(slip_path(added))
    walk.follow(main_of(thu))
    walk.follow(thu.get_by_role("link", name="Lịch lớp"))
    walk.follow(main_of(thu))
    for number in range(5):
        walk.choose(thu.locator("#bai"), "vneid/kich-hoat")
        walk.pick_day(thu.locator("#ngay"), today() + timedelta(days=number + 1))
        if number == 0:
            walk.type(thu.locator("#noi"), "Nhà văn hóa khu phố 3")
            walk.type(thu.locator("#so-tuan"), "4")
        else:  # it is where the one before was
            expect(thu.locator("#noi")).to_have_value("Nhà văn hóa khu phố 3")
        walk.follow(main_of(thu))
        expect(thu.get_by_role("status")).to_contain_text("Đã ghi vào lịch")
        if number < 4:
            walk.follow(main_of(thu))
    walk.follow(thu.get_by_role("link", name="Đủ lớp rồi, in tờ mời"))
    if script:
        thu.evaluate("() => { window.print = () => { window.printed = true } }")
        walk.tap(main_of(thu))
        thu.wait_for_function("() => window.printed")
    else:
        expect(thu.locator("noscript p")).to_be_visible()
    assert sheets_of(thu) == 6  # the first class comes again after a week
    assert (walk.taps <= MOST_TAPS, walk.keys <= MOST_KEYS, walk.pages <= MOST_PAGES) == (True, True, True), vars(walk)


def main_of(page: Page) -> Locator:
    """The one main button of the page."""
    return page.locator("main .button--main:visible")
