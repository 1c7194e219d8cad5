"""The test mode (kiểm tra) in a browser: the same screens, silent traps, one batch of events, and the result."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.every_screen_page import EveryScreenPage, saved_events_response
from tests.browser.site_process import Site


@pytest.fixture(scope="module")
def site(every_screen_site: Site) -> Site:
    return every_screen_site


@pytest.fixture
def lan(phone: Page) -> EveryScreenPage:
    lan = EveryScreenPage(phone)
    lan.start("kiem-tra")
    return lan


def test_the_expected_path_with_a_script_earns_the_mark(lan):
    lan.go_to("hoan-thanh")
    expect(lan.page.locator(".coach__sentence")).to_have_text("Hết bài kiểm tra rồi, bác")
    lan.page.get_by_role("link", name="Xem bác làm được gì").click()
    expect(lan.page.locator("h1")).to_have_text("9 trong 9 màn hình tự làm đúng")
    expect(lan.page.get_by_text("Bác có dấu làm được")).to_be_visible()


def test_a_trap_is_silent_until_the_result(lan):
    lan.tap("Quảng cáo: nhận quà ngay")
    lan.expect_screen("trang-gia")
    expect(lan.page.locator("[data-feedback]:visible")).to_have_count(0)
    expect(lan.page.locator("[data-help]")).to_have_count(0)
    lan.tap("Về màn hình chính")
    lan.go_to("hoan-thanh")
    lan.page.get_by_role("link", name="Xem bác làm được gì").click()
    told = lan.page.locator(".note.tone-trap")
    expect(told).to_have_count(1)
    expect(told).to_contain_text("Đó là cách kẻ gian dụ mình.")
    expect(told).to_contain_text("Ngoài đời, bác tắt trang đi là xong.")


def test_a_reload_resumes_a_test_and_reveals_nothing(lan):
    with lan.page.expect_response(saved_events_response(2)):
        lan.tap("Quảng cáo: nhận quà ngay")
        lan.tap("Về màn hình chính")
    lan.page.reload()
    lan.expect_screen("man-hinh-chinh")
    state = json.loads(lan.page.locator("[data-practice]").text_content())["state"]
    assert state["q"] == 2
    assert not any(screen["trapped"] for screen in state["screens"].values())
    lan.go_to("trang-kho")


def test_a_test_goes_on_offline(lan):
    lan.page.context.set_offline(True)
    lan.go_to("hoan-thanh")
    lan.page.context.set_offline(False)
    lan.page.get_by_role("link", name="Xem bác làm được gì").click()
    expect(lan.page.locator("h1")).to_have_text("9 trong 9 màn hình tự làm đúng")
