"""A class in real browsers: a desk, a projector and three phones from door to end, and the practice on its way."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.browser.classes import (
    PRACTISED,
    anew,
    answers,
    code_of,
    command,
    goes_on,
    goes_on_to,
    joins,
    open_question,
    opens_class,
    pairs,
    part,
)
from tests.browser.conftest import PHONE
from tests.browser.waiting import PATIENT, until


def test_a_whole_class_with_a_projector_and_three_phones(take, desk, wall):
    opens_class(desk, PRACTISED)
    code = code_of(desk)
    pairs(desk, wall)
    lan, plain, late = take(PHONE), take(PHONE, script=False), take(PHONE)
    for number, phone in enumerate((lan, plain), 1):
        joins(phone, code)
        expect(phone.locator(".seat__number")).to_have_text(f"Số {number}")
        expect(wall.locator("[data-machines]").first).to_have_text(str(number))
    expect(wall.locator("[data-newest] img").first).to_have_attribute("alt", "hoa sen")

    goes_on_to(desk, "Mở câu hỏi")
    goes_on(desk)
    expect(open_question(lan)).to_be_visible()
    joins(late, code)
    expect(open_question(late)).to_be_visible()
    expect(open_question(plain)).to_be_visible()  # looks again by itself, every few seconds
    kind = open_question(lan).get_attribute("data-asked")
    for phone in (lan, late):
        answers(phone)
        expect(open_question(phone).locator("[data-kept]")).to_be_visible()
    answers(plain)
    open_question(plain).locator("button[type=submit]").click()
    expect(wall.locator("[data-given]")).to_have_text("3")
    goes_on(desk)
    expect(lan.locator(".asked--locked:visible")).to_be_visible()
    expect(wall.locator(".ask__over")).to_be_visible()
    goes_on(desk)
    expect(wall.locator(".result")).to_be_visible()
    expect(lan.locator(".told__right:visible, .told__one:visible").first).to_be_visible()
    if kind == "choice":
        expect(lan.locator("[data-mine]:visible")).to_have_count(1)

    goes_on_to(desk, "Bước tiếp")
    expect(wall.locator(".demo")).to_be_visible()
    words = wall.locator(".demo__say").inner_text()
    goes_on(desk)
    expect(wall.locator(".demo__say")).not_to_have_text(words)

    command(desk, to="tap")
    for phone in (lan, late):
        phone.wait_for_url("**/toi/luot/*")
        expect(phone.locator("[data-inclass]")).to_be_visible()
    expect(wall.locator("[data-stands]")).to_be_visible()
    plain = anew(plain, f"/lop/{code}")
    plain.get_by_role("button", name="Vào tập").click()
    expect(plain.locator("[data-inclass]")).to_contain_text("Số 2")
    first = wall.locator("[data-stand]").first
    expect(first.locator("[data-n]")).to_have_text("3")
    lan.locator("[data-widget].pointed").first.click()
    expect(first.locator("[data-n]")).to_have_text("2")

    command(desk, to="ket")
    expect(lan.locator("[data-moved]")).to_be_visible()
    lan.get_by_role("link", name="Về lớp").click()
    expect(part(lan, "ket")).to_be_visible()
    command(desk, close="true")
    lan.wait_for_url(f"**/lop/{code}/ket")
    expect(lan.locator(".code")).to_be_visible()
    expect(late.locator("[data-moved]")).to_contain_text("Mã học của bác ở “Về lớp”")
    expect(late.locator("[data-hand]")).to_be_hidden()
    plain.goto(f"/lop/{code}")
    expect(plain.locator("h1")).to_have_text("Cảm ơn bác đã học cùng lớp")
    expect(wall.locator(".over")).to_contain_text("cảm ơn các bác")


def test_a_phone_offers_a_button_to_the_practice_only_when_it_does_not_open_by_itself(take, desk):
    opens_class(desk, PRACTISED)
    code = code_of(desk)
    lan = take(PHONE)
    lan.add_init_script(PATIENT)
    joins(lan, code)
    held: list[Route] = []
    lan.route("**/lop/*/tap", lambda route: held.append(route))
    with lan.expect_request("**/lop/*/tap"):  # the phone may be faster than the command's answer
        command(desk, to="tap")
    until(lan, lambda: held)
    expect(part(lan, "tap")).to_contain_text("Bài tập đang mở")
    expect(lan.get_by_role("button", name="Vào tập")).to_be_hidden()
    held[0].fulfill(json={"error": "Máy này chưa vào được."})
    expect(lan.get_by_role("button", name="Vào tập")).to_be_visible()
    lan.unroute("**/lop/*/tap")
    lan.get_by_role("button", name="Vào tập").click()
    lan.wait_for_url("**/toi/luot/*")


def test_pause_and_gate_cover_a_practice_and_give_it_back_as_it_was(take, desk):
    opens_class(desk, PRACTISED)
    lan = take(PHONE)
    joins(lan, code_of(desk))
    command(desk, to="tap")
    lan.wait_for_url("**/toi/luot/*")
    screen = lan.locator("main [data-screen]").get_attribute("data-screen")
    command(desk, paused="true")
    expect(lan.locator("[data-cover=pause]")).to_be_visible()
    expect(lan.locator("main [data-screen]")).to_be_hidden()
    command(desk, paused="false")
    expect(lan.locator("[data-cover=pause]")).to_be_hidden()
    command(desk, gate=screen)
    expect(lan.locator("[data-cover=gate]")).to_be_visible()
    command(desk, gate="null")
    expect(lan.locator("main [data-screen]")).to_be_visible()
    command(desk, to="dung")
    expect(lan.locator("[data-moved]")).to_be_visible()
    assert "/toi/luot/" in lan.url


def test_who_comes_to_the_gate_by_her_own_tap_waits_there(take, desk):
    opens_class(desk, PRACTISED)
    first, lan = take(PHONE), take(PHONE)
    for phone in (first, lan):
        joins(phone, code_of(desk))
    command(desk, to="tap")
    for phone in (first, lan):
        phone.wait_for_url("**/toi/luot/*")
    screen = first.locator("main [data-screen]").get_attribute("data-screen")
    first.locator("[data-widget].pointed").first.click()
    expect(first.locator("main [data-screen]")).not_to_have_attribute("data-screen", screen)
    command(desk, gate=first.locator("main [data-screen]").get_attribute("data-screen"))
    expect(first.locator("[data-cover=gate]")).to_be_visible()
    lan.locator("[data-widget].pointed").first.click()
    expect(lan.locator("[data-cover=gate]")).to_be_visible()
