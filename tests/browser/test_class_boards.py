"""The boards of a class, for whoever sits in the last row of a hall."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.classes import PRACTISED, QUESTIONED, command, goes_on, opens_class, pairs, shows
from tests.browser.lessons import every_lesson
from tests.browser.walls import WALLS, LastRow

MOST_STEPS = 80


@pytest.mark.parametrize(("lesson", "first"), [(QUESTIONED, "vao"), (PRACTISED, "mau")])
def test_the_last_row_of_a_hall_can_read_every_board(desk, wall, lesson, first):
    last_row = LastRow(wall)
    last_row.looks("waiting")
    opens_class(desk, lesson)
    pairs(desk, wall)
    command(desk, to=first)
    shows(wall, step=first)
    desk.reload()
    last_row.looks("joining")
    for step in range(MOST_STEPS):
        label = desk.locator("[data-on]").inner_text()
        if "Đóng lớp" in label:
            break
        now = json.loads(wall.locator("[data-room]").get_attribute("data-snapshot"))["v"]
        goes_on(desk)
        shows(wall, v=now + 1)
        last_row.looks(f"{step} after {label}")
    command(desk, paused="true")
    expect(wall.locator(".strip--paused")).to_be_visible()
    last_row.looks("paused")
    assert last_row.found == {}


def test_the_fullest_result_of_all_is_read_from_the_last_row_in_every_round(desk, wall):
    lesson, question = max(
        ((each, one) for each in every_lesson() for one in each.understand.questions if one.kind == "choice"),
        key=lambda found: sum(len(option.text) + len(option.why or "") for option in found[1].options),
    )
    step = f"hoi-{question.id}"
    opens_class(desk, f"{lesson.course}/{lesson.slug}")
    pairs(desk, wall)
    command(desk, to=step)
    last_row = LastRow(wall)
    for number in (1, 2):
        if number > 1:
            command(desk, step=step, round=str(number))
        for phase in ("open", "locked", "shown"):
            command(desk, step=step, phase=phase)
        expect(wall.locator(".result")).to_be_visible()
        expect(wall.locator(".got__was")).to_have_count(0 if number == 1 else len(question.options))
        last_row.looks(f"round {number}")
        for size in WALLS:
            wall.set_viewport_size(size)
            for said in wall.locator(".got--right .got__why").all():
                expect(said).to_be_visible()
    assert last_row.found == {}


def test_in_a_sunny_hall_the_wall_is_still_read(desk, wall):
    opens_class(desk, PRACTISED)
    pairs(desk, wall)
    wall.mouse.move(1900, 10)
    with wall.expect_navigation():
        wall.get_by_role("button", name="Phòng sáng").click()
    expect(wall.locator("html.wall--sun")).to_be_visible()
    last_row = LastRow(wall)
    last_row.looks("joining")
    command(desk, to="tap")
    expect(wall.locator("[data-stands]")).to_be_visible()
    last_row.looks("practising")
    assert last_row.found == {}
