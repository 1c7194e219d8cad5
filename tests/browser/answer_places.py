"""Fill in the places of an ordering or a matching, with a script and without one."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import Locator, expect

from tests.browser.input_devices import InputDevice, Mouse


def option_key(card: Locator, text: str) -> str:
    """The key of the option with this text."""
    key = card.locator("select").first.locator("option", has_text=text).get_attribute("value")
    assert key, text
    return key


def fill_places(card: Locator, keys: Sequence[str], device: InputDevice | None = None, *, script: bool = True) -> None:
    """Fill the free places in turn. An ordering is tapped in this order; a matching has a key for each left side."""
    device = device or Mouse()
    if not script:
        for place, key in enumerate(keys):
            device.choose(card.locator("select").nth(place), key)
        return
    wait_for_places(card)
    if card.locator("[data-card]").count():
        for key in keys:
            device.press(card.locator(f"[data-card='{key}']"))
        return
    for place, key in enumerate(keys):
        device.pick(card.locator("[data-row]").nth(place).locator(f"[data-letter][value='{key}']"))


def wait_for_places(card: Locator) -> None:
    """Come near the question, and wait for the script that this loads."""
    card.locator("answer-places").scroll_into_view_if_needed()
    expect(card.locator("answer-places:defined")).to_be_visible()


def fill_places_with(card: Locator, texts: Sequence[str], *, script: bool = True) -> None:
    fill_places(card, [option_key(card, text) for text in texts], script=script)
