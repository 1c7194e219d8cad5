"""A class in browsers from joining to the end: a desk, a projector and three phones, including the practice."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.browser.class_pages import (
    LESSON_WITH_PRACTICE,
    advance_to,
    class_code,
    class_part,
    fill_in_answer,
    join_by_taps,
    join_class_session,
    open_class_by_taps,
    open_class_session,
    open_question,
    pair_wall_by_taps,
    press_next_step,
    reopen_in_new_tab,
    send_command,
)
from tests.browser.conftest import PHONE
from tests.browser.waiting import NEVER_ABORT, wait_until


def test_a_whole_class_with_a_projector_and_three_phones(new_page, desk, wall):
    open_class_by_taps(desk, LESSON_WITH_PRACTICE)
    code = class_code(desk)
    pair_wall_by_taps(desk, wall)
    lan, plain, late = new_page(PHONE), new_page(PHONE, script=False), new_page(PHONE)
    for number, phone in enumerate((lan, plain), 1):
        join_by_taps(phone, code)
        expect(phone.locator(".seat__number")).to_have_text(f"Số {number}")
        expect(wall.locator("[data-machines]").first).to_have_text(str(number))
    expect(wall.locator("[data-newest] img").first).to_have_attribute("alt", "hoa sen")

    advance_to(desk, "Mở câu hỏi")
    press_next_step(desk)
    expect(open_question(lan)).to_be_visible()
    join_by_taps(late, code)
    expect(open_question(late)).to_be_visible()
    expect(open_question(plain)).to_be_visible()  # looks again by itself, every few seconds
    kind = open_question(lan).get_attribute("data-kind")
    for phone in (lan, late):
        fill_in_answer(phone)
        phone.evaluate("() => scrollTo(0, 0)")
        expect(open_question(phone).locator("[data-saved]")).to_be_in_viewport(ratio=1)
    fill_in_answer(plain)
    open_question(plain).locator("button[type=submit]").click()
    expect(wall.locator("[data-given]")).to_have_text("3")
    press_next_step(desk)
    expect(lan.locator(".class-question--locked:visible")).to_be_visible()
    expect(wall.locator(".wall-question__closed")).to_be_visible()
    press_next_step(desk)
    expect(wall.locator(".wall-result")).to_be_visible()
    expect(lan.locator(".solution__correct:visible, .solution__option:visible").first).to_be_visible()
    if kind == "choice":
        expect(lan.locator("[data-mine]:visible")).to_have_count(1)

    advance_to(desk, "Bước tiếp")
    expect(wall.locator(".wall-demo")).to_be_visible()
    words = wall.locator(".wall-demo__sentence").inner_text()
    press_next_step(desk)
    expect(wall.locator(".wall-demo__sentence")).not_to_have_text(words)

    send_command(desk, to="tap")
    for phone in (lan, late):
        phone.wait_for_url("**/toi/luot/*")
        expect(phone.locator("class-bar .class-bar__seat")).to_be_in_viewport(ratio=1)
    expect(wall.locator("[data-thumbs]")).to_be_visible()
    plain = reopen_in_new_tab(plain, f"/lop/{code}")
    plain.get_by_role("button", name="Vào tập").click()
    expect(plain.locator("class-bar .class-bar__seat")).to_contain_text("Số 2")
    plain.evaluate("() => scrollTo(0, 300)")
    for part in (".class-bar__seat", "raise-hand button"):
        expect(plain.locator(f"class-bar {part}")).to_be_in_viewport(ratio=1)
    first = wall.locator("[data-thumb]").first
    expect(first.locator("[data-count]")).to_have_text("3")
    lan.locator("[data-widget].pointed").first.click()
    expect(first.locator("[data-count]")).to_have_text("2")
    for part in (".class-bar__seat", "raise-hand button"):  # wherever the practice was scrolled to
        expect(lan.locator(f"class-bar {part}")).to_be_in_viewport(ratio=1)

    send_command(desk, to="ket")
    expect(lan.locator("[data-status]")).to_be_visible()
    lan.get_by_role("link", name="Xem dấu và mã học").click()
    lan.wait_for_url(f"**/lop/{code}/ket")
    send_command(desk, close="true")
    expect(lan.locator(".learning-code")).to_be_visible()
    expect(late.locator("[data-status]")).to_contain_text("Mã học của bác ở “Xem dấu và mã học”")
    expect(late.locator("raise-hand")).to_be_hidden()
    plain.goto(f"/lop/{code}")
    expect(plain.locator("h1")).to_have_text("Cảm ơn bác đã học cùng lớp")
    expect(wall.locator(".wall-end")).to_contain_text("cảm ơn các bác")


def test_a_phone_offers_a_button_to_the_practice_only_when_it_does_not_open_by_itself(new_page, desk):
    open_class_session(desk, LESSON_WITH_PRACTICE)
    code = class_code(desk)
    lan = new_page(PHONE)
    lan.add_init_script(NEVER_ABORT)
    join_class_session(lan, code)
    held: list[Route] = []
    lan.route("**/lop/*/tap", lambda route: held.append(route))
    with lan.expect_request("**/lop/*/tap"):  # the phone may be faster than the command's answer
        send_command(desk, to="tap")
    wait_until(lan, lambda: held)
    expect(class_part(lan, "tap")).to_contain_text("Bài tập đang mở")
    expect(lan.get_by_role("button", name="Vào tập")).to_be_hidden()
    held[0].fulfill(json={"error": "Máy này chưa vào được."})
    expect(lan.get_by_role("button", name="Vào tập")).to_be_visible()
    lan.unroute("**/lop/*/tap")
    lan.get_by_role("button", name="Vào tập").click()
    lan.wait_for_url("**/toi/luot/*")


def test_pause_and_gate_cover_a_practice_and_give_it_back_as_it_was(new_page, desk):
    open_class_session(desk, LESSON_WITH_PRACTICE)
    lan = new_page(PHONE)
    join_class_session(lan, class_code(desk))
    send_command(desk, to="tap")
    lan.wait_for_url("**/toi/luot/*")
    screen = lan.locator("main [data-screen]").get_attribute("data-screen")
    send_command(desk, paused="true")
    expect(lan.locator("[data-cover=pause]")).to_be_visible()
    expect(lan.locator("main [data-screen]")).to_be_hidden()
    send_command(desk, paused="false")
    expect(lan.locator("[data-cover=pause]")).to_be_hidden()
    send_command(desk, gate=screen)
    expect(lan.locator("[data-cover=gate]")).to_be_visible()
    send_command(desk, gate="null")
    expect(lan.locator("main [data-screen]")).to_be_visible()
    send_command(desk, to="dung")
    expect(lan.locator("[data-status]")).to_be_visible()
    assert "/toi/luot/" in lan.url


# The texts of the buttons in sight that have the colour of what is offered, long after the last tap.
OFFERED = """() => {
  document.querySelector("practice-player").view.offerHelp()
  const [back] = document.querySelectorAll("[data-back].button--offered")
  const { backgroundColor } = getComputedStyle(back)
  const inSight = ({ top, bottom, height }) => height && bottom > 0 && top < innerHeight
  return Array.from(document.querySelectorAll("a.button, button.button"))
    .filter((button) => getComputedStyle(button).backgroundColor === backgroundColor)
    .filter((button) => inSight(button.getBoundingClientRect()))
    .map((button) => button.textContent.trim())
}"""
CONTROL_ENDS_ABOVE_THE_STRIP = """() => {
  const strip = document.querySelector(".class-bar__strip").getBoundingClientRect()
  const pointed = document.querySelector(".pointed").getBoundingClientRect()
  return strip.left === 0 && strip.bottom === innerHeight && pointed.bottom <= strip.top
}"""


def test_who_practises_on_is_offered_one_thing_and_at_the_end_it_covers_nothing(new_page, desk):
    open_class_session(desk, LESSON_WITH_PRACTICE)
    lan = new_page(PHONE)
    join_class_session(lan, class_code(desk))
    send_command(desk, to="tap")
    lan.wait_for_url("**/toi/luot/*")
    expect(lan.get_by_text("Chỗ chạm ở dưới")).to_be_visible()
    send_command(desk, to="dung")
    expect(lan.locator("[data-status]")).to_be_visible()
    assert lan.evaluate(OFFERED) == ["Về lớp"]
    send_command(desk, to="ket")
    way = lan.get_by_role("link", name="Xem dấu và mã học")
    expect(way).to_be_in_viewport(ratio=1)
    assert lan.evaluate(OFFERED) == ["Xem dấu và mã học"]
    expect(lan.get_by_text("Chỗ chạm ở dưới")).to_be_hidden()
    lan.evaluate("() => document.querySelector('practice-player').view.keepInSight()")
    lan.wait_for_function(CONTROL_ENDS_ABOVE_THE_STRIP)


def test_a_learner_who_reaches_the_wait_screen_waits_there(new_page, desk):
    open_class_session(desk, LESSON_WITH_PRACTICE)
    first, lan = new_page(PHONE), new_page(PHONE)
    for phone in (first, lan):
        join_class_session(phone, class_code(desk))
    send_command(desk, to="tap")
    for phone in (first, lan):
        phone.wait_for_url("**/toi/luot/*")
    screen = first.locator("main [data-screen]").get_attribute("data-screen")
    first.locator("[data-widget].pointed").first.click()
    expect(first.locator("main [data-screen]")).not_to_have_attribute("data-screen", screen)
    send_command(desk, gate=first.locator("main [data-screen]").get_attribute("data-screen"))
    expect(first.locator("[data-cover=gate]")).to_be_visible()
    lan.locator("[data-widget].pointed").first.click()
    expect(lan.locator("[data-cover=gate]")).to_be_visible()
