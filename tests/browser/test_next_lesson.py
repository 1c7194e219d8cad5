"""An evening of two lessons in browsers: phones, wall and desk follow to the second lesson by themselves."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.class_pages import (
    LESSON_WITH_PRACTICE,
    choose_lesson,
    class_code,
    join_class_session,
    open_class_session,
    open_question,
    pair_projector,
    send_command,
)
from tests.browser.conftest import PHONE
from tests.browser.lessons import library

OF_ANOTHER_APP = "etax/cai-va-dang-nhap"


def test_every_screen_follows_to_the_second_lesson_of_the_evening(new_page, desk, wall):
    base = open_class_session(desk, LESSON_WITH_PRACTICE)
    code = class_code(desk)
    pair_projector(desk, wall)
    lan, busy, plain = new_page(PHONE), new_page(PHONE), new_page(PHONE, script=False)
    for phone in (lan, busy, plain):
        join_class_session(phone, code)
    send_command(desk, to="tap")
    busy.wait_for_url("**/toi/luot/*")
    lan.wait_for_url("**/toi/luot/*")
    expect(busy.locator("class-bar .class-bar__seat")).to_be_visible()
    attempt = busy.url
    busy.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")
    send_command(desk, to="ket")
    expect(busy.locator("[data-status]")).to_be_in_viewport()
    lan.get_by_role("link", name="Xem dấu và mã học").click()
    lan.wait_for_url(f"**/lop/{code}/ket")
    wall.evaluate("window.isSameDocument = true")
    sheets = wall.locator("link[rel=stylesheet]").evaluate_all("links => links.map(({ href }) => href)")

    desk.goto(base)
    desk.get_by_role("link", name="Học tiếp bài khác").click()
    desk.wait_for_load_state("load")
    choose_lesson(desk, OF_ANOTHER_APP)
    desk.get_by_role("button", name="Học tiếp").click()
    expect(desk.get_by_role("status").filter(has_text="Các máy tự theo")).to_be_visible()

    lesson = library().lesson(*OF_ANOTHER_APP.split("/"))
    lan.wait_for_url(re.compile(rf"/lop/{code}$"))  # from the marks of the first lesson
    expect(lan.locator(".seat__lesson")).to_have_text(lesson.name)
    expect(lan.locator(".seat__number")).to_have_text("Số 1")
    expect(plain.locator(".seat__lesson")).to_have_text(lesson.name)  # looks again by itself
    expect(wall).to_have_title(f"Màn chiếu: {lesson.name}")
    assert wall.evaluate("window.isSameDocument")  # it stays in full screen
    fresh = wall.locator("link[rel=stylesheet]").evaluate_all("links => links.map(({ href }) => href)")
    assert fresh[-1] == sheets[-1]
    assert fresh != sheets  # the phones of another app
    # Who still practises the first lesson finishes it, and is not stopped by a pause screen of the second.
    assert busy.url == attempt
    expect(busy.locator("[data-status]")).to_be_visible()

    question = lesson.understand.questions[0]
    send_command(desk, to=f"hoi-{question.id}")
    send_command(desk, step=f"hoi-{question.id}", phase="open")
    expect(open_question(lan)).to_be_visible()
    lan.evaluate("window.isSameDocument = true")
    busy.get_by_role("link", name="Về lớp").click()
    expect(open_question(busy)).to_be_visible()
    assert lan.evaluate("window.isSameDocument")  # it came once, and stays
