"""What a learner's hands do on the pages, without a script."""

from __future__ import annotations

from lxml import html
from werkzeug.test import TestResponse

from tests.web.careful import CarefulClient
from tests.web.schoolroom import DUNG, HIEU

RIGHT = {
    "OTP. Bác làm gì": ["Cúp máy"],
    "tự đặt": ["Mật khẩu", "Passcode"],
    "Tổng đài": ["19000368"],
    "Xếp các bước": ["Mở máy", "Mở VNeID", "Gõ mã"],
    "Ghép mã": ["sáu chữ số", "tám ký tự trở lên"],
    "mạng nào": ["4G"],
}


def card(page: html.HtmlElement, words: str) -> html.HtmlElement:
    """The card of the question in which these words stand."""
    return next(one for one in page.xpath("//section[@data-question]") if words in one.text_content())


def answer(phone: CarefulClient, words: str, picks: list[str], lesson: str = HIEU) -> TestResponse:
    """Answer as the form would: by the words on the options, in the order given."""
    form = card(phone.page(lesson), words).find("form")
    keys = {option.text_content().strip(): option.get("value") for option in form.xpath(".//select[1]/option")}
    for label in form.xpath(".//label[input]"):
        keys[label.text_content().strip()] = label.find("input").get("value")
    return phone.post(form.get("action"), data={"answer": [keys.get(pick, pick) for pick in picks]})


def answer_all(phone: CarefulClient) -> None:
    for words, picks in RIGHT.items():
        assert answer(phone, words, picks).status_code == 303


def tick_all(phone: CarefulClient) -> TestResponse:
    boxes = phone.page(DUNG).xpath("//input[@name='task']/@value")
    return phone.post(DUNG, data={"task": boxes})


def earn_all(phone: CarefulClient) -> None:
    """Both marks of the first lesson."""
    answer_all(phone)
    tick_all(phone)


def main_button(page: html.HtmlElement) -> html.HtmlElement:
    return page.xpath("//*[contains(@class, 'button--main')]")[0]


def claim(phone: CarefulClient, name: str = "Trần Thị Lan") -> str:
    """Earn and claim the first lesson's badge; its address."""
    earn_all(phone)
    response = phone.post("/toi/nhan-huy-hieu/vneid/ba-loai-ma", data={"ten": name})
    assert response.status_code == 303
    return response.headers["Location"]
