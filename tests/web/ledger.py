"""The ledger of organisers on pages, for tests."""

from __future__ import annotations

from flask import Flask

from lms import vietnam_time
from lms.learning.accounts.account import Account
from lms.learning.ledger.entries import find_public_targets
from lms.learning.org_units.unit_store import find_unit
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.store.models import LedgerEntry
from lms.web import clock
from tests.ledger_entries import store_cell
from tests.web.signed_in_clients import WARD, engine_of, make_account


def this_year() -> str:
    return str(vietnam_time.to_vietnam_time(clock.now()).year)


def this_month() -> str:
    return f"{vietnam_time.to_vietnam_time(clock.now()):%Y-%m}"


def ledger_of(unit_id: str = WARD, period: str = "") -> str:
    """The address of the ledger of a unit for this year, or another period."""
    return f"/quan-ly/bao-cao/{unit_id}/{period or this_year()}/ghi"


def add_target(
    app: Flask, unit_id: str = WARD, number: int | None = 20, indicator: str = "signatures", *, period: str = "",
    signs: bool = False,
) -> None:  # fmt: skip
    """A target of this year, or another period, that the unit registers; with ``signs`` it is public."""
    store_cell(
        engine_of(app), unit_id, period or this_year(), "registered", indicator, number, by=_organiser(app, unit_id),
        now=clock.now(), signs=signs,
    )  # fmt: skip


def enter_hand_counted_figure(app: Flask, unit_id: str = WARD, number: int = 7) -> None:
    """A figure of signatures, of this month."""
    store_cell(
        engine_of(app), unit_id, this_month(), "counted", "signatures", number, "Ngày hội",
        by=_organiser(app, unit_id), now=clock.now(),
    )  # fmt: skip


def read_public_targets(app: Flask, ward: str = WARD) -> list[LedgerEntry]:
    with read_sessions(engine_of(app))() as session:
        return find_public_targets(session, ward=ward, periods=[this_year()])


def _organiser(app: Flask, unit_id: str) -> Account:
    with write_sessions(engine_of(app)).begin() as session:
        ward = find_unit(session, unit_id).ward
    return make_account(app, "Thu", {"organiser"}, ward)
