"""What the one main button of a page says, and where it goes."""

from __future__ import annotations

from dataclasses import dataclass

from lms.content.model import Course, Lesson, StageName
from lms.learning.marks.marks import earnable
from lms.learning.progress import learner_progress
from lms.learning.progress.learner_progress import Ahead, EarnedBadge, LessonProgress, Resume
from lms.learning.understand.answers import hieu_progress
from lms.web.current_learner import current_learner_id
from lms.web.database import session
from lms.web.request_context import library

STAGE_WORDS: dict[StageName, str] = {"hieu": "Hiểu", "lam": "Làm", "dung": "Dùng liền"}
RIGHT_SO_FAR = "Bác đã đúng {right} trong {total} câu."
STILL_NEEDED = "Đúng {needed} câu là có dấu hiểu ngay."


@dataclass(frozen=True, slots=True)
class Step:
    href: str
    words: str


@dataclass(frozen=True, slots=True)
class StageEnd:
    """The end of a stage's page. ``mark`` is "" while it is not held; ``said`` is how far one has come.

    ``pattern`` is ``said`` with places for the numbers, for the script that counts on.
    """

    stage: StageName
    mark: str
    said: str
    step: Step
    pattern: str = ""
    left: int = 0  # tasks that have no tick yet


def stage_address(lesson: Lesson, stage: StageName) -> str:
    return f"/{lesson.course}/{lesson.slug}/{stage}"


def after_stage(course: Course, lesson: Lesson, found: LessonProgress | None, stage: StageName | None) -> Step:
    """From the end of ``stage``: to where home leads as well, but never back to the stage at hand.

    ``stage`` is None at the end of what has no mark of its own.
    """
    if found and found.claimable:
        return claiming(EarnedBadge(course, lesson))
    left = earnable(lesson) - (found.earned if found else frozenset()) - {stage}
    if not left:
        return after_lesson(course.slug, lesson.slug, found)
    following = found.next_stage if found and found.next_stage in left else None
    return _into_stage(lesson, found, following or next(one for one in lesson.stages if one in left), "Sang phần")


def after_lesson(course: str, lesson: str, found: LessonProgress | None) -> Step:
    """``found`` is None on the page that is the same for all; ``lesson`` "" after a whole course."""
    learner_id = current_learner_id() if found else None
    return onward(learner_progress.ahead(session(), learner_id, library(), course, lesson), course)


def after_badge(course: str, lesson: str) -> Step:
    """From a badge of the present learner's; ``lesson`` is "" for the whole course's."""
    return onward(learner_progress.ahead(session(), current_learner_id(), library(), course, lesson), course)


def into_lesson(course: Course, lesson: Lesson, found: LessonProgress | None) -> Step:
    """From a lesson's own page."""
    if found and found.claimable:
        return claiming(EarnedBadge(course, lesson))
    if found is None or not found.begun:
        return Step(stage_address(lesson, lesson.stages[0]), "Bắt đầu học")
    if found.next_stage:
        return _into_stage(lesson, found, found.next_stage, "Học tiếp phần")
    return after_lesson(course.slug, lesson.slug, found)


def after_class(course: Course, lesson: Lesson, found: LessonProgress) -> Step:
    """From the end of a class: to where the lesson's own page leads as well."""
    if found.claimable or not found.next_stage:
        return into_lesson(course, lesson, found)
    return _into_stage(lesson, found, found.next_stage, "Sang phần")


def into_course(found: learner_progress.CourseProgress, ahead: Ahead) -> Step:
    """From a course's own page."""
    if ahead.badge or ahead.resume is None or ahead.resume.course.slug != found.course.slug:
        return onward(ahead, found.course.slug)
    words = "Học tiếp" if ahead.resume.begun else "Bắt đầu"
    return Step(f"/{found.course.slug}/{ahead.resume.lesson.slug}", f"{words} bài {ahead.resume.lesson.number}")


def onward(ahead: Ahead, course: str) -> Step:
    """From something that is done; ``course`` is the one she is in."""
    if ahead.badge:
        return claiming(ahead.badge)
    if ahead.resume is None:
        return Step("/", "Về trang đầu")
    href = resuming(ahead.resume).href
    if ahead.resume.course.slug == course:
        return Step(href, f"Sang bài {ahead.resume.lesson.number}")
    return Step(href, f"Sang khóa {ahead.resume.course.name}")


def claiming(badge: EarnedBadge) -> Step:
    if badge.lesson:
        return Step(f"/toi/nhan-huy-hieu/{badge.course.slug}/{badge.lesson.slug}", "Nhận huy hiệu")
    return Step(f"/toi/nhan-huy-hieu/{badge.course.slug}", f"Nhận huy hiệu khóa {badge.course.name}")


def resuming(resume: Resume) -> Step:
    """To where somebody stopped; a practice that was begun goes on on its own page, a new lesson opens with its own."""
    lesson = resume.lesson
    if not resume.begun:
        return Step(f"/{lesson.course}/{lesson.slug}", f"Sang bài {lesson.number}")
    href = _practice_address(resume.attempt_id) or stage_address(lesson, resume.stage)
    return Step(href, f"Sang bài {lesson.number}, phần {STAGE_WORDS[resume.stage]}")


def _into_stage(lesson: Lesson, found: LessonProgress | None, stage: StageName, words: str) -> Step:
    attempt_id = found.attempt_id if found and stage == "lam" else None
    return Step(_practice_address(attempt_id) or stage_address(lesson, stage), f"{words} {STAGE_WORDS[stage]}")


def _practice_address(attempt_id: str | None) -> str:
    return f"/toi/luot/{attempt_id}" if attempt_id else ""


def hieu_end(course: Course, lesson: Lesson, found: LessonProgress | None) -> StageEnd:
    step = after_stage(course, lesson, found, "hieu")
    state = found.hieu if found else hieu_progress(lesson.understand, {}, earned=False)
    pattern = RIGHT_SO_FAR if state.earned else f"{RIGHT_SO_FAR} {STILL_NEEDED}"
    begun = pattern if found and found.answers else f"Bài có {{total}} câu hỏi. {STILL_NEEDED}"
    said = begun.format(right=state.right, total=state.total, needed=state.needed) if state.total else ""
    return StageEnd("hieu", f"Bác có dấu hiểu ngay, bài {lesson.name}" if state.earned else "", said, step, pattern)


def lam_end(course: Course, lesson: Lesson, found: LessonProgress | None, practice_name: str) -> StageEnd:
    """The mark comes from the lesson's first practice; a further one has none of its own."""
    earned = found is not None and "lam" in found.earned and practice_name == ""
    mark = f"Bác có dấu làm được, bài {lesson.name}" if earned else ""
    return StageEnd("lam", mark, "", after_stage(course, lesson, found, None if practice_name else "lam"))


def dung_end(course: Course, lesson: Lesson, found: LessonProgress | None) -> StageEnd:
    earned = found is not None and "dung" in found.earned
    mark = f"Bác có dấu dùng liền, bài {lesson.name}" if earned else ""
    # One that was ticked may have left the page since.
    left = sum(task.id not in found.ticked for task in lesson.use.tasks) if found and lesson.use else 0
    return StageEnd("dung", mark, "", after_stage(course, lesson, found, "dung"), left=left)
