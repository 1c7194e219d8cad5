"""Marks: the stages of a lesson that a learner has earned, and the ticked tasks that earn the last one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.orm import Session

from lms.content.model import Lesson, Stage, Use
from lms.learning.errors import NotFound
from lms.learning.store.locks import upsert_and_lock_learner
from lms.learning.store.models import Mark, TaskTick
from lms.learning.store.upsert import Upsert

EarnedStages = Mapping[tuple[str, str], frozenset[Stage]]  # by (course, lesson)


@dataclass(frozen=True, slots=True)
class UseProgress:
    """``done`` of ``total`` tasks are ticked. ``earned``: the learner has the mark, which a later untick keeps."""

    done: int
    total: int
    earned: bool


def earnable_stages(lesson: Lesson) -> frozenset[Stage]:
    """The stages that can be earned: those with graded questions, a practice, or tasks to tick."""
    has_content = {
        Stage.UNDERSTAND: bool(lesson.understand.graded_questions),
        Stage.PRACTICE: lesson.practice is not None,
        Stage.USE: lesson.use is not None and bool(lesson.use.tasks),
    }
    return frozenset(stage for stage, is_there in has_content.items() if is_there)


def is_lesson_done(lesson: Lesson, earned: EarnedStages) -> bool:
    """Whether every stage that can be earned is earned; never for a lesson without one."""
    earnable = earnable_stages(lesson)
    return bool(earnable) and earnable <= earned.get((lesson.course, lesson.slug), frozenset())


def earned_stages(session: Session, learner_id: str | None) -> dict[tuple[str, str], frozenset[Stage]]:
    """The stages that a learner has earned, by (course, lesson)."""
    if learner_id is None:
        return {}
    rows = session.execute(select(Mark.course, Mark.lesson, Mark.stage).where(Mark.learner_id == learner_id))
    stages: dict[tuple[str, str], set[Stage]] = {}
    for course, lesson, stage in rows:
        stages.setdefault((course, lesson), set()).add(Stage(stage))
    return {lesson: frozenset(earned) for lesson, earned in stages.items()}


def has_mark(connection: Connection, learner_id: str, course: str, lesson: str, stage: Stage) -> bool:
    where = (Mark.learner_id == learner_id, Mark.course == course, Mark.lesson == lesson, Mark.stage == stage)
    return connection.execute(select(Mark.stage).where(*where)).first() is not None


def award_mark(
    connection: Connection,
    learner_id: str,
    course: str,
    lesson: str,
    stage: Stage,
    evidence: dict[str, Any],
    *,
    content_digest: str,
    now: datetime,
) -> None:
    """Insert a mark. An existing one stays as it is, with its evidence.

    Keys of ``evidence``, as stored: for UNDERSTAND right, total, responses; for PRACTICE mode, score, screens, right,
    helped, attempt, events, model; for USE tasks, witnessed, said_by.
    """
    row = {
        "learner_id": learner_id,
        "course": course,
        "lesson": lesson,
        "stage": stage,
        "evidence": evidence,
        "content_digest": content_digest,
        "earned_at": now,
    }
    award_marks(connection, [row])


def award_marks(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert several marks, each a row of the table (see ``award_mark``); existing ones stay as they are."""
    _INSERT_MARKS.execute(connection, rows)


def tasks_of(lesson: Lesson, task_ids: Collection[str]) -> list[str]:
    """Those of ``task_ids`` that are tasks of this lesson."""
    return [task.id for task in (lesson.use.tasks if lesson.use else ()) if task.id in task_ids]


def save_ticks(
    session: Session,
    learner_id: str,
    course: str,
    lesson: str,
    use: Use,
    task_ids: Collection[str],
    *,
    now: datetime,
) -> UseProgress:
    """Save which tasks of dung.md the learner has ticked: exactly these, as a form sends them.

    See ``change_ticks`` for the rules.
    """
    known = _known_task_ids(use, task_ids)
    return _save_ticks(session, learner_id, course, lesson, use, set(task_ids), known - set(task_ids), now)


def change_ticks(
    session: Session,
    learner_id: str,
    course: str,
    lesson: str,
    use: Use,
    ticked: Collection[str],
    unticked: Collection[str],
    *,
    now: datetime,
) -> UseProgress:
    """Tick and untick some tasks of dung.md; the others stay as they are, so that two phones add up.

    A task that was ticked before keeps its time, and one that a facilitator attested stays ticked in any case. When
    all are ticked, the mark is awarded; a later untick does not take it back.

    Raises:
        NotFound: an id that is not a task of this lesson.
        LearnerForgotten: the learner asked to be forgotten.
    """
    _known_task_ids(use, {*ticked, *unticked})
    return _save_ticks(session, learner_id, course, lesson, use, set(ticked), set(unticked), now)


def _known_task_ids(use: Use, task_ids: Collection[str]) -> set[str]:
    """The ids of all tasks of dung.md; ``NotFound`` if one of ``task_ids`` is not among them."""
    known = {task.id for task in use.tasks}
    unknown = sorted(set(task_ids) - known)
    if unknown:
        raise NotFound(unknown[0])
    return known


def _save_ticks(
    session: Session,
    learner_id: str,
    course: str,
    lesson: str,
    use: Use,
    ticked: set[str],
    unticked: set[str],
    now: datetime,
) -> UseProgress:
    connection = session.connection()
    upsert_and_lock_learner(connection, learner_id, now=now, course=course, lesson=lesson, stage=Stage.USE)
    of_learner = (TaskTick.learner_id == learner_id, TaskTick.course == course, TaskTick.lesson == lesson)
    rows = connection.execute(select(TaskTick.task_id, TaskTick.witness).where(*of_learner))
    before = dict(rows.all())
    known_ids = {task.id for task in use.tasks}
    attested = {task_id for task_id in before.keys() & known_ids if before[task_id] is not None}
    removed = before.keys() & (unticked - ticked - attested)
    if removed:
        connection.execute(delete(TaskTick).where(*of_learner, TaskTick.task_id.in_(removed)))
    new_ticks = [
        {"learner_id": learner_id, "course": course, "lesson": lesson, "task_id": task_id, "ticked_at": now}
        for task_id in sorted(ticked - before.keys())
    ]
    if new_ticks:
        connection.execute(insert(TaskTick), new_ticks)
    after = ((before.keys() - removed) | ticked) & known_ids
    if known_ids and after == known_ids:
        evidence = {"tasks": len(known_ids), "witnessed": len(attested), "said_by": "learner"}
        award_mark(connection, learner_id, course, lesson, Stage.USE, evidence, content_digest=use.digest, now=now)
        earned = True
    else:
        earned = has_mark(connection, learner_id, course, lesson, Stage.USE)
    return UseProgress(done=len(after), total=len(known_ids), earned=earned)


# Two tabs may finish at the same moment: the primary key lets one of them insert.
_INSERT_MARKS = Upsert(Mark)
