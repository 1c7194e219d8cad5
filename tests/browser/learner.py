"""A learner's actions in the browser, on the pages of a lesson and "Trang của tôi"."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from lms.content.model import Lesson, Mode, Question
from tests.browser.answer_places import fill_places
from tests.browser.input_devices import Finger, InputDevice
from tests.browser.lessons import lesson_path, plain_text, right_options, wrong_option
from tests.browser.practice_page import PracticePage

FEEDBACK = ":is([data-feedback], .question__option-feedback)"  # feedback to an answer, within its question card


class Learner:
    """``script``: whether the browser of ``page`` runs scripts."""

    def __init__(self, page: Page, *, script: bool = True, device: InputDevice | None = None) -> None:
        self.page, self.script, self.device = page, script, device or Finger()

    # --- navigation ---

    def open(self, address: str) -> None:
        self.page.goto(address)

    def press_main_button(self) -> None:
        """Press the main button, of which there is exactly one, and wait for another page."""
        before = self.page.url
        button = self.page.locator(".button--main:visible")
        expect(button).to_have_count(1)
        self.device.press(button)
        self.page.wait_for_url(lambda url: url != before)

    def wait_for(self, sign: str, **more: object) -> None:
        """Wait until a page is loaded, recognized by a selector that does not match on the previous page.

        Before that, elements still move and scripts do not run yet.
        """
        expect(self.page.locator(sign, **more).first).to_be_visible()
        self.page.wait_for_load_state("load")

    def expect_path(self, address: str | re.Pattern[str]) -> None:
        expect(self.page).to_have_url(
            re.compile(re.escape(address) + r"([#?].*)?$") if isinstance(address, str) else address
        )
        self.page.wait_for_load_state("load")

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    # --- hiểu ---

    def answer_all(self, lesson: Lesson, *, wrong_first: Question | None = None) -> None:
        """Answer all questions of the page correctly; ``wrong_first`` gets a wrong answer before."""
        if wrong_first:
            self.answer_wrongly(wrong_first)
        for question in lesson.understand.questions:
            if not self.is_answered(question):
                self.answer_correctly(question)
        self.wait_for("#xong .stage-mark")

    def answer_wrongly(self, question: Question) -> None:
        self._pick(question, [wrong_option(question)])
        self._submit(question)
        feedback = next(option.feedback for option in question.options if option.key == wrong_option(question))
        card = self.question_card(question)
        expect(card.locator(f"{FEEDBACK}:not([data-before])").first).to_be_visible()
        self.page.wait_for_load_state("load")
        if feedback:
            expect(card).to_contain_text(plain_text(feedback))
        expect(card.locator(f"input[value='{wrong_option(question)}']")).to_be_checked()
        expect(card).not_to_contain_text(re.compile(r"\bsai\b|!", re.IGNORECASE))

    def answer_correctly(self, question: Question) -> None:
        self.send_right_answer(question)
        expect(self.correct_feedback(question)).to_be_visible()
        self.page.wait_for_load_state("load")  # the answer that earns the mark reloads the page

    def send_right_answer(self, question: Question) -> None:
        if question.kind == "choice":
            self._pick(question, right_options(question))
        elif question.kind == "poll":
            self._pick(question, [question.options[0].key])
        elif question.kind == "typed":
            self.device.write(self.question_card(question).locator("[name=answer]"), question.answers[0])
        else:
            self._place(question)
        self._submit(question)

    def is_answered(self, question: Question) -> bool:
        return self.correct_feedback(question).is_visible()

    def correct_feedback(self, question: Question) -> Locator:
        return (
            self.question_card(question)
            .locator(".note.tone-right, .note.tone-tip, .question__option--picked.tone-right")
            .first
        )

    def question_card(self, question: Question) -> Locator:
        return self.page.locator(f"question-card[id='{question.id}']")

    def _pick(self, question: Question, keys: list[str]) -> None:
        for key in keys:
            self.device.pick(self.question_card(question).locator(f"input[value='{key}']"))

    def _place(self, question: Question) -> None:
        """Answer an ordering or matching question."""
        card = self.question_card(question)
        if question.kind == "ordering":
            keys = [item.key for item in question.items]
        else:
            rights = {plain_text(pair.left.text): pair.right.key for pair in question.pairs}
            labels = card.locator(".question__place-label").all_text_contents()
            keys = [rights[" ".join(label.split())] for label in labels]
        fill_places(card, keys, self.device, script=self.script)

    def _submit(self, question: Question) -> None:
        """Submit, marking the old feedback so that new feedback with the same text can be told apart."""
        self.question_card(question).locator(FEEDBACK).evaluate_all(
            "(old) => old.forEach((element) => { element.dataset.before = '1' })"
        )
        self.device.press(self.question_card(question).locator("form > .button"))

    # --- làm ---

    def start_practice(self, lesson: Lesson, mode: Mode) -> PracticePage:
        """Start a new attempt from the introduction page or the result page."""
        self.device.press(self.page.locator(f"button[name=mode][value={mode}]"))
        self.page.wait_for_url(re.compile(r"/toi/luot/[0-9a-f]{32}$"))
        return PracticePage(self.page, self.device, lesson.practice, script=self.script)

    def open_result(self) -> None:
        self.press_main_button()
        self.page.wait_for_url(re.compile(r"/ket-qua$"))

    # --- dùng ---

    def tick_all_tasks(self) -> None:
        boxes = self.page.locator("input[name=task]")
        for number in range(boxes.count()):
            if not boxes.nth(number).is_checked():
                self.device.pick(boxes.nth(number))
        if not self.script:  # a script saves each tick by itself
            self.device.press(self.page.locator(".button--main:visible"))
        self.wait_for("#xong .stage-mark")

    # --- huy hiệu ---

    def claim_badge(self, name: str = "") -> str:
        """Submit the page that asks for a name, and return the URL of the badge."""
        if name:
            self.device.write(self.page.locator("#ten"), name)
        self.device.press(self.page.locator(".button--main:visible"))
        self.page.wait_for_url(re.compile(r"/huy-hieu/"))
        return self.page.url

    # --- trang của tôi ---

    def earned_marks(self, lesson: Lesson) -> list[str]:
        """Return the marks of a lesson that "Trang của tôi" shows as earned."""
        self.open("/toi")
        row = self.page.locator("li", has=self.page.locator(f"a[href='{lesson_path(lesson)}']"))
        shown = [" ".join(mark.split()) for mark in row.locator(".stage-mark-list__item").all_text_contents()]
        return [mark.partition(",")[0] for mark in shown if mark.endswith(", có dấu")]

    def learning_code(self) -> str:
        self.open("/toi")
        return "".join(self.page.locator(".learning-code .learning-code__part").all_text_contents())

    def enter_learning_code(self, code: str) -> None:
        self.open("/toi")
        self.device.write(self.page.locator("#ma"), code)
        self.device.press(self.page.locator("form[action='/toi/vao'] button"))
        self.page.wait_for_url(re.compile(r"/(\?da-nhan)?$"))

    def enter_wrong_learning_code(self, code: str) -> None:
        self.open("/toi")
        self.device.write(self.page.locator("#ma"), code)
        self.device.press(self.page.locator("form[action='/toi/vao'] button"))
        self.wait_for("[role=alert]", has_text=code)
