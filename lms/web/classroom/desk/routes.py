"""The desk: steering a class from a phone or a laptop."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, jsonify, redirect, render_template, request

from lms.content.questions import UnknownOption
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.lifecycle.command_handler import command as steer
from lms.learning.classroom.lifecycle.opening import MOST_HEADS
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.session.commands import read_command
from lms.learning.classroom.session.steps import question_of
from lms.learning.errors import ClassClosed, InvalidCommand, TooLarge
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.classroom.audit import note
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import NotHers, Refused, Room, closed, said, steered, steered_open
from lms.web.classroom.desk.closed_page import closed_page
from lms.web.classroom.desk.pages import SAID, Bar, bar_of, desk_page
from lms.web.classroom.desk.preview import lettered
from lms.web.classroom.desk.screen_page import screen_page
from lms.web.classroom.desk.settings import NOT_A_COUNT, count_in, jobs_address
from lms.web.database import session
from lms.web.errors import wants_json
from lms.web.page_cache import private
from lms.web.request_context import library, settings

STALE = "Bài vừa được sửa, hoặc trang đã mở lâu. Mở lại trang điều khiển rồi làm tiếp."
STALE_HANDS = "Lớp đã sang lần hỏi khác. Đếm lại theo câu đang hiện."


@bp.errorhandler(NotHers)
def offer(error: NotHers) -> Response:
    """A class of her ward that somebody else steers: she may stand beside them, and says so with a tap."""
    if request.method != "GET":
        return private(_offer(error), status=403)
    return private(_offer(error))


def _offer(error: NotHers) -> str:
    found = error.found
    lesson = library().lesson(found.course, found.lesson)
    return render_template(
        "classroom/desk_join.html",
        account=require_account(),
        found=found,
        lesson=lesson.name if lesson else found.lesson,
        base=f"/dung-lop/{found.id}",
    )


@bp.get("/dung-lop/<class_id>")
def stand(class_id: str) -> Response:
    room = steered(class_id)
    if room.found.closed:
        return private(closed_page(room))
    return private(desk_page(room, said=said(SAID)))


@bp.post("/dung-lop/<class_id>/cung-dung")
def stand_beside(class_id: str) -> Response:
    """Steer this class, too."""
    try:
        room = steered(class_id)
    except NotHers as error:
        account = require_account()
        try:
            opening.take_over(session(), class_id, account_id=account.id, now=clock.now())
        except ClassClosed as over:
            raise closed("/dung-lop") from over
        note(account, "class_taken_over", error.found)
        return redirect(f"/dung-lop/{error.found.id}", 303)
    return redirect(room.base, 303)


@bp.post("/dung-lop/<class_id>/lenh")
def order(class_id: str) -> Response:
    """A command, as a form or as JSON. A form leads back to the desk, JSON gets the desk's snapshot."""
    room = steered(class_id)
    try:
        wanted = read_command(_sent())
        steered_now = steer(
            session(),
            class_id,
            account_id=room.account.id,
            command=wanted,
            library=library(),
            now=clock.now(),
            personal_for=timedelta(days=settings().class_days),
        )
    except ClassClosed as error:
        raise closed(room.base) from error
    except InvalidCommand as error:
        raise Refused(422, "Lớp chưa làm được việc đó", STALE, room.base, "Về điều khiển") from error
    if steered_now.changed and steered_now.klass.closed:
        note(room.account, "class_closed", steered_now.klass)
    if wants_json():
        answer = jsonify(snapshots.find_desk(session(), class_id, library(), clock.now()))
        answer.headers["Cache-Control"] = "no-store"
        return answer
    if steered_now.klass.closed:
        return redirect(f"{room.base}?da=dong", 303)
    match request.form.get("ve"):
        case "viec":
            return redirect(jobs_address(room, request.form.get("mo", "")), 303)
        case "giup":
            return redirect(f"{room.base}/giup", 303)
    return redirect(room.base, 303)


@bp.get("/dung-lop/<class_id>/man/<screen>")
def look_at_screen(class_id: str, screen: str) -> Response:
    """One screen of the practice: who stands there, show it, stop all at it."""
    return private(screen_page(steered_open(class_id), screen))


@bp.get("/dung-lop/<class_id>/dem-tay")
def count_hands(class_id: str) -> Response:
    return private(_hands_page(steered_open(class_id)))


@bp.post("/dung-lop/<class_id>/dem-tay")
def keep_hands(class_id: str) -> Response:
    room = steered_open(class_id)
    state = room.found.state
    question = room.lesson.understand.question(question_of(state.step) or "")
    if question is None or (request.form.get("step"), request.form.get("round")) != (state.step, str(state.round)):
        return private(_hands_page(room, problem=STALE_HANDS), status=409)
    counts = {one.key: count_in(request.form.get(f"tay-{one.key}") or "0", MOST_HEADS) for one in lettered(question)}
    if None in counts.values():
        return private(_hands_page(room, problem=NOT_A_COUNT), status=422)
    try:
        class_answers.keep_hands(
            session(), class_id, question.id, state.round, counts, account_id=room.account.id, library=library()
        )
    except (UnknownOption, InvalidCommand, TooLarge) as error:
        raise Refused(409, "Chưa ghi được số tay", STALE, room.base, "Về điều khiển") from error
    return redirect(f"{room.base}?da=tay", 303)


@bp.get("/dung-lop/<class_id>/dong")
def ask_before_closing(class_id: str) -> Response:
    room = steered_open(class_id)
    counted = room.found.head_count is not None
    return private(
        render_template(
            "classroom/desk_close.html",
            account=room.account,
            bar=_bar(room),
            base=room.base,
            missing="" if counted else "Chưa ghi số người đếm được trong phòng. Ghi sau cũng được.",
        )
    )


def _hands_page(room: Room, *, problem: str = "") -> str:
    state = room.found.state
    question = room.lesson.understand.question(question_of(state.step) or "")
    if question is None:
        raise Refused(409, "Lớp không ở câu hỏi nào", "Đếm tay khi câu hỏi đang mở.", room.base, "Về điều khiển")
    counted = class_answers.hands(session(), room.found.id, question.id, state.round)
    return render_template(
        "classroom/desk_hands.html",
        account=room.account,
        bar=_bar(room),
        base=room.base,
        problem=problem,
        prompt=question.prompt,
        step=state.step,
        round=state.round,
        options=lettered(question),
        counted=counted,
    )


def _bar(room: Room) -> Bar:
    return bar_of(room, snapshots.find_desk(session(), room.found.id, library(), clock.now()))


def _sent() -> dict:
    try:
        sent = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    except RecursionError:  # a hundred thousand brackets
        sent = None
    return sent if isinstance(sent, dict) else {}
