"""The way into a class: six digits, the page they lead to, a door that is shut for now, a seat that was swept away."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, redirect, render_template, request

from lms.content.model import Lesson
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.seats import idle_seat_removal, seats
from lms.learning.classroom.session.class_codes import CODE_LENGTH, count_digits, read_code
from lms.learning.classroom.session.queries import Class, Seat, find_seat
from lms.learning.errors import DoorShut, NotFound
from lms.learning.learners.learner_store import NAME_LENGTH
from lms.learning.store.database import only_read
from lms.web import clock, learning_code_card
from lms.web.classroom.blueprint import bp
from lms.web.current_learner import current_learner_id
from lms.web.database import rollback, session
from lms.web.errors import wants_json
from lms.web.page_cache import private
from lms.web.request_context import library, settings
from lms.web.write import keep

# "{}" is how many digits were typed; the script says the same.
MISTYPED = {
    "few": "Mã lớp có 6 chữ số, bác mới gõ {} số. Bác nhìn lại màn chiếu rồi gõ cho đủ nhé.",
    "many": "Mã lớp có 6 chữ số, bác gõ {} số. Bác nhìn lại màn chiếu rồi gõ lại nhé.",
    "slip": "Sáu chữ số này có một số gõ nhầm. Bác nhìn lại màn chiếu rồi gõ lại nhé.",
    "none": "Mã lớp là 6 chữ số, không có chữ cái. Bác nhìn lại màn chiếu rồi gõ lại nhé.",
    "nothing": 'Bác gõ sáu chữ số trên màn chiếu, rồi chạm "Vào lớp" nhé.',
}


@bp.get("/lop")
@bp.get("/LOP")
def find() -> Response:
    """Six digits, typed; the address in the QR code spares them."""
    if "ma" not in request.args:
        return _find_page()
    typed = request.args["ma"].strip()[:40]
    code = read_code(typed)
    if code is None:
        return find_again(typed, mistyped(typed), 422)
    return redirect(f"/lop/{code}", 303)


@bp.get("/LOP/<code>")
def find_in_capitals(code: str) -> Response:
    """A QR code of capitals has fewer modules."""
    digits = read_code(code)
    return redirect(f"/lop/{digits}", 302) if digits else find_again(code[:40], mistyped(code), 404)


@bp.post("/lop/<code>")
def take_seat(code: str) -> Response:
    people, name = number_in(request.form.get("nguoi"), 1), request.form.get("ten")
    try:
        keep(seats.join, code=code, people=people, name=name, now=clock.now())
    except DoorShut:
        if wants_json():
            raise
        rollback()
        only_read(session())  # strangers knock often, and nobody's answer shall wait for their page
        klass = opening.find_open_class(session(), code)
        lesson = library().lesson(klass.course, klass.lesson)
        if lesson is None:
            raise
        return way_in(klass, lesson, people=people, name=(name or "")[:NAME_LENGTH], knocked=True)
    return redirect(f"/lop/{read_code(code)}?moi", 303)


@bp.get("/lop/<code>/cua")
def look_at_door(code: str) -> Response:
    """Whether somebody new would be let in, for the page of whoever waits."""
    response = jsonify(shut=opening.find_open_class(session(), code).state.shut)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/lop/<code>/con-day")
def come_back(code: str) -> Response:
    """She is still here: her seat was taken for an empty one."""
    klass = opening.find_open_class(session(), code)
    idle_seat_removal.come_back(session(), klass.id, current_learner_id(), now=clock.now())
    return redirect(f"/lop/{klass.code}", 303)


def way_in(klass: Class, lesson: Lesson, *, before: int = 0, **filled: Any) -> Response:
    """The page with the one button into the class. ``filled``: people, name, and whether she ``knocked`` in vain.

    ``before``: the number that this phone's page showed until the stream refused it; 0 when it had none.
    """
    address = f"{settings().public_url}/lop/{klass.code}"
    is_shut = klass.state.shut
    knocked = is_shut and filled.get("knocked", False)
    page = render_template(
        "classroom/seat/join.html",
        code=klass.code,
        lesson=lesson,
        where=klass.place,
        people=range(1, seats.MOST_PEOPLE + 1),
        picked=min(max(filled.get("people", 1), 1), seats.MOST_PEOPLE),
        name=filled.get("name", ""),
        shut=is_shut,
        knocked=knocked,
        way_out=learning_code_card.way_out(address) if learning_code_card.in_app() else "",
        waiting=seats.claimed_number(session(), klass.id, current_learner_id()),
        moved=before if before and _is_taken(klass, before) else None,
    )
    return private(page, status=409 if knocked else 200)


def way_back(klass: Class, lesson: Lesson, seat: Seat) -> Response:
    """For a phone whose seat was swept; its page takes the seat again by itself."""
    return private(render_template("classroom/seat/back.html", code=klass.code, lesson=lesson, seat=seat))


def find_again(typed: str, sentence: str, status: int) -> Response:
    """The page for typing the digits, with what was typed and why they lead nowhere."""
    return _find_page(typed, sentence, status)


def mistyped(typed: str) -> str:
    """Why what was typed can be no class's code."""
    if not typed:
        return MISTYPED["nothing"]
    count = count_digits(typed)
    if not count:
        return MISTYPED["none"]
    how = "few" if count < CODE_LENGTH else "many" if count > CODE_LENGTH else "slip"
    return MISTYPED[how].format(count)


def say_alone(**plain: Any) -> Response:
    """JSON about her alone."""
    response = jsonify(**plain)
    response.headers["Cache-Control"] = "no-store"
    return response


def number_in(text: Any, otherwise: int) -> int:
    try:
        return int(text)
    except (TypeError, ValueError):
        return otherwise


def _find_page(typed: str = "", sentence: str = "", status: int = 200) -> Response:
    page = render_template("classroom/seat/find.html", typed=typed, sentence=sentence, mistyped=MISTYPED)
    return private(page, status=status)


def _is_taken(klass: Class, number: int) -> bool:
    try:
        return find_seat(session(), klass.id, number).learner_id is not None
    except NotFound:
        return False
