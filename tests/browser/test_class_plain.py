"""A phone without scripts in class keeps what is being filled in; and an invalid ordering, with scripts."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.answer_places import fill_places
from tests.browser.class_pages import (
    class_code,
    class_part,
    fill_in_answer,
    join_class_session,
    join_with_open_question,
    open_class_session,
    open_question,
    reopen_in_new_tab,
    send_command,
)
from tests.browser.conftest import PHONE

ORDERED = "bat-dau/tin-nhan-va-otp"
MATCHED = "dich-vu-cong/tra-cuu-bo-sung"


def submit_answer(phone: Page) -> None:
    with phone.expect_navigation():
        open_question(phone).locator("button[type=submit]").click()


def form_box(phone: Page) -> dict[str, float]:
    """The position of the open form on the page."""
    return open_question(phone).locator("form").bounding_box()


def test_without_scripts_an_open_question_stays_and_its_answer_is_confirmed(new_page, desk, monitor):
    monitor.expected.add(422)
    _, question, code = join_with_open_question(new_page, desk)
    plain = new_page(PHONE, script=False)
    join_class_session(plain, code)
    expect(open_question(plain)).to_be_visible()
    expect(plain.locator("meta[http-equiv=refresh]")).to_have_count(0)
    submit_answer(plain)
    expect(class_part(plain, question).get_by_role("alert")).to_be_focused()
    expect(plain.locator("meta[http-equiv=refresh]")).to_have_count(0)
    chosen = class_part(plain, question).locator("label").nth(1)
    words = chosen.locator(".row__text").inner_text()
    chosen.click()
    submit_answer(plain)
    expect(class_part(plain, question).locator("[data-saved]")).to_be_visible()
    expect(class_part(plain, question).locator(".class-question__answer")).to_have_text(f"B. {words}")
    expect(class_part(plain, question).locator("[data-fields]")).to_be_hidden()
    expect(plain.locator("meta[http-equiv=refresh]")).to_have_count(1)
    plain = reopen_in_new_tab(plain, f"/lop/{code}?doi")
    expect(class_part(plain, question).locator("label input").nth(1)).to_be_checked()
    expect(plain.locator("meta[http-equiv=refresh]")).to_have_count(0)


def test_without_scripts_a_late_answer_leads_to_the_present_step(new_page, desk, monitor):
    monitor.expected.add(409)
    _, question, code = join_with_open_question(new_page, desk)
    plain = new_page(PHONE, script=False)
    join_class_session(plain, code)
    class_part(plain, question).locator("label").nth(1).click()
    send_command(desk, step=question, phase="locked")
    submit_answer(plain)
    expect(plain.locator(".class-question--locked:visible")).to_contain_text("Hết giờ trả lời")


def test_a_letter_used_twice_is_told_at_once_and_not_sent(new_page, desk):
    open_class_session(desk, MATCHED)
    lan = new_page(PHONE)
    join_class_session(lan, class_code(desk))
    question = lan.locator("[data-kind=matching]").first.get_attribute("data-part")
    send_command(desk, to=question)
    send_command(desk, step=question, phase="open")
    expect(open_question(lan)).to_be_visible()
    card = class_part(lan, question)
    keys = [box.get_attribute("value") for box in card.locator("[data-row]").first.locator("[data-letter]").all()]
    sent: list[str] = []
    lan.on("request", lambda request: sent.append(request.url) if "tra-loi" in request.url else None)
    fill_places(card, [keys[0], keys[0]])
    trouble = card.get_by_role("alert")
    expect(trouble).to_contain_text(re.compile(r"Bác chọn “A\. .+” hơn một lần, ở ô “.+”, “.+”\."))
    fill_places(card, [keys[0], *keys[1:-1], keys[0]])
    expect(trouble).to_be_visible()
    expect(card.locator("[data-saved]")).to_be_hidden()
    assert sent == []
    last = card.locator("[data-row]").last
    with lan.expect_request_finished(lambda request: "tra-loi" in request.url):
        last.locator(f"[value='{keys[-1]}']").check()
    expect(card.locator("[data-saved]")).to_be_visible()
    expect(trouble).to_be_hidden()
    last.locator(f"[value='{keys[0]}']").check()
    expect(trouble).to_be_visible()
    expect(card.locator("[data-saved]")).to_be_hidden()
    send_command(desk, step=question, phase="locked")
    expect(lan.locator(".class-question--locked:visible")).to_be_visible()
    expect(trouble).to_be_hidden()  # too late to correct it
    send_command(desk, step=question, round="2")
    expect(card.locator(".class-question__new-round")).to_be_visible()
    expect(trouble).to_be_hidden()
    expect(card.locator("[data-letter]:checked")).to_have_count(0)


def test_a_card_that_was_taken_back_has_its_number_again_once_it_is_too_late(new_page, desk):
    open_class_session(desk, ORDERED)
    lan = new_page(PHONE)
    join_class_session(lan, class_code(desk))
    question = lan.locator("[data-kind=ordering]").first.get_attribute("data-part")
    send_command(desk, to=question)
    send_command(desk, step=question, phase="open")
    expect(open_question(lan)).to_be_visible()
    card = class_part(lan, question)
    with lan.expect_request_finished(lambda request: "tra-loi" in request.url):
        fill_in_answer(lan)
    expect(card.locator("[data-saved]")).to_be_visible()
    given = card.locator("[data-number]").all_inner_texts()
    card.locator("[data-card]").first.click()
    expect(card.locator("[data-card]").first.locator("[data-number]")).to_have_text("")
    send_command(desk, step=question, phase="locked")
    expect(lan.locator(".class-question--locked:visible")).to_be_visible()
    assert card.locator("[data-number]").all_inner_texts() == given
    expect(card.locator("[data-card]").first).to_be_disabled()


def test_without_scripts_a_link_leads_on_and_the_form_stays_until_then(new_page, desk):
    _, question, code = join_with_open_question(new_page, desk)
    plain = new_page(PHONE, script=False)
    join_class_session(plain, code)
    ticked = class_part(plain, question).locator("label").nth(1)
    ticked.click()
    form = form_box(plain)
    for change in ({"paused": "1"}, {"paused": "0"}, {"step": question, "phase": "locked"}):
        send_command(desk, **change)
    expect(ticked.locator("input")).to_be_checked()
    assert form_box(plain) == form, "the form moved"
    with plain.expect_navigation(url=f"**/lop/{code}?truoc=*"):
        plain.get_by_role("link", name="Xem bước mới").click()
    expect(plain.locator(".class-question--locked:visible")).to_contain_text("Hết giờ trả lời")
