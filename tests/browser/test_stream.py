"""A class's state when the network blocks streams or drops the connection silently."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.browser_monitor import BrowserMonitor
from tests.browser.class_pages import (
    LESSON_WITH_PRACTICE,
    LESSON_WITH_QUESTIONS,
    class_code,
    first_choice_question,
    join_class_session,
    open_class_session,
    open_question,
    send_command,
)
from tests.browser.conftest import PHONE
from tests.browser.cuttable_proxy import CuttableProxy, cuttable_proxy
from tests.browser.site_process import Site


def block_streams(route: Route) -> None:
    """Let no stream through, as a proxy does that waits for the end of a response before it passes any of it on."""
    if "text/event-stream" in route.request.headers.get("accept", ""):
        route.abort()
    else:
        route.continue_()


def test_a_removed_helper_is_told_and_no_longer_sees_the_list(new_page, desk, monitor):
    monitor.expected = {403}  # the removed helper
    base = open_class_session(desk, LESSON_WITH_QUESTIONS)
    desk.goto(f"{base}/qr-giup")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Hiện mã").click()
    helper = new_page(PHONE)
    helper.goto(re.search(r"/giup/\S+", desk.locator(".desk__qr").get_attribute("data-address"))[0])
    helper.get_by_role("button", name="Vào phụ lớp").click()
    helper.wait_for_url("**/giup")
    expect(helper.locator("help-list")).to_be_visible()
    with helper.expect_response(lambda answer: "/lop/dong" in answer.url and answer.status == 403):
        desk.goto(f"{base}/qr-giup")
        desk.get_by_role("button", name="Mời ra").click()
    expect(helper.locator("h1")).to_have_text("Máy này không còn phụ lớp")
    expect(helper.locator("help-list")).to_have_count(0)
    expect(helper.locator("html")).not_to_have_attribute("data-connection", "weak")


def test_without_streams_a_phone_polls_and_follows_the_class(new_page, desk, monitor):
    open_class_session(desk, LESSON_WITH_QUESTIONS)
    lan = new_page(PHONE)
    lan.route(re.compile("/lop/dong"), block_streams)
    with lan.expect_response(lambda answer: "/lop/dong" in answer.url and answer.status == 200, timeout=60_000):
        join_class_session(lan, class_code(desk))
    expect(lan.locator("html")).to_have_attribute("data-connection", "good")
    send_command(desk, to=(question := first_choice_question(lan)))
    send_command(desk, step=question, phase="open")
    expect(open_question(lan)).to_be_visible(timeout=60_000)


@pytest.fixture
def proxy(site: Site) -> Iterator[CuttableProxy]:
    with cuttable_proxy(site.url) as proxy:
        yield proxy


def close_proxied_page(phone: Page, proxy: CuttableProxy, monitor: BrowserMonitor) -> None:
    """Close the page of a proxied phone, and ignore its failed requests to the closed proxy."""
    phone.context.close()
    monitor.complaints = [complaint for complaint in monitor.complaints if proxy.url not in complaint]


def test_a_silently_lost_connection_is_shown_and_the_answer_is_sent_after_it_is_restored(
    new_page, desk, proxy, monitor
):
    """The browser does not notice that the connection is dead, and keeps waiting on it."""
    open_class_session(desk, LESSON_WITH_QUESTIONS)
    lan = new_page(PHONE)
    lan.goto(f"{proxy.url}/lop/{class_code(desk)}")
    lan.locator("main .button--main").click()
    expect(lan.locator("html")).to_have_attribute("data-connection", "good")
    proxy.cut()
    expect(lan.locator("html")).to_have_attribute("data-connection", "weak")
    expect(lan.locator(".seat__weak-network")).to_be_visible()
    assert lan.evaluate("navigator.onLine")
    send_command(desk, to=(question := first_choice_question(lan)))
    send_command(desk, step=question, phase="open")
    proxy.restore()
    expect(open_question(lan)).to_be_visible(timeout=150_000)
    expect(lan.locator("html")).to_have_attribute("data-connection", "good")
    # The browser has up to five more connections that died, too, and sends the answer on those.
    open_question(lan).locator("label").first.click()
    expect(open_question(lan).locator("[data-saved]")).to_be_visible(timeout=150_000)
    close_proxied_page(lan, proxy, monitor)


def test_in_a_practice_a_lost_connection_is_shown_and_the_practice_goes_on(new_page, desk, proxy, monitor):
    open_class_session(desk, LESSON_WITH_PRACTICE)
    lan = new_page(PHONE)
    lan.goto(f"{proxy.url}/lop/{class_code(desk)}")
    lan.locator("main .button--main").click()
    expect(lan.locator("html")).to_have_attribute(
        "data-connection", "good"
    )  # the page is loaded before the class goes on
    with lan.expect_navigation(url="**/toi/luot/*", wait_until="load"):
        send_command(desk, to="tap")
    expect(lan.locator("html")).to_have_attribute("data-connection", "good")
    weak = lan.locator(".class-bar__weak-network")
    expect(weak).to_be_hidden()
    proxy.cut()
    expect(weak).to_have_text("Mạng đang yếu, máy tự nối lại. Bác cứ tập tiếp.")
    expect(weak).to_be_visible()
    screen = lan.locator("main [data-screen]").get_attribute("data-screen")
    lan.locator("[data-widget].pointed").first.click()
    expect(lan.locator("main [data-screen]")).not_to_have_attribute("data-screen", screen)
    proxy.restore()
    expect(weak).to_be_hidden(timeout=150_000)
    close_proxied_page(lan, proxy, monitor)
