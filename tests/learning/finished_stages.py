"""A learner answers, practises and uses what the lessons of ``sample_courses`` teach."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lms.learning.marks.marks import save_ticks
from lms.learning.practice.attempts import start_attempt
from lms.learning.practice.events import save_events
from lms.learning.store.models import Learner
from lms.learning.understand.answers import save_answer
from tests.learning.sample_courses import LATER, NOW, passing_events, practice


def answer(session: Session, learner: Learner, library, lesson: str, question: str, given: str) -> None:
    understand = library.lesson("vneid", lesson).understand
    save_answer(
        session, learner_id=learner.id, course="vneid", lesson=lesson, understand=understand, question_id=question,
        given=[given], now=NOW,
    )  # fmt: skip


def understand_all(session, learner, library, lesson="kich-hoat"):
    for question in library.lesson("vneid", lesson).understand.graded_questions:
        answer(session, learner, library, lesson, question.id, "b")


def practise(session, learner, *, upto=4):
    attempt = start_attempt(session, learner.id, "vneid", "kich-hoat", practice(), "tu-lam", now=NOW)
    save_events(
        session, learner_id=learner.id, attempt_id=attempt.id, events=passing_events(attempt.data)[:upto], now=LATER
    )
    return attempt


def use_it(session, learner, library):
    lesson = library.lesson("vneid", "kich-hoat")
    save_ticks(session, learner.id, "vneid", "kich-hoat", lesson.use, [task.id for task in lesson.use.tasks], now=LATER)


def finish_lesson(session, learner, library):
    understand_all(session, learner, library)
    practise(session, learner)
    use_it(session, learner, library)
