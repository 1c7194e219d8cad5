"""Routes of /lop/<code>: the class on a learner's phone. Everything works without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from flask import Response, abort, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import escape

from lms.assets import load_assets
from lms.content.model import Course, Lesson, Question
from lms.http.error_responses import error_text
from lms.http.forms import parse_lesson_number, parse_question_and_round
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.practice import class_attempts
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session import queries
from lms.learning.classroom.session.class_codes import parse_class_code
from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.seat_store import Seat, find_seat_of_learner
from lms.learning.classroom.session.steps import Step, find_step, lesson_steps, step_question_id
from lms.learning.classroom.session.stream_tokens import sign_stream_token
from lms.learning.errors import (
    AnswersLocked,
    ClassClosed,
    DuplicateChoice,
    EmptyAnswer,
    LessonChanged,
    NoSeat,
    UnknownClassCode,
)
from lms.learning.store.database import set_read_only
from lms.web import clock
from lms.web.class_break import break_end
from lms.web.classroom.blueprint import bp
from lms.web.classroom.join.routes import (
    invalid_code_message,
    parse_int,
    private_json,
    render_code_form,
    render_join_page,
    render_rejoin_page,
)
from lms.web.classroom.question_display import ROUND_NAMES
from lms.web.classroom.seat.projected import projected_page, wall_key
from lms.web.classroom.seat.questions import correct_answer_html, correct_answer_page, question_cards
from lms.web.current_learner import current_learner_id
from lms.web.database import rollback, session
from lms.web.errors import wants_json
from lms.web.page_cache import no_store_page, shared_page, uncached_page
from lms.web.question_view import DUPLICATE_CHOICE, PRIVATE_NUMBER, question_views, with_error
from lms.web.request_context import library, settings
from lms.web.write import submit_write

SHARED_PHONE_HTML = '<p class="class-question__shared-phone">Máy này có {} người: bác bàn nhau rồi trả lời chung.</p>'
SEND_LABEL = "Gửi câu trả lời"
PREVIOUS_ANSWER_KEPT = "Câu trả lời trước của bác vẫn còn."
TOO_LATE = "Câu trả lời vừa rồi tới khi lớp đã khóa câu ấy, nên chưa được tính. Bác theo tiếp ở đây nhé."
SECONDS_TO_READ = 20
REFRESH_SECONDS = 6
_ATTEMPT_PATH = re.compile(r"/toi/luot/[0-9a-f]{32}(/ket-qua)?")


class SeatPart(StrEnum):
    """Parts of the seat page that are no step; their values are in the page's markup."""

    LOOK_AT_WALL = "cho"
    END = "ket"
    REMOVED = "ra"


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
        return render_code_form(code, error_text(error).title_and_sentence, 404)
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
    except (EmptyAnswer, DuplicateChoice, AnswersLocked) as error:
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
    seat = seats.set_hand(
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
def say_lost(code: str) -> ResponseReturnValue:
    """Tell the facilitator, who sees only a number, that this learner cannot follow: ``kip`` is "chua" or "roi".

    ``step`` and ``lesson`` are what the page shows: a late tap says nothing of the step that the class has reached.
    """
    class_session = queries.find_open_class_session(session(), code)
    seat = seats.set_lost(
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
        raise NoSeat(code)
    try:
        attempt_id = submit_write(
            class_attempts.start_class_attempt,
            code=code,
            library=library(),
            now=clock.now(),
            lesson_number=_lesson_number(),
        )
    except LessonChanged:
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
    question = lesson.understand.question(question_id) or abort(404)
    if not class_session.state.is_shown(question_id) or _lesson_number() != class_session.lesson_number:
        abort(404)
    is_right = seat is not None and is_right_at_seat(class_session, seat, question)
    response = jsonify(html=correct_answer_page(lesson, question).plain.decode(), right=is_right)
    response.headers["Cache-Control"] = "private, max-age=600"
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
        too_late=f"{TOO_LATE} {PREVIOUS_ANSWER_KEPT}" if previous_answer else TOO_LATE,
    )


def render_seat(
    class_session: ClassSession,
    seat: Seat,
    course: Course,
    lesson: Lesson,
    *,
    rejected: Sequence[str] | None = None,
    is_private: bool = False,
    too_late: str = "",
) -> Response:
    """Render the seat. ``rejected`` is an incomplete answer just sent, ``too_late`` a message about a late one.

    ``is_private``: it was rejected because it looks like a number of the learner's own.
    """
    state, step = class_session.state, find_step(lesson_steps(lesson), class_session.state.step)
    question_id = step_question_id(step.key) or ""
    question = lesson.understand.question(question_id) if question_id else None
    given = (
        class_answers.find_class_answer(session(), class_session.id, seat.number, question_id, state.round)
        if question
        else None
    )
    problem = ""
    if question and is_private:
        problem, given = PRIVATE_NUMBER, None
    elif question and rejected is not None:
        problem = with_error(question_views(lesson.understand)[question.id], question, rejected, SEND_LABEL).error
        problem = f"{problem} {PREVIOUS_ANSWER_KEPT}" if given else problem
        given = None
    is_changing, just_joined = "doi" in request.args, "moi" in request.args
    part, hand_raised = visible_part(class_session, seat, step), seat.hand_raised_at is not None
    practised = seat.has_finished(state.mode)
    attested = seat.attested_at is not None
    # Without JavaScript a page that is unfolded stays so in the address.
    unfolds = "xem" in request.args or state.mirrored_on_phones
    projected = projected_page(course, lesson, state) if unfolds and part == SeatPart.LOOK_AT_WALL else None
    break_ends_at = break_end(class_session)
    asks_pace, is_lost = step.kind in ("slide", "demo"), seat.lost_at_step == step.key
    in_last_minute = state.is_in_last_minute(clock.now()) and not class_session.is_closed
    is_form = part == step.key and (given is None or is_changing)  # there is no form while the seat is removed
    refresh = refresh_interval(step, state.phase, is_form=is_form)
    refresh = max(refresh, SECONDS_TO_READ) if (too_late or projected) and refresh else refresh

    key_of_projected = wall_key(lesson, state)

    def render() -> str:
        return render_template(
            "classroom/seat/seat.html",
            lesson=lesson,
            state=state,
            round_names=ROUND_NAMES,
            part=part,
            wall_key=key_of_projected,
            projected=projected.plain.decode() if projected else "",
            unfolds="xem" in request.args,
            is_rehearsal=class_session.is_rehearsal,
            break_end=break_ends_at,
            asks_pace=asks_pace,
            is_lost=is_lost,
            in_last_minute=in_last_minute,
            practised=practised,
            attested=attested,
            just_joined=just_joined,
            questions=question_cards(lesson, question_id, given or rejected or ()),
            answered=given is not None,
            is_changing=is_changing,
            problem=problem,
            too_late=too_late,
            send_label=SEND_LABEL,
            private_number=PRIVATE_NUMBER,
            duplicate_message=DUPLICATE_CHOICE,
            correct_answer=_own_correct_answer(class_session, seat, question, given or ()),
            refresh_seconds=refresh,
            hand_raised=hand_raised,
            helper_name=seat.helper_name,
        )

    if given is not None or rejected is not None or too_late or seat.helper_name:
        page = uncached_page(render)
    else:
        place = (part, key_of_projected if projected else bool(key_of_projected), "xem" in request.args)
        is_rehearsal = class_session.is_rehearsal
        state_key = (
            *place,
            state.mirrored_on_phones,
            practised,
            attested,
            state.phase,
            state.round,
            state.paused,
            is_rehearsal,
            break_ends_at,
            asks_pace,
            is_lost,
            in_last_minute,
        )
        page = shared_page(("class", course.slug, lesson.slug, *state_key, refresh, hand_raised, just_joined), render)
    return no_store_page(
        page.render(_personal_seat_fragments(class_session, seat)), status=422 if problem else 409 if too_late else 200
    )


def _own_correct_answer(
    class_session: ClassSession, seat: Seat, question: Question | None, given: Sequence[str]
) -> str:
    """The correct answer with what is to be said of the learner's own; "" until the class has seen it."""
    if question is None or class_session.state.phase != "shown":
        return ""
    is_right = bool(given) and is_right_at_seat(class_session, seat, question)
    return correct_answer_html(question, given, is_right=is_right)


def is_right_at_seat(class_session: ClassSession, seat: Seat, question: Question) -> bool:
    """Whether the answer of this seat in the question's present round is right. A poll has no right one."""
    round_ = class_session.state.question_state(question.id).round
    return question.kind != "poll" and class_answers.is_answered_right(
        session(), class_session.id, seat.number, question.id, round_
    )


def _personal_seat_fragments(class_session: ClassSession, seat: Seat) -> dict[str, str]:
    code = class_session.code
    return {
        "code": escape(code),
        "read-code": escape(f"{code[:3]}\u00a0{code[3:]}"),
        "lesson-number": escape(class_session.lesson_number),
        "step": escape(class_session.state.step),  # slides share a page
        "number": escape(seat.number),
        "called": escape(seat.emblem.name),
        "picture": escape(load_assets().url(f"pictures/seats/{seat.emblem.slug}.svg")),
        "stream": escape(stream_url(seat)),
        "together": SHARED_PHONE_HTML.format(seat.people) if seat.people > 1 else "",
    }


def stream_url(seat: Seat) -> str:
    """The URL of the class stream for this seat."""
    return f"/lop/dong?ve={sign_stream_token(settings().secret_key, seat.stream_token)}"


def visible_part(class_session: ClassSession, seat: Seat, step: Step) -> str:
    """The visible part of the seat page: a ``SeatPart``, or the key of a step that needs the phone."""
    if seat.removed:
        return SeatPart.REMOVED
    if class_session.is_closed or step.kind == "end":
        return SeatPart.END
    return step.key if step.kind in ("question", "practice", "use") else SeatPart.LOOK_AT_WALL


def refresh_interval(step: Step, phase: str, *, is_form: bool) -> int | None:
    """The reload interval without JavaScript; None while the learner fills in a form.

    A reload would lose what is ticked or typed but not sent. Such a page has a link to the current step instead, and an
    answer that comes too late leads there with a message.
    """
    if step.kind == "question" and phase == "open" and is_form:
        return None
    return SECONDS_TO_READ if step.kind in ("use", "end") else REFRESH_SECONDS


def _class_closed_text() -> str:
    return error_text(ClassClosed()).title_and_sentence


def course_and_lesson(class_session: ClassSession) -> tuple[Course, Lesson]:
    lesson = library().lesson_or_merged_into(class_session.course, class_session.lesson) or abort(404)
    return library().course(lesson.course) or abort(404), lesson


def _require_learner_id(class_session: ClassSession) -> str:
    learner_id = current_learner_id()
    if learner_id is None:
        raise NoSeat(class_session.id)
    return learner_id


def _return_path(code: str) -> str:
    """Where to return after raising a hand: the practice, its result, or the seat."""
    path = request.form.get("ve", "")
    return path if _ATTEMPT_PATH.fullmatch(path) else f"/lop/{code}"
