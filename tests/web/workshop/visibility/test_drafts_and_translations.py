"""What the workshop says of drafts and of a lesson's translations: what learners see of them, and what they do not."""

from __future__ import annotations

import pytest

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
)

pytestmark = pytest.mark.slow


def test_the_list_of_lessons_says_which_are_translated_and_how_far(author, second, reload, courses):
    assert "Bản tiếng Anh: người học đọc được" in lesson_row(author, "mo-may")
    assert "Bản tiếng Anh" not in lesson_row(author, "khac")
    original = courses / "may" / "01-mo-may" / "hieu.md"
    original.write_text(original.read_text("utf-8").replace("Bấm nút bên phải.", "Bấm nút ở bên phải."), "utf-8")
    reload()
    assert "Bản tiếng Anh: người học đọc được Hiểu cũ hơn bản tiếng Việt" in lesson_row(author, "mo-may")
    post(second, "/soan/an/may/mo-may", viec="an", tieng="en")
    reload()
    assert "Bản tiếng Anh: đang ẩn" in lesson_row(author, "mo-may")
    assert "đã đăng" in lesson_row(author, "mo-may"), "the lesson itself is not"


def test_a_translation_that_is_begun_waits_or_does_not_fit_is_told_beside_the_lesson(author, second, reload, courses):
    english = FILE.replace(".md", ".en.md")
    save_text(author, english, TEXT.replace("Bài khác", "Another lesson"))
    assert "Bản tiếng Anh: bản nháp" in lesson_row(author, "khac")
    assert lesson_row(author, "khac").startswith("Bài 2. Bài khác đã đăng")
    approve(author, second, english, 1)
    assert "Bản tiếng Anh: đã duyệt" in lesson_row(author, "khac")
    (courses / "may" / "01-mo-may" / "lam.en.md").unlink()
    reload()
    assert "Bản tiếng Anh: người học đọc được Hiểu, Dùng" in lesson_row(author, "mo-may")
    (courses / "may" / "02-khac" / "hieu.ja.md").write_text(TEXT.replace("## Một\n", "## Một\n\n## Hai\n"), "utf-8")
    reload()
    assert "Bản ja: chưa khớp bản tiếng Việt nên chưa hiện" in lesson_row(author, "khac")


def test_a_copied_lesson_is_called_a_draft_before_and_after_it_is_published(author, second, reload):
    post(author, f"/soan/chep/may/{LESSON}", khoa="may", viec="chep")
    path = "03-khac-2/hieu.md"
    approve(author, second, path, 1)
    before = page_text_at(author, "/soan/dang/may")
    assert "còn là bản nháp: đăng rồi người học vẫn chưa thấy" in before and "xóa dòng “nháp: có”" in before
    published = post(author, "/soan/dang/may", tep=path).location
    reload()
    after = author.page(published)
    assert "Trong hai giây" not in after.text_content() and "còn là bản nháp" in after.text_content()
    assert f"/soan/may/{path}" in after.xpath("//main//a/@href")
    assert "nháp, người học chưa thấy" in lesson_row(author, "khac-2") and "đã đăng" not in lesson_row(author, "khac-2")
    history = page_text_at(author, f"/soan/lich-su/may/{path}")
    assert "nháp, người học chưa thấy" in history and "Người học thấy bản" not in history
    copied = author.page(f"/soan/may/{path}").xpath("//textarea[@name='text']")[0].text
    post(author, f"/soan/may/{path}", text=copied.replace("nháp: có\n", ""), do="luu", parent=1)
    history = page_text_at(author, f"/soan/lich-su/may/{path}")
    assert "Dòng “nháp: có” đã xóa: duyệt và đăng hieu.md rồi họ thấy." in history and "Muốn người học" not in history


def test_a_translation_of_a_hidden_lesson_is_published_without_a_promise_that_learners_see_it(
    author, second, lan, reload
):
    english = FILE.replace(".md", ".en.md")
    save_text(author, english, TEXT.replace("Bài khác", "Another lesson"))
    approve(author, second, english, 1)
    post(second, f"/soan/an/may/{SLUG}", viec="an")
    reload()
    told = page_text_at(second, post(second, "/soan/dang/may", tep=english).location)
    assert "Cái gì đang ẩn thì người học chưa thấy" in told and "Trong hai giây" not in told
    reload()
    assert lan.get("/may/khac/hieu").status_code == 404


def test_a_translation_of_a_draft_lesson_is_called_a_draft(author, second, reload):
    english = FILE.replace(".md", ".en.md")
    translated = TEXT.replace("Bài khác", "Another lesson").replace("Một", "One").replace("Chữ.", "Words.")
    save_text(author, FILE, TEXT.replace("phút: 3\n", "phút: 3\nnháp: có\n"))
    approve(author, second, FILE, 2)
    save_text(author, english, translated)
    approve(author, second, english, 1)
    post(second, "/soan/dang/may", tep=[FILE, english])
    reload()
    assert "Bản tiếng Anh: nháp, người học chưa thấy" in lesson_row(author, "khac")


def test_of_a_draft_course_no_file_is_said_to_be_seen_and_the_line_to_delete_is_that_of_its_page(
    author, second, lan, reload, courses
):
    page = (courses / "may" / "course.md").read_text("utf-8")
    save_text(author, "course.md", page.replace("---\n", "---\nnháp: có\n", 1))
    approve(author, second, "course.md", 2)
    save_text(author, FILE, TEXT.replace("Chữ.", "Chữ mới."))
    approve(author, second, FILE, 2)
    published = post(second, "/soan/dang/may", tep=["course.md", FILE]).location
    assert "Bác xóa dòng “nháp: có” ở đầu trang khóa hay ở bài nào muốn đưa ra." in page_text_at(second, published)
    reload()
    assert lan.get("/may").status_code == 404
    for path in ("course.md", FILE):
        history = page_text_at(author, f"/soan/lich-su/may/{path}")
        assert "nháp, người học chưa thấy. Cả khóa còn là bản nháp" in history and "ở đầu trang khóa" in history
        assert "Người học thấy bản" not in history and "đang đăng" not in history
