"""Sharing the address of a practice's screen, and what it opens on somebody else's phone."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.input_devices import Finger
from tests.browser.learner import Learner
from tests.browser.lessons import lesson

PRACTICE = "/bat-dau/mat-khau"
KEEP_SHARED = "navigator.share = async (shared) => { window.shared = shared }"
KEEP_COPIED = """
  document.addEventListener("copy", () => { window.copied = document.activeElement.value })
  delete Navigator.prototype.share
"""


def ask_at_the_second_screen(page: Page) -> str:
    """Go on to the second screen of a practice and open "Hỏi người giúp"; the id of the screen."""
    lan, taught = Learner(page), lesson(PRACTICE)
    lan.open(f"{PRACTICE}/lam")
    practice = lan.start_practice(taught, "lam-theo")
    practice.perform(practice.steps_on(taught.practice.start)[0])
    practice.follow_expected_path(until=second_screen(taught.practice))
    Finger().press(page.locator("[data-ask-helper] summary"))
    Finger().press(page.get_by_role("button", name="Gửi cho người nhà"))
    return second_screen(taught.practice)


def second_screen(practice) -> str:
    return next(
        widget.target for widget in practice.screen(practice.start).widgets if widget.arrow == "=>" and widget.target
    )


def test_the_phones_share_sheet_gets_the_address_of_the_screen(new_page, site):
    page = new_page(PHONE)
    page.add_init_script(KEEP_SHARED)
    screen = ask_at_the_second_screen(page)
    page.wait_for_function("() => window.shared")
    shared = page.evaluate("window.shared")
    assert shared["url"] == f"{site.url}{PRACTICE}/lam?che-do=xem-mau#man-{screen}"
    assert lesson(PRACTICE).course in shared["url"] and "Nhờ xem giúp" in shared["title"]


def test_without_a_share_sheet_the_address_is_copied_and_the_page_says_so(new_page):
    page = new_page(PHONE)
    page.add_init_script(KEEP_COPIED)
    screen = ask_at_the_second_screen(page)
    expect(page.locator("[data-confirmation]")).to_contain_text("Đã chép địa chỉ")
    assert page.evaluate("window.copied").endswith(f"#man-{screen}")


def test_an_address_that_cannot_be_copied_is_shown(new_page):
    page = new_page(PHONE)
    page.add_init_script(f"{KEEP_COPIED}; document.execCommand = () => false")
    screen = ask_at_the_second_screen(page)
    expect(page.locator("[data-address]")).to_be_visible()
    expect(page.locator("[data-address]")).to_contain_text(f"#man-{screen}")


def test_a_helper_sees_the_screen_and_an_unknown_one_opens_at_the_start(new_page):
    practice = lesson(PRACTICE).practice
    helper = new_page(PHONE)
    helper.goto(f"{PRACTICE}/lam?che-do=xem-mau#man-{second_screen(practice)}")
    expect(helper.locator(".phone")).to_have_attribute("data-screen", second_screen(practice))
    expect(helper.locator("[data-pause]")).to_have_text("Chạy tiếp")  # it waits for the helper
    helper.evaluate("location.hash = '#man-khong-co-man-nay'")
    expect(helper.locator(".phone")).to_have_attribute("data-screen", practice.start)


def test_a_screen_beside_the_way_opens_at_the_screen_that_leads_to_it(new_page):
    practice = lesson("/bat-dau/cham-vuot-go").practice
    lost = next(screen for screen in practice.screens if screen.kind == "wrong")
    origin = next(screen.id for screen in practice.screens if lost.id in [widget.target for widget in screen.widgets])
    helper = new_page(PHONE)
    helper.goto(f"/bat-dau/cham-vuot-go/lam?che-do=xem-mau#man-{lost.id}")
    expect(helper.locator(".phone")).to_have_attribute("data-screen", origin)


@pytest.mark.parametrize("path", [f"{PRACTICE}/lam?che-do=xem-mau"])
def test_without_a_script_the_address_is_on_the_page_and_leads_to_the_written_step(plain_phone, path):
    screen = second_screen(lesson(PRACTICE).practice)
    plain_phone.goto(f"{path}#man-{screen}")
    expect(plain_phone.locator(f"#man-{screen}")).to_be_in_viewport()
    plain_phone.locator("[data-ask-helper] summary").click()
    address = plain_phone.locator("[data-address]")
    expect(address).to_be_visible()
    assert urlsplit(address.get_attribute("href")).path == f"{PRACTICE}/lam"


def test_a_lesson_is_sent_to_a_child_by_one_button(new_page, site):
    page = new_page(PHONE)
    page.add_init_script(KEEP_SHARED)
    page.goto(PRACTICE)
    Finger().press(page.get_by_role("button", name="Gửi cho con"))
    page.wait_for_function("() => window.shared")
    assert page.evaluate("window.shared.url") == f"{site.url}{PRACTICE}"
