"""A learner who has done everything of one lesson, so that every kind of page has something to show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bench.sites import COURSES, Site
from lms.content.library import read_library
from lms.content.model import Lesson, Question
from lms.content.practice import paths
from lms.content.questions import arrange
from lms.http.learner_cookie import COOKIE, Pass, sign_pass
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.marks.marks import tick_tasks
from lms.learning.practice.attempts import start_practice
from lms.learning.practice.events import keep_events
from lms.learning.store.database import make_engine, writing
from lms.learning.understand.answers import keep_answer


@dataclass(frozen=True, slots=True)
class Graduate:
    """``pages``: the address of every kind of page that a citizen sees, by its name."""

    cookie: str
    lesson_path: str
    open_attempt_path: str
    pages: dict[str, str]


def graduate(site: Site) -> Graduate:
    """Make one in the running site's database; the badge is claimed over the wire."""
    lesson = the_whole_lesson()
    learner_id = new_learner_id()
    engine = make_engine(f"sqlite:///{site.folder / 'lms.sqlite3'}")
    with writing(engine)() as session:
        ended, begun = _do_everything(session, learner_id, lesson)
        session.commit()
    engine.dispose()
    secret = (site.folder / "secret-key").read_text("ascii").strip()
    cookie = f"{COOKIE}={sign_pass(secret, Pass((learner_id,)))}"
    course, path = f"/{lesson.course}", f"/{lesson.course}/{lesson.slug}"
    badge = _claim(site, f"/toi/nhan-huy-hieu{path}", cookie)
    pages = {
        "home": "/",
        "course": course,
        "lesson": path,
        "questions": f"{path}/hieu",
        "practice, introduction": f"{path}/lam",
        "practice": f"/toi/luot/{begun}",
        "practice, result": f"/toi/luot/{ended}/ket-qua",
        "tasks": f"{path}/dung",
        "my page": "/toi",
        "badge": badge,
        "verify": "/kiem-chung",
    }
    return Graduate(cookie, path, f"/toi/luot/{begun}", pages)


def the_whole_lesson() -> Lesson:
    """The lesson with the longest practice, of those that have all three stages: the heaviest pages there are."""
    library = read_library(COURSES, today=datetime.now(UTC).date()).library
    whole = [lesson for course in library for lesson in course.lessons if lesson.practice and lesson.use]
    return max(whole, key=lambda lesson: len(lesson.practice.screens))


def _do_everything(session: Session, learner_id: str, lesson: Lesson) -> tuple[str, str]:
    """Earn the three marks, as (the attempt that earned one, another one at its beginning)."""
    now = datetime.now(UTC)
    place = {"learner_id": learner_id, "course": lesson.course, "lesson": lesson.slug, "now": now}
    for question in lesson.understand.graded:
        given = right_answer(question)
        keep_answer(session, understand=lesson.understand, question_id=question.id, given=given, **place)
    ended = start_practice(session, practice=lesson.practice, mode="tu-lam", **place)
    events = paths.events_of(paths.expected_path(lesson.practice, ended.data))
    receipt = keep_events(session, learner_id=learner_id, attempt_id=ended.id, events=events, now=now)
    if not receipt.mark_earned:
        raise RuntimeError(f"the expected path of {lesson.practice.path} earned no mark: {receipt}")
    tick_tasks(session, use=lesson.use, task_ids=[task.id for task in lesson.use.tasks], **place)
    return ended.id, start_practice(session, practice=lesson.practice, mode="tu-lam", **place).id


def right_answer(question: Question) -> list[str]:
    """What a form sends for a right answer."""
    match question.kind:
        case "choice":
            return [option.key for option in question.options if option.right]
        case "typed":
            return [question.answers[0] if question.answers else str(question.ranges[0][0])]
        case "ordering":
            return [item.key for item in question.items]
        case "matching":
            partner = {pair.left.key: pair.right.key for pair in question.pairs}
            return [partner[left.key] for left in arrange(question).lefts]
    return []


def _claim(site: Site, path: str, cookie: str) -> str:
    answer = site.ask(path, fields=[("name", "Nguyễn Văn Tập")], Cookie=cookie)
    where = next((value for name, value in answer.headers.items() if name.lower() == "location"), "")
    if answer.status != 303 or "/huy-hieu/" not in where:
        raise RuntimeError(f"no badge was given: {answer.status} {where}")
    return re.sub(r"^https?://[^/]+", "", where)
