"""What the workshop says of hidden lessons, and of lessons that can be hidden."""

from __future__ import annotations

import pytest
from lxml import html

from tests.web.page_texts import page_text_at
from tests.web.workshop.author_actions import post
from tests.web.workshop.visibility.computer_course import (
    FILE,
    LESSON,
    SLUG,
    TEXT,
    approve,
    lesson_row,
    save_text,
    told_before_showing,
)

pytestmark = pytest.mark.slow


def test_a_lesson_is_shown_again_with_what_the_folder_changed_meanwhile(second, lan, reload, courses):
    assert post(second, f"/soan/an/may/{SLUG}", viec="an").status_code == 303
    reload()
    told = told_before_showing(second)
    assert told == "Hiện lại thì người học đọc bản mới nhất đã đăng. Hiện lại Bài khác"
    (courses / "may" / FILE).write_text(TEXT.replace("Chữ.", "Chữ vừa kéo về."), "utf-8")
    reload()
    assert lan.get("/may/khac/hieu").status_code == 404
    assert "Đã hiện lại bài" in page_text_at(second, post(second, f"/soan/an/may/{SLUG}", viec="hien").location)
    reload()
    assert "Chữ vừa kéo về." in page_text_at(lan, "/may/khac/hieu")


def test_lists_say_of_a_hidden_lesson_that_it_is_hidden(author, second, reload):
    assert "đã đăng" in lesson_row(author, "khac")
    post(second, f"/soan/an/may/{SLUG}", viec="an")
    reload()
    assert "đang ẩn" in lesson_row(author, "khac") and "đã đăng" not in lesson_row(author, "khac")
    assert author.page("/soan/may").xpath("//a[contains(., 'đang ẩn')]/@href") == ["/soan/dang/may"]
    history = page_text_at(author, f"/soan/lich-su/may/{FILE}")
    assert "Phần này đang ẩn, người học không thấy." in history
    assert "đang đăng" not in history
    save_text(author, FILE, TEXT.replace("Chữ.", "Chữ nháp."))
    assert "đang ẩn: Bài khác bản nháp" in lesson_row(author, "khac")


def test_only_what_learners_read_can_be_hidden(author, second):
    begun = post(author, "/soan/bai-moi/may", ten="Bài nháp").location
    assert "/03-bai-nhap/" in begun
    actions = second.page("/soan/dang/may").xpath("//form[.//button[@value='an']]/@action")
    assert sorted(set(actions)) == [f"/soan/an/may/{SLUG}", "/soan/an/may/mo-may"]


def test_hiding_the_last_lesson_that_learners_see_says_that_the_course_goes_with_it(second, lan, reload, courses):
    (courses / "may" / FILE).write_text(TEXT.replace("phút: 3\n", "phút: 3\nnháp: có\n"), "utf-8")
    reload()
    [form] = second.page("/soan/dang/may").xpath("//form[@action='/soan/an/may/mo-may'][not(.//input[@name='tieng'])]")
    assert "Đây là bài cuối người học thấy: cả khóa sẽ ẩn theo." in form.text_content()
    hidden = post(second, "/soan/an/may/mo-may", viec="an")
    assert "Đã ẩn bài" in page_text_at(second, hidden.location)
    reload()
    assert lan.get("/may").status_code == 404
    post(second, "/soan/an/may/mo-may", viec="hien")
    reload()
    assert lan.get("/may").status_code == 200


def test_the_only_lesson_of_a_course_is_not_offered_for_hiding_and_the_page_says_what_does(second, courses, reload):
    (courses / "may" / FILE).unlink()
    (courses / "may" / LESSON).rmdir()
    reload()
    page = second.page("/soan/dang/may")
    assert not page.xpath("//form[@action='/soan/an/may/mo-may'][not(.//input[@name='tieng'])]")
    assert "Đây là bài duy nhất của khóa, nên chưa ẩn riêng được." in page.text_content()
    assert "Bác nhờ người soạn bài thêm giúp." in page.text_content() and "Mở trang khóa" not in page.text_content()
    refused = post(second, "/soan/an/may/mo-may", viec="an")
    assert refused.status_code == 422 and "bài duy nhất của khóa" in refused.text
    assert "Chưa đăng" not in refused.text


def test_a_course_of_one_lesson_goes_by_the_line_that_the_page_names(author, second, lan, reload, courses):
    (courses / "may" / FILE).unlink()
    (courses / "may" / LESSON).rmdir()
    page = (courses / "may" / "course.md").read_text("utf-8")
    save_text(author, "course.md", page.replace("---\n", "---\nnháp: có\n", 1))
    approve(author, second, "course.md", 2)
    post(second, "/soan/dang/may", tep="course.md")
    reload()
    assert lan.get("/may").status_code == 404


def test_who_publishes_but_does_not_write_is_led_to_no_page_that_refuses(author, second, courses):
    post(author, f"/soan/chep/may/{LESSON}", khoa="may", viec="chep")
    path = "03-khac-2/hieu.md"
    approve(author, second, path, 1)
    course_page = courses / "may" / "course.md"
    course_page.write_text(course_page.read_text("utf-8").replace("ngày: 2026", "ngày: tháng"), "utf-8")
    for client, editors in ((second, []), (author, [f"/soan/may/{path}", "/soan/may/course.md"])):
        refused = post(client, "/soan/dang/may", tep=path)
        assert refused.status_code == 422 and "khóa học còn lỗi" in refused.text
        links = html.fromstring(refused.text).xpath("//main//a/@href")
        told = {link.partition("#")[0] for link in links if link.startswith("/soan/may/")}
        assert told == set(editors)
        assert ("Bác nhờ người soạn bài xóa giúp." in refused.text) == (client is second)
