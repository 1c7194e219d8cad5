"""Input devices: a finger, a mouse, or the keyboard alone."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod

from playwright.sync_api import FloatRect, Locator, expect

SAME_SPOT = 100  # px
ACROSS = (0.5, 0.1, 0.9)  # where on a control a finger lands, as a fraction of its width
DOUBLE_TAP = 0.5  # seconds; the limit of Chromium
MAX_TABS = 150  # presses of Tab before a control counts as unreachable


class InputDevice(ABC):
    """The common interface. A finger and a mouse differ only in ``press``."""

    @abstractmethod
    def press(self, control: Locator) -> None:
        """Tap or click a control."""

    def pick(self, box: Locator) -> None:
        """Select a radio button or checkbox by its label, as people do."""
        words = box.locator("xpath=ancestor::label[1]")
        self.press(words if words.count() else box)

    def write(self, field: Locator, text: str) -> None:
        self.press(field)
        expect(field).to_be_focused()  # a tap is recognized with a delay
        field.page.keyboard.press("Control+A")
        field.page.keyboard.type(text)

    def choose(self, select: Locator, value: str) -> None:
        select.select_option(value)


class Finger(InputDevice):
    """Taps a touch screen.

    The site ignores the second tap of a double tap, so a quick next tap goes to another spot of the control, or waits.
    """

    def __init__(self) -> None:
        self.last_tap = (-1.0, -1000.0, -1000.0)  # when, x, y

    def press(self, control: Locator) -> None:
        control.scroll_into_view_if_needed()
        box = control.bounding_box()
        if box is None:
            control.tap()
            return
        spots = [self._spot(box, part) for part in ACROSS]
        x, y = next((spot for spot in spots if not self._is_double(*spot)), spots[0])
        if self._is_double(x, y):
            control.page.wait_for_timeout(max(0.0, 1000 * (self.last_tap[0] + DOUBLE_TAP - time.monotonic())))
        control.tap(position={"x": x - box["x"], "y": y - box["y"]})
        self.last_tap = (time.monotonic(), x, y)

    def _spot(self, box: FloatRect, part: float) -> tuple[float, float]:
        return box["x"] + box["width"] * part, box["y"] + box["height"] / 2

    def _is_double(self, x: float, y: float) -> bool:
        when, last_x, last_y = self.last_tap
        near = abs(x - last_x) < SAME_SPOT and abs(y - last_y) < SAME_SPOT
        return near and time.monotonic() < when + DOUBLE_TAP


class Mouse(InputDevice):
    def press(self, control: Locator) -> None:
        control.click()


class Keyboard(InputDevice):
    """Uses Tab, Enter, Space and the arrow keys only."""

    def press(self, control: Locator) -> None:
        self.reach(control)
        control.page.keyboard.press("Enter")

    def pick(self, box: Locator) -> None:
        if box.get_attribute("type") == "radio":
            self._pick_among(box)
        else:
            self.reach(box)
            box.page.keyboard.press("Space")

    def write(self, field: Locator, text: str) -> None:
        self.reach(field)
        field.page.keyboard.press("Control+A")
        field.page.keyboard.type(text)

    def choose(self, select: Locator, value: str) -> None:
        self.reach(select)
        select.page.keyboard.press("Home")
        for _ in range(select.locator("option").count()):
            if select.input_value() == value:
                return
            select.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no choice {value!r}")

    def reach(self, control: Locator) -> None:
        """Press Tab until the control has the focus, which must be visible."""
        self._reach(control, "(control) => document.activeElement === control")
        assert control.evaluate(IS_FOCUS_VISIBLE), f"the focus is not visible on {control}"

    def _pick_among(self, radio: Locator) -> None:
        self._reach(
            radio, "(radio) => document.activeElement.name === radio.name && document.activeElement.form === radio.form"
        )
        for _ in range(MAX_TABS):
            if radio.is_checked():
                return
            radio.page.keyboard.press("Space" if radio.evaluate("(r) => document.activeElement === r") else "ArrowDown")
        raise AssertionError(f"the arrows do not reach {radio}")

    def _reach(self, control: Locator, there: str) -> None:
        control.wait_for(state="attached")
        for _ in range(MAX_TABS):
            if control.evaluate(there):
                return
            control.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {control}")


# Whether the focused element, or one of the two around it, has an outline or a box shadow.
IS_FOCUS_VISIBLE = """(control) => {
  for (let each = control, depth = 0; each && depth < 3; each = each.parentElement, depth += 1) {
    const style = getComputedStyle(each)
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    if (outlined || style.boxShadow !== "none") return true
  }
  return false
}"""
