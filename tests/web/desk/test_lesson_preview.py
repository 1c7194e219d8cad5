"""Xem trước bài: what a facilitator reads before class, and what the opening page says about each lesson."""

from __future__ import annotations

import re

import pytest

from lms.web.classroom.desk.class_index import course_choices
from tests import real_courses
from tests.web.class_phones import practice_page
from tests.web.desk_client import PRACTICE_LESSON, QUESTION_LESSON, Desk, class_session_of, open_desk
from tests.web.page_texts import main_text_at, text_of
from tests.web.signed_in_clients import csrf_token, signed_in_client

PREVIEW = f"/dung-lop/bai/{QUESTION_LESSON}"


def test_the_opening_page_unfolds_no_course_until_a_lesson_is_next(minh):
    courses = minh.page("/dung-lop").xpath("//details[.//input[@name='bai']]")
    assert courses
    assert not [course for course in courses if course.get("open") is not None]


def test_the_course_of_the_chosen_lesson_stands_first():
    all_courses = real_courses.library()
    last = list(all_courses)[-1]
    choices = course_choices(all_courses, f"{last.slug}/{last.lessons[0].slug}")
    assert len(choices) > 1
    assert [choice.is_open for choice in choices] == [True] + [False] * (len(choices) - 1)
    assert choices[0].slug == last.slug


def test_each_lesson_says_how_long_it_is_what_it_is_about_and_what_to_bring(minh):
    page = minh.page("/dung-lop")
    [field] = page.xpath("//input[@name='bai'][@value=$lesson]", lesson=QUESTION_LESSON)
    row = text_of(field.getparent())
    assert "Biết mã nào để làm gì. Hiểu 5 phút, dùng." in row
    assert "Mang theo: thẻ căn cước." in row
    described = page.get_element_by_id(field.get("aria-describedby")).text_content()
    assert "5 phút" in described


def test_a_practice_says_how_long_it_takes_a_class(minh):
    [field] = minh.page("/dung-lop").xpath("//input[@name='bai'][@value=$lesson]", lesson=PRACTICE_LESSON)
    row = text_of(field.getparent())
    assert re.search(r"hiểu \d+ phút, tập 1\d phút", row, re.IGNORECASE), row


def test_the_preview_leads_to_the_form_with_that_lesson_and_no_picker(minh):
    assert minh.page("/dung-lop").xpath("//a[@href=$url]", url=PREVIEW)
    [chosen] = minh.page(PREVIEW).xpath("//a[contains(., 'Mở lớp với bài này')]/@href")
    form = minh.page(chosen.partition("#")[0])
    assert form.xpath("//input[@name='bai']/@value") == [QUESTION_LESSON]
    assert not form.xpath("//input[@name='bai'][@type='radio']")
    assert len(form.xpath("//*[contains(@class, 'button--main')]")) == 1
    opened = minh.post("/dung-lop", data={"csrf_token": csrf_token(minh), "bai": QUESTION_LESSON})
    assert opened.status_code == 303
    again = minh.page(chosen.partition("#")[0])
    assert again.xpath("//*[contains(@class, 'button--main')]")[0].text_content().startswith("Mở lớp"), (
        "an open class is there, too, but this page is for the lesson"
    )
    unknown = minh.page("/dung-lop?bai=khong/co")
    assert unknown.xpath("//input[@name='bai'][@type='radio']"), "an address that names no lesson offers all"


def test_the_preview_has_slides_notes_answers_explanations_and_remedies(minh):
    words = main_text_at(minh, PREVIEW)
    for said in (
        "Không đọc mã cho ai.",
        "Hỏi cả phòng trước khi giảng.",
        "Cúp máy đúng",
        "Công an không hỏi mã OTP.",
        "1900 0368",
        "Mã OTP – B. sáu chữ số",
        "Mang theo: Thẻ căn cước.",
        "Chưa cài thì xem bài trước.",
    ):
        assert said in words.replace("\u00a0", " "), said
    assert words.count("Hỏi cả phòng trước khi giảng.") == 1


def test_the_preview_shows_the_way_through_the_practice(minh):
    page = minh.page(f"/dung-lop/bai/{PRACTICE_LESSON}")
    assert page.xpath("//ol[@class='lesson-plan__screens']/li")
    assert page.xpath("//a[contains(@href, 'che-do=xem-mau')]")
    assert "{{" not in page.text_content()


def test_only_a_facilitator_sees_the_right_answers(app, minh):
    anonymous = app.test_client().get(PREVIEW)
    assert (anonymous.status_code, "vao?tiep=" in anonymous.location) == (303, True)
    for roles in ({"helper"}, {"author"}):
        assert signed_in_client(app, "Hoa", roles).get(PREVIEW).status_code == 403
    assert minh.get("/dung-lop/bai/vneid/khong-co").status_code == 404


def test_the_course_of_the_next_lesson_is_unfolded_after_a_class(minh):
    open_desk(minh, QUESTION_LESSON).send_command(close="true")
    opened = minh.page("/dung-lop").xpath("//details[@open]//input[@name='bai'][@checked]/@value")
    assert opened == [PRACTICE_LESSON]


@pytest.mark.slow
def test_a_rehearsal_says_what_it_is_on_desk_wall_phone_and_leaves_no_report(app, minh):
    token = csrf_token(minh)
    opened = minh.post("/dung-lop", data={"csrf_token": token, "bai": PRACTICE_LESSON, "tap-dung-lop": "1"})
    assert opened.status_code == 303
    desk = Desk(minh, opened.location, token)
    assert "Tập đứng lớp, không tính" in desk.page().text_content()
    assert "Tập đứng lớp, không tính" in desk.page("/viec").text_content()
    desk.press("Chiếu bằng máy này")
    assert "Tập đứng lớp" in minh.get("/chieu").text
    code = class_session_of(app, desk).code
    phone = app.test_client()
    assert "lớp để người đứng lớp tập trước" in phone.get(f"/lop/{code}").text
    phone.post(f"/lop/{code}", data={"nguoi": "1"})
    assert "Lớp tập, không tính." in phone.get(f"/lop/{code}").text
    desk.send_command(to="tap")
    assert "lớp tập" in practice_page(phone, phone.post(f"/lop/{code}/tap").location).text_content()
    desk.send_command(close="true")
    closed = desk.words()
    assert "tập đứng lớp: không có báo cáo" in closed
    assert "Xem báo cáo" not in closed
    assert minh.get(f"{desk.base}/bao-cao").status_code == 404
    assert minh.get(f"{desk.base}/bao-cao.csv").status_code == 404
    assert desk.base not in minh.get("/dung-lop/bao-cao").text
    journal = signed_in_client(app, "Thu", {"organiser"}).get("/quan-ly/nhat-ky").text
    assert "mở lớp" not in journal


def test_a_class_is_no_rehearsal(app, desk):
    assert "Tập đứng lớp" not in desk.page().text_content()
    assert "Lớp tập" not in app.test_client().get(f"/lop/{class_session_of(app, desk).code}").text


def test_the_preview_opens_a_rehearsal(app, minh):
    desk = Desk(minh, f"/dung-lop/bai/{PRACTICE_LESSON}", "")
    opened = desk.press("Tập đứng lớp")
    assert class_session_of(app, Desk(minh, opened.location, "")).is_rehearsal
    assert "Tập đứng lớp: lớp" in minh.page("/dung-lop").text_content()
