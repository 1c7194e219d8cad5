"""What a learner does with a phone that has the service worker and, at times, no network."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.waiting import wait_until

FIRST, SECOND = "/vneid/ba-loai-ma", "/vneid/kich-hoat"
ANSWER = ".question__option input[type=radio]"
MISSING = "Trang này chưa có trong máy"
IS_STORED = """async (path) => {
  for (const name of await caches.keys()) {
    if (name.startsWith("learner-") && await (await caches.open(name)).match(path)) return true
  }
  return false
}"""
WAITING_TICKS = "() => Object.keys(localStorage).some((key) => key.startsWith('viec-'))"
CACHES = "() => caches.keys()"


def go_offline(page: Page) -> None:
    page.context.set_offline(True)


def go_online(page: Page) -> None:
    page.context.set_offline(False)


def open_current_page(page: Page, path: str) -> None:
    """Open a page as the site has it now: again while it takes so long that the phone shows its copy instead."""

    def is_current() -> bool:
        page.goto(path)
        return page.locator("html").get_attribute("data-stored") is None

    wait_until(page, is_current)


def visit(page: Page, path: str) -> None:
    """Open a page and wait until the phone has it."""
    open_current_page(page, path)
    page.wait_for_function(IS_STORED, arg=path)


def download_course(page: Page, path: str = "/vneid") -> None:
    page.goto(path)
    page.locator("course-download summary").tap()
    expect(page.locator("[data-size]")).to_contain_text(re.compile(r"0,\d MB"))
    page.locator("[data-download]").tap()
    expect(page.locator("[data-remove]")).to_be_visible()


def answer(page: Page, question: str, option: str) -> None:
    card = page.locator("question-card", has_text=question)
    card.locator(".question__option", has_text=option).locator("input").check(force=True)
    card.locator("form > .button").tap()


def finish_practice(page: Page) -> None:
    """Do the practice of the second lesson, which has one screen."""
    page.locator(".phone").get_by_role("button", name="Kích hoạt").tap()
    expect(page.locator("[data-finish]")).to_be_visible()


def delivered(monitor, pattern: str) -> list[str]:
    """The paths of posts that the service worker sent and the server took."""
    return [
        request.url
        for request in monitor.requests
        if request.method == "POST" and request.service_worker and re.search(pattern, request.url)
        if (response := request.response()) and response.status < 400
    ]
