"""Concurrency: a whole hall acts at once, in real threads with real commits, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from lms.content.model import Library
from lms.learning.batch_handlers import BATCH_HANDLERS, lock_rows
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.lifecycle.command_handler import apply_command
from lms.learning.classroom.practice import class_attempts
from lms.learning.classroom.questions import class_answers, tallies
from lms.learning.classroom.seats import idle_seats, joining, seat_claims
from lms.learning.classroom.session.commands import Command
from lms.learning.classroom.session.queries import find_class_session
from lms.learning.classroom.session.seat_store import find_seats
from lms.learning.errors import AnswersLocked, LearningError
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.practice.events import save_events
from lms.learning.store.models import ClassAnswer, Response
from lms.learning.store.writer import Writer
from tests.learning.classroom.concurrent_class import ConcurrentClass
from tests.learning.classroom.live_class import WARD, LiveClass, account
from tests.learning.sample_courses import NOW, passing_events

PATIENCE = 120  # seconds


@pytest.fixture
def hall(engine: Engine, library: Library) -> ConcurrentClass:
    return ConcurrentClass(engine, library)


@pytest.fixture
def writers(engine: Engine) -> Iterator[list[Writer]]:
    """Two writers, as in two processes on PostgreSQL; one on SQLite."""
    count = 2 if engine.dialect.name == "postgresql" else 1
    opened = [Writer(engine, batch_handlers=BATCH_HANDLERS, lock_rows=lock_rows) for _ in range(count)]
    yield opened
    for writer in opened:
        writer.close()


def run_at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Run the calls in threads that start together; returns their results, or exceptions, in order."""
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        barrier.wait(PATIENCE)
        try:
            return work()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_two_simultaneous_taps_on_tiep_move_one_step(hall: ConcurrentClass):
    done = run_at_once([lambda: hall.command(to="hoi-q1", from_step="vao")] * 6)
    assert sorted(one.changed for one in done) == [False] * 5 + [True]
    assert {one.class_session.state.step for one in done} == {"hoi-q1"}
    assert hall.do(find_class_session, hall.id).version == 2


def test_simultaneous_joins_get_different_numbers(hall: ConcurrentClass):
    people = [new_learner_id() for _ in range(24)]
    found = run_at_once([lambda who=who: hall.join(who) for who in people])
    assert sorted(seat.number for seat in found) == list(range(1, 25))


def test_one_phone_that_joins_many_times_at_once_has_one_seat(hall: ConcurrentClass):
    lan = new_learner_id()
    found = run_at_once([lambda: hall.join(lan, people=2, name="Lan")] * 8)
    assert {seat.number for seat in found} == {1}
    assert len(hall.do(find_seats, hall.id)) == 1


def test_two_processes_join_learners_to_many_classes_without_a_deadlock(
    hall: ConcurrentClass, writers: list[Writer], engine: Engine
):
    leaders = [hall.do(account, f"Minh {number}") for number in range(8)]
    live_classes = [hall.do(LiveClass, hall.library, leader) for leader in leaders]
    coming = [(live_class, new_learner_id()) for _ in range(40) for live_class in live_classes]
    database_errors: list[Any] = []
    event.listen(engine, "handle_error", database_errors.append)
    sent = [
        writers[place // len(live_classes) % len(writers)].submit(
            joining.join_class_session, who, learner_id=who, code=live_class.code, now=NOW
        )
        for place, (live_class, who) in enumerate(coming)
    ]
    got = [future.result(PATIENCE) for future in sent]
    for live_class in live_classes:
        assert sorted(seat.number for seat in got if seat.class_id == live_class.id) == list(range(1, 41))
    assert not database_errors


def test_joining_through_two_writers_leaves_no_gap(hall: ConcurrentClass, writers: list[Writer]):
    people = [new_learner_id() for _ in range(60)]
    waiting = [
        writers[place % len(writers)].submit(joining.join_class_session, who, learner_id=who, code=hall.code, now=NOW)
        for place, who in enumerate(people)
    ]
    assert sorted(one.result(PATIENCE).number for one in waiting) == list(range(1, 61))


def test_newcomers_to_a_full_class_in_two_processes_all_get_in(
    hall: ConcurrentClass, writers: list[Writer], engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    """All seats are idle; those removed for newcomers rejoin in the meantime, as open pages do."""
    monkeypatch.setattr(idle_seats, "MAX_ACTIVE_SEATS", 20)
    strangers = [new_learner_id() for _ in range(20)]
    for who in strangers:
        hall.join(who)
    late = [new_learner_id() for _ in range(16)]
    database_errors: list[Any] = []
    event.listen(engine, "handle_error", database_errors.append)

    def come(place: int) -> list[Any]:
        writer = writers[place % len(writers)]
        return [
            writer.submit(joining.join_class_session, who, learner_id=who, code=hall.code, now=NOW)
            for who in late[place::4]
        ]

    def stay(place: int) -> None:
        for who in strangers[place:12:4]:
            hall.do(idle_seats.reactivate_idle_seat, hall.id, who, now=NOW)

    parts = range(4)
    done = run_at_once([*(lambda at=at: come(at) for at in parts), *(lambda at=at: stay(at) for at in parts)])
    assert not [one for one in done if isinstance(one, Exception)]
    got = [future.result(PATIENCE) for futures in done[:4] for future in futures]
    assert sorted(seat.number for seat in got) == list(range(21, 37))
    found = {seat.learner_id: seat for seat in hall.do(find_seats, hall.id)}
    assert not any(found[who].removed for who in late)
    assert all(found[who].idle_removed_at is not None for who in found if found[who].removed)
    assert sum(not seat.removed for seat in found.values()) >= 20
    assert not database_errors


@pytest.mark.slow
def test_double_taps_on_practice_in_two_processes_start_one_attempt_each(
    hall: ConcurrentClass, writers: list[Writer], engine: Engine
):
    """Each phone taps twice, in two processes, while facilitators go on: no deadlock."""
    leaders = [hall.do(account, f"Minh {number}") for number in range(4)]
    live_classes = [hall.do(LiveClass, hall.library, leader) for leader in leaders]
    sat = [
        (live_class, hall.do(joining.join_class_session, learner_id=new_learner_id(), code=live_class.code, now=NOW))
        for live_class in live_classes * 15
    ]
    database_errors: list[Any] = []
    event.listen(engine, "handle_error", database_errors.append)

    def tap(writer: Writer) -> list[Any]:
        kwargs = {"library": hall.library, "now": NOW}
        return [
            writer.submit(
                class_attempts.start_class_attempt,
                seat.learner_id,
                learner_id=seat.learner_id,
                code=live_class.code,
                **kwargs,
            )
            for live_class, seat in sat
        ]

    def steer(live_class: LiveClass, leader: str) -> None:
        for paused in (True, False, True):
            fields = {"account_id": leader, "command": Command(paused=paused), "library": hall.library, "now": NOW}
            hall.do(apply_command, live_class.id, **fields)

    taps = [lambda writer=writer: tap(writer) for writer in (writers[0], writers[-1])]
    steered = [
        lambda live_class=live_class, leader=leader: steer(live_class, leader)
        for live_class, leader in zip(live_classes, leaders, strict=True)
    ]
    first, second, *results = run_at_once([*taps, *steered])
    assert not [one for one in results if isinstance(one, Exception)]
    started = [one.result(PATIENCE) for one in first]
    assert started == [one.result(PATIENCE) for one in second]
    assert len(set(started)) == len(sat)
    for live_class in live_classes:
        assert {seat.attempt_id for seat in hall.do(find_seats, live_class.id)} < set(started)
    assert not database_errors


def test_tapping_open_twice_at_once_opens_one_class(hall: ConcurrentClass, library: Library):
    hanh = hall.do(account, "Hạnh")
    kwargs = {"account_id": hanh, "ward": WARD, "lesson": library.lesson("vneid", "kich-hoat"), "now": NOW}
    found = run_at_once([lambda: hall.do(opening.open_class_session, **kwargs)] * 4)
    assert len({class_session.id for class_session in found}) == 1


def test_two_classes_that_draw_one_code_at_once_get_two(
    hall: ConcurrentClass, library: Library, monkeypatch: pytest.MonkeyPatch
):
    people = [hall.do(account, name) for name in ("Hạnh", "Tâm", "Bình", "Cúc")]
    drawn = threading.local()
    codes = ["123455", "543216", "222224", "333336"]

    def draw() -> str:
        drawn.next = getattr(drawn, "next", iter(codes))
        return next(drawn.next)

    monkeypatch.setattr(opening, "new_class_code", draw)
    kwargs = {"ward": WARD, "lesson": library.lesson("vneid", "kich-hoat"), "now": NOW}
    found = run_at_once(
        [lambda who=who: hall.do(opening.open_class_session, account_id=who, **kwargs) for who in people]
    )
    assert sorted(class_session.code for class_session in found) == sorted(codes)


def test_of_two_simultaneous_claims_one_is_refused(hall: ConcurrentClass):
    hall.join(new_learner_id())
    people = [new_learner_id() for _ in range(4)]
    taps = [
        lambda who=who: hall.do(seat_claims.claim_seat, learner_id=who, code=hall.code, number=1, now=NOW)
        for who in people
    ]
    refused = [one for one in run_at_once(taps) if isinstance(one, Exception)]
    assert len(refused) == 3
    assert all(isinstance(one, LearningError) for one in refused)


@pytest.mark.slow
def test_answers_that_race_with_the_lock_are_saved_and_counted_or_refused(hall: ConcurrentClass, writers: list[Writer]):
    """Every confirmed answer is in the bars and copied to the learner, however close the lock came."""
    people = [new_learner_id() for _ in range(40)]
    for who in people:
        hall.join(who)
    hall.command(to="hoi-q1")
    hall.command(step="hoi-q1", phase="open")
    results: dict[str, Any] = {}

    def send(place: int) -> None:
        for who in people[place::4]:
            future = writers[place % len(writers)].submit(class_answers.save_class_answer, who, **hall.answer(who))
            try:
                results[who] = future.result(PATIENCE)
            except AnswersLocked as refusal:
                results[who] = refusal

    def show() -> Any:
        return hall.command(step="hoi-q1", phase="shown")

    done = run_at_once([*(lambda place=place: send(place) for place in range(4)), show])
    assert not [one for one in done if isinstance(one, Exception)]
    kept = {who for who, one in results.items() if not isinstance(one, Exception)}
    assert len(results) == len(people)
    with hall.reads() as session:
        counted = session.scalars(select(ClassAnswer.seat)).all()
        own = session.scalars(select(Response.learner_id)).all()
        lesson = hall.library.lesson("vneid", "kich-hoat")
        bars = tallies.find_tally(session, hall.id, lesson.understand.question("q1"), 1)
    assert len(counted) == len(kept) == bars.bars["b"]
    assert sorted(own) == sorted(kept)


def test_answers_practice_and_joins_run_concurrently_with_commands(
    hall: ConcurrentClass, writers: list[Writer], engine: Engine
):
    """No deadlock: classes, learners and seats are locked in one order everywhere."""
    people = [new_learner_id() for _ in range(16)]
    for who in people:
        hall.join(who)
    with hall.sessions.begin() as session:
        hall.live_class.session = session
        goes = {seat.learner_id: hall.live_class.practise(seat) for seat in find_seats(session, hall.id)}
    hall.command(to="hoi-q1")
    hall.command(step="hoi-q1", phase="open")
    waiting: list[Any] = []
    hold = threading.Lock()
    database_errors: list[Any] = []
    event.listen(engine, "handle_error", database_errors.append)

    def phone(place: int) -> None:
        writer = writers[place % len(writers)]
        who, late = people[place], new_learner_id()
        log = passing_events(goes[who].data)
        sent = [
            writer.submit(save_events, who, learner_id=who, attempt_id=goes[who].id, events=log[:2], now=NOW),
            writer.submit(class_answers.save_class_answer, who, **hall.answer(who)),
            writer.submit(joining.join_class_session, late, learner_id=late, code=hall.code, now=NOW),
            writer.submit(save_events, who, learner_id=who, attempt_id=goes[who].id, events=log, now=NOW),
        ]
        with hold:
            waiting.extend(sent)

    def steer() -> None:
        for fields in ({"phase": "shown", "step": "hoi-q1"}, {"paused": True}, {"to": "tap"}):
            hall.command(**fields)

    done = run_at_once([*(lambda place=place: phone(place) for place in range(16)), steer])
    assert not [one for one in done if isinstance(one, Exception)]
    results = [one.exception(PATIENCE) for one in waiting]
    assert {type(one) for one in results} <= {type(None), AnswersLocked}
    assert not database_errors
    found = hall.do(find_seats, hall.id)
    assert [seat.number for seat in found] == list(range(1, 33))
    assert [seat.done for seat in found[:16]] == ["helped"] * 16
    assert hall.do(find_class_session, hall.id).state.step == "tap"
