"""Pages in English for a phone that chose it, without a lesson: the switch, errors, days and numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask, g
from lxml import html

from lms.web import page_formats
from tests.web.checking_client import CheckingClient
from tests.web.english_pages import assert_english, choose_english


@pytest.fixture
def english(lan: CheckingClient) -> CheckingClient:
    choose_english(lan)
    return lan


def test_a_page_that_is_not_there_is_said_in_english(english):
    answer = english.get("/toi/khong-co")
    assert answer.status_code == 404
    page = html.fromstring(answer.text)
    assert_english(page)
    assert page.findtext(".//h1") == "There is no such page"


def test_a_script_is_told_of_an_error_in_english(english):
    answer = english.get("/toi/khong-co", headers={"Accept": "application/json"})
    assert answer.json == {
        "error": "The address may have changed, or a letter is missing. Go to the first page to find your lesson."
    }


def test_days_and_numbers_are_written_as_english_readers_know_them(app: Flask):
    begin = datetime(2026, 12, 2, 1, 5, tzinfo=UTC)
    with app.test_request_context("/"):
        g.page_language = "en"
        assert page_formats.day_in_words("2026-11-25") == "25 November 2026"
        assert page_formats.moment_in_words(begin) == "8:05 on 2 December 2026"
        assert page_formats.weekday_and_day(begin) == "Wednesday, 2 December"
        assert page_formats.relative_day(begin, begin) == "Today"
        assert page_formats.grouped(1500) == "1,500"
    with app.test_request_context("/"):
        assert page_formats.day_in_words(date(2026, 11, 25)) == "25 tháng 11 năm 2026"
        assert page_formats.weekday_and_day(begin) == "Thứ Tư, ngày 2 tháng 12"
        assert page_formats.grouped(1500) == "1.500"
