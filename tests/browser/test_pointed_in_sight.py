"""What the hand points at is in sight as soon as a screen opens, on low phones and with larger text.

A first screen opens at its task; where the hand is further down, a lamp leads to it.

Every screen of every practice: ``python -m bench pointed``.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.attempts import open_one_screen_before
from tests.browser.input_devices import Finger
from tests.browser.inspection import NARROW, double_font_size
from tests.browser.lessons import lesson
from tests.browser.practice_page import PracticePage

ACTIVATION = "/vneid/kich-hoat"
LOW = {"width": 360, "height": 660}  # what a browser's bar leaves of a phone of 740
LARGER = "localStorage.setItem('larger', '1')"
# All of the control, with nothing over it; and the first note, right under the banner or further down where it belongs.
CONTROL_IS_SEEN = """() => {
  const frame = document.querySelector(".phone .pointed")
  const { left, right, top, bottom } = frame.getBoundingClientRect()
  const at = (y) => frame.contains(document.elementFromPoint((left + right) / 2, y))
  return top >= 0 && bottom <= innerHeight && at(top + 2) && at((top + bottom) / 2) && at(bottom - 2)
}"""
# Nothing is to be read beside or below the lamp: the page ends above it.
PAGE_ENDS_ABOVE_THE_LAMP = """() => {
  const lamp = document.querySelector("[data-below]")
  const { left, right, top, bottom } = lamp.getBoundingClientRect()
  const isOfLamp = (x) => lamp.contains(document.elementFromPoint(x, (top + bottom) / 2))
  const isAtTheEdge = left === 0 && right === innerWidth && bottom === innerHeight
  return !lamp.hidden && isAtTheEdge && [1, innerWidth - 1].every(isOfLamp)
}"""
SCROLL_ITS_EDGE_INTO_SIGHT = """() => {
  scrollBy(0, document.querySelector(".phone .pointed").getBoundingClientRect().top - innerHeight + 24)
}"""
# Doubled text: a long task goes on under the lamp, and its end is read by scrolling.
TASK_IS_READ_FIRST = """() => {
  const [banner, task, lamp] = [".simulation-banner", ".coach__sentence", "[data-below]"].map(
    (part) => document.querySelector(part).getBoundingClientRect())
  return task.top >= banner.bottom && (task.top + task.bottom) / 2 <= lamp.top
}"""
MESSAGE_IS_SEEN = """() => {
  const [note, message] = [".coach__kept", ".phone .sms"].map(
    (part) => document.querySelector(part).getBoundingClientRect())
  return message.top >= note.bottom - 1 && message.bottom <= innerHeight
}"""
NOTE_IS_SEEN = """() => {
  const note = document.querySelector("[data-feedback]:not([hidden])").getBoundingClientRect()
  const banner = document.querySelector(".simulation-banner").getBoundingClientRect()
  return banner.bottom <= note.top + 1 && note.bottom <= innerHeight
}"""
# Between the banner and the note that is kept below it.
TASK_IS_SEEN = """() => {
  const [banner, task, note] = [".simulation-banner", ".coach__sentence", "[data-feedback]:not([hidden])"].map(
    (part) => document.querySelector(part).getBoundingClientRect())
  return banner.bottom <= task.top + 1 && task.bottom <= note.top + 1
}"""


def open_screen(page: Page, screen: str, address: str = ACTIVATION) -> PracticePage:
    """Come to a screen in the guided mode, from the one before it."""
    there = lesson(address)
    assert there.practice
    open_one_screen_before(page, there, "lam-theo", screen)
    expect(page.locator("form.phone:not(:has(input[name=q]))")).to_be_visible()  # the script's own drawing
    practice_page = PracticePage(page, Finger(), there.practice, script=True)
    practice_page.follow_expected_path(until=screen)
    return practice_page


@pytest.mark.parametrize("text", ["usual", "larger"])
@pytest.mark.parametrize(
    ("address", "screen"), [("/lua-dao/gia-cong-an", "ho-doi-giong-doa"), (ACTIVATION, "kich-hoat-tai-khoan")]
)
def test_on_arrival_control_sentence_and_task_are_seen_and_the_task_has_the_focus(phone, text, address, screen):
    phone.set_viewport_size(LOW)
    if text == "larger":
        phone.add_init_script(LARGER)
    open_screen(phone, screen, address)
    phone.wait_for_function(CONTROL_IS_SEEN)
    assert phone.evaluate(NOTE_IS_SEEN)
    assert phone.evaluate(TASK_IS_SEEN)
    expect(phone.locator(".coach__sentence")).to_be_focused()


@pytest.mark.parametrize("text", ["usual", "larger", "doubled"])
def test_a_first_screen_opens_at_its_task_and_the_lamp_leads_to_control_and_sentence(phone, text):
    if text == "larger":
        phone.add_init_script(LARGER)
    elif text == "doubled":
        phone.set_viewport_size(NARROW)
        double_font_size(phone)
    open_screen(phone, lesson(ACTIVATION).practice.start)
    lamp = phone.get_by_text("Chỗ chạm ở dưới")
    expect(lamp).to_be_in_viewport(ratio=1)
    assert phone.evaluate("() => scrollY") == 0
    assert phone.evaluate(TASK_IS_READ_FIRST)
    assert phone.evaluate(PAGE_ENDS_ABOVE_THE_LAMP)
    lamp.tap()
    expect(lamp).to_be_hidden()
    phone.wait_for_function(CONTROL_IS_SEEN)
    assert phone.evaluate(NOTE_IS_SEEN)


def test_as_the_hand_moves_from_field_to_field_it_and_its_sentence_stay_in_sight(phone):
    phone.set_viewport_size(LOW)
    phone.add_init_script(LARGER)
    open_screen(phone, "kich-hoat-tai-khoan")
    for place, value in enumerate(["099060000123", "0100000777"]):
        field = phone.locator(".phone input[type=text]").nth(place)
        expect(phone.locator(".pointed").locator("input")).to_have_id(field.get_attribute("id"))
        phone.wait_for_function(CONTROL_IS_SEEN)
        assert phone.evaluate(NOTE_IS_SEEN)
        field.press_sequentially(value)


def test_after_larger_text_was_chosen_the_kept_sentence_is_still_under_the_band(phone):
    phone.set_viewport_size(LOW)
    open_screen(phone, "kich-hoat-tai-khoan")
    phone.wait_for_function(CONTROL_IS_SEEN)
    phone.locator("[data-larger]").tap()
    phone.evaluate("() => scrollTo(0, document.querySelector('.phone').offsetTop)")
    phone.wait_for_function(f"({NOTE_IS_SEEN})()")


def test_scrolled_up_to_the_task_a_lamp_says_that_the_control_is_further_down(phone):
    phone.set_viewport_size(LOW)
    phone.add_init_script(LARGER)
    open_screen(phone, "kich-hoat-tai-khoan")
    lamp = phone.get_by_text("Chỗ chạm ở dưới")
    phone.wait_for_function(CONTROL_IS_SEEN)
    expect(lamp).to_be_hidden()
    phone.evaluate("() => scrollTo(0, 0)")
    expect(phone.locator(".coach__sentence")).to_be_in_viewport(ratio=1)
    # A part of the control in sight: the lamp hangs over no words above it.
    phone.evaluate(SCROLL_ITS_EDGE_INTO_SIGHT)
    phone.wait_for_function("() => document.querySelector('.phone .pointed').getBoundingClientRect().top < innerHeight")
    phone.wait_for_function(PAGE_ENDS_ABOVE_THE_LAMP)
    lamp.tap()
    phone.wait_for_function(CONTROL_IS_SEEN)
    expect(lamp).to_be_hidden()
    expect(phone.locator("[data-feedback]:visible")).to_have_count(1)  # it was no tap on the phone


def test_with_doubled_text_the_task_leaves_its_room_to_what_is_pointed_at(phone):
    phone.set_viewport_size(NARROW)
    double_font_size(phone)
    open_screen(phone, "kich-hoat-tai-khoan")
    phone.wait_for_function(CONTROL_IS_SEEN)
    assert phone.evaluate(NOTE_IS_SEEN)
    assert not phone.evaluate(TASK_IS_SEEN)


def test_a_message_that_arrives_is_not_covered_by_the_sentence(phone):
    phone.add_init_script(LARGER)
    open_screen(phone, "tin-cua-con-gai", "/bat-dau/cham-vuot-go")
    expect(phone.locator(".phone .sms")).to_have_count(1)
    expect(phone.locator(".phone .sms--pending")).to_have_count(0)
    phone.wait_for_function(MESSAGE_IS_SEEN)


def test_after_a_slip_its_feedback_and_the_control_are_both_in_sight(phone):
    phone.set_viewport_size(LOW)
    phone.add_init_script(LARGER)
    practice_page = open_screen(phone, "kich-hoat-tai-khoan")
    practice_page.device.press(phone.locator(".phone .app__button").first)  # not where the last tap was
    expect(phone.locator("[data-feedback='empty 0']")).to_be_visible()
    phone.wait_for_function(CONTROL_IS_SEEN)
    assert phone.evaluate(NOTE_IS_SEEN)


def test_a_sentence_that_only_repeats_the_task_leaves_its_room_to_the_phone(phone):
    open_screen(phone, "man-hinh-chinh", "/bat-dau/cham-vuot-go")
    expect(phone.locator(".phone .pointed")).to_have_count(1)
    expect(phone.locator("[data-feedback]:visible")).to_have_count(0)
    expect(phone.locator("[data-live=polite]")).to_contain_text("Bác chạm")


def test_at_the_end_nothing_is_offered_for_another_time(phone):
    practice_page = open_screen(phone, "man-hinh-chinh", "/bat-dau/cham-vuot-go")
    pause = phone.get_by_role("link", name="Nghỉ, lúc khác làm tiếp")
    expect(pause).to_be_visible()
    practice_page.follow_expected_path()
    expect(pause).to_be_hidden()
