"""Ticked tasks, and marks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lms.learning.errors import NotFound
from lms.learning.marks.marks import (
    UseProgress,
    award_mark,
    change_ticks,
    earnable_stages,
    earned_stages,
    save_ticks,
)
from lms.learning.progress.lesson_progress import TickedTask, lesson_progress
from lms.learning.store.models import Mark, TaskTick
from tests.learning.sample_courses import LATER, NOW, use


def tick(session, learner, *task_ids, now=NOW):
    return save_ticks(session, learner.id, "vneid", "kich-hoat", use(), task_ids, now=now)


def change(session, learner, *, ticked=(), unticked=(), now=NOW):
    return change_ticks(session, learner.id, "vneid", "kich-hoat", use(), ticked, unticked, now=now)


def stored_ticks(session):
    return {row.task_id: row.ticked_at for row in session.scalars(select(TaskTick))}


def test_ticking_all_tasks_earns_the_mark(session, lan):
    assert tick(session, lan, "mo-vneid") == UseProgress(1, 2, earned=False)
    assert tick(session, lan, "mo-vneid", "xem-the") == UseProgress(2, 2, earned=True)
    mark = session.scalars(select(Mark)).one()
    assert mark.evidence == {"tasks": 2, "witnessed": 0, "said_by": "learner"}


def test_a_task_can_be_unticked_and_the_mark_stays(session, lan):
    tick(session, lan, "mo-vneid", "xem-the")
    assert tick(session, lan) == UseProgress(0, 2, earned=True)


def test_a_task_ticked_before_keeps_its_time(session, lan):
    tick(session, lan, "mo-vneid")
    tick(session, lan, "mo-vneid", "xem-the", now=LATER)
    assert {row.task_id: row.ticked_at for row in session.scalars(select(TaskTick))} == {
        "mo-vneid": NOW,
        "xem-the": LATER,
    }


def test_an_attested_task_stays_ticked_and_counts_as_attested(session, lan, lesson):
    tick(session, lan, "mo-vneid")
    session.execute(update(TaskTick).values(witness="Minh", witnessed_at=NOW))
    assert tick(session, lan) == UseProgress(1, 2, earned=False)
    assert tick(session, lan, "xem-the") == UseProgress(2, 2, earned=True)
    mark = session.scalars(select(Mark)).one()
    assert mark.evidence == {"tasks": 2, "witnessed": 1, "said_by": "learner"}
    ticked = lesson_progress(session, lan.id, lesson).ticked
    assert ticked == {"mo-vneid": TickedTask("Minh"), "xem-the": TickedTask(None)}


def test_changes_of_two_phones_add_up_and_earn_the_mark(session, lan):
    assert change(session, lan, ticked=["mo-vneid"]) == UseProgress(1, 2, earned=False)
    assert change(session, lan, ticked=["xem-the"], now=LATER) == UseProgress(2, 2, earned=True)
    assert stored_ticks(session) == {"mo-vneid": NOW, "xem-the": LATER}


def test_the_same_change_twice_is_one(session, lan):
    assert [change(session, lan, ticked=["mo-vneid"], now=now).done for now in (NOW, LATER)] == [1, 1]
    assert stored_ticks(session) == {"mo-vneid": NOW}
    assert [change(session, lan, unticked=["mo-vneid"], now=now).done for now in (NOW, LATER)] == [0, 0]
    assert stored_ticks(session) == {}


def test_a_change_cannot_untick_an_attested_task(session, lan):
    tick(session, lan, "mo-vneid")
    session.execute(update(TaskTick).values(witness="Minh", witnessed_at=NOW))
    assert change(session, lan, unticked=["mo-vneid"]) == UseProgress(1, 2, earned=False)


def test_a_change_with_an_unknown_task_changes_nothing(session, lan):
    for unknown in ({"ticked": ["mo-vneid", "chuyen-tien"]}, {"ticked": ["mo-vneid"], "unticked": ["chuyen-tien"]}):
        with pytest.raises(NotFound):
            change(session, lan, **unknown)
    assert stored_ticks(session) == {}


def test_an_unknown_task_is_refused(session, lan):
    with pytest.raises(NotFound):
        tick(session, lan, "mo-vneid", "chuyen-tien")
    assert session.scalars(select(TaskTick)).all() == []


def test_the_same_mark_twice_is_one_with_the_first_evidence(session, lan):
    connection = session.connection()
    for number, now in enumerate((NOW, NOW + timedelta(days=1))):
        award_mark(connection, lan.id, "vneid", "kich-hoat", "lam", {"number": number}, content_digest="d", now=now)
    mark = session.scalars(select(Mark)).one()
    assert (mark.evidence, mark.earned_at) == ({"number": 0}, NOW)


def test_without_a_learner_there_are_no_marks(session):
    assert earned_stages(session, None) == {}


def test_a_missing_stage_cannot_be_earned(library):
    assert earnable_stages(library.lesson("vneid", "kich-hoat")) == {"hieu", "lam", "dung"}
    assert earnable_stages(library.lesson("vneid", "ba-loai-ma")) == {"hieu"}
