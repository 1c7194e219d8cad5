"""Targets: periods, indicators with sources, history, and what units and wards have reached."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from lms.learning.accounts import account_store
from lms.learning.accounts.account import Account
from lms.learning.accounts.forgetting import Transactions, erase_names, revoke_duties
from lms.learning.errors import InvalidTarget, NotAllowed, TargetChanged
from lms.learning.org_units import unit_admin
from lms.learning.org_units.unit_list import ListLine
from lms.learning.store.models import DailyFigure, UnitFigure
from lms.learning.targets import hand_counted_figures, target_admin, target_store
from lms.learning.targets.indicators import all_indicators
from lms.learning.targets.periods import Period, offered_periods, parse_period
from lms.learning.targets.target_progress import TargetProgress, TargetProgressReader
from tests.learning.sample_courses import NOW

WARD = "27316"
YEAR = str(NOW.year)


@pytest.fixture
def organiser(session: Session) -> Account:
    return account_store.add_account(session, name="Lê Thu", roles={"organiser"}, ward=WARD, by=None, now=NOW)


def add(session: Session, by: Account, **values):
    wanted = {"unit_id": WARD, "indicator": "classes", "period": YEAR, "origin": "registered", "number": 20}
    return target_admin.add_target(session, **wanted | values, by=by, now=NOW)


def period(key: str) -> Period:
    found = parse_period(key)
    assert found, key
    return found


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(key, first, last):
    assert (period(key).first, period(key).last) == (first, last)


@pytest.mark.parametrize("key", ["", "2026-13", "2026-Q5", "26", "2026-1", "2026-Q4-01", "२०२६"])
def test_anything_else_is_no_period(key):
    assert parse_period(key) is None


def test_periods_that_are_over_are_not_offered():
    names = [one.key for one in offered_periods(date(2026, 11, 29))]
    assert names[:4] == ["2026", "2026-Q4", "2026-11", "2026-12"] and "2027-Q1" in names and "2026-10" not in names


def test_every_indicator_has_a_source_with_a_date():
    for indicator in all_indicators().values():
        assert indicator.name_en and indicator.what_en
        assert indicator.name and indicator.what and indicator.source and date.fromisoformat(indicator.source_date)
        assert len(indicator.key) <= 20


def test_only_the_city_gives_to_a_ward_and_nobody_to_the_city(session, organiser):
    with pytest.raises(NotAllowed):
        add(session, organiser, origin="given")
    of_city = account_store.add_account(session, name="Hà", roles={"organiser"}, ward="", by=None, now=NOW)
    given = add(session, of_city, origin="given", number=30)
    registered = add(session, organiser)
    found = target_store.find_targets(session, ward=WARD, periods=[YEAR])
    assert {target.origin: target.number for target in found} == {"given": 30, "registered": 20}
    assert given.id != registered.id
    with pytest.raises(NotAllowed):
        target_admin.sign_target(session, given.id, version=1, by=organiser, now=NOW)
    with pytest.raises(InvalidTarget):
        add(session, of_city, unit_id="tp", origin="given")


def test_a_closed_unit_gets_no_new_target(session, organiser):
    [unit] = unit_admin.add_units(session, [ListLine(1, ("Khu phố 3",))], ward=WARD, by=organiser, now=NOW).units
    unit_admin.close_unit(session, unit.id, version=1, by=organiser, now=NOW)
    with pytest.raises(InvalidTarget):
        add(session, organiser, unit_id=unit.id)


def test_nobody_signs_a_number_that_she_has_not_seen(session, organiser):
    target = add(session, organiser)
    target_admin.change_target(session, target.id, 25, version=1, by=organiser, now=NOW)
    with pytest.raises(TargetChanged):
        target_admin.sign_target(session, target.id, version=1, by=organiser, now=NOW)
    assert target_store.find_public_targets(session, ward=WARD, periods=[YEAR]) == []
    target_admin.sign_target(session, target.id, version=2, by=organiser, now=NOW)
    [public] = target_store.find_public_targets(session, ward=WARD, periods=[YEAR])
    assert (public.unit_id, public.number, public.signed_at) == (WARD, 25, NOW)


def test_the_history_stays_when_who_wrote_it_is_forgotten(session, organiser):
    target = add(session, organiser)
    target_admin.sign_target(session, target.id, version=1, by=organiser, now=NOW + timedelta(hours=1))
    hand_counted_figures.enter_hand_counted_figure(
        session, unit_id=WARD, indicator="places", day=NOW.date(), number=3, note="", by=organiser, now=NOW
    )
    revoke_duties(session, organiser, now=NOW)
    in_session = Transactions(lambda work: work(session), lambda work: work(session))
    erase_names(in_session, organiser.id, now=NOW)
    history = target_store.find_target_history(session, target.id)
    assert [(entry.account_name, entry.is_signature, entry.before, entry.after) for entry in history] == [
        ("Người đã rời đi", True, None, 20), ("Người đã rời đi", False, None, 20),
    ]  # fmt: skip
    [figure] = hand_counted_figures.find_hand_counted_figures(session, ward=WARD, first=NOW.date(), last=NOW.date())
    assert (figure.entered_by, figure.number) == ("Người đã rời đi", 3)


def test_a_ward_has_reached_what_its_units_entered_within_the_period(session, organiser):
    [unit] = unit_admin.add_units(session, [ListLine(1, ("Khu phố 3",))], ward=WARD, by=organiser, now=NOW).units

    def enter(unit_id: str, day: date, number: int):
        return hand_counted_figures.enter_hand_counted_figure(
            session, unit_id=unit_id, indicator="signatures", day=day, number=number, note="", by=organiser, now=NOW
        )

    enter(WARD, NOW.date(), 10)
    withdrawn = enter(unit.id, NOW.date(), 500)
    enter(unit.id, NOW.date(), 5)
    enter(unit.id, NOW.date() - timedelta(days=400), 1000)
    hand_counted_figures.withdraw_hand_counted_figure(session, withdrawn.id, by=organiser, now=NOW)
    reached = TargetProgressReader(session, ward=WARD, period=period(YEAR))
    assert reached.of(WARD, "signatures") == TargetProgress(None, 15)
    assert reached.of(WARD, "classes") == TargetProgress(0, 0)
    assert reached.of(unit.id, "signatures") == TargetProgress(None, 5)
    assert reached.of(unit.id, "places").total == 0


def test_a_ward_has_reached_what_was_counted_of_it_within_the_period(session):
    for day, indicator, count in (
        (NOW.date(), "classes", 3),
        (NOW.date(), "attendances", 40),
        (NOW.date(), "without_phone", 2),
        (NOW.date() - timedelta(days=400), "classes", 100),
    ):
        session.add(DailyFigure(day=day, ward=WARD, indicator=indicator, count=count))
    session.add(DailyFigure(day=NOW.date(), ward="25750", indicator="classes", count=9))
    session.flush()
    reached = TargetProgressReader(session, ward=WARD, period=period(YEAR))
    assert reached.of(WARD, "classes") == TargetProgress(3, 0)
    assert reached.of(WARD, "attendances") == TargetProgress(42, 0)


def test_a_unit_has_reached_what_its_classes_were_counted_for(session, organiser):
    units = unit_admin.add_units(
        session, [ListLine(1, ("Khu phố 3",)), ListLine(2, ("Khu phố 4",))], ward=WARD, by=organiser, now=NOW
    ).units
    for indicator, count in (("classes", 1), ("attendances", 30), ("without_phone", 4), ("learners", 25)):
        session.add(UnitFigure(day=NOW.date(), unit_id=units[0].id, indicator=indicator, count=count))
    session.flush()
    reached = TargetProgressReader(session, ward=WARD, period=period(YEAR))
    assert reached.of(units[0].id, "classes") == TargetProgress(1, 0)
    assert reached.of(units[0].id, "attendances") == TargetProgress(34, 0)
    assert reached.of(units[1].id, "learners") == TargetProgress(0, 0)
    assert reached.of(units[0].id, "signatures") == TargetProgress(None, 0)
    assert reached.of(WARD, "classes") == TargetProgress(0, 0)
