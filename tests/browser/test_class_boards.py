"""The boards of the wall are readable from the last row of a hall."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lms.learning.classroom.session.state import QuestionPhase
from lms.learning.classroom.session.steps import StepKind, find_step, lesson_steps
from tests.browser import lessons
from tests.browser.class_pages import (
    LESSON_WITH_PRACTICE,
    LESSON_WITH_QUESTIONS,
    expect_wall_state,
    open_class_session,
    pair_projector,
    press_next_step,
    send_command,
)
from tests.browser.waiting import MAX_RETRIES
from tests.browser.wall_inspection import WALLS, WallInspector

MOST_STEPS = 80


@pytest.mark.parametrize(("lesson", "first"), [(LESSON_WITH_QUESTIONS, "vao"), (LESSON_WITH_PRACTICE, "mau")])
def test_every_board_is_readable_from_the_last_row(desk, wall, lesson, first):
    inspector = WallInspector(wall)
    inspector.inspect("waiting")
    open_class_session(desk, lesson)
    pair_projector(desk, wall)
    send_command(desk, to=first)
    expect_wall_state(wall, step=first)
    desk.reload()
    inspector.inspect("joining")
    for step in range(MOST_STEPS):
        label = desk.locator("[data-next-step]").inner_text()
        if "Đóng lớp" in label:
            break
        now = shown_state(wall)["v"]
        press_next_step(desk)
        expect_wall_state(wall, v=now + 1)
        if not is_looked_at_elsewhere(lesson, shown_state(wall)) or inspector.is_new_kind():
            inspector.inspect(f"{step} after {label}")
    send_command(desk, paused="true")
    expect(wall.locator(".wall-strip--paused")).to_be_visible()
    inspector.inspect("paused")
    assert inspector.found == {}


def shown_state(wall: Page) -> dict[str, Any]:
    return json.loads(wall.locator("[data-snapshot]").get_attribute("data-snapshot") or "")


def is_looked_at_elsewhere(lesson: str, state: dict[str, Any]) -> bool:
    """Whether test_wall_letters.py looks at this board, as at those of all lessons, in these sizes and more."""
    kind = find_step(lesson_steps(lessons.lesson(lesson)), state["step"]).kind
    return kind == StepKind.SLIDE or (kind == StepKind.QUESTION and state["phase"] != QuestionPhase.READ)


def test_the_longest_result_is_readable_from_the_last_row_in_every_round(desk, wall):
    lesson, question = max(
        ((each, one) for each in lessons.all_lessons() for one in each.understand.questions if one.kind == "choice"),
        key=lambda found: sum(len(option.text) + len(option.feedback or "") for option in found[1].options),
    )
    step = f"hoi-{question.id}"
    open_class_session(desk, f"{lesson.course}/{lesson.slug}")
    pair_projector(desk, wall)
    send_command(desk, to=step)
    inspector = WallInspector(wall)
    for number in (1, 2):
        if number > 1:
            send_command(desk, step=step, round=str(number))
        for phase in ("open", "locked", "shown"):
            send_command(desk, step=step, phase=phase)
        expect(wall.locator(".wall-result")).to_be_visible()
        expect(wall.locator(".wall-option__previous")).to_have_count(0 if number == 1 else len(question.options))
        inspector.inspect(f"round {number}")
        for size in WALLS:
            wall.set_viewport_size(size)
            for said in wall.locator(".wall-option--correct .wall-option__feedback").all():
                expect(said).to_be_visible()
    assert inspector.found == {}


def test_a_slide_with_a_drawn_phone_is_readable_from_the_last_row(desk, wall):
    taught = [each for each in lessons.all_lessons() if each.understand.inline_screens]
    open_class_session(desk, f"{taught[0].course}/{taught[0].slug}")
    pair_projector(desk, wall)
    inspector = WallInspector(wall)
    slides = [step for step in lesson_steps(taught[0]) if step.kind == "slide"]
    for step in slides[:2]:
        send_command(desk, to=step.key)
        expect_wall_state(wall, step=step.key)
        inspector.inspect(step.title)
    assert inspector.found == {}
    send_command(desk, to=slides[0].key)
    expect(wall.locator(".wall-demo__frame .pointed__hand").first).to_be_visible()


def test_the_wall_is_readable_in_bright_light(desk, wall):
    open_class_session(desk, LESSON_WITH_PRACTICE)
    pair_projector(desk, wall)
    wall.mouse.move(1900, 10)
    with wall.expect_navigation():
        wall.get_by_role("button", name="Phòng sáng").click()
    expect(wall.locator("html.wall--sun")).to_be_visible()
    inspector = WallInspector(wall)
    inspector.inspect("joining")
    send_command(desk, to="tap")
    expect(wall.locator("[data-thumbs]")).to_be_visible()
    inspector.inspect("practising")
    assert inspector.found == {}


def test_the_first_and_the_last_board_follow_what_is_said_of_the_class(desk, wall):
    base = open_class_session(desk)
    pair_projector(desk, wall)
    for path, field, step in (("/noi-hoc", "noi", "vao"), ("/buoi-sau", "viec", "ket")):
        send_command(desk, to="mau")
        send_command(desk, to=step)
        expect_wall_state(wall, step=step)
        token = desk.locator("input[name=csrf_token]").first.get_attribute("value")
        form = {"csrf_token": token, field: f"Nhà văn hóa, {step}"}
        assert desk.request.post(base + path, form=form, headers={"Referer": base}, max_retries=MAX_RETRIES).ok
        expect(wall.locator("main")).to_contain_text(f"Nhà văn hóa, {step}")
