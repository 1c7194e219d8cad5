"""Screens of an attempt without a script: what is on them, and the feedback to a tap."""

from __future__ import annotations

import re

import pytest
from lxml import html

from tests.web.nojs_phone import PRACTICE_URL


def test_the_note_on_the_network_has_an_icon_and_text(lan):
    lan.start()
    (note,) = lan.page.xpath("//div[@data-network]")
    assert note.xpath("./svg")
    assert len(note.xpath(".//p[@data-network-text]")) == 3


def test_every_screen_has_the_banner(lan):
    lan.start()
    for _ in range(3):
        assert "MÀN HÌNH TẬP – không phải ứng dụng thật" in lan.text
        lan.press_help()


def test_nothing_can_be_typed_without_a_script(lan):
    lan.start()
    lan.follow_expected_path(until="nhap-thong-tin")
    kinds = set(lan.page.xpath("//form[@id='man-hinh']//input/@type"))
    assert kinds == {"hidden", "radio", "checkbox"}


def test_choices_have_the_values_that_a_script_would_send(lan):
    lan.start()
    lan.follow_expected_path(until="nhap-thong-tin")
    values = lan.page.xpath("//fieldset[@data-widget]//input/@value")
    own = {"099060000123", "0100000777", "Nguyễn Văn Tập"}
    assert {value for value in values if not re.fullmatch(r"\?\d+", value)} == own
    assert len(values) == 9


def test_a_trap_warns_at_once_and_leads_back(lan):
    lan.start()
    lan.tap("Quảng cáo")
    assert lan.screen == "trang-gia"
    frame = "Đây là bài tập nên không mất gì. Ngoài đời, lỡ làm vậy thì:"
    assert lan.feedback_texts()[0].startswith(f"{frame} Đừng chạm vào quảng cáo nhận quà.")
    assert lan.text.count("Đây là bài tập nên không mất gì.") == 1
    assert "Bác vừa chạm “Quảng cáo: nhận quà ngay”." in lan.text
    assert lan.page.xpath("//div[@data-practice-help][@hidden]")
    lan.tap("Về màn hình chính")
    assert lan.screen == "man-hinh-chinh"
    assert lan.feedback_texts() == []


@pytest.mark.slow
def test_a_wrong_submit_names_the_field_and_a_second_one_highlights_help(lan):
    lan.start()
    lan.follow_expected_path(until="nhap-thong-tin")
    lan.tap("Gửi yêu cầu", f0="?11")
    assert lan.feedback_texts()[0].endswith("Chưa đúng. Bác so lại 12 chữ số trên thẻ việc nhé.")
    assert not lan.page.xpath("//button[contains(@class, 'button--offered')][not(ancestor-or-self::*[@hidden])]")
    lan.tap("Gửi yêu cầu", f0="099060000123")
    assert lan.feedback_texts() == ["Ô “Số điện thoại” còn trống. Bác chọn một dòng nhé."]
    assert lan.page.xpath("//button[contains(@class, 'button--offered')][not(ancestor-or-self::*[@hidden])]")
    assert lan.page.xpath("//input[@name='f0'][@checked]/@value") == ["099060000123"]


def test_help_gets_stronger_and_its_button_names_the_next_help(lan):
    lan.start()
    words = [lan.press_help() for _ in range(4)]
    assert words == ["Gợi ý", "Gợi ý", "Chỉ chỗ cần chạm", "Làm giúp bước này"]
    assert lan.screen == "trang-kho"
    assert lan.feedback_texts() == ["Máy đã làm giúp bác bước trước. Bác làm tiếp bước này nhé."]


def test_pointing_marks_the_widget_and_says_what_to_do(lan):
    lan.start()
    for _ in range(3):
        lan.press_help()
    (pointed,) = lan.page.xpath("//*[contains(@class, 'pointed')][@data-widget]")
    assert "Kho ứng dụng" in pointed.text_content()
    assert "Bác chạm “Kho ứng dụng”." in lan.feedback_texts()


def test_guided_mode_points_at_the_next_widget_and_refuses_side_ways(lan):
    lan.start("lam-theo")
    assert lan.feedback_texts() == ["Bác chạm “Kho ứng dụng”."]
    lan.tap("Tin nhắn")
    assert lan.screen == "man-hinh-chinh"
    assert lan.feedback_texts()[0].startswith("Chỗ “Tin nhắn” không hại gì")
    lan.tap("Quảng cáo")
    assert "Ngoài đời, lỡ làm vậy thì: Đừng chạm vào quảng cáo" in lan.feedback_texts()[0]
    lan.tap("Kho ứng dụng")
    assert lan.screen == "trang-kho"


def test_a_wait_mentions_its_button_only_without_a_script(lan):
    lan.start("lam-theo")
    lan.follow_expected_path(until="dang-tai")
    assert lan.feedback_texts() == ["Bác đợi một chút. Thấy nút “Tiếp” thì bác chạm vào."]
    assert "Màn này không tự qua" not in lan.text  # said once is enough
    by_script = html.fromstring(lan.client.get(lan.address).text).xpath("//template[@data-template='dang-tai']")[0]
    assert "Bác đợi một chút." in by_script.text_content()
    assert "Tiếp" not in by_script.text_content()


@pytest.mark.slow
def test_pointing_at_a_field_without_a_script_says_to_choose(lan):
    lan.start("lam-theo")
    lan.follow_expected_path(until="nhap-thong-tin")
    assert lan.feedback_texts() == ["Bác chọn 099060000123 ở ô “Số định danh cá nhân”."]
    by_script = html.fromstring(lan.client.get(lan.address).text)
    (typed,) = by_script.xpath("//template[@data-template='nhap-thong-tin']//*[@data-feedback='point 0']")
    assert "".join(typed.text_content().split()) == "Bácgõ099060000123vàoô“Sốđịnhdanhcánhân”."
    lan.follow_expected_path(until="dat-mat-khau")
    assert lan.feedback_texts()[0].startswith("Bác chọn một mật khẩu từ 8 ký tự")
    assert "Gõ vào" not in lan.feedback_texts()[0]


@pytest.mark.parametrize("mode", ["tu-lam", "kiem-tra"])
def test_without_a_script_a_loading_screen_says_what_to_tap(lan, mode):
    lan.start(mode)
    lan.follow_expected_path(until="dang-tai")
    assert "Màn này không tự qua: bác chạm nút “Tiếp” khi sẵn sàng." in lan.text
    by_script = html.fromstring(lan.client.get(lan.address).text).xpath("//template[@data-template='dang-tai']")[0]
    assert "không tự qua" not in by_script.text_content()
    lan.tap("Tiếp")
    assert (lan.screen == "dang-tai", "không tự qua" in lan.text) == (False, False)


@pytest.mark.slow
def test_a_tap_that_leads_nowhere_gets_feedback(lan):
    lan.start()
    lan.tap("Máy ảnh")
    assert lan.feedback_texts() == ["Trong bài tập, chỗ đó không dẫn đi đâu. Bác đọc lại việc cần làm nhé."]
    lan.follow_expected_path(until="hoi-lai")
    lan.tap("Để sau")
    assert lan.feedback_texts() == ["Ngoài đời, bác để sau lúc nào cũng được. Ở đây mình làm tiếp nhé."]


@pytest.mark.slow
def test_a_message_arrives_and_stays_in_the_drawer(lan):
    lan.start()
    lan.follow_expected_path(until="nhap-ma-otp")
    assert not lan.page.xpath("//details[contains(@class, 'drawer')]")
    code = re.search(r"Mã OTP của bác là (\d{6})", lan.text)[1]
    lan.tap("Tiếp tục", f3=code)
    (drawer,) = lan.page.xpath("//details[contains(@class, 'drawer')]")
    assert code in drawer.text_content()


@pytest.mark.slow
def test_a_viewfinder_shows_the_scanned_icon(lan):
    lan.start()
    lan.follow_expected_path(until="quet-ma")
    assert lan.page.xpath("//*[contains(@class, 'scan__target')]/use/@href") == ["#hinh-nfc"]
    assert lan.page.xpath("//symbol[@id='hinh-nfc']")


def test_the_place_for_a_helper_names_the_current_screen(lan):
    lan.start()
    assert "Tự làm, màn 1 trong 9" in lan.text
    lan.tap("Kho ứng dụng")
    assert "Hỏi người giúp: Khóa thử, bài 1, màn 2" in lan.text


@pytest.mark.parametrize("mode", ["tu-lam", "kiem-tra"])
def test_the_phones_back_key_works_only_where_the_screen_has_a_way_back(lan, mode):
    lan.start(mode)
    lan.follow_expected_path("nhap-thong-tin")
    assert lan.page.xpath("//*[contains(@class, 'phone__keys')]")
    assert not lan.page.xpath("//button[@class='phone__back']")
    lan.follow_expected_path("nhap-ma-otp")
    (key,) = lan.page.xpath("//button[@class='phone__back']")
    assert lan.send({**lan.form, key.get("name"): key.get("value")}) == 303
    assert lan.screen == "nhap-thong-tin"


def test_a_watched_phone_has_no_back_key(lan):
    lan.open(f"{PRACTICE_URL}?che-do=xem-mau")
    assert not lan.page.xpath("//button[@class='phone__back']")


def test_without_a_script_a_screen_says_once_that_lines_are_chosen_where_its_task_says_to_type(lan):
    lan.start()
    said = "Ở đây bác không phải gõ: chọn một dòng là được."
    assert said not in lan.text
    lan.follow_expected_path("nhap-thong-tin")
    assert lan.text.count(said) == 1
    (line,) = lan.page.xpath("//p[.=$said]", said=said)
    assert line.xpath("preceding-sibling::h1")


@pytest.mark.slow
def test_only_before_the_end_it_is_offered_to_go_on_another_time(lan):
    lan.start()
    (pause,) = lan.page.xpath("//a[contains(., 'Nghỉ, lúc khác làm tiếp')]")
    assert "hidden" not in pause.attrib
    lan.follow_expected_path()
    (pause,) = lan.page.xpath("//a[contains(., 'Nghỉ, lúc khác làm tiếp')]")
    assert "hidden" in pause.attrib
