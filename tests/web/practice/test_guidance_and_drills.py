"""Guidance levels and drills, without a script."""

from __future__ import annotations

import pytest

from lms.content.practice.compiling import scored_screens
from tests.web.every_screen import every_screen
from tests.web.nojs_phone import PRACTICE_URL, NoJsPhone

pytestmark = pytest.mark.slow

ONLY_THESE = "Chỉ tập lại đúng những màn ấy"


def complete_guided(phone: NoJsPhone, times: int = 1) -> None:
    for _ in range(times):
        phone.start("lam-theo")
        phone.follow_expected_path()


def pointed_count(phone: NoJsPhone) -> int:
    return len(phone.page.xpath("//form[@id='man-hinh']//*[contains(concat(' ', @class, ' '), ' pointed ')]"))


def pointers_and_notes_on(phone: NoJsPhone, screen: str) -> tuple[int, list[str]]:
    phone.follow_expected_path(until=screen)
    assert phone.screen == screen
    return pointed_count(phone), phone.feedback_texts()


def open_result(phone: NoJsPhone) -> None:
    phone.open(f"{phone.address}/ket-qua")


# --- three runs in a row ---


def test_guidance_fades_from_attempt_to_attempt_first_the_hand_then_the_words(lan):
    hint, point = "Cán bộ thật không bao giờ hỏi mã OTP.", "Bác chạm “Không đọc mã và tắt máy”."
    for expected in ((1, [point]), (0, [hint]), (0, [])):
        lan.start("lam-theo")
        assert pointers_and_notes_on(lan, "man-hinh-chinh") == (1, ["Bác chạm “Kho ứng dụng”."])
        assert pointers_and_notes_on(lan, "co-cuoc-goi-den") == expected
        lan.follow_expected_path()
    lan.start("lam-theo")
    assert pointers_and_notes_on(lan, "trang-kho") == (1, ["Bác chạm “Cài đặt”."])
    assert pointers_and_notes_on(lan, "hoi-lai") == (0, ["Bác chạm “Đồng ý”."])
    assert pointers_and_notes_on(lan, "nhap-ma-otp")[0] == 0


def test_a_screen_without_a_hint_says_what_to_tap(lan):
    complete_guided(lan)
    lan.start("lam-theo")
    assert pointers_and_notes_on(lan, "quet-ma") == (0, ["Bác chạm “Quét thẻ”, giữ một lúc cũng được."])


def test_asking_for_help_with_the_hint_in_view_gives_the_next_help(lan):
    complete_guided(lan)
    lan.start("lam-theo")
    lan.follow_expected_path(until="co-cuoc-goi-den")
    assert lan.press_help() == "Chỉ chỗ cần chạm"
    assert pointed_count(lan) == 1
    assert "Bác chạm “Không đọc mã và tắt máy”." in lan.feedback_texts()
    assert lan.press_help() == "Làm giúp bước này"
    assert lan.screen == "quet-ma"


def test_without_guidance_traps_are_still_explained_and_refused(lan):
    complete_guided(lan, 2)
    lan.start("lam-theo")
    lan.follow_expected_path(until="co-cuoc-goi-den")
    lan.tap("Đọc mã OTP cho họ")
    assert lan.screen == "co-cuoc-goi-den"
    (trap,) = lan.feedback_texts()
    assert trap.startswith("Đây là bài tập nên không mất gì. Ngoài đời, lỡ làm vậy thì:")
    assert trap.endswith("Đừng đọc mã OTP cho bất kỳ ai, kể cả người xưng công an hay ngân hàng.")
    assert lan.press_help() == "Gợi ý"
    assert lan.feedback_texts() == ["Cán bộ thật không bao giờ hỏi mã OTP."]


def test_the_note_on_a_side_way_does_not_mention_a_hidden_hand(lan):
    lan.start("lam-theo")
    lan.tap("Tin nhắn")
    assert (
        lan.feedback_texts()[0] == "Chỗ “Tin nhắn” không hại gì, nhưng chưa phải lúc này. Bác đọc lại việc cần làm nhé."
    )


def test_a_screen_with_mistakes_gets_guidance_again(lan):
    complete_guided(lan)
    lan.start("lam-theo")
    lan.follow_expected_path(until="dat-mat-khau")
    assert pointed_count(lan) == 0
    lan.tap("Xong")
    lan.tap("Xong")
    lan.follow_expected_path()
    lan.start("lam-theo")
    assert pointers_and_notes_on(lan, "dat-mat-khau")[0] == 1


def test_an_attempt_keeps_the_guidance_levels_it_started_with(lan):
    lan.start("lam-theo")
    first = lan.address
    complete_guided(lan, 2)
    lan.open(first)
    assert pointers_and_notes_on(lan, "dat-mat-khau")[0] == 1


def test_guidance_levels_only_apply_to_guided_mode(lan):
    complete_guided(lan, 2)
    lan.start("tu-lam")
    lan.follow_expected_path(until="co-cuoc-goi-den")
    assert (pointed_count(lan), lan.feedback_texts()) == (0, [])
    assert lan.press_help() == "Gợi ý"


def test_guidance_levels_are_per_learner(lan, hoa):
    complete_guided(lan, 2)
    hoa.start("lam-theo")
    assert pointers_and_notes_on(hoa, "dat-mat-khau")[0] == 1


# --- what is said of it ---


def test_the_introduction_says_on_how_many_screens_guidance_is_reduced(lan):
    lan.open(PRACTICE_URL)
    assert "lần này máy chỉ ít hơn" not in lan.text
    complete_guided(lan)
    lan.open(PRACTICE_URL)
    assert "Ở 3 trong 9 màn bác đã quen, lần này máy chỉ ít hơn." in lan.text
    assert lan.main_button_text() == "Tự làm"


def test_once_no_screen_needs_guidance_both_pages_propose_the_test(lan):
    complete_guided(lan, 6)
    open_result(lan)
    assert lan.main_button_text() == "Làm bài kiểm tra"
    lan.open(PRACTICE_URL)
    assert "Màn nào bác cũng quen rồi, không cần chỉ nữa. Giờ bác thử bài kiểm tra nhé." in lan.text
    assert lan.main_button_text() == "Làm bài kiểm tra"
    assert len(lan.page.xpath("//button[@name='mode'][@value='kiem-tra']")) == 1


def test_with_the_mark_the_test_is_proposed_besides_going_on(lan):
    complete_guided(lan, 5)
    lan.start("tu-lam")
    lan.follow_expected_path()
    open_result(lan)
    assert lan.main_button_text() == "Sang phần Hiểu"
    assert lan.page.xpath("//button[@name='mode'][@value='kiem-tra']")
    lan.open(PRACTICE_URL)
    assert lan.main_button_text() == "Sang phần Hiểu"
    assert "Giờ bác thử bài kiểm tra nhé." in lan.text


# --- exactly these screens again ---


def complete_with_hints_on(phone: NoJsPhone, *screens: str) -> None:
    """Complete an attempt alone with a hint on each of these screens, and open its result."""
    phone.start("tu-lam")
    for screen in screens:
        phone.follow_expected_path(until=screen)
        phone.press_help()
    phone.follow_expected_path()
    open_result(phone)


def test_the_result_counts_screens_names_help_and_offers_a_drill(lan):
    complete_with_hints_on(lan, "nhap-thong-tin", "co-cuoc-goi-den")
    assert lan.page.findtext(".//h1") == "7 trong 9 màn hình tự làm đúng"
    assert "Hai màn nên tập lại" in lan.text
    assert "Màn 5, Nhập thông tin. Bác đã xem gợi ý." in lan.text
    assert "Màn 7, Có cuộc gọi đến. Bác đã xem gợi ý." in lan.text
    lan.press(ONLY_THESE)
    assert (lan.screen, "Tập lại màn 5, lượt này có 2 màn" in lan.text) == ("nhap-thong-tin", True)
    assert "Các màn trước màn này, máy đã đi giúp bác." in lan.text
    assert "Hỏi người giúp: Khóa thử, bài 1, màn 5" in lan.text
    lan.fill_and_continue()
    assert (lan.screen, "Tập lại màn 7, lượt này có 2 màn" in lan.text) == ("co-cuoc-goi-den", True)
    assert "Các màn trước màn này, máy đã đi giúp bác." in lan.text
    lan.fill_and_continue()
    assert lan.screen == "hoan-thanh"
    assert "Tập lại xong 2 màn" in lan.text
    assert "Các màn còn lại, máy đã đi giúp bác." in lan.text


def test_a_screen_with_a_tapped_trap_comes_first_among_those_to_repeat(lan):
    lan.start("lam-theo")
    lan.follow_expected_path(until="nhap-thong-tin")
    lan.tap("Gửi yêu cầu")  # a slip: nothing is filled in
    lan.follow_expected_path(until="co-cuoc-goi-den")
    lan.tap("Đọc mã OTP cho họ")
    lan.follow_expected_path()
    open_result(lan)
    assert lan.page.findtext(".//h1") == "Bác đã đi hết bài một lượt"
    assert "Hai màn nên tập lại" in lan.text
    trap = "Màn 7, Có cuộc gọi đến. Ở đây bác gặp một cái bẫy."
    assert -1 < lan.text.find(trap) < lan.text.find("Màn 5, Nhập thông tin. Bác làm đúng sau 2 lần thử.")
    lan.press(ONLY_THESE)
    assert (lan.screen, "lượt này có 2 màn" in lan.text) == ("nhap-thong-tin", True)
    lan.fill_and_continue()
    assert lan.screen == "co-cuoc-goi-den"
    lan.fill_and_continue()
    assert lan.screen == "hoan-thanh"


def test_a_trap_is_named_even_if_every_screen_needs_repeating(lan):
    lan.start("lam-theo")
    for screen in scored_screens(every_screen()):
        lan.follow_expected_path(until=screen)
        lan.press_help()
        if screen == "co-cuoc-goi-den":
            lan.tap("Đọc mã OTP cho họ")
    lan.follow_expected_path()
    open_result(lan)
    assert "Chín màn nên tập lại Màn 7, Có cuộc gọi đến. Ở đây bác gặp một cái bẫy." in lan.text
    assert not lan.page.xpath("//input[@name='again']")


def test_side_ways_and_dead_buttons_need_no_repeating(lan):
    lan.start("lam-theo")
    lan.tap("Tin nhắn")
    lan.tap("Máy ảnh")
    lan.follow_expected_path()
    open_result(lan)
    assert "nên tập lại" not in lan.text
    lan.start("lam-theo")
    lan.tap("Quảng cáo")
    lan.follow_expected_path()
    open_result(lan)
    assert "Một màn nên tập lại Màn 1, Màn hình chính. Ở đây bác gặp một cái bẫy." in lan.text
    lan.press("Chỉ tập lại đúng màn ấy")
    assert lan.screen == "man-hinh-chinh"


@pytest.mark.parametrize("mode", ["tu-lam", "kiem-tra"])
def test_in_every_mode_a_trap_comes_before_screens_with_help(lan, mode):
    lan.start(mode)
    lan.follow_expected_path(until="nhap-thong-tin")
    lan.tap("Gửi yêu cầu")
    lan.follow_expected_path(until="co-cuoc-goi-den")
    lan.tap("Đọc mã OTP cho họ")
    lan.tap("Về lại cuộc gọi")
    lan.follow_expected_path()
    open_result(lan)
    assert lan.page.findtext(".//h1") == "7 trong 9 màn hình tự làm đúng"
    assert -1 < lan.text.find("Màn 7, Có cuộc gọi đến.") < lan.text.find("Màn 5, Nhập thông tin.")
    lan.press(ONLY_THESE)
    assert lan.screen == "nhap-thong-tin"


def test_a_drill_earns_no_mark_and_says_so(lan):
    lan.start("tu-lam")
    lan.follow_expected_path(until="co-cuoc-goi-den")
    lan.tap("Đọc mã OTP cho họ")
    lan.tap("Về lại cuộc gọi")
    lan.follow_expected_path()
    open_result(lan)
    assert "Bác có dấu làm được" not in lan.text
    assert "Lượt tập lại vài màn là để quen tay, không tính dấu." in lan.text
    lan.press("Chỉ tập lại đúng màn ấy")
    lan.fill_and_continue()
    assert (lan.screen, "Tập lại xong màn 7" in lan.text) == ("hoan-thanh", True)
    open_result(lan)
    assert lan.page.findtext(".//h1") == "1 trong 1 màn hình tự làm đúng"
    assert "Lượt này chỉ tập lại vài màn nên không tính dấu." in lan.text
    assert "Bác có dấu làm được" not in lan.text
    assert lan.main_button_text() == "Tự làm cả bài"
    lan.press("Tự làm cả bài")
    assert lan.screen == "man-hinh-chinh"


def test_with_the_mark_a_drill_leads_to_the_missing_stage(lan):
    complete_with_hints_on(lan, "nhap-thong-tin")
    assert lan.main_button_text() == "Sang phần Hiểu"
    assert "không tính dấu" not in lan.text
    lan.press("Chỉ tập lại đúng màn ấy")
    lan.fill_and_continue()
    open_result(lan)
    assert lan.main_button_text() == "Sang phần Hiểu"


def test_a_screen_that_goes_wrong_again_is_offered_under_its_own_number(lan):
    complete_with_hints_on(lan, "nhap-thong-tin", "co-cuoc-goi-den")
    lan.press(ONLY_THESE)
    lan.fill_and_continue()
    lan.press_help()
    lan.fill_and_continue()
    open_result(lan)
    assert "Màn 7, Có cuộc gọi đến. Bác đã xem gợi ý." in lan.text
    lan.press("Chỉ tập lại đúng màn ấy")
    assert lan.screen == "co-cuoc-goi-den"


def test_going_back_in_a_drill_shows_skipped_screens_and_leads_on(lan):
    complete_with_hints_on(lan, "nhap-thong-tin", "co-cuoc-goi-den")
    lan.press(ONLY_THESE)
    lan.tap("Quay lại")
    assert lan.screen == "man-hinh-chinh"
    lan.tap("Kho ứng dụng")
    assert lan.screen == "nhap-thong-tin"


def test_an_open_drill_is_resumed_from_the_introduction(lan):
    complete_with_hints_on(lan, "nhap-thong-tin", "co-cuoc-goi-den")
    lan.press(ONLY_THESE)
    left = lan.address
    lan.open(PRACTICE_URL)
    assert lan.page.xpath(f"//main//a[@href='{left}']")
    lan.open(left)
    assert lan.screen == "nhap-thong-tin"


def test_a_drill_reduces_guidance(lan):
    lan.start("lam-theo")
    lan.follow_expected_path(until="nhap-thong-tin")
    lan.press_help()
    lan.follow_expected_path()
    open_result(lan)
    lan.press("Chỉ tập lại đúng màn ấy")
    lan.fill_and_continue()
    lan.start("lam-theo")
    assert pointers_and_notes_on(lan, "nhap-thong-tin")[0] == 0


def test_a_flawless_attempt_offers_no_drill(lan):
    lan.start("tu-lam")
    lan.follow_expected_path()
    open_result(lan)
    assert not lan.page.xpath("//input[@name='again']")


def test_only_the_learners_own_ended_attempt_can_be_drilled(lan, hoa):
    complete_with_hints_on(lan, "nhap-thong-tin")
    ended = lan.page.xpath("//input[@name='again']/@value")[0]
    hoa.start("tu-lam")
    assert hoa.client.post(PRACTICE_URL, data={"mode": "tu-lam", "again": ended}).status_code == 404
    assert NoJsPhone(lan.app).client.post(PRACTICE_URL, data={"mode": "tu-lam", "again": ended}).status_code == 404
    open_one = hoa.address.rsplit("/", 1)[1]
    answer = hoa.client.post(PRACTICE_URL, data={"mode": "tu-lam", "again": open_one})
    assert (answer.status_code, answer.location) == (303, PRACTICE_URL)


@pytest.mark.parametrize("mode", ["kiem-tra", "lam-theo"])
def test_a_drill_earns_no_mark_in_any_mode(lan, mode):
    complete_with_hints_on(lan, "nhap-thong-tin")
    ended = lan.page.xpath("//input[@name='again']/@value")[0]
    answer = lan.client.post(PRACTICE_URL, data={"mode": mode, "again": ended})
    lan.open(answer.location)
    assert "Tập lại màn 5, lượt này có 1 màn" in lan.text
