"""All that a page of one lesson says about a learner: her answers, boxes, marks and the stage to go on with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Float, Select, String, Text, bindparam, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from lms.content.model import Lesson, StageName
from lms.learning.badges.awarding import is_done, not_replaced
from lms.learning.practice.attempts import find_open_attempt
from lms.learning.progress.next_activity import stage_to_go_on
from lms.learning.store.models import Badge, Learner, Mark, Response, Tick
from lms.learning.understand.answers import HieuProgress, hieu_progress


@dataclass(frozen=True, slots=True)
class Given:
    """The last answer to a question; ``tries`` counts all of them."""

    given: tuple[str, ...]
    score: float
    tries: int


@dataclass(frozen=True, slots=True)
class TickedTask:
    """``witness``: who saw it; None when only the learner says so."""

    witness: str | None = None


@dataclass(frozen=True, slots=True)
class LessonProgress:
    earned: frozenset[StageName]
    answers: dict[str, Given]  # by question id
    hieu: HieuProgress
    attempt_id: str | None  # of the lesson's practice as it is now, begun and not ended; the latest
    ticked: dict[str, TickedTask]  # by task id
    begun: bool  # something of hers is kept, or she was here last
    next_stage: StageName | None  # the one she was at last while it has no mark, else the first without one
    done: bool
    badge_id: str | None
    claimable: bool


def lesson_progress(session: Session, learner_id: str | None, lesson: Lesson) -> LessonProgress:
    """Two statements."""
    place = {"learner_id": learner_id, "course": lesson.course, "lesson": lesson.slug}
    rows = session.connection().execute(_LESSON, place).all() if learner_id else ()
    earned = frozenset(row.key for row in rows if row.kind == "mark")
    answers: dict[str, Given] = {}
    for row in rows:
        if row.kind == "response":
            tries = answers[row.key].tries if row.key in answers else 0
            answers[row.key] = Given(tuple(json.loads(row.text)), row.score, tries + 1)
    scores = {question: given.score for question, given in answers.items()}
    attempt = find_open_attempt(session, learner_id, lesson.course, lesson.slug, lesson.practice)
    badge_id = next((row.key for row in rows if row.kind == "badge"), None)
    done = is_done(lesson, {(lesson.course, lesson.slug): earned})
    return LessonProgress(
        earned=earned,
        answers=answers,
        hieu=hieu_progress(lesson.understand, scores, earned="hieu" in earned),
        attempt_id=attempt.id if attempt else None,
        ticked={row.key: TickedTask(row.text) for row in rows if row.kind == "tick"},
        begun=bool(rows) or attempt is not None,
        next_stage=stage_to_go_on(lesson, earned, next((row.key for row in rows if row.kind == "last"), None)),
        done=done,
        badge_id=badge_id,
        claimable=done and badge_id is None,
    )


def _lesson_statement() -> Any:
    def of(kind: str, table: Any, key: Any, number: Any = None, text: Any = None, score: Any = None) -> Select[Any]:
        columns = (
            literal(kind, String).label("kind"),
            key.label("key"),
            (literal(0) if number is None else number).label("number"),
            (cast(null(), Text) if text is None else text).label("text"),
            (cast(null(), Float) if score is None else score).label("score"),
        )
        return select(*columns).where(
            table.learner_id == bindparam("learner_id"),
            table.course == bindparam("course"),
            table.lesson == bindparam("lesson"),
        )

    return union_all(
        of("mark", Mark, Mark.stage),
        of("tick", Tick, Tick.task_id, text=cast(Tick.witness, Text)),
        of("badge", Badge, Badge.id).where(not_replaced()),
        of("response", Response, Response.question_id, Response.id, cast(Response.given, Text), Response.score),
        select(literal("last", String), Learner.last_stage, literal(0), cast(null(), Text), cast(null(), Float)).where(
            Learner.id == bindparam("learner_id"),
            Learner.last_course == bindparam("course"),
            Learner.last_lesson == bindparam("lesson"),
        ),
    ).order_by("number")


_LESSON = _lesson_statement()
