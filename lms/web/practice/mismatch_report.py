""" "Máy tôi khác": a learner reports that the real phone differs from a screen, by choosing a reason."""

from __future__ import annotations

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.content.model import Course, Lesson, Practice
from lms.content.practice.compiling import generate_random_data
from lms.learning.practice.mismatch_reports import (
    MismatchReason,
    ReportedScreen,
    save_mismatch_report,
    save_screen_report,
)
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.current_learner import current_learner_id
from lms.web.lesson_language import practice_part, translated_or_404
from lms.web.page_cache import no_store_page
from lms.web.practice.attempt_page import (
    AttemptContext,
    attempt_in_chosen_language,
    attempt_screen_title,
    own_attempt,
    show_changed_page,
)
from lms.web.practice.blueprint import bp
from lms.web.practice.data_fill import DataFiller
from lms.web.practice.demo_walkthrough import DEMO_SEED
from lms.web.practice.screens_under_review import forget_cached_screens
from lms.web.request_context import settings
from lms.web.submitted_writes import submit_write
from lms.web.urls import mismatch_report_url, practice_url

REASON_LABELS = {
    MismatchReason.BUTTON_NAME: mark_for_translation("Nút tên khác"),
    MismatchReason.NO_BUTTON: mark_for_translation("Không thấy nút"),
    MismatchReason.WORDING: mark_for_translation("Chữ trên màn khác"),
    MismatchReason.EXTRA_STEP: mark_for_translation("Máy hỏi thêm một bước"),
    MismatchReason.OTHER_SCREEN: mark_for_translation("Màn hình khác hẳn"),
}


@bp.get("/toi/luot/<attempt_id>/may-khac")
def show_report_form(attempt_id: str) -> ResponseReturnValue:
    context = attempt_in_chosen_language(own_attempt(attempt_id))
    return _redirect_or_changed(context) or _page(context, is_sent="xong" in request.args)


@bp.post("/toi/luot/<attempt_id>/may-khac")
def report_screen(attempt_id: str) -> ResponseReturnValue:
    """Counts the screen that the form named: in another tab the attempt may have gone on."""
    if not current_learner_id():
        abort(404)
    reason = request.form.get("reason", "")
    if reason not in set(MismatchReason):
        context = attempt_in_chosen_language(own_attempt(attempt_id))
        return _redirect_or_changed(context) or _page(context, status=400)
    submit_write(
        save_mismatch_report,
        attempt_id=attempt_id,
        screen_id=request.form.get("screen", ""),
        reason=MismatchReason(reason),
        secret=settings().secret_key,
        now=clock.now(),
    )
    forget_cached_screens()
    return redirect(f"/toi/luot/{attempt_id}/may-khac?xong", 303)


@bp.get("/<course_slug>/<lesson_slug>/may-khac", defaults={"name": ""})
@bp.get("/<course_slug>/<lesson_slug>/may-khac/<name>")
def show_screen_report_form(course_slug: str, lesson_slug: str, name: str) -> ResponseReturnValue:
    """From where no attempt says at which screen one is. ``man`` is the id of that screen, if the link knew it."""
    place = _practice_or_404(course_slug, lesson_slug, name)
    return _practice_page(*place, chosen=request.args.get("man", ""), is_sent="xong" in request.args)


@bp.post("/<course_slug>/<lesson_slug>/may-khac", defaults={"name": ""})
@bp.post("/<course_slug>/<lesson_slug>/may-khac/<name>")
def report_screen_of_practice(course_slug: str, lesson_slug: str, name: str) -> ResponseReturnValue:
    course, lesson, practice = _practice_or_404(course_slug, lesson_slug, name)
    reason, screen = request.form.get("reason", ""), request.form.get("screen", "")
    if reason not in set(MismatchReason) or screen not in {each.id for each in practice.screens}:
        return _practice_page(course, lesson, practice, chosen=screen, status=400)
    submit_write(
        save_screen_report,
        screen=ReportedScreen(lesson.course, lesson.slug, practice.name, practice.digest, screen),
        reason=MismatchReason(reason),
        secret=settings().secret_key,
        now=clock.now(),
    )
    forget_cached_screens()
    return redirect(f"{mismatch_report_url(lesson, practice.name)}?xong", 303)


def _practice_or_404(course_slug: str, lesson_slug: str, name: str) -> tuple[Course, Lesson, Practice]:
    course, lesson = translated_or_404(course_slug, lesson_slug, practice_part(name))
    return course, lesson, lesson.practice_named(name) or abort(404)


def _practice_page(
    course: Course, lesson: Lesson, practice: Practice, *, chosen: str, is_sent: bool = False, status: int = 200
) -> ResponseReturnValue:
    filler = DataFiller(generate_random_data(practice, DEMO_SEED))
    html = render_template(
        "practice/mismatch_report.html",
        course=course,
        lesson=lesson,
        practice_url=practice_url(lesson, practice.name),
        report_url=mismatch_report_url(lesson, practice.name),
        back_url=practice_url(lesson, practice.name),
        screens=[(screen.id, filler.text(screen.title)) for screen in practice.screens],
        screen_id=chosen,
        reasons=REASON_LABELS,
        is_sent=is_sent,
        is_refused=status == 400,
    )
    return no_store_page(html, status=status)


def _redirect_or_changed(context: AttemptContext) -> ResponseReturnValue | None:
    """What an attempt gets that has no screen to report; None where it has one."""
    if context.attempt.ended or context.is_tryout:
        return redirect(f"{context.url}/ket-qua", 303)
    return show_changed_page(context) if context.practice is None else None


def _page(context: AttemptContext, *, is_sent: bool = False, status: int = 200) -> ResponseReturnValue:
    html = render_template(
        "practice/mismatch_report.html",
        course=context.course,
        lesson=context.lesson,
        practice_url=context.practice_url,
        report_url=f"{context.url}/may-khac",
        back_url=context.url,
        screens=(),
        screen_id=context.attempt.state["screen"],
        title=attempt_screen_title(context),
        reasons=REASON_LABELS,
        is_sent=is_sent,
        is_refused=status == 400,
    )
    return no_store_page(html, status=status)
