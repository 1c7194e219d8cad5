"""Units for tests."""

from __future__ import annotations

from flask import Flask

from lms.learning.org_units.unit_admin import add_units
from lms.learning.org_units.unit_list import ListLine
from lms.learning.org_units.unit_store import OrgUnit, find_unit, find_units
from lms.learning.store.database import read_sessions, write_sessions
from lms.web import clock
from tests.web.signed_in_clients import WARD, engine_of, make_account


def add_unit(app: Flask, name: str = "Khu phố 3", *, ward: str = WARD) -> str:
    """The id of a unit that an organiser of the ward has added."""
    organiser = make_account(app, "Thu", {"organiser"}, ward)
    with write_sessions(engine_of(app)).begin() as session:
        lines = [ListLine(1, (name,))]
        checked = add_units(session, lines, ward=ward, by=organiser, now=clock.now(), confirms_similar=True)
    return checked.units[0].id


def read_unit(app: Flask, unit_id: str) -> OrgUnit:
    with read_sessions(engine_of(app))() as session:
        return find_unit(session, unit_id)


def read_units(app: Flask, ward: str = WARD) -> list[OrgUnit]:
    with read_sessions(engine_of(app))() as session:
        return find_units(session, ward=ward, include_closed=True)
