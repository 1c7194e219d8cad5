"""Seats that phones hold in planned classes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.accounts.account_store import add_account
from lms.learning.calendar import planning
from lms.learning.calendar.class_plan import ClassPlan
from lms.learning.calendar.planned_classes import PlannedClass, find_planned_class
from lms.learning.calendar.reservations import (
    delete_old_reservations,
    find_next_reservation,
    find_reservation,
    find_reserved_classes,
    reserve_seat,
    withdraw_reservation,
)
from lms.learning.errors import LearnerForgotten, NotFound, PlannedClassCancelled, PlannedClassFull, PlannedClassOver
from lms.learning.learners.learner_store import forget_learner, new_learner_id
from lms.learning.store.models import Learner
from tests.learning.sample_courses import NOW

TOMORROW = NOW + timedelta(days=1)
PLAN = ClassPlan("vneid", "kich-hoat", TOMORROW, 90, "Nhà văn hóa khu phố 3", seats=2)


@pytest.fixture
def planned(session: Session, library: Library) -> PlannedClass:
    return plan(session, library, PLAN)


def plan(session: Session, library: Library, details: ClassPlan) -> PlannedClass:
    organiser = add_account(session, name="Thu", roles={"organiser"}, ward="27316", by=None, now=NOW)
    [planned] = planning.plan_class(session, details, ward="27316", library=library, by=organiser, now=NOW)
    return planned


def reserved(session: Session, planned: PlannedClass) -> int:
    return find_planned_class(session, planned.id).reserved


def test_a_phone_holds_the_lowest_free_number_once(session, planned, lan, hoa):
    assert reserve_seat(session, planned.id, lan.id, now=NOW) == 1
    assert reserve_seat(session, planned.id, lan.id, now=NOW) == 1
    assert reserve_seat(session, planned.id, hoa.id, now=NOW) == 2
    assert reserved(session, planned) == 2
    assert find_planned_class(session, planned.id).is_full


def test_a_seat_that_is_given_back_is_free_again(session, planned, lan, hoa):
    reserve_seat(session, planned.id, lan.id, now=NOW)
    assert withdraw_reservation(session, planned.id, lan.id, now=NOW)
    assert not withdraw_reservation(session, planned.id, lan.id, now=NOW)
    assert reserved(session, planned) == 0
    assert reserve_seat(session, planned.id, hoa.id, now=NOW) == 1


def test_the_next_reservation_is_of_a_class_that_is_not_over(session, planned, lan, hoa):
    reserve_seat(session, planned.id, lan.id, now=NOW)
    assert find_next_reservation(session, lan.id, now=planned.ends_at - timedelta(minutes=1)) == (planned.id, 1)
    assert find_next_reservation(session, lan.id, now=planned.ends_at) is None
    assert find_next_reservation(session, hoa.id, now=NOW) is None


def test_a_full_class_says_so(session, planned, lan, hoa):
    for learner in (lan, hoa):
        reserve_seat(session, planned.id, learner.id, now=NOW)
    with pytest.raises(PlannedClassFull):
        reserve_seat(session, planned.id, new_learner_id(), now=NOW)


def test_without_a_number_of_seats_many_may_come(session, library):
    planned = plan(session, library, replace(PLAN, seats=None))
    assert [reserve_seat(session, planned.id, new_learner_id(), now=NOW) for _ in range(5)] == [1, 2, 3, 4, 5]
    assert not find_planned_class(session, planned.id).is_full


def test_nobody_holds_a_seat_in_a_class_that_is_cancelled_or_over_or_unknown(session, library, planned, lan):
    with pytest.raises(PlannedClassOver):
        reserve_seat(session, planned.id, lan.id, now=TOMORROW + timedelta(hours=2))
    with pytest.raises(NotFound):
        reserve_seat(session, "0" * 16, lan.id, now=NOW)
    administrator = add_account(session, name="Quản trị", roles={"administrator"}, ward="", by=None, now=NOW)
    planning.cancel_plan(session, planned.id, version=planned.version, note="", by=administrator, now=NOW)
    with pytest.raises(PlannedClassCancelled):
        reserve_seat(session, planned.id, lan.id, now=NOW)


def test_who_is_forgotten_holds_no_seat(session: Session, planned: PlannedClass, lan: Learner):
    reserve_seat(session, planned.id, lan.id, now=NOW)
    forget_learner(session, lan, now=NOW)
    assert reserved(session, planned) == 0
    with pytest.raises(LearnerForgotten):
        reserve_seat(session, planned.id, lan.id, now=NOW)


def test_a_week_after_the_class_nobody_knows_who_meant_to_come(session, planned, lan):
    reserve_seat(session, planned.id, lan.id, now=NOW)
    assert delete_old_reservations(session, now=TOMORROW + timedelta(days=6)) == 0
    assert delete_old_reservations(session, now=TOMORROW + timedelta(days=8)) == 1
    assert find_reservation(session, planned.id, lan.id) is None


def test_a_phone_finds_its_seats_in_many_classes(session, planned, lan, hoa):
    reserve_seat(session, planned.id, lan.id, now=NOW)
    assert find_reserved_classes(session, lan.id, [planned.id, "0" * 16]) == {planned.id: 1}
    assert find_reserved_classes(session, hoa.id, [planned.id]) == {}
    assert find_reserved_classes(session, None, [planned.id]) == {}
