"""Rows, cards and the other drawn things of a phone: contrast, sizes, large text, and one height."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.every_screen_page import show_screen
from tests.browser.inspection import AXE, Inspector
from tests.browser.site_process import Site, serve_site
from tests.web.drawn_phone import PRACTICE, write_drawn_phone

# Text with less contrast than 7:1.
TOO_PALE = """async () => (await axe.run(document, { runOnly: { type: "rule", values: ["color-contrast-enhanced"] } }))
  .violations.flatMap(({ nodes }) => nodes.map((node) => `${node.target}: ${node.any[0].message}`))"""
# The distance of the phone's keys from its upper edge, on screens that are not longer than the phone.
KEYS = """() => {
  const [phone, keys] = [".phone", ".phone__keys"].map((one) => document.querySelector(one).getBoundingClientRect())
  return Math.round(keys.top - phone.top)
}"""

SCREENS = "() => Array.from(document.querySelectorAll('[data-template]'), (one) => one.dataset.template)"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("drawn-phone")
    with serve_site(folder, courses=write_drawn_phone(folder / "courses")) as running:
        yield running


@pytest.mark.parametrize("device", ["android", "iphone"])
def test_every_screen_is_readable_and_easy_to_touch(phone, device):
    inspector = Inspector(phone)
    phone.goto(f"{PRACTICE}?may={device}")
    phone.locator("button[value=lam-theo]").click()
    expect(phone.locator("form.phone[data-screen=may-dang-khoa]:not(:has(input[name=q]))")).to_be_visible()
    phone.wait_for_load_state("load")
    phone.evaluate(AXE)
    keys = set()
    for screen in phone.evaluate(SCREENS):
        show_screen(phone, screen)
        if screen in ("may-dang-khoa", "tin-cua-con", "trang-ung-dung", "trang-la", "nguoi-la-goi"):
            keys.add(phone.evaluate(KEYS))
        inspector.add_faults(screen, phone.evaluate(TOO_PALE))
        inspector.inspect_on_phones(screen)
    assert inspector.found == {}
    assert len(keys) == 1, "the keys of the phone stay where they are"
