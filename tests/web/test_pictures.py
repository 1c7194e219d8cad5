"""Pictures have width and height, so that nothing moves when they load."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from lxml.html import HtmlElement
from PIL import Image

from lms.content.library import read_library
from lms.web.classroom.wall.boards import slide_board
from tests.web.conftest import TODAY
from tests.web.every_screen import LESSON, write_every_screen
from tests.web.nojs_phone import NoJsPhone

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"/>'


def write_courses_with_drawings(folder: Path) -> Path:
    """The lesson with every kind of screen, and a drawing in what is read before it and after it."""
    courses = write_every_screen(folder)
    lesson = courses / "thu" / "01-moi-thu"
    (lesson / "images" / "the.svg").write_text(DRAWING, "utf-8")
    for name, before in (("hieu.md", "Một câu ngắn."), ("dung.md", "- [ ] Mở máy")):
        text = (lesson / name).read_text("utf-8")
        (lesson / name).write_text(text.replace(before, f"![Một cái thẻ](images/the.svg)\n\n{before}"), "utf-8")
    return courses


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write_courses_with_drawings


@pytest.fixture
def phone(app: Flask) -> NoJsPhone:
    return NoJsPhone(app)


def sizes(page: HtmlElement) -> set[tuple[str, str | None, str | None]]:
    """The pictures of the course, each with its width and height."""
    pictures = page.xpath("//main//img[contains(@src, '/images/')]")
    return {(one.get("src").rpartition("/")[2], one.get("width"), one.get("height")) for one in pictures}


@pytest.mark.parametrize("stage", ["hieu", "dung"])
def test_a_picture_in_a_lesson_has_width_and_height(phone, stage):
    assert phone.open(f"{LESSON}/{stage}") == 200
    assert sizes(phone.page) == {("the.svg", "2000", "1250")}


def test_a_screenshot_in_a_practice_has_width_and_height(phone):
    phone.start()
    phone.tap("Kho ứng dụng")
    assert sizes(phone.page) == {("kho.png", "720", "480")}
    watched = html.fromstring(phone.client.get(f"{LESSON}/lam?che-do=xem-mau").text)
    assert sizes(watched) == {("kho.png", "720", "480")}


@pytest.mark.slow
def test_an_attempt_goes_on_when_a_screenshot_is_damaged(app, phone, courses):
    phone.start()
    (courses / "thu" / "01-moi-thu" / "images" / "kho.png").write_bytes(b"PNG")
    assert app.extensions["catalog"].reload().unavailable == ()
    phone.tap("Kho ứng dụng")
    assert sizes(phone.page) == {("kho.png", "720", "480")}  # the last good version of the course
    phone.tap("Cài đặt")
    assert sizes(phone.page) == set()


def test_a_picture_on_the_wall_has_width_and_height(courses):
    lesson = read_library(courses, today=TODAY).library.lesson("thu", "moi-thu")
    board = slide_board(lesson, lesson.understand.sections[0], 1)
    assert sizes(html.fromstring(f"<main>{board.picture}</main>")) == {("the.svg", "2000", "1250")}


@pytest.mark.slow
def test_a_heavy_screenshot_reaches_the_phone_light(app, phone):
    """A heavy PNG is served as a light JPEG; a browser that still has it gets 304, without the picture."""
    image = Path(app.extensions["catalog"].library.lesson("thu", "moi-thu").folder, "images", "nang.png")
    Image.effect_noise((800, 800), 90).save(image)
    shown = phone.client.get(f"{LESSON}/images/nang.png")
    assert shown.content_type == "image/jpeg"
    assert len(shown.data) <= 150_000 < image.stat().st_size
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    again = phone.client.get(f"{LESSON}/images/nang.png", headers={"If-None-Match": shown.headers["ETag"]})
    assert again.status_code == 304
