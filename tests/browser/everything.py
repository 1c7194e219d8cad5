"""Lan goes through the practice that has everything, with a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, Response, expect

from tests.browser.served import Site, served
from tests.web.every_screen import LESSON, write_every_screen

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
GOES_ON = {"dang-tai": "xin-quyen"}  # by itself, after a second
COMES = 2000  # milliseconds until the message with the code is there


@contextmanager
def everything_served(folder: Path) -> Iterator[Site]:
    """The site with that one practice."""
    with served(folder, courses=write_every_screen(folder / "courses")) as running:
        yield running


class Lan:
    """Works the phone by what she reads."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.time_stands = False

    def starts(self, mode: str = "tu-lam") -> str:
        self.page.goto(f"{LESSON}/lam")
        self.page.locator(f"button[value={mode}]").click()
        self.is_on("man-hinh-chinh")
        return self.page.url

    def is_on(self, screen: str) -> None:
        """One that only loads may have gone on by itself before anybody looked."""
        # The script's own drawing: without one a screen stands in a form with a number.
        good = [f"form.phone[data-screen='{one}']:not(:has(input[name=q]))" for one in (screen, GOES_ON.get(screen))]
        expect(self.page.locator(", ".join(good))).to_be_visible()
        self.page.wait_for_load_state()  # a page that just came also gets its pictures and what reads aloud

    def stops_the_clock(self) -> None:
        """From here on time passes only by ``lets_time_pass`` and ``page.clock.run_for``, in every tab. It comes before
        the page does: nobody knows how long that takes."""
        self.page.clock.install(time=NOON)
        self.page.clock.pause_at(NOON + timedelta(minutes=10))
        self.time_stands = True

    def sets_the_clock_going(self) -> None:
        self.page.clock.resume()
        self.time_stands = False

    def lets_time_pass(self) -> None:
        """Until what comes by itself has come; where time passes anyway nothing needs to be done for it."""
        if self.time_stands:
            self.page.clock.run_for(COMES)

    def stands_still_on(self, screen: str) -> None:
        """On the right way, with a clock that stands: what comes by itself has not come."""
        self.stops_the_clock()
        self.starts()
        self.goes_to(screen)

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

    def looks_at_the_result(self, words: str) -> None:
        self.page.locator("[data-finish]").click()
        expect(self.page.locator("h1")).to_have_text(words)
        self.page.wait_for_load_state()  # its words are there before its styles and its scripts are


def has_kept(number: int) -> Callable[[Response], bool]:
    """Of an answer: the server has so many events of the attempt. They go up in batches, a slow hand's in several."""
    return lambda answer: (
        answer.url.endswith("/su-kien")
        and answer.request.resource_type == "fetch"  # what a page hands over while it goes has no answer to be read
        and answer.ok
        and answer.json()["kept"] == number
    )


def only_wait(lan: Lan) -> None:
    """It moves on by itself, or not at all."""
    lan.lets_time_pass()


def fill_in(lan: Lan) -> None:
    lan.field(0).fill("099060000123")
    lan.field(1).fill("0100 000 777")
    lan.field(2).fill("  nguyễn văn   TẬP ")
    lan.field(3).select_option("Nam")
    lan.field(4).check()
    lan.taps("Gửi yêu cầu")


def enter_code(lan: Lan) -> None:
    lan.lets_time_pass()
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
