"""Tờ các bước: what stands on the paper; tests/browser/test_sheet.py looks at its size."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.content.practice import paths
from lms.web.practice.sheet import sheet_steps
from tests.real_courses import library
from tests.web.careful import CarefulClient
from tests.web.every_screen import every_screen
from tests.web.plain_phone import LAM_ADDRESS, PlainPhone

SHEET = f"{LAM_ADDRESS}?che-do=to-buoc"


@pytest.fixture
def lan(app: Flask) -> CarefulClient:
    """Lan's phone proof-reads this page: it is no practice."""
    return app.test_client()


@pytest.fixture
def hoa(app: Flask) -> CarefulClient:
    return app.test_client()


def words(page) -> list[str]:
    return [" ".join(step.text_content().split()) for step in page.xpath("//ol/li")]


def test_it_has_a_step_for_each_screen_of_the_right_way(lan):
    steps = words(lan.page(SHEET))
    screens = dict.fromkeys(step.screen for step in paths.walk(every_screen(), 1))
    assert [step.split(" ", 1)[0] for step in steps] == [f"{number}" + every_screen().screen(one).title.split()[0]
                                                         for number, one in enumerate(screens, 1)]  # fmt: skip
    assert "Bác gõ 099060000123 vào ô “Số định danh cá nhân”." in steps[5]


def test_the_introduction_leads_to_it(app):
    lan = PlainPhone(app)
    lan.opens(LAM_ADDRESS)
    assert lan.page.xpath("//main//a[@href='?che-do=to-buoc']")


def test_what_each_attempt_draws_is_left_to_the_message(lan):
    (code,) = [step for step in words(lan.page(SHEET)) if "“Mã OTP”" in step]
    assert "Bác gõ mã trong tin nhắn vào ô “Mã OTP”." in code
    assert "{{" not in lan.get(SHEET).text


def test_a_square_and_an_address_lead_to_the_practice(lan):
    page = lan.page(SHEET)
    assert page.xpath("//figure[@aria-label='Mã QR mở bài tập này']//svg")
    assert "hoc.example/thu/moi-thu/lam" in page.text_content()


def test_it_is_the_same_for_all_and_keeps_nothing(lan, hoa):
    hoa.post(LAM_ADDRESS, data={"mode": "tu-lam"})
    assert lan.get(SHEET).data == hoa.get(SHEET).data
    assert "Set-Cookie" not in lan.get(SHEET).headers


def test_every_practice_of_the_courses_has_steps_without_gaps():
    for course in library():
        for lesson in course.lessons:
            for practice in lesson.practices:
                steps = sheet_steps(practice)
                assert steps, practice.path
                assert all("{{" not in f"{step.title}{''.join(step.deeds)}" for step in steps), practice.path
