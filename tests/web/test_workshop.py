"""/soan: analytics of practices, for those with the permission; counts only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from lxml import html

from lms.learning.accounts.permissions import CITY
from lms.learning.practice.attempts import start_attempt
from lms.learning.practice.events import save_events
from lms.learning.store.database import write_sessions
from lms.learning.workshop.courses import create_course
from lms.web.workshop.hesitation_analytics import duration_text
from tests.stored_learner import store_learner
from tests.web.every_screen import every_screen, write_every_screen
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import WARD, engine_of, make_account, sign_in, signed_in_client

MAP, LESSON = "/soan/ban-do/thu/moi-thu", "/soan/bai/thu/moi-thu"
SLIPPING = [
    [1, 41000, "man-hinh-chinh", 2, "tap"],
    [2, 42000, "man-hinh-chinh", -1, "hint"],
    [3, 43000, "man-hinh-chinh", 5, "tap"],
    [4, 44000, "trang-gia", 0, "tap"],
]
EARLY = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write_every_screen


def save_attempts(app: Flask, people: int, events: list = SLIPPING, mode: str = "tu-lam") -> None:
    practice = app.extensions["catalog"].library.lesson("thu", "moi-thu").practice
    with write_sessions(engine_of(app)).begin() as session:
        for _ in range(people):
            learner = store_learner(session, now=EARLY)
            attempt = start_attempt(session, learner.id, "thu", "moi-thu", practice, mode, now=EARLY)
            save_events(session, learner_id=learner.id, attempt_id=attempt.id, events=events, now=EARLY)


def test_the_courses_that_an_account_writes_stand_first(app):
    account = make_account(app, "Vy", {"author"}, WARD)
    with write_sessions(engine_of(app)).begin() as session:
        create_course(session, "phuong-minh", ward=WARD, taken=(), by=account, now=EARLY)
    names = sign_in(app, account).page("/soan").xpath("//main//a//*[@class='course__name']/text()")
    assert names[0] == "phuong-minh"
    assert len(names) > 1


def table_rows(page: html.HtmlElement) -> dict[str, list[str]]:
    """The table's rows by the screen's number."""
    found = {}
    for row in page.xpath("//tbody/tr"):
        number, *cells = [text_of(cell) for cell in row.xpath("./th | ./td")]
        found[number.split()[0]] = cells
    return found


@pytest.mark.parametrize("address", ["/soan", "/soan/thu", MAP, LESSON])
def test_the_workshop_needs_a_permission(app, lan, address):
    assert lan.get(address).location.startswith("/vao")
    assert signed_in_client(app, "Minh", {"facilitator"}).get(address).status_code == 403
    assert signed_in_client(app, "Hoa", {"helper"}).get(address).status_code == 403
    for role in ("author", "organiser", "administrator"):
        response = signed_in_client(app, f"Cô {role}", {role}, CITY if role == "administrator" else WARD).get(address)
        assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")


def test_every_practice_is_listed_with_its_pages(author):
    assert "/soan/thu" in author.page("/soan").xpath("//main//a/@href")
    links = author.page("/soan/thu").xpath("//main//a/@href")
    assert {MAP, LESSON, "/thu/moi-thu/lam?che-do=to-buoc"} <= set(links)


@pytest.mark.parametrize("address", [MAP.replace("moi", "cu"), f"{MAP}/khac", LESSON.replace("thu/", "khac/")])
def test_an_unknown_practice_has_no_page_in_the_workshop(author, address):
    assert author.get(address).status_code == 404


def test_analytics_of_two_people_show_nothing(app, author):
    save_attempts(app, 2)
    page = author.page(MAP)
    assert "Chưa có đủ ba người tập" in page.text_content()
    assert not page.xpath("//table") and "2 người" not in page.text_content()


def test_analytics_of_three_people_show_times_mistakes_and_help(app, author):
    save_attempts(app, 3)
    page = author.page(MAP)
    words = text_of(page)
    assert "3 người đã tập. Đứng lâu nhất là màn 1, “Màn hình chính”: người ở giữa đứng chừng 45 giây." in words
    first = table_rows(page)["1"]
    assert first[0] == "3" and first[1].startswith("chừng 45 giây")
    assert "“Máy ảnh”, chỗ không dẫn đi đâu: 3 người" in first[2]
    assert "Bẫy “Quảng cáo: nhận quà ngay”: 3 người" in first[2]
    assert first[3:] == ["3", "3"]  # asked for help; came back to this screen and stopped


def test_counts_of_one_or_two_are_hidden(app, author):
    save_attempts(app, 3, [[1, 5000, "man-hinh-chinh", 0, "tap"]])
    save_attempts(app, 2)
    first = table_rows(author.page(MAP))["1"]
    assert first[0] == "5"
    assert first[2] == "không có gì từ ba người trở lên"
    assert first[3:] == ["dưới 3", "dưới 3"]
    assert set(table_rows(author.page(MAP))) == {"1"}  # where two have been is no row


def test_analytics_can_be_limited_to_one_mode(app, author):
    save_attempts(app, 3, [[1, 5000, "man-hinh-chinh", 0, "tap"]], "lam-theo")
    assert "3 người đã tập" in author.page(f"{MAP}?che-do=lam-theo").text_content()
    assert "Chưa có đủ ba người" in author.page(f"{MAP}?che-do=kiem-tra").text_content()
    assert "3 người đã tập" in author.page(f"{MAP}?che-do=nham").text_content()


def test_the_table_is_accessible(app, author):
    save_attempts(app, 3)
    page = author.page(MAP)
    assert len(page.xpath("//table/caption")) == 1 and len(page.xpath("//thead//th[@scope='col']")) == 6
    assert page.xpath("//tbody//th[@scope='row']")
    assert page.xpath("//tbody//svg/@aria-hidden") == ["true"] * len(page.xpath("//tbody/tr"))


def test_the_screens_stand_in_sentences_on_the_page_of_the_lesson(author):
    sentences = author.page(LESSON).xpath("//details//li")
    for screen in every_screen().screens:
        assert any(screen.title in text_of(sentence) for sentence in sentences)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "dưới 5 giây"),
        (4.99, "dưới 5 giây"),
        (5.0, "chừng 5 giây"),
        (23.0, "chừng 25 giây"),
        (59.0, "chừng 1 phút"),
        (78.0, "chừng 1 phút 20 giây"),
        (300.0, "chừng 5 phút"),
    ],
)
def test_times_are_rounded_for_privacy(seconds, words):
    assert duration_text(seconds) == words


@pytest.mark.parametrize(
    ("roles", "pages"),
    [
        ({"author"}, ["/dung-lop"]),
        ({"author", "facilitator"}, ["/dung-lop"]),
        ({"author", "helper"}, ["/dung-lop"]),
        ({"author", "organiser"}, ["/dung-lop", "/quan-ly"]),
    ],
)
def test_an_author_who_comes_in_by_the_desk_finds_the_way_to_the_workshop(app, roles, pages):
    client = signed_in_client(app, "Vy", roles)
    for address in pages:
        page = client.page(address)
        assert page.xpath("//main//a[@href='/soan'][contains(., 'Soạn bài')]"), address
        assert len(page.xpath("//*[contains(@class, 'button--main')]")) == 1, address


def test_who_only_steers_classes_is_not_sent_to_the_workshop(app):
    assert not signed_in_client(app, "Vy", {"facilitator"}).page("/dung-lop").xpath("//a[@href='/soan']")
