"""A class on a narrow phone with doubled text: what was received of an answer is in sight, and so is the practice."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.class_pages import (
    LESSON_WITH_PRACTICE,
    LESSON_WITH_QUESTIONS,
    class_code,
    class_part,
    first_choice_question,
    join_class_session,
    open_class_session,
    send_command,
)
from tests.browser.conftest import PHONE
from tests.browser.inspection import DOUBLE_TEXT, NARROW, double_font_size
from tests.browser.lessons import lesson


def test_the_receipt_of_an_answer_and_then_that_it_was_right_are_in_sight(new_page, desk):
    open_class_session(desk, LESSON_WITH_QUESTIONS)
    lan = new_page({**PHONE, "viewport": NARROW})
    double_font_size(lan)
    join_class_session(lan, class_code(desk))
    question = first_choice_question(lan)
    send_command(desk, to=question)
    send_command(desk, step=question, phase="open")
    card = class_part(lan, question)
    asked = lesson(LESSON_WITH_QUESTIONS).understand.question(card.get_attribute("data-question"))
    right = next(option for option in asked.options if option.right)
    card.locator("label", has=lan.locator(f"[value='{right.key}']")).tap()
    expect(card.locator("[data-saved]")).to_be_in_viewport(ratio=1)
    for phase in ("locked", "shown"):
        send_command(desk, step=question, phase=phase)
    expect(card.locator("[data-right]")).to_be_in_viewport(ratio=1)


def test_a_raised_hand_leaves_two_thirds_of_the_window_to_the_practice(new_page, desk):
    open_class_session(desk, LESSON_WITH_PRACTICE)
    lan = new_page({**PHONE, "viewport": NARROW})
    join_class_session(lan, class_code(desk))
    send_command(desk, to="tap")
    lan.wait_for_url("**/toi/luot/*")
    lan.evaluate(DOUBLE_TEXT)
    lan.locator("raise-hand button").tap()
    expect(lan.locator("[data-raised]")).to_be_in_viewport(ratio=1)
    strip = lan.locator(".class-bar__strip").bounding_box()
    assert strip
    assert strip["height"] <= NARROW["height"] / 3
