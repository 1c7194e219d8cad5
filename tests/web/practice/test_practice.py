"""A practice as a plain form: its introduction, its screens, its steps without a script, its end."""

from __future__ import annotations

import json
import re

import pytest
from lxml import html
from sqlalchemy import text

from tests.web.every_screen import LAM
from tests.web.plain_phone import LAM_ADDRESS, PlainPhone, main_words

# --- introduction ---


def test_the_first_visit_leads_into_following_and_the_second_goes_alone(lan):
    lan.opens(LAM_ADDRESS)
    assert main_words(lan) == "Làm theo từng bước"
    lan.starts("lam-theo")
    lan.opens(LAM_ADDRESS)
    assert main_words(lan) == "Tập tiếp"
    lan.opens(lan.page.xpath("//a[contains(@class, 'button--main')]/@href")[0])
    lan.goes_the_expected_way()
    lan.opens(LAM_ADDRESS)
    assert main_words(lan) == "Tự làm"


def test_with_the_mark_the_introduction_leads_on_and_all_practising_is_outlined(lan):
    lan.starts()
    lan.goes_the_expected_way()
    lan.opens(LAM_ADDRESS)
    assert "Bác có dấu làm được, bài Mọi thứ" in lan.words
    assert main_words(lan) == "Sang phần Hiểu"
    assert words_of_modes(lan) == {
        "tu-lam": "Tự làm lần nữa",
        "lam-theo": "Làm theo từng bước",
        "kiem-tra": "Làm bài kiểm tra",
    }
    assert "Qua được thì có dấu làm được." not in lan.words


def test_with_the_mark_a_go_that_was_left_is_no_longer_the_main_thing(lan):
    lan.starts()
    lan.goes_the_expected_way()
    lan.starts("kiem-tra")
    left = lan.address
    lan.opens(LAM_ADDRESS)
    assert main_words(lan) == "Sang phần Hiểu"
    (link,) = lan.page.xpath("//main//a[starts-with(@href, '/toi/luot/')]")
    assert (link.get("href"), link.text_content()) == (left, "Tập tiếp lượt đang dở")


def words_of_modes(phone: PlainPhone) -> dict[str, str]:
    return {button.get("value"): button.text_content() for button in phone.page.xpath("//button[@name='mode']")}


def test_the_introduction_says_what_is_simulated_in_two_sentences(lan):
    lan.opens(LAM_ADDRESS)
    assert "Màn hình phỏng theo: VNeID trên Android. Trên máy bác chữ có thể hơi khác." in lan.words


def test_nothing_is_kept_of_a_look_at_the_introduction(lan):
    response = lan.client.get(LAM_ADDRESS)
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers


def test_the_introduction_shows_the_card_with_numbers_to_copy(lan):
    lan.opens(LAM_ADDRESS)
    groups = lan.page.xpath("//*[contains(@class, 'aids__card')]//*[@class='digits']")
    assert [number.text_content() for number in groups] == ["099060000123", "0100000777"]


@pytest.mark.parametrize("mode", ["", "xem-mau", "lam-that", "tu-lam; drop"])
def test_only_the_three_modes_that_keep_something_start(lan, mode):
    assert lan.client.post(LAM_ADDRESS, data={"mode": mode}).status_code == 422


def test_an_unknown_practice_is_not_there(lan):
    assert lan.opens(f"{LAM_ADDRESS}/khac") == 404
    assert lan.client.post(f"{LAM_ADDRESS}/khac", data={"mode": "tu-lam"}).status_code == 404


# --- the whole way ---


def test_without_a_script_the_expected_way_earns_the_mark(lan):
    lan.starts()
    lan.goes_the_expected_way()
    assert lan.screen == "hoan-thanh"
    lan.opens(f"{lan.address}/ket-qua")
    assert lan.page.findtext(".//h1") == "9 trong 9 màn hình tự làm đúng"
    assert "Bác có dấu làm được, bài Mọi thứ" in lan.words
    assert main_words(lan) != "Tập lại một lượt"


def test_what_is_said_of_the_network_has_a_shape_and_sentences(lan):
    lan.starts()
    (note,) = lan.page.xpath("//div[@data-net]")
    assert note.xpath("./svg")
    assert len(note.xpath(".//p[@data-net-say]")) == 2


def test_every_screen_wears_the_band(lan):
    lan.starts()
    for _ in range(3):
        assert "MÀN HÌNH TẬP – không phải ứng dụng thật" in lan.words
        lan.asks_for_help()


def test_nothing_can_be_typed_without_a_script(lan):
    lan.starts()
    lan.goes_the_expected_way(until="nhap-thong-tin")
    kinds = set(lan.page.xpath("//form[@id='man-hinh']//input/@type"))
    assert kinds == {"hidden", "radio", "checkbox"}


def test_what_the_page_offers_is_named_as_it_would_leave_a_phone(lan):
    lan.starts()
    lan.goes_the_expected_way(until="nhap-thong-tin")
    values = lan.page.xpath("//fieldset[@data-widget]//input/@value")
    own = {"099060000123", "0100000777", "Nguyễn Văn Tập"}
    assert {value for value in values if not re.fullmatch(r"\?\d+", value)} == own
    assert len(values) == 9


# --- what is said back ---


def test_a_trap_speaks_at_once_and_leads_back(lan):
    lan.starts()
    lan.taps("Quảng cáo")
    assert lan.screen == "trang-gia"
    assert lan.notes()[0].startswith("Đừng chạm vào quảng cáo nhận quà.")
    assert "Bác vừa chạm “Quảng cáo: nhận quà ngay”." in lan.words
    assert lan.page.xpath("//div[@data-aids][@hidden]")
    lan.taps("Về màn hình chính")
    assert lan.screen == "man-hinh-chinh"
    assert lan.notes() == []


def test_a_wrong_submit_says_the_first_field_and_the_second_offers_help(lan):
    lan.starts()
    lan.goes_the_expected_way(until="nhap-thong-tin")
    lan.taps("Gửi yêu cầu")
    assert lan.notes() == ["Chưa đúng. Bác so lại 12 chữ số trên thẻ việc nhé."]
    assert not lan.page.xpath("//button[contains(@class, 'button--offered')][not(@hidden)]")
    lan.taps("Gửi yêu cầu", f0="099060000123")
    assert lan.notes() == ["Chưa đúng. Số điện thoại có 10 chữ số, bắt đầu bằng 0."]
    assert lan.page.xpath("//button[contains(@class, 'button--offered')][not(@hidden)]")
    assert lan.page.xpath("//input[@name='f0'][@checked]/@value") == ["099060000123"]


def test_help_climbs_its_ladder_and_its_word_says_the_next_rung(lan):
    lan.starts()
    words = [lan.asks_for_help() for _ in range(4)]
    assert words == ["Gợi ý", "Gợi ý", "Chỉ chỗ cần chạm", "Làm giúp bước này"]
    assert lan.screen == "trang-kho"
    assert lan.notes() == ["Máy đã làm giúp bác bước trước. Bác làm tiếp bước này nhé."]


def test_pointing_rings_the_thing_and_says_it(lan):
    lan.starts()
    for _ in range(3):
        lan.asks_for_help()
    (pointed,) = lan.page.xpath("//*[contains(@class, 'pointed')][@data-widget]")
    assert "Kho ứng dụng" in pointed.text_content()
    assert "Bác chạm “Kho ứng dụng”." in lan.notes()


def test_following_points_at_the_next_thing_and_side_ways_stay(lan):
    lan.starts("lam-theo")
    assert lan.notes() == ["Bác chạm “Kho ứng dụng”."]
    lan.taps("Tin nhắn")
    assert lan.screen == "man-hinh-chinh"
    assert lan.notes()[0].startswith("Chỗ “Tin nhắn” không hại gì")
    lan.taps("Quảng cáo")
    assert lan.notes()[0].startswith("Đừng chạm vào quảng cáo")
    lan.taps("Kho ứng dụng")
    assert lan.screen == "trang-kho"


def test_a_wait_names_its_button_only_where_there_is_one(lan):
    lan.starts("lam-theo")
    lan.goes_the_expected_way(until="dang-tai")
    assert lan.notes() == ["Bác đợi một chút. Thấy nút “Tiếp” thì bác chạm vào."]
    assert "Màn này không tự qua" not in lan.words  # said once is enough
    by_script = html.fromstring(lan.client.get(lan.address).text).xpath("//template[@data-template='dang-tai']")[0]
    assert "Bác đợi một chút." in by_script.text_content()
    assert "Tiếp" not in by_script.text_content()


def test_where_a_field_is_picked_from_the_words_that_point_at_it_say_so(lan):
    lan.starts("lam-theo")
    lan.goes_the_expected_way(until="nhap-thong-tin")
    assert lan.notes() == ["Bác chọn 099060000123 ở ô “Số định danh cá nhân”."]
    by_script = html.fromstring(lan.client.get(lan.address).text)
    (typed,) = by_script.xpath("//template[@data-template='nhap-thong-tin']//*[@data-said='point 0']")
    assert "".join(typed.text_content().split()) == "Bácgõ099060000123vàoô“Sốđịnhdanhcánhân”."
    lan.goes_the_expected_way(until="dat-mat-khau")
    assert lan.notes()[0].startswith("Bác chọn một mật khẩu từ 8 ký tự")
    assert "Gõ vào" not in lan.notes()[0]


@pytest.mark.parametrize("mode", ["tu-lam", "kiem-tra"])
def test_where_nothing_comes_by_itself_a_waiting_screen_says_what_to_tap(lan, mode):
    lan.starts(mode)
    lan.goes_the_expected_way(until="dang-tai")
    assert "Màn này không tự qua: bác chạm nút “Tiếp” khi sẵn sàng." in lan.words
    by_script = html.fromstring(lan.client.get(lan.address).text).xpath("//template[@data-template='dang-tai']")[0]
    assert "không tự qua" not in by_script.text_content()
    lan.taps("Tiếp")
    assert (lan.screen == "dang-tai", "không tự qua" in lan.words) == (False, False)


def test_a_tap_that_leads_nowhere_is_answered_kindly(lan):
    lan.starts()
    lan.taps("Máy ảnh")
    assert lan.notes() == ["Trong bài tập, chỗ đó không dẫn đi đâu. Bác đọc lại câu ở trên nhé."]
    lan.goes_the_expected_way(until="hoi-lai")
    lan.taps("Để sau")
    assert lan.notes() == ["Ngoài đời, bác để sau lúc nào cũng được. Ở đây mình làm tiếp nhé."]


def test_a_message_comes_and_lies_in_the_drawer_afterwards(lan):
    lan.starts()
    lan.goes_the_expected_way(until="nhap-ma-otp")
    assert not lan.page.xpath("//details[contains(@class, 'drawer')]")
    code = re.search(r"Mã OTP của bác là (\d{6})", lan.words)[1]
    lan.taps("Tiếp tục", f3=code)
    (drawer,) = lan.page.xpath("//details[contains(@class, 'drawer')]")
    assert code in drawer.text_content()


def test_a_viewfinder_shows_what_is_scanned(lan):
    lan.starts()
    lan.goes_the_expected_way(until="quet-ma")
    assert lan.page.xpath("//*[contains(@class, 'scan__target')]/use/@href") == ["#hinh-nfc"]
    assert lan.page.xpath("//symbol[@id='hinh-nfc']")


def test_the_place_to_tell_a_helper_follows_the_screens(lan):
    lan.starts()
    assert "Tự làm, màn 1 trong 9" in lan.words
    lan.taps("Kho ứng dụng")
    assert "Hỏi người giúp: bài 1, màn 2" in lan.words


# --- forms that come too late, twice, or from elsewhere ---


def test_the_same_form_twice_counts_once(lan):
    lan.starts()
    first = {**lan.form, "tap": "2"}
    assert lan.sends(first) == 303
    after = lan.form
    assert lan.sends(first) == 303
    assert lan.form == after


def test_a_form_of_a_screen_that_is_past_changes_nothing(lan):
    lan.starts()
    old = {**lan.form, "tap": "5"}
    lan.taps("Kho ứng dụng")
    assert lan.sends(old) == 303
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
def test_a_form_that_no_page_of_ours_made_gets_the_present_screen(lan, form):
    lan.starts()
    assert lan.sends(form) == 303
    assert (lan.screen, lan.form["q"]) == ("man-hinh-chinh", "1")


def test_a_value_that_is_nobodys_own_is_kept_as_its_length(lan, engine):
    lan.starts()
    lan.goes_the_expected_way(until="nhap-thong-tin")
    lan.taps("Gửi yêu cầu", f0="079123456789", f2="Trần Thị Thật", f3="Không có", f1="~ok")
    with engine.connect() as connection:
        kept = json.dumps([str(row[0]) for row in connection.execute(text("SELECT events FROM event_batches"))])
    assert "079123456789" not in kept
    assert "Thật" not in kept
    assert "?12" in kept


def test_somebody_elses_attempt_is_not_found(lan, hoa):
    lan.starts()
    address = lan.address
    hoa.starts()
    assert hoa.opens(address) == 404
    assert hoa.opens(f"{address}/ket-qua") == 404
    assert hoa.client.post(address, data={**lan.form, "tap": "0"}).status_code == 404
    lan.opens(address)
    assert lan.form["q"] == "1"


def test_without_a_cookie_an_attempt_is_not_found(lan, hoa):
    lan.starts()
    assert hoa.opens(lan.address) == 404


def test_a_post_from_another_site_is_refused(lan):
    lan.starts()
    response = lan.client.post(lan.address, data={**lan.form, "tap": "0"}, headers={"Origin": "http://ke-gian.example"})
    assert response.status_code == 403
    lan.opens(lan.address)
    assert lan.form["q"] == "1"


# --- the end ---


def test_the_result_waits_for_the_end(lan):
    lan.starts()
    address = lan.address
    lan.opens(f"{address}/ket-qua")
    assert lan.address == address


def test_a_dangerous_trap_keeps_the_mark_back_and_says_why(lan):
    lan.starts()
    lan.goes_the_expected_way(until="co-cuoc-goi-den")
    lan.taps("Đọc mã OTP cho họ")
    assert "Muốn có dấu làm được thì tập lại một lượt nhé." in lan.notes()[0]
    lan.taps("Về lại cuộc gọi")
    lan.goes_the_expected_way()
    lan.opens(f"{lan.address}/ket-qua")
    assert lan.page.findtext(".//h1") == "8 trong 9 màn hình tự làm đúng"
    assert "Lượt này bác gặp một cái bẫy nguy hiểm." in lan.words
    assert "Bác có dấu làm được" not in lan.words
    assert main_words(lan) == "Tập lại một lượt"
    assert "Màn 7, Có cuộc gọi đến." in lan.words


def test_after_a_dangerous_trap_a_harmless_turn_does_not_say_it_again(lan):
    lan.starts()
    lan.goes_the_expected_way(until="co-cuoc-goi-den")
    lan.taps("Đọc mã OTP cho họ")
    lan.taps("Về lại cuộc gọi")
    lan.goes_the_expected_way(until="quet-ma")
    for back in ("Quay lại", "Quay lại", "Quay lại"):
        lan.taps(back)
    lan.taps("Quảng cáo")
    assert lan.screen == "trang-gia"
    assert "tập lại một lượt" not in lan.words


def test_following_to_the_end_leads_to_going_alone(lan):
    lan.starts("lam-theo")
    lan.goes_the_expected_way()
    lan.opens(f"{lan.address}/ket-qua")
    assert main_words(lan) == "Giờ bác tự làm"
    assert lan.words.count("Bác đã đi hết bài một lượt") == 1
    assert "Giờ bác tự làm, không có bàn tay chỉ, là có dấu làm được." in lan.words
    assert "Bác có dấu làm được" not in lan.words


def test_a_practice_that_was_edited_meanwhile_is_begun_anew(lan, app, courses):
    lan.starts()
    (courses / "thu" / "01-moi-thu" / "lam.md").write_text(LAM.replace("Đọc tin rồi", "Bác đọc tin rồi"), "utf-8")
    app.extensions["shelf"].reload()
    lan.opens(lan.address)
    assert lan.page.findtext(".//h1") == "Bài tập này vừa được sửa"
    assert main_words(lan).startswith("Bắt đầu lượt mới")


@pytest.mark.parametrize("mode", ["tu-lam", "kiem-tra"])
def test_the_phones_own_key_goes_back_where_the_screen_has_a_way_back_and_nowhere_else(lan, mode):
    lan.starts(mode)
    lan.goes_the_expected_way("nhap-thong-tin")
    assert lan.page.xpath("//*[contains(@class, 'phone__keys')]")
    assert not lan.page.xpath("//button[@class='phone__back']")
    lan.goes_the_expected_way("nhap-ma-otp")
    (key,) = lan.page.xpath("//button[@class='phone__back']")
    assert lan.sends({**lan.form, key.get("name"): key.get("value")}) == 303
    assert lan.screen == "nhap-thong-tin"


def test_what_is_only_looked_at_has_no_key_to_touch(lan):
    lan.opens(f"{LAM_ADDRESS}?che-do=xem-mau")
    assert not lan.page.xpath("//button[@class='phone__back']")


def test_where_nothing_can_be_typed_a_field_says_that_one_chooses(lan):
    lan.starts()
    lan.goes_the_expected_way("nhap-thong-tin")
    assert "(bác chọn, không phải gõ)" in lan.words
