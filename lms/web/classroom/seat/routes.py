"""Routes of /lop/<code>: the class on a learner's phone. Everything works without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Response, abort, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from lms.http.forms import parse_lesson_number, parse_question_and_round
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.practice import class_attempts
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session import queries
from lms.learning.classroom.session.class_codes import parse_class_code
from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.seat_store import find_seat_of_learner
from lms.learning.classroom.session.steps import step_question_id
from lms.learning.errors import (
    AnswersLocked,
    ClassClosed,
    ClassMovedToOtherLesson,
    EmptyAnswer,
    NoSeatInClass,
    OptionSubmittedTwice,
    UnknownClassCode,
)
from lms.learning.store.database import set_read_only
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import error_sentence
from lms.web.classroom.join.routes import (
    invalid_code_message,
    parse_int,
    private_json,
    render_code_form,
    render_join_page,
    render_rejoin_page,
)
from lms.web.classroom.seat.page import (
    PREVIOUS_ANSWER_KEPT,
    course_and_lesson,
    is_right_at_seat,
    render_seat,
)
from lms.web.classroom.seat.projected import projected_page, wall_key
from lms.web.classroom.seat.questions import correct_answer_page
from lms.web.current_learner import current_learner_id
from lms.web.database import rollback, session
from lms.web.errors import wants_json
from lms.web.language import page_language, translate
from lms.web.request_context import library
from lms.web.submitted_writes import submit_write

TOO_LATE = mark_for_translation(
    "Câu trả lời vừa rồi tới khi lớp đã khóa câu ấy, nên chưa được tính. Bác theo tiếp ở đây nhé."
)
_ATTEMPT_PATH = re.compile(r"/toi/luot/[0-9a-f]{32}(/ket-qua)?")


@bp.get("/lop/<code>")
def show_seat(code: str) -> ResponseReturnValue:
    """Show the learner's seat, or the page to join the class."""
    if (digits := parse_class_code(code)) is None:
        return render_code_form(code[:40], invalid_code_message(code), 404)
    if digits != code:
        return redirect(f"/lop/{digits}", 303)
    try:
        class_session, seat = queries.find_class_session_and_own_seat(session(), code, current_learner_id())
    except UnknownClassCode as error:
        return render_code_form(code, error_sentence(error), 404)
    if class_session.is_closed:
        return redirect(f"/lop/{code}/ket", 303) if seat else render_code_form(code, _class_closed_text(), 410)
    course, lesson = course_and_lesson(class_session)
    if seat is None:
        return render_join_page(class_session, lesson, previous_number=parse_int(request.args.get("truoc"), 0))
    if seat.idle_removed_at is not None:
        return render_rejoin_page(class_session, lesson, seat)
    return render_seat(class_session, seat, course, lesson)


@bp.post("/lop/<code>/tra-loi")
def post_answer(code: str) -> ResponseReturnValue:
    """Save an answer that was sent without JavaScript; scripts post to ``live``."""
    given = request.form.getlist("answer")
    question_id, round_ = _parse_question_and_round()
    try:
        saved = submit_write(
            class_answers.save_class_answer,
            code=code,
            question_id=question_id,
            round=round_,
            given=given,
            library=library(),
            now=clock.now(),
            lesson_number=_lesson_number(),
        )
    except (EmptyAnswer, OptionSubmittedTwice, AnswersLocked) as error:
        if wants_json():
            raise
        rollback()
        set_read_only(session())
        return _render_too_late(code) if isinstance(error, AnswersLocked) else _render_incomplete(code, given)
    if wants_json():
        return private_json(kept=True, answer=list(saved.given))
    if saved.is_private:
        set_read_only(session())
        return _render_private_number(code)
    return redirect(f"/lop/{code}", 303)


@bp.get("/lop/<code>/tra-loi")
def redirect_to_seat(code: str) -> ResponseReturnValue:
    """Redirect a reload of a rejected answer to the seat."""
    return redirect(f"/lop/{code}", 303)


@bp.post("/lop/<code>/tay")
def raise_hand(code: str) -> ResponseReturnValue:
    raised = request.form.get("tay") == "len"
    class_session = queries.find_open_class_session(session(), code)
    seat = seats.set_hand_raised(
        session(),
        class_id=class_session.id,
        learner_id=_require_learner_id(class_session),
        raised=raised,
        now=clock.now(),
    )
    if wants_json():
        return private_json(**snapshots.seat_snapshot(seat))
    return redirect(_return_path(code), 303)


@bp.post("/lop/<code>/theo-kip")
def report_cannot_follow(code: str) -> ResponseReturnValue:
    """Tell the facilitator, who sees only a number, that this learner cannot follow: ``kip`` is "chua" or "roi".

    ``step`` and ``lesson`` are what the page shows: a late tap says nothing of the step that the class has reached.
    """
    class_session = queries.find_open_class_session(session(), code)
    seat = seats.set_cannot_follow(
        session(),
        class_id=class_session.id,
        learner_id=_require_learner_id(class_session),
        step=request.form.get("step"),
        lesson_number=_lesson_number(),
        lost=request.form.get("kip") == "chua",
        now=clock.now(),
    )
    if wants_json():
        return private_json(**snapshots.seat_snapshot(seat))
    return redirect(f"/lop/{code}", 303)


@bp.post("/lop/<code>/tap")
def start_class_practice(code: str) -> ResponseReturnValue:
    """Start the learner's attempt at the class's practice without JavaScript; scripts post to ``live``."""
    if current_learner_id() is None:
        raise NoSeatInClass(code)
    try:
        attempt_id = submit_write(
            class_attempts.start_class_attempt,
            code=code,
            library=library(),
            now=clock.now(),
            lesson_number=_lesson_number(),
        )
    except ClassMovedToOtherLesson:
        if wants_json():
            raise
        return redirect(f"/lop/{code}", 303)
    url = f"/toi/luot/{attempt_id}"
    return private_json(address=url) if wants_json() else redirect(url, 303)


@bp.get("/lop/<code>/dap/<question_id>")
def show_correct_answer(code: str, question_id: str) -> Response:
    """Return the correct answer as HTML, once the class has seen it, and whether the learner's is right.

    Only the browser may cache it, by the round in the address.
    """
    class_session, seat = queries.find_class_session_and_own_seat(session(), code, current_learner_id())
    _, lesson = course_and_lesson(class_session)
    lesson = lesson.in_language(page_language())
    question = lesson.understand.question(question_id) or abort(404)
    if not class_session.state.is_shown(question_id) or _lesson_number() != class_session.lesson_number:
        abort(404)
    is_right = seat is not None and is_right_at_seat(class_session, seat, question)
    response = jsonify(html=correct_answer_page(lesson, question).plain.decode(), right=is_right)
    response.headers["Cache-Control"] = "private, max-age=600"
    response.vary.add("Cookie")  # with the language
    return response


@bp.get("/lop/<code>/trang")
def show_projected_page(code: str) -> Response:
    """Return what the wall shows at a slide or a demonstration as HTML; "" at other steps."""
    class_session = queries.find_open_class_session(session(), code)
    course, lesson = course_and_lesson(class_session)
    page = projected_page(course, lesson, class_session.state)
    return private_json(key=wall_key(lesson, class_session.state), html=page.plain.decode() if page is not None else "")


def _render_incomplete(code: str, given: Sequence[str]) -> ResponseReturnValue:
    """Render the seat with the rejected answer and what is wrong with it."""
    class_session = queries.find_open_class_session(session(), code)
    seat = find_seat_of_learner(session(), class_session.id, current_learner_id())
    if seat is None or seat.idle_removed_at is not None:
        return redirect(f"/lop/{code}", 303)
    if not _is_asked(class_session):  # the class has moved on
        return _render_too_late(code)
    return render_seat(class_session, seat, *course_and_lesson(class_session), rejected=given)


def _render_private_number(code: str) -> ResponseReturnValue:
    """Render the seat with an empty field, and say why what was typed is not in it."""
    class_session = queries.find_class_session_by_code(session(), code)
    seat = find_seat_of_learner(session(), class_session.id, current_learner_id())
    if seat is None or class_session.is_closed or not _is_asked(class_session):
        return redirect(f"/lop/{code}", 303)
    return render_seat(class_session, seat, *course_and_lesson(class_session), rejected=(), is_private=True)


def _is_asked(class_session: ClassSession) -> bool:
    """Whether the question of the form is open."""
    state = class_session.state
    if _lesson_number() != class_session.lesson_number:
        return False
    return step_question_id(state.step) == request.form["question"] and state.phase == "open"


def _lesson_number() -> int:
    """Which of the class's lessons the page shows."""
    return parse_lesson_number(request.values.get("lesson", ""))


def _parse_question_and_round() -> tuple[str, int]:
    return parse_question_and_round(request.form.get("question", ""), request.form.get("round", ""))


def _render_too_late(code: str) -> ResponseReturnValue:
    """Render the seat at the current step and say that the answer came after its question was locked."""
    class_session = queries.find_open_class_session(session(), code)
    seat = find_seat_of_learner(session(), class_session.id, current_learner_id())
    if seat is None or seat.idle_removed_at is not None:
        return redirect(f"/lop/{code}", 303)
    question_id, round_ = _parse_question_and_round()
    previous_answer = None
    if _lesson_number() == class_session.lesson_number:
        previous_answer = class_answers.find_class_answer(session(), class_session.id, seat.number, question_id, round_)
    return render_seat(
        class_session,
        seat,
        *course_and_lesson(class_session),
        too_late=f"{translate(TOO_LATE)} {translate(PREVIOUS_ANSWER_KEPT)}" if previous_answer else translate(TOO_LATE),
    )


def _class_closed_text() -> str:
    return error_sentence(ClassClosed())


def _require_learner_id(class_session: ClassSession) -> str:
    learner_id = current_learner_id()
    if learner_id is None:
        raise NoSeatInClass(class_session.id)
    return learner_id


def _return_path(code: str) -> str:
    """Where to return after raising a hand: the practice, its result, or the seat."""
    path = request.form.get("ve", "")
    return path if _ATTEMPT_PATH.fullmatch(path) else f"/lop/{code}"
