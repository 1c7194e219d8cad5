"""Courses and lessons."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from lms.config import Settings
from lms.content.catalog import Catalog
from lms.http.error_responses import error_text
from lms.http.errors import CourseUnavailable
from lms.learning.store.writer import Writer
from lms.web.app import create_app
from tests.web.checking_client import CheckingClient
from tests.web.conftest import TODAY
from tests.web.learner_actions import answer, earn_all_marks
from tests.web.page_texts import main_button
from tests.web.sample_course import write_courses


def test_a_course_lists_its_lessons_and_begins_with_the_first(lan: CheckingClient) -> None:
    page = lan.page("/vneid")
    assert main_button(page).get("href") == "/vneid/ba-loai-ma"
    assert "Khóa này dành cho người mới." in page.text_content()
    assert page.xpath("//ol//a/@href") == ["/vneid/ba-loai-ma", "/vneid/kich-hoat"]


def test_notes_for_maintainers_are_folded(lan: CheckingClient) -> None:
    fold = lan.page("/vneid").xpath("//main/details")[0]
    assert "Ảnh chụp màn hình chào" in fold.text_content()
    assert "Tờ rơi của phường" in fold.text_content()


def test_a_course_resumes_what_was_started(lan: CheckingClient) -> None:
    answer(lan, "Mã OTP gửi về đâu", ["Máy có số đã khai"], "/vneid/kich-hoat/hieu")
    page = lan.page("/vneid")
    assert main_button(page).get("href") == "/vneid/kich-hoat"
    assert "Bác có 1 trong 4 dấu." in page.text_content()


def test_a_lesson_shows_the_stages_that_are_written(lan: CheckingClient) -> None:
    page = lan.page("/vneid/kich-hoat")
    assert page.xpath("//nav[@class='stage-nav']/a/@href") == ["/vneid/kich-hoat/hieu", "/vneid/kich-hoat/lam"]
    assert main_button(page).get("href") == "/vneid/kich-hoat/hieu"


def test_a_lesson_with_all_marks_offers_its_badge(lan: CheckingClient) -> None:
    earn_all_marks(lan)
    assert main_button(lan.page("/vneid/ba-loai-ma")).get("href") == "/toi/nhan-huy-hieu/vneid/ba-loai-ma"


def test_a_course_with_an_overdue_review_says_so(
    settings: Settings, engine: Engine, writer: Writer, tmp_path: Path, lan: CheckingClient
) -> None:
    stale = write_courses(tmp_path / "stale", checked="2025-01-01")
    app: Flask = create_app(settings, catalog=Catalog(stale, lambda: TODAY), engine=engine, writer=writer)
    for address in ("/vneid", "/vneid/ba-loai-ma", "/vneid/ba-loai-ma/hieu", "/vneid/ba-loai-ma/dung"):
        assert "Nay có thể đã khác ứng dụng thật." in app.test_client().get(address).text
        assert "đã khác ứng dụng thật" not in lan.get(address).text


@pytest.mark.parametrize(
    ("course", "practice", "told"), [("2026-11-20", "2025-01-01", True), ("2025-01-01", "2026-11-20", False)]
)
def test_a_practice_with_its_own_review_date_uses_that(
    settings: Settings, engine: Engine, writer: Writer, tmp_path: Path, course: str, practice: str, told: bool
) -> None:
    folder = write_courses(tmp_path / "own", checked=course)
    typed = folder / "vneid/02-kich-hoat/lam.md"
    typed.write_text(typed.read_text("utf-8").replace("đích:", f"kiểm tra ngày: {practice}\nđích:"), "utf-8")
    app: Flask = create_app(settings, catalog=Catalog(folder, lambda: TODAY), engine=engine, writer=writer)
    page = app.test_client().get("/vneid/kich-hoat/lam").text
    assert ("kiểm tra lần cuối ngày 1 tháng 1 năm 2025. Nay có thể đã khác ứng dụng thật." in page) is told
    assert ("đã khác ứng dụng thật" in app.test_client().get("/vneid/kich-hoat/hieu").text) is not told


def phone_at_faulty_course(
    settings: Settings, engine: Engine, writer: Writer, folder: Path, *, watched: bool
) -> CheckingClient:
    """A phone at a site that started while this course had errors."""
    courses = write_courses(folder)
    hieu = courses / "vneid/01-ba-loai-ma/hieu.md"
    hieu.write_text(hieu.read_text("utf-8") + "\n::: <script>alert(1)</script>\n:::\n", "utf-8")
    catalog = Catalog(courses, lambda: TODAY)
    catalog.authoring = watched
    app = create_app(settings, catalog=catalog, engine=engine, writer=writer)
    app.test_client_class = CheckingClient
    return app.test_client()


def test_an_unavailable_course_says_so(settings: Settings, engine: Engine, writer: Writer, tmp_path: Path) -> None:
    phone = phone_at_faulty_course(settings, engine, writer, tmp_path / "mended", watched=False)
    for address in ("/vneid", "/vneid/ba-loai-ma", "/vneid/ba-loai-ma/hieu", "/vneid/kich-hoat/lam"):
        answered = phone.get(address)
        assert answered.status_code == 503
        assert "Khóa này đang được sửa" in answered.text
        assert 'href="/"' in answered.text
        assert "hieu.md" not in answered.text
    assert phone.get("/vssid").status_code == 404


def test_the_author_of_an_unavailable_course_sees_its_errors(
    settings: Settings, engine: Engine, writer: Writer, tmp_path: Path
) -> None:
    phone = phone_at_faulty_course(settings, engine, writer, tmp_path / "mended", watched=True)
    for address in ("/vneid", "/vneid/ba-loai-ma/hieu"):
        answered = phone.get(address)
        assert answered.status_code == 503
        assert answered.headers["Cache-Control"] == "no-store"
        assert re.search(r"mended/vneid/01-ba-loai-ma/hieu\.md</code> dòng \d+", answered.text)
        assert str(tmp_path) not in answered.text
        assert "<script>alert" not in answered.text
        assert "Còn 1 lỗi" in answered.text
    assert phone.get("/vneid", headers={"Accept": "application/json"}).json == {
        "error": error_text(CourseUnavailable()).sentence
    }


def test_an_author_sees_on_every_page_that_the_previous_version_is_shown(
    settings: Settings, engine: Engine, writer: Writer, tmp_path: Path
) -> None:
    courses = write_courses(tmp_path / "good")
    hieu = courses / "vneid/01-ba-loai-ma/hieu.md"
    good = hieu.read_text("utf-8")
    catalog = Catalog(courses, lambda: TODAY)
    app = create_app(settings, catalog=catalog, engine=engine, writer=writer)
    phone = app.test_client()
    addresses = ("/vneid", "/vneid/ba-loai-ma", "/vneid/ba-loai-ma/hieu", "/vneid/kich-hoat/lam")

    def pages_after_saving(text: str, *, watched: bool) -> list[str]:
        hieu.write_text(text, "utf-8")
        catalog.authoring = watched
        catalog.reload()
        return [phone.get(address).text for address in addresses]

    assert not any("authoring-banner" in page for page in pages_after_saving(good, watched=True))
    for page in pages_after_saving(f"{good}\n::: <script>alert(1)</script>\n:::\n", watched=True):
        assert "Chưa lên: còn 1 lỗi, trang này vẫn là bản trước" in page
        assert re.search(r"good/vneid/01-ba-loai-ma/hieu\.md</code> dòng \d+:", page)
        assert "<script>alert" not in page
    assert "authoring-banner" not in phone.get("/").text
    assert not any("authoring-banner" in page for page in pages_after_saving(hieu.read_text("utf-8"), watched=False))
    assert not any("authoring-banner" in page for page in pages_after_saving(good, watched=True))


def test_pictures_of_a_lesson_are_served_and_nothing_else_is(lan: CheckingClient) -> None:
    picture = lan.get("/vneid/ba-loai-ma/images/the.svg")
    assert picture.mimetype == "image/svg+xml"
    assert "max-age" in picture.headers["Cache-Control"]
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    for name in ("hieu.md", "../hieu.md", "..%2f..%2fcourse.md", "khong-co.png", "%2fetc%2fpasswd"):
        assert lan.get(f"/vneid/ba-loai-ma/images/{name}", follow_redirects=True).status_code == 404


def test_pictures_of_a_course_are_served_too(lan: CheckingClient, courses: Path) -> None:
    (courses / "vneid/images").mkdir()
    (courses / "vneid/images/anh.png").write_bytes(b"png")
    assert lan.get("/vneid/images/anh.png").mimetype == "image/png"
    assert lan.get("/vneid/images/course.md").status_code == 404


def test_unknown_courses_and_lessons_are_not_found(lan: CheckingClient) -> None:
    for address in (
        "/khong-co",
        "/vneid/khong-co",
        "/vneid/khong-co/hieu",
        "/vneid/kich-hoat/dung",
        "/vneid/x/images/a.png",
    ):
        assert lan.get(address).status_code == 404
