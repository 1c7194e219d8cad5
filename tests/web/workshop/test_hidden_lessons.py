"""What the workshop says of hidden lessons, of appointments that hiding takes off, and of a lesson's translations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import Engine

from lms import vietnam_time
from lms.content.catalog import Catalog
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.workshop import hiding
from lms.learning.workshop.courses import lock_known_course
from lms.learning.workshop.folder_files import has_sound_folder
from lms.learning.workshop.publication_check import CheckedChanges
from lms.learning.workshop.published_revisions import find_published_revision_numbers
from lms.live.publication_updates import PublicationWatcher
from lms.web import clock
from lms.web.workshop import publishing_page
from tests.translated_lesson import write_translated_course
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import page_text_at
from tests.web.signed_in_clients import OTHER_WARD, make_account, sign_in
from tests.web.workshop.author_actions import post

pytestmark = pytest.mark.slow

LESSON, FILE = "02-khac", "02-khac/hieu.md"
TEXT = "---\ntên: Bài khác\nphút: 3\n---\n\n## Một\n\nChữ.\n"


@pytest.fixture
def app(courses: Path, app: Flask) -> Flask:
    """With a course of two lessons, the first of them translated."""
    write_translated_course(courses / "may")
    (courses / "may" / LESSON).mkdir()
    (courses / "may" / FILE).write_text(TEXT, "utf-8")
    app.extensions["catalog"].reload()
    return app


@pytest.fixture
def reload(app: Flask, catalog: Catalog, engine: Engine, courses: Path, tmp_path: Path) -> Callable[[], object]:
    """Serves what was published, as a worker does twice a second."""
    updates = PublicationWatcher(engine, courses, tmp_path / "published", reload=lambda: None)
    catalog.find_folder = updates.find_folder
    return catalog.reload


def row(client: CheckingClient, slug: str) -> str:
    [found] = client.page("/soan/may").xpath(f"//li[@id='{slug}']")
    return " ".join(found.text_content().split())


def write(author: CheckingClient, path: str, text: str, parent: int = 0) -> None:
    assert post(author, f"/soan/may/{path}", text=text, do="luu", parent=parent).status_code == 303


def approve(author: CheckingClient, second: CheckingClient, path: str, number: int) -> None:
    post(author, f"/soan/nop/may/{path}", ban=number)
    post(second, f"/soan/duyet/may/{path}", ban=number, viec="duyet")


def hour_of_appointment() -> datetime:
    """A full hour to come, so soon that an account signed in now still is by then."""
    return vietnam_time.to_vietnam_time(clock.now() + timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)


def told_before_showing(client: CheckingClient) -> str:
    [form] = client.page("/soan/dang/may").xpath("//form[.//button[@value='hien']]")
    return " ".join(form.text_content().split())


@pytest.mark.parametrize("is_taken", [True, False])
def test_what_the_folder_changed_meanwhile_is_told_before_a_lesson_is_shown_and_comes_with_it(
    second, lan, reload, courses, is_taken
):
    assert post(second, f"/soan/an/may/{LESSON}", viec="an").status_code == 303
    reload()
    assert told_before_showing(second) == "Hiện lại thì người học đọc đúng bản trước lúc ẩn. Hiện lại Bài khác"
    (courses / "may" / FILE).write_text(TEXT.replace("Chữ.", "Chữ vừa kéo về."), "utf-8")
    if is_taken:
        reload()
    told = told_before_showing(second)
    assert "thư mục khóa học đã đổi" in told and "Bài khác, phần Hiểu có chữ mới." in told
    compared = second.page("/soan/dang/may").xpath("//a[contains(., 'Xem chỗ đổi')]/@href")
    assert len(compared) == is_taken
    assert all("Chữ vừa kéo về." in page_text_at(second, address) for address in compared)
    assert lan.get("/may/khac/hieu").status_code == 404
    assert "Đã hiện lại bài" in page_text_at(second, post(second, f"/soan/an/may/{LESSON}", viec="hien").location)
    reload()
    assert "Chữ vừa kéo về." in page_text_at(lan, "/may/khac/hieu")


def test_hiding_says_before_and_after_that_an_appointment_is_off(author, second, reload):
    write(author, FILE, TEXT.replace("Chữ.", "Chữ mới."))
    approve(author, second, FILE, 2)
    post(second, "/soan/dang/may", tep=FILE, ngay="2099-01-01", gio="07:00")
    reload()
    assert "đã hẹn đăng" in row(author, "khac")
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
    assert "đã đăng" in row(author, "khac")


def test_showing_says_before_and_after_that_an_appointment_is_off(author, second, reload):
    post(second, f"/soan/an/may/{LESSON}", viec="an")
    write(author, FILE, TEXT.replace("Chữ.", "Chữ mới."), parent=1)
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
    write(author, FILE, TEXT.replace("Chữ.", "Chữ mới."), parent=1)
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
        write(author, path, written)
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
    write(author, path, text)
    approve(author, second, path, 1)
    post(second, "/soan/dang/may", tep=path, ngay="2099-01-01", gio="07:00")
    refused = post(second, f"/soan/an/may/{LESSON}", viec="hien")
    assert refused.status_code == 422
    assert "hiện thì tới lần hẹn 7 giờ 00, ngày 1 tháng 1 năm 2099, khóa học có lỗi" in refused.text
    assert "Đang ẩn: Bài khác" in page_text_at(second, "/soan/dang/may")


def test_lists_say_of_a_hidden_lesson_that_it_is_hidden(author, second, reload):
    assert "đã đăng" in row(author, "khac")
    post(second, f"/soan/an/may/{LESSON}", viec="an")
    reload()
    assert "đang ẩn" in row(author, "khac") and "đã đăng" not in row(author, "khac")
    assert author.page("/soan/may").xpath("//a[contains(., 'đang ẩn')]/@href") == ["/soan/dang/may"]
    history = page_text_at(author, f"/soan/lich-su/may/{FILE}")
    assert "Bản mới nhất là bản 1: đang ẩn. Phần này đang ẩn, người học không thấy." in history
    assert "đang đăng" not in history
    write(author, FILE, TEXT.replace("Chữ.", "Chữ nháp."), parent=1)
    assert "đang ẩn: Bài khác bản nháp" in row(author, "khac")


def test_only_what_learners_read_can_be_hidden(author, second):
    begun = post(author, "/soan/bai-moi/may", ten="Bài nháp").location
    assert "/03-bai-nhap/" in begun
    actions = second.page("/soan/dang/may").xpath("//form[.//button[@value='an']]/@action")
    assert sorted(set(actions)) == ["/soan/an/may/01-mo-may", f"/soan/an/may/{LESSON}"]


def test_the_list_of_lessons_says_which_are_translated_and_how_far(author, second, reload, courses):
    assert "Bản tiếng Anh: người học đọc được" in row(author, "mo-may")
    assert "Bản tiếng Anh" not in row(author, "khac")
    original = courses / "may" / "01-mo-may" / "hieu.md"
    original.write_text(original.read_text("utf-8").replace("Bấm nút bên phải.", "Bấm nút ở bên phải."), "utf-8")
    reload()
    assert "Bản tiếng Anh: người học đọc được Hiểu cũ hơn bản tiếng Việt" in row(author, "mo-may")
    post(second, "/soan/an/may/01-mo-may", viec="an", tieng="en")
    reload()
    assert "Bản tiếng Anh: đang ẩn" in row(author, "mo-may")
    assert "đã đăng" in row(author, "mo-may"), "the lesson itself is not"


def test_a_translation_that_is_begun_waits_or_does_not_fit_is_told_beside_the_lesson(author, second, reload, courses):
    english = FILE.replace(".md", ".en.md")
    write(author, english, TEXT.replace("Bài khác", "Another lesson"))
    assert "Bản tiếng Anh: bản nháp" in row(author, "khac")
    assert row(author, "khac").startswith("Bài 2. Bài khác đã đăng")
    approve(author, second, english, 1)
    assert "Bản tiếng Anh: đã duyệt" in row(author, "khac")
    (courses / "may" / "01-mo-may" / "lam.en.md").unlink()
    reload()
    assert "Bản tiếng Anh: người học đọc được Hiểu, Dùng" in row(author, "mo-may")
    (courses / "may" / "02-khac" / "hieu.ja.md").write_text(TEXT.replace("## Một\n", "## Một\n\n## Hai\n"), "utf-8")
    reload()
    assert "Bản ja: chưa khớp bản tiếng Việt nên chưa hiện" in row(author, "khac")


def test_hiding_the_last_lesson_that_learners_see_says_that_the_course_goes_with_it(second, lan, reload, courses):
    (courses / "may" / FILE).write_text(TEXT.replace("phút: 3\n", "phút: 3\nnháp: có\n"), "utf-8")
    reload()
    [form] = second.page("/soan/dang/may").xpath(
        "//form[@action='/soan/an/may/01-mo-may'][not(.//input[@name='tieng'])]"
    )
    assert "Đây là bài cuối người học thấy: cả khóa sẽ ẩn theo." in form.text_content()
    hidden = post(second, "/soan/an/may/01-mo-may", viec="an")
    assert "Đã ẩn bài" in page_text_at(second, hidden.location)
    reload()
    assert lan.get("/may").status_code == 404
    post(second, "/soan/an/may/01-mo-may", viec="hien")
    reload()
    assert lan.get("/may").status_code == 200


def test_the_only_lesson_of_a_course_is_not_offered_for_hiding_and_the_page_says_what_does(second, courses, reload):
    (courses / "may" / FILE).unlink()
    (courses / "may" / LESSON).rmdir()
    reload()
    page = second.page("/soan/dang/may")
    assert not page.xpath("//form[@action='/soan/an/may/01-mo-may'][not(.//input[@name='tieng'])]")
    assert "Đây là bài duy nhất của khóa, nên chưa ẩn riêng được." in page.text_content()
    assert "Bác nhờ người soạn bài thêm giúp." in page.text_content() and "Mở trang khóa" not in page.text_content()
    refused = post(second, "/soan/an/may/01-mo-may", viec="an")
    assert refused.status_code == 422 and "bài duy nhất của khóa" in refused.text
    assert "Chưa đăng" not in refused.text


def test_a_course_of_one_lesson_goes_by_the_line_that_the_page_names(author, second, lan, reload, courses):
    (courses / "may" / FILE).unlink()
    (courses / "may" / LESSON).rmdir()
    page = (courses / "may" / "course.md").read_text("utf-8")
    write(author, "course.md", page.replace("---\n", "---\nnháp: có\n", 1))
    approve(author, second, "course.md", 2)
    post(second, "/soan/dang/may", tep="course.md")
    reload()
    assert lan.get("/may").status_code == 404


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
    assert "nháp, người học chưa thấy" in row(author, "khac-2") and "đã đăng" not in row(author, "khac-2")
    history = page_text_at(author, f"/soan/lich-su/may/{path}")
    assert "nháp, người học chưa thấy" in history and "Người học thấy bản" not in history


def test_a_translation_of_a_hidden_lesson_is_published_without_a_promise_that_learners_see_it(
    author, second, lan, reload
):
    english = FILE.replace(".md", ".en.md")
    write(author, english, TEXT.replace("Bài khác", "Another lesson"))
    approve(author, second, english, 1)
    post(second, f"/soan/an/may/{LESSON}", viec="an")
    reload()
    told = page_text_at(second, post(second, "/soan/dang/may", tep=english).location)
    assert "Bản dịch của bài đang ẩn thì người học chưa thấy" in told and "Trong hai giây" not in told
    reload()
    assert lan.get("/may/khac/hieu").status_code == 404


def test_who_schedules_a_translation_of_a_hidden_lesson_is_told_when_learners_see_it(
    author, second, engine, monkeypatch
):
    english = FILE.replace(".md", ".en.md")
    translated = TEXT.replace("Bài khác", "Another lesson").replace("Một", "One").replace("Chữ.", "Words.")
    write(author, english, translated)
    approve(author, second, english, 1)
    post(second, f"/soan/an/may/{LESSON}", viec="an")
    due = hour_of_appointment()
    told = page_text_at(
        second, post(second, "/soan/dang/may", tep=english, ngay=due.date().isoformat(), gio=f"{due:%H:%M}").location
    )
    assert f"Đã hẹn đăng bản dịch {vietnam_time.moment_in_words(due)}." in told
    assert "Bài đang ẩn nên tới giờ ấy người học vẫn chưa thấy." in told
    assert "hiện lại trước giờ ấy là bỏ lần hẹn này" in told
    later = due + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    for is_shown in (False, True):
        if is_shown:
            post(second, f"/soan/an/may/{LESSON}", viec="hien")
        with read_sessions(engine)() as reading:
            numbers = find_published_revision_numbers(reading, "may", at=later)
        assert (numbers[FILE] is not None, numbers[english]) == (is_shown, 1)


def test_a_translation_of_a_draft_lesson_is_called_a_draft_and_its_scheduled_correction_is_told(author, second, reload):
    english = FILE.replace(".md", ".en.md")
    translated = TEXT.replace("Bài khác", "Another lesson").replace("Một", "One").replace("Chữ.", "Words.")
    write(author, FILE, TEXT.replace("phút: 3\n", "phút: 3\nnháp: có\n"))
    approve(author, second, FILE, 2)
    write(author, english, translated)
    approve(author, second, english, 1)
    post(second, "/soan/dang/may", tep=[FILE, english])
    reload()
    assert "Bản tiếng Anh: nháp, người học chưa thấy" in row(author, "khac")
    write(author, english, translated.replace("Words.", "Better words."), parent=1)
    approve(author, second, english, 2)
    post(second, "/soan/dang/may", tep=english, ngay="2099-01-01", gio="07:00")
    assert "Bản tiếng Anh: đã hẹn đăng" in row(author, "khac")


def test_of_a_draft_course_no_file_is_said_to_be_seen_and_the_line_to_delete_is_that_of_its_page(
    author, second, lan, reload, courses
):
    page = (courses / "may" / "course.md").read_text("utf-8")
    write(author, "course.md", page.replace("---\n", "---\nnháp: có\n", 1))
    approve(author, second, "course.md", 2)
    write(author, FILE, TEXT.replace("Chữ.", "Chữ mới."))
    approve(author, second, FILE, 2)
    published = post(second, "/soan/dang/may", tep=["course.md", FILE]).location
    assert "Bác xóa dòng “nháp: có” ở đầu trang khóa hay ở bài nào muốn đưa ra." in page_text_at(second, published)
    reload()
    assert lan.get("/may").status_code == 404
    for path in ("course.md", FILE):
        history = page_text_at(author, f"/soan/lich-su/may/{path}")
        assert "nháp, người học chưa thấy. Cả khóa còn là bản nháp" in history and "ở đầu trang khóa" in history
        assert "Người học thấy bản" not in history and "đang đăng" not in history


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


@pytest.mark.parametrize("address", ["/soan/dang/may", "/soan/an/may/01-mo-may"])
def test_others_write_while_the_page_of_a_refused_publication_has_a_course_checked(
    second, engine, monkeypatch, address
):
    post(second, f"/soan/an/may/{LESSON}", viec="an")
    written: list[bool] = []

    def check(folder: Path, *, today: date) -> bool:
        with write_sessions(engine).begin() as other:
            lock_known_course(other, folder.name)
            written.append(True)
        return has_sound_folder(folder, today=today)

    monkeypatch.setattr(publishing_page, "has_sound_folder", check)
    assert post(second, address, viec="an").status_code == 422
    assert written


def test_who_may_not_publish_waits_for_no_check_of_a_hidden_lesson(app, author, second, monkeypatch):
    post(second, f"/soan/an/may/{LESSON}", viec="an")
    checks: list[Path] = []
    monkeypatch.setattr(publishing_page, "has_sound_folder", lambda folder, **_: not checks.append(folder))
    stranger = sign_in(app, make_account(app, "Hoa", {"author"}, OTHER_WARD))
    assert stranger.get("/soan/dang/may").status_code == 200
    assert not checks
    assert second.get("/soan/dang/may").status_code == 200
    assert checks
