"""Actions on a practice page, with and without scripts."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Locator, Page, expect

from lms.content.model import TAP_ACTIONS, Practice, Widget
from lms.content.practice.placeholders import fill_placeholders
from tests.browser.input_devices import InputDevice
from tests.browser.lessons import Step, drawn_key, expected_path

VALUES_FOR_RULES = {
    "mat-khau-manh": "Tap@Doc2026",
    "6-so": "730164",
    "co-chu": "tập",
}  # valid values by rule


class PracticePage:
    """One attempt at a practice in the browser."""

    def __init__(self, page: Page, device: InputDevice, practice: Practice, *, script: bool) -> None:
        self.page, self.device, self.practice, self.script = page, device, practice, script

    @property
    def phone(self) -> Locator:
        """The simulated phone. With scripts, wait for their own rendering, which replaces the server's form."""
        return self.page.locator("form.phone:not(:has(input[name=q]))" if self.script else "form.phone")

    @property
    def screen(self) -> str:
        return self.phone.get_attribute("data-screen")

    def expect_screen(self, screen: str) -> None:
        """Wait until the phone shows this screen, or one that it moves on to automatically with scripts."""
        screens = [screen]
        while self.script and (onward := next_after_wait(self.practice, screens[-1])):
            screens.append(onward)
        self.expect_one_of(*screens)

    def follow_expected_path(self, *, until: str | None = None, start: str | None = None) -> None:
        """Follow the expected path from ``start`` (default: the present screen) to ``until`` (default: the goal)."""
        steps = expected_path(self.practice)
        begun = next(index for index, step in enumerate(steps) if step.screen == (start or self.screen))
        for step in steps[begun:]:
            if step.screen == until:
                break
            self.perform(step)
        self.expect_screen(until or self.practice.goal)

    def steps_on(self, screen: str) -> list[Step]:
        return [step for step in expected_path(self.practice) if step.screen == screen]

    def expect_one_of(self, *screens: str) -> None:
        expect(self.phone).to_have_attribute("data-screen", re.compile(f"^({'|'.join(screens)})$"))

    def perform(self, step: Step) -> None:
        self.expect_screen(step.screen)
        if step.action in TAP_ACTIONS:
            self.tap(step.widget)
        elif step.action == "wait":
            self.wait_on(step.widget)
        elif step.action == "type":
            self.fill(step.widget, self.value_of(step))
        elif step.action == "choose":
            self.device.choose(self.page.locator(f"select[data-widget='{step.widget}']"), step.value)
        elif step.action == "switch":
            self.set_switch(step.widget, step.value)
        else:
            raise AssertionError(f"an action this test does not know: {step}")

    def tap(self, widget: int) -> None:
        self.device.press(self.page.locator(f".phone button[data-widget='{widget}'][name=tap]"))

    def tap_words(self, words: str) -> None:
        self.device.press(self.page.locator(".phone").get_by_role("button", name=words, exact=True))

    def wait_on(self, widget: int) -> None:
        """Wait for a screen that moves on automatically; without scripts, press its button."""
        if not self.script:
            self.device.press(self.page.locator(f".phone button[name=wait][value='{widget}']"))

    def fill(self, widget: int, value: str) -> None:
        if self.script:
            self.device.write(self.page.locator(f"input[data-widget='{widget}']"), value)
        else:
            self.device.pick(self.page.locator(f"input[name=f{widget}][value={json.dumps(value, ensure_ascii=False)}]"))

    def set_switch(self, widget: int, value: str) -> None:
        box = self.page.locator(f"input[role=switch][data-widget='{widget}']")
        if box.is_checked() != (value == "bật"):
            self.device.pick(box)

    def fill_all(self) -> None:
        """Fill in all fields of the present screen correctly, whether or not it is on the expected path."""
        screen = self.practice.screen(self.screen)
        for number, widget in enumerate(screen.widgets):
            if widget.role in ("number", "text", "password"):
                self.fill(number, self.wanted_value(screen.id, number, widget))
            elif widget.role == "select":
                self.device.choose(self.page.locator(f"select[data-widget='{number}']"), widget.values[0])
            elif widget.role == "switch":
                self.set_switch(number, widget.values[0])

    def wanted_value(self, screen: str, number: int, widget: Widget) -> str:
        value = "~ok" if widget.rule else fill_placeholders(widget.values[0], dict(self.practice.data))
        return self.value_of(Step(screen, number, widget.label, "type", value))

    def ask_for_hint(self, level: str) -> None:
        """Press the help button, which must offer this ``level``: hint, point or do."""
        self.device.press(self.page.locator(f"[data-help={level}]:visible"))

    def value_of(self, step: Step) -> str:
        key = drawn_key(self.practice, step)
        if key:
            return self.code_in_message(key)
        if step.value == "~ok" and self.script:
            return VALUES_FOR_RULES[self.practice.screen(step.screen).widgets[step.widget].rule]
        return step.value

    def code_in_message(self, key: str) -> str:
        """Read the code from the message that contains ``{{key}}``, once it has arrived."""
        place, text = self._message_with(key)
        before = text_before_code(text, key)
        shown = self._message(place)
        expect(shown).to_contain_text(re.compile(re.escape(before) + r"\s*\d"))
        after = " ".join(shown.inner_text().split()).partition(before)[2]
        return re.sub(r"\D", "", re.match(r"[\d\s]+", after.lstrip())[0])

    def _message_with(self, key: str) -> tuple[tuple[str, int], str]:
        for screen in self.practice.screens:
            for number, widget in enumerate(screen.widgets):
                if widget.role == "sms" and re.search(r"\{\{\s*" + re.escape(key) + r"\s*\}\}", widget.body or ""):
                    return (screen.id, number), widget.body
        raise AssertionError(f"no message carries {key}")

    def _message(self, place: tuple[str, int]) -> Locator:
        screen, number = place
        here = self.page.locator(f".sms[data-message='{number}'] .sms__text")
        if screen == self.screen:
            expect(here).to_be_visible()
            return here
        drawer = self.page.locator(".sms-drawer")
        if not drawer.evaluate("(drawer) => drawer.open"):
            self.device.press(drawer.locator("summary"))
        expect(drawer).to_have_attribute("open", "")  # collapsed text cannot be read
        return drawer.locator(f"[data-from='{screen}']").first


def next_after_wait(practice: Practice, screen: str) -> str | None:
    """Return the screen that a waiting screen moves on to, or None."""
    return next((widget.target for widget in practice.screen(screen).widgets if widget.role == "wait"), None)


def text_before_code(body: str, key: str) -> str:
    """Return the text right before the code."""
    before = re.split(r"\{\{\s*" + re.escape(key) + r"\s*\}\}", body)[0]
    return " ".join(before.split())[-12:].strip()
