"""Other hands than a steady finger: the keyboard alone on every kind of screen, large actions, no locked doors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.browser import screens
from tests.browser.conftest import PROJECTOR
from tests.browser.everything import Lan, everything_served
from tests.browser.hands import Keyboard
from tests.browser.practising import Practising
from tests.browser.served import Site
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
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with everything_served(tmp_path_factory.mktemp("hands")) as running:
        yield running


@pytest.mark.parametrize("mode", ["lam-theo", "tu-lam", "kiem-tra"])
def test_the_keyboard_alone_leads_through_every_kind_of_screen_and_every_role(take, site, mode):
    page, keyboard = take(PROJECTOR), Keyboard()
    page.goto(f"{LESSON}/lam")
    keyboard.press(page.locator(f"button[name=mode][value={mode}]"))
    file = site.data_dir.parent / "courses" / "thu" / "01-moi-thu" / "lam.md"
    lan = Practising(page, keyboard, replace(every_screen(), path=str(file)), script=True)
    lan.is_on("man-hinh-chinh")
    page.wait_for_load_state()
    lan.goes_the_expected_way()
    keyboard.press(page.locator("[data-finish]"))
    expect(page.locator("h1")).to_have_text(
        "Bác đã đi hết bài một lượt" if mode == "lam-theo" else "9 trong 9 màn hình tự làm đúng"
    )


@pytest.mark.parametrize("screen", ["xin-quyen", "hoi-lai"])
def test_a_drawn_dialog_locks_nobody_in(phone, screen):
    lan = Lan(phone)
    lan.starts()
    lan.goes_to(screen)
    assert phone.locator(LOCKS).count() == 0
    keyboard = Keyboard()
    for way_out in (".phone .dialog button >> nth=0", "[data-help]:visible >> nth=0", ".tools summary"):
        keyboard.reach(phone.locator(way_out))
    phone.keyboard.press("Escape")
    lan.is_on(screen)


def test_the_phones_own_key_takes_the_screens_way_back(phone: Page):
    lan = Lan(phone)
    lan.starts()
    lan.goes_to("nhap-ma-otp")
    phone.locator(".phone__back").tap()
    lan.is_on("nhap-thong-tin")


def test_one_tap_is_enough_after_a_mistake_was_written_over(phone: Page):
    """The tap leaves the field first; would the sentence over it go at that moment, the button would slip away."""
    phone.set_viewport_size({"width": 360, "height": 1000})  # all in sight: no scrolling makes good what slips
    lan = Lan(phone)
    lan.starts()
    lan.goes_to("nhap-ma-otp")
    lan.field(3).fill("1")
    lan.taps("Tiếp tục")
    expect(lan.note).to_be_visible()
    lan.field(3).press_sequentially("22")
    phone.evaluate(COUNT_TAPS)
    button = phone.locator(".phone .app__button[name=tap]").first
    box = button.bounding_box()
    phone.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    phone.wait_for_function("() => window.taps === 1")


def test_what_leads_on_is_large_and_as_wide_as_its_place(phone: Page):
    Lan(phone).starts()
    seen = []
    screens.open_stage(phone)
    for screen in screens.drawn(phone):
        for words, height, lacking in phone.evaluate(ACTIONS):
            assert height >= LARGE - 0.5, (screen, words)
            assert lacking <= 1, (screen, words)
            seen.append(words)
    assert {"Gửi yêu cầu", "Tiếp tục", "Đồng ý", "Chỉ khi dùng ứng dụng", "Xong"} <= set(seen)
