"""Lan goes through the practice that has everything, with a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from playwright.sync_api import Page, expect

from tests.browser.served import Site, served
from tests.web.every_screen import LESSON, write_every_screen


@contextmanager
def everything_served(folder: Path) -> Iterator[Site]:
    """The site with that one practice."""
    with patch("tests.browser.served.COURSES", write_every_screen(folder / "courses")), served(folder) as running:
        yield running


class Lan:
    """Works the phone by what she reads."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def starts(self, mode: str = "tu-lam") -> str:
        self.page.goto(f"{LESSON}/lam")
        self.page.locator(f"button[value={mode}]").click()
        self.is_on("man-hinh-chinh")
        return self.page.url

    def is_on(self, screen: str) -> None:
        # The script's own drawing: without one a screen stands in a form with a number.
        expect(self.page.locator(f"form.phone[data-screen='{screen}']:not(:has(input[name=q]))")).to_be_visible()

    def taps(self, words: str) -> None:
        self.page.locator("form.phone").get_by_role("button", name=words, exact=True).click()

    def field(self, place: int):
        return self.page.locator(f"form.phone [data-widget='{place}']")

    @property
    def note(self):
        return self.page.locator("[data-said]:visible").first

    def code(self) -> str:
        message = self.page.locator(".sms__text").inner_text()
        return re.sub(r"\s", "", re.search(r"là ([\d\s]+)\.", message)[1])

    def goes_to(self, until: str, start: str = "man-hinh-chinh") -> None:
        """The right way, from screen ``start`` to screen ``until``."""
        names = list(WAY)
        for screen in names[names.index(start) : names.index(until)]:
            self.is_on(screen)
            WAY[screen](self)
        self.is_on(until)


def only_wait(_: Lan) -> None:
    """It moves on by itself, or not at all."""


def fill_in(lan: Lan) -> None:
    lan.field(0).fill("099060000123")
    lan.field(1).fill("0100 000 777")
    lan.field(2).fill("  nguyễn văn   TẬP ")
    lan.field(3).select_option("Nam")
    lan.field(4).check()
    lan.taps("Gửi yêu cầu")


def enter_code(lan: Lan) -> None:
    expect(lan.page.locator(".sms__text")).to_be_visible()
    lan.field(3).fill(lan.code())
    lan.field(3).press("Enter")


def set_passwords(lan: Lan) -> None:
    lan.field(0).fill("Tap@Doc2026")
    lan.field(1).fill("285904")
    lan.field(2).fill("0100000777")
    lan.taps("Xong")


WAY = {
    "man-hinh-chinh": lambda lan: lan.taps("Kho ứng dụng"),
    "trang-kho": lambda lan: lan.taps("Cài đặt"),
    "dang-tai": only_wait,
    "xin-quyen": lambda lan: lan.taps("Chỉ khi dùng ứng dụng"),
    "hoi-lai": lambda lan: lan.taps("Đồng ý"),
    "nhap-thong-tin": fill_in,
    "nhap-ma-otp": enter_code,
    "co-cuoc-goi-den": lambda lan: lan.taps("Không đọc mã và tắt máy"),
    "quet-ma": lambda lan: lan.page.locator("[data-hold]").click(),
    "dat-mat-khau": set_passwords,
    "hoan-thanh": only_wait,
}
