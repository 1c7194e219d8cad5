"""Whoever has finished the class's practice and stays at her result hears of the class, and goes on with it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.citizen import Citizen
from tests.browser.classes import code_of, command, joins, opens_class, part
from tests.browser.conftest import PHONE
from tests.browser.inspection import Inspector
from tests.browser.lessons import lesson
from tests.browser.practising import Practising

SHORT = "so-suc-khoe/bon-cuon-so"


@pytest.fixture
def lan(take, desk: Page) -> Page:
    """Lan's phone at the result of the practice; the class is still at it."""
    opens_class(desk, SHORT)
    page = take(PHONE)
    joins(page, code_of(desk))
    with page.expect_navigation(url="**/toi/luot/*"):
        command(desk, to="tap")
    citizen = Citizen(page)
    Practising(page, citizen.hands, lesson(SHORT).practice, script=True).goes_the_expected_way()
    citizen.looks_at_the_result()
    return page


def said(page: Page):
    return page.locator("[data-where]:visible")


def test_the_result_goes_back_to_class_by_itself_when_the_class_goes_on(desk, lan):
    expect(said(lan)).to_have_text("Cả lớp còn đang tập. Lớp đi tiếp thì máy tự về lớp.")
    result = lan.url
    with lan.expect_navigation(url="**/lop/*"):
        command(desk, to="dung")
    expect(part(lan, "dung")).to_be_visible()
    lan.goto(result)
    expect(said(lan)).to_have_text("Lớp đã sang phần khác. Mời bác chạm “Về lớp”.")
    lan.get_by_role("link", name="Về lớp").click()
    expect(part(lan, "dung")).to_be_visible()


def test_the_result_leads_to_the_end_when_the_class_is_closed(desk, lan):
    expect(said(lan)).to_contain_text("Cả lớp còn đang tập.")
    with lan.expect_navigation(url=re.compile(r"/lop/\d{6}/ket$")):
        command(desk, close="true")
    expect(lan.locator("h1")).to_have_text("Cảm ơn bác đã học cùng lớp")


def test_back_in_class_she_is_told_that_she_is_done_until_the_class_goes_on(desk, lan):
    lan.get_by_role("link", name="Về lớp").click()
    expect(part(lan, "tap")).to_contain_text("Bác tập xong rồi")
    expect(part(lan, "tap")).to_contain_text("Mời bác đợi cả lớp")
    command(desk, to="dung")
    expect(part(lan, "dung")).to_be_visible()


def test_a_result_in_class_is_fit_for_old_eyes_and_fingers(desk, lan):
    inspector = Inspector(lan)
    expect(said(lan)).to_contain_text("Cả lớp còn đang tập.")
    inspector.looks_on_phones("the class practises")
    command(desk, paused="true")
    expect(said(lan)).to_have_text("Mời bác nhìn lên màn chiếu.")
    lan.locator("[data-hand] button").click()
    expect(lan.locator("[data-raised]")).to_be_visible()
    inspector.looks_on_phones("paused, with a hand up")
    assert inspector.found == {}
