"""A citizen with a phone: what she does, in her own words. She looks for the one main button and goes on."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from lms.content.model import Lesson, Mode, Question
from tests.browser.hands import Finger, Hands
from tests.browser.lessons import address_of, plain, right_picks, wrong_pick
from tests.browser.practising import Practising

SAID = ":is([data-said], .picked__said)"  # to an answer, in the card of its question


class Citizen:
    """``script`` says whether her browser runs scripts, which changes what a page does, never what it gives."""

    def __init__(self, page: Page, *, script: bool = True, hands: Hands | None = None) -> None:
        self.page, self.script, self.hands = page, script, hands or Finger()

    # --- going on ---

    def opens(self, address: str) -> None:
        self.page.goto(address)

    def goes_on(self) -> None:
        """Press the one main button; it leads to another page."""
        before = self.page.url
        button = self.page.locator(".button--main:visible")
        expect(button).to_have_count(1)
        self.hands.press(button)
        self.page.wait_for_url(lambda url: url != before)

    def comes_to(self, sign: str, **more: object) -> None:
        """Waits for a page by what stands on it, and not on the one before; it is there as a whole then. Until it is,
        nothing has its place, and what needs a script does something else."""
        expect(self.page.locator(sign, **more).first).to_be_visible()
        self.page.wait_for_load_state("load")

    def is_at(self, address: str | re.Pattern[str]) -> None:
        expect(self.page).to_have_url(
            re.compile(re.escape(address) + r"([#?].*)?$") if isinstance(address, str) else address
        )
        self.page.wait_for_load_state("load")

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    # --- hiểu ---

    def answers_everything(self, lesson: Lesson, *, wrong_first: Question | None = None) -> None:
        """All questions of the page, rightly; ``wrong_first`` gets a wrong answer before."""
        if wrong_first:
            self.answers_wrongly(wrong_first)
        for question in lesson.understand.questions:
            if not self.has_answered(question):
                self.answers_rightly(question)
        self.comes_to("#xong .seal")

    def answers_wrongly(self, question: Question) -> None:
        self._pick(question, [wrong_pick(question)])
        self._submit(question)
        said = next(option.why for option in question.options if option.key == wrong_pick(question))
        card = self.card(question)
        expect(card.locator(f"{SAID}:not([data-before])").first).to_be_visible()
        self.page.wait_for_load_state("load")
        if said:
            expect(card).to_contain_text(plain(said))
        expect(card.locator(f"input[value='{wrong_pick(question)}']")).to_be_checked()
        expect(card).not_to_contain_text(re.compile(r"\bsai\b|!", re.IGNORECASE))

    def answers_rightly(self, question: Question) -> None:
        if question.kind == "choice":
            self._pick(question, right_picks(question))
        elif question.kind == "poll":
            self._pick(question, [question.options[0].key])
        elif question.kind == "typed":
            self.hands.write(self.card(question).locator("[name=answer]"), question.answers[0])
        else:
            self._place(question)
        self._submit(question)
        expect(self.answered(question)).to_be_visible()
        self.page.wait_for_load_state("load")  # the answer that earns the mark brings the page anew

    def has_answered(self, question: Question) -> bool:
        return self.answered(question).is_visible()

    def answered(self, question: Question) -> Locator:
        return self.card(question).locator(".note.right, .note.tip, .picked.right").first

    def card(self, question: Question) -> Locator:
        return self.page.locator(f"[data-question][id='{question.id}']")

    def _pick(self, question: Question, keys: list[str]) -> None:
        for key in keys:
            self.hands.pick(self.card(question).locator(f"input[value='{key}']"))

    def _place(self, question: Question) -> None:
        """An order, or the other half of each pair: one list to choose from at each place."""
        places = self.card(question).locator(".place")
        for number in range(places.count()):
            place = places.nth(number)
            if question.kind == "ordering":
                key = question.items[number].key
            else:
                words = " ".join(place.locator(".place__name").inner_text().split())
                key = next(pair.right.key for pair in question.pairs if plain(pair.left.text) == words)
            self.hands.choose(place.locator("select"), key)

    def _submit(self, question: Question) -> None:
        """What was said before is marked: the same words may be said again, and then they are new ones."""
        self.card(question).locator(SAID).evaluate_all("(said) => said.forEach((one) => { one.dataset.before = '1' })")
        self.hands.press(self.card(question).locator("form > .button"))

    # --- làm ---

    def starts_to_practise(self, lesson: Lesson, mode: Mode) -> Practising:
        """On the introduction, or at the end of an attempt: begin a fresh one."""
        self.hands.press(self.page.locator(f"button[name=mode][value={mode}]"))
        self.page.wait_for_url(re.compile(r"/toi/luot/[0-9a-f]{32}$"))
        return Practising(self.page, self.hands, lesson.practice, script=self.script)

    def looks_at_the_result(self) -> None:
        self.goes_on()
        self.page.wait_for_url(re.compile(r"/ket-qua$"))

    # --- dùng ---

    def ticks_everything(self) -> None:
        boxes = self.page.locator("input[name=task]")
        for number in range(boxes.count()):
            if not boxes.nth(number).is_checked():
                self.hands.pick(boxes.nth(number))
        self.hands.press(self.page.locator(".button--main:visible"))
        self.comes_to("#xong .seal")

    # --- huy hiệu ---

    def claims_the_badge(self, name: str = "") -> str:
        """On the page that asks for a name; the address of the badge."""
        if name:
            self.hands.write(self.page.locator("#ten"), name)
        self.hands.press(self.page.locator(".button--main:visible"))
        self.page.wait_for_url(re.compile(r"/huy-hieu/"))
        return self.page.url

    # --- trang của tôi ---

    def marks(self, lesson: Lesson) -> list[str]:
        """The marks of a lesson that "Trang của tôi" shows as held."""
        self.opens("/toi")
        row = self.page.locator("li", has=self.page.locator(f"a[href='{address_of(lesson)}']"))
        shown = [" ".join(mark.split()) for mark in row.locator(".mark").all_text_contents()]
        return [mark.partition(",")[0] for mark in shown if mark.endswith(", có dấu")]

    def learning_code(self) -> str:
        self.opens("/toi")
        return "".join(self.page.locator(".code .code__part").all_text_contents())

    def enters_code(self, code: str) -> None:
        self.opens("/toi")
        self.hands.write(self.page.locator("#ma"), code)
        self.hands.press(self.page.locator("form[action='/toi/vao'] button"))
        self.page.wait_for_url(re.compile(r"/$"))

    def enters_code_in_vain(self, code: str) -> None:
        self.opens("/toi")
        self.hands.write(self.page.locator("#ma"), code)
        self.hands.press(self.page.locator("form[action='/toi/vao'] button"))
        self.comes_to("[role=alert]", has_text=code)
