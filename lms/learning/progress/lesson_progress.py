"""A learner's progress in one lesson: saved answers, ticked tasks, marks, and the next stage."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Float, Select, String, Text, bindparam, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from lms.content.model import Lesson, Stage
from lms.learning.badges.awarding import is_not_replaced_badge
from lms.learning.marks.marks import is_lesson_done
from lms.learning.practice.attempts import find_open_attempt_id
from lms.learning.progress.next_activity import next_stage
from lms.learning.store.models import Badge, Learner, Mark, Response, TaskTick
from lms.learning.understand.answers import UnderstandProgress, understand_progress


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """The latest answer to a question, with the score that it was given when it was saved.

    Pages show this score. Grading ``given`` again could contradict a mark that counts, when the lesson has changed.
    """

    given: tuple[str, ...]
    score: float  # 0.0 or 1.0
    attempts: int  # how many answers there are

    @property
    def right(self) -> bool:
        return self.score >= 1.0


@dataclass(frozen=True, slots=True)
class TickedTask:
    """``witness``: the name of the facilitator who attested it, "" when the facilitator was forgotten; None when only
    the learner ticked it."""

    witness: str | None = None


@dataclass(frozen=True, slots=True)
class LessonProgress:
    earned: frozenset[Stage]
    answers: dict[str, SavedAnswer]  # by question id
    understand: UnderstandProgress
    attempt_id: str | None  # the latest open attempt at the present version of the practice
    ticked: dict[str, TickedTask]  # by task id
    started: bool  # something is stored, or the learner was here last
    next_stage: Stage | None  # see ``next_activity.next_stage``
    done: bool
    badge_id: str | None
    claimable: bool  # done, without a badge


def lesson_progress(session: Session, learner_id: str | None, lesson: Lesson) -> LessonProgress:
    """The progress in one lesson. Two statements."""
    parameters = {"learner_id": learner_id, "course": lesson.course, "lesson": lesson.slug}
    rows = session.connection().execute(_STORED, parameters).all() if learner_id else ()
    earned = frozenset(Stage(row.key) for row in rows if row.kind == "mark")
    answers: dict[str, SavedAnswer] = {}
    for row in rows:
        if row.kind == "response":
            earlier = answers[row.key].attempts if row.key in answers else 0
            answers[row.key] = SavedAnswer(tuple(json.loads(row.text)), row.score, earlier + 1)
    scores = {question: answer.score for question, answer in answers.items()}
    attempt_id = find_open_attempt_id(session, learner_id, lesson.course, lesson.slug, lesson.practice)
    badge_id = next((row.key for row in rows if row.kind == "badge"), None)
    done = is_lesson_done(lesson, {(lesson.course, lesson.slug): earned})
    return LessonProgress(
        earned=earned,
        answers=answers,
        understand=understand_progress(lesson.understand, scores, earned=Stage.UNDERSTAND in earned),
        attempt_id=attempt_id,
        ticked={row.key: TickedTask(row.text) for row in rows if row.kind == "tick"},
        started=bool(rows) or attempt_id is not None,
        next_stage=next_stage(lesson, earned, next((row.key for row in rows if row.kind == "last"), None)),
        done=done,
        badge_id=badge_id,
        claimable=done and badge_id is None,
    )


def _stored_statement() -> CompoundSelect[*tuple[Any, ...]]:
    """Rows of (kind, key, number, text, score), answers in the order in which they were saved."""

    def rows_of(
        kind: str, model: Any, key: Any, number: Any = None, text: Any = None, score: Any = None
    ) -> Select[*tuple[Any, ...]]:
        columns = (
            literal(kind, String).label("kind"),
            key.label("key"),
            (literal(0) if number is None else number).label("number"),
            (cast(null(), Text) if text is None else text).label("text"),
            (cast(null(), Float) if score is None else score).label("score"),
        )
        return select(*columns).where(
            model.learner_id == bindparam("learner_id"),
            model.course == bindparam("course"),
            model.lesson == bindparam("lesson"),
        )

    return union_all(
        rows_of("mark", Mark, Mark.stage),
        rows_of("tick", TaskTick, TaskTick.task_id, text=cast(TaskTick.witness, Text)),
        rows_of("badge", Badge, Badge.id).where(is_not_replaced_badge()),
        rows_of("response", Response, Response.question_id, Response.id, cast(Response.given, Text), Response.score),
        select(literal("last", String), Learner.last_stage, literal(0), cast(null(), Text), cast(null(), Float)).where(
            Learner.id == bindparam("learner_id"),
            Learner.last_course == bindparam("course"),
            Learner.last_lesson == bindparam("lesson"),
        ),
    ).order_by("number")


_STORED = _stored_statement()
