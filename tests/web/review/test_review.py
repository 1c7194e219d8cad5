"""Ôn lại: cards of finished lessons come back after days, one at a time, and change nothing that was earned."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html
from sqlalchemy import Engine, event, text

from tests.web.learner_actions import (
    answer_all,
    claim_badge,
    earn_all_marks,
    question_card,
    tick_all_tasks,
)
from tests.web.page_texts import main_button
from tests.web.review.cards import answer_card, counter, heading, right_answer_of

# --- when there is something to review


def test_who_has_finished_nothing_is_told_what_it_is_and_led_to_the_first_lesson(lan, today):
    page = lan.page("/on")
    assert heading(page) == "Ôn lại"
    assert "Học xong một bài" in page.text_content()
    assert main_button(page).get("href") == "/vneid/ba-loai-ma"
    assert "Set-Cookie" not in lan.get("/on").headers


def test_a_lesson_that_is_not_finished_feeds_no_card(lan, today):
    answer_all(lan)  # the tasks are missing
    today(9)
    assert "Bác chưa học xong bài nào" in lan.page("/on").text_content()
    tick_all_tasks(lan)
    assert counter(lan.page("/on")) == "Thẻ 1 trong 5"


@pytest.mark.slow
def test_nothing_due_says_when_to_come_back_and_leads_on(lan, today):
    earn_all_marks(lan)
    page = lan.page("/on")
    assert heading(page) == "Hôm nay chưa có gì cần ôn"
    assert "27 tháng 11 năm 2026" in page.text_content()
    assert main_button(page).get("href") == "/toi/nhan-huy-hieu/vneid/ba-loai-ma"


@pytest.mark.slow
def test_cards_come_one_at_a_time_and_the_last_one_ends_the_day(lan, today):
    earn_all_marks(lan)
    today(2)
    seen = []
    for number in range(1, 6):
        assert counter(lan.page("/on")) == f"Thẻ {number} trong 5"
        seen.append(lan.page("/on").xpath("//question-card/@id")[0])
        page = answer_card(lan)
        assert counter(page) == f"Thẻ {number} trong 5"
        assert "note tone-right" in html.tostring(page, encoding="unicode")
        assert main_button(page).get("href") == "/on"
        assert not page.xpath("//*[@data-explanation][not(@hidden)]")
    assert len(set(seen)) == 5
    page = lan.page("/on")
    assert heading(page) == "Hôm nay bác ôn xong rồi"
    assert "Bác nhớ cả 5 thẻ" in page.text_content()


@pytest.mark.slow
def test_a_wrong_card_leads_to_its_section_and_comes_back_the_next_day(lan, today):
    earn_all_marks(lan)
    today(2)
    missed = lan.page("/on").xpath("//question-card/@id")[0]
    page = answer_card(lan, wrong=True)
    [link] = page.xpath("//*[@data-explanation][not(@hidden)]//a")
    section = link.get("href").partition("#")[2]
    lesson = lan.page(link.get("href").partition("#")[0])
    assert lesson.xpath(f"//section[@id='{section}']//question-card[@id='{missed}']")
    for _ in range(4):
        answer_card(lan)
    assert "Bác nhớ 4 trong 5 thẻ" in lan.page("/on").text_content()
    today(3)
    page = lan.page("/on")
    assert page.xpath("//question-card/@id") == [missed]


@pytest.mark.slow
def test_a_second_try_is_answered_and_the_first_one_counts(lan, today):
    earn_all_marks(lan)
    today(2)
    page = lan.page("/on")
    action, right = page.xpath("//question-card/form/@action")[0], right_answer_of(page)
    answer_card(lan, wrong=True)
    page = lan.page(lan.post(action, data={"answer": right}).headers["Location"].partition("#")[0])
    assert page.xpath("//*[contains(@class, 'tone-right')]")
    for _ in range(4):
        answer_card(lan)
    assert "Bác nhớ 4 trong 5 thẻ" in lan.page("/on").text_content()


# --- what it leaves alone


@pytest.mark.slow
def test_wrong_answers_take_no_mark_and_leave_the_lessons_page_as_it_was(lan, today):
    earn_all_marks(lan)
    today(2)
    before = lan.get("/vneid/ba-loai-ma/hieu").get_data(as_text=True)
    for _ in range(5):
        answer_card(lan, wrong=True)
    assert lan.get("/vneid/ba-loai-ma/hieu").get_data(as_text=True) == before
    assert main_button(lan.page("/")).get("href") == "/toi/nhan-huy-hieu/vneid/ba-loai-ma"


def test_what_was_typed_is_not_in_any_address_unless_it_is_the_answer(lan, today):
    earn_all_marks(lan)
    today(2)
    card = question_card(lan.page("/vneid/ba-loai-ma/hieu"), "Tổng đài").get("id")
    location = lan.post(f"/on/vneid/ba-loai-ma/hieu/{card}", data={"answer": "Bí mật của tôi"}).headers["Location"]
    assert parse_qs(urlsplit(location).query) == {"chon": ["?14"]}
    page = lan.page(location.partition("#")[0])
    assert "Chưa đúng đâu bác." in page.text_content()


@pytest.mark.slow
def test_a_number_of_the_learners_own_is_refused_and_not_counted(lan, today):
    earn_all_marks(lan)
    today(2)
    card = question_card(lan.page("/vneid/ba-loai-ma/hieu"), "Tổng đài").get("id")
    response = lan.post(f"/on/vneid/ba-loai-ma/hieu/{card}", data={"answer": "079123456789"})
    assert response.status_code == 422
    assert "079123456789" not in response.get_data(as_text=True)
    today(3)
    assert counter(lan.page("/on")) == "Thẻ 1 trong 5"


@pytest.mark.slow
def test_an_incomplete_answer_says_what_to_mend(lan, today):
    earn_all_marks(lan)
    today(2)
    action = lan.page("/on").xpath("//question-card/form/@action")[0]
    response = lan.post(action, data={})
    assert response.status_code == 422
    page = html.fromstring(response.get_data(as_text=True))
    assert page.xpath("//*[@role='alert']")
    assert counter(page) == "Thẻ 1 trong 5"


@pytest.mark.parametrize(
    "address",
    ["vneid/ba-loai-ma/hieu/khong-co", "vneid/khong-co/hieu/q1", "vneid/kich-hoat/lam/bam-tiep", "x/y/dung/z"],
)
def test_what_is_no_card_is_not_found(lan, today, address):
    assert lan.get(f"/on/{address}").status_code == 404
    assert lan.post(f"/on/{address}", data={"answer": "a", "tap": "0"}).status_code == 404


def test_the_address_of_a_card_that_was_not_answered_leads_to_todays(lan, today):
    earn_all_marks(lan)
    today(2)
    action = lan.page("/on").xpath("//question-card/form/@action")[0].partition("#")[0]
    for query in ("", "?chon=a", "?chon=khong-co"):
        response = lan.get(action + query)
        assert (response.status_code, response.headers["Location"]) == (303, "/on")


def test_another_site_cannot_answer_for_a_learner(lan, today):
    earn_all_marks(lan)
    today(2)
    page = lan.page("/on")
    action = page.xpath("//question-card/form/@action")[0]
    response = lan.post(action, data={"answer": right_answer_of(page)}, headers={"Origin": "http://la.example"})
    assert response.status_code == 403
    assert counter(lan.page("/on")) == "Thẻ 1 trong 5"


# --- where it is offered


def offers(page: html.HtmlElement) -> list[str]:
    return [link.text_content().strip() for link in page.xpath("//a[@href='/on']")]


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/", "/toi"])
def test_pages_offer_it_in_one_line_while_something_is_due(lan, hoa, today, path):
    earn_all_marks(lan)
    assert offers(lan.page(path)) == []
    today(2)
    assert offers(lan.page(path)) == ["Ôn lại 5 thẻ hôm nay"]
    assert offers(hoa.page(path)) == []
    answer_card(lan)
    assert offers(lan.page(path)) == ["Ôn lại 4 thẻ hôm nay"]
    for _ in range(4):
        answer_card(lan)
    assert offers(lan.page(path)) == []


def test_the_next_lesson_stays_the_main_button_of_the_home_page(lan, today):
    claim_badge(lan)
    today(2)
    page = lan.page("/")
    assert main_button(page).get("href") == "/vneid/kich-hoat"
    assert len(page.xpath("//*[contains(@class, 'button--main')]")) == 1


@pytest.mark.slow
def test_nobody_else_finds_the_cards_on_a_shared_phone(lan, today):
    earn_all_marks(lan)
    today(2)
    lan.get("/on")
    assert lan.get("/on").headers["Cache-Control"] == "no-store"
    assert "Learner-Key" not in lan.get("/on").headers  # the service worker keeps no copy
    lan.post("/toi/may-chung", data={"nguoi": "moi"})
    assert "Bác chưa học xong bài nào" in lan.page("/on").text_content()


@pytest.mark.slow
def test_forgetting_a_learner_forgets_her_reviews(lan, today, engine: Engine):
    earn_all_marks(lan)
    today(2)
    answer_card(lan)
    lan.post("/toi/quen", data={"chac": "co"})
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM review_answers")) == 0


@pytest.mark.slow
def test_a_learning_code_brings_the_review_to_another_phone(lan, hoa, today):
    earn_all_marks(lan)
    today(2)
    answer_card(lan)
    parts = lan.page("/toi").xpath("//span[@class='learning-code__part']")
    code = " ".join(part.text_content() for part in parts)
    hoa.post("/toi/vao", data={"ma": code})
    assert counter(hoa.page("/on")) == "Thẻ 2 trong 5"


def test_a_card_takes_few_statements(lan, today, engine: Engine):
    earn_all_marks(lan)
    today(2)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert lan.get("/on").status_code == 200
    assert len([one for one in statements if "FROM" in one]) <= 4  # the version, the marks, the answers, the reviews
    statements.clear()
    lan.get("/on")
    assert len(statements) <= 1  # the version
