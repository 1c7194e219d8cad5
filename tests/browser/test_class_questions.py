"""A question in class on a phone: until it is locked her answer is hers, and no lost line or other round takes it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.classes import asks_lan, command, part
from tests.browser.waiting import until


def test_she_may_change_her_mind_until_the_question_is_locked(take, desk, watcher):
    lan, question, _ = asks_lan(take, desk)
    options = part(lan, question).locator("label")
    options.nth(0).click()
    expect(part(lan, question).locator("[data-kept]")).to_be_visible()
    with lan.expect_request_finished(lambda request: "tra-loi" in request.url):
        options.nth(1).click()
    lan.reload()
    expect(options.nth(1).locator("input")).to_be_checked()
    command(desk, step=question, phase="locked")
    expect(options.nth(0).locator("input")).to_be_disabled()
    assert "Câu đúng" not in lan.content()
    command(desk, step=question, phase="shown")
    expect(part(lan, question).locator(".told__one--right")).to_be_visible()


def test_a_lost_line_never_says_that_the_class_is_over_and_loses_no_answer(take, desk, watcher):
    lan, question, _ = asks_lan(take, desk)
    lan.context.set_offline(True)
    part(lan, question).locator("label").nth(1).click()
    expect(part(lan, question).locator("[data-trouble]")).to_contain_text("máy đang gửi lại")
    expect(part(lan, question)).to_be_visible()
    assert "kết thúc" not in lan.locator("main").inner_text()
    lan.context.set_offline(False)
    expect(part(lan, question).locator("[data-kept]")).to_be_visible(timeout=30_000)
    expect(part(lan, question).locator("[data-trouble]")).to_be_hidden()
    watcher.complaints = [one for one in watcher.complaints if "ERR_INTERNET_DISCONNECTED" not in one]


def test_an_answer_that_came_after_the_lock_is_told_as_that_and_gives_way_to_what_was_kept(take, desk, watcher):
    lan, question, _ = asks_lan(take, desk)
    card = part(lan, question)
    options, trouble = card.locator("[data-fields] input"), card.locator("[data-trouble]")
    options.nth(0).tap()
    expect(card.locator("[data-kept]")).to_be_visible()
    _answers_on_a_dead_line(lan, options.nth(1), trouble)
    command(desk, step=question, phase="locked")
    lan.context.set_offline(False)
    expect(trouble).to_contain_text("chưa được tính", timeout=30_000)
    expect(trouble).to_contain_text("Câu trả lời trước của bác vẫn còn.")
    expect(options.nth(0)).to_be_checked()
    expect(options.nth(1)).not_to_be_checked()
    command(desk, step=question, phase="shown")
    expect(card.locator(".told__mine:visible")).to_have_count(1)
    command(desk, step=question, round="2")
    expect(card.locator(".asked__again")).to_be_visible()
    expect(trouble).to_be_hidden()
    command(desk, step=question, phase="open")
    expect(options.nth(0)).to_be_enabled()
    _answers_on_a_dead_line(lan, options.nth(1), trouble)
    command(desk, step=question, phase="locked")
    lan.context.set_offline(False)
    expect(trouble).to_contain_text("chưa được tính", timeout=30_000)
    expect(trouble).not_to_contain_text("vẫn còn")
    expect(card.locator("[data-fields] input:checked")).to_have_count(0)
    command(desk, step=question, phase="shown")
    expect(card.locator(".told__one--right")).to_be_visible()
    expect(card.locator(".told__mine:visible")).to_have_count(0)
    watcher.complaints = [one for one in watcher.complaints if "ERR_INTERNET" not in one and "409" not in one]


def _answers_on_a_dead_line(lan: Page, option: Locator, trouble: Locator) -> None:
    lan.context.set_offline(True)
    option.tap()
    expect(trouble).to_contain_text("máy đang gửi lại")


def test_an_answer_whose_reply_was_lost_is_not_called_too_late(take, desk, watcher):
    lan, question, _ = asks_lan(take, desk)
    card = part(lan, question)
    held: list[Route] = []

    def loses_the_reply(route: Route) -> None:
        if not held:
            route.fetch()
            held.append(route)
        route.abort()

    lan.route("**/tra-loi", loses_the_reply)
    card.locator("[data-fields] input").nth(1).tap()
    expect(card.locator("[data-trouble]")).to_contain_text("máy đang gửi lại")
    command(desk, step=question, phase="locked")
    expect(lan.locator(".asked--locked:visible")).to_be_visible()
    lan.unroute("**/tra-loi")
    expect(card.locator("[data-kept]")).to_be_visible(timeout=30_000)
    expect(card.locator("[data-trouble]")).to_be_hidden()
    expect(card.locator("[data-fields] input").nth(1)).to_be_checked()
    watcher.complaints = [one for one in watcher.complaints if "ERR_FAILED" not in one and "409" not in one]


def test_whoever_has_gone_below_a_question_is_brought_back_when_the_class_goes_on_with_it(take, desk):
    lan, question, _ = asks_lan(take, desk)
    lan.evaluate("document.documentElement.style.fontSize = '200%'")  # old eyes: the question alone fills the phone
    lan.evaluate("window.scrollTo(0, 100)")
    command(desk, step=question, phase="locked")
    expect(lan.locator(".asked--locked:visible")).to_be_visible()
    assert lan.evaluate("scrollY") == 100, "fields that are in sight stay where they are"
    lan.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    assert lan.evaluate("scrollY") > 100
    command(desk, step=question, round="2")
    until(lan, lambda: lan.evaluate("scrollY") == 0)
    expect(part(lan, question).locator(".asked__again")).to_be_in_viewport()


def test_an_answer_that_was_picked_before_the_script_came_is_kept(take, desk):
    lan, question, code = asks_lan(take, desk)
    held: list[Route] = []
    lan.route("**/classroom/seat*", lambda route: held.append(route))
    lan.goto(f"/lop/{code}", wait_until="commit")
    picked = part(lan, question).locator("[data-fields] input").nth(1)
    picked.dispatch_event("click")
    expect(picked).to_be_checked()
    until(lan, lambda: held)
    held[0].continue_()
    expect(part(lan, question).locator("[data-kept]")).to_be_visible()


def test_what_she_picked_in_one_round_is_not_her_answer_in_the_next(take, desk):
    """She is elsewhere when it begins and comes back: no browser picks for her what she picked before."""
    lan, question, _ = asks_lan(take, desk)
    part(lan, question).locator("[data-fields] input").nth(1).tap()
    expect(part(lan, question).locator("[data-kept]")).to_be_visible()
    lan.goto("/")
    command(desk, step=question, round="2")
    command(desk, step=question, phase="open")
    lan.go_back()
    expect(part(lan, question).locator("[data-round]")).to_have_value("2")
    expect(part(lan, question).locator("[data-fields] input:checked")).to_have_count(0)
    expect(part(lan, question).locator("[data-kept]")).to_be_hidden()
