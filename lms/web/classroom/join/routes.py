"""Routes that lead into a class: the class code, the join page, a closed door, and rejoining a removed seat."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.content.model import Lesson
from lms.learning.classroom.seats import idle_seats, joining, seat_claims
from lms.learning.classroom.session import queries
from lms.learning.classroom.session.class_codes import CODE_LENGTH, count_digits, parse_class_code
from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.seat_store import Seat, find_seat
from lms.learning.errors import ClassNotAdmitting, NotFound
from lms.learning.learners.learner_store import NAME_LENGTH
from lms.learning.store.database import set_read_only
from lms.message_catalog import mark_for_translation
from lms.web import clock, learning_code_card
from lms.web.classroom.blueprint import bp
from lms.web.classroom.lesson_summary_lines import things_to_have_ready_line
from lms.web.current_learner import current_learner_id
from lms.web.database import rollback, session
from lms.web.errors import wants_json
from lms.web.language import page_language, translate
from lms.web.page_cache import no_store_page
from lms.web.request_context import library, settings
from lms.web.submitted_writes import submit_write

# "{}" is the number of digits typed. The page passes these messages to its script.
INVALID_CODE_MESSAGES = {
    "few": mark_for_translation("Mã lớp có 6 chữ số, bác mới gõ {} số. Bác nhìn lại màn chiếu rồi gõ cho đủ nhé."),
    "many": mark_for_translation("Mã lớp có 6 chữ số, bác gõ {} số. Bác nhìn lại màn chiếu rồi gõ lại nhé."),
    "typo": mark_for_translation("Sáu chữ số này có một số gõ nhầm. Bác nhìn lại màn chiếu rồi gõ lại nhé."),
    "none": mark_for_translation("Mã lớp là 6 chữ số, không có chữ cái. Bác nhìn lại màn chiếu rồi gõ lại nhé."),
    "nothing": mark_for_translation("Bác gõ sáu chữ số trên màn chiếu, rồi chạm “Vào lớp” nhé."),
}


@bp.get("/lop")
@bp.get("/LOP")
def show_code_form() -> ResponseReturnValue:
    """Ask for the class code, or check the one that was typed."""
    if "ma" not in request.args:
        return render_code_form()
    typed = request.args["ma"].strip()[:40]
    code = parse_class_code(typed)
    if code is None:
        return render_code_form(typed, invalid_code_message(typed), 422)
    return redirect(f"/lop/{code}", 303)


@bp.get("/LOP/<code>")
def redirect_class_qr(code: str) -> ResponseReturnValue:
    """Redirect the URL of the QR code, which is in capitals to need fewer modules."""
    digits = parse_class_code(code)
    return redirect(f"/lop/{digits}", 302) if digits else render_code_form(code[:40], invalid_code_message(code), 404)


@bp.post("/lop/<code>")
def join_class(code: str) -> ResponseReturnValue:
    people, name = parse_int(request.form.get("nguoi"), 1), request.form.get("ten")
    try:
        submit_write(joining.join_class_session, code=code, people=people, name=name, now=clock.now())
    except ClassNotAdmitting:
        if wants_json():
            raise
        rollback()
        set_read_only(session())  # many may try at a closed door; no answer should wait for them
        class_session = queries.find_open_class_session(session(), code)
        edition = library().edition(class_session)
        if edition is None:
            raise
        typed = (name or "")[:NAME_LENGTH]
        return render_join_page(class_session, edition[1], people=people, name=typed, rejected=True)
    return redirect(f"/lop/{parse_class_code(code)}?moi", 303)


@bp.get("/lop/<code>/cua")
def show_admission_status(code: str) -> Response:
    """Tell a waiting join page whether the door is closed."""
    response = jsonify(shut=queries.find_open_class_session(session(), code).state.door_closed)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/lop/<code>/con-day")
def rejoin_class(code: str) -> ResponseReturnValue:
    """Restore the learner's seat that was removed as idle."""
    class_session = queries.find_open_class_session(session(), code)
    idle_seats.reactivate_idle_seat(session(), class_session.id, current_learner_id(), now=clock.now())
    return redirect(f"/lop/{class_session.code}", 303)


def render_join_page(class_session: ClassSession, lesson: Lesson, *, previous_number: int = 0, **form: Any) -> Response:
    """Render the page with the button into the class.

    ``previous_number`` is the seat that this phone showed before, 0 for none. ``form`` holds ``people`` and ``name`` as
    they were typed, and ``rejected``: the door was closed when the learner tried to join.
    """
    class_url = f"{settings().public_url}/lop/{class_session.code}"
    is_closed = class_session.state.door_closed
    rejected = is_closed and form.get("rejected", False)
    page = render_template(
        "classroom/join/join.html",
        code=class_session.code,
        lesson=lesson.in_language(page_language()),
        venue=class_session.venue,
        is_rehearsal=class_session.is_rehearsal,
        bring=things_to_have_ready_line(lesson.in_language(page_language())),
        people=range(1, joining.MAX_PEOPLE_PER_PHONE + 1),
        selected=min(max(form.get("people", 1), 1), joining.MAX_PEOPLE_PER_PHONE),
        name=form.get("name", ""),
        is_closed=is_closed,
        rejected=rejected,
        browser_url=learning_code_card.browser_url(class_url) if learning_code_card.is_in_app_browser() else "",
        claimed_number=seat_claims.find_claimed_seat_number(session(), class_session.id, current_learner_id()),
        taken_number=previous_number if previous_number and _is_seat_taken(class_session, previous_number) else None,
    )
    return no_store_page(page, status=409 if rejected else 200)


def render_rejoin_page(class_session: ClassSession, lesson: Lesson, seat: Seat) -> Response:
    """Render the page of a seat that was removed as idle; its script rejoins at once."""
    return no_store_page(
        render_template(
            "classroom/join/rejoin.html", code=class_session.code, lesson=lesson.in_language(page_language()), seat=seat
        )
    )


def render_code_form(typed: str = "", problem: str = "", status: int = 200) -> Response:
    """Render the form for the class code, with what was typed and why it was rejected."""
    page = render_template(
        "classroom/join/code.html",
        typed=typed,
        problem=problem,
        messages={name: translate(words) for name, words in INVALID_CODE_MESSAGES.items()},
    )
    return no_store_page(page, status=status)


def invalid_code_message(typed: str) -> str:
    """Explain why the text cannot be a class code."""
    if not typed:
        return translate(INVALID_CODE_MESSAGES["nothing"])
    count = count_digits(typed)
    if not count:
        return translate(INVALID_CODE_MESSAGES["none"])
    reason = "few" if count < CODE_LENGTH else "many" if count > CODE_LENGTH else "typo"
    return translate(INVALID_CODE_MESSAGES[reason]).format(count)


def private_json(**fields: Any) -> Response:
    """A JSON response about this learner, which no cache may store."""
    response = jsonify(**fields)
    response.headers["Cache-Control"] = "no-store"
    return response


def parse_int(text: Any, default: int) -> int:
    try:
        return int(text)
    except (TypeError, ValueError):
        return default


def _is_seat_taken(class_session: ClassSession, number: int) -> bool:
    try:
        return find_seat(session(), class_session.id, number).learner_id is not None
    except NotFound:
        return False
