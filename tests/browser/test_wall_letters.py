"""The wall on a laptop with fonts other than those that its sizes were computed for."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from lms.learning.classroom.session.steps import question_step_key
from tests.browser.class_pages import expect_wall_state, open_class_session, pair_wall, send_command
from tests.browser.lessons import all_lessons
from tests.browser.walls import LastRow

# The widest that a laptop is likely to have, and the only one on many with Linux. A sheet of the page's own would not
# get past its policy.
WIDE_LETTERS = """
addEventListener("DOMContentLoaded", () => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('* { font-family: "DejaVu Sans" !important }')
  document.adoptedStyleSheets = [sheet]
})"""
# Those that are counted to need the smallest letters of all, or nearly.
FULL = [
    ("vneid/kich-hoat", ["muc-cac-buoc-theo-thu-tu", "mau", "tap", "dung"]),
    ("cong-dan-so/cai-va-dang-nhap", ["muc-quyen-nao-cho-quyen-nao-khong", "dung"]),
    ("so-suc-khoe/phieu-chuyen-giay-hen", ["tap"]),
]


@pytest.fixture
def wall(wall: Page) -> Page:
    wall.add_init_script(WIDE_LETTERS)
    wall.reload()
    return wall


@pytest.mark.parametrize(("lesson", "steps"), FULL)
def test_a_full_board_fits_the_wall_in_a_wider_font(desk, wall, lesson, steps):
    last_row = LastRow(wall)
    open_class_session(desk, lesson)
    pair_wall(desk, wall)
    for step in steps:
        send_command(desk, to=step)
        expect_wall_state(wall, step=step)
        last_row.inspect(step)
    assert last_row.found == {}


def test_a_question_and_its_result_fit_the_wall_in_a_wider_font(desk, wall):
    last_row = LastRow(wall)
    open_class_session(desk, "lua-dao/hoan-thue")
    pair_wall(desk, wall)
    lesson = next(one for one in all_lessons() if one.slug == "hoan-thue")
    for step in (question_step_key(one.id) for one in lesson.understand.questions):
        send_command(desk, to=step)
        for phase in ("open", "locked", "shown"):
            send_command(desk, step=step, phase=phase)
            expect_wall_state(wall, step=step, phase=phase)
            last_row.inspect(f"{step}, {phase}")
    assert last_row.found == {}
