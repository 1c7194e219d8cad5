"""How long people stand at a screen in class: counted by phone, published so that it tells of nobody."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from sqlalchemy import Engine, delete, insert, update

from lms.learning.movement_statistics import published_lists
from lms.learning.movement_statistics.figure_releases import ScreenDwellTime, release_figures
from lms.learning.movement_statistics.published_values import STEP
from lms.learning.movement_statistics.screen_dwell_times import BUCKETS, time_bucket
from lms.learning.store.database import write_sessions
from lms.learning.store.models import ClassSessionRow, FigureRelease, ScreenDwellTimeRow, SeatRow
from tests.learning.movement_statistics.movement import Movement

Histogram = Mapping[tuple[str, int], int]  # phones by screen and bucket


@pytest.fixture
def movement(engine: Engine) -> Movement:
    return Movement(engine)


def hold(movement: Movement, phones: int, *seconds: tuple[str, float], **given) -> str:
    """A class in which each phone stood at these screens for so long, one after the other."""
    learners = movement.learners(phones)
    class_id = movement.hold_class(learners)
    for seat, learner in enumerate(learners, 1):
        at, events = 0.0, []
        for screen, stood in seconds:
            at += stood
            events.append((at, screen))
        movement.practise(class_id, seat, learner, events, **given)
    return class_id


def test_each_phone_counts_once_at_a_screen_with_all_that_it_stood_there(movement: Movement):
    hold(movement, 6, ("bat-dau", 4), ("nhap-ma", 20), ("nhap-ma", 15), ("xong", 61), ("nhap-ma", 9))
    movement.release()
    assert movement.screen_times() == {("bat-dau", 0): 6, ("nhap-ma", 30): 6, ("xong", 60): 6}


def test_only_the_first_attempt_that_got_there_counts(movement: Movement):
    learners = movement.learners(6)
    class_id = movement.hold_class(learners)
    for seat, learner in enumerate(learners, 1):
        movement.practise(class_id, seat, learner, [(50, "nhap-ma")])
        movement.practise(class_id, seat, learner, [(2, "nhap-ma"), (130, "xong")])
    movement.release()
    assert movement.screen_times() == {("nhap-ma", 45): 6, ("xong", 120): 6}


def test_a_phone_on_the_table_a_clock_set_back_and_a_removed_seat_are_no_time(movement: Movement):
    learners = movement.learners(7)
    class_id = movement.hold_class(learners)
    for seat, learner in enumerate(learners[:5], 1):
        movement.practise(class_id, seat, learner, [(10, "nhap-ma"), (400, "nhap-ma"), (420, "xong"), (12, "xong")])
    movement.practise(class_id, 6, learners[5], [(90, "nhap-ma")])
    with write_sessions(movement.engine).begin() as session:
        session.execute(update(SeatRow).where(SeatRow.number == 6).values(removed=True))
    movement.practise(class_id, 7, learners[6], [(90, "nhap-ma")], practice="phu")
    movement.release()
    assert movement.screen_times() == {("xong", 20): 5}


def test_the_screen_at_which_the_class_waits_for_all_is_left_out(movement: Movement):
    class_id = hold(movement, 6, ("nhap-ma", 200), ("xong", 20))
    with write_sessions(movement.engine).begin() as session:
        session.execute(
            update(ClassSessionRow).where(ClassSessionRow.id == class_id).values(state={"wait_screen": "nhap-ma"})
        )
    movement.release()
    assert movement.screen_times() == {("xong", 20): 6}


def test_a_class_that_does_not_count_and_a_forgotten_learner_leave_no_time(movement: Movement):
    hold(movement, 2, ("nhap-ma", 40))
    learners = movement.learners(6)
    class_id = movement.hold_class(learners)
    for seat, learner in enumerate(learners, 1):
        movement.practise(class_id, seat, learner, [(40, "nhap-ma")])
    movement.forget(learners[0])
    movement.release()
    assert movement.screen_times() == {("nhap-ma", 30): 5}
    movement.forget(learners[1])
    assert movement.screen_times() == {("nhap-ma", 30): 5}  # what was counted stays, and is about nobody


def test_the_longest_are_listed_by_what_more_than_half_of_the_phones_stood(movement: Movement):
    for _ in range(3):
        hold(movement, 5, ("bat-dau", 3), ("nhap-ma", 50), ("xong", 100))
    for _ in range(2):
        hold(movement, 5, ("bat-dau", 3), ("nhap-ma", 200), ("la", 300))
    listed = movement.release().slow_screens
    assert listed == (
        ScreenDwellTime("vneid", "kich-hoat", "la", 300, 10),
        ScreenDwellTime("vneid", "kich-hoat", "xong", 90, 15),
        ScreenDwellTime("vneid", "kich-hoat", "nhap-ma", 45, 25),
    )  # three seconds at the beginning are no long time


def test_fewer_than_ten_phones_are_not_listed(movement: Movement):
    hold(movement, 9, ("nhap-ma", 50))
    assert movement.release().slow_screens == ()


def test_a_bucket_begins_with_its_least_seconds():
    assert [time_bucket(seconds) for seconds in (0, 4.9, 5, 59, 60, 9000)] == [0, 0, 5, 45, 60, 300]


@pytest.mark.parametrize("seed", range(3))
def test_the_list_is_the_same_whatever_the_hidden_phones_did(movement: Movement, seed: int):
    """Every bucket may have up to four phones more or less, and the list of every day tells nothing of them."""
    rng = random.Random(seed)
    counts, other = two_histograms(rng)
    assert counts != other
    assert publish(movement, counts) == publish(movement, other)


def test_that_is_not_so_of_exact_counts(movement: Movement, monkeypatch: pytest.MonkeyPatch):
    counts, other = two_histograms(random.Random(0))
    monkeypatch.setattr(published_lists, "round_published_count", lambda count: count)
    assert publish(movement, counts) != publish(movement, other)


def two_histograms(rng: random.Random) -> tuple[Histogram, Histogram]:
    """Two that differ only in what is left when each number is divided by five."""
    cells = [(screen, bucket) for screen in ("mot", "hai", "ba") for bucket in BUCKETS]
    fives = {cell: STEP * rng.randrange(5) for cell in cells}
    first, second = ({cell: fives[cell] + rng.randrange(STEP) for cell in cells} for _ in range(2))
    return first, second


def publish(movement: Movement, counts: Histogram) -> tuple[ScreenDwellTime, ...]:
    rows = [
        {
            "year": movement.now.year,
            "course": "vneid",
            "lesson": "bai",
            "screen": screen,
            "seconds": bucket,
            "phones": n,
        }
        for (screen, bucket), n in counts.items()
    ]
    with write_sessions(movement.engine).begin() as session:
        session.execute(delete(FigureRelease))
        session.execute(delete(ScreenDwellTimeRow))
        session.execute(insert(ScreenDwellTimeRow), rows)
    release_figures(movement.engine, now=movement.now)
    return movement.latest().slow_screens
