"""The wall of a laptop that has other fonts than those which the boards are counted for."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from lms.learning.classroom.session.steps import question_key
from tests.browser.classes import command, opens_class, pairs, shows
from tests.browser.lessons import every_lesson
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
def test_a_board_that_is_full_fits_the_wall_in_wider_letters_too(desk, wall, lesson, steps):
    last_row = LastRow(wall)
    opens_class(desk, lesson)
    pairs(desk, wall)
    for step in steps:
        command(desk, to=step)
        shows(wall, step=step)
        last_row.looks(step)
    assert last_row.found == {}


def test_a_question_and_its_result_fit_the_wall_in_wider_letters_too(desk, wall):
    last_row = LastRow(wall)
    opens_class(desk, "lua-dao/hoan-thue")
    pairs(desk, wall)
    lesson = next(one for one in every_lesson() if one.slug == "hoan-thue")
    for step in (question_key(one.id) for one in lesson.understand.questions):
        command(desk, to=step)
        for phase in ("open", "locked", "shown"):
            command(desk, step=step, phase=phase)
            shows(wall, step=step, phase=phase)
            last_row.looks(f"{step}, {phase}")
    assert last_row.found == {}
