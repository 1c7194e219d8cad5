"""Rows are taken in one order, so nobody waits in a ring: two transactions meet on purpose, on PostgreSQL.

Each time somebody holds the row that comes first in that order and then wants the one that comes last. Whoever had
taken the last one meanwhile, and waited for the first, would be one of two that wait for each other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.batch_handlers import TOGETHER, hold_rows
from lms.learning.classroom.lifecycle.command_handler import close_forgotten
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session import seat_store
from lms.learning.classroom.session.queries import Seat, find_class, find_seats, read_seat
from lms.learning.classroom.session.seat_store import change
from lms.learning.learners import learner_store
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.practice.events import keep_events
from lms.learning.store.locks import touch
from lms.learning.store.models import ClassAnswer, Response
from lms.learning.store.writer import Writer
from lms.learning.understand.answers import keep_answer
from tests.learning.classroom.room import Room, account, practise
from tests.learning.classroom.test_at_once import Hall
from tests.learning.school import LATER, NOW, walk
from tests.waiting import PATIENCE, meanwhile, until_waiting

pytestmark = pytest.mark.parametrize("store", ["postgresql"], indirect=True)  # SQLite has one lock for all


@pytest.fixture
def hall(engine: Engine, library: Library) -> Hall:
    """Lan and Hoa sit at 1 and 2; question 1 is open."""
    hall = Hall(engine, library)
    hall.lan, hall.hoa = sorted(new_learner_id() for _ in range(2))
    for who in (hall.lan, hall.hoa):
        hall.join(who)
    hall.say(to="hoi-q1")
    hall.say(step="hoi-q1", phase="open")
    return hall


@pytest.fixture
def troubles(engine: Engine, hall: Hall) -> list[Any]:
    """What PostgreSQL ended for another's sake, or refused."""
    found: list[Any] = []
    event.listen(engine, "handle_error", found.append)
    return found


@pytest.fixture
def writer(engine: Engine) -> Iterator[Writer]:
    writer = Writer(engine, together=TOGETHER, hold=hold_rows)
    yield writer
    writer.close()


def gathered(writer: Writer, *works: tuple[Callable[..., Any], dict[str, Any]]) -> list[Any]:
    """Futures of works that are done in one batch."""
    go, begun = threading.Event(), threading.Event()

    def pause(_session: Session, *, learner_id: str) -> None:
        begun.set()
        assert go.wait(PATIENCE)

    writer.submit(pause, "", learner_id="")
    assert begun.wait(PATIENCE)
    futures = [writer.submit(work, plain["learner_id"], **plain) for work, plain in works]
    go.set()
    return futures


def raises_her_hand(session: Session, seat: Seat) -> None:
    change(session.connection(), seat, LATER, hand_at=LATER)


def seat(session: Session, hall: Hall, number: int) -> Seat:
    return read_seat(session.connection(), hall.id, number)


def test_a_batch_of_several_kinds_takes_learners_before_seats(hall, writer, troubles, engine):
    """As whoever is forgotten or agrees to a claim does: the learner first, then a seat."""
    with hall.sessions.begin() as form:
        touch(form.connection(), hall.lan, now=NOW)
        sent = gathered(
            writer,
            (class_answers.keep_class_answer, hall.answer(hall.lan)),
            (seats.join, {"learner_id": hall.lan, "code": hall.code, "people": 3, "now": NOW}),
        )
        until_waiting(engine)
        raises_her_hand(form, seat(form, hall, 1))
    answered, joined = [one.result(PATIENCE) for one in sent]
    assert (answered.given, joined.people) == (("b",), 3)
    assert not troubles
    with hall.reads() as session:
        kept = seat(session, hall, 1)
        assert (kept.people, kept.hand_at, kept.answered) == (3, LATER, "q1/1")
        assert session.scalars(select(ClassAnswer.seat)).all() == [1]


def test_a_batch_of_several_kinds_takes_learners_in_their_order(hall, writer, troubles, engine, library):
    """Its first kind wants Hoa, its second one Lan; another process's batch has Lan and then wants Hoa."""
    lesson = library.lesson("vneid", "kich-hoat")
    answer = {
        "learner_id": hall.lan, "course": "vneid", "lesson": "kich-hoat", "understand": lesson.understand,
        "question_id": "q1", "given": ["b"], "now": NOW,
    }  # fmt: skip
    with hall.sessions.begin() as other:
        touch(other.connection(), hall.lan, now=NOW)
        sent = gathered(
            writer,
            (seats.join, {"learner_id": hall.hoa, "code": hall.code, "people": 2, "now": NOW}),
            (keep_answer, answer),
        )
        until_waiting(engine)
        touch(other.connection(), hall.hoa, now=NOW)
    joined, kept = [one.result(PATIENCE) for one in sent]
    assert (joined.people, kept.outcome.score) == (2, 1.0)
    assert not troubles
    with hall.reads() as session:
        assert session.scalars(select(Response.learner_id)).all() == [hall.lan]


def test_a_batch_of_several_kinds_takes_seats_in_their_order(hall, writer, troubles, engine):
    """Hoa's answer at seat 2 comes before Lan's events at seat 1; a leader clears seats away from the first on."""
    attempt = hall.do(practise, learner_id=hall.lan, code=hall.code, library=hall.library, now=NOW)
    with hall.sessions.begin() as leader:
        raises_her_hand(leader, seat(leader, hall, 1))
        sent = gathered(
            writer,
            (class_answers.keep_class_answer, hall.answer(hall.hoa)),
            (
                keep_events,
                {"learner_id": hall.lan, "attempt_id": attempt.id, "events": walk(attempt.data), "now": LATER},
            ),
        )
        until_waiting(engine)
        raises_her_hand(leader, seat(leader, hall, 2))
    answered, receipt = [one.result(PATIENCE) for one in sent]
    assert answered.seat == 2
    assert receipt.ended
    assert not troubles
    with hall.reads() as session:
        first, second = seat(session, hall, 1), seat(session, hall, 2)
        assert (first.done, first.hand_at, second.answered, second.hand_at) == ("helped", LATER, "q1/1", LATER)


def test_people_who_join_again_are_taken_in_the_order_of_their_seats(hall, writer, troubles, engine):
    late, early = new_learner_id(), "0" * 32  # whose number is higher, though her id sorts first
    for who in (late, early):
        hall.join(who)
    with hall.sessions.begin() as leader:
        raises_her_hand(leader, seat(leader, hall, 3))
        again = ({"learner_id": who, "code": hall.code, "people": 4, "now": NOW} for who in (early, late))
        sent = gathered(writer, *((seats.join, plain) for plain in again))
        until_waiting(engine)
        raises_her_hand(leader, seat(leader, hall, 4))
    assert [one.result(PATIENCE).number for one in sent] == [4, 3]
    assert not troubles
    assert [one.people for one in hall.do(find_seats, hall.id)] == [1, 1, 4, 4]


def test_whoever_makes_room_in_a_full_class_holds_no_seat_while_she_waits_for_another(
    hall, writer, troubles, engine, monkeypatch
):
    """Lan changes what she said at seat 1, and somebody new wants the empty seat 3; a leader clears both away."""
    monkeypatch.setattr(seat_store, "MOST_SEATS", 3)
    for who in (hall.lan, hall.hoa):
        hall.do(seats.join, learner_id=who, code=hall.code, name="Bà con", now=NOW)
    hall.join(new_learner_id())
    new = new_learner_id()
    with hall.sessions.begin() as leader:
        raises_her_hand(leader, seat(leader, hall, 1))
        come = ({"learner_id": who, "code": hall.code, "people": 4, "now": LATER} for who in (new, hall.lan))
        sent = gathered(writer, *((seats.join, plain) for plain in come))
        until_waiting(engine)
        change(leader.connection(), seat(leader, hall, 3), LATER, people=2)
    assert [one.result(PATIENCE).number for one in sent] == [4, 1]
    assert not troubles
    assert [one.out for one in hall.do(find_seats, hall.id)] == [False, False, True, False]


def test_whoever_agrees_to_a_claim_takes_both_seats_in_their_order(hall, troubles, engine):
    """Lan has seat 1 by now and claimed 2, which Hoa's lost cookie had."""
    hall.do(seats.claim, learner_id=hall.lan, code=hall.code, number=2, now=NOW)
    said = {"account_id": hall.minh, "library": hall.library, "now": LATER}
    with hall.sessions.begin() as leader:
        raises_her_hand(leader, seat(leader, hall, 1))
        agreed = meanwhile(lambda: hall.do(seats.agree, hall.id, 2, **said))
        until_waiting(engine)
        raises_her_hand(leader, seat(leader, hall, 2))
    assert agreed.result(PATIENCE).learner_id == hall.lan
    assert not troubles
    first, second = hall.do(find_seats, hall.id)
    assert (first.out, first.learner_id, second.learner_id, second.hand_at) == (True, None, hall.lan, LATER)


def test_whoever_claims_another_seat_takes_both_in_their_order(hall, troubles, engine):
    who, later = new_learner_id(), LATER + timedelta(hours=1)
    hall.do(seats.claim, learner_id=who, code=hall.code, number=1, now=NOW)
    with hall.sessions.begin() as leader:
        raises_her_hand(leader, seat(leader, hall, 1))
        claimed = meanwhile(lambda: hall.do(seats.claim, learner_id=who, code=hall.code, number=2, now=later))
        until_waiting(engine)
        raises_her_hand(leader, seat(leader, hall, 2))
    assert claimed.result(PATIENCE).claimed_at == later
    assert not troubles
    assert hall.do(seats.claimed_number, hall.id, who) == 2


def test_whoever_is_forgotten_leaves_her_seats_in_their_order(hall, troubles, engine):
    """Hoa sits at 2 and claimed 1."""
    hall.do(seats.claim, learner_id=hall.hoa, code=hall.code, number=1, now=NOW)
    with hall.sessions.begin() as leader:
        raises_her_hand(leader, seat(leader, hall, 1))
        gone = meanwhile(lambda: hall.do(learner_store.forget_id, hall.hoa, now=LATER))
        until_waiting(engine)
        raises_her_hand(leader, seat(leader, hall, 2))
    gone.result(PATIENCE)
    assert not troubles
    first, second = hall.do(find_seats, hall.id)
    assert (first.claimed_at, first.hand_at, second.learner_id, second.hand_at) == (None, LATER, None, None)


def test_forgotten_classes_are_all_held_before_the_first_learner_is(hall, troubles, engine, library):
    """An answer holds its class; behind it comes its learner, who sits in another forgotten class, too."""
    others = [hall.do(Room, library, hall.do(account, f"Minh {number}")) for number in range(2)]
    first, second = sorted([hall.room, *others], key=lambda room: room.id)[:2]
    for room in (first, second):
        hall.do(seats.join, learner_id=hall.lan, code=room.code, now=NOW)
    for room in (first, second):
        with hall.sessions.begin() as session:
            room.session = session
            room.ask("q1")
    answer = hall.answer(hall.lan)
    hall.do(class_answers.keep_class_answer, **answer | {"code": first.code})
    much_later = LATER + timedelta(days=2)
    with hall.sessions.begin() as phone:
        class_answers.hold_classes(phone.connection(), [second.code])
        closed = meanwhile(lambda: hall.do(close_forgotten, opened_before=much_later, library=library, now=much_later))
        until_waiting(engine)
        touch(phone.connection(), hall.lan, now=LATER)
    assert closed.result(PATIENCE) == 3
    assert not troubles
    assert hall.do(find_class, first.id).closed
    with hall.reads() as session:
        assert session.scalars(select(Response.learner_id)).all() == [hall.lan]
