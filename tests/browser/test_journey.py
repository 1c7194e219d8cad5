"""The whole journey of a learner in a browser: three stages, the badge, and its verification."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from lms.learning.learners.learner_store import new_learner_id
from tests.browser import journeys
from tests.browser.conftest import PHONE, PROJECTOR
from tests.browser.input_devices import Keyboard, Mouse
from tests.browser.learner import Learner
from tests.browser.lessons import first_single_choice, lesson
from tests.browser.site_process import Site
from tests.browser.site_store import writing
from tests.browser.stored_learners import earn_understand_mark, learner_cookie
from tests.browser.waiting import MAX_RETRIES

ACTIVATION = "/vneid/kich-hoat"
OPENING = "/vneid/cai-ung-dung-that"


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_three_marks_and_a_badge_that_somebody_else_verifies(new_page, script):
    lan = Learner(new_page(PHONE, script=script), script=script)
    badge = journeys.complete_lesson(lan, lesson(ACTIVATION), name="Nguyễn Thị Lan")
    expect(lan.page.locator("h1")).to_have_text("Nguyễn Thị Lan")
    assert lan.earned_marks(lesson(ACTIVATION)) == journeys.ALL_MARKS
    stranger = new_page(PHONE, script=script)
    journeys.verify_badge(stranger, badge, name="Nguyễn Thị Lan")
    journeys.verify_badge_file(
        stranger,
        stranger.request.get(f"{badge}.png", max_retries=MAX_RETRIES).body(),
        name="Nguyễn Thị Lan",
    )


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_the_first_mark_keeps_the_page_at_the_last_answer(new_page, script):
    """With a question still open below, and her learning code at the end of the page."""
    page = new_page(PHONE, script=script)
    lan, first = Learner(page, script=script), lesson(OPENING)
    lan.open(f"{OPENING}/hieu")
    for question in first.understand.graded_questions[:-1]:
        lan.answer_correctly(question)
    expect(page.locator("#xong .stage-mark")).to_be_attached()
    expect(page.locator(f"#{question.id}")).to_be_in_viewport()
    expect(page.locator("h2", has_text="Mã học của bác")).to_be_attached()


def test_a_badge_without_a_name_verifies_on_a_wide_screen(new_page):
    lan = Learner(new_page(PROJECTOR), device=Mouse())
    badge = journeys.complete_lesson(lan, lesson(ACTIVATION))
    expect(lan.page.locator("main")).to_contain_text("Người học không ghi tên")
    assert lan.earned_marks(lesson(ACTIVATION)) == journeys.ALL_MARKS
    journeys.verify_badge(new_page(PHONE), badge)


def test_the_whole_journey_by_keyboard(new_page):
    lan = Learner(new_page(PROJECTOR), device=Keyboard())
    badge = journeys.complete_lesson(lan, lesson(ACTIVATION), name="Nguyễn Thị Lan")
    journeys.verify_badge(new_page(PHONE), badge, name="Nguyễn Thị Lan")


@pytest.fixture
def someone(new_page: Callable[..., Page], site: Site) -> Callable[..., Learner]:
    """The phone of somebody who has the first mark of a lesson."""

    def someone(*, script: bool = True) -> Learner:
        learner_id = new_learner_id()
        with writing(site) as session:
            earn_understand_mark(session, learner_id, lesson(OPENING), datetime.now(UTC))
        page = new_page(PHONE, script=script)
        page.context.add_cookies([learner_cookie(site, learner_id)])
        return Learner(page, script=script)

    return someone


def test_the_learning_code_carries_marks_to_another_phone(new_page: Callable[..., Page], someone):
    lan = someone()
    code = lan.learning_code()
    second = Learner(new_page(PHONE))
    second.enter_learning_code(code.lower())
    assert second.earned_marks(lesson(OPENING)) == ["hiểu"]


def test_the_qr_code_asks_before_it_opens_the_learners_page(new_page, someone):
    lan = someone()
    code = lan.learning_code()
    second = Learner(new_page(PHONE))
    second.open(f"/toi/vao/{code}")
    assert second.page.context.cookies() == []
    second.press_main_button()
    assert second.earned_marks(lesson(OPENING)) == ["hiểu"]


def test_two_learners_on_a_shared_phone_do_not_see_each_others_answers(new_page):
    phone = new_page(PHONE)
    question = first_single_choice(lesson(OPENING).understand.graded_questions)
    lan = Learner(phone)
    lan.open(f"{OPENING}/hieu")
    lan.answer_correctly(question)
    lan.open("/toi")
    lan.device.write(phone.locator("#ten-minh"), "Lan")
    lan.device.press(phone.get_by_role("button", name="Tôi dùng máy chung"))
    phone.wait_for_url("**/")
    minh = Learner(phone)
    minh.open(f"{OPENING}/hieu")
    assert not minh.is_answered(question)
    minh.open("/toi")
    minh.device.press(phone.get_by_role("button", name="Đổi sang bác Lan"))
    phone.wait_for_url("**/")
    lan.open(f"{OPENING}/hieu")
    assert lan.is_answered(question)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_learner_can_delete_all_data(new_page, someone, script):
    lan = someone(script=script)
    code = lan.learning_code()
    lan.device.press(lan.page.locator("details summary", has_text="Quên tôi"))
    lan.device.press(lan.page.locator("form[action='/toi/quen'] button"))
    lan.wait_for("h1", has_text="Bác chắc chắn muốn xóa hết?")  # the same button was on the page before
    lan.device.press(lan.page.get_by_role("button", name="Xóa hết, quên tôi"))
    lan.wait_for("h1", has_text="Đã xóa hết")
    assert lan.earned_marks(lesson(OPENING)) == []
    stranger = new_page(PHONE)
    stranger.goto(f"/toi/vao/{code}")
    expect(stranger.locator("h1")).to_have_text("Mã này không còn dùng được")
