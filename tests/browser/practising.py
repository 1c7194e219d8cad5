"""Working a simulated phone, with and without a script."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Locator, Page, expect

from lms.content.model import Practice, Widget
from lms.content.practice.placeholders import fill
from tests.browser.hands import Hands
from tests.browser.lessons import Step, drawn_key, expected_way

RULES = {"mat-khau-manh": "Tap@Doc2026", "6-so": "730164", "co-chu": "tập"}  # what a person types where a rule decides


class Practising:
    """One attempt at one practice, as it stands on ``page``."""

    def __init__(self, page: Page, hands: Hands, practice: Practice, *, script: bool) -> None:
        self.page, self.hands, self.practice, self.script = page, hands, practice, script

    @property
    def phone(self) -> Locator:
        """As it can be worked: with a script its own drawing, for it replaces the form that the server sent."""
        return self.page.locator("form.phone:not(:has(input[name=q]))" if self.script else "form.phone")

    @property
    def screen(self) -> str:
        return self.phone.get_attribute("data-screen")

    def is_on(self, screen: str) -> None:
        """With a script one that only waits may have gone on by itself before anybody looked."""
        good = [screen]
        while self.script and (onward := waited_for(self.practice, good[-1])):
            good.append(onward)
        self.is_on_one_of(*good)

    def goes_the_expected_way(self, *, until: str | None = None, start: str | None = None) -> None:
        """From the present screen, or the screen ``start``, to the end or to the screen ``until``."""
        steps = expected_way(self.practice)
        begun = next(index for index, step in enumerate(steps) if step.screen == (start or self.screen))
        for step in steps[begun:]:
            if step.screen == until:
                break
            self.does(step)
        self.is_on(until or self.practice.goal)

    def steps_of(self, screen: str) -> list[Step]:
        return [step for step in expected_way(self.practice) if step.screen == screen]

    def is_on_one_of(self, *screens: str) -> None:
        expect(self.phone).to_have_attribute("data-screen", re.compile(f"^({'|'.join(screens)})$"))

    def does(self, step: Step) -> None:
        self.is_on(step.screen)
        if step.action in ("tap", "hold"):
            self.taps(step.widget)
        elif step.action == "wait":
            self.waits(step.widget)
        elif step.action == "type":
            self.fills(step.widget, self.value_of(step))
        elif step.action == "choose":
            self.hands.choose(self.page.locator(f"select[data-widget='{step.widget}']"), step.value)
        elif step.action == "switch":
            self.flips(step.widget, step.value)
        else:
            raise AssertionError(f"an action this test does not know: {step}")

    def taps(self, widget: int) -> None:
        self.hands.press(self.page.locator(f".phone button[data-widget='{widget}'][name=tap]"))

    def taps_on_words(self, words: str) -> None:
        self.hands.press(self.page.locator(".phone").get_by_role("button", name=words, exact=True))

    def waits(self, widget: int) -> None:
        """With a script the screen moves on by itself; without one a button does."""
        if not self.script:
            self.hands.press(self.page.locator(f".phone button[name=wait][value='{widget}']"))

    def fills(self, widget: int, value: str) -> None:
        if self.script:
            self.hands.write(self.page.locator(f"input[data-widget='{widget}']"), value)
        else:
            self.hands.pick(self.page.locator(f"input[name=f{widget}][value={json.dumps(value, ensure_ascii=False)}]"))

    def flips(self, widget: int, value: str) -> None:
        box = self.page.locator(f"input[role=switch][data-widget='{widget}']")
        if box.is_checked() != (value == "bật"):
            self.hands.pick(box)

    def fills_everything(self) -> None:
        """Each field of the present screen as the practice wants it, whether or not it lies on the expected way."""
        screen = self.practice.screen(self.screen)
        for number, widget in enumerate(screen.widgets):
            if widget.role in ("number", "text", "password"):
                self.fills(number, self.wanted(screen.id, number, widget))
            elif widget.role == "select":
                self.hands.choose(self.page.locator(f"select[data-widget='{number}']"), widget.values[0])
            elif widget.role == "switch":
                self.flips(number, widget.values[0])

    def wanted(self, screen: str, number: int, widget: Widget) -> str:
        value = "~ok" if widget.rule else fill(widget.values[0], dict(self.practice.data))
        return self.value_of(Step(screen, number, widget.label, "type", value))

    def asks_for_help(self, rung: str) -> None:
        """``rung``: hint, point or do; it is the one that the help button offers now."""
        self.hands.press(self.page.locator(f"[data-help={rung}]:visible"))

    def value_of(self, step: Step) -> str:
        key = drawn_key(self.practice, step)
        if key:
            return self.code_in_message(key)
        if step.value == "~ok" and self.script:
            return RULES[self.practice.screen(step.screen).widgets[step.widget].rule]
        return step.value

    def code_in_message(self, key: str) -> str:
        """Read the code off the message that carries ``{{key}}``, as a person does, once it has come."""
        place, text = self._message_with(key)
        before = plain_start(text, key)
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
        drawer = self.page.locator(".drawer")
        if not drawer.evaluate("(drawer) => drawer.open"):
            self.hands.press(drawer.locator("summary"))
        expect(drawer).to_have_attribute("open", "")  # what is folded has no words to be read
        return drawer.locator(f"[data-from='{screen}']").first


def waited_for(practice: Practice, screen: str) -> str | None:
    """Where a screen leads by itself, None when it does not."""
    return next((widget.target for widget in practice.screen(screen).widgets if widget.role == "wait"), None)


def plain_start(body: str, key: str) -> str:
    """The words right before the code."""
    before = re.split(r"\{\{\s*" + re.escape(key) + r"\s*\}\}", body)[0]
    return " ".join(before.split())[-12:].strip()
