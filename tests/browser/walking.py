"""Counting what a person does on the way through pages: taps, keys and pages to read."""

from __future__ import annotations

import unicodedata
from datetime import date

from playwright.sync_api import Locator, Page

from tests.browser.staff import tap_and_wait_for_page


class Walk:
    """A person on a page. A select takes two taps, a day three: the field, the day in the calendar, and its button."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = self.keys = self.pages = 0

    def open(self, address: str) -> None:
        """Open an address that was not on the page, such as that of a scanned code."""
        self.page.goto(address)
        self.pages += 1

    def tap(self, control: Locator) -> None:
        """Tap something that opens no page."""
        control.tap()
        self.taps += 1

    def follow(self, control: Locator) -> None:
        """Tap a link or button, and wait for the page that it opens."""
        tap_and_wait_for_page(control)
        self.taps += 1
        self.pages += 1

    def choose(self, select: Locator, value: str) -> None:
        select.select_option(value)
        self.taps += 2

    def pick_day(self, field: Locator, day: date) -> None:
        field.fill(day.isoformat())
        self.taps += 3

    def type(self, field: Locator, text: str) -> None:
        """Type a text; each mark on a letter is a key of its own."""
        field.fill(text)
        self.taps += 1
        self.keys += len(unicodedata.normalize("NFD", text))
