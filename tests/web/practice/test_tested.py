"""Kiểm tra: no help, traps that keep silent until the end, and a page that gives nothing away."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from lxml import html

from tests.web.plain_phone import LAM_ADDRESS, PlainPhone, main_words

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
def lan(app: Flask) -> PlainPhone:
    phone = PlainPhone(app)
    phone.starts("kiem-tra")
    return phone


def whole_page(phone: PlainPhone) -> str:
    return phone.client.get(phone.address).text


def facts(phone: PlainPhone) -> dict:
    return json.loads(phone.page.xpath("//script[@data-practice]")[0].text)


def takes_the_bait(phone: PlainPhone) -> None:
    """A way off and two traps, then on to the end; the second trap is a dangerous one."""
    phone.taps("Quảng cáo: nhận quà ngay")
    phone.taps("Về màn hình chính")
    phone.goes_the_expected_way(until="co-cuoc-goi-den")
    phone.taps("Đọc mã OTP cho họ")
    phone.taps("Về lại cuộc gọi")
    phone.goes_the_expected_way()


def test_the_introduction_offers_it_quietly(app):
    lan = PlainPhone(app)
    lan.opens(LAM_ADDRESS)
    assert main_words(lan) == "Làm theo từng bước"
    (button,) = lan.page.xpath("//button[@value='kiem-tra']")
    assert "button--main" not in button.get("class")


def test_a_clean_go_alone_offers_it_and_one_with_help_does_not(app):
    lan = PlainPhone(app)
    lan.starts("tu-lam")
    lan.goes_the_expected_way()
    lan.opens(f"{lan.address}/ket-qua")
    assert lan.page.xpath("//button[@value='kiem-tra']")
    assert main_words(lan) == "Sang phần Hiểu"
    lan.starts("tu-lam")
    lan.asks_for_help()
    lan.goes_the_expected_way()
    lan.opens(f"{lan.address}/ket-qua")
    assert not lan.page.xpath("//button[@value='kiem-tra']")


def test_the_right_way_earns_the_mark(lan):
    lan.goes_the_expected_way()
    lan.opens(f"{lan.address}/ket-qua")
    assert lan.page.findtext(".//h1") == "9 trong 9 màn hình tự làm đúng"
    assert "Bác có dấu làm được" in lan.words
    assert "Những chỗ bác nên nhớ" not in lan.words


def test_there_is_no_help_and_asking_for_it_all_the_same_changes_nothing(lan):
    assert not re.search(r"data-help|Làm giúp bước này", whole_page(lan))
    for rung in ("hint", "point", "do"):
        assert lan.sends({**lan.form, "help": rung}) == 303
        assert (lan.screen, lan.form["q"]) == ("man-hinh-chinh", "1")


def test_a_field_that_does_not_hold_is_still_said(lan):
    lan.goes_the_expected_way(until="nhap-thong-tin")
    lan.taps("Gửi yêu cầu")
    assert lan.notes() == ["Chưa đúng. Bác so lại 12 chữ số trên thẻ việc nhé."]


def test_a_trap_leads_on_silently_to_a_screen_like_any_other(lan):
    lan.taps("Quảng cáo: nhận quà ngay")
    assert lan.screen == "trang-gia"
    assert lan.notes() == []
    assert "phone--wrong" not in whole_page(lan)
    assert lan.page.xpath("//form[@id='man-hinh']//h2")[0].text_content() == "Trang giả"


def test_the_page_holds_nothing_that_was_written_for_afterwards(lan):
    page = whole_page(lan)
    assert [words for words in KEPT_BACK if words in page] == []
    takes_the_bait(lan)
    page = whole_page(lan)
    assert [words for words in KEPT_BACK if words in page] == []


def test_the_page_never_knows_that_a_trap_was_met(lan):
    lan.goes_the_expected_way(until="co-cuoc-goi-den")
    lan.taps("Đọc mã OTP cho họ")
    state = facts(lan)["state"]
    assert not state["fatal"]
    assert not any(screen["trapped"] for screen in state["screens"].values())


def test_the_end_tells_each_trap_and_what_it_would_have_cost(lan):
    takes_the_bait(lan)
    lan.opens(f"{lan.address}/ket-qua")
    told = [" ".join(card.text_content().split()) for card in lan.page.xpath("//div[contains(@class, 'note trap')]")]
    assert len(told) == 2
    assert told[0].startswith("Ở màn “Màn hình chính”, bác đã chạm “Quảng cáo: nhận quà ngay”.")
    assert "Đó là cách kẻ gian dụ mình." in told[0]
    assert "Ngoài đời, bác tắt trang đi là xong." in told[0]
    assert "Đừng đọc mã OTP cho bất kỳ ai" in told[1]
    assert "Bác có dấu làm được" not in lan.words
    assert main_words(lan) == "Tập lại một lượt"


def test_no_class_order_or_attribute_tells_the_right_way_from_the_others(lan):
    """Screens without fields: whatever can be tapped looks the same to a script, and no screen is numbered."""
    page = html.fromstring(whole_page(lan))
    screens = page.xpath("//template[@data-template]")
    names = [screen.get("data-template") for screen in screens]
    assert names == sorted(names) == list(facts(lan)["model"]["screens"]) == list(facts(lan)["state"]["screens"])
    assert not page.xpath("//@data-number")
    for screen in screens:
        buttons = screen.xpath(".//form//button[@name='tap']")
        fields = screen.xpath(".//*[@data-widget][self::input or self::select]")
        assert not screen.xpath(".//button//*[contains(@class, 'pointed__hand')]")
        model = facts(lan)["model"]["screens"][screen.get("data-template")]
        arrows = {model["widgets"][int(button.get("value"))].get("arrow") for button in buttons}
        assert "x>" not in arrows
        if not fields:
            assert "=>" not in arrows
            assert model["next"] == -1
        assert "hints" not in model


def test_the_place_to_tell_a_helper_has_no_number(lan):
    assert lan.page.xpath("//*[@data-place]")[0].text_content() == "bài 1, phần kiểm tra"
