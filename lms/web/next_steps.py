"""Where the main button of a page leads, and its label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import escape

from lms.content.model import Course, Lesson, Stage
from lms.learning.marks.marks import earnable_stages
from lms.learning.progress.course_progress import CourseProgress
from lms.learning.progress.lesson_progress import LessonProgress
from lms.learning.progress.next_activity import ClaimableBadge, NextActivity, StageToResume, activity_after_lesson
from lms.learning.understand.answers import understand_progress
from lms.message_catalog import SOURCE_LANGUAGE, mark_for_translation
from lms.web.current_learner import current_learner_id
from lms.web.database import session
from lms.web.language import mark_vietnamese, page_language, translate, translate_number
from lms.web.lesson_language import languages_of, mark_if_stage_is_vietnamese, mark_if_vietnamese
from lms.web.request_context import library
from lms.web.urls import stage_url

STAGE_LABELS: dict[Stage, str] = {
    Stage.UNDERSTAND: mark_for_translation("Hiểu"),
    Stage.PRACTICE: mark_for_translation("Làm"),
    Stage.USE: mark_for_translation("Dùng liền"),
}
RIGHT_SO_FAR = mark_for_translation("Bác đã đúng {right} trong {total} câu.")


@dataclass(frozen=True, slots=True)
class NextLink:
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class StageEnd:
    """The end of a stage's page.

    ``mark_text`` is "" without the mark. ``progress_pattern`` is ``progress_text`` with placeholders for the numbers,
    for the script that counts on.
    """

    stage: Stage
    mark_text: str
    progress_text: str
    next_link: NextLink
    progress_pattern: str = ""
    tasks_left: int = 0  # not ticked yet


def next_after_stage(course: Course, lesson: Lesson, progress: LessonProgress | None, stage: Stage | None) -> NextLink:
    """The link from the end of ``stage`` to the next activity, but never back to the same stage.

    ``stage`` is None at the end of a practice that earns no mark.
    """
    if progress and progress.claimable:
        return claim_badge_link(ClaimableBadge(course, lesson))
    left = earnable_stages(lesson) - (progress.earned if progress else frozenset()) - {stage}
    if not left:
        return next_after_lesson(course.slug, lesson.slug, progress)
    preferred = progress.next_stage if progress and progress.next_stage in left else None
    next_stage = preferred or next(stage for stage in lesson.stages if stage in left)
    return _stage_link(lesson, progress, next_stage, translate("Sang phần"))


def next_after_lesson(course: str, lesson: str, progress: LessonProgress | None) -> NextLink:
    """The link after a lesson. ``progress`` is None on the page for everybody; ``lesson`` is "" after a course."""
    learner_id = current_learner_id() if progress else None
    return link_to_activity(activity_after_lesson(session(), learner_id, library(), course, lesson), course)


def next_after_badge(course: str, lesson: str) -> NextLink:
    """The link after a badge of the current learner; ``lesson`` is "" for a course badge."""
    return link_to_activity(activity_after_lesson(session(), current_learner_id(), library(), course, lesson), course)


def next_in_lesson(course: Course, lesson: Lesson, progress: LessonProgress | None) -> NextLink:
    """The link on a lesson's page."""
    if progress and progress.claimable:
        return claim_badge_link(ClaimableBadge(course, lesson))
    if progress is None or not progress.started:
        return _lesson_start(lesson, translate("Bắt đầu học"))
    if progress.next_stage:
        return _stage_link(lesson, progress, progress.next_stage, translate("Học tiếp phần"))
    return next_after_lesson(course.slug, lesson.slug, progress)


def next_after_class(course: Course, lesson: Lesson, progress: LessonProgress) -> NextLink:
    """The link at the end of a class: where the lesson's page leads."""
    if progress.claimable or not progress.next_stage:
        return next_in_lesson(course, lesson, progress)
    return _stage_link(lesson, progress, progress.next_stage, translate("Sang phần"))


def next_after_tryout(lesson: Lesson) -> NextLink:
    """The link from the practice of the first minute: into the lesson, without its page in between."""
    return _lesson_start(lesson, translate("Vào bài {number}").format(number=lesson.number))


def next_in_course(progress: CourseProgress, activity: NextActivity) -> NextLink:
    """The link on a course's page: to where the learner was, else to a lesson that is not begun.

    In another language that is the first of those that are translated into it, if there is one.
    """
    if activity.badge or activity.resume is None or activity.resume.course.slug != progress.course.slug:
        return link_to_activity(activity, progress.course.slug)
    if activity.resume.started:
        lesson, label = activity.resume.lesson, translate("Học tiếp bài {number}")
    else:
        lesson, label = _first_translated(progress) or activity.resume.lesson, translate("Bắt đầu bài {number}")
    return _lesson_link(lesson, label.format(number=lesson.number))


def _first_translated(progress: CourseProgress) -> Lesson | None:
    """The first lesson that is not done and whose page is in the page's language, which is not Vietnamese."""
    language = page_language()
    left = (marks.lesson for marks in progress.lessons if not marks.done)
    return next((lesson for lesson in left if language in languages_of(lesson)), None)


def link_to_activity(activity: NextActivity, course: str) -> NextLink:
    """The link from an activity that is done; ``course`` is the slug of its course."""
    if activity.badge:
        return claim_badge_link(activity.badge)
    if activity.resume is None:
        return NextLink("/", translate("Về trang đầu"))
    resume = activity.resume
    if resume.course.slug == course:
        label = translate("Sang bài {number}").format(number=resume.lesson.number)
    else:
        label = _with_course(translate("Sang khóa {course}"), resume.course)
    return _resume_link(resume, label)


def next_for_learner(activity: NextActivity, courses: Sequence[CourseProgress], *, has_badges: bool) -> NextLink:
    """The link to a learner's next activity, as the home page proposes it."""
    if activity.badge:
        return claim_badge_link(activity.badge)
    if activity.resume:
        return resume_link(activity.resume)
    first = next((progress.course for progress in courses if progress.course.lessons), None)
    if first is None or has_badges:
        return NextLink("/", translate("Về trang đầu"))
    return _lesson_link(first.lessons[0], translate("Bắt đầu học"))


def claim_badge_link(badge: ClaimableBadge) -> NextLink:
    if badge.lesson:
        return NextLink(f"/toi/nhan-huy-hieu/{badge.course.slug}/{badge.lesson.slug}", translate("Nhận huy hiệu"))
    return NextLink(
        f"/toi/nhan-huy-hieu/{badge.course.slug}",
        _with_course(translate("Nhận huy hiệu khóa {course}"), badge.course),
    )


def resume_link(resume: StageToResume) -> NextLink:
    """The link to where the learner stopped: the attempt or stage that was started, or a new lesson's page."""
    number = resume.lesson.number
    if not resume.started:
        return _resume_link(resume, translate("Sang bài {number}").format(number=number))
    stage = translate(STAGE_LABELS[resume.stage])
    return _resume_link(resume, translate("Sang bài {number}, phần {stage}").format(number=number, stage=stage))


def home_resume_link(resume: StageToResume) -> NextLink:
    """``resume_link`` on the home page, which names the lesson above it."""
    return _resume_link(resume, translate("Học tiếp") if resume.started else translate("Vào bài"))


def _resume_link(resume: StageToResume, label: str) -> NextLink:
    lesson = resume.lesson
    if not resume.started:
        return _lesson_link(lesson, label)
    href = _attempt_url(resume.attempt_id) or stage_url(lesson, resume.stage)
    return NextLink(href, mark_if_stage_is_vietnamese(label, lesson, resume.stage))


def _lesson_link(lesson: Lesson, label: str) -> NextLink:
    """To a lesson's own page."""
    return NextLink(f"/{lesson.course}/{lesson.slug}", mark_if_vietnamese(label, lesson))


def _lesson_start(lesson: Lesson, label: str) -> NextLink:
    """To the first stage of a lesson."""
    first = lesson.stages[0]
    return NextLink(stage_url(lesson, first), mark_if_stage_is_vietnamese(label, lesson, first))


def _stage_link(lesson: Lesson, progress: LessonProgress | None, stage: Stage, label: str) -> NextLink:
    attempt_id = progress.attempt_id if progress and stage == Stage.PRACTICE else None
    label = mark_if_stage_is_vietnamese(f"{label} {translate(STAGE_LABELS[stage])}", lesson, stage)
    return NextLink(_attempt_url(attempt_id) or stage_url(lesson, stage), label)


def _with_course(sentence: str, course: Course) -> str:
    """A sentence in the page's language with the course's name, which is marked where it is in another one."""
    if page_language() == SOURCE_LANGUAGE:
        return sentence.format(course=course.name)
    return escape(sentence).format(course=mark_vietnamese(escape(course.name)))


def _attempt_url(attempt_id: str | None) -> str:
    return f"/toi/luot/{attempt_id}" if attempt_id else ""


def end_of_understand_stage(course: Course, lesson: Lesson, progress: LessonProgress | None) -> StageEnd:
    next_link = next_after_stage(course, lesson, progress, Stage.UNDERSTAND)
    state = progress.understand if progress else understand_progress(lesson.understand, {}, earned=False)
    right_so_far = translate(RIGHT_SO_FAR)
    still_needed = translate_number(
        "Đúng {needed} câu là có dấu hiểu ngay.", "Đúng {needed} câu là có dấu hiểu ngay.", state.needed
    )
    has_questions = translate_number("Bài có {total} câu hỏi.", "Bài có {total} câu hỏi.", state.total)
    pattern = right_so_far if state.earned else f"{right_so_far} {still_needed}"
    shown_pattern = pattern if progress and progress.answers else f"{has_questions} {still_needed}"
    text = shown_pattern.format(right=state.right, total=state.total, needed=state.needed) if state.total else ""
    return StageEnd(
        Stage.UNDERSTAND,
        translate("Bác có dấu hiểu ngay, bài {lesson}").format(lesson=lesson.name) if state.earned else "",
        text,
        next_link,
        pattern,
    )


def end_of_practice_stage(
    course: Course, lesson: Lesson, progress: LessonProgress | None, practice_name: str
) -> StageEnd:
    """The mark comes from the lesson's first practice; further practices have none."""
    earned = progress is not None and Stage.PRACTICE in progress.earned and practice_name == ""
    mark = translate("Bác có dấu làm được, bài {lesson}").format(lesson=lesson.name) if earned else ""
    return StageEnd(
        Stage.PRACTICE, mark, "", next_after_stage(course, lesson, progress, None if practice_name else Stage.PRACTICE)
    )


def end_of_use_stage(course: Course, lesson: Lesson, progress: LessonProgress | None) -> StageEnd:
    earned = progress is not None and Stage.USE in progress.earned
    mark = translate("Bác có dấu dùng liền, bài {lesson}").format(lesson=lesson.name) if earned else ""
    # A ticked task may have been removed from the lesson.
    left = sum(task.id not in progress.ticked for task in lesson.use.tasks) if progress and lesson.use else 0
    return StageEnd(Stage.USE, mark, "", next_after_stage(course, lesson, progress, Stage.USE), tasks_left=left)
