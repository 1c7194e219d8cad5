"""Guidance levels and rehearsals with scripts: the same as without, and they fit the same pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.every_screen_page import EXPECTED_STEPS, EveryScreenPage
from tests.browser.site_process import Site
from tests.web.every_screen import LESSON


@pytest.fixture(scope="module")
def site(every_screen_site: Site) -> Site:
    return every_screen_site


@pytest.fixture
def lan(phone: Page) -> EveryScreenPage:
    return EveryScreenPage(phone)


def ends(lan: EveryScreenPage) -> None:
    lan.go_by_requests("hoan-thanh")
    lan.open_result("Bác đã đi hết bài một lượt")


def highlighted_controls(lan: EveryScreenPage):
    return lan.page.locator("form.phone .pointed")


def test_three_attempts_have_less_and_less_guidance(lan):
    notes = lan.page.locator("[data-feedback]:visible")
    for ring, said in (
        (1, "Bác chạm “Không đọc mã và tắt máy”."),
        (0, "Cán bộ thật không bao giờ hỏi mã OTP."),
        (0, ""),
    ):
        lan.start("lam-theo")
        expect(highlighted_controls(lan)).to_have_count(1)
        lan.go_by_requests("co-cuoc-goi-den")
        expect(highlighted_controls(lan)).to_have_count(ring)
        expect(notes).to_have_count(1 if said else 0)
        if said:
            expect(notes).to_contain_text(said)
        ends(lan)
    lan.page.goto(f"{LESSON}/lam")
    expect(lan.page.locator("main")).to_contain_text("Ở 6 trong 9 màn bác đã quen, lần này máy chỉ ít hơn.")


def test_without_guidance_help_gets_stronger_and_traps_are_refused(lan):
    for _ in range(2):
        lan.start("lam-theo", at="hoan-thanh")
    lan.start("lam-theo", at="co-cuoc-goi-den")
    expect(lan.page.locator("[data-feedback]:visible")).to_have_count(0)
    lan.tap("Đọc mã OTP cho họ")
    lan.expect_screen("co-cuoc-goi-den")
    expect(lan.note).to_contain_text("Đừng đọc mã OTP cho bất kỳ ai")
    for words, said in (
        ("Gợi ý", "Cán bộ thật không bao giờ hỏi mã OTP."),
        ("Chỉ chỗ cần chạm", "Bác chạm “Không đọc mã và tắt máy”."),
    ):
        lan.page.get_by_role("button", name=words, exact=True).click()
        expect(lan.page.locator("[data-feedback]:visible").filter(has_text=said)).to_be_visible()
    expect(highlighted_controls(lan)).to_have_count(1)
    lan.page.get_by_role("button", name="Làm giúp bước này", exact=True).click()
    lan.expect_screen("quet-ma")


def test_a_rehearsal_has_only_the_screens_with_help_and_earns_no_mark(lan):
    lan.start(at="nhap-thong-tin")
    for screen, onward in (("nhap-thong-tin", "dat-mat-khau"), ("dat-mat-khau", "hoan-thanh")):
        lan.page.get_by_role("button", name="Gợi ý", exact=True).click()
        lan.go_to(onward, start=screen)
    lan.open_result("7 trong 9 màn hình tự làm đúng")
    lan.page.get_by_role("button", name="Chỉ tập lại đúng những màn ấy").click()
    seen = []
    for screen in ("nhap-thong-tin", "dat-mat-khau"):
        lan.expect_screen(screen)
        expect(lan.page.locator("[data-instruction]")).to_contain_text("Các màn trước màn này, máy đã đi giúp bác.")
        seen.append(lan.page.locator("[data-instruction] .lam").inner_text())
        EXPECTED_STEPS[screen](lan)
    assert seen == ["Tập lại màn 5, lượt này có 2 màn", "Tập lại màn 9, lượt này có 2 màn"]
    lan.expect_screen("hoan-thanh")
    lan.open_result("2 trong 2 màn hình tự làm đúng")


def test_result_and_rehearsal_fit_a_narrow_phone_with_large_text(new_page):
    lan = EveryScreenPage(new_page({**PHONE, "viewport": {"width": 320, "height": 640}}))
    lan.start()
    lan.page.get_by_role("button", name="Gợi ý", exact=True).click()
    lan.go_to("hoan-thanh")
    lan.open_result("8 trong 9 màn hình tự làm đúng")
    assert_fits(lan.page)
    lan.page.get_by_role("button", name="Chỉ tập lại đúng màn ấy").click()
    lan.expect_screen("man-hinh-chinh")
    assert_fits(lan.page)


def assert_fits(page: Page) -> None:
    page.locator("html").evaluate("(root) => { root.style.fontSize = '200%' }")
    wide, there = page.locator("html").evaluate("(root) => [root.scrollWidth, root.clientWidth]")
    assert wide <= there
