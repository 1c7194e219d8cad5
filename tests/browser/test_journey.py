"""Someone who never used VNeID learns, practises and holds a badge, in a real browser, from first tap to last."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import journeys
from tests.browser.citizen import Citizen
from tests.browser.conftest import PHONE, PROJECTOR
from tests.browser.hands import Finger, Keyboard, Mouse
from tests.browser.lessons import lesson, wrongable
from tests.browser.waiting import RECONNECTS

ACTIVATION = "/vneid/kich-hoat"
OPENING = "/vneid/cai-ung-dung-that"


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_on_a_phone_she_earns_three_marks_and_a_badge_that_a_stranger_verifies(take, script):
    lan = Citizen(take(PHONE, script=script), script=script)
    badge = journeys.learns_a_whole_lesson(lan, lesson(ACTIVATION), name="Nguyễn Thị Lan")
    expect(lan.page.locator("h1")).to_have_text("Nguyễn Thị Lan")
    assert lan.marks(lesson(ACTIVATION)) == journeys.ALL_MARKS
    stranger = take(PHONE, script=script)
    journeys.verifies(stranger, badge, name="Nguyễn Thị Lan")
    journeys.verifies_a_file(
        stranger, stranger.request.get(f"{badge}.png", max_retries=RECONNECTS).body(), name="Nguyễn Thị Lan"
    )


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_the_first_mark_leaves_her_at_the_answer_she_gave(take, script):
    """With a question still open below, and her learning code at the end of the page."""
    page = take(PHONE, script=script)
    lan, first = Citizen(page, script=script), lesson(OPENING)
    lan.opens(f"{OPENING}/hieu")
    for question in first.understand.graded[:-1]:
        lan.answers_rightly(question)
    expect(page.locator("#xong .seal")).to_be_attached()
    expect(page.locator(f"#{question.id}")).to_be_in_viewport()
    expect(page.locator("h2", has_text="Mã học của bác")).to_be_attached()


def test_on_a_wide_screen_without_a_name_the_badge_verifies_too(take):
    lan = Citizen(take(PROJECTOR), hands=Mouse())
    badge = journeys.learns_a_whole_lesson(lan, lesson(ACTIVATION))
    expect(lan.page.locator("main")).to_contain_text("Người học không ghi tên")
    assert lan.marks(lesson(ACTIVATION)) == journeys.ALL_MARKS
    journeys.verifies(take(PHONE), badge)


def test_with_the_keyboard_alone_she_gets_as_far(take):
    lan = Citizen(take(PROJECTOR), hands=Keyboard())
    badge = journeys.learns_a_whole_lesson(lan, lesson(ACTIVATION), name="Nguyễn Thị Lan")
    journeys.verifies(take(PHONE), badge, name="Nguyễn Thị Lan")


def test_the_learning_code_carries_her_marks_to_a_second_phone(take: Callable[..., Page]):
    lan = Citizen(take(PHONE))
    lan.opens(f"{OPENING}/hieu")
    lan.answers_everything(lesson(OPENING))
    code = lan.learning_code()
    second = Citizen(take(PHONE))
    second.enters_code(code.lower())
    assert second.marks(lesson(OPENING)) == ["hiểu"]


def test_the_square_of_the_code_opens_her_page_only_after_she_agrees(take):
    lan = Citizen(take(PHONE))
    lan.opens(f"{OPENING}/hieu")
    lan.answers_everything(lesson(OPENING))
    code = lan.learning_code()
    second = Citizen(take(PHONE))
    second.opens(f"/toi/vao/{code}")
    assert second.page.context.cookies() == []
    second.goes_on()
    assert second.marks(lesson(OPENING)) == ["hiểu"]


def test_two_people_share_a_phone_and_neither_sees_the_others_answers(take):
    phone = take(PHONE)
    question = wrongable(lesson(OPENING).understand.graded)
    lan = Citizen(phone)
    lan.opens(f"{OPENING}/hieu")
    lan.answers_rightly(question)
    lan.opens("/toi")
    lan.hands.write(phone.locator("#ten-minh"), "Lan")
    lan.hands.press(phone.get_by_role("button", name="Tôi dùng máy chung"))
    phone.wait_for_url("**/")
    minh = Citizen(phone)
    minh.opens(f"{OPENING}/hieu")
    assert not minh.has_answered(question)
    minh.opens("/toi")
    minh.hands.press(phone.get_by_role("button", name="Đổi sang bác Lan"))
    phone.wait_for_url("**/")
    lan.opens(f"{OPENING}/hieu")
    assert lan.has_answered(question)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_whoever_asks_to_be_forgotten_is(take, script, site):
    lan = Citizen(take(PHONE, script=script), script=script, hands=Finger())
    lan.opens(f"{OPENING}/hieu")
    lan.answers_everything(lesson(OPENING))
    code = lan.learning_code()
    lan.hands.press(lan.page.locator("details summary", has_text="Quên tôi"))
    lan.hands.press(lan.page.locator("form[action='/toi/quen'] button"))
    lan.comes_to("h1", has_text="Bác chắc chắn muốn xóa hết?")  # the same button was on the page before
    lan.hands.press(lan.page.get_by_role("button", name="Xóa hết, quên tôi"))
    lan.comes_to("h1", has_text="Đã xóa hết")
    assert lan.marks(lesson(OPENING)) == []
    stranger = take(PHONE)
    stranger.goto(f"/toi/vao/{code}")
    expect(stranger.locator("h1")).to_have_text("Mã này không còn dùng được")
