"""Guidance levels: they follow from the ended attempts and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from lms.content.model import Mode, Practice, Screen, Widget
from lms.content.practice import engine
from lms.content.practice.compiling import compile_model
from lms.content.practice.screen_drill import make_drill
from lms.learning.practice import guidance_level
from lms.learning.practice.attempts import Attempt, find_attempt, start_attempt
from lms.learning.practice.events import save_events
from lms.learning.practice.guidance_level import (
    EndedAttempt,
    attempt_levels,
    compute_levels,
    current_levels,
    is_ready_for_test,
)
from lms.learning.store.models import Learner, PracticeAttempt
from tests.learning.sample_courses import NOW, passing_events, practice

HELP_COSTS = (0, engine.HINT_COST, engine.POINT_COST, engine.DO_COST)


def practice_with(count: int) -> Practice:
    """``count`` scored screens in a row, then the goal; each also leads to a bad end."""
    ids = [f"s{number}" for number in range(count)] + ["xong"]
    away = Widget("button", "Bỏ", 1, arrow="->", target="bo")
    screens = [
        Screen(name, name, "app", (Widget("button", "Đi", 1, arrow="=>", target=following), away), line=1, task="Đi.")
        for name, following in pairwise(ids)
    ]
    ends = [Screen("xong", "Xong", "end", (), line=1), Screen("bo", "Bỏ", "end", (), line=1)]
    return replace(practice(), start=ids[0], goal="xong", screens=(*screens, *ends), data=())


def run(course: Practice, screen_values: dict[str, dict], *, upto: int | None = None) -> EndedAttempt:
    """An attempt that reached the goal or, with ``upto``, left the scored screen with this index for the bad end."""
    model = compile_model(course)
    state = engine.initial_state(model)
    names = model["scored"] if upto is None else model["scored"][: upto + 1]
    for name in names:
        state.screens[name].visited = True
        for part, value in screen_values.get(name, {}).items():
            setattr(state.screens[name], part, value)
    state.screen, state.ended = ("xong" if upto is None else "bo"), True
    return EndedAttempt(model, state)


def test_the_first_attempt_has_full_guidance():
    assert set(compute_levels(practice_with(10), ()).values()) == {2}


def test_a_clean_run_lowers_a_third_of_the_screens_nearest_to_the_goal():
    course = practice_with(10)
    clean = run(course, {})
    drops = [[*compute_levels(course, [clean] * times).values()] for times in range(1, 6)]
    assert drops == [
        [2, 2, 2, 2, 2, 2, 1, 1, 1, 1],
        [2, 2, 2, 2, 2, 2, 0, 0, 0, 0],
        [2, 2, 1, 1, 1, 1, 0, 0, 0, 0],
        [2, 2, 0, 0, 0, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    ]
    assert is_ready_for_test(compute_levels(course, [clean] * 6))


@pytest.mark.parametrize("hard", [{"wrong": 2}, {"hints": 2, "help": 25}, {"help": 50}, {"help": 100}], ids=str)
def test_a_hard_screen_gets_one_level_more(hard):
    course = practice_with(1)
    clean, met = run(course, {}), run(course, {"s0": hard})
    assert compute_levels(course, [clean, clean, met]) == {"s0": 1}
    assert compute_levels(course, [clean, clean, met, met]) == {"s0": 2}
    assert compute_levels(course, [met, met]) == {"s0": 2}


@pytest.mark.parametrize("so_so", [{"wrong": 1}, {"hints": 1, "help": 25}, {"trapped": True}], ids=str)
def test_a_screen_neither_clean_nor_hard_keeps_its_level(so_so):
    course = practice_with(1)
    clean, met = run(course, {}), run(course, {"s0": so_so})
    assert compute_levels(course, [clean, met]) == {"s0": 1}


def test_a_screen_left_for_another_end_was_not_passed():
    assert compute_levels(practice_with(3), [run(practice_with(3), {}, upto=1)]) == {"s0": 1, "s1": 2, "s2": 2}
    assert compute_levels(practice_with(3), [run(practice_with(3), {}, upto=0)]) == {"s0": 2, "s1": 2, "s2": 2}


def test_a_rehearsal_counts_only_for_its_own_screens():
    course = practice_with(6)
    short = run(make_drill(course, {"s1", "s4"}), {"s1": {"wrong": 2}})
    assert compute_levels(course, [run(course, {})] * 3 + [short]) == {
        "s0": 2,
        "s1": 2,
        "s2": 1,
        "s3": 1,
        "s4": 0,
        "s5": 0,
    }


def test_a_practice_without_scored_screens_suggests_no_test():
    assert compute_levels(practice_with(0), ()) == {}
    assert not is_ready_for_test({})


_AT = st.fixed_dictionaries(
    {
        "wrong": st.integers(0, 4),
        "hints": st.integers(0, 4),
        "help": st.sampled_from(HELP_COSTS),
        "trapped": st.booleans(),
    }
).map(lambda at: at | {"help": max(at["help"], engine.HINT_COST if at["hints"] else 0)})  # every hint has a cost
_RUNS = st.lists(
    st.tuples(st.dictionaries(st.sampled_from([f"s{n}" for n in range(9)]), _AT), st.none() | st.integers(0, 8))
)


@pytest.mark.slow
@given(count=st.integers(1, 9), screen_values=_RUNS)
def test_any_run_changes_a_level_by_one_at_most_and_lowers_few(count, screen_values):
    course = practice_with(count)
    course_ids = {screen.id for screen in course.screens}
    runs = [
        run(
            course, {name: at for name, at in screens.items() if name in course_ids}, upto=last and min(last, count - 1)
        )
        for screens, last in screen_values
    ]
    before = compute_levels(course, ())
    for number, one in enumerate(runs, start=1):
        after = compute_levels(course, runs[:number])
        assert set(after.values()) <= {0, 1, 2}
        moved = {name: after[name] - before[name] for name in after}
        assert set(moved.values()) <= {-1, 0, 1}
        down = [name for name, by in moved.items() if by < 0]
        assert len(down) <= ceil(count / 3)
        for name, by in moved.items():
            at = one.state.screens[name]
            hard = at.wrong >= 2 or at.hints >= 2 or at.help >= 50
            clean = at.visited and not (at.wrong or at.help or at.trapped)
            assert by <= 0 or hard
            assert not hard or by == (1 if before[name] < 2 else 0)
            assert by >= 0 or clean
            # A clean screen that keeps its level had three lowered nearer to the goal, or was left for another end.
            if clean and not hard and by == 0 and before[name] and one.state.screen == "xong":
                assert len(down) == ceil(count / 3)
                assert min(list(after).index(each) for each in down) > list(after).index(name)
        before = after


@given(times=st.integers(0, 12), count=st.integers(1, 30))
def test_at_most_six_clean_runs_lead_to_the_test(times, count):
    course = practice_with(count)
    found = compute_levels(course, [run(course, {})] * times)
    assert is_ready_for_test(found) or times < 6


# --- with a database ---


def make_attempts(
    session: Session, lan: Learner, minute: int, *, mode: str = "lam-theo", events=None, ends: bool = True
) -> Attempt:
    now = NOW + timedelta(minutes=minute)
    begun = start_attempt(session, lan.id, "vneid", "kich-hoat", practice(), mode, now=now)
    sent = passing_events(begun.data) if events is None else events
    if ends:
        save_events(session, learner_id=lan.id, attempt_id=begun.id, events=sent, now=now + timedelta(seconds=30))
    return find_attempt(session, lan.id, begun.id)


def levels_now(session: Session, lan: Learner) -> dict[str, int]:
    return current_levels(session, lan.id, "vneid", "kich-hoat", practice())


def test_ended_attempts_of_every_mode_count_and_open_ones_do_not(session, lan):
    make_attempts(session, lan, 0, ends=False)
    assert levels_now(session, lan) == {"bat-dau": 2, "nhap-ma": 2}
    for minute, mode in enumerate(Mode, start=1):
        make_attempts(session, lan, minute, mode=mode)
    assert levels_now(session, lan) == {"bat-dau": 1, "nhap-ma": 0}


def test_the_levels_of_an_attempt_are_fixed_when_it_starts(session, lan):
    make_attempts(session, lan, 0)
    mine = make_attempts(session, lan, 2, ends=False)
    make_attempts(session, lan, 3)
    assert attempt_levels(session, mine, practice()) == {"bat-dau": 2, "nhap-ma": 1}
    assert levels_now(session, lan) == {"bat-dau": 2, "nhap-ma": 0}


def test_only_attempts_in_follow_mode_have_guidance(session, lan):
    assert attempt_levels(session, make_attempts(session, lan, 0, mode="tu-lam", ends=False), practice()) == {}
    assert (
        attempt_levels(session, make_attempts(session, lan, 1, mode="kiem-tra", ends=False), practice(), override=2)
        == {}
    )


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_class_can_have_one_level_for_all(session, lan, level):
    make_attempts(session, lan, 0)
    mine = make_attempts(session, lan, 1, ends=False)
    assert set(attempt_levels(session, mine, practice(), override=level).values()) == {level}


def test_other_versions_learners_and_practices_start_with_full_guidance(session, lan, hoa):
    make_attempts(session, lan, 0)
    assert set(current_levels(session, hoa.id, "vneid", "kich-hoat", practice()).values()) == {2}
    assert set(current_levels(session, None, "vneid", "kich-hoat", practice()).values()) == {2}
    assert set(
        current_levels(session, lan.id, "vneid", "kich-hoat", replace(practice(), digest="f" * 64)).values()
    ) == {2}
    assert set(current_levels(session, lan.id, "vneid", "kich-hoat", practice("khac")).values()) == {2}


def test_a_state_of_an_older_version_does_not_count(session, lan):
    old = make_attempts(session, lan, 0)
    session.get(PracticeAttempt, old.id).state = {"version": 0}
    session.flush()
    assert set(levels_now(session, lan).values()) == {2}


def test_marks_and_events_do_not_depend_on_the_level(session, lan):
    for minute in range(4):
        ended = make_attempts(session, lan, minute)
        assert (ended.passed, ended.score, ended.last_q) == (False, 100, 4)
    assert levels_now(session, lan) == {"bat-dau": 0, "nhap-ma": 0}
    assert guidance_level.is_ready_for_test(levels_now(session, lan))
