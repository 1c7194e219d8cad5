"""The first page."""

from __future__ import annotations

from tests.web.careful import CarefulClient
from tests.web.hands import answer, claim, main_button


def test_whoever_comes_first_is_led_into_the_first_lesson(lan: CarefulClient) -> None:
    page = lan.page("/")
    assert main_button(page).get("href") == "/vneid/ba-loai-ma"
    assert "Bắt đầu học" in main_button(page).text_content()
    assert "VNeID thử" in page.text_content()


def test_looking_around_makes_nobody_a_learner(lan: CarefulClient) -> None:
    for address in ("/", "/vneid", "/vneid/ba-loai-ma", "/vneid/ba-loai-ma/hieu", "/toi"):
        assert "Set-Cookie" not in lan.get(address).headers


def test_whoever_comes_back_goes_on_where_she_stopped(lan: CarefulClient) -> None:
    answer(lan, "OTP. Bác làm gì", ["Cúp máy"])
    page = lan.page("/")
    assert "Bác đang học dở" in page.text_content()
    assert main_button(page).get("href") == "/vneid/ba-loai-ma/hieu"


def test_a_finished_lesson_leads_to_the_next(lan: CarefulClient) -> None:
    claim(lan)
    page = lan.page("/")
    assert main_button(page).get("href") == "/vneid/kich-hoat"
    assert "Bài tiếp theo của bác" in page.text_content()
    assert "Xong 1 trong 2 bài" in page.text_content()


def test_only_a_stranger_is_asked_for_a_code_from_another_phone(lan: CarefulClient) -> None:
    assert "Đã học ở máy khác?" in lan.page("/").text_content()
    answer(lan, "OTP. Bác làm gì", ["Cúp máy"])
    assert "Đã học ở máy khác?" not in lan.page("/").text_content()


def test_one_persons_home_shows_nothing_of_another(lan: CarefulClient, hoa: CarefulClient) -> None:
    answer(lan, "OTP. Bác làm gì", ["Cúp máy"])
    assert "Bác đang học dở" not in hoa.page("/").text_content()


def test_whoever_stands_in_front_of_a_class_finds_the_way_in(lan: CarefulClient) -> None:
    page = lan.page("/")
    assert page.xpath("//header//a[@href='/dung-lop']")  # a laptop sees this one, a phone the other
    assert page.xpath("//main//a[@href='/dung-lop']")
    answered = lan.get("/dung-lop")
    assert (answered.status_code, answered.location) == (303, "/vao?tiep=/dung-lop")
