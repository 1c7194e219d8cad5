"""The back button on a shared phone, in a browser with a back-forward cache."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.chromium import find_chromium
from tests.browser.conftest import FLAGS, PHONE
from tests.browser.lessons import lesson
from tests.browser.shared_chromium import SharedChromium, shared_chromium

OPENING = "/vneid/cai-ung-dung-that"


@pytest.fixture
def bfcache_browser(playwright: Playwright) -> Iterator[SharedChromium]:
    """Chromium with the back-forward cache, which Playwright disables by default."""
    options = {"args": FLAGS, "ignore_default_args": ["--disable-back-forward-cache"]}
    with shared_chromium(playwright, executable_path=find_chromium(full=True), **options) as browser:
        yield browser


def test_back_does_not_show_the_answers_of_the_previous_learner(bfcache_browser, site):
    page = bfcache_browser.new_context(**PHONE, base_url=site.url).new_page()
    question = next(one for one in lesson(OPENING).understand.graded_questions if one.kind == "choice")
    page.goto(f"{OPENING}/hieu")
    empty = page.locator("main").inner_text()
    right = next(option.key for option in question.options if option.right)
    form = page.locator(f"form[action*='/hieu/{question.id}#']")
    form.locator(f"input[value='{right}']").check(force=True)
    form.locator(".button").tap()
    expect(form.locator(".button")).to_have_count(0)
    page.goto(f"{OPENING}/hieu")
    assert page.locator("main").inner_text() != empty
    page.goto("/toi")
    page.get_by_role("button", name="Tôi dùng máy chung").tap()
    page.wait_for_url("**/")
    # Twice back at once: between two steps the driver may still hold on to the page that was left.
    page.evaluate("() => { setTimeout(() => history.go(-2), 0) }")
    page.wait_for_url(f"**{OPENING}/hieu", wait_until="commit")
    # The page comes from the back-forward cache and reloads, or from the server when Chromium dropped it there: both
    # count.
    expect(page.locator("main")).to_have_text(empty, use_inner_text=True)


def test_back_to_the_answer_of_a_form_says_nothing_of_a_network(bfcache_browser, site):
    page = bfcache_browser.new_context(**PHONE, base_url=site.url).new_page()
    page.goto("/toi")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()  # the service worker sees the pages from now on
    page.get_by_label("Mã học").fill("ABC")
    page.locator("form[action='/toi/vao'] button").tap()
    page.wait_for_url("**/toi/vao")
    page.goto("/")
    page.evaluate("() => { setTimeout(() => history.back(), 0) }")
    page.wait_for_url("**/toi")
    expect(page.locator("form[action='/toi/vao']")).to_have_count(1)
    assert "không có mạng" not in page.locator("main").inner_text()
