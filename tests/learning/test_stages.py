"""Boxes ticked and marks given."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lms.learning.errors import NotFound
from lms.learning.marks.marks import DungProgress, award_mark, earnable, marks, tick_tasks
from lms.learning.progress.learner_progress import TickedTask, lesson_progress
from lms.learning.store.models import Mark, Tick
from tests.learning.school import LATER, NOW, use


def tick(session, learner, *task_ids, now=NOW):
    return tick_tasks(session, learner.id, "vneid", "kich-hoat", use(), task_ids, now=now)


def test_all_boxes_ticked_earn_the_mark_on_her_word(session, lan):
    assert tick(session, lan, "mo-vneid") == DungProgress(1, 2, earned=False)
    assert tick(session, lan, "mo-vneid", "xem-the") == DungProgress(2, 2, earned=True)
    mark = session.scalars(select(Mark)).one()
    assert mark.evidence == {"tasks": 2, "witnessed": 0, "said_by": "learner"}


def test_a_box_can_be_unticked_and_the_mark_stays(session, lan):
    tick(session, lan, "mo-vneid", "xem-the")
    assert tick(session, lan) == DungProgress(0, 2, earned=True)


def test_a_box_ticked_before_keeps_its_moment(session, lan):
    tick(session, lan, "mo-vneid")
    tick(session, lan, "mo-vneid", "xem-the", now=LATER)
    assert {row.task_id: row.ticked_at for row in session.scalars(select(Tick))} == {"mo-vneid": NOW, "xem-the": LATER}


def test_a_box_that_somebody_saw_done_stays_ticked_and_counts_as_witnessed(session, lan, lesson):
    tick(session, lan, "mo-vneid")
    session.execute(update(Tick).values(witness="Minh", witnessed_at=NOW))
    assert tick(session, lan) == DungProgress(1, 2, earned=False)
    assert tick(session, lan, "xem-the") == DungProgress(2, 2, earned=True)
    mark = session.scalars(select(Mark)).one()
    assert mark.evidence == {"tasks": 2, "witnessed": 1, "said_by": "learner"}
    ticked = lesson_progress(session, lan.id, lesson).ticked
    assert ticked == {"mo-vneid": TickedTask("Minh"), "xem-the": TickedTask(None)}


def test_a_box_that_is_not_on_the_page_is_refused(session, lan):
    with pytest.raises(NotFound):
        tick(session, lan, "mo-vneid", "chuyen-tien")
    assert session.scalars(select(Tick)).all() == []


def test_the_same_mark_twice_is_one_with_the_first_evidence(session, lan):
    connection = session.connection()
    for number, now in enumerate((NOW, NOW + timedelta(days=1))):
        award_mark(connection, lan.id, "vneid", "kich-hoat", "lam", {"number": number}, content_digest="d", now=now)
    mark = session.scalars(select(Mark)).one()
    assert (mark.evidence, mark.earned_at) == ({"number": 0}, NOW)


def test_marks_of_nobody_are_none(session):
    assert marks(session, None) == {}


def test_a_stage_that_is_not_written_cannot_be_earned(library):
    assert earnable(library.lesson("vneid", "kich-hoat")) == {"hieu", "lam", "dung"}
    assert earnable(library.lesson("vneid", "ba-loai-ma")) == {"hieu"}
