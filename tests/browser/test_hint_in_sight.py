"""A hint that was asked for is seen where it was asked for."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.lessons import lesson
from tests.browser.screen_inspection import start_attempt

LARGER = "localStorage.setItem('larger', '1')"
# Wholly between the band (or the note kept under it) and the lower edge, with nothing over its middle.
HINT_IS_SEEN = """() => {
  const hint = document.querySelector("[data-feedback^=hint]:not([hidden])")
  const { left, right, top, bottom } = hint.getBoundingClientRect()
  const at = (y) => hint.contains(document.elementFromPoint((left + right) / 2, y))
  return top >= 0 && bottom <= innerHeight && at(top + 6) && at((top + bottom) / 2) && at(bottom - 6)
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
