"""Sweeping: who is swept, how all are let in again, and that whatever is done in a swept seat brings it back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from lms.learning.classroom.practice import class_attempts
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.seats import idle_seat_removal, joining, seats
from lms.learning.classroom.session import seat_store
from lms.learning.classroom.session.queries import Seat, find_seat
from lms.learning.classroom.tasks.attestation import witness
from lms.learning.errors import ClassClosed, NotAllowed, NotSeated, PutOut
from lms.learning.learners.learner_store import find_learner, forget, new_learner_id
from tests.learning.classroom.room import Room
from tests.learning.school import LATER, NOW


def sweep(room: Room) -> int:
    return idle_seat_removal.sweep(room.session, room.id, account_id=room.minh, now=LATER)


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
    class_attempts.practise_in(room.session, learner_id=seat.learner_id, **plain)


def join(room: Room, seat: Seat) -> None:
    room.join(seat.learner_id, now=LATER)


def look(room: Room, seat: Seat) -> None:
    idle_seat_removal.come_back(room.session, room.id, seat.learner_id, now=LATER)


# A deed, and what is called between its look at the seat and its write.
DEEDS = {
    "a hand": (raise_hand, seats, "find_seat_of"),
    "an answer": (answer, class_answers, "find_question"),
    "a beginning": (begin, class_attempts, "new_attempt"),
    "joining again": (join, joining, "_seats_of"),
    "a look": (look, idle_seat_removal, "find_seat_of"),
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
    assert idle_seat_removal.unsweep(room.session, room.id, account_id=room.minh, now=LATER) == 0
    assert stands(room, hers).is_put_out


def test_nobody_is_let_in_to_the_seat_of_one_who_was_forgotten(room: Room):
    seat = room.join()
    sweep(room)
    forget(room.session, find_learner(room.session, seat.learner_id), now=LATER)
    assert idle_seat_removal.unsweep(room.session, room.id, account_id=room.minh, now=LATER) == 0
    assert stands(room, seat).out


def test_whoever_answered_and_was_forgotten_stays_counted(room: Room):
    seat = room.join()
    room.ask("q1")
    room.answer(seat, "q1", "b")
    forget(room.session, find_learner(room.session, seat.learner_id), now=LATER)
    assert idle_seat_removal.empty_seats(room.session, room.klass, now=LATER) == sweep(room) == 0
    assert not stands(room, seat).out


def test_whoever_comes_after_a_sweep_gets_a_number_of_her_own(room: Room):
    room.join()
    sweep(room)
    assert room.join(new_learner_id(), now=LATER).number == 2


# --- who is swept ----------------------------------------------------------------------------------------------------


def test_seats_that_never_did_anything_are_swept_and_all_others_stay(room: Room, lesson):
    empty, answered, named, raised, practised, helped, seen = (
        room.join(name="Lan" if number == 2 else None) for number in range(7)
    )
    seats.add_seat(room.session, room.id, account_id=room.minh, now=NOW)
    room.ask("q1")
    room.answer(answered, "q1", "a")
    seats.raise_hand(room.session, class_id=room.id, learner_id=raised.learner_id, up=True, now=NOW)
    room.practise(practised)
    seats.helping(room.session, room.id, helped.number, name="Hoa", account_id=room.minh, now=NOW)
    tasks = [task.id for task in lesson.use.tasks]
    witness(room.session, room.id, seen.number, account_id=room.minh, use=lesson.use, task_ids=tasks, now=NOW)
    late = room.join(now=LATER)
    assert idle_seat_removal.empty_seats(room.session, room.klass, now=LATER) == 1
    assert sweep(room) == 1
    told = room.desk(LATER)
    assert (told["swept"], told["out"], told["machines"]) == (1, [], 7)
    assert find_seat(room.session, room.id, empty.number).out
    assert not find_seat(room.session, room.id, named.number).out
    assert not find_seat(room.session, room.id, late.number).out
    assert sweep(room) == 0


def test_behind_a_shut_door_those_who_came_this_minute_are_swept_too(room: Room):
    seat = room.join(now=LATER)
    assert sweep(room) == 0
    room.say(shut=True)
    assert idle_seat_removal.empty_seats(room.session, room.klass, now=LATER) == sweep(room) == 1
    assert not idle_seat_removal.come_back(room.session, room.id, seat.learner_id, now=LATER).out


def test_behind_a_shut_door_seats_that_have_nothing_but_a_name_can_be_swept_with_the_others(room: Room, lesson):
    named, empty, answered = room.join(name="Lạ"), room.join(), room.join(name="Lan")
    room.ask("q1")
    room.answer(answered, "q1", "a")
    sweep_named = partial(idle_seat_removal.sweep, room.session, room.id, account_id=room.minh, now=LATER, named=True)
    assert idle_seat_removal.named_seats(room.session, room.klass) == 0
    assert sweep_named() == 1  # the door is open: those with a name may have just come
    assert not find_seat(room.session, room.id, named.number).out
    room.say(shut=True)
    assert idle_seat_removal.named_seats(room.session, room.klass) == sweep_named() == 1
    assert [find_seat(room.session, room.id, one.number).out for one in (named, empty, answered)] == [True, True, False]
    back = idle_seat_removal.come_back(room.session, room.id, named.learner_id, now=LATER)
    assert (back.number, back.out, back.name) == (named.number, False, "Lạ")


def test_a_swept_phone_comes_back_to_its_number_and_a_phone_that_was_put_out_does_not(room: Room):
    quiet, kicked = room.join(), room.join()
    sweep(room)
    seats.put_out(room.session, room.id, kicked.number, account_id=room.minh, now=LATER)
    room.say(shut=True)
    back = idle_seat_removal.come_back(room.session, room.id, quiet.learner_id, now=LATER)
    assert (back.number, back.out, back.swept_at) == (quiet.number, False, None)
    assert idle_seat_removal.come_back(room.session, room.id, quiet.learner_id, now=LATER).version == back.version
    for learner_id in (kicked.learner_id, new_learner_id(), None):
        with pytest.raises((PutOut, NotSeated)):
            idle_seat_removal.come_back(room.session, room.id, learner_id, now=LATER)
    with pytest.raises(PutOut):
        room.join(kicked.learner_id)


def test_sweeping_is_undone_for_all_at_once(room: Room):
    first, second = room.join(), room.join()
    sweep(room)
    assert idle_seat_removal.unsweep(room.session, room.id, account_id=room.minh, now=LATER) == 2
    assert room.desk()["machines"] == 2
    assert [room.join(one.learner_id).number for one in (first, second)] == [1, 2]


def test_a_swept_hall_has_room_again_and_gives_numbers_that_nobody_had(room: Room, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(seat_store, "MOST_SEATS", 2)
    for _ in range(2):
        room.join()
    sweep(room)
    assert [room.join(now=LATER).number for _ in range(2)] == [3, 4]


def test_only_whoever_steers_sweeps(room: Room, hanh: str):
    room.join()
    for work in (idle_seat_removal.sweep, idle_seat_removal.unsweep):
        with pytest.raises(NotAllowed):
            work(room.session, room.id, account_id=hanh, now=LATER)
    room.say(close=True)
    with pytest.raises(ClassClosed):
        sweep(room)
