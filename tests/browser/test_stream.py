"""A class's state in a browser whose network lets no stream through, or dies without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.cable import Cable, plugged_in
from tests.browser.classes import PRACTISED, QUESTIONED, choice_of, code_of, command, joins, open_question, opens_class
from tests.browser.conftest import PHONE
from tests.browser.served import Site
from tests.browser.watcher import Watcher


def holds_streams(route: Route) -> None:
    """As a proxy that waits for the end of an answer before it passes any of it on."""
    if "text/event-stream" in route.request.headers.get("accept", ""):
        route.abort()
    else:
        route.continue_()


def test_a_helper_who_is_sent_away_is_told_so_and_sees_the_list_no_more(take, desk, watcher):
    watcher.expected = {403}  # whoever was sent away
    base = opens_class(desk, QUESTIONED)
    desk.goto(f"{base}/qr-giup")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Hiện mã").click()
    helper = take(PHONE)
    helper.goto(re.search(r"/giup/\S+", desk.locator(".long").inner_text())[0])
    helper.get_by_role("button", name="Vào phụ lớp").click()
    helper.wait_for_url("**/giup")
    expect(helper.locator("[data-helping]")).to_be_visible()
    with helper.expect_response(lambda answer: "/lop/dong" in answer.url and answer.status == 403):
        desk.goto(f"{base}/qr-giup")
        desk.get_by_role("button", name="Mời ra").click()
    expect(helper.locator("h1")).to_have_text("Máy này không còn phụ lớp")
    expect(helper.locator("[data-helping]")).to_have_count(0)
    expect(helper.locator("html")).not_to_have_attribute("data-line", "weak")


def test_a_phone_whose_network_lets_no_stream_through_asks_and_follows(take, desk, watcher):
    opens_class(desk, QUESTIONED)
    lan = take(PHONE)
    lan.route(re.compile("/lop/dong"), holds_streams)
    with lan.expect_response(lambda answer: "/lop/dong" in answer.url and answer.status == 200, timeout=60_000):
        joins(lan, code_of(desk))
    expect(lan.locator("html")).to_have_attribute("data-line", "good")
    command(desk, to=(question := choice_of(lan)))
    command(desk, step=question, phase="open")
    expect(open_question(lan)).to_be_visible(timeout=60_000)


@pytest.fixture
def cable(site: Site) -> Iterator[Cable]:
    with plugged_in(site.url) as cable:
        yield cable


def is_over(phone: Page, cable: Cable, watcher: Watcher) -> None:
    """The cable's address is nobody's but the test's. A phone that is still there would go on asking at it."""
    phone.context.close()
    watcher.complaints = [one for one in watcher.complaints if cable.url not in one]


def test_a_phone_whose_network_dies_without_a_word_says_so_and_is_back_with_her_answer_when_there_is_one(
    take, desk, cable, watcher
):
    """The browser itself notices nothing: it goes on waiting on a connection that no longer leads anywhere."""
    opens_class(desk, QUESTIONED)
    lan = take(PHONE)
    lan.goto(f"{cable.url}/lop/{code_of(desk)}")
    lan.locator("main .button--main").click()
    expect(lan.locator("html")).to_have_attribute("data-line", "good")
    cable.cut()
    expect(lan.locator("html")).to_have_attribute("data-line", "weak", timeout=40_000)
    expect(lan.locator("[data-weak]")).to_be_visible()
    assert lan.evaluate("navigator.onLine")
    command(desk, to=(question := choice_of(lan)))
    command(desk, step=question, phase="open")
    cable.mend()
    expect(open_question(lan)).to_be_visible(timeout=150_000)
    expect(lan.locator("html")).to_have_attribute("data-line", "good")
    # The browser has kept up to five lines more that died with the first, and sends her answer on those.
    open_question(lan).locator("label").first.click()
    expect(open_question(lan).locator("[data-kept]")).to_be_visible(timeout=150_000)
    is_over(lan, cable, watcher)


def test_in_a_practice_a_line_that_died_is_told_and_the_practice_goes_on(take, desk, cable, watcher):
    opens_class(desk, PRACTISED)
    lan = take(PHONE)
    lan.goto(f"{cable.url}/lop/{code_of(desk)}")
    lan.locator("main .button--main").click()
    expect(lan.locator("html")).to_have_attribute("data-line", "good")  # her page came before the class goes on
    with lan.expect_navigation(url="**/toi/luot/*", wait_until="load"):
        command(desk, to="tap")
    expect(lan.locator("html")).to_have_attribute("data-line", "good")
    weak = lan.locator(".inclass__weak")
    expect(weak).to_be_hidden()
    cable.cut()
    expect(weak).to_have_text("Mạng đang yếu, máy tự nối lại. Bác cứ tập tiếp.")
    expect(weak).to_be_visible(timeout=40_000)
    screen = lan.locator("main [data-screen]").get_attribute("data-screen")
    lan.locator("[data-widget].pointed").first.click()
    expect(lan.locator("main [data-screen]")).not_to_have_attribute("data-screen", screen)
    cable.mend()
    expect(weak).to_be_hidden(timeout=150_000)
    is_over(lan, cable, watcher)
