"""A practice's introduction page and its guides; starting an attempt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.content.model import Course, Lesson, Mode, Practice
from lms.content.practice.compiling import random_digit_count
from lms.learning.practice import attempts, guidance_level, screen_drills
from lms.learning.practice.attempts import UNSTARTED_ID
from lms.learning.practice.guidance_level import FULL_GUIDANCE, Level, is_ready_for_test
from lms.learning.progress.lesson_progress import lesson_progress
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.current_learner import current_learner_id
from lms.web.database import session
from lms.web.language import translate
from lms.web.lesson_language import in_chosen_language, practice_part
from lms.web.next_steps import end_of_practice_stage
from lms.web.offline_copies import allow_offline_copy
from lms.web.page_cache import SharedPage, no_store_page, respond
from lms.web.practice import demo_walkthrough, real_device
from lms.web.practice.attempt_page import show_unstarted_attempt
from lms.web.practice.blueprint import bp
from lms.web.practice.data_fill import DataFiller, task_card_lines
from lms.web.practice.device import device_choices, remember_device
from lms.web.request_context import course_and_lesson_or_404
from lms.web.submitted_writes import submit_write
from lms.web.urls import practice_url

LESS_GUIDANCE = mark_for_translation("Ở {less} trong {total} màn bác đã quen, lần này máy chỉ ít hơn.")
NO_GUIDANCE = mark_for_translation("Lần này không có bàn tay chỉ sẵn. Cần thì bác chạm nút trợ giúp.")
OFFLINE_MODES = (Mode.FOLLOW, Mode.ALONE)  # a test stays on the server's side of the network
_ATTEMPT_ID = re.compile(r"[0-9a-f]{32}")
UNKNOWN_DATA = "……"  # for a value that each attempt draws anew
READY_FOR_TEST = mark_for_translation("Màn nào bác cũng quen rồi, không cần chỉ nữa. Giờ bác thử bài kiểm tra nhé.")


@bp.get("/<course_slug>/<lesson_slug>/lam", defaults={"name": ""})
@bp.get("/<course_slug>/<lesson_slug>/lam/<name>")
def show_introduction(course_slug: str, lesson_slug: str, name: str) -> Response:
    course, lesson = course_and_lesson_or_404(course_slug, lesson_slug)
    mode = request.args.get("che-do", "")
    course, lesson = in_chosen_language(course, lesson, practice_part(name))
    practice = lesson.practice_named(name) or abort(404)
    if mode == demo_walkthrough.DEMO:
        return remember_device(_shared_response(demo_walkthrough.demo_page(course, lesson, practice)), practice)
    if mode == real_device.REAL_DEVICE and real_device.has_real_steps(course, practice):
        return _shared_response(real_device.real_device_page(course, lesson, practice))
    if mode == real_device.SHEET:
        return _shared_response(real_device.printed_sheet_page(course, lesson, practice))
    if request.args.get("luot") in OFFLINE_MODES:
        return show_unstarted_attempt(course, lesson, practice, Mode(request.args["luot"]))
    page = allow_offline_copy(no_store_page(render_introduction(course, lesson, practice, current_learner_id())))
    return remember_device(page, practice)


def render_introduction(course: Course, lesson: Lesson, practice: Practice, learner_id: str | None) -> str:
    progress = lesson_progress(session(), learner_id, lesson)
    filler = DataFiller(_fixed_data(practice))
    return render_template(
        "practice/introduction.html",
        course=course,
        lesson=lesson,
        practice=practice,
        practice_url=practice_url(lesson, practice.name),
        intro=filler.html(practice.intro),
        card=task_card_lines(practice.card, filler),
        status=attempts.practice_status(session(), learner_id, lesson.course, lesson.slug, practice),
        guidance=guidance_text(
            guidance_level.current_levels(session(), learner_id, lesson.course, lesson.slug, practice)
        ),
        earned=progress.earned,
        end=end_of_practice_stage(course, lesson, progress, practice.name),
        devices=device_choices(practice),
        has_real_steps=real_device.has_real_steps(course, practice),
        today=clock.today(),
    )


@bp.post("/<course_slug>/<lesson_slug>/lam", defaults={"name": ""})
@bp.post("/<course_slug>/<lesson_slug>/lam/<name>")
def start_attempt(course_slug: str, lesson_slug: str, name: str) -> ResponseReturnValue:
    _, lesson = course_and_lesson_or_404(course_slug, lesson_slug)
    practice = lesson.practice_named(name) or abort(404)
    try:
        mode = Mode(request.form.get("mode", ""))
    except ValueError:
        abort(422)
    arguments = {"course": lesson.course, "lesson": lesson.slug, "practice": practice, "now": clock.now()}
    if offline_id := request.form.get("attempt"):
        return _start_offline_attempt(offline_id, mode, arguments)
    if repeated_id := request.form.get("again"):
        if not current_learner_id():
            abort(404)
        attempt = submit_write(screen_drills.start_drill, attempt_id=repeated_id, **arguments)
    else:
        attempt = submit_write(attempts.start_attempt, mode=mode, **arguments)
    return redirect(f"/toi/luot/{attempt.id}" if attempt else practice_url(lesson, name), 303)


def _start_offline_attempt(offline_id: str, mode: Mode, arguments: dict[str, Any]) -> ResponseReturnValue:
    """Store an attempt that a phone started without a network; its events follow."""
    if mode not in OFFLINE_MODES or not _ATTEMPT_ID.fullmatch(offline_id) or offline_id == UNSTARTED_ID:
        abort(422)
    if request.form.get("digest") != arguments["practice"].digest:
        abort(422)  # it was edited since: the events would be replayed against other screens
    attempt = submit_write(attempts.start_attempt, mode=mode, offline_id=offline_id, **arguments)
    return redirect(f"/toi/luot/{attempt.id}", 303)


def _shared_response(page: SharedPage) -> Response:
    """A page without learner data: the same for everybody."""
    return respond(page, lambda _: {})


def _fixed_data(practice: Practice) -> dict[str, str]:
    """The practice's data before an attempt has drawn the rest."""
    return {key: UNKNOWN_DATA if random_digit_count(value) else value for key, value in practice.data}


@dataclass(frozen=True, slots=True)
class GuidanceText:
    """What the introduction says about guidance.

    ``guidance_note`` is "" with full guidance, ``test_proposal`` is "" while some screen still needs guidance.
    """

    guidance_note: str
    test_proposal: str


def guidance_text(levels: Mapping[str, Level]) -> GuidanceText:
    """Describe the guidance levels by screen."""
    reduced = sum(level < FULL_GUIDANCE for level in levels.values())
    if is_ready_for_test(levels):
        return GuidanceText(translate(NO_GUIDANCE), translate(READY_FOR_TEST))
    return GuidanceText(translate(LESS_GUIDANCE).format(less=reduced, total=len(levels)) if reduced else "", "")
