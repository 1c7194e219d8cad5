"""A learner's pages in class: fit for old eyes and fingers, and correct HTML."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.classes import PRACTISED, QUESTIONED, anew, code_of, command, joins, opens_class, pairs, part
from tests.browser.conftest import PHONE
from tests.browser.inspection import Inspector
from tests.browser.markup import html_validate, nu_checker
from tests.browser.waiting import RECONNECTS


def test_every_page_of_a_learner_in_class_is_fit_for_old_eyes_and_fingers(take, desk, watcher):
    opens_class(desk, QUESTIONED)
    code = code_of(desk)
    lan = take(PHONE)
    inspector = Inspector(lan)
    lan.goto("/lop", wait_until="load")
    inspector.looks_at_page("six digits")
    lan.locator("#ma-lop").fill("123456")
    expect(lan.locator("[data-mistyped]")).to_be_visible()
    inspector.looks_on_phones("mistyped")
    lan.locator("#ma-lop").fill("12345")
    lan.locator("#ma-lop").press("Enter")
    expect(lan.locator("[data-mistyped]")).to_have_text(
        "Mã lớp có 6 chữ số, bác mới gõ 5 số. Bác nhìn lại màn chiếu rồi gõ cho đủ nhé."
    )
    lan.goto(f"/lop/{code}", wait_until="load")
    inspector.looks_at_page("the door")
    lan.goto(f"/lop/{code}/toi-da-vao", wait_until="load")
    inspector.looks_at_page("I was here before")
    joins(lan, code)
    expect(part(lan, "cho")).to_be_visible()
    inspector.looks_on_phones("her seat")
    lan.locator("[data-hand] button").click()
    expect(lan.locator("[data-raised]")).to_be_visible()
    inspector.looks_on_phones("her hand is up")
    for kind in ("choice", "multiple", "poll", "typed", "ordering", "matching"):
        asked = lan.locator(f"[data-asked={kind}]")
        if not asked.count():
            continue
        key = asked.first.get_attribute("data-part")
        command(desk, to=key)
        for phase in ("read", "open", "locked", "shown"):
            command(desk, step=key, phase=phase)
            expect(lan.locator(f".asked--{phase}[data-part='{key}']")).to_be_visible()
            if phase == "shown":
                expect(part(lan, key).locator("[data-told-here] > *").first).to_be_visible()
            inspector.looks_on_phones(f"{kind}, {phase}")
    for step in ("dung", "ket"):
        command(desk, to=step)
        expect(part(lan, step)).to_be_visible()
        inspector.looks_on_phones(step)
    command(desk, paused="true")
    expect(lan.locator("[data-paused]")).to_be_visible()
    inspector.looks_on_phones("paused")
    lan.goto(f"/lop/{code}/ket", wait_until="load")
    inspector.looks_at_page("what she takes home")
    assert inspector.found == {}


def test_a_practice_in_class_is_fit_for_old_eyes_and_fingers(take, desk):
    opens_class(desk, PRACTISED)
    lan = take(PHONE)
    inspector = Inspector(lan)
    joins(lan, code_of(desk))
    command(desk, to="tap")
    lan.wait_for_url("**/toi/luot/*", wait_until="load")
    inspector.looks_on_phones("practice")
    command(desk, paused="true")
    expect(lan.locator("[data-cover=pause]")).to_be_visible()
    inspector.looks_on_phones("covered")
    assert inspector.found == {}


def test_every_page_of_a_class_is_correct_html(take, desk, wall, tmp_path):
    opens_class(desk, QUESTIONED)
    code = code_of(desk)
    pairs(desk, wall)
    lan = take(PHONE, script=False)
    saved: list[Path] = []

    def saves(page: Page, *addresses: str) -> None:
        for address in addresses:
            file = tmp_path / f"{len(saved):03}.html"
            file.write_bytes(page.context.request.get(address, max_retries=RECONNECTS).body())
            saved.append(file)

    saves(lan, "/lop", "/lop?ma=123456", f"/lop/{code}", f"/lop/{code}/toi-da-vao")
    joins(lan, code)
    for kind in ("choice", "typed", "ordering", "matching", "poll"):
        asked = lan.locator(f"[data-asked={kind}]")
        for phase in ("read", "open", "locked", "shown") if asked.count() else ():
            key = asked.first.get_attribute("data-part")
            command(desk, to=key)
            command(desk, step=key, phase=phase)
            saves(lan, f"/lop/{code}")
            saves(wall, "/chieu")
    saves(lan, f"/lop/{code}/ket", f"/lop/{code}/toi-da-vao")
    opens_class(desk, PRACTISED)
    code = code_of(desk)
    lan = anew(lan, "/lop")
    joins(lan, code)
    command(desk, to="tap")
    lan = anew(lan, f"/lop/{code}")
    lan.get_by_role("button", name="Vào tập").click()
    lan.wait_for_url("**/toi/luot/*")
    saves(lan, lan.url)
    assert html_validate(saved) == ""
    assert nu_checker(saved) == []
