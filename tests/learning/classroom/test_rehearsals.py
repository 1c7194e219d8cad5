"""Rehearsals: nothing of them becomes the learners' own, no list has them, and they are deleted whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.lifecycle.rehearsals import MAX_REHEARSAL_AGE, delete_old_rehearsals
from lms.learning.classroom.session import queries
from lms.learning.classroom.session.queries import CLOSED_DISPLAY_TIME
from lms.learning.practice.attempts import find_open_attempt, practice_status
from lms.learning.practice.guidance_level import current_levels
from lms.learning.store.models import (
    Base,
    ClassSessionRow,
    EventBatch,
    Learner,
    Mark,
    PracticeAttempt,
    Response,
    TaskTick,
)
from tests.learning import sample_courses
from tests.learning.classroom.live_class import WARD, LiveClass, account
from tests.learning.sample_courses import NOW


class Rehearsal(LiveClass):
    """A class that is opened as a rehearsal, with what LiveClass can do."""

    def __init__(self, session, library, minh: str) -> None:
        self.session, self.library, self.minh = session, library, minh
        lesson = library.lesson("vneid", "kich-hoat")
        self.id = opening.open_class_session(
            session, account_id=minh, ward=WARD, lesson=lesson, is_rehearsal=True, now=NOW
        ).id
        self.code = self.class_session.code


@pytest.fixture
def rehearsal(session, library) -> Rehearsal:
    return Rehearsal(session, library, account(session, "Minh"))


def play(live_class: LiveClass):
    """Answer a question, pass the practice, have a task attested, close; the receipt of the practice."""
    live_class.command(mode="tu-lam")
    lan = live_class.join(name="Lan")
    attempt = live_class.practise(lan)
    receipt = live_class.send(attempt, sample_courses.passing_events(attempt.data))
    live_class.ask_question("q1")
    live_class.answer(lan, "q1", "b")
    use = live_class.library.lesson("vneid", "kich-hoat").use
    live_class.attest(lan, [task.id for task in use.tasks])
    live_class.command(close=True)
    return receipt


def count(session, model) -> int:
    return session.scalar(select(func.count()).select_from(model))


def test_a_class_leaves_marks_ticks_and_answers_and_a_rehearsal_none(live_class, session, library):
    assert play(live_class).mark_earned
    before = [count(session, model) for model in (Mark, TaskTick, Response)]
    assert all(before)
    receipt = play(Rehearsal(session, library, account(session, "Hoa")))
    assert (receipt.passed, receipt.mark_earned) == (True, False)
    assert [count(session, model) for model in (Mark, TaskTick, Response)] == before


@pytest.mark.parametrize("mode", ["lam-theo", "tu-lam"])
def test_the_lessons_own_page_knows_no_attempt_of_a_rehearsal(live_class, session, library, mode):
    practice = library.lesson("vneid", "kich-hoat").practice
    place = ("vneid", "kich-hoat", practice)

    def known(of_class: LiveClass, *, ends: bool) -> tuple[bool, bool, set[int]]:
        """Whether an attempt can be continued, whether one in *làm theo* has ended, and the guidance levels."""
        of_class.command(mode=mode)
        seat = of_class.join()
        attempt = of_class.practise(seat)
        if ends:
            of_class.send(attempt, sample_courses.passing_events(attempt.data))
        status = practice_status(session, seat.learner_id, *place)
        opened = find_open_attempt(session, seat.learner_id, *place)
        assert (opened.id if opened else None) == status.open_attempt_id
        levels = current_levels(session, seat.learner_id, *place)
        return opened is not None, status.has_followed, set(levels.values())

    rehearsal = Rehearsal(session, library, account(session, "Hoa"))
    assert known(live_class, ends=False) == (True, False, {2})
    assert known(rehearsal, ends=False) == (False, False, {2})
    assert known(live_class, ends=True) == (False, mode == "lam-theo", {1, 2})
    assert known(rehearsal, ends=True) == (False, False, {2})


def test_no_list_has_a_rehearsal_and_colleagues_do_not_see_it(rehearsal, session, hanh):
    def steerable(account_id: str) -> list[str]:
        found = queries.find_steerable_class_sessions(session, account_id=account_id, ward=WARD)
        return [each.id for each in found]

    assert steerable(rehearsal.minh) == [rehearsal.id]
    assert steerable(hanh) == []
    rehearsal.command(close=True)
    assert queries.find_closed_class_sessions(session, ward=None) == ()
    assert queries.find_recent_class_sessions(session, account_id=rehearsal.minh) == ()


def test_a_closed_rehearsal_is_deleted_whole_once_its_screens_know(rehearsal, live_class, session):
    kept = [count(session, model) for model in (ClassSessionRow, Learner)]
    play(rehearsal)
    assert delete_old_rehearsals(session, now=NOW + CLOSED_DISPLAY_TIME - timedelta(seconds=1)) == 0
    assert delete_old_rehearsals(session, now=NOW + CLOSED_DISPLAY_TIME) == 1
    assert [count(session, model) for model in (ClassSessionRow, Learner)] == [kept[0] - 1, kept[1] + 1]
    assert [count(session, model) for model in (PracticeAttempt, EventBatch)] == [0, 0]
    for table in Base.metadata.sorted_tables:
        if "class_id" in table.c:
            assert session.scalar(select(func.count()).where(table.c.class_id == rehearsal.id)) == 0, table.name


def test_a_rehearsal_that_nobody_closed_is_deleted_after_a_day_and_a_class_is_not(rehearsal, live_class, session):
    assert delete_old_rehearsals(session, now=NOW + MAX_REHEARSAL_AGE - timedelta(minutes=1)) == 0
    assert delete_old_rehearsals(session, now=NOW + MAX_REHEARSAL_AGE, account_id=live_class.minh) == 0
    assert delete_old_rehearsals(session, now=NOW + MAX_REHEARSAL_AGE, account_id=rehearsal.minh) == 1
    assert queries.find_class_session(session, live_class.id).id == live_class.id


def test_a_double_tap_on_rehearse_and_open_gets_one_of_each(rehearsal, session, library):
    lesson = library.lesson("vneid", "kich-hoat")

    def opened(is_rehearsal: bool) -> str:
        return opening.open_class_session(
            session, account_id=rehearsal.minh, ward=WARD, lesson=lesson, is_rehearsal=is_rehearsal, now=NOW
        ).id

    assert opened(True) == rehearsal.id
    assert opened(False) == opened(False) != rehearsal.id
