"""/soan/nhap: questions of a file are seen, chosen and saved as a draft; /soan/tai-ve: the ways out."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from lxml import html

from lms.content.question_bank.bank_file import MAX_OFFICE_BYTES
from lms.learning.store.database import read_sessions
from lms.learning.workshop.revisions import read_latest
from tests.content.office_files import office_file
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import OTHER_WARD, csrf_token, engine_of, signed_in_client

PAGE, LESSON = "/soan/nhap", "vneid/ba-loai-ma"
GIFT = """Mất điện thoại, bác gọi ai trước? {
=Gọi nhà mạng khóa SIM
~Chờ người nhặt gọi lại
}

Mã OTP có [mấy] số? {
~Bốn
=Sáu
}

Câu này hỏng {~Một ~Hai}
"""


@pytest.fixture
def lesson(app: Flask) -> str:
    """The course and the folder of a lesson."""
    return f"vneid/{Path(app.extensions['catalog'].library.lesson('vneid', 'ba-loai-ma').folder).name}"


def send(client: CheckingClient, lesson: str, data: bytes, name: str = "cau-hoi.txt", **fields: str):
    form = {"csrf_token": csrf_token(client), "bai": lesson, "tep": (io.BytesIO(data), name)} | fields
    return client.post(PAGE, data=form, content_type="multipart/form-data")


def save(client: CheckingClient, page, *chosen: int):
    """Send the form of the preview with these questions ticked, as a browser does: with CRLF."""
    [form] = page.xpath("//form[@action='/soan/nhap']")
    fields = {name: form.xpath(f".//input[@name='{name}']/@value")[0] for name in ("csrf_token", "bai")}
    texts = [text.replace("\n", "\r\n") for text in form.xpath(".//input[@name='chu']/@value")]
    return client.post(PAGE, data=fields | {"viec": "ghi", "chu": texts, "cau": list(map(str, chosen))})


def latest(app: Flask, lesson: str):
    course, _, folder = lesson.partition("/")
    with read_sessions(engine_of(app))() as session:
        return read_latest(session, course, f"{folder}/hieu.md", folder=app.extensions["settings"].courses_dir)


@pytest.mark.slow
def test_the_chosen_questions_become_a_draft_after_a_look_at_them(app, author, lesson):
    before = latest(app, lesson)
    preview = send(author, lesson, GIFT.encode())
    assert preview.status_code == 200
    page = html.fromstring(preview.text)
    shown = text_of(page)
    assert "nhận được 2 câu, không nhận 1 chỗ" in shown
    assert "Dòng 11: Câu này không có lựa chọn nào đúng" in shown
    assert "Mất điện thoại, bác gọi ai trước?" in shown
    assert latest(app, lesson) == before
    saved = save(author, page, 1)
    assert saved.location == f"/soan/{lesson}/hieu.md?xong=luu"
    after = latest(app, lesson)
    assert (after.number, "Mất điện thoại" in after.text) == (before.number + 2, False)  # 1 is the folder's
    assert "Mã OTP có" in after.text
    assert "- [x] Sáu" in after.text
    assert "nhập 1 câu từ tệp" in author.get(f"/soan/lich-su/{lesson}/hieu.md").text
    again = save(author, page, 1)
    assert (again.status_code, "Bài đã có đủ" in again.text) == (422, True)
    assert latest(app, lesson) == after


def test_nothing_chosen_is_said_and_the_questions_are_still_there(author, lesson):
    page = html.fromstring(send(author, lesson, GIFT.encode()).text)
    refused = save(author, page)
    assert (refused.status_code, "đánh dấu ít nhất một câu" in refused.text) == (422, True)
    assert len(html.fromstring(refused.text).xpath("//input[@name='chu']")) == 2


def test_word_excel_and_moodle_files_are_recognised_by_their_content(author, lesson):
    book = openpyxl.Workbook()
    for row in (["Câu hỏi", "A", "B", "Đáp án"], ["Mã có mấy số?", "Bốn", "Sáu", "B"]):
        book.worksheets[0].append(row)
    sheet = io.BytesIO()
    book.save(sheet)
    files = {
        "Word": office_file("danh-sach.docx"),
        "Excel, CSV": sheet.getvalue(),
        "GIFT của Moodle": "Mã có mấy số? {=Sáu ~Bốn}".encode(),
    }
    for kind, data in files.items():
        shown = text_of(html.fromstring(send(author, lesson, data, "tep").text))
        assert f"Tệp {kind}: nhận được" in shown


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "chọn tệp có câu hỏi"),
        (b"Ch\xe0o c\xe1c b\xe1c", "mã UTF-8"),
        (b"a\0b", "không phải văn bản"),
        ("Chào các bác".encode(), "Không thấy câu hỏi nào"),
        (b"%PDF-1.7", "RTF hay PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "kiểu cũ"),
    ],
)
def test_what_is_no_file_of_questions_is_refused_in_a_sentence(author, lesson, data, sentence):
    refused = send(author, lesson, data)
    assert (refused.status_code, sentence in refused.text) == (422, True)


@pytest.mark.slow
def test_an_archive_that_grows_too_large_is_not_opened(author, lesson):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * 400_000_000)
    refused = send(author, lesson, bomb.getvalue(), "bom.docx")
    assert (refused.status_code, "quá lớn" in refused.text) == (422, True)
    assert send(author, lesson, b"a" * (MAX_OFFICE_BYTES + 1)).status_code == 413


@pytest.mark.parametrize("lesson", ["", "vneid", "vneid/99-khong-co", "vneid/../../etc", "khong-co/01-a", "../01-a"])
def test_a_lesson_that_is_none_is_asked_for(author, lesson):
    refused = send(author, lesson, GIFT.encode())
    assert (refused.status_code, "chọn bài nhận" in refused.text) == (422, True)


def test_what_was_changed_on_the_way_is_refused(author, lesson, app):
    before = latest(app, lesson)
    form = {"csrf_token": csrf_token(author), "bai": lesson, "viec": "ghi", "cau": "0"}
    for text in ("Chữ thường", "::: hỏi\nCâu?\n- [x] A\n:::", "::: hỏi\nA?\n- [x] A\n- [ ] B\n:::\n\n## Phần chen"):
        refused = author.post(PAGE, data=form | {"chu": text})
        assert (refused.status_code, "không còn nguyên" in refused.text) == (422, True), text
    assert latest(app, lesson) == before


def test_only_authors_of_the_course_may_bring_questions(app, lesson):
    assert signed_in_client(app, "Thu", {"organiser"}).get(PAGE).status_code == 403
    stranger = signed_in_client(app, "Nga", {"author"}, ward=OTHER_WARD)
    assert send(stranger, lesson, GIFT.encode()).status_code == 403
    assert not stranger.page(PAGE).xpath("//optgroup")


def test_a_lesson_goes_out_on_paper_and_its_course_as_a_zip(app, author):
    links = author.page(f"/soan/bai/{LESSON}").xpath("//a[starts-with(@href, '/soan/tai-ve/')]/@href")
    assert len(links) == 3
    files = {link.rpartition("/")[2]: author.get(link) for link in links}
    assert all(file.status_code == 200 for file in files.values())
    assert all("attachment" in file.headers["Content-Disposition"] for file in files.values())
    assert "<h1" in files["to-phat"].text
    with zipfile.ZipFile(io.BytesIO(files["vneid"].data)) as archive:
        assert "vneid/course.md" in archive.namelist()
    for unknown in ("vneid/khong-co/to-phat", "khong-co", "vneid/ba-loai-ma/khac"):
        assert author.get(f"/soan/tai-ve/{unknown}").status_code == 404
    assert signed_in_client(app, "Minh", {"facilitator"}).get(links[0]).status_code == 403
