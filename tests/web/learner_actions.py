"""A learner's actions on the pages, without JavaScript."""

from __future__ import annotations

import re

from lxml import html
from werkzeug.test import TestResponse

from tests.web.checking_client import CheckingClient
from tests.web.sample_course import UNDERSTAND_URL, USE_URL

CORRECT_ANSWERS = {
    "OTP. Bác làm gì": ["Cúp máy"],
    "tự đặt": ["Mật khẩu", "Passcode"],
    "Tổng đài": ["19000368"],
    "Xếp các bước": ["Mở máy", "Mở VNeID", "Gõ mã"],
    "Ghép mã": ["sáu chữ số", "tám ký tự trở lên"],
    "mạng nào": ["4G"],
}


def question_card(page: html.HtmlElement, text: str) -> html.HtmlElement:
    """The card of the question with this text."""
    return next(card for card in page.xpath("//question-card") if text in card.text_content())


def answer(phone: CheckingClient, prompt: str, picks: list[str], lesson: str = UNDERSTAND_URL) -> TestResponse:
    """Post an answer. ``picks`` are option texts, in order."""
    form = question_card(phone.page(lesson), prompt).find("form")
    keys = option_keys(form)
    for label in form.xpath(".//label[input]"):
        keys[label.text_content().strip()] = label.find("input").get("value")
    return phone.post(form.get("action"), data={"answer": [keys.get(pick, pick) for pick in picks]})


def option_keys(form: html.HtmlElement) -> dict[str, str | None]:
    """The values of a form's first list by what they say, without the letter of a matching."""
    return {option_text(option): option.get("value") for option in form.xpath("(.//select)[1]/option")}


def option_text(option: html.HtmlElement) -> str:
    return re.sub(r"^[A-Z]\. ", "", option.text_content().strip())


def answer_all(phone: CheckingClient) -> None:
    for prompt, picks in CORRECT_ANSWERS.items():
        assert answer(phone, prompt, picks).status_code == 303


def tick_all_tasks(phone: CheckingClient) -> TestResponse:
    boxes = phone.page(USE_URL).xpath("//input[@name='task']/@value")
    return phone.post(USE_URL, data={"task": boxes})


def earn_all_marks(phone: CheckingClient) -> None:
    """Both marks of the first lesson."""
    answer_all(phone)
    tick_all_tasks(phone)


def claim_badge(phone: CheckingClient, name: str = "Trần Thị Lan") -> str:
    """Earn and claim the first lesson's badge; its address."""
    earn_all_marks(phone)
    response = phone.post("/toi/nhan-huy-hieu/vneid/ba-loai-ma", data={"ten": name})
    assert response.status_code == 303
    return response.headers["Location"]
