"""Bài này ra sao: a lesson's stages and questions in counts, the published version beside those before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Response, render_template
from markupsafe import Markup, escape

from lms.content.model import Choice, Lesson, Stage
from lms.content.practice.screen_sentences import describe_screens
from lms.learning.accounts import permissions
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.classroom.lifecycle.follow_up import find_author_notes
from lms.learning.practice.analytics import MIN_PEOPLE
from lms.learning.progress.lesson_analytics import LessonAnalytics, QuestionCounts, lesson_analytics
from lms.learning.workshop.courses import ward_of_course
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import current_account, permission_required
from lms.web.database import session
from lms.web.language import mark_vietnamese, mark_vietnamese_text, page_language, translate, translate_number
from lms.web.page_cache import no_store_page
from lms.web.request_context import course_and_lesson_or_404
from lms.web.workshop.blueprint import bp
from lms.web.workshop.wording import count_in_words

STAGE_NAMES = {
    Stage.UNDERSTAND: mark_for_translation("Hiểu ngay"),
    Stage.PRACTICE: mark_for_translation("Làm được"),
    Stage.USE: mark_for_translation("Dùng liền"),
}


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage; each pair is of the published version, and of those before it."""

    name: str
    began: tuple[str, str]
    earned: tuple[str, str]
    stopped: tuple[str, str]


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question; pairs as in ``StageRow``."""

    number: int
    prompt: str
    right_at_once: tuple[str, str]
    wrong_options: tuple[tuple[Markup, ...], tuple[Markup, ...]]
    stopped_here: str


@bp.get("/bai/<course_slug>/<lesson_slug>")
@permission_required("see_workshop")
def show_lesson_report(course_slug: str, lesson_slug: str) -> Response:
    course, lesson = course_and_lesson_or_404(course_slug, lesson_slug)
    analytics = lesson_analytics(session(), lesson, now=clock.now())
    html = render_template(
        "workshop/lesson_report.html",
        account=current_account(),
        course=course,
        lesson=lesson,
        has_earlier=not analytics.earlier.is_empty,
        has_any=not (analytics.present.is_empty and analytics.earlier.is_empty),
        stages=_stage_rows(lesson, analytics),
        questions=_question_rows(lesson, analytics),
        notes=_notes_by_week(lesson),
        screens=[
            (practice, tuple(map(Markup, describe_screens(practice, page_language(), mark_vietnamese_text))))
            for practice in lesson.practices
        ],
    )
    return no_store_page(html)


def _notes_by_week(lesson: Lesson) -> dict[date, list[str]] | None:
    """What facilitators wrote, by the Monday of its week; None for an account that does not write this course."""
    if not permissions.is_permitted(
        current_account(), "author", PermissionTarget(ward_of_course(session(), lesson.course))
    ):
        return None
    by_week: dict[date, list[str]] = {}
    for note in find_author_notes(session(), lesson.course, lesson.slug):
        by_week.setdefault(note.week, []).append(note.text)
    return by_week


def _stage_rows(lesson: Lesson, analytics: LessonAnalytics) -> list[StageRow]:
    has_stage = {Stage.UNDERSTAND: True, Stage.PRACTICE: lesson.practice, Stage.USE: lesson.use}
    rows = []
    for stage, name in STAGE_NAMES.items():
        if has_stage[stage]:
            present, earlier = analytics.present.stages[stage], analytics.earlier.stages[stage]
            rows.append(
                StageRow(
                    translate(name),
                    (count_in_words(present.began), count_in_words(earlier.began)),
                    (count_in_words(present.earned), count_in_words(earlier.earned)),
                    (count_in_words(present.stopped), count_in_words(earlier.stopped)),
                )
            )
    return rows


def _question_rows(lesson: Lesson, analytics: LessonAnalytics) -> list[QuestionRow]:
    rows = []
    for number, question in enumerate(lesson.understand.questions, 1):
        if question.kind == "poll":  # it has no right answer
            continue
        texts = {option.key: option.text for option in question.options} if isinstance(question, Choice) else {}
        present, earlier = analytics.present.questions[question.id], analytics.earlier.questions[question.id]
        rows.append(
            QuestionRow(
                number,
                _plain(question.prompt),
                (_right_text(present), _right_text(earlier)),
                (_wrong_texts(present, texts), _wrong_texts(earlier, texts)),
                count_in_words(present.stopped_here),
            )
        )
    return rows


def _right_text(counts: QuestionCounts) -> str:
    if counts.people is None:
        return translate("dưới {count} người trả lời").format(count=MIN_PEOPLE)
    right = count_in_words(counts.right_at_once)
    return translate("{right} trong {total} người").format(right=right, total=counts.people)


def _wrong_texts(counts: QuestionCounts, texts: dict[str, str]) -> tuple[Markup, ...]:
    return tuple(
        Markup(translate_number("“{answer}”: {count} người", "“{answer}”: {count} người", people)).format(  # noqa: S704
            answer=mark_vietnamese(escape(_plain(texts[key]))), count=people
        )
        for key, people in counts.wrong_options
    )


def _plain(html: str) -> str:
    return Markup(html).striptags()  # noqa: S704  (the result is text again, and escaped)
