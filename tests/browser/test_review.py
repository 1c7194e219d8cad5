"""A day's review on a phone, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from lms.content.library import read_library
from lms.content.model import Lesson, Stage
from lms.http.learner_cookie import COOKIE_NAME, LearnerCookie, dump_cookie
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.marks.marks import award_mark
from lms.learning.store.database import make_engine, write_sessions
from lms.learning.understand.answers import save_answer
from tests.browser.conftest import PHONE
from tests.browser.lessons import right_options
from tests.browser.site_process import Site, serve_site
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
    learner_id, engine = new_learner_id(), make_engine(f"sqlite:///{site.data_dir / 'lms.sqlite3'}")
    with write_sessions(engine).begin() as session:
        finish(session, learner_id, lesson, datetime.now(UTC) - timedelta(days=5))
    engine.dispose()
    secret = (site.data_dir / "secret-key").read_text("ascii").strip()
    return {"name": COOKIE_NAME, "value": dump_cookie(secret, LearnerCookie((learner_id,))), "url": site.url}


def finish(session: Session, learner_id: str, lesson: Lesson, now: datetime) -> None:
    key = {"learner_id": learner_id, "course": lesson.course, "lesson": lesson.slug}
    for question in lesson.understand.graded_questions:
        save_answer(
            session,
            understand=lesson.understand,
            question_id=question.id,
            given=right_options(question),
            now=now,
            **key,
        )
    award_mark(session.connection(), *key.values(), Stage.PRACTICE, {}, content_digest="", now=now)


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
