"""Swept seats: whatever is done in one brings it back, and none of it undoes what the facilitator says meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from lms.learning.classroom import asking, joining, practising, seats, sweeping
from lms.learning.classroom.records import Seat, find_seat
from lms.learning.errors import PutOut
from lms.learning.learners import find_learner, forget, new_learner_id
from tests.learning.classroom.room import Room
from tests.learning.school import LATER


def sweep(room: Room) -> int:
    return sweeping.sweep(room.session, room.id, account_id=room.minh, now=LATER)


def put_out(room: Room, seat: Seat) -> Seat:
    return seats.put_out(room.session, room.id, seat.number, account_id=room.minh, now=LATER)


def stands(room: Room, seat: Seat) -> Seat:
    return find_seat(room.session, room.id, seat.number)


def raise_hand(room: Room, seat: Seat) -> None:
    seats.raise_hand(room.session, class_id=room.id, learner_id=seat.learner_id, up=True, now=LATER)


def answer(room: Room, seat: Seat) -> None:
    room.answer(seat, "q1", "b", now=LATER)


def begin(room: Room, seat: Seat) -> None:
    plain = {"code": room.code, "library": room.library, "now": LATER}
    practising.practise_in(room.session, learner_id=seat.learner_id, **plain)


def join(room: Room, seat: Seat) -> None:
    room.join(seat.learner_id, now=LATER)


def look(room: Room, seat: Seat) -> None:
    sweeping.come_back(room.session, room.id, seat.learner_id, now=LATER)


# A deed, and what is called between its look at the seat and its write.
DEEDS = {
    "a hand": (raise_hand, seats, "find_seat_of"),
    "an answer": (answer, asking, "find_question"),
    "a beginning": (begin, practising, "new_go"),
    "joining again": (join, joining, "take_seats"),
    "a look": (look, sweeping, "find_seat_of"),
}
every_deed = pytest.mark.parametrize(("deed", "module", "between"), DEEDS.values(), ids=DEEDS)


def meanwhile(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, happens: Callable[[], Any]) -> None:
    """Somebody else commits right after ``name`` has been called, as only PostgreSQL lets her."""
    call = getattr(module, name)

    def called(*args: Any, **plain: Any) -> Any:
        found = call(*args, **plain)
        happens()
        return found

    monkeypatch.setattr(module, name, called)


@every_deed
def test_whoever_does_something_in_a_swept_seat_is_in_again(room: Room, deed, module, between):
    seat = room.join()
    room.ask("q1")
    assert sweep(room) == 1
    deed(room, seat)
    assert (stands(room, seat).out, stands(room, seat).swept_at) == (False, None)
    assert room.desk(LATER)["machines"] == 1


@every_deed
def test_whoever_is_swept_while_she_does_something_is_in(room: Room, monkeypatch, deed, module, between):
    seat = room.join()
    room.ask("q1")
    if deed in (join, look):
        sweep(room)  # these do nothing to a seat that is in
    meanwhile(monkeypatch, module, between, lambda: sweep(room))
    deed(room, seat)
    assert (stands(room, seat).out, stands(room, seat).swept_at) == (False, None)


@every_deed
def test_whoever_is_put_out_while_she_comes_back_stays_out(room: Room, monkeypatch, deed, module, between):
    seat = room.join()
    room.ask("q1")
    sweep(room)
    meanwhile(monkeypatch, module, between, lambda: put_out(room, seat))
    with suppress(PutOut):
        deed(room, seat)
    assert stands(room, seat).is_put_out
    with pytest.raises(PutOut):
        deed(room, seat)


def test_nobody_is_let_in_to_the_seat_that_a_claim_left_behind(room: Room):
    hers, meant = room.join(), room.join(name="Lan")
    seats.claim(room.session, learner_id=hers.learner_id, code=room.code, number=meant.number, now=LATER)
    sweep(room)
    seats.agree(room.session, room.id, meant.number, account_id=room.minh, library=room.library, now=LATER)
    assert room.desk(LATER)["swept"] == 0
    assert sweeping.unsweep(room.session, room.id, account_id=room.minh, now=LATER) == 0
    assert stands(room, hers).is_put_out


def test_nobody_is_let_in_to_the_seat_of_one_who_was_forgotten(room: Room):
    seat = room.join()
    sweep(room)
    forget(room.session, find_learner(room.session, seat.learner_id), now=LATER)
    assert sweeping.unsweep(room.session, room.id, account_id=room.minh, now=LATER) == 0
    assert stands(room, seat).out


def test_whoever_answered_and_was_forgotten_stays_counted(room: Room):
    seat = room.join()
    room.ask("q1")
    room.answer(seat, "q1", "b")
    forget(room.session, find_learner(room.session, seat.learner_id), now=LATER)
    assert sweeping.empty_seats(room.session, room.id, now=LATER) == sweep(room) == 0
    assert not stands(room, seat).out


def test_whoever_comes_after_a_sweep_gets_a_number_of_her_own(room: Room):
    room.join()
    sweep(room)
    assert room.join(new_learner_id(), now=LATER).number == 2
