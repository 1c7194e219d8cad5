"""Idle seats: which are removed, that every action brings one back, and how a full class makes room for newcomers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from lms.learning.classroom.practice import class_attempts
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.seats import claims, idle_seats, joining, seats
from lms.learning.classroom.session.seat_store import Seat, find_seat, find_seat_of_learner, find_seats
from lms.learning.classroom.tasks.attestation import attest_tasks
from lms.learning.errors import ClassClosed, ClassFull, LearningError, NoSeat, NotAllowed, RemovedFromClass
from lms.learning.learners.learner_store import find_learner, forget_learner, new_learner_id
from tests.learning.classroom.live_class import LiveClass, account
from tests.learning.sample_courses import LATER, NOW


def remove_idle(live_class: LiveClass, now: datetime = LATER) -> int:
    return idle_seats.remove_idle_seats(live_class.session, live_class.id, account_id=live_class.minh, now=now)


def remove(live_class: LiveClass, seat: Seat) -> Seat:
    return seats.remove_seat(live_class.session, live_class.id, seat.number, account_id=live_class.minh, now=LATER)


def reload(live_class: LiveClass, seat: Seat) -> Seat:
    return find_seat(live_class.session, live_class.id, seat.number)


def rejoin(live_class: LiveClass, seat: Seat, now: datetime = LATER) -> Seat:
    return idle_seats.rejoin(live_class.session, live_class.id, seat.learner_id, now=now)


def active_numbers(live_class: LiveClass) -> list[int]:
    return [seat.number for seat in find_seats(live_class.session, live_class.id) if not seat.removed]


def raise_hand(live_class: LiveClass, seat: Seat) -> None:
    seats.set_hand(live_class.session, class_id=live_class.id, learner_id=seat.learner_id, raised=True, now=LATER)


def answer(live_class: LiveClass, seat: Seat) -> None:
    live_class.answer(seat, "q1", "b", now=LATER)


def start_practice(live_class: LiveClass, seat: Seat) -> None:
    kwargs = {"code": live_class.code, "library": live_class.library, "now": LATER}
    class_attempts.start_class_attempt(live_class.session, learner_id=seat.learner_id, **kwargs)


def join(live_class: LiveClass, seat: Seat) -> None:
    live_class.join(seat.learner_id, now=LATER)


# Each action, and a function that it calls between reading the seat and writing it.
ACTIONS = {
    "raise hand": (raise_hand, seats, "find_seat_of_learner"),
    "answer": (answer, class_answers, "find_question"),
    "start practice": (start_practice, class_attempts, "build_attempt"),
    "join again": (join, joining, "_find_seats"),
    "rejoin": (rejoin, idle_seats, "find_seat_of_learner"),
}
every_action = pytest.mark.parametrize(("action", "module", "between"), ACTIONS.values(), ids=ACTIONS)


def run_after(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, happens: Callable[[], Any]) -> None:
    """Call ``happens`` after ``name`` was called, as if another transaction committed then; PostgreSQL allows that."""
    call = getattr(module, name)

    def called(*args: Any, **kwargs: Any) -> Any:
        found = call(*args, **kwargs)
        happens()
        return found

    monkeypatch.setattr(module, name, called)


# --- removed as idle, and back -----------------------------------------------------------------------------------


@every_action
def test_every_action_reactivates_a_seat_that_was_removed_as_idle(live_class: LiveClass, action, module, between):
    seat = live_class.join()
    live_class.ask_question("q1")
    assert remove_idle(live_class) == 1
    action(live_class, seat)
    assert (reload(live_class, seat).removed, reload(live_class, seat).idle_removed_at) == (False, None)
    assert live_class.desk(LATER)["machines"] == 1


@every_action
def test_a_seat_that_is_removed_as_idle_during_an_action_stays_active(
    live_class: LiveClass, monkeypatch, action, module, between
):
    seat = live_class.join()
    live_class.ask_question("q1")
    if action in (join, rejoin):
        remove_idle(live_class)  # these write nothing to an active seat
    run_after(monkeypatch, module, between, lambda: remove_idle(live_class))
    action(live_class, seat)
    assert (reload(live_class, seat).removed, reload(live_class, seat).idle_removed_at) == (False, None)


@every_action
def test_a_seat_that_the_facilitator_removes_during_an_action_stays_removed(
    live_class: LiveClass, monkeypatch, action, module, between
):
    seat = live_class.join()
    live_class.ask_question("q1")
    remove_idle(live_class)
    run_after(monkeypatch, module, between, lambda: remove(live_class, seat))
    with suppress(RemovedFromClass):
        action(live_class, seat)
    assert reload(live_class, seat).is_removed_by_facilitator
    with pytest.raises(RemovedFromClass):
        action(live_class, seat)


def test_the_seat_that_an_approved_claim_left_behind_cannot_come_back(live_class: LiveClass):
    own, claimed = live_class.join(), live_class.join(name="Lan")
    claims.claim_seat(
        live_class.session, learner_id=own.learner_id, code=live_class.code, number=claimed.number, now=LATER
    )
    remove_idle(live_class)
    claims.resolve_claim(
        live_class.session,
        live_class.id,
        claimed.number,
        account_id=live_class.minh,
        library=live_class.library,
        now=LATER,
    )
    assert live_class.desk(LATER)["swept"] == 0
    assert reload(live_class, own).is_removed_by_facilitator


def test_the_seat_of_a_forgotten_learner_cannot_come_back(live_class: LiveClass):
    seat = live_class.join()
    remove_idle(live_class)
    forget_learner(live_class.session, find_learner(live_class.session, seat.learner_id), now=LATER)
    assert reload(live_class, seat).removed
    with pytest.raises(NoSeat):
        rejoin(live_class, seat)


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


def test_a_newcomer_does_not_get_the_number_of_a_removed_seat(live_class: LiveClass):
    live_class.join()
    remove_idle(live_class)
    assert live_class.join(new_learner_id(), now=LATER).number == 2


def test_an_idle_phone_comes_back_to_its_number_and_a_phone_removed_by_the_facilitator_does_not(live_class: LiveClass):
    idle, unwanted = live_class.join(), live_class.join()
    remove_idle(live_class)
    remove(live_class, unwanted)
    live_class.command(shut=True)
    back = rejoin(live_class, idle)
    assert (back.number, back.removed, back.idle_removed_at) == (idle.number, False, None)
    assert rejoin(live_class, idle).version == back.version
    for learner_id in (unwanted.learner_id, new_learner_id(), None):
        with pytest.raises((RemovedFromClass, NoSeat)):
            idle_seats.rejoin(live_class.session, live_class.id, learner_id, now=LATER)
    with pytest.raises(RemovedFromClass):
        live_class.join(unwanted.learner_id)


# --- which seats are idle ----------------------------------------------------------------------------------------


def test_seats_that_did_nothing_are_removed_and_all_others_stay(live_class: LiveClass, lesson):
    idle, answered, named, raised, practised, helped, attested = (
        live_class.join(name="Lan" if number == 2 else None) for number in range(7)
    )
    seats.add_seat(live_class.session, live_class.id, account_id=live_class.minh, now=NOW)
    live_class.ask_question("q1")
    live_class.answer(answered, "q1", "a")
    seats.set_hand(live_class.session, class_id=live_class.id, learner_id=raised.learner_id, raised=True, now=NOW)
    live_class.practise(practised)
    seats.set_helper(live_class.session, live_class.id, helped.number, name="Hoa", account_id=live_class.minh, now=NOW)
    tasks = [task.id for task in lesson.use.tasks]
    attest_tasks(
        live_class.session,
        live_class.id,
        attested.number,
        account_id=live_class.minh,
        use=lesson.use,
        task_ids=tasks,
        now=NOW,
    )
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


# --- a full class makes room -------------------------------------------------------------------------------------


@pytest.fixture
def small_class(monkeypatch: pytest.MonkeyPatch) -> None:
    """A class of three seats; a real one would only take longer."""
    monkeypatch.setattr(idle_seats, "MAX_ACTIVE_SEATS", 3)
    monkeypatch.setattr(idle_seats, "HALL_SIZE", 2)


in_a_small_class = pytest.mark.usefixtures("small_class")


def after(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


def fill(live_class: LiveClass, count: int = 3) -> list[Seat]:
    """A stranger joins ``count`` times, once a second."""
    return [live_class.join(now=after(second)) for second in range(count)]


def join_at_once(live_class: LiveClass, count: int) -> Sequence[Seat | LearningError]:
    joins = [{"code": live_class.code, "now": LATER, "learner_id": new_learner_id()} for _ in range(count)]
    return joining.join_class_sessions(live_class.session, joins)


def test_removing_idle_seats_makes_room_for_new_numbers(live_class: LiveClass, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(idle_seats, "MAX_ACTIVE_SEATS", 2)
    for _ in range(2):
        live_class.join()
    remove_idle(live_class)
    assert [live_class.join(now=LATER).number for _ in range(2)] == [3, 4]


@in_a_small_class
def test_a_newcomer_gets_into_a_class_that_is_full_of_idle_seats(live_class: LiveClass):
    fill(live_class)
    lan = live_class.join(now=after(3))
    assert (lan.number, lan.removed) == (4, False)
    assert active_numbers(live_class) == [2, 3, 4]
    assert find_seat(live_class.session, live_class.id, 1).idle_removed_at == after(3)


@in_a_small_class
def test_the_seat_that_was_idle_longest_makes_room_first(live_class: LiveClass):
    first, *_ = fill(live_class)
    live_class.join(now=after(3))
    rejoin(live_class, first, now=after(4))  # its page is open, so it is asked last from now on
    for second in (5, 6, 7):
        live_class.join(now=after(second))
    assert not reload(live_class, first).removed


@in_a_small_class
def test_a_seat_that_made_room_comes_back_without_removing_another(live_class: LiveClass):
    first, *_ = fill(live_class)
    live_class.join(now=after(3))
    live_class.command(shut=True)
    assert (rejoin(live_class, first).number, rejoin(live_class, first).removed) == (1, False)
    assert active_numbers(live_class) == [1, 2, 3, 4]
    assert live_class.join(first.learner_id, now=LATER).number == 1


@in_a_small_class
def test_one_newcomer_removes_one_seat_even_when_more_came_back_than_fit(live_class: LiveClass):
    for seat in fill(live_class):
        live_class.join(now=after(3))
        rejoin(live_class, seat, now=after(4))
    assert len(active_numbers(live_class)) == 6
    live_class.join(now=after(5))
    assert len(active_numbers(live_class)) == 6


@in_a_small_class
def test_seats_that_did_something_never_make_room(live_class: LiveClass, lesson):
    named, raised, attested = live_class.join(name="Lan"), live_class.join(), live_class.join()
    seats.set_hand(live_class.session, class_id=live_class.id, learner_id=raised.learner_id, raised=True, now=NOW)
    tasks = [task.id for task in lesson.use.tasks]
    attest_tasks(
        live_class.session,
        live_class.id,
        attested.number,
        account_id=live_class.minh,
        use=lesson.use,
        task_ids=tasks,
        now=NOW,
    )
    with pytest.raises(ClassFull):
        live_class.join(now=LATER)
    assert active_numbers(live_class) == [named.number, raised.number, attested.number]


@in_a_small_class
def test_seats_without_a_phone_stay_and_get_room_made_for_them(live_class: LiveClass):
    for _ in range(2):
        seats.add_seat(live_class.session, live_class.id, account_id=live_class.minh, now=NOW)
    live_class.join()
    assert seats.add_seat(live_class.session, live_class.id, account_id=live_class.minh, now=LATER).number == 4
    assert active_numbers(live_class) == [1, 2, 4]
    with pytest.raises(ClassFull):
        seats.add_seat(live_class.session, live_class.id, account_id=live_class.minh, now=LATER)


@in_a_small_class
def test_as_many_get_in_at_once_as_there_are_free_and_idle_seats(live_class: LiveClass):
    fill(live_class, 2)
    live_class.join(name="Lan", now=after(3))
    results = join_at_once(live_class, 5)
    assert [result.number for result in results if isinstance(result, Seat)] == [4, 5]
    assert [type(result) for result in results if not isinstance(result, Seat)] == [ClassFull] * 3
    assert active_numbers(live_class) == [3, 4, 5]


@in_a_small_class
def test_two_full_classes_make_room_independently(live_class: LiveClass):
    other = LiveClass(live_class.session, live_class.library, account(live_class.session, "Hạnh"))
    fill(live_class)
    fill(other)
    [first], [second] = join_at_once(live_class, 1), join_at_once(other, 1)
    assert (first.number, second.number) == (4, 4)
    assert active_numbers(live_class) == active_numbers(other) == [2, 3, 4]


# --- after the last number ---------------------------------------------------------------------------------------


@pytest.fixture
def five_numbers(small_class, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "MAX_SEAT_NUMBER", 5)


with_five_numbers = pytest.mark.usefixtures("five_numbers")


@with_five_numbers
def test_after_the_last_number_an_abandoned_one_is_given_again(live_class: LiveClass):
    abandoned, *_ = fill(live_class, 5)
    lan = live_class.join(name="Lan", now=after(5))
    assert (lan.number, lan.removed, lan.idle_removed_at, lan.name) == (abandoned.number, False, None, "Lan")
    assert lan.version > 2  # so that the stream of the phone that had it notices the new holder
    assert lan.holder != abandoned.holder
    assert active_numbers(live_class) == [1, 4, 5]


@with_five_numbers
def test_a_phone_that_lost_its_number_gets_another(live_class: LiveClass):
    abandoned, *_ = fill(live_class, 5)
    live_class.join(name="Lan", now=after(5))
    assert find_seat_of_learner(live_class.session, live_class.id, abandoned.learner_id) is None
    assert live_class.join(abandoned.learner_id, name="Hoa", now=after(6)).number == 2


@with_five_numbers
def test_a_phone_that_came_back_keeps_its_number(live_class: LiveClass):
    removed, *_ = fill(live_class, 5)
    rejoin(live_class, removed, now=after(5))
    assert live_class.join(now=after(6)).number == 2


@with_five_numbers
def test_the_class_is_full_when_no_number_is_abandoned(live_class: LiveClass):
    for seat in fill(live_class, 5):
        remove(live_class, seat)
    with pytest.raises(ClassFull):
        live_class.join(now=LATER)


# --- what the desk is warned of ----------------------------------------------------------------------------------


@in_a_small_class
def test_the_desk_is_warned_of_a_flood_of_joins_and_of_a_full_class(live_class: LiveClass):
    assert live_class.desk(NOW)["crowd"] == ""
    fill(live_class)
    assert live_class.desk(after(3))["crowd"] == "new"
    assert live_class.desk(NOW + timedelta(hours=1))["crowd"] == ""  # they joined long ago
    live_class.join(now=after(3))
    assert live_class.desk(after(4))["crowd"] == "full"
    remove_idle(live_class, NOW + timedelta(hours=1))
    assert live_class.desk(NOW + timedelta(hours=1))["crowd"] == ""


@in_a_small_class
def test_a_hall_of_active_learners_is_no_flood(live_class: LiveClass):
    for name in ("Lan", "Hoa", "Minh"):
        live_class.join(name=name)
    assert live_class.desk(NOW)["crowd"] == ""
