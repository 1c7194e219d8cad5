"""Ôn lại: cards of finished lessons come back after days, one at a time, and change nothing that was earned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html
from sqlalchemy import JSON, Engine, event, insert, literal, select, text

from lms.learning.store.models import Learner, Mark
from lms.learning.store.models.base import Instant
from tests.web.checking_client import CheckingClient
from tests.web.learner_actions import (
    CORRECT_ANSWERS,
    answer_all,
    claim_badge,
    earn_all_marks,
    main_button,
    option_keys,
    question_card,
    tick_all_tasks,
)
from tests.web.review_course import write_review_course

FINISHED = date(2026, 11, 25)


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write_review_course


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], date]:
    """Makes it so many days after the lesson was finished."""

    def set_day(days: int) -> date:
        day = FINISHED + timedelta(days=days)
        monkeypatch.setattr("lms.web.clock.today", lambda: day)
        monkeypatch.setattr("lms.web.clock.now", lambda: datetime(day.year, day.month, day.day, 3, tzinfo=UTC))
        return day

    set_day(0)
    return set_day


def finish_practice_lesson(phone: CheckingClient, engine: Engine) -> None:
    """The mark of the practice, without playing it."""
    [card] = phone.page("/vneid/kich-hoat/hieu").xpath("//question-card")
    [right] = [
        label.find("input").get("value") for label in card.xpath(".//label") if "số đã khai" in label.text_content()
    ]
    assert phone.post(card.find("form").get("action"), data={"answer": right}).status_code == 303
    with engine.begin() as connection:
        connection.execute(
            insert(Mark.__table__).from_select(
                ["learner_id", "course", "lesson", "stage", "evidence", "content_digest", "earned_at"],
                select(
                    Learner.id,
                    literal("vneid"),
                    literal("kich-hoat"),
                    literal("lam"),
                    literal({}, JSON),
                    literal(""),
                    literal(datetime(2026, 11, 25, 3, tzinfo=UTC), Instant),
                ),
            )
        )


def counter(page: html.HtmlElement) -> str:
    return page.xpath("//*[@class='question__count']")[0].text_content()


def heading(page: html.HtmlElement) -> str:
    return page.xpath("//h1")[0].text_content()


def right_answer_of(page: html.HtmlElement) -> list[str]:
    """The values of a right answer to the question on the page."""
    [form] = page.xpath("//question-card/form")
    picks = next(picks for prompt, picks in CORRECT_ANSWERS.items() if prompt in form.text_content())
    keys = option_keys(form)
    for label in form.xpath(".//label[input]"):
        keys[label.text_content().strip()] = label.find("input").get("value")
    return [keys.get(pick, pick) for pick in picks]


def answer_card(phone: CheckingClient, *, wrong: bool = False) -> html.HtmlElement:
    """Answer the card that /on shows, as a browser without a script does; the page that explains it."""
    page = phone.page("/on")
    action = page.xpath("//question-card/form/@action")[0]
    right = right_answer_of(page)
    options = page.xpath("//question-card//input[@name='answer'][@type!='text']/@value")
    wrong_answer = [value for value in options if value not in right][:1] or (
        right[::-1] if len(right) > 1 else ["x y z"]
    )
    given = wrong_answer if wrong else right
    response = phone.post(action, data={"answer": given})
    assert response.status_code == 303
    assert response.headers["Location"].endswith("#the")
    return phone.page(response.headers["Location"].partition("#")[0])


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


def test_nothing_due_says_when_to_come_back_and_leads_on(lan, today):
    earn_all_marks(lan)
    page = lan.page("/on")
    assert heading(page) == "Hôm nay chưa có gì cần ôn"
    assert "27 tháng 11 năm 2026" in page.text_content()
    assert main_button(page).get("href") == "/toi/nhan-huy-hieu/vneid/ba-loai-ma"


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


# --- screens


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
    assert "bà Thử" in page.xpath("//details[contains(@class, 'aids__task')]")[0].text_content()
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


# --- what it leaves alone


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


def test_a_number_of_the_learners_own_is_refused_and_not_counted(lan, today):
    earn_all_marks(lan)
    today(2)
    card = question_card(lan.page("/vneid/ba-loai-ma/hieu"), "Tổng đài").get("id")
    response = lan.post(f"/on/vneid/ba-loai-ma/hieu/{card}", data={"answer": "079123456789"})
    assert response.status_code == 422
    assert "079123456789" not in response.get_data(as_text=True)
    today(3)
    assert counter(lan.page("/on")) == "Thẻ 1 trong 5"


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


def test_nobody_else_finds_the_cards_on_a_shared_phone(lan, today):
    earn_all_marks(lan)
    today(2)
    lan.get("/on")
    assert lan.get("/on").headers["Cache-Control"] == "no-store"
    assert "Learner-Key" not in lan.get("/on").headers  # the service worker keeps no copy
    lan.post("/toi/may-chung", data={"nguoi": "moi"})
    assert "Bác chưa học xong bài nào" in lan.page("/on").text_content()


def test_forgetting_a_learner_forgets_her_reviews(lan, today, engine: Engine):
    earn_all_marks(lan)
    today(2)
    answer_card(lan)
    lan.post("/toi/quen", data={"chac": "co"})
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM review_answers")) == 0


def test_a_learning_code_brings_the_review_to_another_phone(lan, hoa, today):
    earn_all_marks(lan)
    today(2)
    answer_card(lan)
    parts = lan.page("/toi").xpath("//span[@class='code__part']")
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
