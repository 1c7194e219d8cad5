"""Planned classes for tests, and their forms."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from lms.learning.calendar import planning
from lms.learning.calendar.plan import Plan
from lms.learning.calendar.planned_classes import PlannedClass, find_planned_class
from lms.learning.store.database import read_sessions, write_sessions
from lms.web import clock
from tests.web.signed_in_clients import WARD, engine_of, make_account


def plan_class(
    app: Flask, *, ward: str = WARD, starts_at: datetime | None = None, weeks: int = 1, **details
) -> PlannedClass:
    """A class that an organiser of the ward has planned, by default for tomorrow."""
    organiser = make_account(app, "Thu", {"organiser"}, ward)
    plan = Plan(
        "vneid", "ba-loai-ma", starts_at or clock.now() + timedelta(days=1), 90,
        **{"venue": "Nhà văn hóa khu phố 3"} | details,
    )  # fmt: skip
    library = app.extensions["catalog"].library
    with write_sessions(engine_of(app)).begin() as session:
        return planning.plan_class(
            session, plan, ward=ward, library=library, by=organiser, now=clock.now(), weeks=weeks
        )[0]


def read_planned_class(app: Flask, planned_class_id: str) -> PlannedClass:
    with read_sessions(engine_of(app))() as session:
        return find_planned_class(session, planned_class_id)
