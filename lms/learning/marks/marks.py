"""Marks: the three stages of a lesson, each earned once, with the evidence for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.content.model import Lesson, StageName, Use
from lms.learning.errors import NotFound
from lms.learning.store.locks import touch
from lms.learning.store.models import Mark, Tick


@dataclass(frozen=True, slots=True)
class DungProgress:
    """``done`` of ``total`` boxes are ticked; ``earned`` stays once it was reached."""

    done: int
    total: int
    earned: bool


def tick_tasks(
    session: Session,
    learner_id: str,
    course: str,
    lesson: str,
    use: Use,
    task_ids: Collection[str],
    *,
    now: datetime,
) -> DungProgress:
    """Keep which boxes of dung.md are ticked: exactly these, of those that are on the page.

    A box that was ticked before keeps its moment; one that a facilitator saw done stays ticked, whatever is sent. All
    boxes ticked earn the mark, which a later untick does not take.

    Raises:
        NotFound: an id that is no box of this lesson; the lesson changed meanwhile, or the form was edited.
        LearnerForgotten: she asked to be forgotten.
    """
    on_page = {task.id for task in use.tasks}
    given = set(task_ids)
    if not given <= on_page:
        raise NotFound(sorted(given - on_page)[0])
    connection = session.connection()
    touch(connection, learner_id, now=now, course=course, lesson=lesson, stage="dung")
    hers = (Tick.learner_id == learner_id, Tick.course == course, Tick.lesson == lesson)
    before = dict(connection.execute(select(Tick.task_id, Tick.witness).where(*hers)).all())
    seen = {task_id for task_id in before.keys() & on_page if before[task_id] is not None}
    given |= seen
    gone = (before.keys() & on_page) - given
    if gone:
        connection.execute(delete(Tick).where(*hers, Tick.task_id.in_(gone)))
    rows = [
        {"learner_id": learner_id, "course": course, "lesson": lesson, "task_id": task_id, "ticked_at": now}
        for task_id in sorted(given - before.keys())
    ]
    if rows:
        connection.execute(insert(Tick), rows)
    if on_page and given == on_page:
        evidence = {"tasks": len(on_page), "witnessed": len(seen), "said_by": "learner"}
        award_mark(connection, learner_id, course, lesson, "dung", evidence, content_digest=use.digest, now=now)
        earned = True
    else:
        earned = has_mark(connection, learner_id, course, lesson, "dung")
    return DungProgress(done=len(given), total=len(on_page), earned=earned)


def earnable(lesson: Lesson) -> frozenset[StageName]:
    """The stages that the lesson has and that can be earned: questions to answer, a practice, boxes to tick."""
    can = {
        "hieu": bool(lesson.understand.graded),
        "lam": lesson.practice is not None,
        "dung": lesson.use is not None and bool(lesson.use.tasks),
    }
    return frozenset(stage for stage in lesson.stages if can[stage])


def marks(session: Session, learner_id: str | None) -> dict[tuple[str, str], frozenset[StageName]]:
    """Her marks: (course, lesson) to the stages earned there."""
    if learner_id is None:
        return {}
    rows = session.execute(select(Mark.course, Mark.lesson, Mark.stage).where(Mark.learner_id == learner_id))
    found: dict[tuple[str, str], set[StageName]] = {}
    for course, lesson, stage in rows:
        found.setdefault((course, lesson), set()).add(stage)
    return {place: frozenset(stages) for place, stages in found.items()}


def has_mark(connection: Connection, learner_id: str, course: str, lesson: str, stage: StageName) -> bool:
    where = (Mark.learner_id == learner_id, Mark.course == course, Mark.lesson == lesson, Mark.stage == stage)
    return connection.execute(select(Mark.stage).where(*where)).first() is not None


def award_mark(
    connection: Connection,
    learner_id: str,
    course: str,
    lesson: str,
    stage: StageName,
    evidence: dict[str, Any],
    *,
    content_digest: str,
    now: datetime,
) -> None:
    """Keep a mark. One that is there already stays as it is, evidence and all.

    ``evidence`` for hieu: right, total, responses; for lam: mode, score, screens, right, helped, attempt, events,
    model; for dung: tasks, witnessed, said_by.
    """
    award_marks(
        connection,
        [
            {
                "learner_id": learner_id,
                "course": course,
                "lesson": lesson,
                "stage": stage,
                "evidence": evidence,
                "content_digest": content_digest,
                "earned_at": now,
            }
        ],
    )


def award_marks(connection: Connection, earned: list[dict[str, Any]]) -> None:
    """The same for several at once, each as a row of the table."""
    connection.execute(_AWARD[connection.dialect.name], earned)


# Two tabs may finish at once: both insert, and the key answers.
_AWARD = {
    "sqlite": sqlite.insert(Mark.__table__).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(Mark.__table__).on_conflict_do_nothing(),
}
