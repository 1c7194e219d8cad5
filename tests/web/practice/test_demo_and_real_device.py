"""Xem mẫu and làm thật: guides that are the same for everybody and save nothing."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from lxml import html
from sqlalchemy import text

from lms.web.practice.real_device import real_device_steps
from tests.real_courses import library
from tests.web.nojs_phone import PRACTICE_URL, NoJsPhone
from tests.web.page_texts import text_of

TYPED = ("number", "text", "password")
WATCH = f"{PRACTICE_URL}?che-do=xem-mau"
CALL_ALONE = """---
tên: Một cuộc gọi
bắt đầu: Chuông reo
đích: Xong
---

## Chuông reo {loại="cuộc gọi"}
> Việc: Có người xin mã. Bác làm gì?

- [nút] Cúp máy => Xong
- [nút] Đọc mã x> Lỡ đọc
  - báo: Có mã là họ vào được tài khoản.

## Lỡ đọc {loại=lạc}
> Lạc: Mã chỉ gõ vào máy mình.

- [nút] Nghe lại => Chuông reo

## Xong {loại=kết}
"""


def practices_of_apps() -> list:
    return [
        pytest.param(practice, id=f"{course.slug}-{lesson.slug}{practice.name}")
        for course in library()
        if course.app
        for lesson in course.lessons
        for practice in lesson.practices
    ]


def step_texts(phone: NoJsPhone) -> list[str]:
    return [text_of(step) for step in phone.page.xpath("//ol[@class='steps']/li")]


def test_the_introduction_leads_to_it(lan):
    lan.open(PRACTICE_URL)
    assert lan.page.xpath("//a[@href='?che-do=xem-mau']")


def test_an_unknown_guide_shows_the_introduction(lan):
    assert lan.open(f"{PRACTICE_URL}?che-do=khac") == 200
    assert lan.main_button_text() == "Làm theo từng bước"


def test_without_a_script_the_steps_are_a_numbered_list(lan):
    assert lan.open(WATCH) == 200
    found = step_texts(lan)
    assert len(found) == 19
    assert found[0] == "Màn hình chínhBác chạm “Kho ứng dụng”. Chỉ kho ứng dụng mới có ứng dụng thật."
    assert found[2] == "Đang tảiMáy đang chạy, bác đợi một chút."
    assert found[5] == "Nhập thông tinBác gõ 099060000123 vào ô “Số định danh cá nhân”."
    assert found[6] == "Bác gõ 0100000777 vào ô “Số điện thoại”."
    assert found[8] == "Bác chọn “Nam” ở ô “Giới tính”."
    assert re.fullmatch(r"Nhập mã OTPBác gõ \d{6} vào ô “Mã OTP”\.", found[11])
    assert found[15].endswith("Thí dụ: HocTap@2026.")


def test_the_reason_of_a_screen_comes_with_the_choice_beside_a_trap_only(lan):
    lan.open(WATCH)
    told = [text for text in step_texts(lan) if "Chỉ kho ứng dụng" in text or "thì mã OTP mới về máy" in text]
    assert told == step_texts(lan)[:1]


def test_the_demo_types_the_code_from_its_message(lan):
    page = lan.client.get(WATCH).text
    drawn = re.search(r'data-action="type" data-value="(\d{6})"', page)[1]
    assert f'{drawn[:3]}</span><span class="digits__group">{drawn[3:]}' in page.split("Mã OTP của bác là")[1][:120]


def test_the_demo_ends_with_a_button_for_guided_mode(lan):
    lan.open(WATCH)
    assert lan.main_button_text() == "Bác làm thử"
    (form,) = lan.page.xpath("//form[.//button[contains(@class, 'button--main')]]")
    assert form.get("action") == PRACTICE_URL
    assert form.xpath(".//button")[0].get("value") == "lam-theo"


def test_the_demo_is_the_same_for_everybody_and_saves_nothing(app, lan, engine):
    first, second = lan.client.get(WATCH), NoJsPhone(app).client.get(WATCH)
    assert first.data == second.data
    assert first.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in first.headers
    assert lan.client.get(WATCH, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM practice_attempts")) == 0
        assert connection.scalar(text("SELECT count(*) FROM learners")) == 0


def test_the_screens_of_the_demo_are_no_forms(lan):
    page = html.fromstring(lan.client.get(WATCH).text)
    assert page.xpath("//template[@data-template]//div[starts-with(@class, 'phone ')]")
    assert not page.xpath("//template//form")


def test_the_demo_has_the_banner_and_only_screens_of_the_path(lan):
    page = lan.client.get(WATCH).text
    assert "MÀN HÌNH TẬP" in page
    assert 'data-template="trang-gia"' not in page
    assert "data-feedback" not in page
    assert "Xem bác làm được gì" not in page


# --- làm thật ---

REAL = f"{PRACTICE_URL}?che-do=lam-that"


def card_texts(phone: NoJsPhone) -> list[str]:
    return [text_of(card) for card in phone.page.xpath("//li[@class='real-device']")]


def test_each_step_is_a_card_with_a_checkbox_and_no_text_field(lan):
    lan.open(PRACTICE_URL)
    assert lan.page.xpath("//a[@href='?che-do=lam-that']")
    assert lan.open(REAL) == 200
    found = card_texts(lan)
    assert found[0] == "1Màn hình chínhBác chạm “Kho ứng dụng”."
    assert len(lan.page.xpath("//input[@type='checkbox']")) == len(found) == 8
    assert not lan.page.xpath("//main//input[not(@type='checkbox')] | //textarea | //select")
    assert not lan.page.xpath("//main//button[@type='submit']")


def test_cards_ask_for_the_learners_own_data_and_warn_about_codes(lan):
    lan.open(REAL)
    form = next(card for card in card_texts(lan) if "Nhập thông tin" in card)
    assert "Bác gõ số trên thẻ của bác vào ô “Số định danh cá nhân”." in form
    assert "Bác chọn mục đúng với bác ở ô “Giới tính”." in form
    code = next(card for card in card_texts(lan) if "Nhập mã OTP" in card)
    assert "Bác gõ mã trong tin vừa tới" in code
    assert "Bác không đọc mã cho ai." in code


def test_cards_keep_the_name_of_the_app():
    (practice,) = (case.values[0] for case in practices_of_apps() if case.id == "vneid-cai-ung-dung-that")
    deeds = [deed for step in real_device_steps(practice) for deed in step.actions]
    assert "Bác gõ <strong>VNeID</strong> vào ô “Tìm ứng dụng”." in deeds


def test_fields_with_one_source_share_a_sentence():
    (practice,) = (case.values[0] for case in practices_of_apps() if case.id == "vneid-kich-hoat")
    deeds = [deed for step in real_device_steps(practice) for deed in step.actions]
    secret = "Bác gõ mật khẩu của chính bác vào các ô “Mật khẩu”, “Nhập lại mật khẩu”, đừng để ai nhìn."
    assert secret in deeds


@pytest.mark.parametrize("practice", practices_of_apps())
def test_no_card_repeats_a_sentence(practice):
    for step in real_device_steps(practice):
        beginnings = [deed.partition("“")[0] for deed in step.actions]
        repeated = {one for one, other in pairwise(beginnings) if one == other and "chạm" not in one}
        assert not repeated, step.title


def test_one_phone_is_enough(lan):
    lan.open(REAL)
    assert "Chỉ có một máy? In tờ này hoặc chép ra giấy." in lan.page.text_content()
    assert lan.page.xpath("//main//a/@href").count(f"{PRACTICE_URL}?che-do=to-buoc") == 1


def test_simulated_calls_have_no_card(lan):
    lan.open(REAL)
    assert not [card for card in card_texts(lan) if "Có cuộc gọi đến" in card]


def test_the_cards_are_the_same_for_everybody_and_save_nothing(app, lan, engine):
    first, second = lan.client.get(REAL), NoJsPhone(app).client.get(REAL)
    assert first.data == second.data
    assert "Set-Cookie" not in first.headers
    lan.open(REAL)
    assert not lan.page.xpath("//main//form[@method='post']")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM learners")) == 0


def test_a_course_without_an_app_has_no_cards(lan, app, courses):
    file = courses / "thu" / "course.md"
    file.write_text(file.read_text("utf-8").replace("ứng dụng: VNeID\n", ""), "utf-8")
    app.extensions["catalog"].reload()
    lan.open(REAL)
    assert lan.main_button_text() == "Làm theo từng bước"
    assert not lan.page.xpath("//a[@href='?che-do=lam-that']")


def test_a_practice_of_calls_alone_has_no_cards(lan, app, courses):
    file = courses / "thu" / "01-moi-thu" / "lam.md"
    file.write_text(CALL_ALONE, "utf-8")
    app.extensions["catalog"].reload()
    lan.open(REAL)
    assert lan.main_button_text() == "Làm theo từng bước"
    assert not lan.page.xpath("//a[@href='?che-do=lam-that']")
    lan.open(f"{PRACTICE_URL}?che-do=to-buoc")
    assert "Cúp máy" in lan.page.text_content()
    lan.open("/thu/moi-thu/dung")
    assert not lan.page.xpath("//a[contains(@href, 'che-do=')]")


@pytest.mark.parametrize("practice", practices_of_apps())
def test_cards_contain_no_data_of_the_practice(practice):
    words = " ".join(" ".join([step.title, *step.actions]) for step in real_device_steps(practice))
    fields = (widget for screen in practice.screens for widget in screen.widgets if widget.role in TYPED)
    own = {value for _, value in practice.data} | {value for field in fields for value in field.values}
    own = {value for value in own if len(value) > 2 and value not in practice.simulates}  # the app's name is no secret
    assert [value for value in own if value in words] == []
    assert "{{" not in words
