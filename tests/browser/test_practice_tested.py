"""Kiểm tra in a real browser: the same screens, silent traps, one batch of events, and an end that tells."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.everything import Lan, everything_served, has_kept
from tests.browser.served import Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with everything_served(tmp_path_factory.mktemp("tested")) as running:
        yield running


@pytest.fixture
def lan(phone: Page) -> Lan:
    lan = Lan(phone)
    lan.starts("kiem-tra")
    return lan


def test_the_right_way_by_script_earns_the_mark(lan):
    lan.goes_to("hoan-thanh")
    expect(lan.page.locator(".coach__say")).to_have_text("Hết bài kiểm tra rồi, bác")
    lan.page.get_by_role("link", name="Xem bác làm được gì").click()
    expect(lan.page.locator("h1")).to_have_text("9 trong 9 màn hình tự làm đúng")
    expect(lan.page.get_by_text("Bác có dấu làm được")).to_be_visible()


def test_a_trap_says_nothing_until_the_end_and_then_everything(lan):
    lan.taps("Quảng cáo: nhận quà ngay")
    lan.is_on("trang-gia")
    expect(lan.page.locator("[data-said]:visible")).to_have_count(0)
    expect(lan.page.locator("[data-help]")).to_have_count(0)
    lan.taps("Về màn hình chính")
    lan.goes_to("hoan-thanh")
    lan.page.get_by_role("link", name="Xem bác làm được gì").click()
    told = lan.page.locator(".note.trap")
    expect(told).to_have_count(1)
    expect(told).to_contain_text("Đó là cách kẻ gian dụ mình.")
    expect(told).to_contain_text("Ngoài đời, bác tắt trang đi là xong.")


def test_a_reload_in_the_middle_goes_on_and_still_knows_nothing(lan):
    with lan.page.expect_response(has_kept(2)):
        lan.taps("Quảng cáo: nhận quà ngay")
        lan.taps("Về màn hình chính")
    lan.page.reload()
    lan.is_on("man-hinh-chinh")
    state = json.loads(lan.page.locator("[data-practice]").text_content())["state"]
    assert state["q"] == 2
    assert not any(screen["trapped"] for screen in state["screens"].values())
    lan.goes_to("trang-kho")


def test_without_a_network_the_test_goes_on(lan):
    lan.page.context.set_offline(True)
    lan.goes_to("hoan-thanh")
    lan.page.context.set_offline(False)
    lan.page.get_by_role("link", name="Xem bác làm được gì").click()
    expect(lan.page.locator("h1")).to_have_text("9 trong 9 màn hình tự làm đúng")
