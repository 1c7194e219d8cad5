"""Seats: joining, editing, removing, hands and help, claims, and the door."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.learning.classroom.access.class_helpers import invite_helpers, join_as_helper, revoke_helper
from lms.learning.classroom.seats import idle_seats, seat_claims, seats
from lms.learning.classroom.seats.joining import join_class_sessions
from lms.learning.classroom.session.seat_store import find_seat, find_seat_of_learner, find_seats
from lms.learning.errors import (
    ClassClosed,
    ClassFull,
    ClassNotAdmitting,
    InvalidName,
    LearnerForgotten,
    NoSeatInClass,
    NotAllowed,
    NotFound,
    RemovedFromClass,
    SeatTaken,
    UnknownClassCode,
)
from lms.learning.learners import learner_store
from lms.learning.learners.learner_store import find_learner, new_learner_id
from tests.learning.classroom.live_class import LiveClass
from tests.learning.sample_courses import LATER, NOW, passing_events
from tests.stored_learner import store_learner


def test_numbers_are_given_in_the_order_of_arrival(live_class: LiveClass):
    assert [live_class.join().number for _ in range(3)] == [1, 2, 3]
    added = seats.add_seat(live_class.session, live_class.id, account_id=live_class.minh, people=2, now=NOW)
    assert (added.number, added.added, added.learner_id, added.people) == (4, True, None, 2)
    assert live_class.join().number == 5


def test_joining_again_is_the_same_seat(live_class: LiveClass):
    first = live_class.join(people=2, name="Lan")
    again = live_class.join(first.learner_id, people=2, name="Lan", now=LATER)
    assert again == first
    changed = live_class.join(first.learner_id, people=3, name="Bà Lan", now=LATER)
    assert (changed.number, changed.people, changed.name) == (1, 3, "Bà Lan")
    assert live_class.join(first.learner_id, people=3).name == "Bà Lan"  # saying no name does not take it away


@pytest.mark.parametrize("is_known", [False, True])
def test_of_two_joins_in_one_batch_the_later_counts(live_class: LiveClass, is_known: bool):
    lan, hoa = new_learner_id(), new_learner_id()
    if is_known:
        live_class.join(lan)
    taps = [(lan, 2), (hoa, 1), (lan, 3), (lan, 1)]
    kwargs = [{"learner_id": who, "code": live_class.code, "people": people, "now": LATER} for who, people in taps]
    got = join_class_sessions(live_class.session, kwargs)
    assert [one.number for one in got] == [1, 2, 1, 1]
    assert [one.people for one in got] == [2, 1, 3, 1]
    assert find_seat(live_class.session, live_class.id, 1).people == 1


def test_names_may_repeat(live_class: LiveClass):
    assert {live_class.join(name="Lan").number for _ in range(3)} == {1, 2, 3}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("<b>Lan</b>", "Lan"), ("Lan <script>alert(1)</script>", "Lan alert(1)"), ("  Lan\n\tAnh ", "Lan Anh"),
        ("La\u202en\x00", "Lan"), ("<>", None), ("", None), (None, None), ("a < b", "a b"),
    ],
)  # fmt: skip
def test_a_name_is_one_line_of_plain_text(live_class: LiveClass, typed: str | None, expected: str | None):
    assert live_class.join(name=typed).name == expected


def test_a_name_of_ten_thousand_letters_is_refused_and_no_seat_is_taken(live_class: LiveClass):
    with pytest.raises(InvalidName):
        live_class.join(name="a" * 10_000)
    assert find_seats(live_class.session, live_class.id) == ()


@pytest.mark.parametrize(("people", "expected"), [(-3, 1), (0, 1), (4, 4), (99, 4)])
def test_one_to_four_people_share_a_phone(live_class: LiveClass, people: int, expected: int):
    assert live_class.join(people=people).people == expected


def test_a_latecomer_gets_in_at_every_step(live_class: LiveClass):
    live_class.ask_question("q1")
    live_class.command(paused=True)
    assert live_class.join().number == 1


def test_joining_with_a_wrong_code_is_refused_with_the_reason(live_class: LiveClass):
    code = live_class.code
    live_class.code = "123456"
    with pytest.raises(UnknownClassCode):
        live_class.join()
    live_class.code = code
    live_class.command(close=True)
    with pytest.raises(ClassClosed):
        live_class.join()


def test_a_class_full_of_active_seats_takes_nobody(live_class: LiveClass, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(idle_seats, "MAX_ACTIVE_SEATS", 2)
    first = live_class.join(name="Lan")
    live_class.join(name="Hoa")
    with pytest.raises(ClassFull):
        live_class.join()
    assert live_class.join(first.learner_id).number == 1


def test_a_removed_phone_stays_out_until_it_is_readmitted(live_class: LiveClass):
    seat = live_class.join(name="Lan")
    for _ in range(2):
        assert seats.remove_seat(live_class.session, live_class.id, 1, account_id=live_class.minh, now=NOW).removed
    with pytest.raises(RemovedFromClass):
        live_class.join(seat.learner_id)
    with pytest.raises(RemovedFromClass):
        live_class.practise(seat)
    for _ in range(2):
        assert not seats.readmit_seat(live_class.session, live_class.id, 1, account_id=live_class.minh, now=NOW).removed
    assert live_class.join(seat.learner_id).number == 1


def test_only_facilitators_change_seats(live_class: LiveClass, hanh: str):
    live_class.join()
    for act in (seats.remove_seat, seats.readmit_seat):
        with pytest.raises(NotAllowed):
            act(live_class.session, live_class.id, 1, account_id=hanh, now=NOW)
    with pytest.raises(NotAllowed):
        seats.add_seat(live_class.session, live_class.id, account_id=hanh, now=NOW)
    with pytest.raises(NotFound):
        seats.remove_seat(live_class.session, live_class.id, 9, account_id=live_class.minh, now=NOW)


def test_changes_of_seats_do_not_raise_the_class_version(live_class: LiveClass):
    before = live_class.class_session.version
    seat = live_class.join()
    seats.set_hand_raised(live_class.session, class_id=live_class.id, learner_id=seat.learner_id, raised=True, now=NOW)
    seats.set_helper(live_class.session, live_class.id, 1, name="Minh", account_id=live_class.minh, now=NOW)
    seats.remove_seat(live_class.session, live_class.id, 1, account_id=live_class.minh, now=NOW)
    assert live_class.class_session.version == before


def test_every_change_of_a_seat_raises_its_version_and_time_stamp(live_class: LiveClass):
    seat = live_class.join()
    up = seats.set_hand_raised(
        live_class.session, class_id=live_class.id, learner_id=seat.learner_id, raised=True, now=LATER
    )
    assert up.version == seat.version + 1
    assert up.changed_at == int(LATER.timestamp() * 1000)


# --- hands and help ----------------------------------------------------------------------------------------------


def test_raising_a_hand_twice_keeps_the_first_time(live_class: LiveClass):
    seat = live_class.join()
    hand = {"class_id": live_class.id, "learner_id": seat.learner_id}
    assert seats.set_hand_raised(live_class.session, **hand, raised=True, now=NOW).hand_raised_at == NOW
    assert seats.set_hand_raised(live_class.session, **hand, raised=True, now=LATER).hand_raised_at == NOW
    for _ in range(2):
        assert seats.set_hand_raised(live_class.session, **hand, raised=False, now=LATER).hand_raised_at is None


def test_refused_hands(live_class: LiveClass):
    seat = live_class.join()
    hand = {"class_id": live_class.id, "raised": True, "now": NOW}
    with pytest.raises(NoSeatInClass):
        seats.set_hand_raised(live_class.session, learner_id=new_learner_id(), **hand)
    seats.remove_seat(live_class.session, live_class.id, 1, account_id=live_class.minh, now=NOW)
    with pytest.raises(RemovedFromClass):
        seats.set_hand_raised(live_class.session, learner_id=seat.learner_id, **hand)
    live_class.command(close=True)
    with pytest.raises(ClassClosed):
        seats.set_hand_raised(live_class.session, learner_id=seat.learner_id, **hand)


def test_the_helper_is_named_and_help_lowers_the_hand(live_class: LiveClass):
    seat = live_class.join()
    attempt = live_class.practise(seat)
    live_class.send(attempt, passing_events(attempt.data)[:1])
    seats.set_hand_raised(live_class.session, class_id=live_class.id, learner_id=seat.learner_id, raised=True, now=NOW)
    helped_by = seats.set_helper(live_class.session, live_class.id, 1, name="Minh", account_id=live_class.minh, now=NOW)
    assert helped_by.helper_name == "Minh"
    after = seats.record_help(live_class.session, live_class.id, 1, account_id=live_class.minh, now=LATER)
    assert (after.helper_name, after.hand_raised_at, after.screen_since) == (None, None, LATER)
    assert (
        seats.set_helper(
            live_class.session, live_class.id, 1, name=None, account_id=live_class.minh, now=LATER
        ).helper_name
        is None
    )


def test_helpers_help_in_their_own_class_until_they_are_revoked(live_class: LiveClass, hanh: str, tam: str):
    live_class.join()
    token = invite_helpers(live_class.session, live_class.id, account_id=live_class.minh, now=NOW)
    helper, _ = join_as_helper(live_class.session, token=token, name="Bình", now=NOW)
    go = {"name": "Bình", "now": NOW}
    assert seats.set_helper(live_class.session, live_class.id, 1, helper_id=helper.id, **go).helper_name == "Bình"
    assert (
        seats.set_helper(live_class.session, live_class.id, 1, account_id=hanh, **go | {"name": "Hạnh"}).helper_name
        == "Hạnh"
    )
    revoke_helper(live_class.session, live_class.id, helper.id, account_id=live_class.minh, now=NOW)
    for who in ({"helper_id": helper.id}, {"account_id": tam}, {"helper_id": "0" * 32}, {}):
        with pytest.raises(NotAllowed):
            seats.set_helper(live_class.session, live_class.id, 1, **who, **go)


# --- a lost cookie -----------------------------------------------------------------------------------------------


def claim(live_class: LiveClass, learner_id: str, number: int, now=NOW):
    return seat_claims.claim_seat(
        live_class.session, learner_id=learner_id, code=live_class.code, number=number, now=now
    )


def test_an_approved_claim_gives_the_seat_back(live_class: LiveClass):
    before = live_class.join(name="Lan")
    live_class.ask_question("q1")
    live_class.answer(before, "q1", "b")
    live_class.set_phase("shown")
    anew = new_learner_id()
    assert claim(live_class, anew, 1).claimed_at == NOW
    assert find_seat_of_learner(live_class.session, live_class.id, anew) is None
    assert seat_claims.find_claimed_seat_number(live_class.session, live_class.id, anew) == 1
    seat = live_class.resolve_claim(1, now=LATER)
    assert (seat.number, seat.learner_id, seat.name, seat.claimed_at) == (1, anew, "Lan", None)
    assert seat_claims.find_claimed_seat_number(live_class.session, live_class.id, anew) is None
    live_class.ask_question("q2")
    assert live_class.answer(seat, "q2", "b").seat == 1
    assert find_seat_of_learner(live_class.session, live_class.id, before.learner_id) is None


def test_a_rejected_claim_changes_nothing(live_class: LiveClass):
    before = live_class.join()
    anew = new_learner_id()
    claim(live_class, anew, 1)
    assert live_class.resolve_claim(1, approved=False, now=LATER).learner_id == before.learner_id
    assert seat_claims.find_claimed_seat_number(live_class.session, live_class.id, anew) is None
    assert live_class.resolve_claim(1, now=LATER).learner_id == before.learner_id  # there is no claim any more


def test_the_seat_taken_in_the_meantime_is_removed(live_class: LiveClass):
    live_class.join(name="Lan")
    meanwhile = live_class.join()
    claim(live_class, meanwhile.learner_id, 1)
    assert live_class.resolve_claim(1, now=LATER).learner_id == meanwhile.learner_id
    left = find_seat(live_class.session, live_class.id, 2)
    assert (left.removed, left.learner_id) == (True, None)


def test_a_pending_claim_blocks_another_for_ten_minutes(live_class: LiveClass):
    live_class.join()
    one, other = new_learner_id(), new_learner_id()
    for _ in range(2):
        claim(live_class, one, 1)
    with pytest.raises(SeatTaken):
        claim(live_class, other, 1)
    assert claim(live_class, other, 1, now=NOW + timedelta(minutes=11)).claimed_at == NOW + timedelta(minutes=11)


def test_a_learner_has_one_claim(live_class: LiveClass):
    live_class.join()
    live_class.join()
    anew = new_learner_id()
    claim(live_class, anew, 1)
    claim(live_class, anew, 2)
    assert seat_claims.find_claimed_seat_number(live_class.session, live_class.id, anew) == 2
    assert live_class.desk()["claims"] == [
        {"seat": 2, "picture": "hoa sen", "slug": "hoa-sen", "name": None, "minutes": 0}
    ]


def test_refused_claims(live_class: LiveClass, hanh: str):
    own = live_class.join()
    assert claim(live_class, own.learner_id, 1).claimed_at is None  # the learner has it already
    seats.add_seat(live_class.session, live_class.id, account_id=live_class.minh, now=NOW)
    live_class.join()
    seats.remove_seat(live_class.session, live_class.id, 3, account_id=live_class.minh, now=NOW)
    for number in (2, 3):
        with pytest.raises(SeatTaken):
            claim(live_class, new_learner_id(), number)
    with pytest.raises(NoSeatInClass):
        claim(live_class, new_learner_id(), 99)
    claim(live_class, new_learner_id(), 1)
    with pytest.raises(NotAllowed):
        seat_claims.resolve_claim(
            live_class.session, live_class.id, 1, account_id=hanh, library=live_class.library, now=NOW
        )


def test_after_a_claim_the_old_phone_cannot_change_the_seat(live_class: LiveClass):
    before = live_class.join()
    attempt = live_class.practise(before)
    claim(live_class, new_learner_id(), 1)
    live_class.resolve_claim(1, now=LATER)
    live_class.send(attempt, passing_events(attempt.data)[:1])
    assert find_seat(live_class.session, live_class.id, 1).screen is None


# --- forgetting --------------------------------------------------------------------------------------------------


def test_forgetting_a_learner_leaves_an_anonymous_seat(live_class: LiveClass):
    learner = store_learner(live_class.session, now=NOW)
    seat = live_class.join(learner.id, people=2, name="Lan")
    live_class.ask_question("q1")
    live_class.answer(seat, "q1", "b")
    live_class.practise(seat)
    learner_store.forget_learner(live_class.session, learner, now=LATER)
    left = find_seat(live_class.session, live_class.id, 1)
    assert (left.learner_id, left.name, left.attempt_id, left.screen, left.answered) == (None, None, None, None, "")
    assert left.people == 2  # what the class counted stays
    assert live_class.desk()["answers"] == {"given": 0}
    with pytest.raises(LearnerForgotten):
        live_class.join(learner.id)


def test_forgetting_a_learner_withdraws_the_claim(live_class: LiveClass):
    live_class.join()
    learner = store_learner(live_class.session, now=NOW)
    claim(live_class, learner.id, 1)
    learner_store.forget_learner(live_class.session, learner, now=LATER)
    assert find_seat(live_class.session, live_class.id, 1).claimed_at is None


# --- the door ----------------------------------------------------------------------------------------------------


def test_a_closed_door_gives_no_new_seats_and_keeps_the_old(live_class: LiveClass):
    seat = live_class.join(people=2)
    live_class.command(shut=True)
    stranger = new_learner_id()
    with pytest.raises(ClassNotAdmitting):
        live_class.join(stranger)
    assert find_learner(live_class.session, stranger) is None  # refused joins insert no learner
    assert live_class.join(seat.learner_id, people=3).people == 3
    assert live_class.join(seat.learner_id).number == seat.number
    live_class.ask_question("q1")
    assert live_class.answer(seat, "q1", "a").seat == seat.number
    live_class.command(shut=False)
    assert live_class.join(stranger).number == 2


def test_a_closed_door_stays_closed_at_the_next_step(live_class: LiveClass):
    live_class.command(shut=True)
    assert not live_class.command(shut=True).changed
    live_class.ask_question("q1")
    assert live_class.state.door_closed


def test_a_claim_can_be_approved_behind_a_closed_door(live_class: LiveClass):
    seat = live_class.join()
    live_class.command(shut=True)
    again = new_learner_id()
    seat_claims.claim_seat(live_class.session, learner_id=again, code=live_class.code, number=seat.number, now=LATER)
    live_class.resolve_claim(seat.number, now=LATER)
    assert live_class.join(again).number == seat.number


def test_seats_without_a_phone_can_be_added_behind_a_closed_door(live_class: LiveClass):
    live_class.command(shut=True)
    assert seats.add_seat(live_class.session, live_class.id, account_id=live_class.minh, now=NOW).number == 1
