"""Planned classes for tests, and their forms."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from lxml import html
from werkzeug.test import TestResponse

from lms import vietnam_time
from lms.learning.calendar import planning
from lms.learning.calendar.class_plan import ClassPlan
from lms.learning.calendar.planned_classes import PlannedClass, find_planned_class
from lms.learning.store.database import read_sessions, write_sessions
from lms.web import clock
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import WARD, csrf_token, engine_of, make_account

FORM = {
    "bai": "vneid/ba-loai-ma", "gio": "08:30", "phut": "90", "noi": "Nhà văn hóa khu phố 3", "so-tuan": "1",
    "xe-lan": "yes", "tieng": "vi", "so-cho": "30",
}  # fmt: skip


def plan_class(
    app: Flask,
    *,
    ward: str = WARD,
    starts_at: datetime | None = None,
    weeks: int = 1,
    lesson: str = "vneid/ba-loai-ma",
    **details,
) -> PlannedClass:
    """A class that an organiser of the ward has planned, by default for tomorrow."""
    organiser = make_account(app, "Thu", {"organiser"}, ward)
    plan = ClassPlan(
        *lesson.split("/"), starts_at or clock.now() + timedelta(days=1), 90,
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


def tomorrow(days: int = 1) -> str:
    """A day to come, as a date field sends it."""
    return (vietnam_time.to_vietnam_time(clock.now()) + timedelta(days=days)).date().isoformat()


def submit(client: CheckingClient, address: str = "/quan-ly/lich/moi", **fields: str) -> TestResponse:
    """Send the form of a plan, filled in but for ``fields``, whose underscores stand for hyphens."""
    values = FORM | {"ngay": tomorrow(), "csrf_token": csrf_token(client)}
    return client.post(address, data=values | {name.replace("_", "-"): value for name, value in fields.items()})


def planned_id(response: TestResponse) -> str:
    """The id of the class that a sent form has planned."""
    assert response.status_code == 303, response.text
    return response.location.split("/")[3].partition("?")[0]


def errors(response: TestResponse) -> list[str]:
    """What the form says is wrong, in its order."""
    alerts = html.fromstring(response.text).xpath("//*[@role='alert']")
    return [text_of(alert) for alert in alerts]
