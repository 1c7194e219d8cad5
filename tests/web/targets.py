"""Targets and figures counted by hand, for tests."""

from __future__ import annotations

from flask import Flask

from lms import vietnam_time
from lms.learning.org_units.unit_store import find_unit
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.targets import hand_counted_figures, target_admin
from lms.learning.targets.target_store import PublicTarget, Target, find_public_targets, find_target
from lms.web import clock
from tests.web.signed_in_clients import WARD, engine_of, make_account


def this_year() -> str:
    return str(vietnam_time.to_vietnam_time(clock.now()).year)


def add_target(
    app: Flask, unit_id: str = WARD, number: int = 20, indicator: str = "signatures", *, period: str = ""
) -> str:
    """The id of a target of this year, or another period, that the unit has registered."""
    with write_sessions(engine_of(app)).begin() as session:
        ward = find_unit(session, unit_id).ward
    organiser = make_account(app, "Thu", {"organiser"}, ward)
    with write_sessions(engine_of(app)).begin() as session:
        return target_admin.add_target(
            session, unit_id=unit_id, indicator=indicator, period=period or this_year(), origin="registered",
            number=number, by=organiser, now=clock.now(),
        ).id  # fmt: skip


def sign_target(app: Flask, target_id: str) -> None:
    target = read_target(app, target_id)
    organiser = make_account(app, "Thu", {"organiser"}, target.ward)
    with write_sessions(engine_of(app)).begin() as session:
        target_admin.sign_target(session, target_id, version=target.version, by=organiser, now=clock.now())


def enter_hand_counted_figure(app: Flask, unit_id: str = WARD, number: int = 7) -> str:
    """The id of a figure of signatures, of today."""
    with write_sessions(engine_of(app)).begin() as session:
        ward = find_unit(session, unit_id).ward
    organiser = make_account(app, "Thu", {"organiser"}, ward)
    now = clock.now()
    with write_sessions(engine_of(app)).begin() as session:
        return hand_counted_figures.enter_hand_counted_figure(
            session, unit_id=unit_id, indicator="signatures", day=vietnam_time.to_vietnam_time(now).date(),
            number=number, note="Ngày hội", by=organiser, now=now,
        ).id  # fmt: skip


def read_target(app: Flask, target_id: str) -> Target:
    with read_sessions(engine_of(app))() as session:
        return find_target(session, target_id)


def read_public_targets(app: Flask, ward: str = WARD) -> list[PublicTarget]:
    with read_sessions(engine_of(app))() as session:
        return find_public_targets(session, ward=ward, periods=[this_year()])
