"""The result of an attempt."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow


def test_without_a_script_the_expected_path_earns_the_mark(lan):
    lan.start()
    lan.follow_expected_path()
    assert lan.screen == "hoan-thanh"
    lan.open(f"{lan.address}/ket-qua")
    assert lan.page.findtext(".//h1") == "9 trong 9 màn hình tự làm đúng"
    assert "Bác có dấu làm được, bài Mọi thứ" in lan.text
    assert lan.main_button_text() != "Tập lại một lượt"


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
    assert "Lượt này bác gặp bẫy nguy hiểm." in lan.text
    assert "Bác có dấu làm được" not in lan.text
    assert lan.main_button_text() == "Tập lại một lượt"
    assert "Màn 7, Có cuộc gọi đến." in lan.text


def test_a_result_names_the_screens_that_a_mark_still_needs(lan):
    lan.start()
    lan.tap("Quảng cáo")
    lan.tap("Về màn hình chính")
    lan.follow_expected_path(until="co-cuoc-goi-den")
    lan.tap("Đọc mã OTP cho họ")
    lan.tap("Về lại cuộc gọi")
    lan.follow_expected_path()
    lan.open(f"{lan.address}/ket-qua")
    assert "Dấu còn thiếu màn 1 và 7. Bác tự làm mấy màn ấy không cần giúp là được." in lan.text
    assert "phần trăm" not in lan.text


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
    assert lan.main_button_text() == "Giờ bác tự làm"
    assert lan.text.count("Bác đã đi hết bài một lượt") == 1
    assert "Giờ bác tự làm, không có bàn tay chỉ, là có dấu làm được." in lan.text
    assert "Bác có dấu làm được" not in lan.text


def test_a_result_names_a_trap_that_was_tapped_beside_the_expected_path(lan, app, courses):
    file = courses / "thu" / "01-moi-thu" / "lam.md"
    text = file.read_text("utf-8")
    back = "- [quay lại] Quay lại => Màn hình chính\n"
    trap = f"- [liên kết] Nhận quà x> Trang giả\n  - báo: Quà của người lạ là bẫy.\n{back}"
    file.write_text(text.replace(back, trap, 1), "utf-8")
    app.extensions["catalog"].reload()
    lan.start()
    lan.tap("Tin nhắn")
    lan.tap("Nhận quà")
    lan.tap("Về màn hình chính")
    lan.follow_expected_path()
    lan.open(f"{lan.address}/ket-qua")
    assert "Ở màn “Hộp tin”, bác đã chạm “Nhận quà”." in lan.text
    assert "Quà của người lạ là bẫy." in lan.text
    assert "Trong lúc kiểm tra" not in lan.text
