"""Pages of the calendar that several workers serve: they ask the database seldom, and are right within two seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import Connection, Engine, delete, event, update

from lms.learning.calendar.planned_classes import PlannedClass
from lms.learning.calendar.reservations import reserve_seat
from lms.learning.store.database import make_engine, write_sessions
from lms.learning.store.models import PlannedClassRow, ReservationRow
from lms.web import clock
from tests.lock_waits import run_in_thread
from tests.web.page_texts import text_of
from tests.web.planned_classes import plan_class
from tests.web.signed_in_clients import OTHER_WARD, engine_of

pytestmark = pytest.mark.both_stores

ADDRESSES = ("/phuong/an-dong", "/lich", "/lich?phuong=an-dong", "/lich/{id}")
BEGIN = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)


class Time:
    """The time of the site, which a test moves on."""

    def __init__(self) -> None:
        self.now = BEGIN

    def advance(self, **given: float) -> None:
        self.now += timedelta(**given)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(clock, "now", lambda: time.now)
    return time


@pytest.fixture
def planned(app: Flask, time: Time) -> PlannedClass:
    return plan_class(app, seats=1, venue="Đình làng")


@pytest.fixture
def other_worker(app: Flask) -> Iterator[Engine]:
    engine = make_engine(engine_of(app).url.render_as_string(hide_password=False))
    yield engine
    engine.dispose()


def words(client, address: str) -> str:
    return text_of(html.fromstring(client.get(address).text).find(".//main"))


@contextmanager
def counted_statements(app: Flask) -> Iterator[list[str]]:
    """What the site asks the database."""
    statements: list[str] = []
    engine = engine_of(app)

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_who_changes_a_class_sees_it_though_others_look_while_it_is_saved(app, lan, hoa, planned, time):
    engine = engine_of(app)
    assert "Đình làng" in words(lan, "/lich")

    def look(_connection: Connection) -> None:
        assert "Đình làng" in run_in_thread(lambda: words(hoa, "/lich")).result()

    event.listen(engine, "commit", look, once=True)
    with write_sessions(engine).begin() as session:
        session.execute(update(PlannedClassRow).values(venue="Chợ mới", version=PlannedClassRow.version + 1))
    assert "Chợ mới" in words(lan, "/lich")


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_another_worker_changed_is_shown_within_two_seconds(lan, planned, other_worker, time, address):
    address = address.format(id=planned.id)
    assert "Đình làng" in words(lan, address)
    with write_sessions(other_worker).begin() as session:
        session.execute(update(PlannedClassRow).values(venue="Chợ Lớn", version=2, previous_venue="Đình làng"))
    time.advance(seconds=2)
    assert "Chợ Lớn" in words(lan, address)


@pytest.mark.parametrize("address", ADDRESSES)
def test_seats_that_another_worker_gave_and_took_back_are_known_within_two_seconds(
    lan, planned, other_worker, time, address
):
    address = address.format(id=planned.id)
    assert "chỗ đã giữ hết" not in words(lan, address) and "Đã đủ chỗ" not in words(lan, address)
    with write_sessions(other_worker).begin() as session:
        reserve_seat(session, planned.id, "1a" * 16, now=time.now)
    time.advance(seconds=2)
    assert "1 chỗ đã giữ hết" in words(lan, address) or "Đã đủ chỗ" in words(lan, address)
    with write_sessions(other_worker).begin() as session:
        session.execute(delete(ReservationRow))
    time.advance(seconds=2)
    assert "chỗ đã giữ hết" not in words(lan, address) and "Đã đủ chỗ" not in words(lan, address)


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_this_worker_changed_is_shown_at_once(app, lan, planned, time, address):
    address = address.format(id=planned.id)
    assert "Đình làng" in words(lan, address)
    with write_sessions(engine_of(app)).begin() as session:
        session.execute(update(PlannedClassRow).values(venue="Chợ Lớn", version=2))
    assert "Chợ Lớn" in words(lan, address)


@pytest.mark.parametrize("address", [*ADDRESSES, "/phuong/an-hoi-dong"])
def test_phones_that_come_within_a_second_ask_the_database_once(app, lan, planned, time, address):
    """Also the page of a ward without a class, which shows those of its neighbours."""
    address = address.format(id=planned.id)
    first = lan.get(address)
    with counted_statements(app) as statements:
        time.advance(seconds=0.9)
        assert lan.get(address).data == first.data
    assert statements == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_phone_that_holds_a_seat_sees_it_and_no_other_phone_does(app, lan, hoa, planned, time, address):
    address = address.format(id=planned.id)
    other = plan_class(app, ward=OTHER_WARD, venue="Chợ Lớn", starts_at=BEGIN + timedelta(hours=5))
    for page in (lan.get(address), hoa.get(address)):
        assert "Bác giữ chỗ" not in page.text
    hoa.post(f"/lich/{planned.id}/giu-cho")
    assert "Bác giữ chỗ số 1" in hoa.get(address).text
    lan.post(f"/lich/{other.id}/giu-cho")
    mine = lan.get(address)
    assert mine.headers["Cache-Control"] == "no-store"
    assert mine.text.count("Bác giữ chỗ") == (1 if address in ("/lich", "/lich?phuong=an-dong") else 0)
    hoa.post(f"/lich/{planned.id}/tra-cho")
    assert "Bác giữ chỗ" not in hoa.get(address).text
