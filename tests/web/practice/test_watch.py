"""Xem mẫu and làm thật: pages to read, the same for everybody, that keep nothing."""

from __future__ import annotations

import re

import pytest
from lxml import html
from sqlalchemy import text

from lms.web.practice.real_device_cards import real_steps
from tests.real_courses import library
from tests.web.plain_phone import LAM_ADDRESS, PlainPhone, main_words

TYPED = ("number", "text", "password")
WATCH = f"{LAM_ADDRESS}?che-do=xem-mau"


def practices_of_real_apps() -> list:
    return [
        pytest.param(practice, id=f"{course.slug}-{lesson.slug}{practice.name}")
        for course in library()
        if course.app
        for lesson in course.lessons
        for practice in lesson.practices
    ]


def steps(phone: PlainPhone) -> list[str]:
    return [" ".join(step.text_content().split()) for step in phone.page.xpath("//ol[@class='steps']/li")]


def test_the_introduction_leads_to_it(lan):
    lan.opens(LAM_ADDRESS)
    assert lan.page.xpath("//a[@href='?che-do=xem-mau']")


def test_a_way_that_is_not_there_shows_the_introduction(lan):
    assert lan.opens(f"{LAM_ADDRESS}?che-do=khac") == 200
    assert main_words(lan) == "Làm theo từng bước"


def test_without_a_script_the_steps_are_a_numbered_list(lan):
    assert lan.opens(WATCH) == 200
    found = steps(lan)
    assert len(found) == 19
    assert found[0] == "Màn hình chínhBác chạm “Kho ứng dụng”."
    assert found[2] == "Đang tảiMáy đang chạy, bác đợi một chút."
    assert found[5] == "Nhập thông tinBác gõ 099060000123 vào ô “Số định danh cá nhân”."
    assert found[6] == "Bác gõ 0100000777 vào ô “Số điện thoại”."
    assert found[8] == "Bác chọn “Nam” ở ô “Giới tính”."
    assert re.fullmatch(r"Nhập mã OTPBác gõ \d{6} vào ô “Mã OTP”\.", found[11])
    assert found[15].endswith("Thí dụ: HocTap@2026.")


def test_a_code_in_the_steps_is_the_one_in_the_message(lan):
    page = lan.client.get(WATCH).text
    drawn = re.search(r'data-action="type" data-value="(\d{6})"', page)[1]
    assert f'{drawn[:3]}</span><span class="digits__group">{drawn[3:]}' in page.split("Mã OTP của bác là")[1][:120]


def test_it_ends_in_trying_it_led_by_the_hand(lan):
    lan.opens(WATCH)
    assert main_words(lan) == "Bác làm thử"
    (form,) = lan.page.xpath("//form[.//button[contains(@class, 'button--main')]]")
    assert form.get("action") == LAM_ADDRESS
    assert form.xpath(".//button")[0].get("value") == "lam-theo"


def test_it_is_the_same_page_for_all_and_keeps_nothing(app, lan, engine):
    first, second = lan.client.get(WATCH), PlainPhone(app).client.get(WATCH)
    assert first.data == second.data
    assert first.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in first.headers
    assert lan.client.get(WATCH, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM practice_attempts")) == 0
        assert connection.scalar(text("SELECT count(*) FROM learners")) == 0


def test_its_screens_are_no_forms(lan):
    page = html.fromstring(lan.client.get(WATCH).text)
    assert page.xpath("//template[@data-template]//div[starts-with(@class, 'phone ')]")
    assert not page.xpath("//template//form")


def test_it_wears_the_band_and_shows_only_screens_of_the_way(lan):
    page = lan.client.get(WATCH).text
    assert "MÀN HÌNH TẬP" in page
    assert 'data-template="trang-gia"' not in page
    assert "data-said" not in page
    assert "Xem bác làm được gì" not in page


# --- làm thật ---

REAL = f"{LAM_ADDRESS}?che-do=lam-that"


def cards(phone: PlainPhone) -> list[str]:
    return [" ".join(card.text_content().split()) for card in phone.page.xpath("//li[@class='real']")]


def test_each_step_is_a_card_with_a_box_and_nothing_is_typed(lan):
    lan.opens(LAM_ADDRESS)
    assert lan.page.xpath("//a[@href='?che-do=lam-that']")
    assert lan.opens(REAL) == 200
    found = cards(lan)
    assert found[0] == "1Màn hình chínhBác chạm “Kho ứng dụng”."
    assert len(lan.page.xpath("//input[@type='checkbox']")) == len(found) == 8
    assert not lan.page.xpath("//main//input[not(@type='checkbox')] | //textarea | //select")
    assert not lan.page.xpath("//main//button[@type='submit']")


def test_whoever_does_it_uses_her_own_things_and_reads_no_code_to_anybody(lan):
    lan.opens(REAL)
    form = next(card for card in cards(lan) if "Nhập thông tin" in card)
    assert "Bác gõ thông tin của chính bác vào ô “Số định danh cá nhân”." in form
    assert "Bác chọn mục đúng với bác ở ô “Giới tính”." in form
    code = next(card for card in cards(lan) if "Nhập mã OTP" in card)
    assert "Bác gõ mã trong tin nhắn vừa tới máy bác" in code
    assert "Bác không đọc mã cho ai." in code


def test_the_apps_own_name_is_what_one_looks_for():
    (practice,) = (case.values[0] for case in practices_of_real_apps() if case.id == "vneid-cai-ung-dung-that")
    deeds = [deed for step in real_steps(practice) for deed in step.deeds]
    assert "Bác gõ <strong>VNeID</strong> vào ô “Tìm ứng dụng”." in deeds


def test_the_call_that_was_rehearsed_is_not_waited_for(lan):
    lan.opens(REAL)
    assert not [card for card in cards(lan) if "Có cuộc gọi đến" in card]


def test_it_keeps_nothing_and_is_the_same_for_all(app, lan, engine):
    first, second = lan.client.get(REAL), PlainPhone(app).client.get(REAL)
    assert first.data == second.data
    assert "Set-Cookie" not in first.headers
    lan.opens(REAL)
    assert not lan.page.xpath("//main//form[@method='post']")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM learners")) == 0


def test_a_course_about_no_app_has_nothing_to_do_for_real(lan, app, courses):
    file = courses / "thu" / "course.md"
    file.write_text(file.read_text("utf-8").replace("ứng dụng: VNeID\n", ""), "utf-8")
    app.extensions["shelf"].reload()
    lan.opens(REAL)
    assert main_words(lan) == "Làm theo từng bước"
    assert not lan.page.xpath("//a[@href='?che-do=lam-that']")


@pytest.mark.parametrize("practice", practices_of_real_apps())
def test_no_value_of_a_practice_stands_on_its_cards(practice):
    words = " ".join(" ".join([step.title, *step.deeds]) for step in real_steps(practice))
    fields = (widget for screen in practice.screens for widget in screen.widgets if widget.role in TYPED)
    own = {value for _, value in practice.data} | {value for field in fields for value in field.values}
    own = {value for value in own if len(value) > 2 and value not in practice.simulates}  # the app's name is no secret
    assert [value for value in own if value in words] == []
    assert "{{" not in words
