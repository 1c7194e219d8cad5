"""The row of screens: where the learners are in the practice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.web.classroom.wall.screen_row import MAX_THUMBS, practice_board, row_screens, visible_thumb_range
from lms.web.practice.screen_numbering import screen_numbers


@pytest.fixture(scope="module")
def practice(library):
    return library.lesson("vneid", "kich-hoat").practice


def test_the_row_of_screens_fits_the_wall_and_counts_all_learners(practice):
    counts = {screen.id: number for number, screen in enumerate(practice.screens)}
    board = practice_board(practice, counts, None, None)
    shown = [stand for stand in board.screens if stand.shown]
    folds = [fold for fold in (board.before, board.after) if fold.screens]
    assert len(shown) + len(folds) <= MAX_THUMBS
    reached = row_screens(practice)
    numbered = [stand for stand in shown if stand.number]
    assert len(numbered) + sum(fold.screens for fold in folds) == screen_numbers(practice).total
    assert sum(stand.count for stand in shown) + sum(fold.count for fold in folds) == sum(
        count for screen, count in counts.items() if screen in reached
    )


def test_a_learner_off_the_expected_path_counts_on_the_screen_before(practice):
    off_path = next(screen.id for screen in practice.screens if screen.kind == "wrong")
    board = practice_board(practice, {off_path: 1}, None, None)
    assert off_path not in {stand.screen for stand in board.screens}
    assert sum(stand.count for stand in board.screens) == 1


@pytest.mark.parametrize(("there", "ringed"), [(2, False), (3, True)])
def test_a_screen_is_highlighted_from_three_stuck_learners_on(practice, there, ringed):
    screen = practice.screens[1].id
    board = practice_board(practice, {screen: there}, screen, None)
    assert any(stand.stuck for stand in board.screens) is ringed
    assert ("Đông nhất" in board.title) is ringed


@given(st.lists(st.integers(0, 60), max_size=30))
def test_the_visible_part_of_the_row_has_the_most_learners(bar_counts):
    first, last = visible_thumb_range(bar_counts)
    folds = (first > 0) + (last < len(bar_counts))
    assert 0 <= first <= last <= len(bar_counts)
    assert last - first + folds <= MAX_THUMBS
    assert len(bar_counts) <= MAX_THUMBS or last - first + folds == MAX_THUMBS
