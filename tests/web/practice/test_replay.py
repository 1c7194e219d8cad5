"""Xem lại: an ended attempt, moment by moment, as it was; for nobody but its learner, and never what was typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from lms.content.practice import paths
from tests.web.every_screen import LAM, every_screen
from tests.web.plain_phone import PlainPhone, main_words


def ends(phone: PlainPhone, mode: str = "tu-lam") -> str:
    """One attempt to its end; the address of its replay."""
    phone.starts(mode)
    phone.goes_the_expected_way()
    return f"{phone.address}/xem-lai"


def rewrites_the_practice(app: Flask, courses: Path, text: str) -> None:
    (courses / "thu/01-moi-thu/lam.md").write_text(text, "utf-8")
    app.extensions["shelf"].reload()


def goes_through(phone: PlainPhone, address: str) -> list[str]:
    """From the first moment on by the main button; the words of each page."""
    phone.opens(address)
    seen = []
    while True:
        seen.append(phone.words)
        (main,) = phone.page.xpath("//*[contains(@class, 'button--main')]/@href")
        if main.endswith("/ket-qua"):
            return seen
        query = main.partition("?")[2]
        phone.page = None
        phone.opens(f"{address}?{query}")


def test_every_screen_comes_as_it_was_and_next_leads_through_all_of_them(lan):
    seen = goes_through(lan, ends(lan))
    screens = list(dict.fromkeys(step.screen for step in paths.walk(every_screen(), 1)))
    titles = [every_screen().screen(screen).title for screen in screens]
    assert len(seen) == len(screens)
    for words, title in zip(seen, titles, strict=True):
        assert title in words
    assert "Đã gõ 099060000123 vào ô “Số định danh cá nhân”." in seen[titles.index("Nhập thông tin")]
    assert main_words(lan) == "Về kết quả"


def test_what_was_touched_wears_the_ring_and_nothing_can_be_done_again(lan):
    address = ends(lan)
    lan.opens(address)
    (ringed,) = lan.page.xpath("//*[contains(concat(' ', @class, ' '), ' pointed ')]")
    assert "Kho ứng dụng" in ringed.text_content()
    assert lan.page.xpath("//fieldset[@disabled]//*[contains(@class, 'phone--home')]")
    assert not lan.page.xpath("//main//form")
    lan.opens(f"{address}?buoc=6")
    assert lan.page.xpath("//input[@value='099060000123']") and not lan.page.xpath("//input[@type='hidden']")


def test_what_the_phone_said_is_said_again(lan):
    lan.starts("tu-lam")
    lan.taps("Quảng cáo: nhận quà ngay")
    lan.taps("Về màn hình chính")
    lan.asks_for_help()
    lan.goes_the_expected_way(until="nhap-thong-tin")
    lan.taps("Gửi yêu cầu")
    lan.goes_the_expected_way()
    seen = goes_through(lan, f"{lan.address}/xem-lai")
    assert "Đã chạm “Quảng cáo: nhận quà ngay”." in seen[0]
    assert "Máy nói: Đừng chạm vào quảng cáo nhận quà." in seen[0]
    assert "Đã xem gợi ý. Máy nói: Biểu tượng có hình cái túi." in seen[2]
    (wrong,) = [words for words in seen if "Máy nói: Chưa đúng. Bác so lại 12 chữ số" in words]
    assert "Đã chạm “Gửi yêu cầu”." in wrong


def test_of_a_wrong_value_only_its_length_is_told(lan):
    lan.starts("tu-lam")
    lan.goes_the_expected_way(until="nhap-thong-tin")
    lan.taps("Gửi yêu cầu", f0="079185012345", f1="?10")
    lan.goes_the_expected_way()
    pages = goes_through(lan, f"{lan.address}/xem-lai")
    assert not any("079185012345" in page for page in pages)
    (told,) = [page for page in pages if "dài 12 ký tự" in page]
    assert "Đã gõ chữ khác, dài 12 ký tự, vào ô “Số định danh cá nhân”. Máy không giữ chữ ấy." in told
    lan.opens(f"{lan.address}?buoc={pages.index(told) + 1}")
    assert lan.page.xpath("//input[@value='?12']")


def test_a_strong_password_is_never_shown(lan):
    pages = goes_through(lan, ends(lan))
    (told,) = [page for page in pages if "“Mật khẩu mới”" in page]
    assert "Đã gõ chữ của mình vào ô “Mật khẩu mới”, đúng cách. Máy không giữ chữ ấy." in told
    assert "~ok" not in told


def test_after_a_test_it_is_told_what_was_held_back(lan):
    lan.starts("kiem-tra")
    lan.goes_the_expected_way(until="co-cuoc-goi-den")
    lan.taps("Đọc mã OTP cho họ")
    lan.taps("Về lại cuộc gọi")
    lan.goes_the_expected_way()
    pages = goes_through(lan, f"{lan.address}/xem-lai")
    (told,) = [page for page in pages if "Đã chạm “Đọc mã OTP cho họ”." in page]
    assert "Lúc kiểm tra máy chưa nói: Đừng đọc mã OTP cho bất kỳ ai" in told
    assert "Ngoài đời, ai có mã thì vào được" in told


def test_what_has_not_ended_is_not_looked_back_on(lan):
    lan.starts("kiem-tra")
    address = lan.address
    assert lan.opens(f"{address}/xem-lai") == 200
    assert lan.address == address


def test_somebody_else_does_not_find_it(app, lan):
    address = ends(lan)
    hoa = PlainPhone(app)
    assert hoa.opens(address) == 404
    hoa.starts("tu-lam")
    assert hoa.opens(address) == 404


@pytest.mark.parametrize("asked", ["0", "-1", "99999", "x", "³", "9" * 400])
def test_a_moment_that_is_not_there_is_the_nearest(lan, asked):
    address = ends(lan)
    assert lan.opens(f"{address}?buoc={asked}") == 200


def test_after_a_change_of_words_it_is_told_with_the_new_ones_and_says_so(app, lan, courses):
    address = ends(lan)
    rewrites_the_practice(app, courses, LAM.replace("Kho ứng dụng", "Chợ ứng dụng"))
    (first, *_) = goes_through(lan, address)
    assert "Bài này đã được sửa sau lượt ấy." in first
    assert "Đã chạm “Chợ ứng dụng”." in first


def test_after_a_change_of_screens_it_is_told_as_far_as_the_words_are_known(app, lan, courses):
    address = ends(lan)
    text = LAM.replace("## Nhập mã OTP", "## Gõ mã OTP").replace("=> Nhập mã OTP", "=> Gõ mã OTP")
    text = text.replace("-> Nhập mã OTP", "-> Gõ mã OTP").replace('- [biểu tượng] Máy ảnh {hình="máy ảnh"}\n', "")
    rewrites_the_practice(app, courses, text)
    pages = goes_through(lan, address)
    assert "Đã chạm biểu tượng thứ 1 trên màn." in pages[0]
    assert "Màn này không còn trong bài, nên không vẽ lại được." in pages[0]
    assert any("nhap-ma-otp" in page and "ô số thứ 4 trên màn" in page for page in pages)
    assert any("Đã chạm “Gửi yêu cầu”." in page for page in pages)
    (courses / "thu/01-moi-thu/lam.md").unlink()
    app.extensions["shelf"].reload()
    assert len(goes_through(lan, address)) == len(pages)


def test_the_end_page_leads_to_it(lan):
    address = ends(lan)
    lan.opens(address.removesuffix("/xem-lai") + "/ket-qua")
    assert lan.page.xpath(f"//main//a[@href='{address}']")
