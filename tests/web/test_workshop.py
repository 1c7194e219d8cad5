"""/soan: the map and the picture of a practice, for those whose duty it is; counts only."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from lxml import etree, html

from lms.learning.accounts.permissions import CITY
from lms.learning.learners.learner_store import create_learner
from lms.learning.practice.attempts import start_practice
from lms.learning.practice.events import keep_events
from lms.learning.store.database import writing
from lms.web.workshop.analytics import time_in_words
from tests.web.careful import CarefulClient
from tests.web.duty import WARD, engine_of, signed_in
from tests.web.every_screen import every_screen, write_every_screen

MAP, GRAPH = "/soan/ban-do/thu/moi-thu", "/soan/so-do/thu/moi-thu"
SLIPPING = [
    [1, 41000, "man-hinh-chinh", 2, "tap"],
    [2, 42000, "man-hinh-chinh", -1, "hint"],
    [3, 43000, "man-hinh-chinh", 5, "tap"],
    [4, 44000, "trang-gia", 0, "tap"],
]
EARLY = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def courses(tmp_path):
    return write_every_screen(tmp_path / "courses")


@pytest.fixture
def author(app: Flask) -> CarefulClient:
    return signed_in(app, "Khoa", {"author"})


def practise(app: Flask, people: int, events: list = SLIPPING, mode: str = "tu-lam") -> None:
    practice = app.extensions["shelf"].library.lesson("thu", "moi-thu").practice
    with writing(engine_of(app)).begin() as session:
        for _ in range(people):
            learner = create_learner(session, now=EARLY)
            attempt = start_practice(session, learner.id, "thu", "moi-thu", practice, mode, now=EARLY)
            keep_events(session, learner_id=learner.id, attempt_id=attempt.id, events=events, now=EARLY)


def rows(page: html.HtmlElement) -> dict[str, list[str]]:
    """The table's rows by the screen's number."""
    found = {}
    for row in page.xpath("//tbody/tr"):
        number, *cells = [" ".join(cell.text_content().split()) for cell in row.xpath("./th | ./td")]
        found[number.split()[0]] = cells
    return found


@pytest.mark.parametrize("address", ["/soan", MAP, GRAPH])
def test_only_whose_duty_it_is_comes_in(app, lan, address):
    assert lan.get(address).location.startswith("/vao")
    assert signed_in(app, "Minh", {"facilitator"}).get(address).status_code == 403
    assert signed_in(app, "Hoa", {"helper"}).get(address).status_code == 403
    for role in ("author", "organiser", "administrator"):
        response = signed_in(app, f"Cô {role}", {role}, CITY if role == "administrator" else WARD).get(address)
        assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")


def test_every_practice_is_listed_with_its_pages(author):
    links = author.page("/soan").xpath("//main//a/@href")
    assert {MAP, GRAPH, "/thu/moi-thu/lam?che-do=to-buoc"} <= set(links)


@pytest.mark.parametrize("address", [MAP.replace("moi", "cu"), f"{MAP}/khac", GRAPH.replace("thu/", "khac/")])
def test_a_practice_that_is_not_there_is_not_found(author, address):
    assert author.get(address).status_code == 404


def test_of_two_people_the_map_shows_nothing(app, author):
    practise(app, 2)
    page = author.page(MAP)
    assert "Chưa có đủ ba người tập" in page.text_content()
    assert not page.xpath("//table") and "2 người" not in page.text_content()


def test_of_three_it_shows_how_long_and_what_and_who_asked(app, author):
    practise(app, 3)
    page = author.page(MAP)
    words = " ".join(page.text_content().split())
    assert "3 người đã tập. Đứng lâu nhất là màn 1, “Màn hình chính”: người ở giữa đứng chừng 45 giây." in words
    first = rows(page)["1"]
    assert first[0] == "3" and first[1].startswith("chừng 45 giây")
    assert "“Máy ảnh”, chỗ không dẫn đi đâu: 3 người" in first[2]
    assert "Bẫy “Quảng cáo: nhận quà ngay”: 3 người" in first[2]
    assert first[3:] == ["3", "3"]  # asked for help; came back to this screen and stopped


def test_a_count_of_one_or_two_is_never_on_the_page(app, author):
    practise(app, 3, [[1, 5000, "man-hinh-chinh", 0, "tap"]])
    practise(app, 2)
    first = rows(author.page(MAP))["1"]
    assert first[0] == "5"
    assert first[2] == "không có gì từ ba người trở lên"
    assert first[3:] == ["dưới 3", "dưới 3"]
    assert set(rows(author.page(MAP))) == {"1"}  # where two have been is no row


def test_one_way_of_practising_can_be_looked_at_alone(app, author):
    practise(app, 3, [[1, 5000, "man-hinh-chinh", 0, "tap"]], "lam-theo")
    assert "3 người đã tập" in author.page(f"{MAP}?che-do=lam-theo").text_content()
    assert "Chưa có đủ ba người" in author.page(f"{MAP}?che-do=kiem-tra").text_content()
    assert "3 người đã tập" in author.page(f"{MAP}?che-do=nham").text_content()


def test_the_table_is_one_for_whoever_hears_it(app, author):
    practise(app, 3)
    page = author.page(MAP)
    assert len(page.xpath("//table/caption")) == 1 and len(page.xpath("//thead//th[@scope='col']")) == 6
    assert page.xpath("//tbody//th[@scope='row']")
    assert page.xpath("//tbody//svg/@aria-hidden") == ["true"] * len(page.xpath("//tbody/tr"))


def test_the_picture_stands_in_the_page_and_in_words_and_can_be_taken_home(author):
    page = author.page(GRAPH)
    assert page.xpath("//main//svg[@role='img']")
    for screen in every_screen().screens:
        assert any(screen.title in one for one in page.xpath("//details//li/text()"))
    (address,) = page.xpath("//a[contains(@class, 'button--main')]/@href")
    taken = author.get(address)
    assert taken.mimetype == "image/svg+xml" and "so-do-thu-moi-thu.svg" in taken.headers["Content-Disposition"]
    assert etree.fromstring(taken.data).tag.endswith("svg")


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
def test_times_are_rounded_so_that_they_are_nobodys_own(seconds, words):
    assert time_in_words(seconds) == words
