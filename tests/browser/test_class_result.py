"""A learner on the result page of the class practice is told when the class goes on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.attempts import go_by_requests
from tests.browser.class_pages import class_code, class_part, join_class_session, open_class_session, send_command
from tests.browser.conftest import PHONE
from tests.browser.inspection import Inspector
from tests.browser.learner import Learner
from tests.browser.lessons import lesson

SHORT = "so-suc-khoe/on-ca-khoa"


@pytest.fixture
def lan(new_page, desk: Page) -> Page:
    """Lan's phone at the result of the practice; the class is still at it."""
    open_class_session(desk, SHORT)
    page = new_page(PHONE)
    join_class_session(page, class_code(desk))
    with page.expect_navigation(url="**/toi/luot/*"):
        send_command(desk, to="tap")
    practice = lesson(SHORT).practice
    go_by_requests(page, page.url, practice, practice.goal)
    page.reload(wait_until="load")
    Learner(page).open_result()
    return page


def visible_status(page: Page):
    return page.locator("result-class-bar [data-place]:visible")


def test_the_result_page_returns_to_class_when_the_class_goes_on(desk, lan):
    expect(visible_status(lan)).to_have_text("Cả lớp còn đang tập. Lớp đi tiếp thì máy tự về lớp.")
    result = lan.url
    with lan.expect_navigation(url="**/lop/*"):
        send_command(desk, to="dung")
    expect(class_part(lan, "dung")).to_be_visible()
    lan.goto(result)
    expect(visible_status(lan)).to_have_text("Lớp đã sang phần khác. Mời bác chạm “Về lớp”.")
    lan.get_by_role("link", name="Về lớp").click()
    expect(class_part(lan, "dung")).to_be_visible()


def test_the_result_leads_to_the_end_when_the_class_is_closed(desk, lan):
    expect(visible_status(lan)).to_contain_text("Cả lớp còn đang tập.")
    with lan.expect_navigation(url=re.compile(r"/lop/\d{6}/ket$")):
        send_command(desk, close="true")
    expect(lan.locator("h1")).to_have_text("Cảm ơn bác đã học cùng lớp")


def test_a_learner_who_returns_to_class_is_told_to_wait_until_it_goes_on(desk, lan):
    lan.get_by_role("link", name="Về lớp").click()
    expect(class_part(lan, "tap")).to_contain_text("Bác tập xong rồi")
    expect(class_part(lan, "tap")).to_contain_text("Mời bác đợi cả lớp")
    send_command(desk, to="dung")
    expect(class_part(lan, "dung")).to_be_visible()


def test_who_has_finished_stays_finished_when_the_class_goes_back(desk, lan):
    with lan.expect_navigation(url="**/lop/*"):
        send_command(desk, to="dung")
    expect(class_part(lan, "dung")).to_be_visible()
    send_command(desk, to="tap")
    expect(class_part(lan, "tap")).to_contain_text("Bác tập xong rồi")
    once_more = lan.get_by_role("button", name="Tập thêm một lượt")
    expect(once_more).to_be_visible()
    with lan.expect_navigation(url="**/toi/luot/*"):
        once_more.click()
    for number, count in (("practising", "0"), ("done", "1")):
        expect(desk.locator(f"[data-number={number}]")).to_have_text(count)


def test_the_result_page_in_class_is_accessible(desk, lan):
    inspector = Inspector(lan)
    expect(visible_status(lan)).to_contain_text("Cả lớp còn đang tập.")
    inspector.inspect_on_phones("the class practises")
    send_command(desk, paused="true")
    expect(visible_status(lan)).to_have_text("Mời bác nhìn lên màn chiếu.")
    lan.locator("raise-hand button").click()
    expect(lan.locator("[data-raised]")).to_be_visible()
    inspector.inspect_on_phones("paused, with a hand up")
    assert inspector.found == {}
