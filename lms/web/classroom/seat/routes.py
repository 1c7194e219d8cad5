"""/lop: the class on a learner's phone. Every page works as a form; a script only makes it quicker."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Response, abort, jsonify, redirect, render_template, request
from markupsafe import escape

from lms.assets import load_assets
from lms.content.model import Course, Lesson
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.lifecycle.reopening import can_reopen
from lms.learning.classroom.practice import class_attempts
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.class_codes import read_code
from lms.learning.classroom.session.queries import Class, Seat, find_seat_of
from lms.learning.classroom.session.steps import Step, question_of, step_at, steps_of
from lms.learning.classroom.session.stream_tokens import issue
from lms.learning.errors import AnswersLocked, ChosenTwice, ClassClosed, NothingGiven, NotSeated, UnknownCode
from lms.learning.progress import learner_progress
from lms.learning.store.database import only_read
from lms.web import clock, learning_code_card
from lms.web.classroom.blueprint import bp
from lms.web.classroom.join.routes import find_again, mistyped, number_in, say_alone, way_back, way_in
from lms.web.classroom.round_labels import ROUND_NAMES
from lms.web.classroom.seat.questions import cards, told, told_page
from lms.web.classroom.seat.summary import reached
from lms.web.current_learner import current_learner, current_learner_id
from lms.web.database import rollback, session
from lms.web.errors import TOLD, wants_json
from lms.web.next_steps import after_class
from lms.web.page_cache import private, shared_page, unshared_page
from lms.web.question_view import TWICE, ask, missing
from lms.web.request_context import library, settings
from lms.web.write import keep

TOGETHER = '<p class="asked__together">Máy này có {} người: bác bàn nhau rồi trả lời chung.</p>'
SEND = "Gửi câu trả lời"
STILL_THERE = "Câu trả lời trước của bác vẫn còn."
TOO_LATE = "Câu trả lời vừa rồi tới khi lớp đã khóa câu ấy, nên chưa được tính. Bác theo tiếp ở đây nhé."
SECONDS_TO_READ = 20
_ATTEMPT = re.compile(r"/toi/luot/[0-9a-f]{32}(/ket-qua)?")


@bp.get("/lop/<code>")
def sit(code: str) -> Response:
    """Her place in the class, or the way in."""
    if (digits := read_code(code)) is None:
        return find_again(code[:40], mistyped(code), 404)
    if digits != code:
        return redirect(f"/lop/{digits}", 303)
    try:
        klass = opening.find_class_by_code(session(), code)
    except UnknownCode as error:
        return find_again(code, f"{TOLD[type(error)][1]}. {TOLD[type(error)][2]}", 404)
    seat = find_seat_of(session(), klass.id, current_learner_id())
    if klass.closed:
        return redirect(f"/lop/{code}/ket", 303) if seat else find_again(code, _closed(), 410)
    course, lesson = _lesson_of(klass)
    if seat is None:
        return way_in(klass, lesson, before=number_in(request.args.get("truoc"), 0))
    if seat.swept_at is not None:
        return way_back(klass, lesson, seat)
    return _place(klass, seat, course, lesson)


@bp.post("/lop/<code>/tra-loi")
def answer(code: str) -> Response:
    """An answer without a script; with one it goes through ``live``."""
    given = request.form.getlist("answer")
    try:
        kept = keep(
            class_answers.keep_class_answer,
            code=code,
            question_id=request.form.get("question", "")[:80],
            round=number_in(request.form.get("round"), 1),
            given=given,
            library=library(),
            now=clock.now(),
        )
    except (NothingGiven, ChosenTwice, AnswersLocked) as refusal:
        if wants_json():
            raise
        rollback()
        only_read(session())
        return _say_too_late(code) if isinstance(refusal, AnswersLocked) else _ask_again(code, given)
    if wants_json():
        return say_alone(kept=True, answer=list(kept.given))
    return redirect(f"/lop/{code}", 303)


@bp.get("/lop/<code>/tra-loi")
def find_question(code: str) -> Response:
    """Whoever reloads after an answer without a script comes here."""
    return redirect(f"/lop/{code}", 303)


@bp.post("/lop/<code>/tay")
def raise_hand(code: str) -> Response:
    up = request.form.get("tay") == "len"
    klass = opening.find_open_class(session(), code)
    seat = seats.raise_hand(session(), class_id=klass.id, learner_id=_learner_id(klass), up=up, now=clock.now())
    if wants_json():
        return say_alone(**snapshots.seat(seat))
    return redirect(_back(code), 303)


@bp.post("/lop/<code>/tap")
def practise(code: str) -> Response:
    """To her go at the class's practice without a script; with one it goes through ``live``."""
    if current_learner_id() is None:
        raise NotSeated(code)
    attempt_id = keep(class_attempts.practise_in, code=code, library=library(), now=clock.now())
    address = f"/toi/luot/{attempt_id}"
    return say_alone(address=address) if wants_json() else redirect(address, 303)


@bp.get("/lop/<code>/dap/<question_id>")
def tell(code: str, question_id: str) -> Response:
    """What is right, once the class has seen it. It is the same for all, and nobody else's cache may keep it."""
    klass = opening.find_class_by_code(session(), code)
    _, lesson = _lesson_of(klass)
    question = lesson.understand.question(question_id) or abort(404)
    if not klass.state.is_shown(question_id):
        abort(404)
    response = jsonify(html=told_page(lesson, question).plain.decode())
    response.headers["Cache-Control"] = "private, max-age=600"
    return response


@bp.get("/lop/<code>/ket")
def end(code: str) -> Response:
    """What she takes home: her marks, her learning code, and what comes next."""
    klass = opening.find_class_by_code(session(), code)
    course, lesson = _lesson_of(klass)
    learner_id = current_learner_id()
    seat = find_seat_of(session(), klass.id, learner_id)
    if seat is None:
        return redirect(f"/lop/{code}", 303)
    found = learner_progress.lesson_progress(session(), learner_id, lesson)
    learner = current_learner()
    return private(
        render_template(
            "classroom/seat/end.html",
            code=code,
            klass=klass,
            course=course,
            lesson=lesson,
            seat=seat,
            reached=reached(lesson, found, seat),
            badge_id=found.badge_id,
            step=after_class(course, lesson, found),
            offers_use="dung" not in found.earned | {found.next_stage} and lesson.use is not None,
            stream=stream_of(seat) if can_reopen(klass, clock.now()) else "",
            card=learning_code_card.code_card(learner) if learner else None,
        )
    )


def _ask_again(code: str, given: Sequence[str]) -> Response:
    """Her place with what she sent, and what is missing of it or stands in it twice."""
    klass = opening.find_open_class(session(), code)
    seat = find_seat_of(session(), klass.id, current_learner_id())
    is_asked = question_of(klass.state.step) == request.form["question"] and klass.state.phase == "open"
    if seat is None or seat.swept_at is not None:
        return redirect(f"/lop/{code}", 303)
    if not is_asked:  # the class has gone on meanwhile
        return _say_too_late(code)
    return _place(klass, seat, *_lesson_of(klass), unfilled=given)


def _say_too_late(code: str) -> Response:
    """Her place at what the class does now, and what became of the answer that came after its question was locked."""
    klass = opening.find_open_class(session(), code)
    seat = find_seat_of(session(), klass.id, current_learner_id())
    if seat is None or seat.swept_at is not None:
        return redirect(f"/lop/{code}", 303)
    question_id, round = request.form.get("question", "")[:80], number_in(request.form.get("round"), 1)
    before = class_answers.find_answer(session(), klass.id, seat.number, question_id, round)
    return _place(klass, seat, *_lesson_of(klass), too_late=f"{TOO_LATE} {STILL_THERE}" if before else TOO_LATE)


def _place(
    klass: Class,
    seat: Seat,
    course: Course,
    lesson: Lesson,
    *,
    unfilled: Sequence[str] | None = None,
    too_late: str = "",
) -> Response:
    """``unfilled``: what she has just sent as her answer, too little to be one. ``too_late``: that it came too late."""
    state, step = klass.state, step_at(steps_of(lesson), klass.state.step)
    question_id = question_of(step.key) or ""
    question = lesson.understand.question(question_id) if question_id else None
    given = class_answers.find_answer(session(), klass.id, seat.number, question_id, state.round) if question else None
    trouble = ""
    if question and unfilled is not None:
        trouble = missing(ask(lesson.understand)[question.id], question, unfilled, SEND).missing
        trouble = f"{trouble} {STILL_THERE}" if given else trouble
        given = None
    changing, new = "doi" in request.args, "moi" in request.args
    part, raised = part_of(klass, seat, step), seat.hand_at is not None
    # Who was shown the way and came to the end has still to go when the class goes by itself.
    practised = seat.done == "alone" or (seat.done != "" and state.mode == "lam-theo")
    seen = seat.witnessed_at is not None
    is_form = part == step.key and (given is None or changing)  # outside the class there is none to be filled in
    refresh = seconds_to_refresh(step, state.phase, is_form=is_form)
    refresh = max(refresh, SECONDS_TO_READ) if too_late and refresh else refresh

    def render() -> str:
        is_told = question is not None and state.phase == "shown"
        return render_template(
            "classroom/seat/class.html",
            course=course,
            lesson=lesson,
            state=state,
            rounds=ROUND_NAMES,
            part=part,
            practised=practised,
            seen=seen,
            new=new,
            cards=cards(lesson, question_id, given or unfilled or ()),
            answered=given is not None,
            changing=changing,
            trouble=trouble,
            too_late=too_late,
            send=SEND,
            twice=TWICE,
            told=told(question, given or ()) if is_told else "",
            refresh=refresh,
            raised=raised,
            helping=seat.helping,
        )

    if given is not None or unfilled is not None or too_late or seat.helping:
        page = unshared_page(render)
    else:
        where = (part, practised, seen, state.phase, state.round, state.paused)
        page = shared_page(("class", course.slug, lesson.slug, *where, refresh, raised, new), render)
    return private(page.filled(_seat_slots(klass, seat)), status=422 if trouble else 409 if too_late else 200)


def _seat_slots(klass: Class, seat: Seat) -> dict[str, str]:
    code = klass.code
    return {
        "code": escape(code),
        "read-code": escape(f"{code[:3]}\u00a0{code[3:]}"),
        "number": escape(seat.number),
        "called": escape(seat.picture.name),
        "picture": escape(load_assets().url(f"pictures/seats/{seat.picture.slug}.svg")),
        "stream": escape(stream_of(seat)),
        "together": TOGETHER.format(seat.people) if seat.people > 1 else "",
    }


def stream_of(seat: Seat) -> str:
    """The address of the class's stream for this seat's phone."""
    return f"/lop/dong?ve={issue(settings().secret_key, seat.ticket)}"


def part_of(klass: Class, seat: Seat, step: Step) -> str:
    """Which part of the page is open: a step that asks something of her phone, else looking at the wall."""
    if seat.out:
        return "ra"
    if klass.closed or step.kind == "end":
        return "ket"
    return step.key if step.kind in ("question", "practice", "use") else "cho"


def seconds_to_refresh(step: Step, phase: str, *, is_form: bool) -> int | None:
    """How soon a page without a script looks again; None where only she may ask for the next one.

    A form that is being filled in is left in peace however long that takes: a page that loads again forgets what was
    ticked or typed and not sent yet, and nothing tells her so. That the class goes on is said there by a frame
    (meanwhile.py) and the page has a button for it; an answer that comes too late is told as that, with what the class
    does now.
    """
    if step.kind == "question" and phase == "open" and is_form:
        return None
    return SECONDS_TO_READ if step.kind in ("use", "end") else 6


def _closed() -> str:
    _, title, sentence = TOLD[ClassClosed]
    return f"{title}. {sentence}"


def _lesson_of(klass: Class) -> tuple[Course, Lesson]:
    course = library().course(klass.course) or abort(404)
    return course, course.lesson(klass.lesson) or abort(404)


def _learner_id(klass: Class) -> str:
    learner_id = current_learner_id()
    if learner_id is None:
        raise NotSeated(klass.id)
    return learner_id


def _back(code: str) -> str:
    """Where a hand was raised: her seat, or the practice that she is in, or its result."""
    before = request.form.get("ve", "")
    return before if _ATTEMPT.fullmatch(before) else f"/lop/{code}"
