"""Fading and repeating with a script: the same as without, and it fits the same pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.everything import WAY, Lan, everything_served
from tests.browser.served import Site
from tests.web.every_screen import LESSON


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with everything_served(tmp_path_factory.mktemp("fading")) as running:
        yield running


@pytest.fixture
def lan(phone: Page) -> Lan:
    return Lan(phone)


def follows(lan: Lan, start: str = "man-hinh-chinh") -> None:
    """To the end: the server must have heard of it before the next run begins."""
    lan.goes_to("hoan-thanh", start=start)
    lan.looks_at_the_result("Bác đã đi hết bài một lượt")


def rings(lan: Lan):
    return lan.page.locator("form.phone .pointed")


def test_three_runs_in_a_row_point_at_less_and_less(lan):
    notes = lan.page.locator("[data-said]:visible")
    for ring, said in (
        (1, "Bác chạm “Không đọc mã và tắt máy”."),
        (0, "Cán bộ thật không bao giờ hỏi mã OTP."),
        (0, ""),
    ):
        lan.starts("lam-theo")
        expect(rings(lan)).to_have_count(1)
        lan.goes_to("co-cuoc-goi-den")
        expect(rings(lan)).to_have_count(ring)
        expect(notes).to_have_count(1 if said else 0)
        if said:
            expect(notes).to_contain_text(said)
        follows(lan, start="co-cuoc-goi-den")
    lan.page.goto(f"{LESSON}/lam")
    expect(lan.page.locator("main")).to_contain_text("Ở 6 trong 9 màn bác đã quen, lần này máy chỉ ít hơn.")


def test_at_a_screen_that_is_not_pointed_at_help_climbs_its_ladder_and_traps_stay(lan):
    for _ in range(2):
        lan.starts("lam-theo")
        follows(lan)
    lan.starts("lam-theo")
    lan.goes_to("co-cuoc-goi-den")
    expect(lan.page.locator("[data-said]:visible")).to_have_count(0)
    lan.taps("Đọc mã OTP cho họ")
    lan.is_on("co-cuoc-goi-den")
    expect(lan.note).to_contain_text("Đừng đọc mã OTP cho bất kỳ ai")
    for words, said in (
        ("Gợi ý", "Cán bộ thật không bao giờ hỏi mã OTP."),
        ("Chỉ chỗ cần chạm", "Bác chạm “Không đọc mã và tắt máy”."),
    ):
        lan.page.get_by_role("button", name=words, exact=True).click()
        expect(lan.page.locator("[data-said]:visible").filter(has_text=said)).to_be_visible()
    expect(rings(lan)).to_have_count(1)
    lan.page.get_by_role("button", name="Làm giúp bước này", exact=True).click()
    lan.is_on("quet-ma")


def test_exactly_the_helped_screens_come_again_and_earn_nothing(lan):
    lan.starts()
    for screen in ("nhap-thong-tin", "dat-mat-khau"):
        lan.goes_to(screen, start="man-hinh-chinh" if screen == "nhap-thong-tin" else "nhap-thong-tin")
        lan.page.get_by_role("button", name="Gợi ý", exact=True).click()
    lan.goes_to("hoan-thanh", start="dat-mat-khau")
    lan.looks_at_the_result("7 trong 9 màn hình tự làm đúng")
    lan.page.get_by_role("button", name="Chỉ tập lại đúng những màn ấy").click()
    seen = []
    for screen in ("nhap-thong-tin", "dat-mat-khau"):
        lan.is_on(screen)
        expect(lan.page.locator("[data-lead]")).to_contain_text("Các màn trước màn này, máy đã đi giúp bác.")
        seen.append(lan.page.locator("[data-lead] .lam").inner_text())
        WAY[screen](lan)
    assert seen == ["Tập lại màn 5, lượt này có 2 màn", "Tập lại màn 9, lượt này có 2 màn"]
    lan.is_on("hoan-thanh")
    lan.looks_at_the_result("2 trong 2 màn hình tự làm đúng")


def test_the_end_page_and_a_repeated_part_fit_a_narrow_phone_with_large_text(take):
    lan = Lan(take({**PHONE, "viewport": {"width": 320, "height": 640}}))
    lan.starts()
    lan.page.get_by_role("button", name="Gợi ý", exact=True).click()
    lan.goes_to("hoan-thanh")
    lan.looks_at_the_result("8 trong 9 màn hình tự làm đúng")
    assert_fits(lan.page)
    lan.page.get_by_role("button", name="Chỉ tập lại đúng màn ấy").click()
    lan.is_on("man-hinh-chinh")
    assert_fits(lan.page)


def assert_fits(page: Page) -> None:
    page.locator("html").evaluate("(root) => { root.style.fontSize = '200%' }")
    wide, there = page.locator("html").evaluate("(root) => [root.scrollWidth, root.clientWidth]")
    assert wide <= there
