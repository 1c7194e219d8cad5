"""Reopening a class that was closed by mistake, for a limited time."""

from __future__ import annotations

import pytest

from lms.learning.classroom.access import class_helpers, wifi
from lms.learning.classroom.lifecycle.opening import REOPEN_WINDOW, can_reopen, reopen_class_session
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session import queries
from lms.learning.classroom.session.seat_store import find_seat
from lms.learning.errors import AnswersLocked, ClassClosed, NotAllowed, NotFound
from lms.learning.store.models import ClassSessionRow
from tests.learning.classroom.live_class import LiveClass
from tests.learning.sample_courses import NOW


def test_a_reopened_class_has_its_code_seats_and_step(live_class: LiveClass):
    seat = live_class.join()
    live_class.ask_question("q1")
    live_class.answer(seat, "q1", "b")
    before = live_class.class_session
    live_class.command(close=True)
    assert can_reopen(live_class.class_session, NOW)
    after = reopen_class_session(live_class.session, live_class.id, account_id=live_class.minh, now=NOW).class_session
    assert (after.closed_at, after.personal_until) == (None, None)
    assert (after.code, after.state) == (before.code, before.state.without_passing())
    assert after.version > before.version + 1
    assert queries.find_open_class_session(live_class.session, live_class.code).id == live_class.id
    assert find_seat(live_class.session, live_class.id, seat.number).learner_id == seat.learner_id
    assert live_class.answer(seat, "q1", "a").given == ("a",)
    assert live_class.join().number == 2


def test_reopening_twice_or_an_open_class_changes_nothing(live_class: LiveClass):
    version = live_class.class_session.version
    assert (
        reopen_class_session(
            live_class.session, live_class.id, account_id=live_class.minh, now=NOW
        ).class_session.version
        == version
    )
    live_class.command(close=True)
    first, second = (
        reopen_class_session(live_class.session, live_class.id, account_id=live_class.minh, now=NOW) for _ in range(2)
    )
    assert first.class_session == second.class_session
    assert (first.changed, second.changed) == (True, False)


def test_a_closed_class_keeps_nothing_that_passes_and_works_when_reopened(live_class: LiveClass):
    live_class.join()
    live_class.ask_question("q1")
    wifi.set_wifi(live_class.session, live_class.id, account_id=live_class.minh, name="Nhà văn hóa", password="")
    class_helpers.invite_helpers(live_class.session, live_class.id, account_id=live_class.minh, now=NOW)
    live_class.command(codes=True)
    live_class.command(step="hoi-q1", last_minute=True)
    live_class.command(**{"break": 10})
    before = live_class.class_session.state
    assert before.break_until and before.last_minute_until and before.join_codes_until and before.steered_at
    live_class.command(close=True)
    closed = live_class.class_session.state
    passing = (closed.wifi, closed.break_until, closed.last_minute_until, closed.join_codes_until)
    assert (*passing, closed.steered_at) == (None, None, None, None, {})
    row = live_class.session.get(ClassSessionRow, live_class.id, populate_existing=True)
    assert (row.helper_digest, row.helper_until) == (None, None)
    reopen_class_session(live_class.session, live_class.id, account_id=live_class.minh, now=NOW)
    assert not live_class.class_session.state.is_on_break(NOW)
    assert live_class.command(**{"break": 5}).changed
    class_helpers.invite_helpers(live_class.session, live_class.id, account_id=live_class.minh, now=NOW)


def test_a_locked_question_stays_locked(live_class: LiveClass):
    seat = live_class.join()
    live_class.ask_question("q1", "locked")
    live_class.command(close=True)
    reopen_class_session(live_class.session, live_class.id, account_id=live_class.minh, now=NOW)
    with pytest.raises(AnswersLocked):
        live_class.answer(seat, "q1", "b")


def test_a_class_cannot_be_reopened_after_15_minutes(live_class: LiveClass):
    live_class.command(close=True)
    late = NOW + REOPEN_WINDOW
    assert not can_reopen(live_class.class_session, late)
    with pytest.raises(ClassClosed):
        reopen_class_session(live_class.session, live_class.id, account_id=live_class.minh, now=late)
    assert live_class.class_session.is_closed


def test_only_facilitators_reopen_a_class(live_class: LiveClass, hanh: str):
    live_class.command(close=True)
    with pytest.raises(NotAllowed):
        reopen_class_session(live_class.session, live_class.id, account_id=hanh, now=NOW)
    with pytest.raises((NotFound, NotAllowed)):
        reopen_class_session(live_class.session, "0" * 32, account_id=live_class.minh, now=NOW)
    assert live_class.class_session.is_closed


def test_removed_seats_stay_removed(live_class: LiveClass):
    live_class.join()
    seats.remove_seat(live_class.session, live_class.id, 1, account_id=live_class.minh, now=NOW)
    live_class.command(close=True)
    reopen_class_session(live_class.session, live_class.id, account_id=live_class.minh, now=NOW)
    assert find_seat(live_class.session, live_class.id, 1).removed
