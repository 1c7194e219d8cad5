"""Who draws a practice at /soan/ve: a finger or keys, and where on the page they draw."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


class Hand:
    """A finger on the page, or the keys alone; counts taps and drags, or keys, besides the letters that are typed."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def tap(self, control: Locator) -> None:
        """Tap, by the click that it becomes: after a drag, Chromium at times drops a synthetic tap."""
        self.count += 1
        control.click()

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw with a finger from one place of the window to another."""
        self.count += 1
        touch = self.page.context.new_cdp_session(self.page)
        between = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        # It rests at the end: after a flick, Chromium would take the next tap for a stop of the fling.
        places = [start, start, between, *[end] * 4]
        for number, (x, y) in enumerate(places):
            kind = "touchMove" if number else "touchStart"
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def key(self, key: str, times: int = 1) -> None:
        self.count += times
        for _ in range(times):
            self.page.keyboard.press(key)

    def go_to(self, selector: str, key: str = "Tab") -> None:
        """Press Tab until a control has the focus."""
        for _ in range(80):
            if self.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
                return
            self.key(key)
        raise AssertionError(f"{selector} is not reached by {key}")

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)


def on_picture(page: Page, x: float, y: float) -> tuple[float, float]:
    """A place on the open picture, given in percent, in pixels of the window."""
    box = page.locator("[data-canvas] svg").bounding_box()
    assert box
    return box["x"] + box["width"] * x / 100, box["y"] + box["height"] * y / 100


def middle(control: Locator) -> tuple[float, float]:
    box = control.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
