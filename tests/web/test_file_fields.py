"""A file is chosen by a button in the page's language: the browser's own would speak the browser's."""

from __future__ import annotations

from pathlib import Path

import pytest

import lms.web
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import text_of

TEMPLATES = Path(lms.web.__file__).parent / "templates"


@pytest.mark.parametrize(
    ("language", "label", "face"), [("vi", "Ảnh hoặc tệp huy hiệu", "Chọn tệp"), ("en", "Picture", "Choose")]
)
def test_the_button_for_a_file_is_in_the_pages_language_and_works_without_a_script(
    lan: CheckingClient, language: str, label: str, face: str
) -> None:
    lan.get(f"/kiem-chung?lang={language}")
    page = lan.page("/kiem-chung")
    [field] = page.xpath("//input[@type='file']")
    labels = [text_of(each) for each in page.xpath("//label[@for=$id]", id=field.get("id"))]
    assert [each.startswith(start) for each, start in zip(labels, (label, face), strict=True)] == [True, True]


def test_every_page_that_takes_a_file_has_such_a_button() -> None:
    pages = {path for path in TEMPLATES.rglob("*.html") if 'type="file"' in path.read_text(encoding="utf-8")}
    assert pages == {TEMPLATES / "macros" / "file_field.html"}
    users = [path for path in TEMPLATES.rglob("*.html") if "{{ file_field(" in path.read_text(encoding="utf-8")]
    assert users
    for path in users:
        assert "js/elements/file-field.js" in path.read_text(encoding="utf-8"), path
        assert '"file-field"' in path.read_text(encoding="utf-8"), path
