"""A seat that was removed as idle comes back with any action, unless the facilitator removed it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from lms.learning.classroom.practice import class_attempts
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.seats import idle_seats, joining, seat_claims, seats
from lms.learning.classroom.session.seat_store import Seat
from lms.learning.errors import NoSeatInClass, RemovedFromClass
from lms.learning.learners.learner_store import find_learner, forget_learner, new_learner_id
from tests.learning.classroom.live_class import LiveClass
from tests.learning.classroom.seat_actions import rejoin, reload, remove, remove_idle
from tests.learning.sample_courses import LATER


def raise_hand(live_class: LiveClass, seat: Seat) -> None:
    seats.set_hand_raised(
        live_class.session, class_id=live_class.id, learner_id=seat.learner_id, raised=True, now=LATER
    )


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
    seat_claims.claim_seat(
        live_class.session, learner_id=own.learner_id, code=live_class.code, number=claimed.number, now=LATER
    )
    remove_idle(live_class)
    live_class.resolve_claim(claimed.number, now=LATER)
    assert live_class.desk(LATER)["swept"] == 0
    assert reload(live_class, own).is_removed_by_facilitator


def test_the_seat_of_a_forgotten_learner_cannot_come_back(live_class: LiveClass):
    seat = live_class.join()
    remove_idle(live_class)
    forget_learner(live_class.session, find_learner(live_class.session, seat.learner_id), now=LATER)
    assert reload(live_class, seat).removed
    with pytest.raises(NoSeatInClass):
        rejoin(live_class, seat)


def test_an_idle_phone_comes_back_to_its_number_and_a_phone_removed_by_the_facilitator_does_not(live_class: LiveClass):
    idle, unwanted = live_class.join(), live_class.join()
    remove_idle(live_class)
    remove(live_class, unwanted)
    live_class.command(shut=True)
    back = rejoin(live_class, idle)
    assert (back.number, back.removed, back.idle_removed_at) == (idle.number, False, None)
    assert rejoin(live_class, idle).version == back.version
    for learner_id in (unwanted.learner_id, new_learner_id(), None):
        with pytest.raises((RemovedFromClass, NoSeatInClass)):
            idle_seats.reactivate_idle_seat(live_class.session, live_class.id, learner_id, now=LATER)
    with pytest.raises(RemovedFromClass):
        live_class.join(unwanted.learner_id)
