"""/soan/huong-dan: the authors' guide, what leads into it, and the parts that the editor opens."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask

from lms.assets import load_assets
from lms.content.rule_guide import rule_texts
from lms.learning.accounts.permissions import CITY
from lms.web.workshop.authors_guide import FRONT_MATTER, SECTIONS
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import signed_in_client

GUIDE = "/soan/huong-dan"


@pytest.fixture
def app(courses: Path, app: Flask) -> Flask:
    """With a folder of courses of its own."""
    return app


@pytest.fixture
def page(app):
    return app.test_client().page(GUIDE)


def test_whoever_cannot_sign_in_yet_reads_the_guide(page):
    assert page.findtext(".//h1") == "Hướng dẫn soạn bài"
    assert "Bác muốn làm gì?" in page.text_content()


def test_the_guide_begins_with_the_way_through_the_site_and_needs_no_command_for_it(page):
    first, second = page.xpath("//div[@data-guide-text]//h2")[:2]
    assert (first.text_content(), second.text_content()) == (
        "Bài đầu tiên, ngay trên trang",
        "Có chương trình trên máy",
    )
    steps = [
        text_of(step) for step in page.xpath("//h2[@id='bài-đầu-tiên-ngay-trên-trang']/following-sibling::ol[1]/li")
    ]
    named = ["người soạn bài", "Khóa học mới", "Tạo bài", "Mẫu có sẵn để chép", "Vẽ bài tập", "dung.md", "nháp: có"]
    assert len(steps) == len(named) + 2
    for words, step in zip([*named, "Gửi người khác xem", "Đăng"], steps, strict=True):
        assert words in step
    assert "lms " not in " ".join(steps)


def test_every_link_inside_the_guide_has_its_section(page):
    inside = {unquote(link)[1:] for link in page.xpath("//a[starts-with(@href, '#')]/@href")}
    assert len(inside) > 20
    assert inside - {"chinh"} <= set(page.xpath("//@id"))


def test_each_rule_of_the_guide_can_be_opened_and_leads_to_its_page(page):
    anchors = page.xpath("//td/a[starts-with(@id, 'quy-tac-')]")
    assert {anchor.get("id").removeprefix("quy-tac-") for anchor in anchors} == set(rule_texts())
    assert all(anchor.get("href") == f"/soan/quy-tac/{anchor.text_content()}" for anchor in anchors)


def test_the_guide_has_pictures_of_the_real_screens_that_can_be_loaded(app, page):
    pictures = page.xpath("//div[@data-guide-text]//img")
    assert len(pictures) >= 3
    for picture in pictures:
        assert picture.get("alt") and load_assets().find(picture.get("src").split("/", 3)[3]), picture.get("src")


@pytest.mark.parametrize("stem", sorted(SECTIONS))
def test_every_part_that_the_editor_opens_is_there(page, stem):
    anchors = set(page.xpath("//@id"))
    assert {FRONT_MATTER, *(section for _, section in SECTIONS[stem])} <= anchors


def test_the_editor_leads_to_the_part_about_its_file_and_knows_the_others(app):
    author = signed_in_client(app, "Lan Anh", {"author"}, CITY)
    page = author.page("/soan/vneid/02-kich-hoat/hieu.md")
    assert page.xpath("//nav/a[text()='Cả bản hướng dẫn']/@href") == [f"{GUIDE}#hieumd-hiểu-ngay"]
    practice = author.page("/soan/vneid/02-kich-hoat/lam.md")
    sections = json.loads(practice.xpath("//lesson-editor/@data-sections")[0])
    lines = [(re.compile(shape), name) for shape, name in sections["lines"]]
    first = next(name for shape, name in lines if shape.search("- [nút] Gửi => Xong"))
    assert first == "mũi-tên"
