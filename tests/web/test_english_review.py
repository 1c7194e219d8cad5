"""Ôn lại in English: a card of a translated lesson, and one whose lesson is in Vietnamese only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from lxml import html

from lms.content.catalog import Catalog
from tests.translated_lesson import write_translated_courses
from tests.web.english_pages import assert_english
from tests.web.nojs_phone import NoJsPhone
from tests.web.translated_lesson_actions import LESSON, earn_all_marks


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write_translated_courses


@pytest.fixture
def reviewing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> NoJsPhone:
    """An English phone some days after its lesson was finished."""
    phone = NoJsPhone(app)
    phone.client.get(f"{LESSON}?lang=en")
    earn_all_marks(phone)
    later = datetime.now(UTC) + timedelta(days=5)
    monkeypatch.setattr("lms.web.clock.now", lambda: later)
    monkeypatch.setattr("lms.web.clock.today", later.date)
    return phone


@pytest.mark.slow
def test_a_card_of_a_translated_lesson_is_in_english(reviewing):
    reviewing.open("/")
    assert "cards today" in reviewing.page.text_content()
    reviewing.open("/on")
    assert "Card 1 of" in reviewing.page.text_content()
    assert_english(reviewing.page)
    [form] = reviewing.page.xpath("//question-card/form")
    refused = reviewing.client.post(form.get("action"), data={})
    assert refused.status_code == 422
    assert_english(html.fromstring(refused.text))


def test_a_card_without_a_translation_is_vietnamese_and_says_so(courses: Path, catalog: Catalog, reviewing):
    (courses / "may" / "01-mo-may" / "hieu.en.md").unlink()
    catalog.reload()
    reviewing.open("/on")
    assert reviewing.page.get("lang") == "vi"
    assert "not translated yet" in reviewing.page.xpath("//div[@lang='en']")[0].text_content()
    reviewing.client.get("/on?lang=vi")
    reviewing.open("/on")
    assert not reviewing.page.xpath("//div[@lang='en']")
