"""A practice without a script: introduction, attempt, steps and result."""

from __future__ import annotations

import json
import re

import pytest
from lxml import html
from sqlalchemy import text

from tests.web.every_screen import LAM
from tests.web.nojs_phone import PRACTICE_URL, NoJsPhone, main_button_text

# --- introduction ---


def test_the_first_visit_proposes_guided_mode_and_the_second_alone(lan):
    lan.open(PRACTICE_URL)
    assert main_button_text(lan) == "Làm theo từng bước"
    lan.start("lam-theo")
    lan.open(PRACTICE_URL)
    assert main_button_text(lan) == "Tập tiếp"
    lan.open(lan.page.xpath("//a[contains(@class, 'button--main')]/@href")[0])
    lan.follow_expected_path()
    lan.open(PRACTICE_URL)
    assert main_button_text(lan) == "Tự làm"


def test_with_the_mark_the_main_button_of_the_introduction_goes_on(lan):
    lan.start()
    lan.follow_expected_path()
    lan.open(PRACTICE_URL)
    assert "Bác có dấu làm được, bài Mọi thứ" in lan.text
    assert main_button_text(lan) == "Sang phần Hiểu"
    assert mode_labels(lan) == {
        "tu-lam": "Tự làm lần nữa",
        "lam-theo": "Làm theo từng bước",
        "kiem-tra": "Làm bài kiểm tra",
    }
    assert "Qua được thì có dấu làm được." not in lan.text


def test_with_the_mark_an_open_attempt_is_not_the_main_button(lan):
    lan.start()
    lan.follow_expected_path()
    lan.start("kiem-tra")
    left = lan.address
    lan.open(PRACTICE_URL)
    assert main_button_text(lan) == "Sang phần Hiểu"
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
    groups = lan.page.xpath("//*[contains(@class, 'aids__card')]//*[@class='digits']")
    assert [number.text_content() for number in groups] == ["099060000123", "0100000777"]


@pytest.mark.parametrize("mode", ["", "xem-mau", "lam-that", "tu-lam; drop"])
def test_only_the_three_saved_modes_can_be_started(lan, mode):
    assert lan.client.post(PRACTICE_URL, data={"mode": mode}).status_code == 422


def test_an_unknown_practice_is_not_found(lan):
    assert lan.open(f"{PRACTICE_URL}/khac") == 404
    assert lan.client.post(f"{PRACTICE_URL}/khac", data={"mode": "tu-lam"}).status_code == 404


# --- the whole way ---


def test_without_a_script_the_expected_path_earns_the_mark(lan):
    lan.start()
    lan.follow_expected_path()
    assert lan.screen == "hoan-thanh"
    lan.open(f"{lan.address}/ket-qua")
    assert lan.page.findtext(".//h1") == "9 trong 9 màn hình tự làm đúng"
    assert "Bác có dấu làm được, bài Mọi thứ" in lan.text
    assert main_button_text(lan) != "Tập lại một lượt"


def test_the_note_on_the_network_has_an_icon_and_text(lan):
    lan.start()
    (note,) = lan.page.xpath("//div[@data-network]")
    assert note.xpath("./svg")
    assert len(note.xpath(".//p[@data-network-text]")) == 2


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


# --- what is said back ---


def test_a_trap_warns_at_once_and_leads_back(lan):
    lan.start()
    lan.tap("Quảng cáo")
    assert lan.screen == "trang-gia"
    assert lan.feedback_texts()[0].startswith("Đừng chạm vào quảng cáo nhận quà.")
    assert "Bác vừa chạm “Quảng cáo: nhận quà ngay”." in lan.text
    assert lan.page.xpath("//div[@data-aids][@hidden]")
    lan.tap("Về màn hình chính")
    assert lan.screen == "man-hinh-chinh"
    assert lan.feedback_texts() == []


def test_a_wrong_submit_names_the_field_and_a_second_one_highlights_help(lan):
    lan.start()
    lan.follow_expected_path(until="nhap-thong-tin")
    lan.tap("Gửi yêu cầu")
    assert lan.feedback_texts() == ["Chưa đúng. Bác so lại 12 chữ số trên thẻ việc nhé."]
    assert not lan.page.xpath("//button[contains(@class, 'button--offered')][not(@hidden)]")
    lan.tap("Gửi yêu cầu", f0="099060000123")
    assert lan.feedback_texts() == ["Chưa đúng. Số điện thoại có 10 chữ số, bắt đầu bằng 0."]
    assert lan.page.xpath("//button[contains(@class, 'button--offered')][not(@hidden)]")
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
    assert lan.feedback_texts()[0].startswith("Đừng chạm vào quảng cáo")
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


def test_a_tap_that_leads_nowhere_gets_feedback(lan):
    lan.start()
    lan.tap("Máy ảnh")
    assert lan.feedback_texts() == ["Trong bài tập, chỗ đó không dẫn đi đâu. Bác đọc lại câu ở trên nhé."]
    lan.follow_expected_path(until="hoi-lai")
    lan.tap("Để sau")
    assert lan.feedback_texts() == ["Ngoài đời, bác để sau lúc nào cũng được. Ở đây mình làm tiếp nhé."]


def test_a_message_arrives_and_stays_in_the_drawer(lan):
    lan.start()
    lan.follow_expected_path(until="nhap-ma-otp")
    assert not lan.page.xpath("//details[contains(@class, 'drawer')]")
    code = re.search(r"Mã OTP của bác là (\d{6})", lan.text)[1]
    lan.tap("Tiếp tục", f3=code)
    (drawer,) = lan.page.xpath("//details[contains(@class, 'drawer')]")
    assert code in drawer.text_content()


def test_a_viewfinder_shows_the_scanned_icon(lan):
    lan.start()
    lan.follow_expected_path(until="quet-ma")
    assert lan.page.xpath("//*[contains(@class, 'scan__target')]/use/@href") == ["#hinh-nfc"]
    assert lan.page.xpath("//symbol[@id='hinh-nfc']")


def test_the_place_for_a_helper_names_the_current_screen(lan):
    lan.start()
    assert "Tự làm, màn 1 trong 9" in lan.text
    lan.tap("Kho ứng dụng")
    assert "Hỏi người giúp: bài 1, màn 2" in lan.text


# --- forms that come too late, twice, or from elsewhere ---


def test_the_same_form_twice_counts_once(lan):
    lan.start()
    first = {**lan.form, "tap": "2"}
    assert lan.send(first) == 303
    after = lan.form
    assert lan.send(first) == 303
    assert lan.form == after


def test_the_form_of_an_earlier_screen_changes_nothing(lan):
    lan.start()
    old = {**lan.form, "tap": "5"}
    lan.tap("Kho ứng dụng")
    assert lan.send(old) == 303
    assert (lan.screen, lan.form["q"]) == ("trang-kho", "2")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"q": "1"},
        {"q": "eins", "screen": "man-hinh-chinh", "tap": "0"},
        {"q": "1", "screen": "khac", "tap": "0"},
        {"q": "1", "screen": "man-hinh-chinh", "tap": "99"},
        {"q": "1", "screen": "man-hinh-chinh", "tap": "-5"},
        {"q": "1", "screen": "man-hinh-chinh", "help": "everything"},
        {"q": "1", "screen": "man-hinh-chinh", "fx": "1", "tap": "0"},
        {"q": "99", "screen": "man-hinh-chinh", "tap": "0"},
        {"q": "1", "screen": "man-hinh-chinh", "wait": "0"},
    ],
)
def test_a_malformed_form_gets_the_current_screen(lan, form):
    lan.start()
    assert lan.send(form) == 303
    assert (lan.screen, lan.form["q"]) == ("man-hinh-chinh", "1")


def test_a_wrong_value_is_saved_as_its_length_only(lan, engine):
    lan.start()
    lan.follow_expected_path(until="nhap-thong-tin")
    lan.tap("Gửi yêu cầu", f0="079123456789", f2="Trần Thị Thật", f3="Không có", f1="~ok")
    with engine.connect() as connection:
        stored = json.dumps([str(row[0]) for row in connection.execute(text("SELECT events FROM event_batches"))])
    assert "079123456789" not in stored
    assert "Thật" not in stored
    assert "?12" in stored


def test_another_learners_attempt_is_not_found(lan, hoa):
    lan.start()
    address = lan.address
    hoa.start()
    assert hoa.open(address) == 404
    assert hoa.open(f"{address}/ket-qua") == 404
    assert hoa.client.post(address, data={**lan.form, "tap": "0"}).status_code == 404
    lan.open(address)
    assert lan.form["q"] == "1"


def test_without_a_cookie_an_attempt_is_not_found(lan, hoa):
    lan.start()
    assert hoa.open(lan.address) == 404


def test_a_post_from_another_site_is_refused(lan):
    lan.start()
    response = lan.client.post(lan.address, data={**lan.form, "tap": "0"}, headers={"Origin": "http://ke-gian.example"})
    assert response.status_code == 403
    lan.open(lan.address)
    assert lan.form["q"] == "1"


# --- the end ---


def test_there_is_no_result_before_the_end(lan):
    lan.start()
    address = lan.address
    lan.open(f"{address}/ket-qua")
    assert lan.address == address


def test_a_dangerous_trap_withholds_the_mark_and_says_why(lan):
    lan.start()
    lan.follow_expected_path(until="co-cuoc-goi-den")
    lan.tap("Đọc mã OTP cho họ")
    assert "Muốn có dấu làm được thì tập lại một lượt nhé." in lan.feedback_texts()[0]
    lan.tap("Về lại cuộc gọi")
    lan.follow_expected_path()
    lan.open(f"{lan.address}/ket-qua")
    assert lan.page.findtext(".//h1") == "8 trong 9 màn hình tự làm đúng"
    assert "Lượt này bác gặp một cái bẫy nguy hiểm." in lan.text
    assert "Bác có dấu làm được" not in lan.text
    assert main_button_text(lan) == "Tập lại một lượt"
    assert "Màn 7, Có cuộc gọi đến." in lan.text


def test_a_side_way_after_a_dangerous_trap_does_not_repeat_its_warning(lan):
    lan.start()
    lan.follow_expected_path(until="co-cuoc-goi-den")
    lan.tap("Đọc mã OTP cho họ")
    lan.tap("Về lại cuộc gọi")
    lan.follow_expected_path(until="quet-ma")
    for back in ("Quay lại", "Quay lại", "Quay lại"):
        lan.tap(back)
    lan.tap("Quảng cáo")
    assert lan.screen == "trang-gia"
    assert "tập lại một lượt" not in lan.text


def test_the_result_of_guided_mode_proposes_going_alone(lan):
    lan.start("lam-theo")
    lan.follow_expected_path()
    lan.open(f"{lan.address}/ket-qua")
    assert main_button_text(lan) == "Giờ bác tự làm"
    assert lan.text.count("Bác đã đi hết bài một lượt") == 1
    assert "Giờ bác tự làm, không có bàn tay chỉ, là có dấu làm được." in lan.text
    assert "Bác có dấu làm được" not in lan.text


def test_a_practice_edited_during_an_attempt_has_to_be_started_again(lan, app, courses):
    lan.start()
    (courses / "thu" / "01-moi-thu" / "lam.md").write_text(LAM.replace("Đọc tin rồi", "Bác đọc tin rồi"), "utf-8")
    app.extensions["catalog"].reload()
    lan.open(lan.address)
    assert lan.page.findtext(".//h1") == "Bài tập này vừa được sửa"
    assert main_button_text(lan).startswith("Bắt đầu lượt mới")


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


def test_without_a_script_a_field_says_to_choose(lan):
    lan.start()
    lan.follow_expected_path("nhap-thong-tin")
    assert "(bác chọn, không phải gõ)" in lan.text
