"""A plan of minutes for the steps of a lesson in class: 45, 60 or 90 minutes, from the lesson's own minutes.

The practice always keeps its share of the hour. Where the rest does not fit, something is shortened or left out, in the
order in which the room misses it least: what people can do at home, polls, the last questions, the demonstration.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.content.model import Lesson
from lms.learning.classroom.session.slides import section_slides, weighted_word_count
from lms.learning.classroom.session.steps import Step, StepKind, lesson_steps

PRACTICE_SHARE = 0.3  # of the whole class, at least
MIN_QUESTIONS = 2  # which are asked in the shortest class, too
_JOIN, _END, _QUESTION, _USE = 5.0, 3.0, 2.5, 10.0  # minutes
_READ_ALOUD = 1.5  # the minutes of hieu.md are for one person who reads; a hall listens and talks
_SHORT_USE, _SHORT_DEMO = 5.0, 4.0


@dataclass(frozen=True, slots=True)
class TimePlan:
    """Minutes by step key; they sum up to ``length``. ``left_out`` are keys of steps with 0 minutes, ``shortened``
    kinds of steps that got less than they need, both in the order in which they were cut."""

    length: int
    minutes: Mapping[str, int]
    left_out: tuple[str, ...] = ()
    shortened: tuple[StepKind, ...] = ()


def plan_class(lesson: Lesson, length: int) -> TimePlan:
    """Distribute ``length`` minutes over the steps of a lesson."""
    steps = lesson_steps(lesson)
    need = _needed_minutes(lesson, steps)
    practice = next((step.key for step in steps if step.kind == StepKind.PRACTICE), None)
    share = float(math.ceil(length * PRACTICE_SHARE)) if practice else 0.0
    if practice:
        need[practice] = max(need[practice], share)
    left_out, shortened = _cut(lesson, steps, need, length, share)
    _stretch(steps, need, length - sum(need.values()))
    kept = min(length, math.ceil(need[practice])) if practice else 0
    minutes = _round(
        {key: value for key, value in need.items() if key != practice}, length - kept
    )  # the practice is rounded up, the others share what is left
    if practice:
        minutes[practice] = kept
    return TimePlan(length, {step.key: minutes[step.key] for step in steps}, left_out, shortened)


def practice_minutes(lesson: Lesson) -> int:
    """How long the demonstration and the practice take a class that has time enough; 0 without a practice."""
    need = _minutes_by_kind(lesson)
    kinds = [step.kind for step in lesson_steps(lesson) if step.kind in (StepKind.DEMO, StepKind.PRACTICE)]
    return round(sum(need[kind] for kind in kinds))


def _needed_minutes(lesson: Lesson, steps: Sequence[Step]) -> dict[str, float]:
    """What each step takes when there is time enough."""
    words = {step.key: _slide_words(lesson, step) for step in steps if step.kind == StepKind.SLIDE}
    all_words = sum(words.values()) or 1
    by_kind = _minutes_by_kind(lesson)
    return {
        step.key: max(1.0, _READ_ALOUD * lesson.understand.minutes * words[step.key] / all_words)
        if step.kind == StepKind.SLIDE
        else by_kind[step.kind]
        for step in steps
    }


def _minutes_by_kind(lesson: Lesson) -> dict[StepKind, float]:
    """What a step takes when there is time enough, by its kind; a slide's minutes go by its words."""
    screens = len(lesson.practice.screens) if lesson.practice else 0
    use = lesson.use.minutes if lesson.use and lesson.use.minutes else _USE
    return {
        StepKind.JOIN: _JOIN,
        StepKind.QUESTION: _QUESTION,
        StepKind.DEMO: min(8.0, max(_SHORT_DEMO, 0.4 * screens)),
        StepKind.PRACTICE: min(25.0, max(10.0, 1.2 * screens)),
        StepKind.USE: float(use),
        StepKind.END: _END,
    }


def _slide_words(lesson: Lesson, step: Step) -> int:
    section = next(section for section in lesson.understand.sections if section.id == step.section)
    parts = section_slides(section)[step.part - 1]
    return sum(weighted_word_count(part.html) for part in parts) or 1


def _cut(
    lesson: Lesson, steps: Sequence[Step], need: dict[str, float], length: int, share: float
) -> tuple[tuple[str, ...], tuple[StepKind, ...]]:
    """Cut ``need`` until it fits into ``length``; return what was left out, and the kinds that were shortened."""
    left_out: list[str] = []
    shortened: list[StepKind] = []

    def excess() -> float:
        return sum(need.values()) - length

    def shorten(kind: StepKind, least: float) -> None:
        for step in steps:
            if step.kind == kind and excess() > 0 and need[step.key] > least:
                need[step.key] = max(least, need[step.key] - excess())
                shortened.append(kind)

    shorten(StepKind.USE, _SHORT_USE)
    shorten(StepKind.PRACTICE, share)
    questions = [step for step in steps if step.kind == StepKind.QUESTION]
    polls = [step for step in questions if _is_poll(lesson, step)]
    graded = [step for step in questions if step not in polls]
    for step in [*reversed(polls), *reversed(graded[MIN_QUESTIONS:])]:
        if excess() > 0:
            need[step.key] = 0.0
            left_out.append(step.key)
    shorten(StepKind.DEMO, _SHORT_DEMO)
    if (over := excess()) > 0:
        others = {step.key: need[step.key] for step in steps if step.kind != StepKind.PRACTICE}
        factor = max(0.0, 1 - over / sum(others.values()))
        need.update({key: value * factor for key, value in others.items()})
        shortened.append(StepKind.SLIDE)
    return tuple(left_out), tuple(shortened)


def _stretch(steps: Sequence[Step], need: dict[str, float], spare: float) -> None:
    """Give spare minutes to where people do something themselves; without a practice to the questions, or to all."""
    if spare <= 0:
        return
    for kinds in ((StepKind.PRACTICE, StepKind.USE), (StepKind.QUESTION,), (StepKind.SLIDE, StepKind.JOIN)):
        keys = [step.key for step in steps if step.kind in kinds]
        if not keys:
            continue
        total = sum(need[key] for key in keys)
        need.update({key: need[key] * (1 + spare / total) for key in keys})
        return


def _round(minutes: Mapping[str, float], total: int) -> dict[str, int]:
    """Whole minutes with this sum: rounded down, and the rest to the largest remainders."""
    rounded = {key: math.floor(value) for key, value in minutes.items()}
    by_remainder = sorted(minutes, key=lambda key: rounded[key] - minutes[key])
    rest = total - sum(rounded.values())
    for key in by_remainder[:rest] if rest > 0 else ():
        rounded[key] += 1
    for key in sorted(rounded, key=lambda key: -rounded[key])[: -rest if rest < 0 else 0]:
        rounded[key] -= 1
    return rounded


def _is_poll(lesson: Lesson, step: Step) -> bool:
    question = lesson.understand.question(step.ref)
    return question is not None and question.kind == "poll"
