"""Rows are locked in one order, so there are no deadlocks: two transactions meet on purpose, on PostgreSQL.

In each test one transaction holds the first row of that order and then wants the last one. If another had locked the
last one in the meantime and waited for the first, the two would be in a deadlock.
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
from lms.learning.batch_handlers import BATCH_HANDLERS, lock_rows
from lms.learning.classroom.lifecycle.command_handler import close_abandoned_class_sessions
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.seats import idle_seats, joining, seat_claims
from lms.learning.classroom.session.queries import find_class_session
from lms.learning.classroom.session.seat_store import Seat, find_seat, find_seats, update_seat
from lms.learning.errors import LearnerForgotten
from lms.learning.learners import learner_store
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.practice.events import save_events
from lms.learning.store.locks import lock_open_classes, upsert_and_lock_learner
from lms.learning.store.models import ClassAnswer, EventBatch, Response
from lms.learning.store.writer import Writer
from lms.learning.understand.answers import save_answer
from tests.learning.classroom.concurrent_class import ConcurrentClass
from tests.learning.classroom.live_class import LiveClass, account, practise
from tests.learning.sample_courses import LATER, NOW, passing_events
from tests.lock_waits import TIMEOUT_SECONDS, run_in_thread, wait_until_blocked

pytestmark = pytest.mark.parametrize("store", ["postgresql"], scope="session")  # SQLite has one lock for all


@pytest.fixture
def hall(engine: Engine, library: Library) -> ConcurrentClass:
    """Lan has seat 1, Hoa seat 2; question 1 is open."""
    hall = ConcurrentClass(engine, library)
    hall.lan, hall.hoa = sorted(new_learner_id() for _ in range(2))
    for who in (hall.lan, hall.hoa):
        hall.join(who)
    hall.command(to="hoi-q1")
    hall.command(step="hoi-q1", phase="open")
    return hall


@pytest.fixture
def database_errors(engine: Engine, hall: ConcurrentClass) -> list[Any]:
    """Errors of the database, such as deadlocks."""
    found: list[Any] = []
    event.listen(engine, "handle_error", found.append)
    return found


@pytest.fixture
def writer(engine: Engine) -> Iterator[Writer]:
    writer = Writer(engine, batch_handlers=BATCH_HANDLERS, lock_rows=lock_rows)
    yield writer
    writer.close()


def submit_as_one_batch(writer: Writer, *works: tuple[Callable[..., Any], dict[str, Any]]) -> list[Any]:
    """Submit calls of services so that the writer runs them in one batch; returns their futures."""
    go, started = threading.Event(), threading.Event()

    def pause(_session: Session, *, learner_id: str) -> None:
        started.set()
        assert go.wait(TIMEOUT_SECONDS)

    writer.submit(pause, "", learner_id="")
    assert started.wait(TIMEOUT_SECONDS)
    futures = [writer.submit(work, kwargs["learner_id"], **kwargs) for work, kwargs in works]
    go.set()
    return futures


def raise_hand(session: Session, seat: Seat) -> None:
    update_seat(session, seat, LATER, hand_raised_at=LATER)


def seat(session: Session, hall: ConcurrentClass, number: int) -> Seat:
    return find_seat(session, hall.id, number)


def events_of(hall: ConcurrentClass, learner_id: str) -> dict[str, Any]:
    """The keyword arguments of ``save_events`` for a learner who passes the class's practice."""
    attempt = hall.do(practise, learner_id=learner_id, code=hall.code, library=hall.library, now=NOW)
    events = passing_events(attempt.data)
    return {"learner_id": learner_id, "attempt_id": attempt.id, "events": events, "now": LATER}


def test_a_mixed_batch_locks_learners_before_seats(hall, writer, database_errors, engine):
    """Forgetting a learner and approving a claim do so too."""
    with hall.sessions.begin() as form:
        upsert_and_lock_learner(form.connection(), hall.lan, now=NOW)
        sent = submit_as_one_batch(
            writer,
            (class_answers.save_class_answer, hall.answer(hall.lan)),
            (joining.join_class_session, {"learner_id": hall.lan, "code": hall.code, "people": 3, "now": NOW}),
        )
        wait_until_blocked(engine)
        raise_hand(form, seat(form, hall, 1))
    answered, joined = [one.result(TIMEOUT_SECONDS) for one in sent]
    assert (answered.given, joined.people) == (("b",), 3)
    assert not database_errors
    with hall.reads() as session:
        kept = seat(session, hall, 1)
        assert (kept.people, kept.hand_raised_at, kept.answered) == (3, LATER, "q1/1")
        assert session.scalars(select(ClassAnswer.seat)).all() == [1]


def test_a_mixed_batch_locks_learners_in_order(hall, writer, database_errors, engine, library):
    """The batch's first service needs Hoa, its second Lan; another transaction holds Lan and then needs Hoa."""
    lesson = library.lesson("vneid", "kich-hoat")
    answer = {
        "learner_id": hall.lan, "course": "vneid", "lesson": "kich-hoat", "understand": lesson.understand,
        "question_id": "q1", "given": ["b"], "now": NOW,
    }  # fmt: skip
    with hall.sessions.begin() as other:
        upsert_and_lock_learner(other.connection(), hall.lan, now=NOW)
        sent = submit_as_one_batch(
            writer,
            (joining.join_class_session, {"learner_id": hall.hoa, "code": hall.code, "people": 2, "now": NOW}),
            (save_answer, answer),
        )
        wait_until_blocked(engine)
        upsert_and_lock_learner(other.connection(), hall.hoa, now=NOW)
    joined, kept = [one.result(TIMEOUT_SECONDS) for one in sent]
    assert (joined.people, kept.outcome.score) == (2, 1.0)
    assert not database_errors
    with hall.reads() as session:
        assert session.scalars(select(Response.learner_id)).all() == [hall.lan]


def test_a_mixed_batch_locks_seats_in_order(hall, writer, database_errors, engine):
    """Hoa's answer at seat 2 comes before Lan's events at seat 1; another transaction locks the seats from 1 on."""
    post = events_of(hall, hall.lan)
    with hall.sessions.begin() as leader:
        raise_hand(leader, seat(leader, hall, 1))
        sent = submit_as_one_batch(
            writer, (class_answers.save_class_answer, hall.answer(hall.hoa)), (save_events, post)
        )
        wait_until_blocked(engine)
        raise_hand(leader, seat(leader, hall, 2))
    answered, receipt = [one.result(TIMEOUT_SECONDS) for one in sent]
    assert answered.seat == 2
    assert receipt.ended
    assert not database_errors
    with hall.reads() as session:
        first, second = seat(session, hall, 1), seat(session, hall, 2)
        assert (first.done, first.hand_raised_at, second.answered, second.hand_raised_at) == (
            "helped",
            LATER,
            "q1/1",
            LATER,
        )


def test_practice_posts_of_a_batch_lock_learners_in_order(hall, writer, database_errors, engine):
    """The first post is Hoa's, the second Lan's; another transaction holds Lan and then needs Hoa."""
    posts = [events_of(hall, who) for who in (hall.hoa, hall.lan)]
    with hall.sessions.begin() as other:
        upsert_and_lock_learner(other.connection(), hall.lan, now=NOW)
        sent = submit_as_one_batch(writer, *((save_events, post) for post in posts))
        wait_until_blocked(engine)
        upsert_and_lock_learner(other.connection(), hall.hoa, now=NOW)
    assert [one.result(TIMEOUT_SECONDS).ended for one in sent] == [True, True]
    assert not database_errors
    assert [one.done for one in hall.do(find_seats, hall.id)] == ["helped", "helped"]


def test_a_practice_post_that_waits_while_its_learner_is_forgotten_is_refused(hall, writer, engine):
    post = events_of(hall, hall.lan)
    with hall.sessions.begin() as other:
        learner_store.forget_learner_id(other, hall.lan, now=LATER)
        other.flush()
        sent = writer.submit(save_events, hall.lan, **post)
        wait_until_blocked(engine)
    with pytest.raises(LearnerForgotten):
        sent.result(TIMEOUT_SECONDS)
    with hall.reads() as session:
        assert not session.scalars(select(EventBatch.attempt_id)).all()


def test_rejoining_locks_seats_in_order(hall, writer, database_errors, engine):
    late, early = new_learner_id(), "0" * 32  # the higher seat number has the lower learner id
    for who in (late, early):
        hall.join(who)
    with hall.sessions.begin() as leader:
        raise_hand(leader, seat(leader, hall, 3))
        again = ({"learner_id": who, "code": hall.code, "people": 4, "now": NOW} for who in (early, late))
        sent = submit_as_one_batch(writer, *((joining.join_class_session, kwargs) for kwargs in again))
        wait_until_blocked(engine)
        raise_hand(leader, seat(leader, hall, 4))
    assert [one.result(TIMEOUT_SECONDS).number for one in sent] == [4, 3]
    assert not database_errors
    assert [one.people for one in hall.do(find_seats, hall.id)] == [1, 1, 4, 4]


def test_making_room_in_a_full_class_locks_no_seat_while_waiting_for_another(
    hall, writer, database_errors, engine, monkeypatch
):
    """Lan joins again at seat 1, a newcomer needs the idle seat 3; another transaction changes both."""
    monkeypatch.setattr(idle_seats, "MAX_ACTIVE_SEATS", 3)
    for who in (hall.lan, hall.hoa):
        hall.do(joining.join_class_session, learner_id=who, code=hall.code, name="Bà con", now=NOW)
    hall.join(new_learner_id())
    new = new_learner_id()
    with hall.sessions.begin() as leader:
        raise_hand(leader, seat(leader, hall, 1))
        come = ({"learner_id": who, "code": hall.code, "people": 4, "now": LATER} for who in (new, hall.lan))
        sent = submit_as_one_batch(writer, *((joining.join_class_session, kwargs) for kwargs in come))
        wait_until_blocked(engine)
        update_seat(leader, seat(leader, hall, 3), LATER, people=2)
    assert [one.result(TIMEOUT_SECONDS).number for one in sent] == [4, 1]
    assert not database_errors
    assert [one.removed for one in hall.do(find_seats, hall.id)] == [False, False, True, False]


def test_approving_a_claim_locks_both_seats_in_order(hall, database_errors, engine):
    """Lan has seat 1 and claims seat 2."""
    hall.do(seat_claims.claim_seat, learner_id=hall.lan, code=hall.code, number=2, now=NOW)
    approval = {"account_id": hall.minh, "library": hall.library, "now": LATER}
    with hall.sessions.begin() as leader:
        raise_hand(leader, seat(leader, hall, 1))
        agreed = run_in_thread(lambda: hall.do(seat_claims.resolve_claim, hall.id, 2, **approval))
        wait_until_blocked(engine)
        raise_hand(leader, seat(leader, hall, 2))
    assert agreed.result(TIMEOUT_SECONDS).learner_id == hall.lan
    assert not database_errors
    first, second = hall.do(find_seats, hall.id)
    assert (first.removed, first.learner_id, second.learner_id, second.hand_raised_at) == (True, None, hall.lan, LATER)


def test_claiming_another_seat_locks_both_in_order(hall, database_errors, engine):
    who, later = new_learner_id(), LATER + timedelta(hours=1)
    hall.do(seat_claims.claim_seat, learner_id=who, code=hall.code, number=1, now=NOW)
    with hall.sessions.begin() as leader:
        raise_hand(leader, seat(leader, hall, 1))
        claimed = run_in_thread(
            lambda: hall.do(seat_claims.claim_seat, learner_id=who, code=hall.code, number=2, now=later)
        )
        wait_until_blocked(engine)
        raise_hand(leader, seat(leader, hall, 2))
    assert claimed.result(TIMEOUT_SECONDS).claimed_at == later
    assert not database_errors
    assert hall.do(seat_claims.find_claimed_seat_number, hall.id, who) == 2


def test_forgetting_a_learner_locks_the_seats_in_order(hall, database_errors, engine):
    """Hoa has seat 2 and claims seat 1."""
    hall.do(seat_claims.claim_seat, learner_id=hall.hoa, code=hall.code, number=1, now=NOW)
    with hall.sessions.begin() as leader:
        raise_hand(leader, seat(leader, hall, 1))
        gone = run_in_thread(lambda: hall.do(learner_store.forget_learner_id, hall.hoa, now=LATER))
        wait_until_blocked(engine)
        raise_hand(leader, seat(leader, hall, 2))
    gone.result(TIMEOUT_SECONDS)
    assert not database_errors
    first, second = hall.do(find_seats, hall.id)
    assert (first.claimed_at, first.hand_raised_at, second.learner_id, second.hand_raised_at) == (
        None,
        LATER,
        None,
        None,
    )


def test_abandoned_classes_are_all_locked_before_the_first_learner(hall, database_errors, engine, library):
    """An answer locks its class, then its learner, who has a seat in another abandoned class too."""
    others = [hall.do(LiveClass, library, hall.do(account, f"Minh {number}")) for number in range(2)]
    first, second = sorted([hall.live_class, *others], key=lambda live_class: live_class.id)[:2]
    for live_class in (first, second):
        hall.do(joining.join_class_session, learner_id=hall.lan, code=live_class.code, now=NOW)
    for live_class in (first, second):
        with hall.sessions.begin() as session:
            live_class.session = session
            live_class.ask_question("q1")
    answer = hall.answer(hall.lan)
    hall.do(class_answers.save_class_answer, **answer | {"code": first.code})
    much_later = LATER + timedelta(days=2)
    with hall.sessions.begin() as phone:
        lock_open_classes(phone.connection(), [second.code])
        closed = run_in_thread(
            lambda: hall.do(close_abandoned_class_sessions, opened_before=much_later, library=library, now=much_later)
        )
        wait_until_blocked(engine)
        upsert_and_lock_learner(phone.connection(), hall.lan, now=LATER)
    assert closed.result(TIMEOUT_SECONDS) == 3
    assert not database_errors
    assert hall.do(find_class_session, first.id).is_closed
    with hall.reads() as session:
        assert session.scalars(select(Response.learner_id)).all() == [hall.lan]
