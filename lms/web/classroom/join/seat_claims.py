"""Routes of /lop/<code>/toi-da-vao: claim a seat after losing the cookie, for the facilitator to approve."""

from __future__ import annotations

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.http.error_responses import error_text
from lms.learning.classroom.seats import seat_claims
from lms.learning.classroom.session import queries
from lms.learning.classroom.session.seat_store import find_seat, find_seat_of_learner
from lms.learning.errors import SeatTaken, UnknownSeat
from lms.web import clock
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import error_sentence
from lms.web.classroom.join.routes import parse_int, private_json
from lms.web.current_learner import current_learner_id
from lms.web.database import session
from lms.web.errors import wants_json
from lms.web.language import translate
from lms.web.page_cache import no_store_page
from lms.web.submitted_writes import submit_write


@bp.get("/lop/<code>/toi-da-vao")
def show_claim(code: str) -> Response:
    """Show the claim form, or the claim that waits for approval."""
    return _render(code)


@bp.post("/lop/<code>/toi-da-vao")
def submit_claim(code: str) -> ResponseReturnValue:
    typed = request.form.get("so", "").strip()
    try:
        submit_write(seat_claims.claim_seat, code=code, number=parse_int(typed, 0), now=clock.now())
    except (UnknownSeat, SeatTaken) as error:
        if wants_json():
            raise
        problem = error_sentence(error) if typed else translate("Bác gõ số của mình vào ô đã nhé.")
        return _render(code, typed[:3], problem, error_text(error).status)
    return redirect(f"/lop/{code}/toi-da-vao", 303)


def _render(code: str, typed: str = "", problem: str = "", status: int = 200) -> Response:
    class_session = queries.find_open_class_session(session(), code)
    learner_id = current_learner_id()
    seat = find_seat_of_learner(session(), class_session.id, learner_id)
    claimed_number = seat_claims.find_claimed_seat_number(session(), class_session.id, learner_id)
    if wants_json():
        return private_json(seat=seat.number if seat else None, waiting=claimed_number)
    page = render_template(
        "classroom/join/claim.html",
        code=code,
        seat=seat,
        claimed_seat=find_seat(session(), class_session.id, claimed_number) if claimed_number else None,
        typed=typed,
        problem=problem,
    )
    return no_store_page(page, status=status)
