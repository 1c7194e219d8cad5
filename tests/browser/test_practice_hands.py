"""A practice by keyboard alone, with large targets, and without dead ends."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import screen_inspection
from tests.browser.conftest import PROJECTOR
from tests.browser.every_screen_page import EveryScreenPage
from tests.browser.input_devices import Keyboard
from tests.browser.practice_page import PracticePage
from tests.browser.site_process import Site
from tests.web.every_screen import LESSON, every_screen

LARGE = 56  # px, the least height of a simulated screen's own button
# Its buttons as [words, height, how much narrower than what it stands in].
ACTIONS = """() => Array.from(document.querySelectorAll(".phone .app__button[name=tap]")).map((button) => {
  const frame = button.parentElement, around = getComputedStyle(frame), box = button.getBoundingClientRect()
  const room = frame.clientWidth - parseFloat(around.paddingLeft) - parseFloat(around.paddingRight)
  return [button.textContent.trim(), box.height, room - box.width]
})"""
COUNT_TAPS = """() => {
  window.taps = 0
  document.addEventListener("click", ({ target }) => {
    if (target.closest(".phone [name=tap]")) window.taps += 1
  }, true)
}"""
LOCKS = "[role=dialog], [role=alertdialog], [aria-modal], dialog, [inert], [popover]"


@pytest.fixture(scope="module")
def site(every_screen_site: Site) -> Site:
    return every_screen_site


@pytest.mark.parametrize("mode", ["lam-theo", "tu-lam", "kiem-tra"])
def test_every_kind_and_role_works_by_keyboard(new_page, mode):
    page, keyboard = new_page(PROJECTOR), Keyboard()
    page.goto(f"{LESSON}/lam")
    keyboard.press(page.locator(f"button[name=mode][value={mode}]"))
    lan = PracticePage(page, keyboard, every_screen(), script=True)
    lan.expect_screen("man-hinh-chinh")
    page.wait_for_load_state()
    lan.follow_expected_path()
    keyboard.press(page.locator("[data-finish]"))
    expect(page.locator("h1")).to_have_text(
        "Bác đã đi hết bài một lượt" if mode == "lam-theo" else "9 trong 9 màn hình tự làm đúng"
    )


@pytest.mark.parametrize("screen", ["xin-quyen", "hoi-lai"])
def test_a_drawn_dialog_does_not_trap_the_focus(phone, screen):
    lan = EveryScreenPage(phone)
    lan.start(at=screen)
    assert phone.locator(LOCKS).count() == 0
    keyboard = Keyboard()
    for way_out in (
        ".phone .phone-dialog button >> nth=0",
        "[data-help]:visible >> nth=0",
        ".page-tools summary >> nth=0",
    ):
        keyboard.reach(phone.locator(way_out))
    phone.keyboard.press("Escape")
    lan.expect_screen(screen)


def test_the_phones_back_key_goes_back(phone: Page):
    lan = EveryScreenPage(phone)
    lan.start(at="nhap-ma-otp")
    phone.locator(".phone__back").tap()
    lan.expect_screen("nhap-thong-tin")


def test_one_tap_submits_a_corrected_field(phone: Page):
    """The tap leaves the field first; would the sentence over it go at that moment, the button would slip away."""
    phone.set_viewport_size({"width": 360, "height": 1000})  # all in sight: no scrolling makes good what slips
    lan = EveryScreenPage(phone)
    lan.start(at="nhap-ma-otp")
    lan.widget(3).fill("1")
    lan.tap("Tiếp tục")
    expect(lan.note).to_be_visible()
    lan.widget(3).press_sequentially("22")
    phone.evaluate(COUNT_TAPS)
    button = phone.locator(".phone .app__button[name=tap]").first
    box = button.bounding_box()
    phone.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    phone.wait_for_function("() => window.taps === 1")


def test_buttons_that_go_on_are_large(phone: Page):
    EveryScreenPage(phone).start()
    seen = []
    screen_inspection.open_player_screens(phone)
    for screen in screen_inspection.each_drawn_screen(phone):
        for words, height, lacking in phone.evaluate(ACTIONS):
            assert height >= LARGE - 0.5, (screen, words)
            assert lacking <= 1, (screen, words)
            seen.append(words)
    assert {"Gửi yêu cầu", "Tiếp tục", "Đồng ý", "Chỉ khi dùng ứng dụng", "Xong"} <= set(seen)
