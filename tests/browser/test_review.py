"""A day's review on a phone, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from lms.content.library import read_library
from lms.content.model import Lesson, Stage
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.marks.marks import award_mark
from tests.browser.conftest import PHONE
from tests.browser.site_process import Site, serve_site
from tests.browser.site_store import writing
from tests.browser.stored_learners import earn_understand_mark, learner_cookie
from tests.web.review_course import write_review_course


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("review")
    with serve_site(folder, courses=write_review_course(folder / "courses")) as running:
        yield running


@pytest.fixture(scope="module")
def lesson(site: Site) -> Lesson:
    """The lesson with a practice."""
    courses = site.data_dir.parent / "courses"
    return read_library(courses, today=datetime.now(UTC).date()).library.lesson("vneid", "kich-hoat")


@pytest.fixture
def cookie(site: Site, lesson: Lesson) -> dict[str, str]:
    """Of a learner who finished the lesson five days ago."""
    learner_id, finished_at = new_learner_id(), datetime.now(UTC) - timedelta(days=5)
    with writing(site) as session:
        earn_understand_mark(session, learner_id, lesson, finished_at)
        place = (learner_id, lesson.course, lesson.slug)
        award_mark(session.connection(), *place, Stage.PRACTICE, {}, content_digest="", now=finished_at)
    return learner_cookie(site, learner_id)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_day_is_reviewed_card_by_card(new_page, cookie, script):
    phone = new_page(PHONE, script=script)
    phone.context.add_cookies([cookie])
    phone.goto("/", wait_until="load")
    phone.get_by_role("link", name="Ôn lại 3 thẻ hôm nay").click()
    for number in range(1, 4):
        expect(phone.locator(".question__count")).to_have_text(f"Thẻ {number} trong 3")
        phone.wait_for_load_state("load")
        answer_wrongly(phone)
        expect(phone.get_by_role("link", name=re.compile("Xem lại trong bài"))).to_be_visible()
        expect(phone.locator(".question__count")).to_have_text(f"Thẻ {number} trong 3")
        phone.get_by_role("link", name="Tiếp").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Hôm nay bác ôn xong rồi")
    phone.goto("/", wait_until="load")
    expect(phone.get_by_role("link", name=re.compile("Ôn lại"))).to_have_count(0)


def answer_wrongly(phone: Page) -> None:
    """Nothing but the card may be there to go on with."""
    expect(phone.get_by_role("link", name="Tiếp")).to_have_count(0)
    question = phone.locator("question-card")
    if question.count():
        question.get_by_label("Máy nào cũng được").check()
        question.get_by_role("button", name="Trả lời").click()
        return
    screen = phone.locator(".inline-screen form")
    honest = screen.get_by_role("button", name="Hẹn giờ nhận")
    screen.get_by_role("button", name="Cúp máy" if honest.count() else "Đọc mã").click()


def test_large_text_on_a_small_phone_needs_no_scrolling_sideways(new_page, cookie):
    phone = new_page(PHONE | {"viewport": {"width": 320, "height": 640}})
    phone.context.add_cookies([cookie])
    for _ in range(3):
        phone.goto("/on", wait_until="load")
        phone.evaluate("document.documentElement.style.fontSize = '200%'")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 320
        answer_wrongly(phone)
        expect(phone.get_by_role("link", name="Tiếp")).to_be_visible()
        assert phone.evaluate("document.documentElement.scrollWidth") <= 320
