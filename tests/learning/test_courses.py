"""The real courses: every lesson can be done as its author meant it, and earns its marks and badge."""

from __future__ import annotations

import json

import pytest

from bench.sample_learner import right_answer
from lms.content.practice.action_paths import expected_path, to_events
from lms.learning.badges.awarding import award_badge, check_badge
from lms.learning.badges.openbadges import Verdict
from lms.learning.marks.marks import save_ticks
from lms.learning.practice.attempts import start_attempt
from lms.learning.practice.events import save_events
from lms.learning.progress.learner_progress import home_of_learner
from lms.learning.understand.answers import save_answer
from tests.learning.sample_courses import NOW
from tests.real_courses import COURSES, library

LESSONS = sorted(f"{path.parts[-3]}/{path.parts[-2].partition('-')[2]}" for path in COURSES.glob("*/*/hieu.md"))


@pytest.mark.slow
@pytest.mark.parametrize("path", LESSONS)
def test_every_lesson_can_be_done_and_earns_its_badge(session, lan, issuer, path):
    lesson = library().lesson(*path.split("/"))
    place = {"learner_id": lan.id, "course": lesson.course, "lesson": lesson.slug}
    for question in lesson.understand.questions:
        kept = save_answer(
            session, **place, understand=lesson.understand, question_id=question.id, given=right_answer(question),
            now=NOW,
        )  # fmt: skip
        assert kept.outcome.right, question.prompt
    for practice in lesson.practices:
        attempt = start_attempt(session, lan.id, lesson.course, lesson.slug, practice, "tu-lam", now=NOW)
        events = to_events(expected_path(practice, attempt.data))
        receipt = save_events(session, learner_id=lan.id, attempt_id=attempt.id, events=events, now=NOW)
        assert (receipt.last_q, receipt.passed, receipt.score) == (len(events), True, 100), practice.path
    if lesson.use:
        done = [task.id for task in lesson.use.tasks]
        save_ticks(session, lan.id, lesson.course, lesson.slug, lesson.use, done, now=NOW)
    badge = award_badge(session, lan, library(), lesson.course, lesson.slug, name="Lan", issuer=issuer, now=NOW)
    assert check_badge(session, json.dumps(badge.document).encode(), issuer).verdict is Verdict.VALID
    [course] = [one for one in home_of_learner(session, lan.id, library()).courses if one.course.slug == lesson.course]
    assert course.lessons_done == 1


def test_there_are_courses():
    assert {course.slug for course in library()} >= {"vneid", "vssid", "etax"}
