"""The addresses of a practice."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, request

from lms.content.model import Practice
from lms.content.practice import engine
from lms.content.practice.compiling import drawn_length
from lms.learning.practice import attempts, guidance_level
from lms.learning.progress import learner_progress
from lms.web import clock, learning_code_card
from lms.web.current_learner import current_learner_id
from lms.web.database import session
from lms.web.next_steps import lam_end
from lms.web.page_cache import SharedPage, answer, private
from lms.web.practice import demo_walk, real_device_cards, rehearsal_start, sheet
from lms.web.practice.blueprint import bp
from lms.web.practice.class_bar import result_slots, way_back
from lms.web.practice.data_fill import Filler
from lms.web.practice.device import devices_to_pick, remember
from lms.web.practice.form_step import read_step, take_step
from lms.web.practice.hint_level_text import support_view
from lms.web.practice.page import Going, practice_page
from lms.web.practice.result import result_view
from lms.web.practice.screen_numbers import introduction_address
from lms.web.practice.task_card import card_lines
from lms.web.practice.traps import Trap, traps_met
from lms.web.request_context import course_and_lesson, library
from lms.web.write import keep


@bp.get("/<course>/<lesson>/lam", defaults={"name": ""})
@bp.get("/<course>/<lesson>/lam/<name>")
def introduce(course: str, lesson: str, name: str) -> Response:
    found_course, found = course_and_lesson(course, lesson)
    practice = found.practice_named(name) or abort(404)
    mode = request.args.get("che-do", "")
    if mode == demo_walk.MODE:
        return remember(_same_for_all(demo_walk.watch_page(found_course, found, practice)), practice)
    if mode == real_device_cards.MODE and found_course.app:
        return _same_for_all(real_device_cards.real_page(found_course, found, practice))
    if mode == sheet.MODE:
        return _same_for_all(sheet.sheet_page(found_course, found, practice))
    learner_id = current_learner_id()
    progressed = learner_progress.lesson_progress(session(), learner_id, found)
    before = Filler(_before_drawing(practice))
    page = private(
        render_template(
            "practice/introduction.html",
            course=found_course,
            lesson=found,
            practice=practice,
            intro=before.html(practice.intro),
            card=card_lines(practice.card, before),
            standing=attempts.standing(session(), learner_id, found.course, found.slug, practice),
            support=support_view(guidance_level.levels_now(session(), learner_id, found.course, found.slug, practice)),
            earned=progressed.earned,
            end=lam_end(found_course, found, progressed, name),
            devices=devices_to_pick(practice),
            today=clock.today(),
        )
    )
    return remember(page, practice)


@bp.post("/<course>/<lesson>/lam", defaults={"name": ""})
@bp.post("/<course>/<lesson>/lam/<name>")
def start(course: str, lesson: str, name: str) -> Response:
    _, found = course_and_lesson(course, lesson)
    practice = found.practice_named(name) or abort(404)
    mode = request.form.get("mode", "")
    if mode not in engine.MODES:
        abort(422)
    here = {"course": found.course, "lesson": found.slug, "practice": practice, "now": clock.now()}
    if repeated := request.form.get("again"):
        if not current_learner_id():
            abort(404)
        started = keep(rehearsal_start.start_again, attempt_id=repeated, **here)
    else:
        started = keep(attempts.start_practice, mode=mode, **here)
    return redirect(f"/toi/luot/{started.id}" if started else introduction_address(found, name), 303)


@bp.get("/toi/luot/<attempt_id>")
def practise(attempt_id: str) -> Response:
    going = _going(attempt_id)
    if going.practice is None:
        return redirect(f"{going.address}/ket-qua", 303) if going.attempt.ended else _changed(going)
    return private(practice_page(going))


@bp.post("/toi/luot/<attempt_id>")
def step(attempt_id: str) -> Response:
    wanted = read_step(request.form)
    if wanted is not None and current_learner_id():
        keep(take_step, attempt_id=attempt_id, step=wanted, now=clock.now())
    return redirect(f"/toi/luot/{attempt_id}", 303)


@bp.get("/toi/luot/<attempt_id>/ket-qua")
def show_result(attempt_id: str) -> Response:
    going = _going(attempt_id)
    if not going.attempt.ended:
        return redirect(going.address, 303)
    found = learner_progress.lesson_progress(session(), going.attempt.learner_id, going.lesson)
    return private(
        render_template(
            "practice/result.html",
            course=going.course,
            lesson=going.lesson,
            guided=going.attempt.mode == "lam-theo",
            attempt_id=going.attempt.id,
            result=result_view(
                going.attempt,
                going.course,
                going.lesson,
                going.practice,
                found,
                _is_ready(going),
                rehearsal_start.trapped_on(session(), going.attempt),
            ),
            traps=_traps(going),
            earned=found.earned,
            keepsake=learning_code_card.card(found.earned),
            introduction=going.introduction,
            class_way=way_back(going.attempt),
            in_class=result_slots(going.attempt),
        )
    )


def _going(attempt_id: str) -> Going:
    """The present learner's attempt; somebody else's is not found."""
    attempt = attempts.find_attempt(session(), current_learner_id() or abort(404), attempt_id)
    course = library().course(attempt.course) or abort(404)
    lesson = course.lesson(attempt.lesson) or abort(404)
    practice = lesson.practice_named(attempt.practice)
    unchanged = practice is not None and practice.digest == attempt.content_digest
    return Going(attempt, course, lesson, practice if unchanged else None)


def _is_ready(going: Going) -> bool:
    """Whether a test is the next thing: with this attempt no screen needs pointing at any more."""
    attempt, practice = going.attempt, going.practice
    if practice is None:
        return False
    levels = guidance_level.levels_now(session(), attempt.learner_id, attempt.course, attempt.lesson, practice)
    return guidance_level.is_ready_for_test(levels)


def _same_for_all(page: SharedPage) -> Response:
    """A mode in which nothing is kept has nothing of anybody in it."""
    return answer(page, lambda _: {})


def _traps(going: Going) -> tuple[Trap, ...]:
    """What a test kept to itself until now. Elsewhere it was told at once."""
    if going.attempt.mode != "kiem-tra" or going.practice is None:
        return ()
    return traps_met(going.practice, attempts.read_log(session(), going.attempt), Filler(going.attempt.data))


def _before_drawing(practice: Practice) -> dict[str, str]:
    """The data that stands fast; what an attempt will draw is not known yet."""
    return {key: "……" if drawn_length(value) else value for key, value in practice.data}


def _changed(going: Going) -> Response:
    return private(
        render_template(
            "practice/changed.html", course=going.course, lesson=going.lesson, introduction=going.introduction
        )
    )
