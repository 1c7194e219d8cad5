"""Larger text on small phones: the stages stay one row, and a folded box keeps the arrow that says it opens."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.inspection import NARROW, double_font_size, findings

ACTIVATION = "/vneid/kich-hoat"
LARGER = "localStorage.setItem('larger', '1')"
TALLEST = 96  # px of the row; the stages one under the other took twice as much
# The words of a bead stand inside its line.
IS_INSIDE = """(item) => {
  const words = document.createRange()
  words.selectNodeContents(item.querySelector(".stage-nav__label") || item)
  const [inner, outer] = [words.getBoundingClientRect(), item.getBoundingClientRect()]
  return inner.left >= outer.left && inner.right <= outer.right
}"""


def enlarge(phone: Page, text: str) -> None:
    if text == "doubled":
        phone.set_viewport_size(NARROW)
        double_font_size(phone)
    else:
        phone.add_init_script(LARGER)


@pytest.mark.parametrize("text", ["larger", "doubled"])
@pytest.mark.parametrize("stage", ["", "/lam"])
def test_the_three_stages_stand_in_one_row(phone, text, stage):
    enlarge(phone, text)
    phone.goto(f"{ACTIVATION}{stage}", wait_until="load")
    beads = phone.locator(".stage-nav__item")
    expect(beads).to_have_text(["hiểu", "làm", "dùng"])
    boxes = [bead.bounding_box() for bead in beads.all()]
    assert len({round(box["y"]) for box in boxes}) == 1
    assert max(box["height"] for box in boxes) <= TALLEST
    assert all(bead.evaluate(IS_INSIDE) for bead in beads.all())
    assert findings(phone)["sideways"] == []


def test_with_larger_text_the_stages_and_the_next_button_are_seen_without_scrolling(phone):
    enlarge(phone, "larger")
    phone.goto(ACTIVATION, wait_until="load")
    expect(phone.locator(".stage-nav")).to_be_in_viewport(ratio=1)
    expect(phone.locator(".button--main")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("text", ["larger", "doubled"])
def test_a_folded_box_shows_that_it_opens_at_any_text_size(phone, text):
    enlarge(phone, text)
    for address in ("/vneid", "/"):
        phone.goto(address, wait_until="load")
        arrows = phone.locator("summary .icon--end").filter(visible=True)
        assert arrows.count() == phone.locator("summary:visible > .disclosure").count() > 0, address
        for arrow in arrows.all():
            assert arrow.bounding_box()["width"] >= 24, address
        expect(arrows.first).to_have_css("transform", "none")
        phone.locator("summary:visible:has(.icon--end)").first.tap()
        expect(arrows.first).not_to_have_css("transform", "none")  # what is open points up
        assert findings(phone)["sideways"] == []
