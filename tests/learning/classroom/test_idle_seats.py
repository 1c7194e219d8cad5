"""Which seats are idle, and who may remove them."""

from __future__ import annotations

import pytest

from lms.learning.classroom.seats import idle_seats, seats
from lms.learning.errors import ClassClosed, NotAllowed
from lms.learning.learners.learner_store import find_learner, forget_learner, new_learner_id
from tests.learning.classroom.live_class import LiveClass
from tests.learning.classroom.seat_actions import rejoin, reload, remove_idle
from tests.learning.sample_courses import LATER, NOW


def test_seats_that_did_nothing_are_removed_and_all_others_stay(live_class: LiveClass, lesson):
    idle, answered, named, raised, practised, helped, attested = (
        live_class.join(name="Lan" if number == 2 else None) for number in range(7)
    )
    seats.add_seat(live_class.session, live_class.id, account_id=live_class.minh, now=NOW)
    live_class.ask_question("q1")
    live_class.answer(answered, "q1", "a")
    seats.set_hand_raised(
        live_class.session, class_id=live_class.id, learner_id=raised.learner_id, raised=True, now=NOW
    )
    live_class.practise(practised)
    seats.set_helper(live_class.session, live_class.id, helped.number, name="Hoa", account_id=live_class.minh, now=NOW)
    tasks = [task.id for task in lesson.use.tasks]
    live_class.attest(attested, tasks)
    newcomer = live_class.join(now=LATER)
    assert idle_seats.count_idle_seats(live_class.session, live_class.class_session, now=LATER) == 1
    assert remove_idle(live_class) == 1
    desk = live_class.desk(LATER)
    assert (desk["swept"], desk["out"], desk["machines"]) == (1, [], 7)
    assert reload(live_class, idle).removed
    assert not reload(live_class, named).removed
    assert not reload(live_class, newcomer).removed
    assert remove_idle(live_class) == 0


def test_behind_a_closed_door_seats_that_joined_just_now_are_removed_too(live_class: LiveClass):
    seat = live_class.join(now=LATER)
    assert remove_idle(live_class) == 0
    live_class.command(shut=True)
    assert (
        idle_seats.count_idle_seats(live_class.session, live_class.class_session, now=LATER)
        == remove_idle(live_class)
        == 1
    )
    assert not rejoin(live_class, seat).removed


def test_behind_a_closed_door_seats_with_only_a_name_are_removed_too(live_class: LiveClass):
    named, idle, answered = live_class.join(name="Lạ"), live_class.join(), live_class.join(name="Lan")
    live_class.ask_question("q1")
    live_class.answer(answered, "q1", "a")
    assert remove_idle(live_class) == 1  # the door is open: those with a name may have just joined
    assert not reload(live_class, named).removed
    live_class.command(shut=True)
    assert (
        idle_seats.count_idle_seats(live_class.session, live_class.class_session, now=LATER)
        == remove_idle(live_class)
        == 1
    )
    assert [reload(live_class, seat).removed for seat in (named, idle, answered)] == [True, True, False]
    back = rejoin(live_class, named)
    assert (back.number, back.removed, back.name) == (named.number, False, "Lạ")


def test_only_facilitators_of_the_open_class_remove_idle_seats(live_class: LiveClass, hanh: str):
    live_class.join()
    with pytest.raises(NotAllowed):
        idle_seats.remove_idle_seats(live_class.session, live_class.id, account_id=hanh, now=LATER)
    live_class.command(close=True)
    with pytest.raises(ClassClosed):
        remove_idle(live_class)


def test_a_newcomer_does_not_get_the_number_of_a_removed_seat(live_class: LiveClass):
    live_class.join()
    remove_idle(live_class)
    assert live_class.join(new_learner_id(), now=LATER).number == 2


def test_the_seat_of_a_forgotten_learner_who_answered_stays_counted(live_class: LiveClass):
    seat = live_class.join()
    live_class.ask_question("q1")
    live_class.answer(seat, "q1", "b")
    forget_learner(live_class.session, find_learner(live_class.session, seat.learner_id), now=LATER)
    assert (
        idle_seats.count_idle_seats(live_class.session, live_class.class_session, now=LATER)
        == remove_idle(live_class)
        == 0
    )
    assert not reload(live_class, seat).removed
