"""A phone without JavaScript that can complete the sample practice."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from lms.content.practice import action_paths
from lms.content.practice.compiling import generate_random_data
from tests.web.every_screen import LESSON, every_screen
from tests.web.page_texts import main_button, text_of

PRACTICE_URL = f"{LESSON}/lam"


class NoJsPhone:
    """A browser without a script: it ignores templates and sends forms as they are."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = FlaskClient(app, app.response_class, use_cookies=True)
        self.address = ""
        self.page: html.HtmlElement | None = None

    def open(self, address: str) -> int:
        response = self.client.get(address, follow_redirects=True)
        self.address = response.request.path
        self.page = html.fromstring(response.text)
        for template in self.page.xpath("//template"):
            template.getparent().remove(template)
        return response.status_code

    def start(self, mode: str = "tu-lam") -> None:
        response = self.client.post(PRACTICE_URL, data={"mode": mode})
        assert response.status_code == 303
        assert self.open(response.location) == 200

    def send(self, form: dict[str, str]) -> int:
        response = self.client.post(self.address, data=form)
        if response.status_code == 303:
            self.open(response.location)
        return response.status_code

    @property
    def form(self) -> dict[str, str]:
        """The fields that the phone's form sends, without the pressed button."""
        (form,) = self.page.xpath("//form[@id='man-hinh']")
        fields = {field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")}
        fields |= {field.get("name"): field.get("value") for field in form.xpath(".//input[@checked]")}
        fields |= {option.getparent().get("name"): option.get("value") for option in form.xpath(".//option[@selected]")}
        return fields

    def tap(self, words: str, **fields: str) -> None:
        buttons = self.page.xpath("//form[@id='man-hinh']//button[not(@aria-hidden)]")
        named = [b for b in buttons if words in (b.get("aria-label") or text_of(b))]
        (button,) = named
        assert self.send({**self.form, **fields, button.get("name"): button.get("value")}) == 303

    def press(self, words: str) -> None:
        """Send the form of the button with this text, outside the phone."""
        (button,) = self.page.xpath(f"//main//form//button[normalize-space()='{words}']")
        (form,) = button.xpath("ancestor::form")
        fields = {field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")}
        response = self.client.post(
            form.get("action") or self.address, data={**fields, button.get("name"): button.get("value")}
        )
        assert response.status_code == 303
        self.open(response.location)

    def fill_and_continue(self) -> None:
        """Fill in the current screen correctly and take its expected way."""
        right = next(place for place, one in enumerate(every_screen().screen(self.screen).widgets) if one.arrow == "=>")
        self.send({**self.form, **self._right_fields(), "tap": str(right)})

    def press_help(self) -> str:
        """Press the help button; its label."""
        (button,) = self.page.xpath("//button[@name='help'][not(@hidden)]")
        assert self.send({**self.form, "help": button.get("value")}) == 303
        return button.text_content().strip()

    def follow_expected_path(self, until: str | None = None) -> None:
        """Follow the expected path with choices that the page offers."""
        for step in action_paths.expected_path(every_screen(), generate_random_data(every_screen(), 1)):
            if step.screen == until:
                return
            if step.screen == self.screen and step.action in ("tap", "wait"):
                self.send({**self.form, **self._right_fields(), step.action: str(step.widget)})

    def _right_fields(self) -> dict[str, str]:
        picked = {}
        for group in self.page.xpath("//fieldset[@data-widget]"):
            right = [value for value in group.xpath(".//input/@value") if not value.startswith("?")]
            assert len(right) == 1, "one right choice among near misses"
            picked[f"f{group.get('data-widget')}"] = right[0]
        for select in self.page.xpath("//select"):
            picked[select.get("name")] = select.xpath("./option/@value")[1]
        for switch in self.page.xpath("//input[@role='switch']"):
            picked[switch.get("name")] = switch.get("value")
        return picked

    @property
    def screen(self) -> str:
        return self.page.xpath("//form[@id='man-hinh']/@data-screen")[0]

    @property
    def text(self) -> str:
        return text_of(self.page)

    def feedback_texts(self) -> list[str]:
        return [text_of(note) for note in self.page.xpath("//div[@data-feedback]")]

    def main_button_text(self) -> str:
        return text_of(main_button(self.page))
