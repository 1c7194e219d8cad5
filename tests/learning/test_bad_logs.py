"""Bad logs: cut at the first impossible event, the honest prefix kept, the status clear, and nothing else harmed."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.practice import engine
from lms.content.practice.compiling import compile_model
from lms.learning.errors import TooLarge
from lms.learning.practice.attempts import Attempt, find_attempt, read_log, start_practice
from lms.learning.practice.events import keep_events
from lms.learning.store.models import Learner, PracticeAttempt
from tests.learning.school import LATER, NOW, practice, walk

ANYTHING = [None, True, False, 0, -1, 1.5, 10**400, float("inf"), float("nan"), "", "1", [], [1], {}, {"q": 1}, [[]]]
HOSTILE = [
    "\ud800",
    "\x00",
    "a\u0301" * 300,
    "\u202etap",
    "tap\u200b",
    "ｔａｐ",
    "__proto__",
    "😀" * 500,
    "\uffff",
    "İ",
]


@pytest.fixture
def attempt(session: Session, lan: Learner) -> Attempt:
    return begin(session, lan)


def begin(session: Session, learner: Learner, made=None, mode: str = "tu-lam") -> Attempt:
    made = made or practice()
    return start_practice(session, learner.id, "vneid", "kich-hoat", made, mode, now=NOW)


def keep(session: Session, attempt: Attempt, events: object):
    return keep_events(session, learner_id=attempt.learner_id, attempt_id=attempt.id, events=events, now=LATER)


def assert_cut(session: Session, attempt: Attempt, events: list, honest: int) -> None:
    """Keep ``events``: exactly the first ``honest`` of the right walk stay, and the walk can be finished afterwards."""
    right = walk(attempt.data)
    receipt = keep(session, attempt, events)
    assert (receipt.kept, receipt.ended, receipt.passed, receipt.mark_earned) == (honest, False, False, False)
    assert read_log(session, attempt) == right[:honest]
    here = find_attempt(session, attempt.learner_id, attempt.id)
    assert engine.replay(here.model, here.data, right[:honest], here.mode).state.as_json() == here.state
    assert keep(session, attempt, right).passed


@pytest.mark.parametrize("cut", range(4))
def test_a_truncated_log_keeps_what_there_is(session, attempt, cut):
    assert_cut(session, attempt, walk(attempt.data)[:cut], cut)


@pytest.mark.parametrize("cut", range(6))
def test_an_event_cut_in_two_ends_the_log_before_it(session, attempt, cut):
    right = walk(attempt.data)
    assert_cut(session, attempt, [right[0], right[1][:cut], *right[2:]], 1)


def test_a_reordered_log_ends_at_the_first_gap(session, attempt):
    first, second, third, fourth = walk(attempt.data)
    assert_cut(session, attempt, [first, third, second, fourth], 1)


def test_batches_in_any_order_keep_an_honest_prefix_and_when_sent_again_all(session, lan):
    for seed in range(6):
        attempt = begin(session, lan)
        events = walk(attempt.data)
        random.Random(seed).shuffle(events)
        for event in events * 4:
            keep(session, attempt, [event])
            stored = read_log(session, attempt)
            assert stored == walk(attempt.data)[: len(stored)]
        assert len(stored) == 4


def test_duplicated_events_count_once_wherever_they_come(session, attempt):
    first, second, third, fourth = walk(attempt.data)
    receipt = keep(session, attempt, [first, first, second, first, second, third, third, fourth, fourth, second])
    assert (receipt.kept, receipt.passed, receipt.score) == (4, True, 100)
    assert read_log(session, attempt) == [first, second, third, fourth]


def test_a_log_of_another_version_of_the_practice_ends_where_they_part(session, lan, attempt):
    """The newer version asks for the code on a screen of another name."""
    newer = practice()
    screens = [replace(one, id="ma-otp") if one.id == "nhap-ma" else one for one in newer.screens]
    screens = [
        replace(one, widgets=tuple(replace(w, target="ma-otp") if w.target == "nhap-ma" else w for w in one.widgets))
        for one in screens
    ]
    newer = replace(newer, screens=tuple(screens), digest="e" * 64)
    theirs = [[*event[:2], event[2].replace("nhap-ma", "ma-otp"), *event[3:]] for event in walk(attempt.data)]
    assert_cut(session, attempt, theirs, 1)
    hers = begin(session, lan, newer)
    assert keep(session, hers, walk(hers.data)).kept == 1


def test_a_log_of_another_practice_keeps_nothing(session, attempt):
    assert_cut(session, attempt, [[1, 0, "man-hinh-chinh", 2, "tap"], [2, 9, "trang-kho", 2, "tap"]], 0)


def test_a_log_of_another_mode_ends_at_the_first_help_in_a_test(session, lan):
    attempt = begin(session, lan, mode="kiem-tra")
    assert_cut(session, attempt, [walk(attempt.data)[0], [2, 0, "nhap-ma", -1, "hint"]], 1)


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("value", [*ANYTHING, *HOSTILE], ids=ascii)
def test_a_value_of_any_type_and_hostile_text_stop_at_themselves(session, attempt, value, place):
    """In every part of an event; ``t`` takes any number, and a typed text any text."""
    right = walk(attempt.data)
    spoilt = [*right[1][:place], value, *right[1][place + 1 :]]
    receipt = keep(session, attempt, [right[0], spoilt, right[2], right[3]])
    assert receipt.kept in (1, 2, 3, 4)
    stored = read_log(session, attempt)
    assert stored[0] == right[0]
    assert [event[0] for event in stored] == list(range(1, receipt.kept + 1))
    json.dumps(stored).encode()
    here = find_attempt(session, attempt.learner_id, attempt.id)
    assert engine.replay(here.model, here.data, stored, here.mode).state.as_json() == here.state
    if receipt.kept == 1:
        assert keep(session, attempt, right).passed


def test_a_million_events_at_once_are_refused_whole(session, attempt):
    with pytest.raises(TooLarge):
        keep(session, attempt, [[1, 0, "bat-dau", -1, "miss"]] * 10**6)
    assert find_attempt(session, attempt.learner_id, attempt.id).kept == 0
    assert keep(session, attempt, walk(attempt.data)).passed


def test_a_million_events_replay_and_end_at_the_impossible_one():
    model, data = compile_model(practice()), {"otp": "285904"}
    events = ([q, q, "bat-dau", -1, "miss"] for q in range(1, 10**6 + 1))
    replayed = engine.replay(model, data, events, "tu-lam")
    assert (replayed.kept, replayed.impossible, replayed.state.screen) == (10**6, False, "bat-dau")
    events = ([q, q, "bat-dau" if q != 500_000 else "xong", -1, "miss"] for q in range(1, 10**6 + 1))
    replayed = engine.replay(model, data, events, "tu-lam")
    assert (replayed.kept, replayed.impossible) == (499_999, True)


def test_a_bad_log_harms_no_other_attempt_and_no_other_learner(session, lan, hoa, attempt):
    hers, earlier = begin(session, hoa), begin(session, lan)
    keep(session, hers, walk(hers.data)[:2])
    keep(session, earlier, walk(earlier.data))
    before = {row.id: (row.kept, row.state, row.score, row.passed, row.completed_at) for row in rows(session)}
    for bad in ([[1]], [None], [[1, 0, "xong", -1, "miss"]], [["\ud800"] * 6], [walk(hers.data)[1]]):
        keep(session, attempt, bad)
    with pytest.raises(TooLarge):
        keep(session, attempt, [[1]] * 501)
    session.expire_all()
    after = {row.id: (row.kept, row.state, row.score, row.passed, row.completed_at) for row in rows(session)}
    assert after == before


def rows(session: Session) -> list[PracticeAttempt]:
    return list(session.scalars(select(PracticeAttempt)))
