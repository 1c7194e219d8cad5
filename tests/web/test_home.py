"""The home page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask

from tests.web.checking_client import CheckingClient
from tests.web.learner_actions import answer, claim_badge
from tests.web.page_texts import main_button


def test_a_newcomer_is_led_to_the_first_lesson(lan: CheckingClient) -> None:
    page = lan.page("/")
    assert main_button(page).get("href") == "/vneid/ba-loai-ma"
    assert "Bắt đầu học" in main_button(page).text_content()
    assert "VNeID thử" in page.text_content()


def test_the_first_visit_has_its_main_button_before_the_text(lan: CheckingClient) -> None:
    """At 320 px with text of 200 % a paragraph is a screen: what to tap comes first."""
    page = lan.page("/")
    (card,) = page.xpath("//section[contains(@class, 'home-header-card')]")
    assert [one.tag for one in card][:2] == ["h2", "a"]
    assert len(page.xpath("//*[contains(@class, 'button--main')]")) == 1
    assert not page.xpath("//main//a[@href='/toi']")  # Hoa has nothing yet


def test_many_courses_are_folded_by_name_and_started_ones_are_open(
    app: Flask, lan: CheckingClient, hoa: CheckingClient, courses: Path
) -> None:
    for number in range(4):
        shutil.copytree(courses / "vneid", courses / f"khoa-{number}")
    app.extensions["catalog"].reload()
    answer(lan, "OTP. Bác làm gì", ["Cúp máy"])
    page = lan.page("/")
    assert page.xpath("//main//ul[not(ancestor::details)]//a/@href") == ["/vneid"]
    (fold,) = page.xpath("//main/section//details")
    assert "Còn 4 khóa khác" in fold.find("summary").text_content()
    assert len(fold.xpath(".//a")) == 4
    (fold,) = hoa.page("/").xpath("//main/section//details")
    assert "Xem cả 5 khóa" in fold.find("summary").text_content()
    assert fold.find("summary").text_content().count("VNeID thử") == len(fold.xpath(".//a")) == 5


def test_looking_around_sets_no_cookie(lan: CheckingClient) -> None:
    for address in ("/", "/vneid", "/vneid/ba-loai-ma", "/vneid/ba-loai-ma/hieu", "/toi"):
        assert "Set-Cookie" not in lan.get(address).headers


def test_a_returning_learner_resumes_where_she_stopped(lan: CheckingClient) -> None:
    answer(lan, "OTP. Bác làm gì", ["Cúp máy"])
    page = lan.page("/")
    assert "Bác đang học dở" in page.text_content()
    assert main_button(page).get("href") == "/vneid/ba-loai-ma/hieu"


@pytest.mark.slow
def test_a_finished_lesson_leads_to_the_next(lan: CheckingClient) -> None:
    claim_badge(lan)
    page = lan.page("/")
    assert main_button(page).get("href") == "/vneid/kich-hoat"
    assert "Bài tiếp theo của bác" in page.text_content()
    assert "Xong 1 trong 2 bài" in page.text_content()


def test_only_an_unknown_phone_is_asked_for_a_learning_code(lan: CheckingClient) -> None:
    assert "Đã học ở máy khác?" in lan.page("/").text_content()
    answer(lan, "OTP. Bác làm gì", ["Cúp máy"])
    assert "Đã học ở máy khác?" not in lan.page("/").text_content()


def test_the_home_page_shows_nothing_of_other_learners(lan: CheckingClient, hoa: CheckingClient) -> None:
    answer(lan, "OTP. Bác làm gì", ["Cúp máy"])
    assert "Bác đang học dở" not in hoa.page("/").text_content()


def test_the_home_page_has_a_link_for_facilitators(lan: CheckingClient) -> None:
    page = lan.page("/")
    assert page.xpath("//header//a[@href='/dung-lop']")  # a laptop sees this one, a phone the other
    assert page.xpath("//main//a[@href='/dung-lop']")
    answered = lan.get("/dung-lop")
    assert (answered.status_code, answered.location) == (303, "/vao?tiep=/dung-lop")
