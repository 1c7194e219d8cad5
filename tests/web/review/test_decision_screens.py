"""Ôn lại: a screen of a practice on which something is decided comes back as a card."""

from __future__ import annotations

import pytest
from lxml import html
from sqlalchemy import Engine

from tests.web.checking_client import CheckingClient
from tests.web.page_texts import main_button
from tests.web.review.cards import counter, finish_practice_lesson, heading


def screen_page(phone: CheckingClient, title: str) -> html.HtmlElement:
    """Answer questions until the screen with this text comes."""
    for _ in range(6):
        page = phone.page("/on")
        forms = page.xpath("//form[@class='inline-screen__phone']")
        if forms and title in page.text_content():
            return page
        if forms:
            tap(phone, page, "Cúp máy")
        else:
            action = page.xpath("//question-card/form/@action")[0]
            phone.post(action, data={"answer": page.xpath("//question-card//input/@value")[:1]})
    raise AssertionError(title)


def tap(phone: CheckingClient, page: html.HtmlElement, word: str):
    [form] = page.xpath("//form[@class='inline-screen__phone']")
    [value] = [button.get("value") for button in form.xpath(".//button") if button.text_content().strip() == word]
    return phone.post(form.get("action"), data={"tap": value})


def explained(phone: CheckingClient, response) -> html.HtmlElement:
    assert response.status_code == 303
    return phone.page(response.headers["Location"].partition("#")[0])


@pytest.fixture
def screens(lan: CheckingClient, engine: Engine, today) -> CheckingClient:
    """Lan's phone on the day on which the screens of the practice are due."""
    finish_practice_lesson(lan, engine)
    today(2)
    return lan


def test_a_decision_screen_is_asked_with_its_data_and_without_a_hint(screens):
    page = screen_page(screens, "Có người gọi tới")
    assert "Đọc mã cho tôi." in page.text_content()
    assert "{{" not in page.text_content()
    assert "bà Thử" in page.xpath("//details[contains(@class, 'practice-help__task')]")[0].text_content()
    assert not page.xpath("//*[contains(@class, 'pointed')]")
    assert "Chạm" not in counter(page)


def test_steps_that_ask_nothing_are_no_cards(screens):
    for _ in range(3):
        page = screens.page("/on")
        assert 'Chạm "Tiếp"' not in page.text_content()
        if page.xpath("//question-card"):
            action = page.xpath("//question-card/form/@action")[0]
            screens.post(action, data={"answer": page.xpath("//question-card//input/@value")[:1]})
        else:
            tap(screens, page, "Cúp máy")
    assert "ôn xong" in heading(screens.page("/on"))


def test_a_right_choice_is_praised_with_the_reason(screens):
    page = explained(screens, tap(screens, screen_page(screens, "Có người gọi tới"), "Cúp máy"))
    assert "Đúng rồi. Bác chọn “Cúp máy”." in page.text_content()
    assert "Người thật không hỏi mã." in page.text_content()
    assert main_button(page).get("href") == "/on"
    assert page.xpath("//fieldset/@disabled")


def test_a_trap_says_what_it_costs_and_what_to_do_and_where_the_practice_shows_it(screens):
    page = explained(screens, tap(screens, screen_page(screens, "Có người gọi tới"), "Đọc mã"))
    assert "Mất tiền trong tài khoản." in page.text_content()
    assert "Nên chọn “Cúp máy”." in page.text_content()
    [link] = page.xpath("//*[@data-explanation]//a/@href")
    assert link == "/vneid/kich-hoat/lam?che-do=xem-mau#man-nguoi-la-goi"
    assert screens.page(link.partition("#")[0]).xpath("//*[@id='man-nguoi-la-goi']")


def test_refusing_an_honest_caller_is_wrong(screens):
    page = explained(screens, tap(screens, screen_page(screens, "Bưu tá"), "Cúp máy"))
    assert "Nên chọn “Hẹn giờ nhận”." in page.text_content()


def test_a_tap_that_leads_nowhere_decides_nothing(screens):
    page = screen_page(screens, "Có người gọi tới")
    before = counter(page)
    response = tap(screens, page, "Bật loa")
    assert response.status_code == 422
    assert "không dẫn đi đâu" in response.get_data(as_text=True)
    assert counter(screens.page("/on")) == before


@pytest.mark.parametrize("tapped", ["", "99", "-1", "x", "²", "9" * 50])
def test_a_tap_on_nothing_stores_nothing(screens, tapped):
    page = screen_page(screens, "Có người gọi tới")
    response = screens.post(page.xpath("//form[@class='inline-screen__phone']/@action")[0], data={"tap": tapped})
    assert response.status_code == 422
    assert counter(screens.page("/on")) == counter(page)
