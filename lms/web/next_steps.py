"""What the one main button of a page says, and where it goes."""

from __future__ import annotations

from dataclasses import dataclass

from lms.content.model import Course, Lesson, StageName
from lms.learning.answers import hieu_progress
from lms.learning.progress import LessonProgress, Resume
from lms.learning.stages import earnable

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


def stage_address(lesson: Lesson, stage: StageName) -> str:
    return f"/{lesson.course}/{lesson.slug}/{stage}"


def after_stage(course: Course, lesson: Lesson, found: LessonProgress | None, stage: StageName) -> Step:
    """From the end of ``stage``: the badge if it is earned, else what is still missing, later stages first."""
    if found and found.claimable:
        return Step(f"/toi/nhan-huy-hieu/{course.slug}/{lesson.slug}", "Nhận huy hiệu")
    earned = found.earned if found else frozenset()
    here = lesson.stages.index(stage)
    missing = [one for one in lesson.stages[here + 1 :] + lesson.stages[:here] if one in earnable(lesson) - earned]
    if missing:
        return Step(stage_address(lesson, missing[0]), f"Sang phần {STAGE_WORDS[missing[0]]}")
    return after_lesson(course, lesson)


def after_lesson(course: Course, lesson: Lesson) -> Step:
    following = next((one for one in course.lessons if one.number > lesson.number), None)
    if following:
        return Step(f"/{course.slug}/{following.slug}", f"Sang bài {following.number}")
    return Step(f"/{course.slug}", f"Về khóa {course.name}")


def into_lesson(course: Course, lesson: Lesson, found: LessonProgress | None) -> Step:
    """From a lesson's own page."""
    if found and found.claimable:
        return Step(f"/toi/nhan-huy-hieu/{course.slug}/{lesson.slug}", "Nhận huy hiệu")
    if found is None or not found.begun:
        return Step(stage_address(lesson, lesson.stages[0]), "Bắt đầu học")
    if found.next_stage:
        return Step(stage_address(lesson, found.next_stage), f"Học tiếp phần {STAGE_WORDS[found.next_stage]}")
    return after_lesson(course, lesson)


def after_class(course: Course, lesson: Lesson, found: LessonProgress) -> Step:
    """From the end of a class: to where the lesson's own page leads as well."""
    if found.claimable or not found.next_stage:
        return into_lesson(course, lesson, found)
    return Step(stage_address(lesson, found.next_stage), f"Sang phần {STAGE_WORDS[found.next_stage]}")


def resuming(resume: Resume) -> Step:
    """To where somebody stopped; a practice that was begun goes on on its own page."""
    href = f"/toi/luot/{resume.attempt_id}" if resume.attempt_id else stage_address(resume.lesson, resume.stage)
    return Step(href, f"Sang bài {resume.lesson.number}, phần {STAGE_WORDS[resume.stage]}")


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
    return StageEnd("lam", mark, "", after_stage(course, lesson, found, "lam"))


def dung_end(course: Course, lesson: Lesson, found: LessonProgress | None) -> StageEnd:
    earned = found is not None and "dung" in found.earned
    mark = f"Bác có dấu dùng liền, bài {lesson.name}" if earned else ""
    return StageEnd("dung", mark, "", after_stage(course, lesson, found, "dung"))
