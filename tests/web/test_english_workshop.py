"""The workshop for an author who reads English: its pages, its errors, what its scripts say, and its preview."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from lxml import html

from lms.learning.accounts.permissions import CITY
from tests.translated_lesson import write_translated_course
from tests.web.checking_client import CheckingClient
from tests.web.english_pages import assert_english, choose_english
from tests.web.signed_in_clients import csrf_token, signed_in_client

LESSON = "dien-thoai/01-mo-may"
PAGES = (
    "/soan",
    "/soan?tim=mở",
    "/soan?tim=không có",
    "/soan/dien-thoai",
    f"/soan/{LESSON}/hieu.md",
    f"/soan/{LESSON}/lam.md",
    f"/soan/ve/{LESSON}/lam.md",
    f"/soan/lich-su/{LESSON}/hieu.md",
    "/soan/dang/dien-thoai",
    "/soan/cho-xem",
    "/soan/kiem-lai",
    "/soan/kiem-lai/dien-thoai",
    "/soan/nhap",
    "/soan/bai/dien-thoai/mo-may",
    "/soan/ban-do/dien-thoai/mo-may",
    "/soan/quy-tac",
    "/soan/quy-tac?tim=màn",
    "/soan/quy-tac?tim=khôngcó",
    "/soan/quy-tac/tab",
    "/soan/huong-dan",
)


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        write_translated_course(folder / "dien-thoai")
        return folder

    return write


@pytest.fixture
def author(app: Flask, courses: Path) -> CheckingClient:
    client = signed_in_client(app, "Cô Khoa", {"author"}, CITY)
    choose_english(client)
    return client


@pytest.mark.slow
def test_every_page_of_the_workshop_is_in_english_down_to_the_last_word(author: CheckingClient):
    for address in PAGES:
        assert_english(author.page(address))
    assert_english(html.fromstring(author.get("/soan/quy-tac/khong-co").text))


@pytest.mark.slow
def test_looking_over_a_lesson_and_hiding_are_in_english(app: Flask, author: CheckingClient):
    second = signed_in_client(app, "Minh Tú", {"organiser"}, CITY)
    choose_english(second)
    for name in ("hieu", "lam"):
        text = author.page(f"/soan/{LESSON}/{name}.md").xpath("//textarea[@name='text']")[0].text
        fields = {"csrf_token": csrf_token(author), "text": f"{text}\n%% thêm\n", "do": "luu", "parent": "0"}
        assert author.post(f"/soan/{LESSON}/{name}.md", data=fields).status_code == 303
        sent = {"csrf_token": csrf_token(author), "ban": "2"}
        assert author.post(f"/soan/nop/{LESSON}/{name}.md", data=sent).status_code == 303
    for address in ("/soan/cho-xem", f"/soan/lich-su/{LESSON}/hieu.md", f"/soan/duyet-bai/{LESSON}"):
        page = second.page(address)
        assert_english(page)
        assert "pprove" in page.text_content()
    form = {"csrf_token": csrf_token(second)}
    refused = second.post(f"/soan/duyet-bai/{LESSON}", data=form)
    assert refused.status_code == 422
    assert_english(html.fromstring(refused.text))
    hidden = second.post("/soan/an/dien-thoai/mo-may", data=form | {"viec": "an", "tieng": "en"})
    page = second.page(hidden.location)
    assert_english(page)
    assert "Hidden: the English version of" in page.text_content()
    assert_english(author.page("/soan/dien-thoai"))


def test_the_author_may_read_the_workshop_in_vietnamese_again(author: CheckingClient):
    [link] = author.page("/soan").xpath("//nav//a[@hreflang='vi']")
    answer = author.get(f"/soan{link.get('href')}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/soan")
    assert author.page("/soan").get("lang") == "vi"


def save(author: CheckingClient, path: str, text: str, **fields: str):
    return author.post(
        f"/soan/{path}", data={"csrf_token": csrf_token(author), "parent": "0", "text": text, "do": "luu", **fields}
    )


@pytest.mark.slow
def test_what_is_refused_is_explained_in_english(author: CheckingClient):
    token = csrf_token(author)
    answer = author.post("/soan/bai-moi/dien-thoai", data={"csrf_token": token, "ten": "", "thu-muc": ""})
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert_english(page)
    assert "Write the name of the lesson" in page.text_content()
    answer = author.post("/soan/khoa-moi", data={"csrf_token": token, "ten": "Máy", "thu-muc": "dien-thoai"})
    page = html.fromstring(answer.text)
    assert_english(page)
    assert "There is a course “dien-thoai” already." in page.text_content()
    answer = save(author, f"{LESSON}/hieu.md", "chữ\0hỏng")
    assert "The text has broken characters." in html.fromstring(answer.text).text_content()


def test_the_checker_and_the_course_stay_vietnamese_and_are_marked(author: CheckingClient):
    answer = save(author, f"{LESSON}/hieu.md", "# Mở máy\n\n::: hỏi\n", do="kiem-tra")
    page = html.fromstring(answer.text)
    assert_english(page)
    assert page.xpath("//li[contains(@class, 'editor__problem')]//span[@lang='vi']")
    assert page.xpath("//textarea[@id='van-ban']/@lang") == ["vi"]
    assert author.page("/soan/dien-thoai").xpath("//h1/span/@lang") == ["vi"]


@pytest.mark.slow
def test_the_rules_stand_under_english_headings_and_the_checkers_language_is_said(author: CheckingClient):
    page = author.page("/soan/quy-tac")
    headings = page.xpath("//details[@class='checker-rule-group']/summary")
    assert len(headings) == 8 and not page.xpath("//details[@class='checker-rule-group']/summary//*[@lang='vi']")
    for address in ("/soan/quy-tac", f"/soan/{LESSON}/hieu.md"):
        assert "The checker writes its notes in Vietnamese." in author.page(address).text_content()
    author.get("/soan?lang=vi")
    assert "Máy kiểm tra viết lời nhắc" not in author.page("/soan/quy-tac").text_content()


def test_the_editors_script_speaks_the_language_of_the_page(author: CheckingClient):
    [texts] = author.page(f"/soan/{LESSON}/hieu.md").xpath("//lesson-editor/@data-texts")
    english = json.loads(texts)
    assert (english["unsaved"], english["phrases"]["Find"], english["errors"]) == (
        "Not saved yet.", "Search", ["{count} error", "{count} errors"],
    )  # fmt: skip
    author.get("/soan?lang=vi")
    [texts] = author.page(f"/soan/{LESSON}/hieu.md").xpath("//lesson-editor/@data-texts")
    vietnamese = json.loads(texts)
    assert (vietnamese["unsaved"], vietnamese["phrases"]["Find"]) == ("Chưa lưu.", "Tìm")
    assert english.keys() == vietnamese.keys()


def preview(author: CheckingClient, path: str, kind: str = "dien-thoai") -> html.HtmlElement:
    text = author.page(f"/soan/{path}").xpath("//textarea[@id='van-ban']")[0].text.removeprefix("\n")
    answer = author.post(
        f"/soan/{path}",
        data={"csrf_token": csrf_token(author), "text": text, "do": "xem-thu", "as": kind},
        headers={"Accept": "application/json"},
    )
    assert "html" in answer.json, answer.json
    return html.fromstring(answer.json["html"])


@pytest.mark.slow
def test_a_preview_is_in_the_language_of_its_text_whatever_its_author_reads(author: CheckingClient):
    names = ("hieu", "lam", "dung")
    assert {preview(author, f"{LESSON}/{name}.md").get("lang") for name in names} == {"vi"}
    author.get("/soan?lang=vi")
    for name in ("hieu", "dung"):
        assert_english(preview(author, f"{LESSON}/{name}.en.md"))
    practice = preview(author, f"{LESSON}/lam.en.md")  # its screens have the Vietnamese words of the real app
    assert practice.get("lang") == "en"
    assert "PRACTICE SCREEN" in practice.text_content()
    assert "MÀN HÌNH TẬP" not in practice.text_content()


@pytest.mark.parametrize("paper", ["to-phat", "to-dung-lop"])
def test_a_sheet_to_print_stays_vietnamese_for_it_is_handed_to_others(author: CheckingClient, app: Flask, paper: str):
    address = f"/soan/tai-ve/dien-thoai/mo-may/{paper}"
    other = signed_in_client(app, "Chú Tư", {"author"}, CITY)
    assert author.get(address).data == other.get(address).data


@pytest.mark.slow
def test_a_preview_of_a_course_that_is_not_published_finds_its_stylesheet(author: CheckingClient):
    token = csrf_token(author)
    author.post("/soan/khoa-moi", data={"csrf_token": token, "ten": "Khóa mới", "thu-muc": "khoa-moi"})
    lesson = author.post("/soan/bai-moi/khoa-moi", data={"csrf_token": token, "ten": "Bài một", "thu-muc": "bai-mot"})
    path = lesson.headers["Location"].removeprefix("/soan/").replace("hieu.md", "lam.md")
    [address] = [each for each in preview(author, path).xpath("//link/@href") if "/mau" in each]
    answer = author.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert ".phone {" in answer.text


@pytest.mark.slow
def test_reasons_that_the_workshop_wrote_are_in_english_and_those_of_authors_as_they_are(author: CheckingClient):
    token = csrf_token(author)

    def save(text: str, why: str, parent: int) -> None:
        fields = {"csrf_token": token, "text": text, "do": "luu", "why": why, "parent": str(parent)}
        assert author.post(f"/soan/{LESSON}/hieu.md", data=fields).status_code == 303

    text = author.page(f"/soan/{LESSON}/hieu.md").xpath("string(//textarea[@name='text'])").lstrip("\n")
    save(text.replace("Bật lên", "Mở lên"), "sửa tên phần", 0)
    save(text.replace("Bật lên", "Mở nguồn"), "ẩn bài này đi", 2)
    author.post(f"/soan/lay-lai/{LESSON}/hieu.md", data={"csrf_token": token, "so": "1", "ban": "3"})
    begun = author.post("/soan/bai-moi/dien-thoai", data={"csrf_token": token, "ten": "Thêm mới"}).location
    page = author.page(f"/soan/lich-su/{LESSON}/hieu.md")
    assert_english(page)
    words = page.text_content()
    assert "Why: back to version 1." in words and "Why: sửa tên phần." in words and "Why: ẩn bài này đi." in words
    assert "Why: new lesson from sample text." in author.page(f"/soan/lich-su/{begun[6:]}").text_content()
    author.get("/soan?lang=vi")
    assert "Vì sao: lấy lại bản 1." in author.page(f"/soan/lich-su/{LESSON}/hieu.md").text_content()
