"""The practice of a minute that a first visit begins with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.web.checking_client import CheckingClient
from tests.web.learner_actions import answer
from tests.web.nojs_phone import NoJsPhone
from tests.web.page_texts import main_button
from tests.web.sample_course import write_courses

TRYOUT = """---
tên: Mở tin của con
bắt đầu: Màn hình chính
đích: Con vui rồi
---

## Màn hình chính {loại="trang chủ"}
> Việc: Chạm "Tin nhắn".

- [biểu tượng] Tin nhắn => Tin của con
- [biểu tượng] Máy ảnh

## Tin của con
> Việc: Chạm "Thả tim".

- [nút] Thả tim => Con vui rồi

## Con vui rồi {loại=kết}

Bác vừa mở tin và thả tim cho con.
"""
START = "Thử một cái: mở tin của con"


def write_tryout(folder: Path) -> Path:
    (write_courses(folder) / "vneid/02-kich-hoat/lam-thu.md").write_text(TRYOUT, "utf-8")
    return folder


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write_tryout


@pytest.fixture
def phone(app: Flask) -> NoJsPhone:
    return NoJsPhone(app)


def succeed(phone: NoJsPhone) -> None:
    phone.open("/")
    phone.press(START)
    phone.tap("Tin nhắn")
    phone.tap("Thả tim")
    phone.open(phone.page.xpath("//a[@data-finish]/@href")[0])


def test_the_main_button_of_a_first_visit_starts_the_tryout_at_once(phone: NoJsPhone) -> None:
    phone.open("/")
    assert phone.main_button_text() == START
    phone.press(START)
    assert phone.screen == "man-hinh-chinh"
    assert "Làm theo, màn 1 trong 2" in phone.text


def test_the_first_lesson_is_one_tap_away_for_those_who_want_no_tryout(lan: CheckingClient) -> None:
    assert lan.page("/").xpath("//a[normalize-space()='Vào bài đầu luôn']/@href") == ["/vneid/ba-loai-ma"]


def test_the_end_of_the_tryout_praises_counts_nothing_and_leads_into_the_lesson(phone: NoJsPhone) -> None:
    succeed(phone)
    assert phone.page.findtext(".//h1/span") == "Bác làm được rồi"
    assert "Bác vừa mở tin và thả tim cho con." in phone.text
    assert "phần trăm" not in phone.text and " trong 2" not in phone.text
    assert phone.main_button_text() == "Vào bài 2"
    phone.press("Làm lại lần nữa")
    assert phone.screen == "man-hinh-chinh"


def test_the_way_on_from_the_tryout_is_the_first_stage_of_its_lesson(phone: NoJsPhone) -> None:
    succeed(phone)
    assert phone.page.xpath("//a[contains(@class, 'button--main')]/@href") == ["/vneid/kich-hoat/hieu"]


def test_after_the_tryout_the_home_page_proposes_the_first_lesson_and_the_tryout_again(phone: NoJsPhone) -> None:
    succeed(phone)
    phone.open("/")
    assert phone.page.xpath("//a[contains(@class, 'button--main')]/@href") == ["/vneid/ba-loai-ma"]
    phone.press("Thử lại: mở tin của con")
    assert phone.screen == "man-hinh-chinh"


def test_the_tryout_does_not_move_a_learner_out_of_her_lesson(lan: CheckingClient) -> None:
    answer(lan, "OTP. Bác làm gì", ["Cúp máy"])
    assert lan.post("/vneid/kich-hoat/lam/thu", data={"mode": "lam-theo"}).status_code == 303
    page = lan.page("/")
    assert main_button(page).get("href") == "/vneid/ba-loai-ma/hieu"
    assert START not in page.text_content()


def test_a_tryout_that_is_not_finished_has_no_congratulation(phone: NoJsPhone) -> None:
    phone.open("/")
    phone.press(START)
    attempt = phone.address
    assert phone.open(f"{attempt}/ket-qua") == 200
    assert phone.address == attempt
