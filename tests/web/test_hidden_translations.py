"""A translation is hidden, and shown again: learners read the Vietnamese lesson meanwhile, with its note."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from lms.content.catalog import Catalog
from lms.content.translation.original_digest import original_digest
from lms.learning.accounts.permissions import CITY
from lms.live.publication_updates import PublicationWatcher
from tests.translated_lesson import write_translated_course
from tests.web.checking_client import CheckingClient
from tests.web.class_phones import join_class
from tests.web.desk_client import class_session_of, open_desk
from tests.web.english_pages import choose_english
from tests.web.signed_in_clients import csrf_token, signed_in_client

LESSON, ADDRESS = "mo-may", "/may/mo-may/hieu"


@pytest.fixture
def app(courses: Path, app: Flask) -> Flask:
    """With a folder of courses of its own, one of them translated."""
    write_translated_course(courses / "may")
    app.extensions["catalog"].reload()
    return app


@pytest.fixture
def trainer(app: Flask) -> CheckingClient:
    return signed_in_client(app, "Minh Tú", {"organiser"}, CITY)


@pytest.fixture
def reader(lan: CheckingClient) -> CheckingClient:
    choose_english(lan)
    return lan


@pytest.fixture
def reload(app: Flask, catalog: Catalog, engine: Engine, courses: Path, tmp_path: Path) -> Callable[[], object]:
    """Serves what was published, as a worker does twice a second."""
    updates = PublicationWatcher(engine, courses, tmp_path / "published", reload=lambda: None)
    catalog.find_folder = updates.find_folder
    return catalog.reload


def change(client: CheckingClient, what: str, lesson: str = LESSON, language: str = "en"):
    fields = {"csrf_token": csrf_token(client), "viec": what, "tieng": language}
    return client.post(f"/soan/an/may/{lesson}" if lesson else "/soan/an/may", data=fields)


def forms(page, what: str) -> list[str]:
    return page.xpath(f"//form[.//input[@name='tieng']][.//button[@value='{what}']]/@action")


@pytest.mark.slow
def test_a_translation_is_hidden_with_a_word_about_what_follows_and_shown_again(trainer, reader, reload):
    assert reader.page(ADDRESS).get("lang") == "en"
    page = trainer.page("/soan/dang/may")
    [form] = page.xpath("//form[.//input[@name='tieng']]")
    assert form.getparent().tag == "details", "the first tap only says what would follow"
    assert "Người học sẽ đọc bản tiếng Việt" in form.text_content()
    assert "Ẩn bản tiếng Anh của Mở máy" in form.getparent().text_content()
    hidden = change(trainer, "an")
    reload()
    told = trainer.page(hidden.location)
    assert "Đã ẩn bản dịch" in told.text_content()
    assert (forms(told, "an"), forms(told, "hien")) == ([], [f"/soan/an/may/{LESSON}"])
    page = reader.page(ADDRESS)
    assert page.get("lang") == "vi" and "not translated yet" in page.text_content()
    assert "ẩn một bản dịch của may/mo-may" in trainer.page("/quan-ly/nhat-ky").text_content()
    shown = change(trainer, "hien")
    reload()
    told = trainer.page(shown.location)
    assert "Đã hiện lại bản dịch" in told.text_content()
    assert (forms(told, "an"), forms(told, "hien")) == ([f"/soan/an/may/{LESSON}"], [])
    assert reader.page(ADDRESS).get("lang") == "en"


@pytest.mark.slow
def test_a_hidden_lesson_comes_back_without_a_translation_that_was_hidden_before(trainer, reader, reload, courses):
    (courses / "may" / "02-khac").mkdir()
    (courses / "may" / "02-khac" / "hieu.md").write_text("---\ntên: Khác\nphút: 3\n---\n\n## Một\n\nChữ.\n", "utf-8")
    reload()
    for what, language in (("an", "en"), ("an", "")):
        assert change(trainer, what, language=language).status_code == 303
    reload()
    assert reader.get(ADDRESS).status_code == 404
    assert forms(trainer.page("/soan/dang/may"), "hien") == []
    assert change(trainer, "hien", language="").status_code == 303
    reload()
    assert reader.page(ADDRESS).get("lang") == "vi"
    assert forms(trainer.page("/soan/dang/may"), "hien") == [f"/soan/an/may/{LESSON}"]


@pytest.mark.slow
def test_a_class_under_way_goes_on_in_vietnamese(app, trainer, reload):
    desk = open_desk(signed_in_client(app, "Hoa"), "may/mo-may")
    code = class_session_of(app, desk).code
    phone = join_class(app, code)
    desk.press_next()
    phone.get(f"/lop/{code}?lang=en")
    assert "Turn it on" in phone.page(f"/lop/{code}").text_content()
    change(trainer, "an")
    reload()
    page = phone.page(f"/lop/{code}")
    assert page.get("lang") == "en" and "Mở máy" in page.text_content()


@pytest.mark.slow
def test_the_translation_of_a_courses_page_is_hidden_and_shown_again(trainer, catalog, reload, courses):
    page = courses / "may" / "course.md"
    text = page.read_text("utf-8")
    translated = text.replace("---\n", f"---\nbản gốc: {original_digest(text)}\n", 1)
    page.with_name("course.en.md").write_text(translated, "utf-8")
    reload()
    assert [each.language for each in catalog.library.course("may").translations] == ["en"]
    for what, languages in (("an", []), ("hien", ["en"])):
        assert forms(trainer.page("/soan/dang/may"), what)[0] == "/soan/an/may"
        assert change(trainer, what, lesson="").status_code == 303
        reload()
        assert [each.language for each in catalog.library.course("may").translations] == languages


@pytest.mark.parametrize("what", ["", "xx", "AN"])
def test_only_what_the_two_buttons_say_is_done(trainer, reader, reload, what):
    assert change(trainer, what).status_code == 400
    reload()
    assert reader.page(ADDRESS).get("lang") == "en"


@pytest.mark.parametrize("name", ["..", ".", "%2e%2e", "lop"])
def test_a_name_that_can_be_no_courses_is_refused(trainer, name):
    fields = {"csrf_token": csrf_token(trainer), "viec": "an", "tieng": "en"}
    assert trainer.post(f"/soan/an/{name}", data=fields).status_code in (400, 404)


@pytest.mark.parametrize(("lesson", "language"), [(LESSON, "ja"), ("khong-co", "en"), ("", "en"), ("", "")])
def test_what_is_not_translated_cannot_be_hidden(trainer, lesson, language):
    assert change(trainer, "an", lesson, language).status_code == 404


def test_who_may_not_publish_hides_no_translation(app, reader):
    helper = signed_in_client(app, "Hoa", {"facilitator"})
    assert change(helper, "an").status_code == 403
    assert reader.page(ADDRESS).get("lang") == "en"
