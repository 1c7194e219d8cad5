"""A hint that was asked for is seen where it was asked for."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.inspection import NARROW, double_font_size
from tests.browser.lessons import lesson
from tests.browser.screen_inspection import start_attempt

FONT_SIZE = "(element) => getComputedStyle(element).fontSize"
LARGER = "localStorage.setItem('larger', '1')"
# Wholly between the banner (or the note kept under it) and the lower edge, with nothing over its middle.
HINT_IS_SEEN = """() => {
  const hint = document.querySelector("[data-feedback^=hint]:not([hidden])")
  const { left, right, top, bottom } = hint.getBoundingClientRect()
  const at = (y) => hint.contains(document.elementFromPoint((left + right) / 2, y))
  return top >= 0 && bottom <= innerHeight && at(top + 6) && at((top + bottom) / 2) && at(bottom - 6)
}"""


LAMP_LIES_BELOW_THE_PAGE = """() => {
  const lamp = document.querySelector("[data-below]").getBoundingClientRect()
  const hint = document.querySelector("[data-feedback^=hint]:not([hidden])").getBoundingClientRect()
  return hint.top < lamp.top && lamp.left === 0 && lamp.right === innerWidth && lamp.bottom === innerHeight
}"""


@pytest.mark.parametrize("text", ["usual", "larger"])
@pytest.mark.parametrize("address", ["/lua-dao/to-roi-ma-qr", "/bat-dau/cham-vuot-go"])
def test_a_hint_asked_for_while_the_hand_points_is_seen(phone, address, text):
    if text == "larger":
        phone.add_init_script(LARGER)
    there = lesson(address)
    start_attempt(phone, there, there.practice, "lam-theo")
    expect(phone.locator("form.phone:not(:has(input[name=q]))")).to_be_visible()  # the script's own drawing
    phone.get_by_role("button", name="Gợi ý").tap()
    expect(phone.locator("[data-feedback^=hint]:visible")).to_have_count(1)
    assert phone.evaluate(HINT_IS_SEEN)


def test_with_doubled_text_the_hint_has_the_room_and_the_page_ends_above_the_lamp(phone):
    phone.set_viewport_size(NARROW)
    double_font_size(phone)
    there = lesson("/lua-dao/to-roi-ma-qr")
    start_attempt(phone, there, there.practice, "lam-theo")
    expect(phone.locator("form.phone:not(:has(input[name=q]))")).to_be_visible()
    assert phone.locator(".simulation-banner").bounding_box()["height"] < NARROW["height"] / 10
    card, help_button = phone.locator(".practice-help__task > summary"), phone.get_by_role("button", name="Gợi ý")
    assert card.evaluate(FONT_SIZE) == help_button.evaluate(FONT_SIZE)
    help_button.tap()
    expect(phone.get_by_text("Chỗ chạm ở dưới")).to_be_in_viewport(ratio=1)
    assert phone.evaluate(LAMP_LIES_BELOW_THE_PAGE)
    expect(phone.locator(".coach__kept")).to_have_count(0)
