"""A hall does everything at once: real threads, real commits, on both stores."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from lms.content.model import Library
from lms.learning.batch_handlers import TOGETHER, hold_rows
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.lifecycle.command_handler import command
from lms.learning.classroom.practice import class_attempts
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.seats import idle_seat_removal, seats
from lms.learning.classroom.session import seat_store
from lms.learning.classroom.session.commands import Command
from lms.learning.classroom.session.queries import find_class, find_seats
from lms.learning.errors import AnswersLocked, LearningError
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.practice.events import keep_events
from lms.learning.store.database import reading, writing
from lms.learning.store.models import ClassAnswer, Response
from lms.learning.store.writer import Writer
from tests.learning.classroom.room import WARD, Room, account
from tests.learning.school import NOW, walk

PATIENCE = 120  # seconds


class Hall:
    """The database of one city: each call is a transaction of its own, as each request is."""

    def __init__(self, engine: Engine, library: Library) -> None:
        self.sessions = writing(engine)
        self.reads = reading(engine)
        self.library = library
        self.minh = self.do(lambda session: account(session, "Minh"))
        self.room = self.do(lambda session: Room(session, library, self.minh))
        self.id, self.code = self.room.id, self.room.code

    def do(self, work: Callable[..., Any], *args: Any, **plain: Any) -> Any:
        with self.sessions.begin() as session:
            return work(session, *args, **plain)

    def join(self, learner_id: str, **said: Any) -> Any:
        return self.do(seats.join, learner_id=learner_id, code=self.code, now=NOW, **said)

    def say(self, **said: Any) -> Any:
        how = {"account_id": self.minh, "command": Command(**said), "library": self.library, "now": NOW}
        return self.do(command, self.id, **how)

    def answer(self, learner_id: str, given: str = "b") -> dict[str, Any]:
        return {
            "learner_id": learner_id, "code": self.code, "question_id": "q1", "round": 1, "given": [given],
            "library": self.library, "now": NOW,
        }  # fmt: skip


@pytest.fixture
def hall(engine: Engine, library: Library) -> Hall:
    return Hall(engine, library)


@pytest.fixture
def writers(engine: Engine) -> Iterator[list[Writer]]:
    """Two processes of the city write; a laptop has one."""
    count = 2 if engine.dialect.name == "postgresql" else 1
    opened = [Writer(engine, together=TOGETHER, hold=hold_rows) for _ in range(count)]
    yield opened
    for writer in opened:
        writer.close()


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Run them together from one start; results in their order, an exception where one was raised."""
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        barrier.wait(PATIENCE)
        try:
            return work()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_two_who_tap_tiep_at_once_move_one_step(hall: Hall):
    done = at_once([lambda: hall.say(to="hoi-q1", from_step="vao")] * 6)
    assert sorted(one.changed for one in done) == [False] * 5 + [True]
    assert {one.klass.state.step for one in done} == {"hoi-q1"}
    assert hall.do(find_class, hall.id).version == 2


def test_everybody_who_joins_at_once_gets_a_number_of_her_own(hall: Hall):
    people = [new_learner_id() for _ in range(24)]
    found = at_once([lambda who=who: hall.join(who) for who in people])
    assert sorted(seat.number for seat in found) == list(range(1, 25))


def test_one_phone_that_joins_many_times_at_once_has_one_seat(hall: Hall):
    lan = new_learner_id()
    found = at_once([lambda: hall.join(lan, people=2, name="Lan")] * 8)
    assert {seat.number for seat in found} == {1}
    assert len(hall.do(find_seats, hall.id)) == 1


def test_two_processes_let_people_into_many_classes_without_waiting_in_a_ring(
    hall: Hall, writers: list[Writer], engine: Engine
):
    leaders = [hall.do(account, f"Minh {number}") for number in range(8)]
    rooms = [hall.do(Room, hall.library, leader) for leader in leaders]
    coming = [(room, new_learner_id()) for _ in range(40) for room in rooms]
    troubles: list[Any] = []
    event.listen(engine, "handle_error", troubles.append)
    sent = [
        writers[place // len(rooms) % len(writers)].submit(seats.join, who, learner_id=who, code=room.code, now=NOW)
        for place, (room, who) in enumerate(coming)
    ]
    got = [future.result(PATIENCE) for future in sent]
    for room in rooms:
        assert sorted(seat.number for seat in got if seat.class_id == room.id) == list(range(1, 41))
    assert not troubles


def test_joining_through_two_writers_leaves_no_gap(hall: Hall, writers: list[Writer]):
    people = [new_learner_id() for _ in range(60)]
    waiting = [
        writers[place % len(writers)].submit(seats.join, who, learner_id=who, code=hall.code, now=NOW)
        for place, who in enumerate(people)
    ]
    assert sorted(one.result(PATIENCE).number for one in waiting) == list(range(1, 61))


def test_late_ones_who_meet_at_a_full_class_in_two_processes_all_get_in(
    hall: Hall, writers: list[Writer], engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    """A stranger has taken every seat; those that are swept for them come back meanwhile, as open pages do."""
    monkeypatch.setattr(seat_store, "MOST_SEATS", 20)
    strangers = [new_learner_id() for _ in range(20)]
    for who in strangers:
        hall.join(who)
    late = [new_learner_id() for _ in range(16)]
    troubles: list[Any] = []
    event.listen(engine, "handle_error", troubles.append)

    def come(place: int) -> list[Any]:
        writer = writers[place % len(writers)]
        return [writer.submit(seats.join, who, learner_id=who, code=hall.code, now=NOW) for who in late[place::4]]

    def stay(place: int) -> None:
        for who in strangers[place:12:4]:
            hall.do(idle_seat_removal.come_back, hall.id, who, now=NOW)

    parts = range(4)
    done = at_once([*(lambda at=at: come(at) for at in parts), *(lambda at=at: stay(at) for at in parts)])
    assert not [one for one in done if isinstance(one, Exception)]
    got = [future.result(PATIENCE) for futures in done[:4] for future in futures]
    assert sorted(seat.number for seat in got) == list(range(21, 37))
    found = {seat.learner_id: seat for seat in hall.do(find_seats, hall.id)}
    assert not any(found[who].out for who in late)
    assert all(found[who].swept_at is not None for who in found if found[who].out)
    assert sum(not seat.out for seat in found.values()) >= 20
    assert not troubles


def test_halls_that_begin_their_practice_at_once_tap_twice_and_get_one_go_each(
    hall: Hall, writers: list[Writer], engine: Engine
):
    """Each phone's two taps meet in two processes, while the leaders go on: nobody waits in a ring."""
    leaders = [hall.do(account, f"Minh {number}") for number in range(4)]
    rooms = [hall.do(Room, hall.library, leader) for leader in leaders]
    sat = [(room, hall.do(seats.join, learner_id=new_learner_id(), code=room.code, now=NOW)) for room in rooms * 15]
    troubles: list[Any] = []
    event.listen(engine, "handle_error", troubles.append)

    def tap(writer: Writer) -> list[Any]:
        plain = {"library": hall.library, "now": NOW}
        return [
            writer.submit(
                class_attempts.practise_in, seat.learner_id, learner_id=seat.learner_id, code=room.code, **plain
            )
            for room, seat in sat
        ]

    def steer(room: Room, leader: str) -> None:
        for paused in (True, False, True):
            said = {"account_id": leader, "command": Command(paused=paused), "library": hall.library, "now": NOW}
            hall.do(command, room.id, **said)

    taps = [lambda writer=writer: tap(writer) for writer in (writers[0], writers[-1])]
    steered = [
        lambda room=room, leader=leader: steer(room, leader) for room, leader in zip(rooms, leaders, strict=True)
    ]
    first, second, *told = at_once([*taps, *steered])
    assert not [one for one in told if isinstance(one, Exception)]
    begun = [one.result(PATIENCE) for one in first]
    assert begun == [one.result(PATIENCE) for one in second]
    assert len(set(begun)) == len(sat)
    for room in rooms:
        assert {seat.attempt_id for seat in hall.do(find_seats, room.id)} < set(begun)
    assert not troubles


def test_tapping_open_twice_at_once_opens_one_class(hall: Hall, library: Library):
    hanh = hall.do(account, "Hạnh")
    plain = {"account_id": hanh, "ward": WARD, "lesson": library.lesson("vneid", "kich-hoat"), "now": NOW}
    found = at_once([lambda: hall.do(opening.open_class, **plain)] * 4)
    assert len({klass.id for klass in found}) == 1


def test_two_classes_that_draw_one_code_at_once_get_two(hall: Hall, library: Library, monkeypatch: pytest.MonkeyPatch):
    people = [hall.do(account, name) for name in ("Hạnh", "Tâm", "Bình", "Cúc")]
    drawn = threading.local()
    codes = ["123455", "543216", "222224", "333336"]

    def draw() -> str:
        drawn.next = getattr(drawn, "next", iter(codes))
        return next(drawn.next)

    monkeypatch.setattr(opening, "new_code", draw)
    plain = {"ward": WARD, "lesson": library.lesson("vneid", "kich-hoat"), "now": NOW}
    found = at_once([lambda who=who: hall.do(opening.open_class, account_id=who, **plain) for who in people])
    assert sorted(klass.code for klass in found) == sorted(codes)


def test_of_two_who_claim_one_seat_at_once_one_waits(hall: Hall):
    hall.join(new_learner_id())
    people = [new_learner_id() for _ in range(4)]
    claims = [lambda who=who: hall.do(seats.claim, learner_id=who, code=hall.code, number=1, now=NOW) for who in people]
    refused = [one for one in at_once(claims) if isinstance(one, Exception)]
    assert len(refused) == 3
    assert all(isinstance(one, LearningError) for one in refused)


def test_answers_that_race_the_lock_are_kept_and_counted_or_refused(hall: Hall, writers: list[Writer]):
    """Whoever is told "kept" is in the bars and has the answer as her own, however close the lock came."""
    people = [new_learner_id() for _ in range(40)]
    for who in people:
        hall.join(who)
    hall.say(to="hoi-q1")
    hall.say(step="hoi-q1", phase="open")
    told: dict[str, Any] = {}

    def send(place: int) -> None:
        for who in people[place::4]:
            future = writers[place % len(writers)].submit(class_answers.keep_class_answer, who, **hall.answer(who))
            try:
                told[who] = future.result(PATIENCE)
            except AnswersLocked as refusal:
                told[who] = refusal

    def show() -> Any:
        return hall.say(step="hoi-q1", phase="shown")

    done = at_once([*(lambda place=place: send(place) for place in range(4)), show])
    assert not [one for one in done if isinstance(one, Exception)]
    kept = {who for who, one in told.items() if not isinstance(one, Exception)}
    assert len(told) == len(people)
    with hall.reads() as session:
        counted = session.scalars(select(ClassAnswer.seat)).all()
        own = session.scalars(select(Response.learner_id)).all()
        lesson = hall.library.lesson("vneid", "kich-hoat")
        bars = class_answers.tally(session, hall.id, lesson.understand.question("q1"), 1)
    assert len(counted) == len(kept) == bars.bars["b"]
    assert sorted(own) == sorted(kept)


def test_a_hall_that_answers_practises_and_joins_at_once_while_it_is_steered(
    hall: Hall, writers: list[Writer], engine: Engine
):
    """Nobody waits in a ring: classes, learners and seats are taken in one order everywhere."""
    people = [new_learner_id() for _ in range(16)]
    for who in people:
        hall.join(who)
    with hall.sessions.begin() as session:
        hall.room.session = session
        goes = {seat.learner_id: hall.room.practise(seat) for seat in find_seats(session, hall.id)}
    hall.say(to="hoi-q1")
    hall.say(step="hoi-q1", phase="open")
    waiting: list[Any] = []
    hold = threading.Lock()
    troubles: list[Any] = []
    event.listen(engine, "handle_error", troubles.append)

    def phone(place: int) -> None:
        writer = writers[place % len(writers)]
        who, late = people[place], new_learner_id()
        log = walk(goes[who].data)
        sent = [
            writer.submit(keep_events, who, learner_id=who, attempt_id=goes[who].id, events=log[:2], now=NOW),
            writer.submit(class_answers.keep_class_answer, who, **hall.answer(who)),
            writer.submit(seats.join, late, learner_id=late, code=hall.code, now=NOW),
            writer.submit(keep_events, who, learner_id=who, attempt_id=goes[who].id, events=log, now=NOW),
        ]
        with hold:
            waiting.extend(sent)

    def steer() -> None:
        for said in ({"phase": "shown", "step": "hoi-q1"}, {"paused": True}, {"to": "tap"}):
            hall.say(**said)

    done = at_once([*(lambda place=place: phone(place) for place in range(16)), steer])
    assert not [one for one in done if isinstance(one, Exception)]
    results = [one.exception(PATIENCE) for one in waiting]
    assert {type(one) for one in results} <= {type(None), AnswersLocked}
    assert not troubles
    found = hall.do(find_seats, hall.id)
    assert [seat.number for seat in found] == list(range(1, 33))
    assert [seat.done for seat in found[:16]] == ["helped"] * 16
    assert hall.do(find_class, hall.id).state.step == "tap"
