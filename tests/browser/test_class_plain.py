"""A phone without a script in class: what is being filled in stays. And, with one, an order with a slip in it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.classes import anew, asks_lan, code_of, command, joins, open_question, opens_class, part
from tests.browser.conftest import PHONE

ORDERED = "bat-dau/tin-nhan-va-otp"


def sends(phone: Page) -> None:
    with phone.expect_navigation():
        open_question(phone).locator("button[type=submit]").click()


def test_without_a_script_nothing_takes_an_open_question_away_and_what_was_sent_is_read(take, desk, watcher):
    watcher.expected.add(422)
    _, question, code = asks_lan(take, desk)
    plain = take(PHONE, script=False)
    joins(plain, code)
    expect(open_question(plain)).to_be_visible()
    expect(plain.locator("meta[http-equiv=refresh]")).to_have_count(0)
    sends(plain)
    expect(part(plain, question).get_by_role("alert")).to_be_focused()
    expect(plain.locator("meta[http-equiv=refresh]")).to_have_count(0)
    chosen = part(plain, question).locator("label").nth(1)
    words = chosen.locator(".row__text").inner_text()
    chosen.click()
    sends(plain)
    expect(part(plain, question).locator("[data-kept]")).to_be_visible()
    expect(part(plain, question).locator(".asked__given")).to_have_text(f"B. {words}")
    expect(part(plain, question).locator("[data-fields]")).to_be_hidden()
    expect(plain.locator("meta[http-equiv=refresh]")).to_have_count(1)
    plain = anew(plain, f"/lop/{code}?doi")
    expect(part(plain, question).locator("label input").nth(1)).to_be_checked()
    expect(plain.locator("meta[http-equiv=refresh]")).to_have_count(0)


def test_without_a_script_whoever_sends_too_late_comes_to_where_the_class_is(take, desk, watcher):
    watcher.expected.add(409)
    _, question, code = asks_lan(take, desk)
    plain = take(PHONE, script=False)
    joins(plain, code)
    part(plain, question).locator("label").nth(1).click()
    command(desk, step=question, phase="locked")
    sends(plain)
    expect(plain.locator(".asked--locked:visible")).to_contain_text("Hết giờ trả lời")


def test_an_order_with_one_item_in_two_places_is_named_and_not_sent_until_it_is_put_right(take, desk):
    opens_class(desk, ORDERED)
    lan = take(PHONE)
    joins(lan, code_of(desk))
    order = lan.locator("[data-asked=ordering]")
    question = order.first.get_attribute("data-part")
    command(desk, to=question)
    command(desk, step=question, phase="open")
    expect(open_question(lan)).to_be_visible()
    lists = part(lan, question).locator("select")
    items = lists.first.locator("option").all_inner_texts()[1:]
    sent: list[str] = []
    lan.on("request", lambda request: sent.append(request.url) if "tra-loi" in request.url else None)
    for place, item in enumerate([*items[:-1], items[0]]):
        lists.nth(place).select_option(label=item)
    trouble = part(lan, question).get_by_role("alert")
    expect(trouble).to_contain_text(f'Mục "{items[0]}" đang đứng ở hơn một ô.')
    expect(part(lan, question).locator("[data-kept]")).to_be_hidden()
    assert sent == []
    with lan.expect_request_finished(lambda request: "tra-loi" in request.url):
        lists.last.select_option(label=items[-1])
    expect(part(lan, question).locator("[data-kept]")).to_be_visible()
    expect(trouble).to_be_hidden()
    lists.last.select_option(label=items[0])
    expect(trouble).to_be_visible()
    expect(part(lan, question).locator("[data-kept]")).to_be_hidden()
    lists.last.select_option(label=items[-1])
    expect(part(lan, question).locator("[data-kept]")).to_be_visible()
    expect(trouble).to_be_hidden()
