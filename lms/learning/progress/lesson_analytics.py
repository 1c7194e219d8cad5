"""How a lesson is doing: who began, earned and stopped at each stage, and its questions; no count points at a person.

Reads what all learners did in the lesson once. Each learner counts in the version at which she first met the stage or
the question, so that the published version and those before it can stand side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lms.content.model import Choice, Lesson, Stage
from lms.learning.practice.analytics import GIVEN_UP_AFTER, MIN_PEOPLE
from lms.learning.store.models import Mark, PracticeAttempt, Response, TaskTick

_ROWS_PER_FETCH = 500


@dataclass(frozen=True, slots=True)
class StageCounts:
    """Counts of people; None for fewer than three."""

    began: int | None
    earned: int | None
    stopped: int | None  # without the mark, and away for a day at least


@dataclass(frozen=True, slots=True)
class QuestionCounts:
    """The first answers to one question. ``people`` is None for fewer than three; then nothing else is known."""

    people: int | None
    right_at_once: int | None
    wrong_options: tuple[tuple[str, int], ...]  # key and people, the most picked first; none of fewer than three
    stopped_here: int | None  # it was the last one that they answered


@dataclass(frozen=True, slots=True)
class VersionAnalytics:
    """One version of the lesson, or all earlier ones together."""

    stages: Mapping[Stage, StageCounts]
    questions: Mapping[str, QuestionCounts]

    @property
    def is_empty(self) -> bool:
        return all(stage.began is None for stage in self.stages.values())


@dataclass(frozen=True, slots=True)
class LessonAnalytics:
    present: VersionAnalytics
    earlier: VersionAnalytics


@dataclass(slots=True)
class _Counter:
    began: Counter[Stage] = field(default_factory=Counter[Stage])
    earned: Counter[Stage] = field(default_factory=Counter[Stage])
    stopped: Counter[Stage] = field(default_factory=Counter[Stage])
    answered: Counter[str] = field(default_factory=Counter[str])
    right: Counter[str] = field(default_factory=Counter[str])
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    stopped_at: Counter[str] = field(default_factory=Counter[str])

    def add(self, stage: Stage, *, earned: bool, away: timedelta) -> bool:
        """Count a learner who began a stage; whether she stopped there."""
        self.began[stage] += 1
        self.earned[stage] += earned
        has_stopped = not earned and away > GIVEN_UP_AFTER
        self.stopped[stage] += has_stopped
        return has_stopped

    def result(self, lesson: Lesson) -> VersionAnalytics:
        stages = {
            stage: StageCounts(*(_count_or_none(counts[stage]) for counts in (self.began, self.earned, self.stopped)))
            for stage in Stage
        }
        questions = {question.id: self._question(question) for question in lesson.understand.questions}
        return VersionAnalytics(stages, questions)

    def _question(self, question: Any) -> QuestionCounts:
        people = _count_or_none(self.answered[question.id])
        if people is None:
            return QuestionCounts(None, None, (), None)
        keys = [option.key for option in question.options if not option.right] if isinstance(question, Choice) else []
        wrong = Counter({key: self.wrong[question.id, key] for key in keys}).most_common()
        return QuestionCounts(
            people,
            _count_or_none(self.right[question.id]),
            tuple((key, count) for key, count in wrong if count >= MIN_PEOPLE),
            _count_or_none(self.stopped_at[question.id]),
        )


def lesson_analytics(session: Session, lesson: Lesson, *, now: datetime) -> LessonAnalytics:
    """The counts of the published version, and of all earlier versions together."""
    present, earlier = _Counter(), _Counter()
    marks = _earned_marks(session, lesson)
    _count_understand(session, lesson, marks, now, present, earlier)
    _count_practice(session, lesson, marks, now, present, earlier)
    _count_use(session, lesson, marks, now, present, earlier)
    return LessonAnalytics(present.result(lesson), earlier.result(lesson))


def _count_or_none(count: int) -> int | None:
    return count if count >= MIN_PEOPLE else None


def _of_lesson(model: type[Any], lesson: Lesson) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return model.course == lesson.course, model.lesson == lesson.slug


def _earned_marks(session: Session, lesson: Lesson) -> dict[tuple[str, str], str]:
    """By learner and stage the digest of the version at which the mark was earned."""
    rows = session.execute(
        select(Mark.learner_id, Mark.stage, Mark.content_digest).where(*_of_lesson(Mark, lesson)),
        execution_options={"yield_per": _ROWS_PER_FETCH},
    )
    return {(learner_id, stage): digest for learner_id, stage, digest in rows}


def _count_understand(
    session: Session,
    lesson: Lesson,
    marks: Mapping[tuple[str, str], str],
    now: datetime,
    present: _Counter,
    earlier: _Counter,
) -> None:
    def end_learner() -> None:
        if learner is None:
            return
        counter, question_id, last_at = learner
        if counter.add(Stage.UNDERSTAND, earned=(learner_id, Stage.UNDERSTAND) in marks, away=now - last_at):
            counter.stopped_at[question_id] += 1

    columns = (
        Response.learner_id,
        Response.question_id,
        Response.given,
        Response.score,
        Response.content_digest,
        Response.given_at,
    )
    rows = session.execute(
        select(*columns).where(*_of_lesson(Response, lesson)).order_by(Response.learner_id, Response.id),
        execution_options={"yield_per": _ROWS_PER_FETCH},
    )
    learner: tuple[_Counter, str, datetime] | None = None  # the version of the first answer; the last answer
    learner_id, answered = "", set[str]()
    for row in rows:
        counter = present if row.content_digest == lesson.understand.digest else earlier
        if row.learner_id != learner_id:
            end_learner()
            learner_id, answered, learner = row.learner_id, set[str](), None
        learner = (learner[0] if learner else counter, row.question_id, row.given_at)
        if row.question_id not in answered:
            answered.add(row.question_id)
            counter.answered[row.question_id] += 1
            counter.right[row.question_id] += row.score == 1
            if row.score < 1:
                counter.wrong.update((row.question_id, key) for key in set(row.given))
    end_learner()


def _count_practice(
    session: Session,
    lesson: Lesson,
    marks: Mapping[tuple[str, str], str],
    now: datetime,
    present: _Counter,
    earlier: _Counter,
) -> None:
    digest = lesson.practice.digest if lesson.practice else ""
    rows = session.execute(
        select(PracticeAttempt.learner_id, PracticeAttempt.content_digest, PracticeAttempt.last_at)
        .where(*_of_lesson(PracticeAttempt, lesson), PracticeAttempt.practice == "", PracticeAttempt.last_q > 0)
        .order_by(PracticeAttempt.started_at),
        execution_options={"yield_per": _ROWS_PER_FETCH},
    )
    learners: dict[str, tuple[_Counter, datetime]] = {}
    for learner_id, content_digest, last_at in rows:
        first = present if content_digest == digest else earlier
        learners[learner_id] = (learners.get(learner_id, (first, last_at))[0], last_at)
    for learner_id, (counter, last_at) in learners.items():
        counter.add(Stage.PRACTICE, earned=(learner_id, Stage.PRACTICE) in marks, away=now - last_at)


def _count_use(
    session: Session,
    lesson: Lesson,
    marks: Mapping[tuple[str, str], str],
    now: datetime,
    present: _Counter,
    earlier: _Counter,
) -> None:
    """A tick knows no version: who has no mark yet counts in the present one."""
    digest = lesson.use.digest if lesson.use else ""
    rows = session.execute(
        select(TaskTick.learner_id, TaskTick.ticked_at)
        .where(*_of_lesson(TaskTick, lesson))
        .order_by(TaskTick.ticked_at),
        execution_options={"yield_per": _ROWS_PER_FETCH},
    )
    last_ticks = {row.learner_id: row.ticked_at for row in rows}
    for learner_id, last_at in last_ticks.items():
        mark = marks.get((learner_id, Stage.USE))
        counter = present if mark in (None, digest) else earlier
        counter.add(Stage.USE, earned=mark is not None, away=now - last_at)
