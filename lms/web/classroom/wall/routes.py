"""Routes of /chieu, the wall: what a projector shows. Its cookie allows a browser to watch one class."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import Response, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from lms.assets import load_assets
from lms.content.model import Course, Lesson, Question
from lms.learning import wards
from lms.learning.classroom.access import projectors
from lms.learning.classroom.access.projectors import Projector
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.display.snapshots import ClassView, find_class_view
from lms.learning.classroom.questions import tallies
from lms.learning.classroom.report.class_report import find_class_report
from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.seat_emblems import Emblem, emblem_of
from lms.learning.classroom.session.seat_store import find_seats
from lms.learning.classroom.session.state import Wifi
from lms.learning.classroom.session.stream_tokens import StreamToken, sign_stream_token
from lms.learning.errors import NotFound
from lms.vietnam_time import hour_and_minute
from lms.web import clock
from lms.web.class_break import break_end_time
from lms.web.classroom.blueprint import bp
from lms.web.classroom.follow_up_lines import follow_up_lines
from lms.web.classroom.join_links import class_qr, join_address, wifi_with_qr
from lms.web.classroom.lesson_summary_lines import things_to_have_ready_line
from lms.web.classroom.question_display import ROUND_NAMES
from lms.web.classroom.wall.boards import (
    BreakBoard,
    EndBoard,
    JoinBoard,
    QuestionBoard,
    SlideBoard,
    UseBoard,
    end_board,
    question_board,
    slide_board,
    use_board,
)
from lms.web.classroom.wall.practice_demonstration import DemoBoard, demo_board
from lms.web.classroom.wall.results import ResultBoard, result_board
from lms.web.classroom.wall.screen_row import PracticeBoard, practice_board
from lms.web.database import session
from lms.web.errors import wants_json
from lms.web.language import page_language, translate
from lms.web.page_cache import no_store_page
from lms.web.page_formats import day_in_words
from lms.web.practice.app_stylesheet import stylesheet_url
from lms.web.practice.phone_components import phone_components
from lms.web.request_context import hall_address, library, projector_presence, settings

PROJECTOR_COOKIE, BRIGHT_COOKIE = "projector", "wall-sun"
COOKIE_MAX_AGE = 30 * 24 * 3600  # seconds
STAYS_AFTER_CLOSE = timedelta(hours=2)  # how long a closed class stays on the wall
LessonBoard = SlideBoard | QuestionBoard | ResultBoard | DemoBoard | PracticeBoard | UseBoard
Board = JoinBoard | LessonBoard | BreakBoard | EndBoard
_SECRET = re.compile(r"[0-9A-Za-z_-]{20,64}")


@dataclass(frozen=True, slots=True)
class WallView:
    """What every board needs besides itself.

    ``newest`` has the number and emblem of the newest seats, while learners join and at the end.
    ``join_codes_seconds``: how much longer the board is covered by how to join, as the server's clock says.
    """

    snapshot: dict[str, Any]
    class_qr: Markup
    join_address: Markup
    grouped_code: str  # "123 456"
    phones: int
    newest: tuple[tuple[int, Emblem], ...]
    answer_count: int
    answer_percent: int
    round_name: str  # "lần hai"; "" for the first
    in_last_minute: bool  # of an open question
    paused: bool
    door_closed: bool
    closed: bool
    wifi: tuple[Wifi, Markup] | None  # with its QR code
    join_codes_seconds: int
    lesson: str
    bring: str  # "Lấy sẵn: ..."; "" for nothing
    venue: str
    opened_at: str  # "18:45"


@bp.get("/chieu")
def show_wall() -> Response:
    projector = current_projector()
    shown_class = _shown_class(projector) if projector else None
    if projector and shown_class:
        projector_presence().mark_seen(projector.id)
    if wants_json():
        response = jsonify(paired=shown_class is not None, code=projector.pairing_code if projector else None)
        response.headers["Cache-Control"] = "no-store"
        return response
    if projector is None or shown_class is None:
        return _render(
            "pair", code=projector.pairing_code if projector else None, join_address=join_address(), paired=False
        )
    return _render_class(projector, *shown_class)


@bp.post("/chieu")
def wait_for_pairing() -> ResponseReturnValue:
    """Give this browser a pairing code and wait for a class."""
    response = redirect("/chieu", 303)
    projector = current_projector()
    if projector is None:
        _, secret = projectors.create_unpaired_projector(session(), now=clock.now())
        return set_projector_cookie(response, secret)
    if projector.pairing_code is None:
        projectors.renew_pairing_code(session(), projector.id, now=clock.now())
    return response


@bp.post("/chieu/nang")
def set_brightness() -> ResponseReturnValue:
    """Switch between the dark board and the bright one for sunny rooms."""
    is_bright = request.form.get("nang") == "co"
    return _set_cookie(
        redirect("/chieu", 303), BRIGHT_COOKIE, "1" if is_bright else "", COOKIE_MAX_AGE if is_bright else 0
    )


def set_projector_cookie(response: BaseResponse, secret: str) -> BaseResponse:
    """Make this browser the projector with this secret."""
    return _set_cookie(response, PROJECTOR_COOKIE, secret, COOKIE_MAX_AGE)


def current_projector() -> Projector | None:
    secret = request.cookies.get(settings().cookie_prefix + PROJECTOR_COOKIE, "")
    return projectors.find_projector(session(), secret, now=clock.now()) if _SECRET.fullmatch(secret) else None


def _set_cookie(response: BaseResponse, name: str, value: str, age: int) -> BaseResponse:
    response.set_cookie(
        settings().cookie_prefix + name, value, max_age=age, httponly=True, secure=settings().https, samesite="Lax"
    )
    return response


def _shown_class(projector: Projector) -> tuple[ClassView, Course, Lesson] | None:
    """The class on the projector; None if it shows none, or one that closed long ago."""
    if projector.class_id is None:
        return None
    try:
        view = find_class_view(session(), projector.class_id, library())
    except NotFound:
        return None
    class_session = view.class_session
    edition = library().edition(class_session)
    is_over = class_session.closed_at is not None and clock.now() > class_session.closed_at + STAYS_AFTER_CLOSE
    return None if is_over or edition is None else (view, *edition)


def _render_class(projector: Projector, view: ClassView, course: Course, original: Lesson) -> Response:
    class_session, lesson = view.class_session, original.in_language(page_language())
    snapshot = snapshots.wall_snapshot(view, find_seats(session(), class_session.id), clock.now())
    if address := hall_address():
        snapshot |= {"address": address.key}
    token = sign_stream_token(settings().secret_key, StreamToken("wall", class_session.id, projector.id))
    return _render(
        "class",
        board=build_board_of_step(view, lesson, snapshot),
        wall=wall_view(class_session, lesson, snapshot),
        is_rehearsal=class_session.is_rehearsal,
        lesson=lesson,
        class_id=class_session.id,
        stream_url=f"/lop/dong?ve={token}",
        app_stylesheet=stylesheet_url(course),
        phone_components=phone_components(*lesson.practices),
        emblems_url=load_assets().url("pictures/seats/hoa-sen.svg").rpartition("/")[0] + "/",
        paired=True,
    )


def build_board_of_step(view: ClassView, lesson: Lesson, snapshot: dict[str, Any]) -> Board:
    """Build the board of the current step."""
    class_session, step, state = view.class_session, view.step, view.class_session.state
    if class_session.is_closed:
        return _end_board(class_session)
    if end := break_end_time(class_session):
        minutes, seconds = divmod(max(0, (state.break_until or 0) - int(clock.now().timestamp())), 60)
        return BreakBoard(f"{minutes}:{seconds:02}", end)
    practice, question = lesson.practice, lesson.understand.question(step.ref)
    if step.kind == "join":
        return JoinBoard()
    if step.kind == "slide":
        section = next(section for section in lesson.understand.sections if section.id == step.ref)
        return slide_board(lesson, section, step.part)
    if question is not None:
        return _question_or_result(class_session, lesson, question, snapshot["machines"])
    if practice is not None and step.kind == "demo":
        return demo_board(lesson, practice, state.demo_step)
    if practice is not None and step.kind == "practice":
        if state.demo_screen:
            return demo_board(lesson, practice, state.demo_step, state.demo_screen)
        return practice_board(practice, snapshot["screens"], snapshot["stuck"], state.wait_screen)
    if lesson.use is not None and step.kind == "use":
        return use_board(lesson.use)
    return _end_board(class_session)


def wall_view(class_session: ClassSession, lesson: Lesson, snapshot: dict[str, Any]) -> WallView:
    phones, answer_count = snapshot["machines"], (snapshot["answers"] or {}).get("given", 0)
    return WallView(
        snapshot=snapshot,
        class_qr=class_qr(class_session.code),
        join_address=join_address(),
        grouped_code=f"{class_session.code[:3]} {class_session.code[3:]}",
        phones=phones,
        newest=tuple((newest_seat[0], emblem_of(newest_seat[0])) for newest_seat in snapshot["newest"]),
        answer_count=answer_count,
        answer_percent=round(100 * min(answer_count, phones) / phones) if phones else 0,
        round_name=translate(ROUND_NAMES[class_session.state.round]) if class_session.state.round > 1 else "",
        in_last_minute=class_session.state.is_in_last_minute(clock.now()),
        paused=class_session.state.paused and not class_session.is_closed,
        door_closed=class_session.state.door_closed,
        closed=class_session.is_closed,
        wifi=wifi_with_qr(class_session),
        join_codes_seconds=_join_codes_seconds(class_session),
        lesson=lesson.name,
        bring=things_to_have_ready_line(lesson),
        venue=class_session.venue,
        opened_at=hour_and_minute(class_session.opened_at),
    )


def _end_board(class_session: ClassSession) -> EndBoard:
    report = find_class_report(session(), class_session.id, library())
    seats = find_seats(session(), class_session.id)
    finished = sum(seat.people for seat in seats if seat.done and not seat.removed)
    where = [wards.ward_label(class_session.ward) if class_session.ward else "", class_session.venue]
    place = ", ".join(
        part
        for part in (
            *where,
            translate("ngày {day}").format(day=day_in_words(class_session.opened_at)),
        )
        if part
    )
    head_count = report.class_session.head_count
    board = end_board(report.counts, finished, head_count, place, closed=class_session.is_closed)
    return replace(board, follow_up=follow_up_lines(class_session))


def _join_codes_seconds(class_session: ClassSession) -> int:
    until = class_session.state.join_codes_until
    return max(0, until - int(clock.now().timestamp())) if until and not class_session.is_closed else 0


def _question_or_result(
    class_session: ClassSession, lesson: Lesson, question: Question, phones: int
) -> QuestionBoard | ResultBoard:
    state = class_session.state
    if state.phase != "shown":
        return question_board(lesson, question, state.phase, state.round)
    rounds = range(1, state.round + 1)
    return result_board(
        question,
        [tallies.find_tally(session(), class_session.id, question, number) for number in rounds],
        phones,
        language=lesson.understand.language,
    )


def _render(name: str, **values: Any) -> Response:
    is_bright = bool(request.cookies.get(settings().cookie_prefix + BRIGHT_COOKIE))
    return no_store_page(render_template(f"classroom/wall/{name}.html", is_bright=is_bright, **values))
