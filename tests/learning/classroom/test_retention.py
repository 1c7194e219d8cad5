"""Retention: what a class remembers of persons goes after a set time, and its report says what it said before."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from lms.learning.classroom.access import helpers, wifi
from lms.learning.classroom.access.network_checks import begin_trial
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.report.class_report import report_of
from lms.learning.classroom.report.retention import FORGOTTEN_AFTER, Tidied, personal_until, tidy
from lms.learning.classroom.seats import seats
from lms.learning.classroom.tasks.attestation import STAYS_OPEN
from lms.learning.learners.learner_store import find_learner
from lms.learning.store.database import writing
from lms.learning.store.models import (
    ClassAnswer,
    ClassHands,
    ClassHelper,
    ClassRow,
    ClassSeat,
    PracticeAttempt,
    Response,
    TrialRow,
)
from tests.learning import school
from tests.learning.classroom.room import Room, account
from tests.learning.school import NOW

KEEP = timedelta(days=30)
PERSONAL = (ClassSeat, ClassAnswer, ClassHelper, ClassHands)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Tidying commits by itself, so each test has a database of its own."""
    with writing(engine)() as session:
        yield session


@pytest.fixture
def room(session, library) -> Room:
    """A class in which something happened, closed at the end."""
    room = Room(session, library, account(session, "Minh"))
    room.say(mode="tu-lam")
    lan = room.join(name="Lan", people=2)
    attempt = room.practise(lan)
    room.send(attempt, school.walk(attempt.data))
    room.ask("q1")
    room.answer(lan, "q1", "b")
    class_answers.keep_hands(session, room.id, "q1", 1, {"b": 3}, account_id=room.minh, library=library)
    token = helpers.invite_helpers(session, room.id, account_id=room.minh, now=NOW)
    helpers.join_as_helper(session, token=token, name="Phụ", now=NOW)
    wifi.set_wifi(session, room.id, account_id=room.minh, name="NhaVanHoa", password="mat khau dai")
    room.lan = lan
    return room


def closes(room: Room, now=NOW) -> None:
    room.say(close=True, now=now)
    room.session.commit()


def tidies(room: Room, engine, now, keep=KEEP) -> Tidied:
    room.session.commit()
    done = tidy(engine, room.library, keep=keep, now=now)
    room.session.rollback()
    return done


def rows(room: Room) -> list[int]:
    return [room.session.scalar(select(func.count()).select_from(table)) for table in PERSONAL]


def test_after_the_set_time_no_row_of_a_person_is_left_and_the_report_stays(room, engine):
    closes(room)
    before = report_of(room.session, room.id, room.library).counts
    assert tidies(room, engine, NOW + KEEP - timedelta(minutes=1)) == Tidied(0, 1, 0)
    assert rows(room) == [1, 1, 1, 1]
    assert tidies(room, engine, NOW + KEEP) == Tidied(0, 0, 1)
    assert rows(room) == [0, 0, 0, 0]
    after = report_of(room.session, room.id, room.library)
    assert (after.counts, after.kept) == (before, True)
    assert tidies(room, engine, NOW + KEEP * 2) == Tidied(0, 0, 0)


def test_what_is_the_learners_own_stays_hers_and_nothing_says_where_she_was(room, engine):
    closes(room)
    tidies(room, engine, NOW + KEEP)
    assert find_learner(room.session, room.lan.learner_id) is not None
    given = select(func.count()).select_from(Response).where(Response.learner_id == room.lan.learner_id)
    assert room.session.scalar(given) == 1
    [attempt] = room.session.scalars(select(PracticeAttempt)).all()
    assert (attempt.passed, attempt.class_id, attempt.seat) == (True, None, None)


def test_counts_are_kept_once_the_class_is_over_for_good(room, engine):
    """Late phones and a facilitator who ticks on the way home still count; what somebody does at home does not."""
    closes(room)
    assert tidies(room, engine, NOW + STAYS_OPEN - timedelta(minutes=1)) == Tidied(0, 0, 0)
    assert tidies(room, engine, NOW + STAYS_OPEN) == Tidied(0, 1, 0)
    assert report_of(room.session, room.id, room.library).kept
    opening.set_head_count(room.session, room.id, 40, account_id=room.minh)
    assert report_of(room.session, room.id, room.library).klass.head_count == 40


def test_a_shorter_setting_counts_at_once_and_a_longer_one_never_breaks_the_promise(room, engine):
    closes(room)
    klass = room.klass
    assert personal_until(klass, timedelta(days=90)) == NOW + KEEP
    assert personal_until(klass, timedelta(days=7)) == NOW + timedelta(days=7)
    assert tidies(room, engine, NOW + KEEP, keep=timedelta(days=90)).emptied == 1


def test_an_open_class_is_left_alone_until_everybody_has_gone_home(room, engine):
    assert tidies(room, engine, NOW + FORGOTTEN_AFTER) == Tidied(0, 0, 0)
    later = NOW + FORGOTTEN_AFTER + timedelta(minutes=1)
    assert tidies(room, engine, later) == Tidied(1, 0, 0)
    assert room.klass.closed
    assert room.klass.state.wifi is None
    assert room.klass.personal_until == later + KEEP


def test_several_workers_at_once_do_it_once(room, engine):
    for _ in range(5):
        other = Room(room.session, room.library, account(room.session, "Hạnh"))
        other.join()
        closes(other)
    closes(room)
    room.session.commit()
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: tidy(engine, room.library, keep=KEEP, now=NOW + KEEP), range(4)))
    assert sum(one.counted for one in done) == 6
    assert sum(one.emptied for one in done) == 6
    assert rows(room) == [0, 0, 0, 0]


def test_a_class_with_people_without_phones_alone_is_emptied_too(session, library, engine):
    room = Room(session, library, account(session, "Minh"))
    seats.add_seat(session, room.id, account_id=room.minh, people=3, now=NOW)
    closes(room)
    tidies(room, engine, NOW + KEEP)
    assert report_of(session, room.id, library).counts.attendance.added_people == 3


def test_trials_of_a_network_go_too(room, engine):
    begin_trial(room.session, account_id=room.minh, now=NOW)
    tidies(room, engine, NOW + timedelta(hours=2))
    assert room.session.scalar(select(func.count()).select_from(TrialRow)) == 0


def test_closing_takes_the_network_away(room):
    assert room.klass.state.wifi.name == "NhaVanHoa"
    closes(room)
    assert room.klass.state.wifi is None
    assert "mat khau" not in str(room.session.execute(select(ClassRow.state)).all())
