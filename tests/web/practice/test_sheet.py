"""Tờ các bước: the content of the sheet; tests/browser/test_sheet.py checks its size."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.content.practice import action_paths
from lms.web.practice.step_guides import sheet_steps
from tests.real_courses import library
from tests.web.checking_client import CheckingClient
from tests.web.every_screen import every_screen
from tests.web.nojs_phone import PRACTICE_URL, NoJsPhone

SHEET = f"{PRACTICE_URL}?che-do=to-buoc"


@pytest.fixture
def lan(app: Flask) -> CheckingClient:
    """A client that checks each page, as the sheet is an ordinary page and no practice."""
    return app.test_client()


@pytest.fixture
def hoa(app: Flask) -> CheckingClient:
    return app.test_client()


def step_texts(page) -> list[str]:
    return [" ".join(step.text_content().split()) for step in page.xpath("//ol/li")]


def test_the_sheet_has_a_step_for_each_screen_of_the_expected_path(lan):
    steps = step_texts(lan.page(SHEET))
    screens = dict.fromkeys(step.screen for step in action_paths.expected_walk(every_screen(), 1))
    assert [step.split(" ", 1)[0] for step in steps] == [f"{number}" + every_screen().screen(one).title.split()[0]
                                                         for number, one in enumerate(screens, 1)]  # fmt: skip
    assert "Bác gõ 099060000123 vào ô “Số định danh cá nhân”." in steps[5]


def test_the_introduction_leads_to_it(app):
    lan = NoJsPhone(app)
    lan.open(PRACTICE_URL)
    assert lan.page.xpath("//main//a[@href='?che-do=to-buoc']")


def test_generated_codes_are_not_printed(lan):
    (code,) = [step for step in step_texts(lan.page(SHEET)) if "“Mã OTP”" in step]
    assert "Bác gõ mã trong tin nhắn vào ô “Mã OTP”." in code
    assert "{{" not in lan.get(SHEET).text


def test_the_sheet_has_the_url_and_qr_code_of_the_practice(lan):
    page = lan.page(SHEET)
    assert page.xpath("//figure[@aria-label='Mã QR mở bài tập này']//svg")
    assert "hoc.example/thu/moi-thu/lam" in page.text_content()


def test_the_sheet_is_the_same_for_everybody_and_saves_nothing(lan, hoa):
    hoa.post(PRACTICE_URL, data={"mode": "tu-lam"})
    assert lan.get(SHEET).data == hoa.get(SHEET).data
    assert "Set-Cookie" not in lan.get(SHEET).headers


def test_every_practice_in_courses_has_a_complete_sheet():
    for course in library():
        for lesson in course.lessons:
            for practice in lesson.practices:
                steps = sheet_steps(practice)
                assert steps, practice.path
                assert all("{{" not in f"{step.title}{''.join(step.actions)}" for step in steps), practice.path
