"""How a lesson is doing: who began, earned and stopped at each stage, and its questions; no count points at a person.

Reads what all learners did in the lesson once. Each learner counts in the version in which the stage or the
question was first met, so that the published version can be compared with those before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.content.model import Choice, Lesson, Stage
from lms.learning.practice.analytics import GIVEN_UP_AFTER, MIN_PEOPLE, count_or_none
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
class _VersionCounter:
    """The counts of one version of the lesson, or of all earlier ones."""

    began: Counter[Stage] = field(default_factory=Counter[Stage])
    earned: Counter[Stage] = field(default_factory=Counter[Stage])
    stopped: Counter[Stage] = field(default_factory=Counter[Stage])
    answered: Counter[str] = field(default_factory=Counter[str])
    right: Counter[str] = field(default_factory=Counter[str])
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    stopped_at: Counter[str] = field(default_factory=Counter[str])

    def add(self, stage: Stage, *, earned: bool, away: timedelta) -> bool:
        """Count a learner who began a stage; returns whether the learner stopped there."""
        self.began[stage] += 1
        self.earned[stage] += earned
        has_stopped = not earned and away > GIVEN_UP_AFTER
        self.stopped[stage] += has_stopped
        return has_stopped

    def result(self, lesson: Lesson) -> VersionAnalytics:
        stages = {
            stage: StageCounts(*(count_or_none(counts[stage]) for counts in (self.began, self.earned, self.stopped)))
            for stage in Stage
        }
        questions = {question.id: self._question(question) for question in lesson.understand.questions}
        return VersionAnalytics(stages, questions)

    def _question(self, question: Any) -> QuestionCounts:
        people = count_or_none(self.answered[question.id])
        if people is None:
            return QuestionCounts(None, None, (), None)
        keys = [option.key for option in question.options if not option.right] if isinstance(question, Choice) else []
        wrong = Counter({key: self.wrong[question.id, key] for key in keys}).most_common()
        return QuestionCounts(
            people,
            count_or_none(self.right[question.id]),
            tuple((key, count) for key, count in wrong if count >= MIN_PEOPLE),
            count_or_none(self.stopped_at[question.id]),
        )


def lesson_analytics(session: Session, lesson: Lesson, *, now: datetime) -> LessonAnalytics:
    """The counts of the published version, and of all earlier versions together."""
    counter = _LessonCounter(session, lesson, now)
    counter.count_understand()
    counter.count_practice()
    counter.count_use()
    return LessonAnalytics(counter.present.result(lesson), counter.earlier.result(lesson))


class _LessonCounter:
    """Reads what learners did at each stage, and counts each in the version that came first."""

    def __init__(self, session: Session, lesson: Lesson, now: datetime) -> None:
        self.present, self.earlier = _VersionCounter(), _VersionCounter()
        self._session, self._lesson, self._now = session, lesson, now
        marks = self._read(Mark, Mark.learner_id, Mark.stage, Mark.content_digest)
        # By learner and stage the digest of the version at which the mark was earned.
        self._marks: dict[tuple[str, str], str] = {
            (learner_id, stage): digest for learner_id, stage, digest in self._session.execute(marks)
        }

    def count_understand(self) -> None:
        def end_learner() -> None:
            if learner is None:
                return
            counter, question_id, last_at = learner
            if self._add(counter, Stage.UNDERSTAND, learner_id, last_at):
                counter.stopped_at[question_id] += 1

        answers = self._read(
            Response,
            Response.learner_id,
            Response.question_id,
            Response.given,
            Response.score,
            Response.content_digest,
            Response.given_at,
        )
        learner: tuple[_VersionCounter, str, datetime] | None = None  # the version of the first answer; the last answer
        learner_id, answered = "", set[str]()
        for row in self._session.execute(answers.order_by(Response.learner_id, Response.id)):
            counter = self._version(row.content_digest, self._lesson.understand.digest)
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

    def count_practice(self) -> None:
        digest = self._lesson.practice.digest if self._lesson.practice else ""
        attempts = self._read(
            PracticeAttempt, PracticeAttempt.learner_id, PracticeAttempt.content_digest, PracticeAttempt.last_at
        ).where(PracticeAttempt.practice == "", PracticeAttempt.last_q > 0)
        learners: dict[str, tuple[_VersionCounter, datetime]] = {}
        for learner_id, content_digest, last_at in self._session.execute(attempts.order_by(PracticeAttempt.started_at)):
            first = self._version(content_digest, digest)
            learners[learner_id] = (learners.get(learner_id, (first, last_at))[0], last_at)
        for learner_id, (counter, last_at) in learners.items():
            self._add(counter, Stage.PRACTICE, learner_id, last_at)

    def count_use(self) -> None:
        """A tick knows no version: who has no mark yet counts in the present one."""
        digest = self._lesson.use.digest if self._lesson.use else ""
        ticks = self._read(TaskTick, TaskTick.learner_id, TaskTick.ticked_at).order_by(TaskTick.ticked_at)
        last_ticks = {row.learner_id: row.ticked_at for row in self._session.execute(ticks)}
        for learner_id, last_at in last_ticks.items():
            earned_at = self._marks.get((learner_id, Stage.USE), digest)
            self._add(self._version(earned_at, digest), Stage.USE, learner_id, last_at)

    def _read(self, model: type[Any], *columns: Any) -> Select[*tuple[Any, ...]]:
        """These columns of a table's rows of the lesson, a few rows at a time."""
        of_lesson = select(*columns).where(model.course == self._lesson.course, model.lesson == self._lesson.slug)
        return of_lesson.execution_options(yield_per=_ROWS_PER_FETCH)

    def _version(self, digest: str, present_digest: str) -> _VersionCounter:
        return self.present if digest == present_digest else self.earlier

    def _add(self, counter: _VersionCounter, stage: Stage, learner_id: str, last_at: datetime) -> bool:
        """Count a learner who began a stage; returns whether the learner stopped there."""
        return counter.add(stage, earned=(learner_id, stage) in self._marks, away=self._now - last_at)
