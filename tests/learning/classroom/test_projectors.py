"""A projector shows four digits until a facilitator types them, and has no authority at all."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.learning.classroom.access import projectors
from lms.learning.errors import ClassClosed, NotAllowed, NotFound, UnknownPairing
from lms.learning.store.models import ClassProjector
from tests.learning.classroom.room import Room
from tests.learning.school import NOW

AFTERWARDS = NOW + projectors.PAIRING_WAITS + timedelta(seconds=1)


def pair(room: Room, digits: str, now=NOW, by: str | None = None):
    return projectors.pair(room.session, room.id, digits, account_id=by or room.minh, now=now)


def test_four_digits_lead_a_projector_to_the_class(room: Room):
    waiting, secret = projectors.new_projector(room.session, now=NOW)
    assert (len(waiting.pairing_code), waiting.class_id) == (4, None)
    code = waiting.pairing_code
    assert pair(room, f"{code[:2]} {code[2:]}").id == waiting.id
    showing = projectors.find_projector(room.session, secret, now=NOW)
    assert (showing.class_id, showing.pairing_code) == (room.id, None)
    assert [one.id for one in projectors.projectors(room.session, room.id)] == [waiting.id]
    with pytest.raises(UnknownPairing):
        pair(room, code)  # used up


def test_digits_run_out_and_new_ones_are_drawn(room: Room):
    waiting, secret = projectors.new_projector(room.session, now=NOW)
    assert projectors.find_projector(room.session, secret, now=AFTERWARDS).pairing_code is None
    with pytest.raises(UnknownPairing):
        pair(room, waiting.pairing_code, now=AFTERWARDS)
    again = projectors.wait_again(room.session, waiting.id, now=AFTERWARDS)
    assert pair(room, again.pairing_code, now=AFTERWARDS).class_id == room.id
    with pytest.raises(NotFound):
        projectors.wait_again(room.session, "0" * 32, now=NOW)


def test_no_two_projectors_show_the_same_digits(room: Room, monkeypatch: pytest.MonkeyPatch):
    drawn = iter(["1234", "1234", "5678", "5678", "9012"])
    monkeypatch.setattr(projectors, "new_pairing", lambda: next(drawn))
    first, _ = projectors.new_projector(room.session, now=NOW)
    second, _ = projectors.new_projector(room.session, now=NOW)
    assert (first.pairing_code, second.pairing_code) == ("1234", "5678")
    assert projectors.wait_again(room.session, first.id, now=NOW).pairing_code == "9012"


def test_thousands_that_wait_leave_digits_to_those_who_come_after(room: Room, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(projectors, "MOST_WAITING", 5)
    monkeypatch.setattr(projectors, "new_pairing", lambda: f"{secrets.randbelow(10):04}")  # ten in all
    showing, its_secret = projectors.new_projector(room.session, now=NOW)
    pair(room, showing.pairing_code)
    strangers = [projectors.new_projector(room.session, now=NOW + timedelta(seconds=n)) for n in range(30)]
    mine, _ = projectors.new_projector(room.session, now=NOW + timedelta(minutes=1))
    known = [one for _, one in strangers if projectors.find_projector(room.session, one, now=NOW)]
    assert known == [one for _, one in strangers[-4:]]
    assert pair(room, mine.pairing_code, now=NOW + timedelta(minutes=1)).id == mine.id
    assert projectors.find_projector(room.session, its_secret, now=NOW).class_id == room.id


@pytest.mark.parametrize("digits", ["", "123", "12345", "abcd", "9" * 1000])
def test_digits_of_nobody_say_so(room: Room, digits: str):
    with pytest.raises(UnknownPairing):
        pair(room, digits)


def test_only_who_steers_pairs_and_only_with_an_open_class(room: Room, hanh: str):
    waiting, _ = projectors.new_projector(room.session, now=NOW)
    with pytest.raises(NotAllowed):
        pair(room, waiting.pairing_code, by=hanh)
    with pytest.raises(NotAllowed):
        projectors.paired_here(room.session, room.id, account_id=hanh, now=NOW)
    room.say(close=True)
    with pytest.raises(ClassClosed):
        pair(room, waiting.pairing_code)


def test_the_facilitators_own_laptop_needs_no_digits_and_the_class_can_be_taken_off(room: Room, hanh: str):
    projector, secret = projectors.paired_here(room.session, room.id, account_id=room.minh, now=NOW)
    assert projectors.find_projector(room.session, secret, now=NOW).class_id == room.id
    with pytest.raises(NotAllowed):
        projectors.unpair(room.session, room.id, projector.id, account_id=hanh)
    projectors.unpair(room.session, room.id, projector.id, account_id=room.minh)
    assert projectors.find_projector(room.session, secret, now=NOW).class_id is None
    assert projectors.find_projector(room.session, "somebody else's", now=NOW) is None


def test_the_database_holds_no_secret_of_a_projector(room: Room):
    _, secret = projectors.new_projector(room.session, now=NOW)
    assert secret not in room.session.scalars(select(ClassProjector.digest)).all()
