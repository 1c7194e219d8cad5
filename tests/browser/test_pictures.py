"""On a slow connection, a late picture shifts nothing below it, and its hot spots work before it arrives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lms.content.library import read_library
from tests.browser.conftest import PHONE
from tests.browser.input_devices import Finger
from tests.browser.practice_page import PracticePage
from tests.browser.screen_inspection import introduction_path
from tests.browser.site_process import Site, serve_site
from tests.browser.waiting import MAX_RETRIES, wait_until
from tests.web.every_screen import LESSON, write_every_screen

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"><rect width="320" height="200"/></svg>'
STAMP = '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="48"><rect width="96" height="48"/></svg>'
SHOWN = "![Một con dấu](images/dau.svg)\n\n![Một cái thẻ](images/the.svg)\n\n"
SHOWN += "Câu ở dưới hình vẽ.\n\n![Một cái kho](images/kho.png)\n\nCâu ở dưới ảnh.\n\n"
WIDE = {"viewport": {"width": 1280, "height": 800}, "locale": "vi-VN"}

# Where everything is on the page, to a tenth of a pixel.
PLACES = """() => Array.from(document.querySelectorAll("main, main *"), (element) => {
  const { left, top, width, height } = element.getBoundingClientRect()
  return [left + scrollX, top + scrollY, width, height].map((number) => Math.round(number * 10))
})"""
HAVE_COME = "() => Array.from(document.querySelectorAll('main img')).every((one) => one.complete && one.naturalWidth)"


@pytest.fixture(scope="module")
def courses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lesson with every kind of screen, and pictures in what is read before it and after it."""
    courses = write_every_screen(tmp_path_factory.mktemp("pictures") / "courses")
    lesson = courses / "thu" / "01-moi-thu"
    (lesson / "images" / "the.svg").write_text(DRAWING, "utf-8")
    (lesson / "images" / "dau.svg").write_text(STAMP, "utf-8")
    for name, before in (("hieu.md", "Một câu ngắn."), ("dung.md", "- [ ] Mở máy")):
        text = (lesson / name).read_text("utf-8")
        assert before in text
        (lesson / name).write_text(text.replace(before, SHOWN + before), "utf-8")
    return courses


@pytest.fixture(scope="module")
def site(courses: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve_site(tmp_path_factory.mktemp("site"), courses=courses) as running:
        yield running


@contextmanager
def expect_no_layout_shift(page: Page, *, pictures: int) -> Iterator[None]:
    """Holds the pictures of the page back that is opened inside; let go, they move nothing on it."""
    held = {}
    page.route("**/images/*", lambda route: held.setdefault(route.request.url, []).append(route))
    yield
    wait_until(page, lambda: len(held) == pictures)
    before = page.evaluate(PLACES)
    assert not page.evaluate(HAVE_COME)
    for route in [route for routes in held.values() for route in routes]:
        route.continue_()
    page.wait_for_function(HAVE_COME)
    assert page.evaluate(PLACES) == before


@pytest.mark.parametrize("device", [PHONE, WIDE], ids=["phone", "wide"])
@pytest.mark.parametrize("stage", ["hieu", "dung"])
def test_a_late_picture_does_not_move_the_text_below(new_page, stage, device):
    page = new_page(device)
    with expect_no_layout_shift(page, pictures=3):
        page.goto(f"{LESSON}/{stage}", wait_until="domcontentloaded")
        expect(page.get_by_text("Câu ở dưới ảnh.")).to_be_visible()
    stamp, drawing, photograph = (picture.bounding_box() for picture in page.locator(".prose img").all())
    room = page.get_by_text("Câu ở dưới hình vẽ.").bounding_box()["width"]
    assert stamp["width"] == 96
    assert drawing["width"] == pytest.approx(room)
    assert drawing["height"] == pytest.approx((room - 4) * 200 / 320 + 4, abs=0.1)  # less what frames it
    assert photograph["width"] == pytest.approx(min(room, 720))
    assert photograph["height"] == pytest.approx((min(room, 720) - 4) * 480 / 720 + 4, abs=0.1)


def test_a_hot_spot_can_be_tapped_before_its_picture_loads(new_page, courses):
    phone, lesson = new_page(PHONE, reduced_motion="reduce"), read_library(courses, today=date(2026, 11, 25)).library
    lesson = lesson.lesson(*LESSON.strip("/").split("/"))
    practice_page = PracticePage(phone, Finger(), lesson.practice, script=True)
    place = phone.locator(".phone .app-picture__area")
    with expect_no_layout_shift(phone, pictures=1):
        begun = phone.request.post(
            introduction_path(lesson, lesson.practice),
            form={"mode": "tu-lam"},
            max_redirects=0,
            max_retries=MAX_RETRIES,
        )
        phone.goto(begun.headers["location"], wait_until="domcontentloaded")
        expect(practice_page.phone).to_be_visible()
        practice_page.follow_expected_path(until="trang-kho")
        assert place.bounding_box()["height"] >= 48
    place.tap()
    practice_page.expect_one_of("dang-tai", "xin-quyen")
