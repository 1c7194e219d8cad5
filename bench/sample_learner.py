"""A learner who has completed a lesson and earned its badge, so that every kind of page has content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bench.sites import COURSES, Site
from lms.content.library import read_library
from lms.content.model import GESTURE_ROLES, Lesson, Mode, Practice, Question, Stage
from lms.content.practice import action_paths
from lms.content.questions import MatchColumns, arrange
from lms.http.learner_cookie import COOKIE_NAME, LearnerCookie, dump_cookie
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.marks.marks import award_mark, save_ticks
from lms.learning.practice.attempts import start_attempt
from lms.learning.practice.events import save_events
from lms.learning.store.database import make_engine, write_sessions
from lms.learning.understand.answers import save_answer, save_answers

REVIEW_ANSWERS = 2000


@dataclass(frozen=True, slots=True)
class SampleLearner:
    """``pages``: path of every kind of page that a learner sees, by name.

    ``gesture_attempt_path``: an open attempt at the practice with the most gestures, whose lesson also draws phones
    between its paragraphs.
    """

    cookie: str
    lesson_path: str
    open_attempt_path: str
    gesture_lesson_path: str
    gesture_attempt_path: str
    pages: dict[str, str]


def create_sample_learner(site: Site) -> SampleLearner:
    """Create the learner in the running site's database; the badge is claimed over HTTP."""
    lesson, gesture_lesson = heaviest_lesson(), lesson_with_most_gestures()
    learner_id = new_learner_id()
    engine = make_engine(f"sqlite:///{site.folder / 'lms.sqlite3'}")
    with write_sessions(engine)() as session:
        passed, started = _earn_marks(session, learner_id, lesson)
        gesture_attempt = _start_attempt(session, learner_id, gesture_lesson)
        session.commit()
    engine.dispose()
    cookie = _cookie_of(site, learner_id)
    course, path = f"/{lesson.course}", f"/{lesson.course}/{lesson.slug}"
    badge = _claim_badge(site, f"/toi/nhan-huy-hieu{path}", cookie)
    pages = {
        "home": "/",
        "course": course,
        "lesson": path,
        "questions": f"{path}/hieu",
        "practice, introduction": f"{path}/lam",
        "practice": f"/toi/luot/{started}",
        "practice, result": f"/toi/luot/{passed}/ket-qua",
        "tasks": f"{path}/dung",
        "my page": "/toi",
        "badge": badge,
        "verify": "/kiem-chung",
    }
    gesture_path = f"/{gesture_lesson.course}/{gesture_lesson.slug}"
    return SampleLearner(cookie, path, f"/toi/luot/{started}", gesture_path, f"/toi/luot/{gesture_attempt}", pages)


def create_reviewing_learner(site: Site) -> str:
    """Create a learner with all marks of all lessons and 2,000 answers, given over weeks; returns the cookie."""
    library = read_library(COURSES, today=datetime.now(UTC).date()).library
    learner_id, engine = new_learner_id(), make_engine(f"sqlite:///{site.folder / 'lms.sqlite3'}")
    first = datetime.now(UTC) - timedelta(days=60)
    lessons = [lesson for course in library for lesson in course.lessons]
    questions = [(lesson, question) for lesson in lessons for question in lesson.understand.graded_questions]
    rounds = -(-REVIEW_ANSWERS // len(questions))
    answers = [
        _answer_of(learner_id, lesson, question, first + timedelta(days=number * 5))
        for number in range(rounds)
        for lesson, question in questions
    ]
    with write_sessions(engine)() as session:
        save_answers(session, answers[:REVIEW_ANSWERS])
        for lesson in lessons:
            if lesson.practice:
                award_mark(
                    session.connection(), learner_id, lesson.course, lesson.slug, Stage.PRACTICE, {},
                    content_digest=lesson.practice.digest, now=first,
                )  # fmt: skip
            if lesson.use:
                tasks = [task.id for task in lesson.use.tasks]
                save_ticks(session, learner_id, lesson.course, lesson.slug, lesson.use, tasks, now=first)
        session.commit()
    engine.dispose()
    return _cookie_of(site, learner_id)


def _answer_of(learner_id: str, lesson: Lesson, question: Question, now: datetime) -> dict[str, Any]:
    return {
        "learner_id": learner_id,
        "course": lesson.course,
        "lesson": lesson.slug,
        "understand": lesson.understand,
        "question_id": question.id,
        "given": right_answer(question),
        "now": now,
    }


def _cookie_of(site: Site, learner_id: str) -> str:
    secret = (site.folder / "secret-key").read_text("ascii").strip()
    return f"{COOKIE_NAME}={dump_cookie(secret, LearnerCookie((learner_id,)))}"


def heaviest_lesson() -> Lesson:
    """Return the lesson with all three stages whose practice has the most screens."""
    return max(_complete_lessons(), key=lambda lesson: len(lesson.practice.screens) if lesson.practice else 0)


def lesson_with_most_gestures() -> Lesson:
    """Return the lesson with all three stages whose practice asks for the most gestures."""
    return max(_complete_lessons(), key=lambda lesson: _count_gestures(lesson.practice) if lesson.practice else 0)


def _complete_lessons() -> list[Lesson]:
    library = read_library(COURSES, today=datetime.now(UTC).date()).library
    return [lesson for course in library for lesson in course.lessons if lesson.practice and lesson.use]


def _count_gestures(practice: Practice) -> int:
    return sum(widget.role in GESTURE_ROLES for screen in practice.screens for widget in screen.widgets)


def _earn_marks(session: Session, learner_id: str, lesson: Lesson) -> tuple[str, str]:
    """Earn the three marks. Returns the ids of a passed attempt and of a new one."""
    practice, use = lesson.practice, lesson.use
    assert practice and use
    now = datetime.now(UTC)
    common: dict[str, Any] = {"learner_id": learner_id, "course": lesson.course, "lesson": lesson.slug, "now": now}
    for question in lesson.understand.graded_questions:
        given = right_answer(question)
        save_answer(session, understand=lesson.understand, question_id=question.id, given=given, **common)
    passed = start_attempt(session, practice=practice, mode=Mode.ALONE, **common)
    events = action_paths.to_events(action_paths.expected_path(practice, passed.data))
    receipt = save_events(session, learner_id=learner_id, attempt_id=passed.id, events=events, now=now)
    if not receipt.mark_earned:
        raise RuntimeError(f"the expected path of {practice.path} earned no mark: {receipt}")
    save_ticks(session, use=use, task_ids=[task.id for task in use.tasks], **common)
    return passed.id, _start_attempt(session, learner_id, lesson)


def _start_attempt(session: Session, learner_id: str, lesson: Lesson) -> str:
    """Begin the lesson's practice; the attempt stays open. Returns its id."""
    practice = lesson.practice
    assert practice
    common: dict[str, Any] = {"learner_id": learner_id, "course": lesson.course, "lesson": lesson.slug}
    return start_attempt(session, practice=practice, mode=Mode.ALONE, now=datetime.now(UTC), **common).id


def right_answer(question: Question) -> list[str]:
    """Return the form values of a right answer; for a poll, of its first option."""
    match question.kind:
        case "choice":
            return [option.key for option in question.options if option.right]
        case "typed":
            return [question.answers[0] if question.answers else str(question.ranges[0][0])]
        case "ordering":
            return [item.key for item in question.items]
        case "matching":
            right_of = {pair.left.key: pair.right.key for pair in question.pairs}
            columns = arrange(question)
            assert isinstance(columns, MatchColumns)
            return [right_of[left.key] for left in columns.lefts]
        case "poll":
            return [question.options[0].key]


def _claim_badge(site: Site, path: str, cookie: str) -> str:
    response = site.request(path, fields=[("name", "Nguyễn Văn Tập")], Cookie=cookie)
    location = next((value for name, value in response.headers.items() if name.lower() == "location"), "")
    if response.status != 303 or "/huy-hieu/" not in location:
        raise RuntimeError(f"no badge was awarded: {response.status} {location}")
    return re.sub(r"^https?://[^/]+", "", location)
