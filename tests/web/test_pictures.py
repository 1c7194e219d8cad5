"""Pictures on the pages say how large they are, so that nothing moves when they come."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from lxml.html import HtmlElement

from lms.content.library import read_library
from lms.web.classroom.wall.boards import slide_board
from tests.web.conftest import TODAY
from tests.web.every_screen import LESSON, write_every_screen
from tests.web.plain_phone import PlainPhone

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"/>'


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    """The lesson with every kind of screen, and a drawing in what is read before it and after it."""
    courses = write_every_screen(tmp_path / "courses")
    lesson = courses / "thu" / "01-moi-thu"
    (lesson / "images" / "the.svg").write_text(DRAWING, "utf-8")
    for name, before in (("hieu.md", "Một câu ngắn."), ("dung.md", "- [ ] Mở máy")):
        text = (lesson / name).read_text("utf-8")
        (lesson / name).write_text(text.replace(before, f"![Một cái thẻ](images/the.svg)\n\n{before}"), "utf-8")
    return courses


@pytest.fixture
def phone(app: Flask) -> PlainPhone:
    return PlainPhone(app)


def sizes(page: HtmlElement) -> set[tuple[str, str | None, str | None]]:
    """The pictures of the course, each with its width and height."""
    pictures = page.xpath("//main//img[contains(@src, '/images/')]")
    return {(one.get("src").rpartition("/")[2], one.get("width"), one.get("height")) for one in pictures}


@pytest.mark.parametrize("stage", ["hieu", "dung"])
def test_a_picture_in_a_lesson_says_how_large_it_is(phone, stage):
    assert phone.opens(f"{LESSON}/{stage}") == 200
    assert sizes(phone.page) == {("the.svg", "2000", "1250")}


def test_a_screenshot_in_a_practice_says_how_large_it_is(phone):
    phone.starts()
    phone.taps("Kho ứng dụng")
    assert sizes(phone.page) == {("kho.png", "720", "480")}
    watched = html.fromstring(phone.client.get(f"{LESSON}/lam?che-do=xem-mau").text)
    assert sizes(watched) == {("kho.png", "720", "480")}


def test_whoever_is_in_a_practice_goes_on_when_its_screenshot_is_damaged(app, phone, courses):
    phone.starts()
    (courses / "thu" / "01-moi-thu" / "images" / "kho.png").write_bytes(b"PNG")
    assert app.extensions["shelf"].reload().left_out == ()
    phone.taps("Kho ứng dụng")
    assert sizes(phone.page) == {("kho.png", None, None)}
    phone.taps("Cài đặt")
    assert sizes(phone.page) == set()


def test_the_wall_keeps_the_place_of_a_slides_picture(courses):
    lesson = read_library(courses, today=TODAY).library.lesson("thu", "moi-thu")
    board = slide_board(lesson, lesson.understand.sections[0], 1)
    assert sizes(html.fromstring(f"<main>{board.picture}</main>")) == {("the.svg", "2000", "1250")}
