"""Learners in the store of a running site, and the cookies of their phones."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bench.sample_learner import right_answer
from lms.config import SECRET_KEY_FILE
from lms.content.model import Lesson
from lms.http.learner_cookie import COOKIE_NAME, LearnerCookie, dump_cookie
from lms.learning.understand.answers import save_answer
from tests.browser.site_process import Site


def learner_cookie(site: Site, learner_id: str) -> dict[str, str]:
    secret = (site.data_dir / SECRET_KEY_FILE).read_text("ascii").strip()
    return {"name": COOKIE_NAME, "value": dump_cookie(secret, LearnerCookie((learner_id,))), "url": site.url}


def earn_understand_mark(session: Session, learner_id: str, lesson: Lesson, now: datetime) -> None:
    """Answer all graded questions of a lesson rightly."""
    understand = lesson.understand
    receipts = [
        save_answer(
            session,
            learner_id=learner_id,
            course=lesson.course,
            lesson=lesson.slug,
            understand=understand,
            question_id=question.id,
            given=right_answer(question),
            now=now,
        )
        for question in understand.graded_questions
    ]
    assert receipts[-1].progress.earned
