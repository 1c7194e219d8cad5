"""The practice page of the sample practice with every kind of screen, in a browser with scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, Response, expect

from tests.browser.attempts import begin_attempt, go_by_requests
from tests.web.every_screen import LESSON, every_screen

PRACTICE = every_screen()
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
MOVES_ON_TO = {"dang-tai": "xin-quyen"}  # automatically, after a second
MESSAGE_DELAY_MS = 2000  # milliseconds until the message with the code arrives

_SHOW_SCREEN = """(screen) => {
  const copy = document.importNode(document.querySelector(`[data-template="${screen}"]`).content, true)
  for (const part of ["[data-instruction]", ".phone"]) {
    document.querySelector(`main ${part}`).replaceWith(copy.querySelector(part))
  }
}"""


class EveryScreenPage:
    """One attempt at the practice, driven by the texts on the screen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.is_clock_paused = False

    def start(self, mode: str = "tu-lam", *, at: str = "man-hinh-chinh") -> str:
        """Open a new attempt, which requests have brought to the screen ``at``; its address."""
        attempt = begin_attempt(self.page, f"{LESSON}/lam", mode)
        go_by_requests(self.page, attempt, PRACTICE, at)
        self.page.goto(attempt)
        self.expect_screen(at)
        return self.page.url

    def start_by_taps(self, mode: str = "tu-lam") -> None:
        self.page.goto(f"{LESSON}/lam")
        self.page.locator(f"button[value={mode}]").click()
        self.expect_screen("man-hinh-chinh")

    def go_by_requests(self, until: str) -> None:
        """Do the expected path to ``until`` without taps, and open the page there. Nothing waits to be sent."""
        go_by_requests(self.page, self.page.url, PRACTICE, until)
        self.page.reload()
        self.expect_screen(until)

    def expect_screen(self, screen: str) -> None:
        """Wait until the script shows this screen, or the one that it moves on to automatically."""
        # The server's own form has a hidden field q, the script's has none.
        screens = (screen, MOVES_ON_TO.get(screen))
        selectors = [f"form.phone[data-screen='{name}']:not(:has(input[name=q]))" for name in screens]
        expect(self.page.locator(", ".join(selectors))).to_be_visible()
        self.page.wait_for_load_state()  # a new page also loads its pictures and the read-aloud script

    def pause_clock(self) -> None:
        """From now on, time passes only by ``run_clock`` and ``page.clock.run_for``, in every tab.

        Call it before opening the page, since loading takes an unknown time.
        """
        self.page.clock.install(time=NOON)
        self.page.clock.pause_at(NOON + timedelta(minutes=10))
        self.is_clock_paused = True

    def resume_clock(self) -> None:
        self.page.clock.resume()
        self.is_clock_paused = False

    def run_clock(self) -> None:
        """Let time pass until automatic changes have happened; a no-op unless the clock is paused."""
        if self.is_clock_paused:
            self.page.clock.run_for(MESSAGE_DELAY_MS)

    def start_with_paused_clock_on(self, screen: str) -> None:
        """Go to the screen with the clock paused, so that automatic changes have not happened yet."""
        self.pause_clock()
        self.start(at=screen)

    def tap(self, words: str) -> None:
        self.page.locator("form.phone").get_by_role("button", name=words, exact=True).click()

    def widget(self, place: int):
        return self.page.locator(f"form.phone [data-widget='{place}']")

    @property
    def note(self):
        return self.page.locator("[data-feedback]:visible").first

    def code_from_message(self) -> str:
        message = self.page.locator(".sms__text").inner_text()
        return re.sub(r"\s", "", re.search(r"là ([\d\s]+)\.", message)[1])

    def go_to(self, until: str, start: str = "man-hinh-chinh") -> None:
        """Follow the expected path from screen ``start`` to screen ``until``."""
        names = list(EXPECTED_STEPS)
        for screen in names[names.index(start) : names.index(until)]:
            self.expect_screen(screen)
            EXPECTED_STEPS[screen](self)
        self.expect_screen(until)

    def open_result(self, words: str) -> None:
        self.page.locator("[data-finish]").click()
        expect(self.page.locator("h1")).to_have_text(words)
        self.page.wait_for_load_state()  # the heading is visible before styles and scripts are loaded


def saved_events_response(number: int) -> Callable[[Response], bool]:
    """Return a predicate for the response that confirms that so many events of the attempt are saved.

    Events are sent in batches.
    """
    return lambda answer: (
        answer.url.endswith("/su-kien")
        and answer.request.resource_type == "fetch"  # a beacon sent while the page unloads has no readable response
        and answer.ok
        and answer.json()["kept"] == number
    )


def just_wait(lan: EveryScreenPage) -> None:
    """The screen moves on automatically, or is the last one."""
    lan.run_clock()


def fill_in(lan: EveryScreenPage) -> None:
    lan.widget(0).fill("099060000123")
    lan.widget(1).fill("0100 000 777")
    lan.widget(2).fill("  nguyễn văn   TẬP ")
    lan.widget(3).select_option("Nam")
    lan.widget(4).check()
    lan.tap("Gửi yêu cầu")


def enter_code(lan: EveryScreenPage) -> None:
    lan.run_clock()
    expect(lan.page.locator(".sms__text")).to_be_visible()
    lan.widget(3).fill(lan.code_from_message())
    lan.widget(3).press("Enter")


def set_passwords(lan: EveryScreenPage) -> None:
    lan.widget(0).fill("Tap@Doc2026")
    lan.widget(1).fill("285904")
    lan.widget(2).fill("0100000777")
    lan.tap("Xong")


EXPECTED_STEPS = {
    "man-hinh-chinh": lambda lan: lan.tap("Kho ứng dụng"),
    "trang-kho": lambda lan: lan.tap("Cài đặt"),
    "dang-tai": just_wait,
    "xin-quyen": lambda lan: lan.tap("Chỉ khi dùng ứng dụng"),
    "hoi-lai": lambda lan: lan.tap("Đồng ý"),
    "nhap-thong-tin": fill_in,
    "nhap-ma-otp": enter_code,
    "co-cuoc-goi-den": lambda lan: lan.tap("Không đọc mã và tắt máy"),
    "quet-ma": lambda lan: lan.page.locator("[data-hold]").click(),
    "dat-mat-khau": set_passwords,
    "hoan-thanh": just_wait,
}


def show_screen(page: Page, screen: str) -> None:
    """Put a screen of the practice on the page of an attempt, out of turn."""
    page.evaluate(_SHOW_SCREEN, screen)
