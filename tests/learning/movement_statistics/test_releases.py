"""What is published: once a day, and in steps of five."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from lms.learning.movement_statistics.indicators import Indicator
from lms.learning.movement_statistics.published_values import STEP
from tests.learning.movement_statistics.movement import OPENED, OTHER_WARD, WARD, Movement

LEARNERS = Indicator.LEARNERS


@pytest.fixture
def movement(engine: Engine) -> Movement:
    return Movement(engine)


def test_less_than_five_is_not_told_and_more_is_told_in_steps_of_five(movement: Movement):
    movement.hold_class(movement.learners(9))
    for learner in movement.learners(4, ward=OTHER_WARD):
        movement.mark(learner)
    release = movement.release()
    assert release.value(WARD, Indicator.ATTENDANCES) == 5
    assert release.value(OTHER_WARD, Indicator.UNDERSTOOD) == 0
    assert all(value % STEP == 0 for value in release.values.values())


def test_sums_are_sums_of_what_is_published(movement: Movement):
    for ward in (WARD, OTHER_WARD):
        movement.hold_class(movement.learners(9), ward=ward)
    release = movement.release()
    assert movement.count(Indicator.ATTENDANCES, None) == 18
    assert release.total(Indicator.ATTENDANCES) == 10


def test_there_is_one_release_a_day(movement: Movement):
    movement.hold_class(movement.learners(6))
    first = movement.release()
    movement.hold_class(movement.learners(9), opened_at=OPENED + timedelta(hours=1))
    assert movement.release(0.1) == first
    assert movement.release(1).value(WARD, Indicator.ATTENDANCES) == 15


def test_a_year_begins_at_nothing_and_the_last_one_stays(movement: Movement):
    movement.hold_class(movement.learners(10))
    movement.release()
    movement.now = movement.now.replace(year=2027)
    assert movement.release().values == {}
    assert movement.latest().year == 2027
    assert movement.count(Indicator.ATTENDANCES) == 10


def test_lists_tell_an_order_and_no_small_number(movement: Movement):
    movement.hold_class(movement.learners(12))
    movement.hold_class(movement.learners(9), lesson="khac")
    release = movement.release()
    assert [each.lesson for each in release.practised[WARD]] == ["kich-hoat"]


def test_an_organisation_is_told_in_steps_of_five_and_never_its_people(movement: Movement):
    women = movement.unit(organisation="hoi-phu-nu")
    movement.hold_class(movement.learners(9), unit=women)
    other = movement.unit(organisation="hoi-phu-nu", ward=OTHER_WARD)
    movement.hold_class(movement.learners(8), ward=OTHER_WARD, unit=other)
    release = movement.release()
    assert release.organisation_value("hoi-phu-nu", Indicator.ATTENDANCES) == 15
    assert {indicator for _, indicator in release.organisation_values} <= {Indicator.CLASSES, Indicator.ATTENDANCES}


def test_figures_counted_by_hand_are_rounded_for_a_ward_and_fall_when_they_are_taken_back(movement: Movement):
    units = [movement.unit() for _ in range(3)]
    for unit, number in zip((*units, units[2]), (7, 9, 100, None), strict=True):
        movement.enter_hand_counted_figure(unit, number)
    assert movement.release().hand_value(WARD, "signatures") == 15
    for unit in units:
        movement.enter_hand_counted_figure(unit, None)
    assert movement.release().hand_value(WARD, "signatures") == 0
