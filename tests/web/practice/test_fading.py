"""Fading and repeating without a script: what is pointed at from run to run, and which screens come again."""

from __future__ import annotations

import pytest

from lms.content.practice.compiling import scored_screens
from tests.web.every_screen import every_screen
from tests.web.plain_phone import LAM_ADDRESS, PlainPhone, main_words

ONLY_THESE = "Chỉ tập lại đúng những màn ấy"


def follows(phone: PlainPhone, times: int = 1) -> None:
    for _ in range(times):
        phone.starts("lam-theo")
        phone.goes_the_expected_way()


def rings(phone: PlainPhone) -> int:
    return len(phone.page.xpath("//form[@id='man-hinh']//*[contains(concat(' ', @class, ' '), ' pointed ')]"))


def seen_on(phone: PlainPhone, screen: str) -> tuple[int, list[str]]:
    phone.goes_the_expected_way(until=screen)
    assert phone.screen == screen
    return rings(phone), phone.notes()


def result(phone: PlainPhone) -> None:
    phone.opens(f"{phone.address}/ket-qua")


# --- three runs in a row ---


def test_from_run_to_run_the_hand_goes_first_and_then_the_words(lan):
    hint, point = "Cán bộ thật không bao giờ hỏi mã OTP.", "Bác chạm “Không đọc mã và tắt máy”."
    for expected in ((1, [point]), (0, [hint]), (0, [])):
        lan.starts("lam-theo")
        assert seen_on(lan, "man-hinh-chinh") == (1, ["Bác chạm “Kho ứng dụng”."])
        assert seen_on(lan, "co-cuoc-goi-den") == expected
        lan.goes_the_expected_way()
    lan.starts("lam-theo")
    assert seen_on(lan, "trang-kho") == (1, ["Bác chạm “Cài đặt”."])
    assert seen_on(lan, "hoi-lai") == (0, ["Bác chạm “Đồng ý”."])
    assert seen_on(lan, "nhap-ma-otp")[0] == 0


def test_a_screen_without_a_hint_of_its_author_says_what_to_touch(lan):
    follows(lan)
    lan.starts("lam-theo")
    assert seen_on(lan, "quet-ma") == (0, ["Bác chạm “Quét thẻ”, giữ một lúc cũng được."])


def test_who_asks_at_a_screen_with_its_hint_in_view_gets_the_next_rung(lan):
    follows(lan)
    lan.starts("lam-theo")
    lan.goes_the_expected_way(until="co-cuoc-goi-den")
    assert lan.asks_for_help() == "Chỉ chỗ cần chạm"
    assert rings(lan) == 1
    assert "Bác chạm “Không đọc mã và tắt máy”." in lan.notes()
    assert lan.asks_for_help() == "Làm giúp bước này"
    assert lan.screen == "quet-ma"


def test_with_nothing_pointed_at_traps_are_still_explained_and_stay(lan):
    follows(lan, 2)
    lan.starts("lam-theo")
    lan.goes_the_expected_way(until="co-cuoc-goi-den")
    lan.taps("Đọc mã OTP cho họ")
    assert lan.screen == "co-cuoc-goi-den"
    assert lan.notes() == ["Đừng đọc mã OTP cho bất kỳ ai, kể cả người xưng công an hay ngân hàng."]
    assert lan.asks_for_help() == "Gợi ý"
    assert lan.notes() == ["Cán bộ thật không bao giờ hỏi mã OTP."]


def test_a_side_way_never_names_a_hand_that_is_not_there(lan):
    lan.starts("lam-theo")
    lan.taps("Tin nhắn")
    assert lan.notes()[0] == "Chỗ “Tin nhắn” không hại gì, nhưng chưa phải lúc này. Bác đọc lại câu ở trên nhé."


def test_a_screen_that_was_hard_is_pointed_at_again(lan):
    follows(lan)
    lan.starts("lam-theo")
    lan.goes_the_expected_way(until="dat-mat-khau")
    assert rings(lan) == 0
    lan.taps("Xong")
    lan.taps("Xong")
    lan.goes_the_expected_way()
    lan.starts("lam-theo")
    assert seen_on(lan, "dat-mat-khau")[0] == 1


def test_a_go_keeps_the_levels_it_began_with(lan):
    lan.starts("lam-theo")
    first = lan.address
    follows(lan, 2)
    lan.opens(first)
    assert seen_on(lan, "dat-mat-khau")[0] == 1


def test_alone_nothing_fades(lan):
    follows(lan, 2)
    lan.starts("tu-lam")
    lan.goes_the_expected_way(until="co-cuoc-goi-den")
    assert (rings(lan), lan.notes()) == (0, [])
    assert lan.asks_for_help() == "Gợi ý"


def test_hoa_is_pointed_at_whatever_lan_can_do(lan, hoa):
    follows(lan, 2)
    hoa.starts("lam-theo")
    assert seen_on(hoa, "dat-mat-khau")[0] == 1


# --- what is said of it ---


def test_the_introduction_says_where_less_is_pointed_at(lan):
    lan.opens(LAM_ADDRESS)
    assert "lần này máy chỉ ít hơn" not in lan.words
    follows(lan)
    lan.opens(LAM_ADDRESS)
    assert "Ở 3 trong 9 màn bác đã quen, lần này máy chỉ ít hơn." in lan.words
    assert main_words(lan) == "Tự làm"


def test_when_nothing_needs_pointing_the_test_is_proposed_on_both_pages(lan):
    follows(lan, 6)
    result(lan)
    assert main_words(lan) == "Làm bài kiểm tra"
    lan.opens(LAM_ADDRESS)
    assert "Màn nào bác cũng quen rồi, không cần chỉ nữa. Giờ bác thử bài kiểm tra nhé." in lan.words
    assert main_words(lan) == "Làm bài kiểm tra"
    assert len(lan.page.xpath("//button[@name='mode'][@value='kiem-tra']")) == 1


def test_with_the_mark_the_test_is_proposed_beside_the_way_on(lan):
    follows(lan, 5)
    lan.starts("tu-lam")
    lan.goes_the_expected_way()
    result(lan)
    assert main_words(lan) == "Sang phần Hiểu"
    assert lan.page.xpath("//button[@name='mode'][@value='kiem-tra']")
    lan.opens(LAM_ADDRESS)
    assert main_words(lan) == "Sang phần Hiểu"
    assert "Giờ bác thử bài kiểm tra nhé." in lan.words


# --- exactly these screens again ---


def helped_on(phone: PlainPhone, *screens: str) -> None:
    """One run alone, with a hint on each of these screens."""
    phone.starts("tu-lam")
    for screen in screens:
        phone.goes_the_expected_way(until=screen)
        phone.asks_for_help()
    phone.goes_the_expected_way()
    result(phone)


def test_the_end_page_counts_tells_of_help_and_offers_exactly_these_screens(lan):
    helped_on(lan, "nhap-thong-tin", "co-cuoc-goi-den")
    assert lan.page.findtext(".//h1") == "7 trong 9 màn hình tự làm đúng"
    assert "Hai màn nên tập lại" in lan.words
    assert "Màn 5, Nhập thông tin. Bác đã xem gợi ý." in lan.words
    assert "Màn 7, Có cuộc gọi đến. Bác đã xem gợi ý." in lan.words
    lan.presses(ONLY_THESE)
    assert (lan.screen, "Tập lại màn 5, lượt này có 2 màn" in lan.words) == ("nhap-thong-tin", True)
    assert "Các màn trước màn này, máy đã đi giúp bác." in lan.words
    assert "Hỏi người giúp: bài 1, màn 5" in lan.words
    lan.fills_and_goes_on()
    assert (lan.screen, "Tập lại màn 7, lượt này có 2 màn" in lan.words) == ("co-cuoc-goi-den", True)
    assert "Các màn trước màn này, máy đã đi giúp bác." in lan.words
    lan.fills_and_goes_on()
    assert lan.screen == "hoan-thanh"
    assert "Tập lại xong 2 màn" in lan.words
    assert "Các màn còn lại, máy đã đi giúp bác." in lan.words


def test_a_screen_whose_trap_was_tapped_is_to_be_repeated_and_comes_first(lan):
    lan.starts("lam-theo")
    lan.goes_the_expected_way(until="nhap-thong-tin")
    lan.taps("Gửi yêu cầu")  # a slip: nothing is filled in
    lan.goes_the_expected_way(until="co-cuoc-goi-den")
    lan.taps("Đọc mã OTP cho họ")
    lan.goes_the_expected_way()
    result(lan)
    assert lan.page.findtext(".//h1") == "Bác đã đi hết bài một lượt"
    assert "Hai màn nên tập lại" in lan.words
    trap = "Màn 7, Có cuộc gọi đến. Ở đây bác gặp một cái bẫy."
    assert -1 < lan.words.find(trap) < lan.words.find("Màn 5, Nhập thông tin. Bác làm đúng sau 2 lần thử.")
    lan.presses(ONLY_THESE)
    assert (lan.screen, "lượt này có 2 màn" in lan.words) == ("nhap-thong-tin", True)
    lan.fills_and_goes_on()
    assert lan.screen == "co-cuoc-goi-den"
    lan.fills_and_goes_on()
    assert lan.screen == "hoan-thanh"


def test_a_trap_is_named_even_where_every_screen_is_to_be_repeated(lan):
    lan.starts("lam-theo")
    for screen in scored_screens(every_screen()):
        lan.goes_the_expected_way(until=screen)
        lan.asks_for_help()
        if screen == "co-cuoc-goi-den":
            lan.taps("Đọc mã OTP cho họ")
    lan.goes_the_expected_way()
    result(lan)
    assert "Chín màn nên tập lại Màn 7, Có cuộc gọi đến. Ở đây bác gặp một cái bẫy." in lan.words
    assert not lan.page.xpath("//input[@name='again']")


def test_a_side_way_or_a_dead_button_is_nothing_to_repeat(lan):
    lan.starts("lam-theo")
    lan.taps("Tin nhắn")
    lan.taps("Máy ảnh")
    lan.goes_the_expected_way()
    result(lan)
    assert "nên tập lại" not in lan.words
    lan.starts("lam-theo")
    lan.taps("Quảng cáo")
    lan.goes_the_expected_way()
    result(lan)
    assert "Một màn nên tập lại Màn 1, Màn hình chính. Ở đây bác gặp một cái bẫy." in lan.words
    lan.presses("Chỉ tập lại đúng màn ấy")
    assert lan.screen == "man-hinh-chinh"


@pytest.mark.parametrize("mode", ["tu-lam", "kiem-tra"])
def test_alone_too_the_trap_comes_before_what_was_only_slow(lan, mode):
    lan.starts(mode)
    lan.goes_the_expected_way(until="nhap-thong-tin")
    lan.taps("Gửi yêu cầu")
    lan.goes_the_expected_way(until="co-cuoc-goi-den")
    lan.taps("Đọc mã OTP cho họ")
    lan.taps("Về lại cuộc gọi")
    lan.goes_the_expected_way()
    result(lan)
    assert lan.page.findtext(".//h1") == "7 trong 9 màn hình tự làm đúng"
    assert -1 < lan.words.find("Màn 7, Có cuộc gọi đến.") < lan.words.find("Màn 5, Nhập thông tin.")
    lan.presses(ONLY_THESE)
    assert lan.screen == "nhap-thong-tin"


def test_a_repeated_part_earns_no_mark_and_says_so(lan):
    lan.starts("tu-lam")
    lan.goes_the_expected_way(until="co-cuoc-goi-den")
    lan.taps("Đọc mã OTP cho họ")
    lan.taps("Về lại cuộc gọi")
    lan.goes_the_expected_way()
    result(lan)
    assert "Bác có dấu làm được" not in lan.words
    assert "Lượt tập lại vài màn là để quen tay, không tính dấu." in lan.words
    lan.presses("Chỉ tập lại đúng màn ấy")
    lan.fills_and_goes_on()
    assert (lan.screen, "Tập lại xong màn 7" in lan.words) == ("hoan-thanh", True)
    result(lan)
    assert lan.page.findtext(".//h1") == "1 trong 1 màn hình tự làm đúng"
    assert "Lượt này chỉ tập lại vài màn nên không tính dấu." in lan.words
    assert "Bác có dấu làm được" not in lan.words
    assert main_words(lan) == "Tự làm cả bài"
    lan.presses("Tự làm cả bài")
    assert lan.screen == "man-hinh-chinh"


def test_with_the_mark_repeating_leads_to_the_part_that_is_missing(lan):
    helped_on(lan, "nhap-thong-tin")
    assert main_words(lan) == "Sang phần Hiểu"
    assert "không tính dấu" not in lan.words
    lan.presses("Chỉ tập lại đúng màn ấy")
    lan.fills_and_goes_on()
    result(lan)
    assert main_words(lan) == "Sang phần Hiểu"


def test_what_is_still_hard_is_offered_again_under_its_own_number(lan):
    helped_on(lan, "nhap-thong-tin", "co-cuoc-goi-den")
    lan.presses(ONLY_THESE)
    lan.fills_and_goes_on()
    lan.asks_for_help()
    lan.fills_and_goes_on()
    result(lan)
    assert "Màn 7, Có cuộc gọi đến. Bác đã xem gợi ý." in lan.words
    lan.presses("Chỉ tập lại đúng màn ấy")
    assert lan.screen == "co-cuoc-goi-den"


def test_whoever_goes_back_meets_the_old_screens_and_is_led_on_to_hers(lan):
    helped_on(lan, "nhap-thong-tin", "co-cuoc-goi-den")
    lan.presses(ONLY_THESE)
    lan.taps("Quay lại")
    assert lan.screen == "man-hinh-chinh"
    lan.taps("Kho ứng dụng")
    assert lan.screen == "nhap-thong-tin"


def test_a_repeated_part_that_was_left_waits_on_the_introduction(lan):
    helped_on(lan, "nhap-thong-tin", "co-cuoc-goi-den")
    lan.presses(ONLY_THESE)
    left = lan.address
    lan.opens(LAM_ADDRESS)
    assert lan.page.xpath(f"//main//a[@href='{left}']")
    lan.opens(left)
    assert lan.screen == "nhap-thong-tin"


def test_what_went_well_when_repeated_is_pointed_at_less(lan):
    lan.starts("lam-theo")
    lan.goes_the_expected_way(until="nhap-thong-tin")
    lan.asks_for_help()
    lan.goes_the_expected_way()
    result(lan)
    lan.presses("Chỉ tập lại đúng màn ấy")
    lan.fills_and_goes_on()
    lan.starts("lam-theo")
    assert seen_on(lan, "nhap-thong-tin")[0] == 0


def test_after_a_flawless_run_there_is_nothing_to_offer(lan):
    lan.starts("tu-lam")
    lan.goes_the_expected_way()
    result(lan)
    assert not lan.page.xpath("//input[@name='again']")


def test_only_an_ended_go_of_her_own_can_be_repeated(lan, hoa):
    helped_on(lan, "nhap-thong-tin")
    ended = lan.page.xpath("//input[@name='again']/@value")[0]
    hoa.starts("tu-lam")
    assert hoa.client.post(LAM_ADDRESS, data={"mode": "tu-lam", "again": ended}).status_code == 404
    assert PlainPhone(lan.app).client.post(LAM_ADDRESS, data={"mode": "tu-lam", "again": ended}).status_code == 404
    open_one = hoa.address.rsplit("/", 1)[1]
    answer = hoa.client.post(LAM_ADDRESS, data={"mode": "tu-lam", "again": open_one})
    assert (answer.status_code, answer.location) == (303, LAM_ADDRESS)


@pytest.mark.parametrize("mode", ["kiem-tra", "lam-theo"])
def test_no_mode_makes_a_part_worth_a_mark(lan, mode):
    helped_on(lan, "nhap-thong-tin")
    ended = lan.page.xpath("//input[@name='again']/@value")[0]
    answer = lan.client.post(LAM_ADDRESS, data={"mode": mode, "again": ended})
    lan.opens(answer.location)
    assert "Tập lại màn 5, lượt này có 1 màn" in lan.words
