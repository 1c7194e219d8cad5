"""A class that was closed by mistake goes on where it was, for a while."""

from __future__ import annotations

import pytest

from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.lifecycle.reopening import REOPENS, can_reopen, reopen
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.queries import find_seat
from lms.learning.errors import AnswersLocked, ClassClosed, NotAllowed, NotFound
from tests.learning.classroom.room import Room
from tests.learning.school import NOW


def test_code_seats_and_step_are_as_they_were(room: Room):
    seat = room.join()
    room.ask("q1")
    room.answer(seat, "q1", "b")
    before = room.klass
    room.say(close=True)
    assert can_reopen(room.klass, NOW)
    after = reopen(room.session, room.id, account_id=room.minh, now=NOW).klass
    assert (after.closed_at, after.personal_until) == (None, None)
    assert (after.code, after.state) == (before.code, before.state)
    assert after.version > before.version + 1
    assert opening.find_open_class(room.session, room.code).id == room.id
    assert find_seat(room.session, room.id, seat.number).learner_id == seat.learner_id
    assert room.answer(seat, "q1", "a").given == ("a",)
    assert room.join().number == 2


def test_twice_is_once_and_what_is_open_stays_as_it_is(room: Room):
    version = room.klass.version
    assert reopen(room.session, room.id, account_id=room.minh, now=NOW).klass.version == version
    room.say(close=True)
    first, second = (reopen(room.session, room.id, account_id=room.minh, now=NOW) for _ in range(2))
    assert first.klass == second.klass
    assert (first.changed, second.changed) == (True, False)


def test_a_locked_question_stays_locked(room: Room):
    seat = room.join()
    room.ask("q1", "locked")
    room.say(close=True)
    reopen(room.session, room.id, account_id=room.minh, now=NOW)
    with pytest.raises(AnswersLocked):
        room.answer(seat, "q1", "b")


def test_it_is_closed_for_good_after_a_quarter_of_an_hour(room: Room):
    room.say(close=True)
    late = NOW + REOPENS
    assert not can_reopen(room.klass, late)
    with pytest.raises(ClassClosed):
        reopen(room.session, room.id, account_id=room.minh, now=late)
    assert room.klass.closed


def test_only_who_steers_it_opens_it_again(room: Room, hanh: str):
    room.say(close=True)
    with pytest.raises(NotAllowed):
        reopen(room.session, room.id, account_id=hanh, now=NOW)
    with pytest.raises((NotFound, NotAllowed)):
        reopen(room.session, "0" * 32, account_id=room.minh, now=NOW)
    assert room.klass.closed


def test_whoever_was_put_out_stays_out(room: Room):
    room.join()
    seats.put_out(room.session, room.id, 1, account_id=room.minh, now=NOW)
    room.say(close=True)
    reopen(room.session, room.id, account_id=room.minh, now=NOW)
    assert find_seat(room.session, room.id, 1).out
