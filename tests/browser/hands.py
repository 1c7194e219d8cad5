"""The ways to work a page: a finger, a mouse, or the keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Locator

FURTHEST = 150  # presses of Tab until a control counts as out of reach


class Hands:
    """What all of them can do. ``press`` is the only difference between a finger and a mouse."""

    def press(self, control: Locator) -> None:
        raise NotImplementedError

    def pick(self, box: Locator) -> None:
        """A radio button or a checkbox: people hit the words beside it."""
        words = box.locator("xpath=ancestor::label[1]")
        self.press(words if words.count() else box)

    def write(self, field: Locator, text: str) -> None:
        self.press(field)
        field.page.keyboard.press("Control+A")
        field.page.keyboard.type(text)

    def choose(self, select: Locator, value: str) -> None:
        select.select_option(value)


class Finger(Hands):
    def press(self, control: Locator) -> None:
        control.tap()


class Mouse(Hands):
    def press(self, control: Locator) -> None:
        control.click()


class Keyboard(Hands):
    """Tab, Enter, the space bar and the arrows; the pointer is never touched."""

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
        """Press Tab until the control has the focus, which must then be seen."""
        self._reach(control, "(control) => document.activeElement === control")
        assert control.evaluate(FOCUS_IS_SEEN), f"focus does not show on {control}"

    def _pick_among(self, radio: Locator) -> None:
        self._reach(
            radio, "(radio) => document.activeElement.name === radio.name && document.activeElement.form === radio.form"
        )
        for _ in range(FURTHEST):
            if radio.is_checked():
                return
            radio.page.keyboard.press("Space" if radio.evaluate("(r) => document.activeElement === r") else "ArrowDown")
        raise AssertionError(f"the arrows do not reach {radio}")

    def _reach(self, control: Locator, there: str) -> None:
        control.wait_for(state="attached")
        for _ in range(FURTHEST):
            if control.evaluate(there):
                return
            control.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {control}")


# An outline or a ring somewhere on the focused thing, or on the label or box around it.
FOCUS_IS_SEEN = """(control) => {
  for (let each = control, depth = 0; each && depth < 3; each = each.parentElement, depth += 1) {
    const style = getComputedStyle(each)
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    if (outlined || style.boxShadow !== "none") return true
  }
  return false
}"""
