"""Invalid events: saving stops at the first impossible event, and everything before it and everything else stays."""

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
from lms.learning.practice.attempts import Attempt, find_attempt, read_event_log, start_attempt
from lms.learning.practice.events import save_events
from lms.learning.store.models import Learner, PracticeAttempt
from tests.learning.sample_courses import LATER, NOW, passing_events, practice

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
    return start(session, lan)


def start(session: Session, learner: Learner, made=None, mode: str = "tu-lam") -> Attempt:
    made = made or practice()
    return start_attempt(session, learner.id, "vneid", "kich-hoat", made, mode, now=NOW)


def post(session: Session, attempt: Attempt, events: object):
    return save_events(session, learner_id=attempt.learner_id, attempt_id=attempt.id, events=events, now=LATER)


def assert_saved_up_to(session: Session, attempt: Attempt, events: list, valid_count: int) -> None:
    """Post ``events``: exactly the first ``valid_count`` are saved, and the attempt can be finished afterwards."""
    right = passing_events(attempt.data)
    receipt = post(session, attempt, events)
    assert (receipt.last_q, receipt.ended, receipt.passed, receipt.mark_earned) == (valid_count, False, False, False)
    assert read_event_log(session, attempt) == right[:valid_count]
    here = find_attempt(session, attempt.learner_id, attempt.id)
    assert engine.replay(here.model, here.data, right[:valid_count], here.mode).state.as_json() == here.state
    assert post(session, attempt, right).passed


@pytest.mark.parametrize("cut", range(4))
def test_a_truncated_log_is_saved_up_to_its_end(session, attempt, cut):
    assert_saved_up_to(session, attempt, passing_events(attempt.data)[:cut], cut)


@pytest.mark.parametrize("cut", range(6))
def test_saving_stops_before_a_truncated_event(session, attempt, cut):
    right = passing_events(attempt.data)
    assert_saved_up_to(session, attempt, [right[0], right[1][:cut], *right[2:]], 1)


def test_saving_a_reordered_log_stops_at_the_first_gap(session, attempt):
    first, second, third, fourth = passing_events(attempt.data)
    assert_saved_up_to(session, attempt, [first, third, second, fourth], 1)


def test_batches_in_any_order_save_a_valid_prefix_and_all_after_a_resend(session, lan):
    for seed in range(6):
        attempt = start(session, lan)
        events = passing_events(attempt.data)
        random.Random(seed).shuffle(events)
        for event in events * 4:
            post(session, attempt, [event])
            stored = read_event_log(session, attempt)
            assert stored == passing_events(attempt.data)[: len(stored)]
        assert len(stored) == 4


def test_duplicate_events_count_once(session, attempt):
    first, second, third, fourth = passing_events(attempt.data)
    receipt = post(session, attempt, [first, first, second, first, second, third, third, fourth, fourth, second])
    assert (receipt.last_q, receipt.passed, receipt.score) == (4, True, 100)
    assert read_event_log(session, attempt) == [first, second, third, fourth]


def test_a_log_of_another_version_is_saved_up_to_the_first_difference(session, lan, attempt):
    """The newer version asks for the code on a screen of another name."""
    newer = practice()
    screens = [replace(one, id="ma-otp") if one.id == "nhap-ma" else one for one in newer.screens]
    screens = [
        replace(one, widgets=tuple(replace(w, target="ma-otp") if w.target == "nhap-ma" else w for w in one.widgets))
        for one in screens
    ]
    newer = replace(newer, screens=tuple(screens), digest="e" * 64)
    theirs = [[*event[:2], event[2].replace("nhap-ma", "ma-otp"), *event[3:]] for event in passing_events(attempt.data)]
    assert_saved_up_to(session, attempt, theirs, 1)
    hers = start(session, lan, newer)
    assert post(session, hers, passing_events(hers.data)).last_q == 1


def test_nothing_of_a_log_of_another_practice_is_saved(session, attempt):
    assert_saved_up_to(session, attempt, [[1, 0, "man-hinh-chinh", 2, "tap"], [2, 9, "trang-kho", 2, "tap"]], 0)


def test_saving_a_log_of_another_mode_stops_at_the_first_help_in_a_test(session, lan):
    attempt = start(session, lan, mode="kiem-tra")
    assert_saved_up_to(session, attempt, [passing_events(attempt.data)[0], [2, 0, "nhap-ma", -1, "hint"]], 1)


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("value", [*ANYTHING, *HOSTILE], ids=ascii)
def test_saving_stops_at_an_event_with_an_invalid_value(session, attempt, value, place):
    """In every part of an event; ``t`` takes any number, and a typed text any text."""
    right = passing_events(attempt.data)
    spoilt = [*right[1][:place], value, *right[1][place + 1 :]]
    receipt = post(session, attempt, [right[0], spoilt, right[2], right[3]])
    assert receipt.last_q in (1, 2, 3, 4)
    stored = read_event_log(session, attempt)
    assert stored[0] == right[0]
    assert [event[0] for event in stored] == list(range(1, receipt.last_q + 1))
    json.dumps(stored).encode()
    here = find_attempt(session, attempt.learner_id, attempt.id)
    assert engine.replay(here.model, here.data, stored, here.mode).state.as_json() == here.state
    if receipt.last_q == 1:
        assert post(session, attempt, right).passed


def test_a_million_events_in_one_post_are_refused(session, attempt):
    with pytest.raises(TooLarge):
        post(session, attempt, [[1, 0, "bat-dau", -1, "miss"]] * 10**6)
    assert find_attempt(session, attempt.learner_id, attempt.id).last_q == 0
    assert post(session, attempt, passing_events(attempt.data)).passed


@pytest.mark.slow
def test_a_million_events_replay_up_to_the_impossible_one():
    model, data = compile_model(practice()), {"otp": "285904"}
    events = ([q, q, "bat-dau", -1, "miss"] for q in range(1, 10**6 + 1))
    replayed = engine.replay(model, data, events, "tu-lam")
    assert (replayed.accepted, replayed.impossible, replayed.state.screen) == (10**6, False, "bat-dau")
    events = ([q, q, "bat-dau" if q != 500_000 else "xong", -1, "miss"] for q in range(1, 10**6 + 1))
    replayed = engine.replay(model, data, events, "tu-lam")
    assert (replayed.accepted, replayed.impossible) == (499_999, True)


def test_a_bad_log_changes_no_other_attempt_and_no_other_learner(session, lan, hoa, attempt):
    hers, earlier = start(session, hoa), start(session, lan)
    post(session, hers, passing_events(hers.data)[:2])
    post(session, earlier, passing_events(earlier.data))
    before = {row.id: (row.last_q, row.state, row.score, row.passed, row.completed_at) for row in rows(session)}
    for bad in ([[1]], [None], [[1, 0, "xong", -1, "miss"]], [["\ud800"] * 6], [passing_events(hers.data)[1]]):
        post(session, attempt, bad)
    with pytest.raises(TooLarge):
        post(session, attempt, [[1]] * 501)
    session.expire_all()
    after = {row.id: (row.last_q, row.state, row.score, row.passed, row.completed_at) for row in rows(session)}
    assert after == before


def rows(session: Session) -> list[PracticeAttempt]:
    return list(session.scalars(select(PracticeAttempt)))
