"""Seats: everybody gets in, once, in the order of arrival; names may repeat and hide nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.learning.classroom.access.helpers import invite_helpers, join_as_helper, send_away
from lms.learning.classroom.seats import seats
from lms.learning.classroom.seats.joining import join_all
from lms.learning.classroom.session import seat_store
from lms.learning.classroom.session.queries import find_seat, find_seat_of, find_seats
from lms.learning.errors import (
    ClassClosed,
    ClassFull,
    DoorShut,
    InvalidName,
    LearnerForgotten,
    NotAllowed,
    NotFound,
    NotSeated,
    PutOut,
    SeatTaken,
    UnknownCode,
)
from lms.learning.learners import learner_store
from lms.learning.learners.learner_store import create_learner, find_learner, new_learner_id
from tests.learning.classroom.room import Room
from tests.learning.school import LATER, NOW, walk


def test_numbers_are_given_in_the_order_of_arrival(room: Room):
    assert [room.join().number for _ in range(3)] == [1, 2, 3]
    added = seats.add_seat(room.session, room.id, account_id=room.minh, people=2, now=NOW)
    assert (added.number, added.added, added.learner_id, added.people) == (4, True, None, 2)
    assert room.join().number == 5


def test_joining_again_is_the_same_seat(room: Room):
    first = room.join(people=2, name="Lan")
    again = room.join(first.learner_id, people=2, name="Lan", now=LATER)
    assert again == first
    changed = room.join(first.learner_id, people=3, name="Bà Lan", now=LATER)
    assert (changed.number, changed.people, changed.name) == (1, 3, "Bà Lan")
    assert room.join(first.learner_id, people=3).name == "Bà Lan"  # saying no name does not take it away


@pytest.mark.parametrize("is_known", [False, True])
def test_of_two_taps_that_came_together_the_later_one_counts(room: Room, is_known: bool):
    lan, hoa = new_learner_id(), new_learner_id()
    if is_known:
        room.join(lan)
    taps = [(lan, 2), (hoa, 1), (lan, 3), (lan, 1)]
    said = [{"learner_id": who, "code": room.code, "people": people, "now": LATER} for who, people in taps]
    got = join_all(room.session, said)
    assert [one.number for one in got] == [1, 2, 1, 1]
    assert [one.people for one in got] == [2, 1, 3, 1]
    assert find_seat(room.session, room.id, 1).people == 1


def test_names_may_repeat(room: Room):
    assert {room.join(name="Lan").number for _ in range(3)} == {1, 2, 3}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<b>Lan</b>", "Lan"), ("Lan <script>alert(1)</script>", "Lan alert(1)"), ("  Lan\n\tAnh ", "Lan Anh"),
        ("La\u202en\x00", "Lan"), ("<>", None), ("", None), (None, None), ("a < b", "a b"),
    ],
)  # fmt: skip
def test_a_name_is_one_plain_line(room: Room, typed: str | None, kept: str | None):
    assert room.join(name=typed).name == kept


def test_a_name_of_ten_thousand_letters_is_refused_and_no_seat_is_taken(room: Room):
    with pytest.raises(InvalidName):
        room.join(name="a" * 10_000)
    assert find_seats(room.session, room.id) == ()


@pytest.mark.parametrize(("said", "kept"), [(-3, 1), (0, 1), (4, 4), (99, 4)])
def test_one_to_four_people_share_a_phone(room: Room, said: int, kept: int):
    assert room.join(people=said).people == kept


def test_a_late_one_gets_in_wherever_the_class_is(room: Room):
    room.ask("q1")
    room.say(paused=True)
    assert room.join().number == 1


def test_joining_says_what_is_wrong_with_a_code(room: Room):
    code = room.code
    room.code = "123456"
    with pytest.raises(UnknownCode):
        room.join()
    room.code = code
    room.say(close=True)
    with pytest.raises(ClassClosed):
        room.join()


def test_a_hall_that_is_full_of_people_takes_nobody(room: Room, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(seat_store, "MOST_SEATS", 2)
    first = room.join(name="Lan")
    room.join(name="Hoa")
    with pytest.raises(ClassFull):
        room.join()
    assert room.join(first.learner_id).number == 1


def test_a_phone_that_was_put_out_stays_out_until_it_is_let_in(room: Room):
    seat = room.join(name="Lan")
    for _ in range(2):
        assert seats.put_out(room.session, room.id, 1, account_id=room.minh, now=NOW).out
    with pytest.raises(PutOut):
        room.join(seat.learner_id)
    with pytest.raises(PutOut):
        room.practise(seat)
    for _ in range(2):
        assert not seats.let_in(room.session, room.id, 1, account_id=room.minh, now=NOW).out
    assert room.join(seat.learner_id).number == 1


def test_only_who_steers_moves_seats(room: Room, hanh: str):
    room.join()
    for act in (seats.put_out, seats.let_in):
        with pytest.raises(NotAllowed):
            act(room.session, room.id, 1, account_id=hanh, now=NOW)
    with pytest.raises(NotAllowed):
        seats.add_seat(room.session, room.id, account_id=hanh, now=NOW)
    with pytest.raises(NotFound):
        seats.put_out(room.session, room.id, 9, account_id=room.minh, now=NOW)


def test_the_facilitator_puts_a_seat_right(room: Room):
    room.join(name="Lam")
    changed = seats.change_seat(room.session, room.id, 1, account_id=room.minh, people=2, name="Lan", now=NOW)
    assert (changed.people, changed.name) == (2, "Lan")


def test_no_seat_changes_the_classes_own_version(room: Room):
    before = room.klass.version
    seat = room.join()
    seats.raise_hand(room.session, class_id=room.id, learner_id=seat.learner_id, up=True, now=NOW)
    seats.helping(room.session, room.id, 1, name="Minh", account_id=room.minh, now=NOW)
    seats.put_out(room.session, room.id, 1, account_id=room.minh, now=NOW)
    assert room.klass.version == before


def test_every_change_of_a_seat_shows_in_its_version_and_stamp(room: Room):
    seat = room.join()
    up = seats.raise_hand(room.session, class_id=room.id, learner_id=seat.learner_id, up=True, now=LATER)
    assert up.version == seat.version + 1
    assert up.changed_at == int(LATER.timestamp() * 1000)


# --- hands and help ----------------------------------------------------------------------------------------------


def test_a_hand_stays_up_since_the_first_time(room: Room):
    seat = room.join()
    hand = {"class_id": room.id, "learner_id": seat.learner_id}
    assert seats.raise_hand(room.session, **hand, up=True, now=NOW).hand_at == NOW
    assert seats.raise_hand(room.session, **hand, up=True, now=LATER).hand_at == NOW
    for _ in range(2):
        assert seats.raise_hand(room.session, **hand, up=False, now=LATER).hand_at is None


def test_a_stranger_a_seat_outside_and_a_class_that_is_over_raise_no_hand(room: Room):
    seat = room.join()
    hand = {"class_id": room.id, "up": True, "now": NOW}
    with pytest.raises(NotSeated):
        seats.raise_hand(room.session, learner_id=new_learner_id(), **hand)
    seats.put_out(room.session, room.id, 1, account_id=room.minh, now=NOW)
    with pytest.raises(PutOut):
        seats.raise_hand(room.session, learner_id=seat.learner_id, **hand)
    room.say(close=True)
    with pytest.raises(ClassClosed):
        seats.raise_hand(room.session, learner_id=seat.learner_id, **hand)


def test_whoever_is_on_the_way_is_named_and_takes_the_hand_down(room: Room):
    seat = room.join()
    attempt = room.practise(seat)
    room.send(attempt, walk(attempt.data)[:1])
    seats.raise_hand(room.session, class_id=room.id, learner_id=seat.learner_id, up=True, now=NOW)
    helped_by = seats.helping(room.session, room.id, 1, name="Minh", account_id=room.minh, now=NOW)
    assert helped_by.helping == "Minh"
    after = seats.helped(room.session, room.id, 1, account_id=room.minh, now=LATER)
    assert (after.helping, after.hand_at, after.screen_since) == (None, None, LATER)
    assert seats.helping(room.session, room.id, 1, name=None, account_id=room.minh, now=LATER).helping is None


def test_helpers_go_to_seats_of_their_own_class_until_they_are_sent_away(room: Room, hanh: str, tam: str):
    room.join()
    token = invite_helpers(room.session, room.id, account_id=room.minh, now=NOW)
    helper, _ = join_as_helper(room.session, token=token, name="Bình", now=NOW)
    go = {"name": "Bình", "now": NOW}
    assert seats.helping(room.session, room.id, 1, helper_id=helper.id, **go).helping == "Bình"
    assert seats.helping(room.session, room.id, 1, account_id=hanh, **go | {"name": "Hạnh"}).helping == "Hạnh"
    send_away(room.session, room.id, helper.id, account_id=room.minh, now=NOW)
    for who in ({"helper_id": helper.id}, {"account_id": tam}, {"helper_id": "0" * 32}, {}):
        with pytest.raises(NotAllowed):
            seats.helping(room.session, room.id, 1, **who, **go)


# --- a lost cookie -----------------------------------------------------------------------------------------------


def claim(room: Room, learner_id: str, number: int, now=NOW):
    return seats.claim(room.session, learner_id=learner_id, code=room.code, number=number, now=now)


def agree(room: Room, number: int, agreed: bool = True):
    return seats.agree(
        room.session, room.id, number, account_id=room.minh, agreed=agreed, library=room.library, now=LATER
    )


def test_a_lost_cookie_gets_its_seat_back_when_the_facilitator_agrees(room: Room):
    before = room.join(name="Lan")
    room.ask("q1")
    room.answer(before, "q1", "b")
    room.phase("shown")
    anew = new_learner_id()
    assert claim(room, anew, 1).claimed_at == NOW
    assert find_seat_of(room.session, room.id, anew) is None
    assert seats.claimed_number(room.session, room.id, anew) == 1
    seat = agree(room, 1)
    assert (seat.number, seat.learner_id, seat.name, seat.claimed_at) == (1, anew, "Lan", None)
    assert seats.claimed_number(room.session, room.id, anew) is None
    room.ask("q2")
    assert room.answer(seat, "q2", "b").seat == 1
    assert find_seat_of(room.session, room.id, before.learner_id) is None


def test_a_claim_that_is_refused_leaves_all_as_it_was(room: Room):
    before = room.join()
    anew = new_learner_id()
    claim(room, anew, 1)
    assert agree(room, 1, agreed=False).learner_id == before.learner_id
    assert seats.claimed_number(room.session, room.id, anew) is None
    assert agree(room, 1).learner_id == before.learner_id  # nobody claims it any more


def test_the_seat_that_was_taken_meanwhile_is_put_out(room: Room):
    room.join(name="Lan")
    meanwhile = room.join()
    claim(room, meanwhile.learner_id, 1)
    assert agree(room, 1).learner_id == meanwhile.learner_id
    left = find_seat(room.session, room.id, 2)
    assert (left.out, left.learner_id) == (True, None)


def test_two_who_claim_one_seat_come_one_after_the_other(room: Room):
    room.join()
    one, other = new_learner_id(), new_learner_id()
    for _ in range(2):
        claim(room, one, 1)
    with pytest.raises(SeatTaken):
        claim(room, other, 1)
    assert claim(room, other, 1, now=NOW + timedelta(minutes=11)).claimed_at == NOW + timedelta(minutes=11)


def test_somebody_waits_for_one_seat_only(room: Room):
    room.join()
    room.join()
    anew = new_learner_id()
    claim(room, anew, 1)
    claim(room, anew, 2)
    assert seats.claimed_number(room.session, room.id, anew) == 2
    assert room.desk()["claims"] == [{"seat": 2, "picture": "hoa sen", "slug": "hoa-sen", "name": None, "minutes": 0}]


def test_what_cannot_be_claimed(room: Room, hanh: str):
    own = room.join()
    assert claim(room, own.learner_id, 1).claimed_at is None  # it is hers already
    seats.add_seat(room.session, room.id, account_id=room.minh, now=NOW)
    room.join()
    seats.put_out(room.session, room.id, 3, account_id=room.minh, now=NOW)
    for number in (2, 3):
        with pytest.raises(SeatTaken):
            claim(room, new_learner_id(), number)
    with pytest.raises(NotSeated):
        claim(room, new_learner_id(), 99)
    claim(room, new_learner_id(), 1)
    with pytest.raises(NotAllowed):
        seats.agree(room.session, room.id, 1, account_id=hanh, library=room.library, now=NOW)


def test_after_a_claim_the_old_phone_moves_the_seat_no_more(room: Room):
    before = room.join()
    attempt = room.practise(before)
    claim(room, new_learner_id(), 1)
    agree(room, 1)
    room.send(attempt, walk(attempt.data)[:1])
    assert find_seat(room.session, room.id, 1).screen is None


# --- forgetting --------------------------------------------------------------------------------------------------


def test_forgetting_leaves_a_seat_that_is_nobodys(room: Room):
    learner = create_learner(room.session, now=NOW)
    seat = room.join(learner.id, people=2, name="Lan")
    room.ask("q1")
    room.answer(seat, "q1", "b")
    room.practise(seat)
    learner_store.forget(room.session, learner, now=LATER)
    left = find_seat(room.session, room.id, 1)
    assert (left.learner_id, left.name, left.attempt_id, left.screen, left.answered) == (None, None, None, None, "")
    assert left.people == 2  # what the class counted stays
    assert room.desk()["answers"] == {"given": 0}
    with pytest.raises(LearnerForgotten):
        room.join(learner.id)


def test_forgetting_takes_back_a_claim(room: Room):
    room.join()
    learner = create_learner(room.session, now=NOW)
    claim(room, learner.id, 1)
    learner_store.forget(room.session, learner, now=LATER)
    assert find_seat(room.session, room.id, 1).claimed_at is None


# --- the door ----------------------------------------------------------------------------------------------------


def test_behind_a_shut_door_nobody_new_gets_a_seat_and_whoever_has_one_keeps_it(room: Room):
    seat = room.join(people=2)
    room.say(shut=True)
    stranger = new_learner_id()
    with pytest.raises(DoorShut):
        room.join(stranger)
    assert find_learner(room.session, stranger) is None  # nothing is kept of whoever only stood at the door
    assert room.join(seat.learner_id, people=3).people == 3
    assert room.join(seat.learner_id).number == seat.number
    room.ask("q1")
    assert room.answer(seat, "q1", "a").seat == seat.number
    room.say(shut=False)
    assert room.join(stranger).number == 2


def test_a_shut_door_stays_shut_while_the_class_goes_on(room: Room):
    room.say(shut=True)
    assert not room.say(shut=True).changed
    room.ask("q1")
    assert room.state.shut


def test_a_lost_cookie_is_agreed_to_behind_a_shut_door(room: Room):
    seat = room.join()
    room.say(shut=True)
    again = new_learner_id()
    seats.claim(room.session, learner_id=again, code=room.code, number=seat.number, now=LATER)
    seats.agree(room.session, room.id, seat.number, account_id=room.minh, library=room.library, now=LATER)
    assert room.join(again).number == seat.number


def test_people_without_a_phone_get_a_seat_behind_a_shut_door(room: Room):
    room.say(shut=True)
    assert seats.add_seat(room.session, room.id, account_id=room.minh, now=NOW).number == 1
