"""/lop/<code>/toi-da-vao: a phone that lost its cookie says which seat is hers, and waits for the facilitator."""

from __future__ import annotations

from flask import Response, redirect, render_template, request

from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.queries import find_seat, find_seat_of
from lms.learning.errors import NoSuchSeat, SeatTaken
from lms.web import clock
from lms.web.classroom.blueprint import bp
from lms.web.classroom.join.routes import number_in, say_alone
from lms.web.current_learner import current_learner_id
from lms.web.database import session
from lms.web.errors import TOLD, wants_json
from lms.web.page_cache import private
from lms.web.write import keep


@bp.get("/lop/<code>/toi-da-vao")
def show_claim(code: str) -> Response:
    """For whoever had a seat, and whose phone knows nothing of it."""
    return _page(code)


@bp.post("/lop/<code>/toi-da-vao")
def claim(code: str) -> Response:
    typed = request.form.get("so", "").strip()
    try:
        keep(seats.claim, code=code, number=number_in(typed, 0), now=clock.now())
    except (NoSuchSeat, SeatTaken) as refusal:
        if wants_json():
            raise
        status, what, remedy = TOLD[type(refusal)]
        return _page(code, typed[:3], f"{what}. {remedy}" if typed else "Bác gõ số của mình vào ô đã nhé.", status)
    return redirect(f"/lop/{code}/toi-da-vao", 303)


def _page(code: str, typed: str = "", sentence: str = "", status: int = 200) -> Response:
    klass = opening.find_open_class(session(), code)
    learner_id = current_learner_id()
    seat = find_seat_of(session(), klass.id, learner_id)
    waits_for = seats.claimed_number(session(), klass.id, learner_id)
    if wants_json():
        return say_alone(seat=seat.number if seat else None, waiting=waits_for)
    response = private(
        render_template(
            "classroom/seat/claim.html",
            code=code,
            seat=seat,
            waiting=find_seat(session(), klass.id, waits_for) if waits_for else None,
            typed=typed,
            sentence=sentence,
        )
    )
    response.status_code = status
    return response
