"""When a card is due again: properties of a pure function."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.learning.spaced_review.scheduling import MAX_DAYS, DayAnswer, first_answer_of_each_day, next_due_day

FIRST_DAY = date(2026, 11, 1)

gaps = st.lists(st.tuples(st.integers(1, 400), st.booleans()), min_size=1, max_size=12)
moments = st.integers(1_700_000_000, 1_900_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def history_of(steps: list[tuple[int, bool]]) -> tuple[DayAnswer, ...]:
    """Answers from days between them."""
    day, answers = FIRST_DAY, []
    for gap, right in steps:
        day += timedelta(days=gap)
        answers.append(DayAnswer(day, right))
    return tuple(answers)


@pytest.mark.slow
@given(gaps)
def test_a_card_is_due_after_its_last_answer_and_within_half_a_year(steps):
    history = history_of(steps)
    assert 1 <= (next_due_day(history) - history[-1].day).days <= MAX_DAYS


@pytest.mark.slow
@given(gaps, st.integers(1, 400))
def test_a_wrong_answer_brings_a_card_back_sooner_than_a_right_one(steps, gap):
    wrong, right = history_of([*steps, (gap, False)]), history_of([*steps, (gap, True)])
    assert next_due_day(wrong) < next_due_day(right)
    assert next_due_day(wrong) == wrong[-1].day + timedelta(days=1)


@pytest.mark.slow
@given(gaps)
def test_answered_right_when_due_the_next_pause_is_no_shorter(steps):
    history = history_of(steps)
    due = next_due_day(history)
    again = next_due_day((*history, DayAnswer(due, True)))
    assert again - due >= (due - history[-1].day if history[-1].right else timedelta(days=2))


@pytest.mark.slow
@given(gaps, st.randoms(use_true_random=False))
def test_the_same_answers_give_the_same_day_in_whatever_order_they_are_read(steps, random):
    history = history_of(steps)
    shuffled = list(history)
    random.shuffle(shuffled)
    assert next_due_day(shuffled) == next_due_day(history)


@given(gaps, st.integers(-9000, 9000))
def test_only_the_days_between_answers_count_and_not_the_date(steps, days):
    history = history_of(steps)
    moved = [DayAnswer(answer.day + timedelta(days=days), answer.right) for answer in history]
    assert next_due_day(moved) - moved[-1].day == next_due_day(history) - history[-1].day


@given(st.lists(st.tuples(moments, st.booleans()), min_size=1, max_size=8))
def test_the_time_zone_of_the_server_changes_nothing(answers):
    elsewhere = [(moment.astimezone(timezone(timedelta(hours=-8))), right) for moment, right in answers]
    naive = [(moment.replace(tzinfo=None), right) for moment, right in answers]  # as SQLite returns them
    assert first_answer_of_each_day(elsewhere) == first_answer_of_each_day(naive) == first_answer_of_each_day(answers)


@given(st.lists(st.tuples(moments, st.booleans()), min_size=1, max_size=8))
def test_each_day_has_one_answer_and_the_days_are_in_order(answers):
    days = [answer.day for answer in first_answer_of_each_day(answers)]
    assert days == sorted(set(days))


def test_the_first_answer_of_a_day_counts():
    morning = datetime(2026, 11, 25, 1, tzinfo=UTC)
    answers = [(morning + timedelta(hours=1), True), (morning, False)]
    assert first_answer_of_each_day(answers) == (DayAnswer(date(2026, 11, 25), False),)


@pytest.mark.parametrize(("at", "day"), [(time(16, 59), 25), (time(17, 0), 26)])
def test_a_day_ends_at_midnight_in_vietnam(at, day):
    moment = datetime.combine(date(2026, 11, 25), at, UTC)
    assert first_answer_of_each_day([(moment, True)]) == (DayAnswer(date(2026, 11, day), True),)


def test_what_is_known_is_asked_ever_more_rarely():
    history = [DayAnswer(FIRST_DAY, True)]
    pauses = []
    for _ in range(5):
        due = next_due_day(history)
        pauses.append((due - history[-1].day).days)
        history.append(DayAnswer(due, True))
    assert pauses[0] == 2
    assert pauses == sorted(set(pauses))
