"""Fading: what is still pointed at follows from her ended goes, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from lms.content.model import Practice, Screen, Widget
from lms.content.practice import engine
from lms.content.practice.compiling import compile_model
from lms.content.practice.rehearsal import rehearsal
from lms.learning.practice import guidance_level
from lms.learning.practice.attempts import Attempt, find_attempt, start_practice
from lms.learning.practice.events import keep_events
from lms.learning.practice.guidance_level import Run, is_ready_for_test, levels, levels_now, levels_of
from lms.learning.store.models import Learner, PracticeAttempt
from tests.learning.school import NOW, practice, walk

HELP_COSTS = (0, engine.HINT_COST, engine.POINT_COST, engine.DO_COST)


def a_row(count: int) -> Practice:
    """``count`` scored screens in a row, then the goal; each also leads to a bad end."""
    ids = [f"s{number}" for number in range(count)] + ["xong"]
    away = Widget("button", "Bỏ", 1, arrow="->", target="bo")
    screens = [
        Screen(name, name, "app", (Widget("button", "Đi", 1, arrow="=>", target=following), away), line=1, task="Đi.")
        for name, following in pairwise(ids)
    ]
    ends = [Screen("xong", "Xong", "end", (), line=1), Screen("bo", "Bỏ", "end", (), line=1)]
    return replace(practice(), start=ids[0], goal="xong", screens=(*screens, *ends), data=())


def run(course: Practice, happened: dict[str, dict], *, upto: int | None = None) -> Run:
    """A go that reached the goal, or (``upto``) left the screen of this place for the bad end."""
    model = compile_model(course)
    state = engine.begin(model)
    names = model["scored"] if upto is None else model["scored"][: upto + 1]
    for name in names:
        state.screens[name].visited = True
        for part, value in happened.get(name, {}).items():
            setattr(state.screens[name], part, value)
    state.screen, state.ended = ("xong" if upto is None else "bo"), True
    return Run(model, state)


def test_everything_is_pointed_at_in_the_first_go():
    assert set(levels(a_row(10), ()).values()) == {2}


def test_a_third_of_the_clean_screens_drop_a_run_and_those_nearest_the_goal_first():
    course = a_row(10)
    clean = run(course, {})
    drops = [[*levels(course, [clean] * times).values()] for times in range(1, 6)]
    assert drops == [
        [2, 2, 2, 2, 2, 2, 1, 1, 1, 1],
        [2, 2, 2, 2, 2, 2, 0, 0, 0, 0],
        [2, 2, 1, 1, 1, 1, 0, 0, 0, 0],
        [2, 2, 0, 0, 0, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    ]
    assert is_ready_for_test(levels(course, [clean] * 6))


@pytest.mark.parametrize("hard", [{"wrong": 2}, {"hints": 2, "help": 25}, {"help": 50}, {"help": 100}], ids=str)
def test_a_screen_that_was_hard_rises_one(hard):
    course = a_row(1)
    clean, met = run(course, {}), run(course, {"s0": hard})
    assert levels(course, [clean, clean, met]) == {"s0": 1}
    assert levels(course, [clean, clean, met, met]) == {"s0": 2}
    assert levels(course, [met, met]) == {"s0": 2}


@pytest.mark.parametrize("so_so", [{"wrong": 1}, {"hints": 1, "help": 25}, {"trapped": True}], ids=str)
def test_a_screen_neither_clean_nor_hard_stays_where_it_is(so_so):
    course = a_row(1)
    clean, met = run(course, {}), run(course, {"s0": so_so})
    assert levels(course, [clean, met]) == {"s0": 1}


def test_a_screen_that_was_left_for_another_end_was_not_passed():
    assert levels(a_row(3), [run(a_row(3), {}, upto=1)]) == {"s0": 1, "s1": 2, "s2": 2}
    assert levels(a_row(3), [run(a_row(3), {}, upto=0)]) == {"s0": 2, "s1": 2, "s2": 2}


def test_a_rehearsal_counts_for_its_own_screens_alone():
    course = a_row(6)
    short = run(rehearsal(course, {"s1", "s4"}), {"s1": {"wrong": 2}})
    assert levels(course, [run(course, {})] * 3 + [short]) == {"s0": 2, "s1": 2, "s2": 1, "s3": 1, "s4": 0, "s5": 0}


def test_a_practice_without_scored_screens_proposes_no_test():
    assert levels(a_row(0), ()) == {}
    assert not is_ready_for_test({})


_AT = st.fixed_dictionaries(
    {
        "wrong": st.integers(0, 4),
        "hints": st.integers(0, 4),
        "help": st.sampled_from(HELP_COSTS),
        "trapped": st.booleans(),
    }
).map(lambda at: at | {"help": max(at["help"], engine.HINT_COST if at["hints"] else 0)})  # a hint is never free
_RUNS = st.lists(
    st.tuples(st.dictionaries(st.sampled_from([f"s{n}" for n in range(9)]), _AT), st.none() | st.integers(0, 8))
)


@given(count=st.integers(1, 9), happened=_RUNS)
def test_whatever_happens_a_run_moves_each_screen_one_at_most_and_few_down(count, happened):
    course = a_row(count)
    course_ids = {screen.id for screen in course.screens}
    runs = [
        run(
            course, {name: at for name, at in screens.items() if name in course_ids}, upto=last and min(last, count - 1)
        )
        for screens, last in happened
    ]
    before = levels(course, ())
    for number, one in enumerate(runs, start=1):
        after = levels(course, runs[:number])
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
            # Whoever was clean and stayed had three dropping nearer to the goal, or left for another end.
            if clean and not hard and by == 0 and before[name] and one.state.screen == "xong":
                assert len(down) == ceil(count / 3)
                assert min(list(after).index(each) for each in down) > list(after).index(name)
        before = after


@given(times=st.integers(0, 12), count=st.integers(1, 30))
def test_clean_runs_alone_lead_to_the_test_within_six(times, count):
    course = a_row(count)
    found = levels(course, [run(course, {})] * times)
    assert is_ready_for_test(found) or times < 6


# --- through the store ---


def goes(
    session: Session, lan: Learner, minute: int, *, mode: str = "lam-theo", events=None, ends: bool = True
) -> Attempt:
    now = NOW + timedelta(minutes=minute)
    begun = start_practice(session, lan.id, "vneid", "kich-hoat", practice(), mode, now=now)
    sent = walk(begun.data) if events is None else events
    if ends:
        keep_events(session, learner_id=lan.id, attempt_id=begun.id, events=sent, now=now + timedelta(seconds=30))
    return find_attempt(session, lan.id, begun.id)


def now_of(session: Session, lan: Learner) -> dict[str, int]:
    return levels_now(session, lan.id, "vneid", "kich-hoat", practice())


def test_ended_goes_of_every_mode_count_and_open_ones_do_not(session, lan):
    goes(session, lan, 0, ends=False)
    assert now_of(session, lan) == {"bat-dau": 2, "nhap-ma": 2}
    for minute, mode in enumerate(engine.MODES, start=1):
        goes(session, lan, minute, mode=mode)
    assert now_of(session, lan) == {"bat-dau": 1, "nhap-ma": 0}


def test_the_levels_of_a_go_are_fixed_when_it_begins(session, lan):
    goes(session, lan, 0)
    mine = goes(session, lan, 2, ends=False)
    goes(session, lan, 3)
    assert levels_of(session, mine, practice()) == {"bat-dau": 2, "nhap-ma": 1}
    assert now_of(session, lan) == {"bat-dau": 2, "nhap-ma": 0}


def test_only_a_go_that_follows_is_pointed_at(session, lan):
    assert levels_of(session, goes(session, lan, 0, mode="tu-lam", ends=False), practice()) == {}
    assert levels_of(session, goes(session, lan, 1, mode="kiem-tra", ends=False), practice(), override=2) == {}


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_class_may_have_one_level_for_all(session, lan, level):
    goes(session, lan, 0)
    mine = goes(session, lan, 1, ends=False)
    assert set(levels_of(session, mine, practice(), override=level).values()) == {level}


def test_other_words_other_people_and_other_practices_begin_anew(session, lan, hoa):
    goes(session, lan, 0)
    assert set(levels_now(session, hoa.id, "vneid", "kich-hoat", practice()).values()) == {2}
    assert set(levels_now(session, None, "vneid", "kich-hoat", practice()).values()) == {2}
    assert set(levels_now(session, lan.id, "vneid", "kich-hoat", replace(practice(), digest="f" * 64)).values()) == {2}
    assert set(levels_now(session, lan.id, "vneid", "kich-hoat", practice("khac")).values()) == {2}


def test_a_state_of_an_older_program_counts_for_nothing(session, lan):
    old = goes(session, lan, 0)
    session.get(PracticeAttempt, old.id).state = {"version": 0}
    session.flush()
    assert set(now_of(session, lan).values()) == {2}


def test_marks_and_logs_are_the_same_at_every_level(session, lan):
    for minute in range(4):
        ended = goes(session, lan, minute)
        assert (ended.passed, ended.score, ended.kept) == (False, 100, 4)
    assert now_of(session, lan) == {"bat-dau": 0, "nhap-ma": 0}
    assert guidance_level.is_ready_for_test(now_of(session, lan))
