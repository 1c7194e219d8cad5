"""Appointments for publishing that end when a lesson is hidden or shown, and what the workshop says of it."""

from __future__ import annotations

from typing import Any

import pytest

from lms.learning.workshop import hiding
from lms.learning.workshop.publication_check import CheckedChanges
from lms.web import clock
from tests.web.page_texts import page_text_at
from tests.web.workshop.author_actions import post
from tests.web.workshop.visibility.computer_course import (
    FILE,
    LESSON,
    TEXT,
    approve,
    hour_of_appointment,
    lesson_row,
    save_text,
    told_before_showing,
)

pytestmark = pytest.mark.slow


def test_hiding_says_before_and_after_that_an_appointment_is_off(author, second, reload):
    save_text(author, FILE, TEXT.replace("Chữ.", "Chữ mới."))
    approve(author, second, FILE, 2)
    post(second, "/soan/dang/may", tep=FILE, ngay="2099-01-01", gio="07:00")
    reload()
    assert "đã hẹn đăng" in lesson_row(author, "khac")
    assert "Người học thấy" not in page_text_at(author, f"/soan/lich-su/may/{FILE}"), (
        "the folder's text is no revision to them"
    )
    [form] = second.page("/soan/dang/may").xpath(f"//form[@action='/soan/an/may/{LESSON}']")
    assert "Đang hẹn đăng 7 giờ 00, ngày 1 tháng 1 năm 2099. Ẩn là bỏ lần hẹn ấy." in form.text_content()
    hidden = post(second, f"/soan/an/may/{LESSON}", viec="an")
    told = page_text_at(second, hidden.location)
    assert "Đã ẩn bài, và bỏ lần hẹn giờ đăng của bài." in told
    assert "(thôi hẹn)" in told and "(đã hẹn)" not in told and "Bỏ lần hẹn này" not in told
    assert "Sau đó đã ẩn hay đăng lại Bài khác, phần Hiểu, nên lần hẹn này không còn." in told
    assert "Bài khác đang ẩn. Đăng một tệp của bài là hiện lại cả bài." in told
    post(second, "/soan/dang/may", tep=FILE)
    reload()
    assert "đã đăng" in lesson_row(author, "khac")


def test_showing_says_before_and_after_that_an_appointment_is_off(author, second, reload):
    post(second, f"/soan/an/may/{LESSON}", viec="an")
    save_text(author, FILE, TEXT.replace("Chữ.", "Chữ mới."), parent=1)
    approve(author, second, FILE, 2)
    post(second, "/soan/dang/may", tep=FILE, ngay="2099-01-01", gio="07:00")
    reload()
    told = told_before_showing(second)
    assert "Đang hẹn đăng 7 giờ 00, ngày 1 tháng 1 năm 2099. Hiện lại bây giờ là bỏ lần hẹn ấy." in told
    told = page_text_at(second, post(second, f"/soan/an/may/{LESSON}", viec="hien").location)
    assert "Đã hiện lại bài, và bỏ lần hẹn giờ đăng của bài." in told
    assert "(thôi hẹn)" in told and "(đã hẹn)" not in told


def test_a_lesson_whose_appointment_comes_while_it_is_checked_is_not_shown_as_it_was_before(
    author, second, monkeypatch
):
    post(second, f"/soan/an/may/{LESSON}", viec="an")
    save_text(author, FILE, TEXT.replace("Chữ.", "Chữ mới."), parent=1)
    approve(author, second, FILE, 2)
    due = hour_of_appointment()
    post(second, "/soan/dang/may", tep=FILE, ngay=due.date().isoformat(), gio=f"{due:%H:%M}")
    check_showing = hiding.check_showing

    def check_until_due(*given: Any, **named: Any) -> CheckedChanges:
        checked = check_showing(*given, **named)
        monkeypatch.setattr(clock, "now", lambda: due)
        return checked

    monkeypatch.setattr(hiding, "check_showing", check_until_due)
    refused = post(second, f"/soan/an/may/{LESSON}", viec="hien")
    assert refused.status_code == 409 and "Chưa hiện lại" in refused.text
    assert "(thôi hẹn)" not in page_text_at(second, "/soan/dang/may"), "the appointment came, and stays"


def test_what_a_later_appointment_needs_stays_and_the_page_says_which_appointment_that_is(author, second):
    text = "---\ntên: Bài mới\nphút: 3\n---\n\n## Một\n\nChữ.\n"
    linking = TEXT.replace("Chữ.", "Xem [bài mới](../03-moi/hieu.md).")
    for path, written, day in (("03-moi/hieu.md", text, "01"), (FILE, linking, "02")):
        save_text(author, path, written)
        approve(author, second, path, 2 if path == FILE else 1)
        post(second, "/soan/dang/may", tep=path, ngay=f"2099-01-{day}", gio="07:00")
    later, earlier = second.page("/soan/dang/may").xpath("//form[contains(@action, '/bo-hen/')]/@action")
    refused = post(second, earlier)
    assert refused.status_code == 422
    assert "lần hẹn 7 giờ 00, ngày 2 tháng 1 năm 2099 cần có nó trước" in refused.text
    assert page_text_at(second, "/soan/dang/may").count("(đã hẹn)") == 2
    for each in (later, earlier):
        assert "Đã bỏ lần hẹn ấy." in page_text_at(second, post(second, each).location)


def test_a_lesson_whose_place_a_scheduled_one_takes_is_not_shown_and_the_page_says_which_appointment_that_is(
    author, second
):
    post(second, f"/soan/an/may/{LESSON}", viec="an")
    path, text = "03-moi/hieu.md", TEXT.replace("phút: 3", "phút: 3\nchuyển từ: khac")
    save_text(author, path, text)
    approve(author, second, path, 1)
    post(second, "/soan/dang/may", tep=path, ngay="2099-01-01", gio="07:00")
    refused = post(second, f"/soan/an/may/{LESSON}", viec="hien")
    assert refused.status_code == 422
    assert "hiện thì tới lần hẹn 7 giờ 00, ngày 1 tháng 1 năm 2099, khóa học có lỗi" in refused.text
    assert "Đang ẩn: Bài khác" in page_text_at(second, "/soan/dang/may")
