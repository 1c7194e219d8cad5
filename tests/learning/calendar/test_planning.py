"""Planning classes: what an organiser may announce, move, cancel and restore."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.accounts.account import Account
from lms.learning.accounts.account_store import add_account
from lms.learning.calendar import planned_classes, planning
from lms.learning.calendar.class_plan import ClassPlan
from lms.learning.classroom.lifecycle import opening, rehearsals
from lms.learning.errors import (
    InvalidPlannedClass,
    NotAllowed,
    NotFound,
    PlannedClassCancelled,
    PlannedClassChanged,
    PlannedClassOver,
)
from lms.learning.store.models import ClassSessionRow
from tests.learning.sample_courses import NOW

WARD, OTHER_WARD = "27316", "25750"
TOMORROW = NOW + timedelta(days=1)
PLAN = ClassPlan("vneid", "kich-hoat", TOMORROW, 90, "Nhà văn hóa khu phố 3", address="Hẻm 12", seats=30)


@pytest.fixture
def organiser(session: Session) -> Account:
    return add_account(session, name="Thu", roles={"organiser"}, ward=WARD, by=None, now=NOW)


@pytest.fixture
def calendar(session: Session, library: Library, organiser: Account) -> Calendar:
    return Calendar(session, library, organiser)


class Calendar:
    """The calendar as one organiser uses it."""

    def __init__(self, session: Session, library: Library, by: Account) -> None:
        self.session, self.library, self.by = session, library, by

    def plan(self, plan: ClassPlan = PLAN, **values) -> planned_classes.PlannedClass:
        return self.plan_series(plan, **values)[0]

    def plan_series(self, plan: ClassPlan = PLAN, *, ward: str = WARD, weeks: int = 1):
        return planning.plan_class(
            self.session, plan, ward=ward, library=self.library, by=self.by, now=NOW, weeks=weeks
        )

    def change(self, planned, plan: ClassPlan, *, version: int | None = None, note: str = "", now=NOW):
        return planning.change_plan(
            self.session, planned.id, plan, version=version or planned.version, note=note, library=self.library,
            by=self.by, now=now,
        )  # fmt: skip

    def cancel(self, planned, *, note: str = "", rest: bool = False, now=NOW):
        return planning.cancel_plan(
            self.session, planned.id, version=planned.version, note=note, by=self.by, now=now, rest=rest
        )

    def find(self, planned) -> planned_classes.PlannedClass:
        return planned_classes.find_planned_class(self.session, planned.id)

    def in_days(self, days: int = 7, wards=None) -> list[str]:
        found = planned_classes.find_planned_classes(
            self.session, begin=NOW, end=NOW + timedelta(days=days), wards=wards
        )
        return [planned.plan.venue for planned in found]


def test_a_planned_class_is_in_the_calendar_of_its_ward(calendar):
    planned = calendar.plan()
    assert calendar.find(planned) == planned
    assert (planned.plan, planned.starts_at, planned.ends_at) == (PLAN, TOMORROW, TOMORROW + timedelta(minutes=90))
    assert calendar.in_days(wards=[WARD]) == ["Nhà văn hóa khu phố 3"]
    assert calendar.in_days(wards=[OTHER_WARD]) == []
    assert calendar.in_days(days=1) == []


def test_a_series_is_planned_for_the_same_hour_of_each_week(calendar):
    series = calendar.plan_series(weeks=3)
    assert [planned.starts_at for planned in series] == [TOMORROW + timedelta(days=7 * week) for week in range(3)]
    assert len({planned.series_id for planned in series}) == 1
    assert calendar.plan(replace(PLAN, venue="Đình làng")).series_id is None


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        ({"starts_at": NOW - timedelta(days=1)}, {"starts_at": "past"}),
        ({"starts_at": None, "venue": "  "}, {"starts_at": "missing", "venue": "missing"}),
        ({"starts_at": NOW + timedelta(days=3650)}, {"starts_at": "too_far"}),
        ({"venue": "x" * 81, "bring": "x" * 121}, {"venue": "too_long", "bring": "too_long"}),
        ({"lesson": "khong-co"}, {"lesson": "unknown"}),
        ({"course": "", "lesson": ""}, {"lesson": "missing"}),
        ({"minutes": 5, "seats": 0}, {"minutes": "range", "seats": "range"}),
        ({"map_url": "javascript:alert(1)"}, {"map_url": "not_https"}),
        ({"map_url": "http://ban-do.example"}, {"map_url": "not_https"}),
        ({"language": "xx", "wheelchair": "maybe"}, {"language": "unknown", "wheelchair": "unknown"}),
    ],
)
def test_each_wrong_field_is_told_and_nothing_is_saved(calendar, changed, problems):
    with pytest.raises(InvalidPlannedClass) as refused:
        calendar.plan(replace(PLAN, **changed))
    assert refused.value.problems == problems
    assert calendar.in_days(days=500) == []


def test_a_second_tap_plans_changes_cancels_and_restores_nothing_twice(session, calendar):
    series = calendar.plan_series(weeks=3)
    assert calendar.plan_series(weeks=3) == series
    assert calendar.in_days(30) == [PLAN.venue] * 3
    moved = replace(PLAN, venue="Trường học")
    changed = calendar.change(series[0], moved, note="Mưa")
    assert calendar.change(series[0], moved, note="Mưa") == changed
    [cancelled] = calendar.cancel(changed, note="Bão")
    assert calendar.cancel(changed) == []
    assert calendar.find(cancelled).change_note == "Bão"
    restore = {"version": cancelled.version, "by": calendar.by, "now": NOW}
    restored = planning.restore_plan(session, cancelled.id, **restore)
    assert planning.restore_plan(session, cancelled.id, **restore) == restored


def test_what_was_cancelled_is_planned_anew(calendar):
    first = calendar.plan()
    calendar.cancel(first)
    assert calendar.plan().id != first.id


def test_a_series_has_a_bound(calendar):
    for weeks in (0, 27):
        with pytest.raises(InvalidPlannedClass) as refused:
            calendar.plan_series(weeks=weeks)
        assert refused.value.problems == {"weeks": "range"}


def test_only_organisers_of_the_ward_and_of_the_city_plan(session, library, calendar):
    planned = calendar.plan()
    others = [("Minh", "facilitator", WARD), ("Tâm", "organiser", OTHER_WARD)]
    for name, role, ward in others:
        stranger = Calendar(
            session, library, add_account(session, name=name, roles={role}, ward=ward, by=None, now=NOW)
        )
        for act in (
            stranger.plan,
            lambda one=stranger: one.change(planned, PLAN),
            lambda one=stranger: one.cancel(planned),
        ):
            with pytest.raises(NotAllowed):
                act()
    city = add_account(session, name="Quản trị", roles={"administrator"}, ward="", by=None, now=NOW)
    assert Calendar(session, library, city).plan(ward=OTHER_WARD).ward == OTHER_WARD


def test_a_moved_class_tells_where_and_when_it_was(calendar):
    planned = calendar.plan()
    moved = calendar.change(
        planned, replace(PLAN, starts_at=TOMORROW + timedelta(hours=2), venue="Trường"), note=" Mưa "
    )
    assert (moved.moved_from, moved.previous_venue, moved.change_note) == (TOMORROW, "Nhà văn hóa khu phố 3", "Mưa")
    assert moved.version == planned.version + 1
    back = calendar.change(moved, PLAN)
    assert (back.moved_from, back.previous_venue, back.change_note) == (None, "", "")


def test_another_detail_is_no_move(calendar):
    changed = calendar.change(calendar.plan(), replace(PLAN, bring="căn cước"))
    assert (changed.plan.bring, changed.moved_from, changed.previous_venue) == ("căn cước", None, "")


def test_two_organisers_do_not_overwrite_each_other(calendar):
    planned = calendar.plan()
    calendar.change(planned, replace(PLAN, venue="Trường"))
    with pytest.raises(PlannedClassChanged):
        calendar.change(planned, replace(PLAN, venue="Đình"))
    with pytest.raises(PlannedClassChanged):
        calendar.cancel(planned)
    assert calendar.find(planned).plan.venue == "Trường"


def test_a_cancelled_class_stays_in_the_calendar_and_can_be_restored(session, calendar):
    planned = calendar.plan()
    [cancelled] = calendar.cancel(planned, note="Bão")
    assert (cancelled.is_cancelled, cancelled.change_note) == (True, "Bão")
    assert calendar.in_days() == ["Nhà văn hóa khu phố 3"]
    restored = planning.restore_plan(session, planned.id, version=cancelled.version, by=calendar.by, now=NOW)
    assert (restored.is_cancelled, restored.change_note) == (False, "")


def test_the_rest_of_a_series_is_cancelled_together(calendar):
    series = calendar.plan_series(weeks=3)
    calendar.cancel(series[1], rest=True)
    assert [calendar.find(planned).is_cancelled for planned in series] == [False, True, True]


def test_a_class_of_the_past_is_not_changed(calendar):
    planned = calendar.plan()
    later = TOMORROW + timedelta(hours=3)
    with pytest.raises(PlannedClassOver):
        calendar.change(planned, replace(PLAN, starts_at=later + timedelta(days=1)), now=later)
    with pytest.raises(PlannedClassOver):
        calendar.cancel(planned, now=later)


def test_an_unknown_class_is_not_found(calendar):
    with pytest.raises(NotFound):
        planned_classes.find_planned_class(calendar.session, "0" * 16)


def test_a_class_that_was_opened_shows_itself_as_held(session, library, calendar):
    planned = calendar.plan()
    [offered] = planned_classes.find_classes_to_open(session, wards=[WARD], now=TOMORROW - timedelta(hours=1))
    assert offered == planned
    opened = open_class(session, library)
    planning.link_opened_class(session, planned.id, opened, now=NOW)
    assert calendar.find(planned).is_held
    assert planned_classes.find_classes_to_open(session, wards=[WARD], now=TOMORROW) == []
    with pytest.raises(PlannedClassChanged):
        planning.link_opened_class(session, planned.id, open_class(session, library, account="Hạnh"), now=NOW)
    with pytest.raises(PlannedClassOver):
        calendar.change(planned, PLAN)


def test_a_cancelled_class_is_not_opened(session, library, calendar):
    planned = calendar.plan()
    calendar.cancel(planned)
    assert planned_classes.find_classes_to_open(session, wards=[WARD], now=TOMORROW) == []
    with pytest.raises(PlannedClassCancelled):
        planning.link_opened_class(session, planned.id, open_class(session, library), now=NOW)


def test_classes_of_another_day_or_ward_are_not_offered_to_open(session, calendar):
    calendar.plan(replace(PLAN, starts_at=NOW + timedelta(days=3)))
    assert planned_classes.find_classes_to_open(session, wards=[WARD], now=NOW) == []
    calendar.plan()
    assert planned_classes.find_classes_to_open(session, wards=[OTHER_WARD], now=TOMORROW) == []
    over = TOMORROW + timedelta(minutes=90)
    assert planned_classes.find_classes_to_open(session, wards=[WARD], now=over) == []


def test_a_class_is_done_once_the_class_that_was_opened_from_it_is_closed(session, library, calendar):
    planned = calendar.plan()
    opened = open_class(session, library)
    planning.link_opened_class(session, planned.id, opened, now=TOMORROW)
    assert not calendar.find(planned).is_done
    close_class(session, opened, at=TOMORROW + timedelta(hours=1))
    assert calendar.find(planned).is_done
    close_class(session, opened, at=None)  # reopened
    assert (calendar.find(planned).is_held, calendar.find(planned).is_done) == (True, False)


def test_a_class_that_was_closed_before_its_hour_can_be_opened_again(session, library, calendar):
    planned = calendar.plan()
    tried = open_class(session, library)
    planning.link_opened_class(session, planned.id, tried, now=NOW)
    close_class(session, tried, at=TOMORROW - timedelta(hours=1))
    [offered] = planned_classes.find_classes_to_open(session, wards=[WARD], now=TOMORROW)
    assert (offered.is_held, offered.is_done) == (False, False)
    planning.link_opened_class(session, planned.id, open_class(session, library, account="Hạnh"), now=TOMORROW)
    assert calendar.find(planned).is_held


def close_class(session: Session, class_id: str, *, at: datetime | None) -> None:
    session.execute(update(ClassSessionRow).where(ClassSessionRow.id == class_id).values(closed_at=at))


def open_class(session: Session, library: Library, account: str = "Minh") -> str:
    minh = add_account(session, name=account, roles={"facilitator"}, ward=WARD, by=None, now=NOW)
    lesson = library.lesson("vneid", "kich-hoat")
    return opening.open_class_session(session, account_id=minh.id, ward=WARD, lesson=lesson, now=NOW).id


def test_a_rehearsal_is_deleted_though_a_plan_points_at_it(session, library, calendar):
    minh = add_account(session, name="Minh", roles={"facilitator"}, ward=WARD, by=None, now=NOW)
    lesson = library.lesson("vneid", "kich-hoat")
    rehearsal = opening.open_class_session(
        session, account_id=minh.id, ward=WARD, lesson=lesson, is_rehearsal=True, now=NOW
    )
    with pytest.raises(NotAllowed):
        planning.link_opened_class(session, calendar.plan().id, rehearsal.id, now=NOW)
    assert rehearsals.delete_old_rehearsals(session, now=NOW + timedelta(days=2)) == 1
