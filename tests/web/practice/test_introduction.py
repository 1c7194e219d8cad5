"""The introduction of a practice: what its main button proposes, and what can be started."""

from __future__ import annotations

import pytest

from tests.web.nojs_phone import PRACTICE_URL, NoJsPhone


@pytest.mark.slow
def test_the_first_visit_proposes_guided_mode_and_the_second_alone(lan):
    lan.open(PRACTICE_URL)
    assert lan.main_button_text() == "Làm theo từng bước"
    lan.start("lam-theo")
    lan.open(PRACTICE_URL)
    assert lan.main_button_text() == "Tập tiếp"
    lan.open(lan.page.xpath("//a[contains(@class, 'button--main')]/@href")[0])
    lan.follow_expected_path()
    lan.open(PRACTICE_URL)
    assert lan.main_button_text() == "Tự làm"


@pytest.mark.slow
def test_with_the_mark_the_main_button_of_the_introduction_goes_on(lan):
    lan.start()
    lan.follow_expected_path()
    lan.open(PRACTICE_URL)
    assert "Bác có dấu làm được, bài Mọi thứ" in lan.text
    assert lan.main_button_text() == "Sang phần Hiểu"
    assert mode_labels(lan) == {
        "tu-lam": "Tự làm lần nữa",
        "lam-theo": "Làm theo từng bước",
        "kiem-tra": "Làm bài kiểm tra",
    }
    assert "Qua được thì có dấu làm được." not in lan.text


@pytest.mark.slow
def test_with_the_mark_an_open_attempt_is_not_the_main_button(lan):
    lan.start()
    lan.follow_expected_path()
    lan.start("kiem-tra")
    left = lan.address
    lan.open(PRACTICE_URL)
    assert lan.main_button_text() == "Sang phần Hiểu"
    (link,) = lan.page.xpath("//main//a[starts-with(@href, '/toi/luot/')]")
    assert (link.get("href"), link.text_content()) == (left, "Tập tiếp lượt đang dở")


def mode_labels(phone: NoJsPhone) -> dict[str, str]:
    return {button.get("value"): button.text_content() for button in phone.page.xpath("//button[@name='mode']")}


def test_the_introduction_says_what_is_simulated_in_two_sentences(lan):
    lan.open(PRACTICE_URL)
    assert "Màn hình phỏng theo: VNeID trên Android. Trên máy bác chữ có thể hơi khác." in lan.text


def test_looking_at_the_introduction_saves_nothing(lan):
    response = lan.client.get(PRACTICE_URL)
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers


def test_the_introduction_shows_the_card_with_numbers_to_copy(lan):
    lan.open(PRACTICE_URL)
    groups = lan.page.xpath("//*[contains(@class, 'practice-help__card')]//*[@class='digits']")
    assert [number.text_content() for number in groups] == ["099060000123", "0100000777"]


@pytest.mark.parametrize("mode", ["", "xem-mau", "lam-that", "tu-lam; drop"])
def test_only_the_three_saved_modes_can_be_started(lan, mode):
    assert lan.client.post(PRACTICE_URL, data={"mode": mode}).status_code == 422


def test_an_unknown_practice_is_not_found(lan):
    assert lan.open(f"{PRACTICE_URL}/khac") == 404
    assert lan.client.post(f"{PRACTICE_URL}/khac", data={"mode": "tu-lam"}).status_code == 404
