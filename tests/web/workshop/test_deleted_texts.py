"""A text that learners never saw is deleted, and what was begun again is another text."""

from __future__ import annotations

from threading import Thread

import pytest

from lms.content.course_reader import CourseResult
from lms.learning.accounts.permissions import CITY
from lms.learning.workshop import publication_check
from tests.web.page_texts import page_text_at
from tests.web.signed_in_clients import signed_in_client
from tests.web.workshop.author_actions import approve, begin_translation, post, rename


@pytest.mark.slow
def test_a_translation_that_was_never_published_is_deleted_and_its_lesson_stays(app, author, second, lan_account, path):
    english = path.replace(".md", ".en.md")
    text = author.page(f"/soan/vneid/{english}").xpath("//textarea[@name='text']")[0].text
    post(author, f"/soan/vneid/{english}", text=text, do="luu", parent="0")
    assert f"/soan/xoa-tep/vneid/{english}" in author.get(f"/soan/lich-su/vneid/{english}").text
    assert "Xóa tệp này" not in page_text_at(second, f"/soan/lich-su/vneid/{english}"), "she writes no courses"
    assert post(second, f"/soan/xoa-tep/vneid/{english}").status_code == 403
    deleted = post(author, f"/soan/xoa-tep/vneid/{english}")
    assert "Đã xóa tệp nháp ấy" in page_text_at(author, deleted.location)
    assert author.get(f"/soan/lich-su/vneid/{english}").status_code == 404
    assert author.get(f"/soan/lich-su/vneid/{path}").status_code == 200
    assert post(author, f"/soan/xoa-tep/vneid/{english}").status_code == 404


@pytest.mark.slow
def test_a_text_begun_again_after_it_was_deleted_is_not_approved_by_who_read_the_first(app, author, second, path):
    english = path.replace(".md", ".en.md")
    begin_translation(author, path, "Một")
    post(author, f"/soan/nop/vneid/{english}", ban=1)
    read = second.page(f"/soan/lich-su/vneid/{english}").xpath("//input[@name='ban']/@value")[0]
    post(author, f"/soan/xoa-tep/vneid/{english}")
    assert post(second, f"/soan/duyet/vneid/{english}", ban=read, viec="duyet").status_code == 404
    begin_translation(author, path, "Hai")
    now = author.page(f"/soan/lich-su/vneid/{english}").xpath("//input[@name='ban']/@value")[0]
    assert post(author, f"/soan/nop/vneid/{english}", ban=now).status_code == 303
    assert post(second, f"/soan/duyet/vneid/{english}", ban=read, viec="duyet").status_code == 409
    assert post(second, f"/soan/duyet/vneid/{english}", ban=now, viec="duyet").status_code == 303


@pytest.mark.slow
@pytest.mark.parametrize("parent", [1, 2])
def test_a_text_begun_again_is_merged_with_that_of_an_editor_left_open(app, author, path, parent):
    other = signed_in_client(app, "Minh", {"author"}, CITY)
    begin_translation(author, path, "Một")
    begin_translation(author, path, "Một hai", parent=1)
    english = path.replace(".md", ".en.md")
    post(other, f"/soan/xoa-tep/vneid/{english}")
    begin_translation(other, path, "Chữ của Minh")
    saved = begin_translation(author, path, "Một hai ba", parent=parent)
    assert saved.status_code == 409
    merging = {"text": "Một hai bốn", "do": "luu", "parent": parent, "merged": parent}
    assert post(author, f"/soan/vneid/{english}", **merging).status_code == 409
    assert "Chữ của Minh" in saved.text and "Một hai ba" in saved.text
    assert "Chữ của Minh" in author.get(f"/soan/vneid/{english}").text


def test_a_text_deleted_while_it_is_checked_is_not_published(app, author, second, path, monkeypatch):
    english = path.replace(".md", ".en.md")
    begin_translation(author, path, "Một")
    approve(author, second, english, 1)

    def deleting(*_given: object, **_named: object) -> CourseResult:
        thread = Thread(target=post, args=(author, f"/soan/xoa-tep/vneid/{english}"))
        thread.start()
        thread.join()
        return CourseResult(None, ())

    monkeypatch.setattr(publication_check, "check_course", deleting)
    monkeypatch.setattr(publication_check, "require_no_new_errors", lambda *_given, **_named: None)
    assert post(second, "/soan/dang/vneid", tep=english).status_code == 409
    assert author.get(f"/soan/lich-su/vneid/{english}").status_code == 404


@pytest.mark.slow
def test_what_a_lesson_needs_or_learners_have_seen_is_not_deleted_alone(app, author, second, lan_account, path):
    lam = path.replace("hieu.md", "lam.md")
    approve(author, second, path, rename(app, lan_account, path))
    for kept in (path, lam):
        assert "Xóa tệp này" not in page_text_at(author, f"/soan/lich-su/vneid/{kept}")
        assert post(author, f"/soan/xoa-tep/vneid/{kept}").status_code == 404
    begun = post(author, "/soan/bai-moi/vneid", ten="Bài nháp").location
    assert post(author, begun.replace("/soan/", "/soan/xoa-tep/")).status_code == 404, "without hieu.md it is no lesson"
    assert post(author, begun.replace("/soan/", "/soan/xoa-tep/").replace("hieu.md", "dung.md")).status_code == 303
