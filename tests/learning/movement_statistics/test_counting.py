"""What is counted of a ward, and what is not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from lms.learning.classroom.report.class_report import Attendance
from lms.learning.movement_statistics.figure_releases import release_figures
from lms.learning.movement_statistics.indicators import Indicator, LeftOut
from lms.learning.store.database import read_sessions
from lms.learning.store.models import Base
from tests.learning.movement_statistics.movement import OPENED, OTHER_WARD, THIRD_WARD, WARD, Movement


@pytest.fixture
def movement(engine: Engine) -> Movement:
    return Movement(engine)


def test_a_class_counts_its_people_and_its_new_learners_in_its_ward(movement: Movement):
    movement.hold_class(movement.learners(6), people=2, added=3)
    movement.release()
    assert movement.count(Indicator.CLASSES, day=date(2026, 3, 4)) == 1
    assert movement.count(Indicator.ATTENDANCES) == 12
    assert movement.count(Indicator.WITHOUT_PHONE) == 3
    assert movement.count(Indicator.LEARNERS) == 6
    assert movement.count(Indicator.ATTENDANCES, OTHER_WARD) == 0


def test_a_learner_counts_once_in_the_city_and_each_of_her_days_in_class(movement: Movement):
    learners = movement.learners(6)
    movement.hold_class(learners)
    movement.hold_class(learners, opened_at=OPENED + timedelta(days=1))
    movement.hold_class(learners, ward=OTHER_WARD, opened_at=OPENED + timedelta(days=2))
    movement.release(5)
    assert movement.count(Indicator.ATTENDANCES) == 12
    assert movement.count(Indicator.ATTENDANCES, OTHER_WARD) == 6
    assert movement.count(Indicator.LEARNERS, None) == movement.count(Indicator.LEARNERS) == 6


def test_one_phone_in_several_classes_of_a_day_is_one_attendance(movement: Movement):
    learners = movement.learners(8)
    movement.hold_class(learners)
    again = movement.hold_class(learners, opened_at=OPENED + timedelta(hours=3))
    mixed = movement.hold_class([*learners[:2], *movement.learners(5)], opened_at=OPENED + timedelta(hours=6))
    movement.release()
    assert movement.left_out()[again] == LeftOut.REPEATED
    assert movement.left_out()[mixed] == ""
    assert movement.count(Indicator.CLASSES) == 2
    assert movement.count(Indicator.ATTENDANCES) == 8 + 5


def test_what_only_makes_a_number_grow_is_left_out_and_the_reason_is_kept(movement: Movement):
    classes = {
        movement.hold_class(): LeftOut.EMPTY,
        movement.hold_class(movement.learners(4)): LeftOut.FEW,
        movement.hold_class(movement.learners(2), people=4): LeftOut.FEW,
        movement.hold_class(added=30): LeftOut.FEW,
        movement.hold_class(movement.learners(9), minutes=14): LeftOut.SHORT,
    }
    rehearsal = movement.hold_class(movement.learners(9), rehearsal=True)
    movement.release()
    assert movement.left_out() == classes
    assert rehearsal not in movement.left_out()
    assert [movement.count(indicator, None) for indicator in Indicator] == [0] * len(Indicator)


def test_a_class_is_counted_when_nothing_changes_it_any_more_and_only_once(movement: Movement):
    movement.hold_class(movement.learners(6))
    movement.release(0.3)
    assert movement.count(Indicator.CLASSES) == 0
    for _ in range(3):
        movement.release(1)
    assert movement.count(Indicator.CLASSES) == 1
    assert movement.count(Indicator.LEARNERS) == 6


def test_a_class_without_seats_is_counted_from_what_is_left_of_it(movement: Movement):
    movement.hold_class(counts=Attendance(7, 11, 1, 2))
    movement.release()
    assert movement.count(Indicator.ATTENDANCES) == 11
    assert movement.count(Indicator.WITHOUT_PHONE) == 2
    assert movement.count(Indicator.LEARNERS) == 0


def test_a_stage_counts_once_for_each_learner_in_the_ward_that_she_said_or_learned_in(movement: Movement):
    at_home, in_class, nowhere = movement.learners(1, ward=THIRD_WARD)[0], movement.learners(6), movement.learners(1)[0]
    movement.hold_class(in_class)
    for learner in (at_home, in_class[0], nowhere):
        movement.mark(learner)
        movement.mark(learner, lesson="ba-loai-ma")
        movement.mark(learner, "lam")
    movement.release()
    for ward in (THIRD_WARD, WARD, ""):
        assert movement.count(Indicator.UNDERSTOOD, ward) == movement.count(Indicator.COULD_DO, ward) == 1
        assert movement.count(Indicator.USED, ward) == 0
    assert movement.count(Indicator.LEARNERS, THIRD_WARD) == movement.count(Indicator.LEARNERS, "") == 1
    assert movement.count(Indicator.LEARNERS, WARD) == 6
    movement.mark(at_home, lesson="khac")
    movement.set_ward(at_home, WARD)
    movement.mark(at_home, "dung")
    movement.release()
    assert movement.count(Indicator.UNDERSTOOD, None) == 3
    assert movement.count(Indicator.USED, WARD) == 1  # she has moved; what was counted stays where it was
    assert movement.count(Indicator.LEARNERS, None) == 8


def test_a_mark_waits_until_the_class_is_counted_in_which_it_was_earned(movement: Movement):
    learners = movement.learners(6)
    movement.hold_class(learners, opened_at=OPENED + timedelta(hours=10))
    movement.mark(learners[0], at=OPENED + timedelta(hours=10.5))
    movement.release(0.9)
    assert movement.count(Indicator.UNDERSTOOD, None) == 0
    movement.release(1.2)
    assert movement.count(Indicator.UNDERSTOOD, WARD) == 1


def test_forgetting_changes_no_count_and_leaves_no_trace_of_where(movement: Movement):
    learners = movement.learners(6)
    movement.hold_class(learners)
    movement.mark(learners[0])
    movement.release()
    before = [movement.count(indicator) for indicator in Indicator]
    movement.forget(learners[0])
    movement.release()
    assert [movement.count(indicator) for indicator in Indicator] == before
    with read_sessions(movement.engine)() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in ("learners", "class_seats"):
                assert all(learners[0] not in map(str, row) for row in session.execute(select(table)))


def test_a_forgotten_learner_who_was_not_counted_yet_is_no_learner_but_her_seat_was_taken(movement: Movement):
    learners = movement.learners(6)
    movement.hold_class(learners)
    movement.forget(learners[0])
    movement.release()
    assert movement.count(Indicator.ATTENDANCES) == 6
    assert movement.count(Indicator.LEARNERS) == 5


def test_the_seats_that_are_deleted_after_a_month_take_no_count_along(movement: Movement):
    movement.hold_class(movement.learners(6))
    movement.release()
    movement.drop_seats()
    movement.release(40)
    assert movement.count(Indicator.ATTENDANCES) == movement.count(Indicator.LEARNERS) == 6


def test_what_comes_after_a_month_has_closed_is_counted_for_the_day_it_came(movement: Movement):
    movement.hold_class(movement.learners(6))
    movement.now += timedelta(days=200)
    late = movement.hold_class(movement.learners(7), opened_at=OPENED)
    movement.release()
    assert late in movement.left_out()
    assert movement.count(Indicator.ATTENDANCES, day=OPENED.date()) == 0
    assert movement.count(Indicator.ATTENDANCES) == 13


def test_two_processes_at_once_count_once(movement: Movement):
    for number in range(6):
        movement.hold_class(movement.learners(6), opened_at=OPENED + timedelta(hours=number))
    for learner in movement.learners(20, ward=WARD):
        movement.mark(learner)
    now = OPENED + timedelta(days=3)
    with ThreadPoolExecutor(2) as pool:
        released = [*pool.map(lambda _: release_figures(movement.engine, now=now)[1], range(2))]
    assert sorted(released) == [False, True]
    assert movement.count(Indicator.ATTENDANCES) == 36
    assert movement.count(Indicator.LEARNERS) == 56
    assert movement.count(Indicator.UNDERSTOOD) == 20


def test_a_class_that_a_unit_planned_counts_for_the_unit_and_for_its_ward(movement: Movement):
    women, quarter = movement.unit(organisation="hoi-phu-nu"), movement.unit("Khu phố 3")
    learners = movement.learners(6)
    movement.hold_class(learners, added=2, unit=women)
    movement.hold_class(movement.learners(7), unit=quarter)
    movement.hold_class(movement.learners(8))
    movement.hold_class(movement.learners(4), unit=women)
    movement.release()
    counted = [movement.unit_count(women, indicator) for indicator in Indicator]
    assert counted == [1, 6, 2, 6, 0, 0, 0]
    assert movement.unit_count(quarter, Indicator.ATTENDANCES) == 7
    assert movement.count(Indicator.ATTENDANCES) == 21
    movement.drop_seats()
    movement.release()
    assert [movement.unit_count(women, indicator) for indicator in Indicator] == counted


def test_a_stage_counts_for_the_unit_in_whose_class_it_was_first_reached(movement: Movement):
    women = movement.unit(organisation="hoi-phu-nu")
    learners = movement.learners(6)
    movement.mark(learners[0], "hieu", at=OPENED - timedelta(days=1))
    movement.hold_class(learners, unit=women)
    for learner in learners[:3]:
        movement.mark(learner, "hieu", lesson="ba-loai-ma", at=OPENED + timedelta(minutes=30))
    movement.mark(learners[0], "lam", at=OPENED + timedelta(days=3))
    movement.release(6)
    assert movement.unit_count(women, Indicator.UNDERSTOOD) == 2
    assert movement.unit_count(women, Indicator.COULD_DO) == 0
    assert movement.count(Indicator.UNDERSTOOD) == 3
    assert movement.count(Indicator.COULD_DO) == 1
