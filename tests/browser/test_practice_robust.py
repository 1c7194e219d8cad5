"""Robustness of a practice: tabs killed after every event, lost or hanging connections, clock jumps, duplicate tabs."""

from __future__ import annotations

import contextlib
import json
from itertools import pairwise

import pytest
from lxml import html
from playwright.sync_api import BrowserContext, Page, expect
from playwright.sync_api import Error as BrowserError

from tests.browser.attempts import begin_attempt
from tests.browser.every_screen_page import (
    EXPECTED_STEPS,
    MESSAGE_DELAY_MS,
    EveryScreenPage,
    saved_events_response,
)
from tests.browser.site_process import Site
from tests.browser.waiting import MAX_RETRIES, wait_until
from tests.web.every_screen import LESSON

MODES = ("lam-theo", "tu-lam", "kiem-tra")
HEADINGS = {"lam-theo": "Bác đã đi hết bài một lượt"}
NINE = "9 trong 9 màn hình tự làm đúng"
LOG = "(key) => JSON.parse(localStorage.getItem(key) || '[]')"
# Clocks as a phone's may be: the date set back by years or forward, the page's own clock stopped, back and forth.
JUMPING = """(() => {
  const now = performance.now.bind(performance), date = Date.now
  let calls = 0
  const jump = () => [0, 9e9, -5e6, 3e5, -1e12][calls++ % 5]
  performance.now = () => now() + jump()
  Date.now = () => date() + jump()
})()"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"
# What the page asks the server and what comes of it, counted in the page: a test hears of an answer before it does.
COUNTED = """
window.asked = []  // when, by the page's own clock
window.failed = window.answered = 0
const ask = window.fetch
window.fetch = (...what) => {
  window.asked.push(Date.now())
  const answer = ask(...what)
  answer.catch(() => { window.failed += 1 })
  return answer
}
const read = Response.prototype.json
Response.prototype.json = function () {
  const receipt = read.call(this)
  receipt.then(() => { window.answered += 1 })
  return receipt
}
"""
SHUT = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"


@pytest.fixture(scope="module")
def site(every_screen_site: Site) -> Site:
    return every_screen_site


@pytest.fixture
def lan(phone: Page) -> EveryScreenPage:
    return EveryScreenPage(phone)


def finish_attempt(lan: EveryScreenPage, mode: str = "tu-lam") -> None:
    lan.expect_screen("hoan-thanh")
    lan.page.locator("[data-finish]").click()
    expect(lan.page.locator("h1")).to_have_text(HEADINGS.get(mode, NINE))


# --- killed tabs ---


def expected_actions(lan: EveryScreenPage):
    """Everything the right way does, one event at a time, as (screen it is done on, the deed)."""
    yield "man-hinh-chinh", lambda: lan.tap("Kho ứng dụng")
    yield "trang-kho", lambda: lan.tap("Cài đặt")
    yield "dang-tai", lambda: lan.page.clock.run_for(MESSAGE_DELAY_MS)
    yield "xin-quyen", lambda: lan.tap("Chỉ khi dùng ứng dụng")
    yield "hoi-lai", lambda: lan.tap("Đồng ý")
    yield "nhap-thong-tin", lambda: lan.widget(0).fill("099060000123")
    yield "nhap-thong-tin", lambda: lan.widget(1).fill("0100000777")
    yield "nhap-thong-tin", lambda: lan.widget(2).fill("Nguyễn Văn Tập")
    yield "nhap-thong-tin", lambda: lan.widget(3).select_option("Nam")
    yield "nhap-thong-tin", lambda: lan.widget(4).check()
    yield "nhap-thong-tin", lambda: lan.tap("Gửi yêu cầu")
    yield "nhap-ma-otp", lambda: lan.widget(3).fill(lan.code_from_message())
    yield "nhap-ma-otp", lambda: lan.tap("Tiếp tục")
    yield "co-cuoc-goi-den", lambda: lan.tap("Không đọc mã và tắt máy")
    yield "quet-ma", lambda: lan.page.locator("[data-hold]").click()
    yield "dat-mat-khau", lambda: lan.widget(0).fill("Tap@Doc2026")
    yield "dat-mat-khau", lambda: lan.widget(1).fill("285904")
    yield "dat-mat-khau", lambda: lan.widget(2).fill("0100000777")
    yield "dat-mat-khau", lambda: lan.tap("Xong")


def open_tabs(context: BrowserContext, addresses: list[str]) -> list[Page]:
    """Open a tab for each address, all in one renderer: the first opens the others.

    They are opened empty: in an old Chromium the first page of such a tab would not have the paused clock.
    """
    first = context.new_page()
    first.goto(addresses[0])
    tabs = [first]
    for address in addresses[1:]:
        with first.expect_popup() as opened:
            first.evaluate("() => { window.open() }")
        opened.value.goto(address)
        tabs.append(opened.value)
    return tabs


def kill_renderer(tabs: list[Page]) -> None:
    """The renderer of these tabs dies at once, as when a phone needs its memory: no handler runs."""
    with contextlib.ExitStack() as crashes:
        for tab in tabs:
            crashes.enter_context(tab.expect_event("crash"))
        with contextlib.suppress(BrowserError):
            tabs[0].goto("chrome://crash")
    for tab in tabs:
        tab.close()


def test_tabs_killed_after_every_event_resume(lan, monitor):
    """A tab for each mode. The server hears nothing meanwhile: what is there comes from the browser alone."""
    context = lan.page.context
    lan.pause_clock()  # or the screen that loads would go on before it is killed
    addresses = [begin_attempt(lan.page, f"{LESSON}/lam", mode) for mode in MODES]
    keys = ["luot-" + address.rsplit("/", 1)[1] for address in addresses]
    context.route("**/su-kien", lambda route: route.abort())
    tabs = open_tabs(context, addresses)
    attempts = [EveryScreenPage(tab) for tab in tabs]
    for number, steps in enumerate(zip(*map(expected_actions, attempts), strict=True), start=1):
        kept: dict[str, list] = {}
        turns = [*zip(attempts, keys, steps, strict=True)]
        for attempt, key, (screen, deed) in turns[number % 3 :] + turns[: number % 3]:  # each mode is killed at once
            attempt.expect_screen(screen)
            if screen == "nhap-ma-otp":
                attempt.page.clock.run_for(MESSAGE_DELAY_MS)
                expect(attempt.page.locator(".sms__text")).to_be_visible()
            deed()
            if screen == "dang-tai":
                attempt.expect_screen("xin-quyen")
            kept[key] = attempt.page.evaluate(LOG, key)
            assert [event[0] for event in kept[key]] == list(range(1, number + 1))
        kill_renderer(tabs)
        tabs = open_tabs(context, addresses)
        for attempt, key, tab in zip(attempts, keys, tabs, strict=True):
            attempt.page = tab
            expect(tab.locator("form.phone:not(:has(input[name=q]))")).to_be_visible()
            assert tab.evaluate(LOG, key) == kept[key]
    context.unroute("**/su-kien")
    lan.resume_clock()  # what was sent in vain is sent again after a pause
    for attempt, mode in zip(attempts, MODES, strict=True):
        finish_attempt(attempt, mode)
    monitor.complaints = [each for each in monitor.complaints if not each.startswith("crashed: ")]


# --- networks ---


@pytest.mark.parametrize("mode", MODES)
def test_airplane_mode_does_not_stop_an_attempt(lan, mode):
    lan.start(mode, at="hoi-lai")
    lan.page.context.set_offline(True)
    lan.go_to("quet-ma", start="hoi-lai")
    lan.page.context.set_offline(False)
    lan.page.context.set_offline(True)
    lan.go_to("hoan-thanh", start="quet-ma")
    lan.page.context.set_offline(False)
    finish_attempt(lan, mode)


def test_a_hanging_request_times_out_and_is_retried(lan):
    lan.page.add_init_script(COUNTED)
    lan.pause_clock()
    lan.start()
    swallowed = []
    lan.page.context.route("**/su-kien", lambda route: swallowed.append(route), times=1)
    lan.tap("Kho ứng dụng")
    lan.page.clock.run_for(3_000)
    wait_until(lan.page, lambda: swallowed)
    expect(lan.page.locator("[data-network]")).to_be_hidden()
    lan.page.clock.run_for(lan.page.evaluate("() => window.asked[0] + 20_000 - Date.now()"))
    expect(lan.page.locator("[data-network]")).to_be_visible()
    with lan.page.expect_response("**/su-kien") as again:
        lan.page.clock.run_for(5_000)
    assert again.value.json()["kept"] == 1


def test_retry_delays_grow_with_jitter(lan):
    retry_offline(lan, minutes=5)
    pauses = [later - earlier for earlier, later in pairwise(lan.page.evaluate("() => window.asked"))]
    assert 4 <= len(pauses) <= 12
    assert pauses[-1] > 2 * pauses[0]


def test_events_are_sent_soon_after_the_network_returns(lan):
    """Its first request often fails once more: the address of the site is not found yet."""
    retry_offline(lan, minutes=2.5)
    before = lan.page.evaluate("() => window.failed")
    lan.page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_until(lan.page, lambda: lan.page.evaluate("() => window.failed") == before + 1)
    expect(lan.page.locator("[data-network]")).to_be_visible()
    lan.page.context.unroute("**/su-kien")
    with lan.page.expect_response("**/su-kien"):
        lan.page.clock.run_for(5_000)
    expect(lan.page.locator("[data-network]")).to_be_hidden()


def retry_offline(lan: EveryScreenPage, minutes: float) -> None:
    """One tap, and a network that lets nothing through, for so long by a clock that stands still afterwards."""
    lan.page.add_init_script(COUNTED)
    lan.pause_clock()
    lan.start()
    lan.page.context.route("**/su-kien", lambda route: route.abort())
    lan.tap("Kho ứng dụng")
    for _ in range(round(minutes * 12)):
        lan.page.clock.run_for(5_000)
        wait_until(lan.page, lambda: lan.page.evaluate("() => window.failed === window.asked.length"))


def test_events_are_sent_when_the_page_is_hidden_and_when_the_network_returns(lan):
    lan.page.add_init_script(COUNTED)
    lan.pause_clock()  # nothing goes up only because time went by
    lan.start()
    hide = """(state) => { Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
                           document.dispatchEvent(new Event('visibilitychange')) }"""
    lan.tap("Kho ứng dụng")
    with lan.page.expect_response("**/su-kien"):
        lan.page.evaluate(hide, "hidden")
    assert last_event_on_server(lan) == 1
    with lan.page.expect_response("**/su-kien") as again:
        lan.page.evaluate(hide, "visible")
    assert again.value.json()["kept"] == 1
    wait_until(lan.page, lambda: lan.page.evaluate("() => window.answered") == 1)  # one at a time is on its way
    lan.tap("Cài đặt")
    with lan.page.expect_response("**/su-kien") as online:
        lan.page.evaluate("window.dispatchEvent(new Event('online'))")
    assert online.value.json()["kept"] == 2


def last_event_on_server(lan: EveryScreenPage) -> int:
    page = html.fromstring(lan.page.request.get(lan.page.url, max_retries=MAX_RETRIES).text())
    return json.loads(page.xpath("//script[@data-practice]")[0].text)["state"]["q"]


def test_a_long_offline_attempt_is_sent_in_batches(lan):
    address = lan.start()
    lan.page.goto("/")  # a page of the practice would hand its events over while it goes
    lan.page.evaluate(
        "(key) => localStorage.setItem(key, JSON.stringify(Array.from({length: 450}, (_, n) => "
        "[n + 1, n, 'man-hinh-chinh', -1, 'miss'])))",
        "luot-" + address.rsplit("/", 1)[1],
    )
    sizes = []
    lan.page.on("request", lambda request: sizes.append(request) if request.url.endswith("/su-kien") else None)
    with lan.page.expect_response(saved_events_response(450)):
        lan.page.goto(address)
    assert [len(json.loads(request.post_data)["events"]) for request in sizes] == [200, 200, 50]


# --- storage ---


@pytest.mark.parametrize("broken", [FULL, SHUT], ids=["full", "refused"])
def test_without_browser_storage_all_events_arrive(lan, broken):
    lan.page.add_init_script(broken)
    lan.start()
    lan.go_to("hoan-thanh")
    finish_attempt(lan)


def test_a_corrupt_log_in_the_browser_is_ignored(lan):
    for spoilt in ("{", "null", "7", '"x"', "[null]", "[[1]]", '{"0":[1]}', '[[2,0,"xong",0,"tap"]]'):
        lan.start()
        key = "luot-" + lan.page.url.rsplit("/", 1)[1]
        lan.page.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, spoilt])
        lan.page.reload()
        lan.go_to("xin-quyen")
        assert [event[0] for event in lan.page.evaluate(LOG, key)] == [1, 2, 3], spoilt


# --- fingers, tabs, clocks ---


@pytest.mark.parametrize("mode", MODES)
def test_every_tap_twice_counts_once(lan, mode):
    lan.start(mode)
    key = "luot-" + lan.page.url.rsplit("/", 1)[1]
    for screen, button in (("man-hinh-chinh", "Kho ứng dụng"), ("trang-kho", "Cài đặt")):
        lan.expect_screen(screen)
        lan.page.locator("form.phone").get_by_role("button", name=button, exact=True).dblclick(no_wait_after=True)
    lan.go_to("hoi-lai", start="dang-tai")
    lan.page.locator("form.phone").get_by_role("button", name="Đồng ý").dblclick(no_wait_after=True)
    lan.expect_screen("nhap-thong-tin")
    done = [(event[2], event[4]) for event in lan.page.evaluate(LOG, key)]
    assert done == [
        ("man-hinh-chinh", "tap"), ("trang-kho", "tap"), ("dang-tai", "wait"), ("xin-quyen", "tap"), ("hoi-lai", "tap"),
    ]  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
def test_two_tabs_take_turns_to_the_end(lan, mode):
    address = lan.start(mode)
    second = EveryScreenPage(lan.page.context.new_page())
    second.page.goto(address)
    turns = [lan, second]
    for number, screen in enumerate(list(EXPECTED_STEPS)[:-1]):
        for each in turns:
            each.expect_screen(screen)
        if screen != "dang-tai":
            EXPECTED_STEPS[screen](turns[number % 2])
    second.expect_screen("hoan-thanh")
    finish_attempt(lan, mode)


def test_a_tab_waiting_for_the_result_gets_it_when_another_tab_sends_the_rest(lan):
    held, held_second, let_through = [], [], []
    address = lan.start()
    second = EveryScreenPage(lan.page.context.new_page())
    second.page.goto(address)
    second.expect_screen("man-hinh-chinh")
    lan.page.route("**/su-kien", lambda route: held.append(route))
    second.page.route("**/su-kien", lambda route: route.continue_() if let_through else held_second.append(route))
    second.go_to("hoan-thanh")
    lan.expect_screen("hoan-thanh")
    lan.page.locator("[data-finish]").click()
    wait_until(lan.page, lambda: held and held_second)
    let_through.append("second")
    for route in held_second:
        route.continue_()
    expect(lan.page.locator("h1")).to_have_text(NINE)


@pytest.mark.parametrize("mode", MODES)
def test_clock_jumps_do_not_matter(lan, mode):
    lan.page.add_init_script(JUMPING)
    lan.page.route("**/su-kien", lambda route: route.abort())
    lan.start(mode)
    key = "luot-" + lan.page.url.rsplit("/", 1)[1]
    lan.go_to("quet-ma")
    lan.page.reload()
    lan.page.unroute("**/su-kien")
    times = [event[1] for event in lan.page.evaluate(LOG, key)]
    assert times == sorted(times)
    lan.go_to("hoan-thanh", start="quet-ma")
    finish_attempt(lan, mode)
