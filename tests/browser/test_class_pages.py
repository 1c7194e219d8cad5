"""A learner's pages in class are accessible."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.class_pages import (
    LESSON_WITH_PRACTICE,
    LESSON_WITH_QUESTIONS,
    class_code,
    class_part,
    join_class_session,
    open_class_session,
    send_command,
)
from tests.browser.conftest import PHONE
from tests.browser.inspection import Inspector


def test_every_page_of_a_learner_in_class_is_accessible(new_page, desk, monitor):
    open_class_session(desk, LESSON_WITH_QUESTIONS)
    code = class_code(desk)
    lan = new_page(PHONE)
    inspector = Inspector(lan)
    lan.goto("/lop", wait_until="load")
    inspector.inspect_page("six digits")
    lan.locator("#ma-lop").fill("123456")
    expect(lan.locator("[data-code-error]")).to_be_visible()
    inspector.inspect_on_phones("mistyped")
    lan.locator("#ma-lop").fill("12345")
    lan.locator("#ma-lop").press("Enter")
    expect(lan.locator("[data-code-error]")).to_have_text(
        "Mã lớp có 6 chữ số, bác mới gõ 5 số. Bác nhìn lại màn chiếu rồi gõ cho đủ nhé."
    )
    lan.goto(f"/lop/{code}", wait_until="load")
    inspector.inspect_page("the door")
    lan.goto(f"/lop/{code}/toi-da-vao", wait_until="load")
    inspector.inspect_page("I was here before")
    join_class_session(lan, code)
    expect(class_part(lan, "cho")).to_be_visible()
    inspector.inspect_on_phones("her seat")
    lan.locator("raise-hand button").click()
    expect(lan.locator("[data-raised]")).to_be_visible()
    inspector.inspect_on_phones("her hand is up")
    for kind in ("choice", "multiple", "poll", "typed", "ordering", "matching"):
        asked = lan.locator(f"[data-kind={kind}]")
        if not asked.count():
            continue
        key = asked.first.get_attribute("data-part")
        send_command(desk, to=key)
        for phase in ("read", "open", "locked", "shown"):
            send_command(desk, step=key, phase=phase)
            expect(lan.locator(f".class-question--{phase}[data-part='{key}']")).to_be_visible()
            if phase == "shown":
                expect(class_part(lan, key).locator("[data-solution] > :not([hidden])").first).to_be_visible()
            inspector.inspect_on_phones(f"{kind}, {phase}")
    for step in ("dung", "ket"):
        send_command(desk, to=step)
        expect(class_part(lan, step)).to_be_visible()
        inspector.inspect_on_phones(step)
    send_command(desk, paused="true")
    expect(lan.locator("[data-paused]")).to_be_visible()
    inspector.inspect_on_phones("paused")
    lan.goto(f"/lop/{code}/ket", wait_until="load")
    inspector.inspect_page("what she takes home")
    assert inspector.found == {}


def test_a_practice_in_class_is_accessible(new_page, desk):
    open_class_session(desk, LESSON_WITH_PRACTICE)
    lan = new_page(PHONE)
    inspector = Inspector(lan)
    join_class_session(lan, class_code(desk))
    send_command(desk, to="tap")
    lan.wait_for_url("**/toi/luot/*", wait_until="load")
    inspector.inspect_on_phones("practice")
    send_command(desk, paused="true")
    expect(lan.locator("[data-cover=pause]")).to_be_visible()
    inspector.inspect_on_phones("covered")
    assert inspector.found == {}
