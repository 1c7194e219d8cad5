"""Plans of 45, 60 and 90 minutes for the steps of a lesson."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lms.content.model import Lesson
from lms.learning.classroom.session.state import PLAN_LENGTHS
from lms.learning.classroom.session.steps import StepKind, lesson_steps
from lms.learning.classroom.session.time_plan import PRACTICE_SHARE, TimePlan, plan_class
from tests.real_courses import library

LESSONS = [lesson for course in library() for lesson in course.lessons]


def plans() -> list[tuple[Lesson, TimePlan]]:
    bare = [replace(lesson, practices=(), use=None) for lesson in LESSONS[:5]]
    return [(lesson, plan_class(lesson, length)) for lesson in [*LESSONS, *bare] for length in PLAN_LENGTHS]


def minutes_of(lesson: Lesson, plan: TimePlan, kind: StepKind) -> int:
    return sum(plan.minutes[step.key] for step in lesson_steps(lesson) if step.kind == kind)


def test_the_minutes_of_all_steps_sum_up_to_the_length():
    for lesson, plan in plans():
        assert list(plan.minutes) == [step.key for step in lesson_steps(lesson)]
        assert sum(plan.minutes.values()) == plan.length
        assert min(plan.minutes.values()) >= 0


def test_the_practice_is_never_cut_below_its_share():
    for lesson, plan in plans():
        if lesson.practice:
            assert minutes_of(lesson, plan, StepKind.PRACTICE) >= PRACTICE_SHARE * plan.length


def test_what_is_left_out_are_questions_and_two_are_always_asked():
    for lesson, plan in plans():
        questions = {step.key for step in lesson_steps(lesson) if step.kind == StepKind.QUESTION}
        graded = {f"hoi-{question.id}" for question in lesson.understand.graded_questions}
        assert set(plan.left_out) <= questions
        assert {plan.minutes[key] for key in plan.left_out} <= {0}
        assert len(graded - set(plan.left_out)) >= min(2, len(graded))


def test_a_longer_class_leaves_out_nothing_that_a_shorter_one_has_time_for():
    for lesson in LESSONS:
        short, middle, long = (plan_class(lesson, length) for length in PLAN_LENGTHS)
        assert set(long.left_out) <= set(middle.left_out) <= set(short.left_out)


def test_some_lesson_does_not_fit_into_45_minutes_and_every_lesson_into_90():
    assert any(plan_class(lesson, 45).left_out for lesson in LESSONS)
    assert not any(plan_class(lesson, 90).left_out for lesson in LESSONS)


@pytest.mark.parametrize("length", PLAN_LENGTHS)
def test_a_lesson_of_slides_alone_has_a_plan(length: int):
    bare = replace(LESSONS[0], practices=(), use=None, understand=replace(LESSONS[0].understand, sections=()))
    assert sum(plan_class(bare, length).minutes.values()) == length
