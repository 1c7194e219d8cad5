"""A phone without a script, and hands that go through the practice that has everything."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from lms.content.practice import paths
from tests.web.every_screen import LESSON, every_screen

LAM_ADDRESS = f"{LESSON}/lam"


class PlainPhone:
    """A phone without a script: it sees what is not in a template, and sends forms as they stand."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = FlaskClient(app, app.response_class, use_cookies=True)
        self.address = ""
        self.page: html.HtmlElement | None = None

    def opens(self, address: str) -> int:
        response = self.client.get(address, follow_redirects=True)
        self.address = response.request.path
        self.page = html.fromstring(response.text)
        for template in self.page.xpath("//template"):
            template.getparent().remove(template)
        return response.status_code

    def starts(self, mode: str = "tu-lam") -> None:
        response = self.client.post(LAM_ADDRESS, data={"mode": mode})
        assert response.status_code == 303
        assert self.opens(response.location) == 200

    def sends(self, form: dict[str, str]) -> int:
        response = self.client.post(self.address, data=form)
        if response.status_code == 303:
            self.opens(response.location)
        return response.status_code

    @property
    def form(self) -> dict[str, str]:
        """What the browser would send of the phone's form, but for the button that is pressed."""
        (form,) = self.page.xpath("//form[@id='man-hinh']")
        fields = {field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")}
        fields |= {field.get("name"): field.get("value") for field in form.xpath(".//input[@checked]")}
        fields |= {option.getparent().get("name"): option.get("value") for option in form.xpath(".//option[@selected]")}
        return fields

    def taps(self, words: str, **fields: str) -> None:
        buttons = self.page.xpath("//form[@id='man-hinh']//button[not(@aria-hidden)]")
        named = [b for b in buttons if words in (b.get("aria-label") or " ".join(b.text_content().split()))]
        (button,) = named
        assert self.sends({**self.form, **fields, button.get("name"): button.get("value")}) == 303

    def presses(self, words: str) -> None:
        """Send the form of a button outside the phone, as ``words`` stand on it."""
        (button,) = self.page.xpath(f"//main//form//button[normalize-space()='{words}']")
        (form,) = button.xpath("ancestor::form")
        fields = {field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")}
        response = self.client.post(
            form.get("action") or self.address, data={**fields, button.get("name"): button.get("value")}
        )
        assert response.status_code == 303
        self.opens(response.location)

    def fills_and_goes_on(self) -> None:
        """Pick what the present screen wants, and take its right way."""
        right = next(place for place, one in enumerate(every_screen().screen(self.screen).widgets) if one.arrow == "=>")
        self.sends({**self.form, **self._right_fields(), "tap": str(right)})

    def asks_for_help(self) -> str:
        """Press the help button; the words that stood on it."""
        (button,) = self.page.xpath("//button[@name='help'][not(@hidden)]")
        assert self.sends({**self.form, "help": button.get("value")}) == 303
        return button.text_content().strip()

    def goes_the_expected_way(self, until: str | None = None) -> None:
        """Pick on each screen what the practice wants, out of what the page offers."""
        for step in paths.walk(every_screen(), 1):
            if step.screen == until:
                return
            if step.screen == self.screen and step.action in ("tap", "wait"):
                self.sends({**self.form, **self._right_fields(), step.action: str(step.widget)})

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
    def words(self) -> str:
        return " ".join(self.page.text_content().split())

    def notes(self) -> list[str]:
        return [" ".join(note.text_content().split()) for note in self.page.xpath("//div[@data-said]")]


def main_words(phone: PlainPhone) -> str:
    (main,) = phone.page.xpath("//*[contains(@class, 'button--main')]")
    return " ".join(main.text_content().split())
