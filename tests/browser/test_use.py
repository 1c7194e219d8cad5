"""Dùng liền and làm thật: ticks survive the tab and the network, and the page opens at the next task."""

from __future__ import annotations

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from tests.browser.conftest import PHONE
from tests.browser.learner import Learner
from tests.browser.waiting import wait_until

USE = "/vneid/cai-ung-dung-that/dung"
REAL_DEVICE = "/vneid/kich-hoat/lam?che-do=lam-that"
OFFLINE = "Mạng chưa tới được máy chủ."
NOTHING_WAITS = "() => !Object.keys(localStorage).some((key) => key.startsWith('viec-'))"


def boxes(page: Page) -> Locator:
    return page.locator("input[name=task]")


def tick(page: Page, number: int) -> None:
    Learner(page).device.pick(boxes(page).nth(number))


def checked(page: Page) -> list[bool]:
    return boxes(page).evaluate_all("(boxes) => boxes.map((box) => box.checked)")


def open_use(page: Page, path: str = USE) -> None:
    page.goto(path, wait_until="load")


def reopen_with_network(phone: Page) -> Page:
    """Close the tab, restore the network, and open another tab of the same browser."""
    context = phone.context
    phone.close()
    context.set_offline(False)
    return context.new_page()


def come_back(page: Page) -> None:
    """Return to the page from another app: it becomes visible again."""
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")


def test_each_tick_is_saved_at_once(phone, new_page):
    open_use(phone)
    with phone.expect_response(lambda response: response.request.method == "POST") as answered:
        tick(phone, 0)
    assert answered.value.json()["done"] == 1
    expect(phone.locator("#da-ghi")).to_contain_text("Đã ghi 1 việc.")
    expect(phone.locator("#da-ghi")).to_contain_text("nữa là có dấu dùng liền.")
    phone.reload(wait_until="load")
    assert checked(phone)[:2] == [True, False]
    tick(phone, 0)
    expect(phone.locator("#da-ghi")).to_be_hidden()
    phone.reload(wait_until="load")
    assert not any(checked(phone))


def test_offline_ticks_survive_the_tab_and_are_sent_once_there_is_a_network(phone):
    open_use(phone)
    phone.context.set_offline(True)
    tick(phone, 0)
    tick(phone, 2)
    expect(phone.locator("[data-note]")).to_contain_text(OFFLINE)
    phone.get_by_role("button", name="Ghi lại việc đã làm").tap()
    expect(phone.locator("#xong [data-note]")).to_contain_text(OFFLINE)  # and the page is still here
    later = reopen_with_network(phone)
    with later.expect_response(lambda response: response.request.method == "POST") as answered:
        later.goto(USE)
    assert answered.value.json()["done"] == 2
    assert checked(later)[:3] == [True, False, True]
    expect(later.locator("#da-ghi")).to_contain_text("Đã ghi 2 việc.")
    later.wait_for_function(NOTHING_WAITS)


@pytest.mark.parametrize("address", ["/", USE.rpartition("/")[0]], ids=["home", "lesson"])
def test_ticks_that_wait_are_sent_from_the_page_to_which_one_returns(phone, address):
    open_use(phone)
    phone.context.set_offline(True)
    tick(phone, 0)
    expect(phone.locator("[data-note]")).to_contain_text(OFFLINE)
    page = reopen_with_network(phone)
    with page.expect_response(lambda response: response.request.method == "POST") as answered:
        page.goto(address)
    assert answered.value.json()["done"] == 1
    page.wait_for_function(NOTHING_WAITS)
    open_use(page)
    assert checked(page)[:2] == [True, False]


def test_an_open_page_sends_its_ticks_when_the_network_returns(phone):
    open_use(phone)
    phone.context.set_offline(True)
    tick(phone, 1)
    expect(phone.locator("[data-note]")).to_contain_text(OFFLINE)
    tick(phone, 1)
    tick(phone, 3)
    phone.context.set_offline(False)
    expect(phone.locator("#da-ghi")).to_contain_text("Đã ghi 1 việc.")
    expect(phone.locator("[data-note]")).to_have_count(0)
    phone.reload(wait_until="load")
    assert [number for number, is_checked in enumerate(checked(phone)) if is_checked] == [3]


def test_all_tasks_without_a_network_say_so_and_lead_on_once_there_is_one(phone):
    open_use(phone)
    phone.context.set_offline(True)
    for number in range(boxes(phone).count()):
        tick(phone, number)
    expect(phone.locator("[data-note]")).to_contain_text("Bác đã chạm đủ mọi việc.")
    phone.context.set_offline(False)
    expect(phone.locator("#xong .stage-mark")).to_be_in_viewport()
    expect(phone.locator(".button--main:visible")).to_have_count(1)
    phone.wait_for_function(NOTHING_WAITS)


def test_two_phones_of_one_learner_add_up(phone, new_page):
    lan = Learner(phone)
    open_use(phone)
    tick(phone, 0)
    expect(phone.locator("#da-ghi")).to_be_visible()
    other = new_page(PHONE)
    Learner(other).enter_learning_code(lan.learning_code())
    open_use(other)
    open_use(phone)
    tick(other, 1)
    expect(other.locator("#da-ghi")).to_contain_text("Đã ghi 2 việc.")
    tick(phone, 2)
    expect(phone.locator("#da-ghi")).to_contain_text("Đã ghi 3 việc.")
    other.reload(wait_until="load")
    assert checked(other)[:3] == [True, True, True]


def test_a_page_that_was_rendered_while_another_sent_its_ticks_shows_them(phone):
    open_use(phone)
    phone.context.set_offline(True)
    tick(phone, 0)
    expect(phone.locator("[data-note]")).to_contain_text(OFFLINE)
    page = reopen_with_network(phone)
    posts: list[Route] = []

    def answer_in_the_wrong_order(route: Route) -> None:
        if route.request.method == "POST":
            return posts.append(route) if not posts else route.continue_()
        rendered = route.fetch()
        posts[0].fulfill(response=posts[0].fetch())
        route.fetch()  # meanwhile the page that is left gets the response to its post
        return route.fulfill(response=rendered)

    page.route(f"**{USE}", answer_in_the_wrong_order)
    page.goto("/")
    wait_until(page, lambda: posts)
    open_use(page)
    assert checked(page)[:2] == [True, False]
    page.wait_for_function(NOTHING_WAITS)


def test_a_page_that_was_asked_for_before_another_sent_its_ticks_shows_them(phone):
    open_use(phone)
    phone.context.set_offline(True)
    tick(phone, 0)
    expect(phone.locator("[data-note]")).to_contain_text(OFFLINE)
    page = reopen_with_network(phone)
    scripts: list[Route] = []
    rendered: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if route.request.url.endswith(".js"):
            scripts.append(route)  # the first page is slow to send
        elif route.request.method == "POST":
            route.continue_()
        else:
            rendered.append((route, route.fetch()))

    beside = page.context.new_page()  # looks into the storage while the first page is being left
    beside.goto("/healthz")
    page.route("**/lib/unsent-ticks.js", hold)
    page.route(f"**{USE}", hold)
    page.goto("/")
    wait_until(page, lambda: scripts)
    page.evaluate("(path) => { location.href = path }", USE)
    wait_until(page, lambda: rendered)
    page.unroute("**/lib/unsent-ticks.js")
    for script in scripts:
        script.continue_()
    beside.wait_for_function(NOTHING_WAITS)
    for route, response in rendered:
        route.fulfill(response=response)
    page.wait_for_url(f"**{USE}")
    expect(boxes(page).first).to_be_checked()
    expect(page.locator("#da-ghi")).to_contain_text("Đã ghi 1 việc.")


def test_unsent_ticks_are_not_given_to_the_next_person_at_this_phone(phone):
    open_use(phone)
    tick(phone, 0)
    expect(phone.locator("#da-ghi")).to_be_visible()
    phone.context.set_offline(True)
    tick(phone, 1)
    expect(phone.locator("[data-note]")).to_contain_text(OFFLINE)
    page = reopen_with_network(phone)
    page.goto("/toi", wait_until="load")
    page.get_by_role("button", name="Tôi dùng máy chung").tap()
    page.wait_for_url("**/")
    open_use(page)
    assert not any(checked(page))
    page.goto("/toi", wait_until="load")
    page.get_by_role("button", name="Đổi sang").tap()
    page.wait_for_url("**/")
    open_use(page)
    for box in boxes(page).all()[:2]:
        expect(box).to_be_checked()
    expect(page.locator("#da-ghi")).to_contain_text("Đã ghi 2 việc.")


def test_the_last_tick_shows_the_mark_by_itself(phone):
    open_use(phone)
    for number in range(boxes(phone).count()):
        tick(phone, number)
    expect(phone.locator("#xong .stage-mark")).to_be_in_viewport()
    phone.wait_for_function(NOTHING_WAITS)


@pytest.mark.parametrize("address", [USE, REAL_DEVICE], ids=["dung", "lam-that"])
def test_coming_back_opens_at_the_next_open_task(phone, address):
    phone.goto(address, wait_until="load")
    box = phone.locator("main li input, input[name=task]")
    assert phone.evaluate("() => scrollY") == 0  # nothing is ticked: the page begins at its beginning
    last = box.count() - 1
    for number in range(last):
        box.nth(number).check(force=True)
    for _ in ("in the same page", "in a new one"):
        phone.evaluate("() => scrollTo(0, 0)")
        come_back(phone)
        expect(box.nth(last)).to_be_in_viewport()
        before = phone.evaluate("() => scrollY")
        come_back(phone)
        assert phone.evaluate("() => scrollY") == before  # nothing moves that is in sight
        phone.reload(wait_until="load")
        expect(box.nth(last)).to_be_in_viewport()


def test_cards_of_the_real_phone_keep_their_ticks_for_a_day_and_send_nothing(phone, monitor):
    phone.clock.install()
    phone.goto(REAL_DEVICE, wait_until="load")
    cards = phone.locator("main li input")
    for number in (0, 1):
        cards.nth(number).check(force=True)
    context = phone.context
    phone.close()
    page = context.new_page()
    page.goto(REAL_DEVICE, wait_until="load")
    ticked = "(cards) => cards.map((card) => card.checked).filter(Boolean).length"
    assert page.locator("main li input").evaluate_all(ticked) == 2
    page.clock.install(time=page.evaluate("() => Date.now()") + 25 * 3600 * 1000)
    page.reload(wait_until="load")
    assert page.locator("main li input").evaluate_all(ticked) == 0
    assert page.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('lam-that-'))") == []
    assert monitor.paths("POST") == []


FORGETTABLE = {
    "luot-" + "a" * 32: "[]",
    "viec-0123456789ab-/x": "{}",
    "viec-may-/x": "{}",
    "da-ghi": "{}",
    "lam-that--/x": "{}",
    "larger": "1",
}


@pytest.mark.parametrize("is_shared", [False, True], ids=["alone", "shared"])
def test_being_forgotten_removes_what_the_browser_holds(phone, is_shared):
    open_use(phone)
    tick(phone, 0)
    expect(phone.locator("#da-ghi")).to_be_visible()
    if is_shared:
        phone.goto("/toi", wait_until="load")
        phone.get_by_role("button", name="Tôi dùng máy chung").tap()
        phone.wait_for_url("**/")
        open_use(phone)
        tick(phone, 0)
        expect(phone.locator("#da-ghi")).to_be_visible()
    phone.evaluate("(kept) => { Object.assign(localStorage, kept) }", FORGETTABLE)
    phone.goto("/toi", wait_until="load")
    phone.locator("summary", has_text="Quên tôi").tap()
    with phone.expect_navigation():  # while the next page loads, what is tapped there may still move
        phone.locator("form[action='/toi/quen'] button").tap()
    phone.get_by_role("button", name="Xóa hết, quên tôi").tap()
    expect(phone.locator("h1")).to_have_text("Đã xóa hết")
    phone.wait_for_load_state("load")
    left = phone.evaluate("(keys) => keys.filter((key) => localStorage.getItem(key) !== null)", list(FORGETTABLE))
    assert left == (["luot-" + "a" * 32, "viec-0123456789ab-/x", "larger"] if is_shared else ["larger"])


def test_larger_text_says_that_it_is_on(phone):
    open_use(phone)
    button = phone.locator("[data-larger]")
    before = button.inner_text()
    button.tap()
    expect(button).to_contain_text("đang bật", use_inner_text=True)
    button.tap()
    expect(button).to_have_text(before, use_inner_text=True)


def test_the_first_page_has_larger_text_at_its_head_and_both_its_buttons_say_so(phone):
    phone.goto("/")
    head, end = phone.get_by_role("button", name="Chữ to hơn").all()
    expect(head).to_be_in_viewport(ratio=1)
    head.tap()
    for button in (head, end):
        expect(button).to_have_attribute("aria-pressed", "true")


def test_without_a_script_the_button_saves_the_ticks(plain_phone):
    plain_phone.goto(USE)
    boxes(plain_phone).first.check(force=True)
    plain_phone.get_by_role("button", name="Ghi lại việc đã làm").tap()
    plain_phone.wait_for_url("**/dung#xong")
    expect(plain_phone.locator("#da-ghi")).to_contain_text("Đã ghi 1 việc.")
    assert checked(plain_phone)[:2] == [True, False]


@pytest.mark.parametrize("kept", ["[]", "{", '{"khong-co":true}', '{"version":1,"ticked":"x"}', "7"])
def test_whatever_stands_in_the_storage_the_pages_work(phone, kept):
    phone.goto(REAL_DEVICE, wait_until="load")
    phone.evaluate("(kept) => { localStorage['lam-that--' + location.pathname] = kept }", kept)
    phone.reload(wait_until="load")
    phone.locator("main li input").first.check(force=True)
    phone.reload(wait_until="load")
    expect(phone.locator("main li input").first).to_be_checked()
    open_use(phone)
    phone.evaluate("(kept) => { localStorage['viec-may-' + location.pathname] = localStorage['da-ghi'] = kept }", kept)
    phone.reload(wait_until="load")
    assert not any(checked(phone))
    tick(phone, 0)
    expect(phone.locator("#da-ghi")).to_contain_text("Đã ghi 1 việc.")
