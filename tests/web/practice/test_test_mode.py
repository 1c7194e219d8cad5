"""Kiểm tra: no help, silent traps, and a page that does not give the answer away."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from lxml import html

from tests.web.nojs_phone import PRACTICE_URL, NoJsPhone
from tests.web.page_texts import text_of

# What the author wrote for afterwards, or for those who practise with help.
KEPT_BACK = (
    "Biểu tượng có hình cái túi",
    "Chỉ kho ứng dụng mới có",
    "Đó là cách kẻ gian dụ mình",
    "Trang này không phải của Nhà nước",
    "Ngoài đời, bác để sau lúc nào cũng được",
    "Đừng đọc mã OTP cho bất kỳ ai",
    "Ngoài đời, ai có mã thì vào được",
    "Đây là bài tập nên không mất gì",
)


@pytest.fixture
def lan(app: Flask) -> NoJsPhone:
    phone = NoJsPhone(app)
    phone.start("kiem-tra")
    return phone


def page_html(phone: NoJsPhone) -> str:
    return phone.client.get(phone.address).text


def script_data(phone: NoJsPhone) -> dict:
    return json.loads(phone.page.xpath("//script[@data-practice]")[0].text)


def tap_traps(phone: NoJsPhone) -> None:
    """Tap a side way and two traps, the second one dangerous, then complete the attempt."""
    phone.tap("Quảng cáo: nhận quà ngay")
    phone.tap("Về màn hình chính")
    phone.follow_expected_path(until="co-cuoc-goi-den")
    phone.tap("Đọc mã OTP cho họ")
    phone.tap("Về lại cuộc gọi")
    phone.follow_expected_path()


def test_the_introduction_offers_the_test_below_the_main_button(app):
    lan = NoJsPhone(app)
    lan.open(PRACTICE_URL)
    assert lan.main_button_text() == "Làm theo từng bước"
    (button,) = lan.page.xpath("//button[@value='kiem-tra']")
    assert "button--main" not in button.get("class")


@pytest.mark.slow
def test_a_flawless_attempt_alone_proposes_the_test_and_one_with_help_does_not(app):
    lan = NoJsPhone(app)
    lan.start("tu-lam")
    lan.follow_expected_path()
    lan.open(f"{lan.address}/ket-qua")
    assert lan.page.xpath("//button[@value='kiem-tra']")
    assert lan.main_button_text() == "Sang phần Hiểu"
    lan.start("tu-lam")
    lan.press_help()
    lan.follow_expected_path()
    lan.open(f"{lan.address}/ket-qua")
    assert not lan.page.xpath("//button[@value='kiem-tra']")


@pytest.mark.slow
def test_the_expected_path_earns_the_mark(lan):
    lan.follow_expected_path()
    lan.open(f"{lan.address}/ket-qua")
    assert lan.page.findtext(".//h1") == "9 trong 9 màn hình tự làm đúng"
    assert "Bác có dấu làm được" in lan.text
    assert "Những chỗ bác nên nhớ" not in lan.text


def test_a_test_has_no_help_even_for_a_forged_form(lan):
    assert not re.search(r"data-help|Làm giúp bước này", page_html(lan))
    for level in ("hint", "point", "do"):
        assert lan.send({**lan.form, "help": level}) == 303
        assert (lan.screen, lan.form["q"]) == ("man-hinh-chinh", "1")


def test_a_wrong_field_still_gets_feedback(lan):
    lan.follow_expected_path(until="nhap-thong-tin")
    lan.tap("Gửi yêu cầu")
    assert lan.feedback_texts() == ["Ô “Số định danh cá nhân” còn trống. Bác chọn một dòng nhé."]


def test_a_trap_leads_silently_to_an_ordinary_screen(lan):
    lan.tap("Quảng cáo: nhận quà ngay")
    assert lan.screen == "trang-gia"
    assert lan.feedback_texts() == []
    assert "phone--wrong" not in page_html(lan)
    assert lan.page.xpath("//form[@id='man-hinh']//h2")[0].text_content() == "Trang giả"


@pytest.mark.slow
def test_the_page_contains_no_text_meant_for_the_result(lan):
    page = page_html(lan)
    assert [words for words in KEPT_BACK if words in page] == []
    tap_traps(lan)
    page = page_html(lan)
    assert [words for words in KEPT_BACK if words in page] == []


def test_the_page_does_not_know_about_a_tapped_trap(lan):
    lan.follow_expected_path(until="co-cuoc-goi-den")
    lan.tap("Đọc mã OTP cho họ")
    state = script_data(lan)["state"]
    assert not state["fatal"]
    assert not any(screen["trapped"] for screen in state["screens"].values())


@pytest.mark.slow
def test_the_result_names_each_trap_and_its_consequence(lan):
    tap_traps(lan)
    lan.open(f"{lan.address}/ket-qua")
    notes = [text_of(card) for card in lan.page.xpath("//div[contains(@class, 'note tone-trap')]")]
    assert len(notes) == 2
    assert notes[0].startswith("Ở màn “Màn hình chính”, bác đã chạm “Quảng cáo: nhận quà ngay”.")
    assert "Đó là cách kẻ gian dụ mình." in notes[0]
    assert "Ngoài đời, bác tắt trang đi là xong." in notes[0]
    assert "Đừng đọc mã OTP cho bất kỳ ai" in notes[1]
    assert "Bác có dấu làm được" not in lan.text
    assert lan.main_button_text() == "Tập lại một lượt"


def test_no_class_order_or_attribute_gives_the_expected_path_away(lan):
    """Screens without fields: whatever can be tapped looks the same to a script, and no screen is numbered."""
    page = html.fromstring(page_html(lan))
    screens = page.xpath("//template[@data-template]")
    names = [screen.get("data-template") for screen in screens]
    assert (
        names
        == sorted(names)
        == list(script_data(lan)["model"]["screens"])
        == list(script_data(lan)["state"]["screens"])
    )
    assert not page.xpath("//@data-number")
    for screen in screens:
        buttons = screen.xpath(".//form//button[@name='tap']")
        fields = screen.xpath(".//*[@data-widget][self::input or self::select]")
        assert not screen.xpath(".//button//*[contains(@class, 'pointed__hand')]")
        model = script_data(lan)["model"]["screens"][screen.get("data-template")]
        arrows = {model["widgets"][int(button.get("value"))].get("arrow") for button in buttons}
        assert "x>" not in arrows
        if not fields:
            assert "=>" not in arrows
            assert model["next"] == -1
        assert "hints" not in model


def test_the_place_for_a_helper_has_no_screen_number(lan):
    assert lan.page.xpath("//*[@data-place]")[0].text_content() == "bài 1, phần kiểm tra"
