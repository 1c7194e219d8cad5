"""Xem lại: the replay of an ended attempt, for its learner only, without what was typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from lms.content.practice import action_paths
from lms.content.practice.compiling import generate_random_data
from tests.web.every_screen import LAM, every_screen
from tests.web.nojs_phone import NoJsPhone

pytestmark = pytest.mark.slow


def complete_attempt(phone: NoJsPhone, mode: str = "tu-lam") -> str:
    """Complete an attempt; returns the URL of its replay."""
    phone.start(mode)
    phone.follow_expected_path()
    return f"{phone.address}/xem-lai"


def rewrite_practice(app: Flask, courses: Path, text: str) -> None:
    (courses / "thu/01-moi-thu/lam.md").write_text(text, "utf-8")
    app.extensions["catalog"].reload()


def texts_of_all_steps(phone: NoJsPhone, address: str) -> list[str]:
    """Follow the main button from the first step to the last; returns the text of each page."""
    phone.open(address)
    seen = []
    while True:
        seen.append(phone.text)
        (main,) = phone.page.xpath("//*[contains(@class, 'button--main')]/@href")
        if main.endswith("/ket-qua"):
            return seen
        query = main.partition("?")[2]
        phone.page = None
        phone.open(f"{address}?{query}")


def test_a_replay_shows_every_screen_as_it_was(lan):
    seen = texts_of_all_steps(lan, complete_attempt(lan))
    steps = action_paths.expected_path(every_screen(), generate_random_data(every_screen(), 1))
    screens = list(dict.fromkeys(step.screen for step in steps))
    titles = [every_screen().screen(screen).title for screen in screens]
    assert len(seen) == len(screens)
    for words, title in zip(seen, titles, strict=True):
        assert title in words
    assert "Đã gõ 099060000123 vào ô “Số định danh cá nhân”." in seen[titles.index("Nhập thông tin")]
    assert lan.main_button_text() == "Về kết quả"


def test_a_replay_marks_the_tapped_widget_and_is_read_only(lan):
    address = complete_attempt(lan)
    lan.open(address)
    (ringed,) = lan.page.xpath("//*[contains(concat(' ', @class, ' '), ' pointed ')]")
    assert "Kho ứng dụng" in ringed.text_content()
    assert lan.page.xpath("//fieldset[@disabled]//*[contains(@class, 'phone--home')]")
    assert not lan.page.xpath("//main//form")
    lan.open(f"{address}?buoc=6")
    assert lan.page.xpath("//input[@value='099060000123']") and not lan.page.xpath("//input[@type='hidden']")


def test_a_replay_shows_the_feedback(lan):
    lan.start("tu-lam")
    lan.tap("Quảng cáo: nhận quà ngay")
    lan.tap("Về màn hình chính")
    lan.press_help()
    lan.follow_expected_path(until="nhap-thong-tin")
    lan.tap("Gửi yêu cầu")
    lan.follow_expected_path()
    seen = texts_of_all_steps(lan, f"{lan.address}/xem-lai")
    assert "Đã chạm “Quảng cáo: nhận quà ngay”." in seen[0]
    assert "Ngoài đời, lỡ làm vậy thì: Đừng chạm vào quảng cáo nhận quà." in seen[0]
    assert "Đã xem gợi ý. Máy nói: Biểu tượng có hình cái túi." in seen[2]
    (wrong,) = [words for words in seen if "Máy nói: Ô “Số định danh cá nhân” còn trống." in words]
    assert "Đã chạm “Gửi yêu cầu”." in wrong


def test_a_replay_knows_only_the_length_of_a_wrong_value(lan):
    lan.start("tu-lam")
    lan.follow_expected_path(until="nhap-thong-tin")
    lan.tap("Gửi yêu cầu", f0="079185012345", f1="?10")
    lan.follow_expected_path()
    pages = texts_of_all_steps(lan, f"{lan.address}/xem-lai")
    assert not any("079185012345" in page for page in pages)
    (page,) = [text for text in pages if "dài 12 ký tự" in text]
    assert "Đã gõ chữ khác, dài 12 ký tự, vào ô “Số định danh cá nhân”. Máy không giữ chữ ấy." in page
    lan.open(f"{lan.address}?buoc={pages.index(page) + 1}")
    assert lan.page.xpath("//input[@value='?12']")


def test_a_strong_password_is_never_shown(lan):
    pages = texts_of_all_steps(lan, complete_attempt(lan))
    (page,) = [text for text in pages if "“Mật khẩu mới”" in text]
    assert "Đã gõ chữ của mình vào ô “Mật khẩu mới”, đúng cách. Máy không giữ chữ ấy." in page
    assert "~ok" not in page


def test_the_replay_of_a_test_shows_the_withheld_warnings(lan):
    lan.start("kiem-tra")
    lan.follow_expected_path(until="co-cuoc-goi-den")
    lan.tap("Đọc mã OTP cho họ")
    lan.tap("Về lại cuộc gọi")
    lan.follow_expected_path()
    pages = texts_of_all_steps(lan, f"{lan.address}/xem-lai")
    (page,) = [text for text in pages if "Đã chạm “Đọc mã OTP cho họ”." in text]
    assert "Lúc kiểm tra máy chưa nói: Đừng đọc mã OTP cho bất kỳ ai" in page
    assert "Ngoài đời, ai có mã thì vào được" in page


def test_an_open_attempt_has_no_replay(lan):
    lan.start("kiem-tra")
    address = lan.address
    assert lan.open(f"{address}/xem-lai") == 200
    assert lan.address == address


def test_another_learners_replay_is_not_found(app, lan):
    address = complete_attempt(lan)
    hoa = NoJsPhone(app)
    assert hoa.open(address) == 404
    hoa.start("tu-lam")
    assert hoa.open(address) == 404


@pytest.mark.parametrize("asked", ["0", "-1", "99999", "x", "³", "9" * 400])
def test_an_unknown_step_shows_the_nearest_one(lan, asked):
    address = complete_attempt(lan)
    assert lan.open(f"{address}?buoc={asked}") == 200


def test_a_replay_after_an_edit_of_texts_shows_the_new_texts_and_says_so(app, lan, courses):
    address = complete_attempt(lan)
    rewrite_practice(app, courses, LAM.replace("Kho ứng dụng", "Chợ ứng dụng"))
    (first, *_) = texts_of_all_steps(lan, address)
    assert "Bài này đã được sửa sau lượt ấy." in first
    assert "Đã chạm “Chợ ứng dụng”." in first


def test_a_replay_after_an_edit_of_screens_shows_what_is_still_known(app, lan, courses):
    address = complete_attempt(lan)
    text = LAM.replace("## Nhập mã OTP", "## Gõ mã OTP").replace("=> Nhập mã OTP", "=> Gõ mã OTP")
    text = text.replace("-> Nhập mã OTP", "-> Gõ mã OTP").replace('- [biểu tượng] Máy ảnh {hình="máy ảnh"}\n', "")
    rewrite_practice(app, courses, text)
    pages = texts_of_all_steps(lan, address)
    assert "Đã chạm biểu tượng thứ 1 trên màn." in pages[0]
    assert "Màn này không còn trong bài, nên không vẽ lại được." in pages[0]
    assert any("nhap-ma-otp" in page and "ô số thứ 4 trên màn" in page for page in pages)
    assert any("Đã chạm “Gửi yêu cầu”." in page for page in pages)
    (courses / "thu/01-moi-thu/lam.md").unlink()
    app.extensions["catalog"].reload()
    assert len(texts_of_all_steps(lan, address)) == len(pages)


def test_the_result_links_to_the_replay(lan):
    address = complete_attempt(lan)
    lan.open(address.removesuffix("/xem-lai") + "/ket-qua")
    assert lan.page.xpath(f"//main//a[@href='{address}']")
