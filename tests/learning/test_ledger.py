"""The ledger of organisers: periods, indicators with sources, who may write what, what counts and what is public."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from lms.learning.accounts import account_store
from lms.learning.accounts.account import Account
from lms.learning.accounts.forgetting import Transactions, erase_names, revoke_duties
from lms.learning.errors import InvalidLedgerEntry, LedgerChanged, NotAllowed
from lms.learning.ledger import entries
from lms.learning.ledger.indicators import all_indicators
from lms.learning.ledger.period_report import build_report
from lms.learning.ledger.periods import parse_period
from lms.learning.org_units import unit_admin
from lms.learning.org_units.unit_list import ListLine
from lms.learning.org_units.unit_store import OrgUnit, find_unit
from tests.learning.sample_courses import NOW
from tests.ledger_entries import period, write_cell

WARD = "27316"
YEAR, MONTH = str(NOW.year), f"{NOW:%Y-%m}"


@pytest.fixture
def organiser(session: Session) -> Account:
    return account_store.add_account(session, name="Lê Thu", roles={"organiser"}, ward=WARD, by=None, now=NOW)


@pytest.fixture
def of_city(session: Session) -> Account:
    return account_store.add_account(session, name="Hà", roles={"organiser"}, ward="", by=None, now=NOW)


def add_unit(session: Session, by: Account) -> OrgUnit:
    return unit_admin.add_units(session, [ListLine(1, ("Khu phố 3",))], ward=WARD, by=by, now=NOW).units[0]


def write(session: Session, by: Account, number: int | None = 20, kind: str = "registered", **values: Any) -> None:
    cell: dict[str, Any] = {"unit_id": WARD, "key": YEAR, "indicator": "signatures"} | values
    write_cell(session, kind=kind, number=number, by=by, now=NOW, **cell)


def public(session: Session) -> list[tuple[str, int | None]]:
    return [(one.unit_id, one.number) for one in entries.find_public_targets(session, ward=WARD, periods=[YEAR])]


@pytest.mark.parametrize(
    ("key", "first", "last", "months"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31), 12),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), 3),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), 3),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29), 1),
    ],
)
def test_a_period_has_a_first_and_a_last_day_and_months(key, first, last, months):
    found = period(key)
    assert (found.first, found.last, len(found.month_keys)) == (first, last, months)
    assert found.month_keys[-1] == f"{last:%Y-%m}"


@pytest.mark.parametrize("key", ["", "2026-13", "2026-Q5", "26", "2026-1", "2026-Q4-01", "२०२६"])
def test_anything_else_is_no_period(key):
    assert parse_period(key) is None


def test_every_indicator_has_a_source_with_a_date():
    for indicator in all_indicators().values():
        assert indicator.name_en and indicator.what_en
        assert indicator.name and indicator.what and indicator.source and date.fromisoformat(indicator.source_date)
        assert len(indicator.key) <= 20


def test_a_correction_is_a_later_entry_and_what_is_signed_stays_public_until_the_next_signature(session, organiser):
    write(session, organiser)
    assert public(session) == []
    write(session, organiser, signs=True)
    write(session, organiser, signs=True)  # a second tap
    write(session, organiser, 30)
    assert public(session) == [(WARD, 20)]
    write(session, organiser, None)
    assert public(session) == [(WARD, 20)]
    write(session, organiser, None, signs=True)
    assert public(session) == []
    for number in (40, 50):
        write(session, organiser, number, signs=True)
        assert public(session) == [(WARD, number)]
    history = [(entry.number, entry.is_signed) for entry, _ in entries.find_history(session, WARD, YEAR)][2:]
    assert history == [(None, True), (None, False), (30, False), (20, True), (20, False)]


def test_nobody_signs_or_overwrites_what_she_has_not_seen(session, organiser):
    write(session, organiser)
    seen = entries.find_history(session, WARD, YEAR)[0][0].id
    write(session, organiser, 30)
    for number, signs in ((20, True), (40, False)):
        with pytest.raises(LedgerChanged):
            write(session, organiser, number, signs=signs, seen=seen)
    write(session, organiser, 3, indicator="classes", seen=seen)  # another cell
    assert public(session) == []


def test_only_the_city_gives_to_a_ward_and_nobody_to_the_city(session, organiser, of_city):
    with pytest.raises(NotAllowed):
        write(session, organiser, kind="given")
    write(session, of_city, 30, kind="given")
    write(session, organiser)
    found = entries.find_targets(session, ward=WARD, periods=[YEAR])
    assert {entry.kind: entry.number for entry in found} == {"given": 30, "registered": 20}
    with pytest.raises(LedgerChanged):
        write(session, of_city, unit_id="tp", kind="given")
    unit = add_unit(session, organiser)
    write(session, organiser, unit_id=unit.id, kind="given")


def test_a_closed_unit_gets_no_target_and_figures_are_of_a_month(session, organiser):
    unit = add_unit(session, organiser)
    write(session, organiser, unit_id=unit.id, indicator="classes")
    unit_admin.close_unit(session, unit.id, version=1, by=organiser, now=NOW)
    wrong: list[dict[str, Any]] = [{"unit_id": unit.id}, {"kind": "counted"}, {"indicator": "none"}, {"kind": "other"}]
    for values in wrong:
        with pytest.raises(LedgerChanged):
            write(session, organiser, **values)
    write(session, organiser, None, unit_id=unit.id, indicator="classes")  # it can be taken back
    assert len(entries.find_history(session, unit.id, YEAR)) == 2


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"number": 0}, "range"),
        ({"number": 20_000_001}, "range"),
        ({"kind": "counted", "text": "x" * 121, "key": MONTH}, "too_long"),
        ({"kind": "counted", "text": "Hỏi 0912345678", "key": MONTH}, "telephone"),
        ({"kind": "note", "indicator": "proposals", "number": None, "text": "dòng\n" * 7}, "too_long"),
    ],
)
def test_a_wrong_cell_is_told_and_nothing_is_written(session, organiser, values: dict[str, Any], problem: str):
    with pytest.raises(InvalidLedgerEntry) as told:
        write(session, organiser, **values)
    assert list(told.value.problems.values()) == [problem]
    assert entries.find_history(session, WARD, values.get("key", YEAR)) == []


def test_an_account_of_another_ward_writes_nothing(session):
    other = account_store.add_account(session, name="Ba", roles={"organiser"}, ward="25750", by=None, now=NOW)
    cells: list[dict[str, Any]] = [{}, {"kind": "counted", "key": MONTH}, {"kind": "note", "indicator": "proposals"}]
    for values in cells:
        with pytest.raises(NotAllowed):
            write(session, other, **values)


def test_a_ward_has_what_its_units_counted_in_the_months_of_the_period(session, organiser):
    unit = add_unit(session, organiser)
    before = f"{NOW - timedelta(days=400):%Y-%m}"
    for unit_id, key, number in ((WARD, MONTH, 10), (unit.id, MONTH, 500), (unit.id, MONTH, 5), (WARD, before, 1000)):
        write(session, organiser, number, "counted", unit_id=unit_id, key=key)

    def counted(unit_id: str) -> dict[str, int]:
        report = build_report(session, find_unit(session, unit_id), period(YEAR), now=NOW)
        return {line.key: line.now for line in report.entered if line.now}

    assert (counted(WARD), counted(unit.id)) == ({"signatures": 15}, {"signatures": 5})
    write(session, organiser, None, "counted", unit_id=unit.id, key=MONTH)
    assert (counted(WARD), counted(unit.id)) == ({"signatures": 10}, {})


def test_forgetting_an_account_leaves_the_history_without_the_name(session, organiser):
    write(session, organiser, signs=True)
    write(session, organiser, None, "note", indicator="proposals", text="Lê Thu đứng một mình ba lớp.")

    def run(work):
        return work(session)

    revoke_duties(session, organiser, now=NOW)
    erase_names(Transactions(read=run, write=run), organiser.id, now=NOW)
    session.expire_all()
    history = entries.find_history(session, WARD, YEAR)
    assert [(name, entry.number) for entry, name in history] == [("Người đã rời đi", None), ("Người đã rời đi", 20)]
    assert entries.find_notes(session, WARD, YEAR)["proposals"].text == "người đã rời đi đứng một mình ba lớp."
