"""A practice in English beyond its screens: its sheet, the replay, reports, and in a class."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from lms.content.catalog import Catalog
from tests.translated_lesson import write_translated_courses
from tests.web.desk_client import class_session_of, open_desk
from tests.web.english_pages import assert_english, choose_english
from tests.web.nojs_phone import NoJsPhone
from tests.web.signed_in_clients import signed_in_client

LESSON = "/may/mo-may"


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write_translated_courses


@pytest.fixture
def phone(app: Flask) -> NoJsPhone:
    """A phone that has chosen English."""
    phone = NoJsPhone(app)
    phone.client.get(f"{LESSON}?lang=en")
    return phone


def finish_practice(phone: NoJsPhone) -> str:
    """The address of an attempt that was done."""
    phone.open(phone.client.post(f"{LESSON}/lam", data={"mode": "tu-lam"}).location)
    attempt = phone.address
    phone.tap("Tiếp tục")
    return attempt


@pytest.mark.parametrize("address", [f"{LESSON}/lam?che-do=to-buoc", f"{LESSON}/may-khac", f"{LESSON}/may-khac?xong"])
def test_a_page_beside_a_practice_is_in_english(phone, address):
    phone.open(address)
    assert_english(phone.page)


def test_the_sheet_names_buttons_as_the_app_does(phone):
    phone.open(f"{LESSON}/lam?che-do=to-buoc")
    assert "Tap “Tiếp tục”." in phone.page.text_content()
    assert phone.page.xpath("//ol//span[@lang='vi']/text()") == ["Tiếp tục"]


def test_a_replay_tells_in_english_what_was_done(phone):
    phone.open(f"{finish_practice(phone)}/xem-lai")
    assert "Tapped “Tiếp tục”." in phone.page.text_content()
    assert_english(phone.page)


def test_a_practice_that_was_edited_meanwhile_says_so_in_english(courses: Path, catalog: Catalog, phone):
    phone.open(phone.client.post(f"{LESSON}/lam", data={"mode": "tu-lam"}).location)
    attempt = phone.address
    path = courses / "may" / "01-mo-may" / "lam.md"
    path.write_text(path.read_text("utf-8").replace("Tiếp tục", "Đi tiếp"), "utf-8")
    catalog.reload()
    phone.open(attempt)
    assert phone.page.findtext(".//h1") == "This practice has just been edited"
    assert_english(phone.page)


@pytest.mark.slow
def test_in_a_class_each_phone_practises_in_its_language(app: Flask, phone):
    desk = open_desk(signed_in_client(app, "Minh"), LESSON.strip("/"))
    code = class_session_of(app, desk).code
    vietnamese = NoJsPhone(app)
    for each in (phone, vietnamese):
        each.client.post(f"/lop/{code}", data={"nguoi": "1"})
    desk.send_command(to="tap")
    for each, button in ((phone, "Raise hand"), (vietnamese, "Giơ tay")):
        each.open(each.client.post(f"/lop/{code}/tap").location)
        assert button in each.page.text_content()
    for task in phone.page.xpath("//h1[contains(., '(continue)')]"):  # the lesson's own words name a Vietnamese button
        task.drop_tree()
    assert_english(phone.page)
    phone.tap("Tiếp tục")
    phone.open(f"{phone.address}/ket-qua")
    assert "Back to the class" in phone.page.text_content()
    assert_english(phone.page)


@pytest.mark.slow
def test_a_replay_of_a_practice_that_was_edited_is_vietnamese_and_says_so(
    app: Flask, courses: Path, catalog: Catalog, phone
):
    desk = open_desk(signed_in_client(app, "Minh"), LESSON.strip("/"))
    code = class_session_of(app, desk).code
    phone.client.post(f"/lop/{code}", data={"nguoi": "1"})
    desk.send_command(to="tap")
    phone.open(phone.client.post(f"/lop/{code}/tap").location)
    phone.tap("Tiếp tục")
    path = courses / "may" / "01-mo-may" / "lam.md"
    path.write_text(path.read_text("utf-8").replace("Tiếp tục", "Đi tiếp"), "utf-8")
    catalog.reload()
    catalog.change_former_editions({}, catalog.library.former.keys())  # a laptop that was started again has no others
    choose_english(desk.client)
    page = desk.client.page(f"{desk.base}/cho/1/xem-lai")
    assert page.get("lang") == "vi"
    assert "not translated yet" in page.xpath("//div[@lang='en']")[0].text_content()
    assert "Bài này đã được sửa sau lượt ấy." in page.text_content()


def test_each_page_of_a_practice_that_is_not_translated_says_so(courses: Path, catalog: Catalog, phone):
    (courses / "may" / "01-mo-may" / "lam.en.md").unlink()
    catalog.reload()
    attempt = finish_practice(phone)
    for address in (attempt, f"{attempt}/ket-qua"):
        phone.open(address)
        assert phone.page.get("lang") == "vi"
        [note] = phone.page.xpath("//div[@lang='en']")
        assert "not translated yet" in note.text_content()
