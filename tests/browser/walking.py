"""Counting what a person does on the way through pages: taps, keys and pages to read, and the minutes of that."""

from __future__ import annotations

import unicodedata
from datetime import date

from playwright.sync_api import Locator, Page

# Seconds of the keystroke-level model (Card, Moran, Newell), with the key of somebody who types slowly.
KEY, POINT, PRESS, HAND_TO_POINTER, DECIDE = 0.5, 1.1, 0.2, 0.4, 1.35
READ_PAGE = 10.0  # besides that model: to find on a new page what is looked for


class Walk:
    """A person on a page. A select takes two taps, a day three: the field, the day in the calendar, and its button.

    ``touch``: whether a finger taps; else a mouse clicks.
    """

    def __init__(self, page: Page, *, touch: bool = True) -> None:
        self.page, self.touch = page, touch
        self.taps = self.keys = self.pages = 0

    @property
    def minutes(self) -> float:
        """What the way takes at least: without errors, without pauses to think about what to write."""
        taps = self.taps * (DECIDE + HAND_TO_POINTER + POINT + PRESS)
        return (taps + self.keys * KEY + self.pages * READ_PAGE) / 60

    def open(self, address: str) -> None:
        """Open an address that was not on the page, such as that of a scanned code."""
        self.page.goto(address)
        self.pages += 1

    def tap(self, control: Locator) -> None:
        """Tap something that opens no page."""
        if self.touch:
            control.tap()
        else:
            control.click()
        self.taps += 1

    def follow(self, control: Locator) -> None:
        """Tap a link or button, and wait for the page that it opens."""
        with self.page.expect_navigation():
            self.tap(control)
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
        self.keys += keys_of(text)


def keys_of(text: str) -> int:
    """How many keys a text takes; each mark on a letter is one of its own."""
    return len(unicodedata.normalize("NFD", text))
