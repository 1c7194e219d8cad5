"""/chieu: what the projector shows. Its cookie lets a browser look at one class, and do nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Response, jsonify, redirect, render_template, request
from markupsafe import Markup

from lms.assets import load_assets
from lms.content.model import Course, Lesson
from lms.learning.classroom.access import projectors
from lms.learning.classroom.access.projectors import Projector
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.display.class_queries import ClassView, find_view
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.session.queries import Class, find_seats
from lms.learning.classroom.session.seat_emblems import Picture, picture_of
from lms.learning.classroom.session.state import Wifi
from lms.learning.classroom.session.steps import Step
from lms.learning.classroom.session.stream_tokens import Ticket, issue
from lms.learning.errors import NotFound
from lms.web import clock
from lms.web.classroom.blueprint import bp
from lms.web.classroom.join.links import class_address, class_square
from lms.web.classroom.join.wifi import wifi_of
from lms.web.classroom.round_labels import ROUND_NAMES
from lms.web.classroom.wall.boards import JoinBoard, OverBoard, ask_board, slide_board, use_board
from lms.web.classroom.wall.demo import demo_board
from lms.web.classroom.wall.results import result_board
from lms.web.classroom.wall.screen_row import phones_board
from lms.web.database import session
from lms.web.errors import wants_json
from lms.web.page_cache import private
from lms.web.practice.colours import colours_address
from lms.web.request_context import library, settings

COOKIE, SUN = "projector", "wall-sun"
COOKIE_AGE = 30 * 24 * 3600  # seconds
STAYS = timedelta(hours=2)  # how long a class that is over stays on its wall
_SECRET = re.compile(r"[0-9A-Za-z_-]{20,64}")


@dataclass(frozen=True, slots=True)
class RoomView:
    """What every board needs besides itself. ``newest``: the seats that came last."""

    snapshot: dict[str, Any]
    square: Markup
    way: Markup
    grouped: str  # the code
    machines: int
    newest: tuple[tuple[int, Picture], ...]
    given: int
    given_share: int  # percent
    round: str  # "lần hai"; "" for the first
    paused: bool
    shut: bool  # nobody new comes in: nothing invites
    closed: bool
    wifi: tuple[Wifi, Markup] | None  # the hall's network and its square, while people come in


@bp.get("/chieu")
def look() -> Response:
    projector = _projector()
    shown = _class_of(projector)
    if wants_json():
        answer = jsonify(paired=shown is not None, code=projector.pairing_code if projector else None)
        answer.headers["Cache-Control"] = "no-store"
        return answer
    if shown is None:
        return _page("pair", code=projector.pairing_code if projector else None, way=class_address(), paired=False)
    return _show(projector, *shown)


@bp.post("/chieu")
def wait() -> Response:
    """Begin to wait for a class: from now on the page shows four digits."""
    response = redirect("/chieu", 303)
    projector = _projector()
    if projector is None:
        _, secret = projectors.new_projector(session(), now=clock.now())
        return remember(response, secret)
    if projector.pairing_code is None:
        projectors.wait_again(session(), projector.id, now=clock.now())
    return response


@bp.post("/chieu/nang")
def change_light() -> Response:
    """Chalk on the board, or green on paper where the hall has no curtains."""
    is_sunny = request.form.get("nang") == "co"
    return _set_cookie(redirect("/chieu", 303), SUN, "1" if is_sunny else "", COOKIE_AGE if is_sunny else 0)


def remember(response: Response, secret: str) -> Response:
    """For the desk as well: this browser is the projector with this secret from now on."""
    return _set_cookie(response, COOKIE, secret, COOKIE_AGE)


def _projector() -> Projector | None:
    secret = request.cookies.get(settings().cookie_prefix + COOKIE, "")
    return projectors.find_projector(session(), secret, now=clock.now()) if _SECRET.fullmatch(secret) else None


def _set_cookie(response: Response, name: str, value: str, age: int) -> Response:
    response.set_cookie(
        settings().cookie_prefix + name, value, max_age=age, httponly=True, secure=settings().https, samesite="Lax"
    )
    return response


def _class_of(projector: Projector | None) -> tuple[ClassView, Course, Lesson] | None:
    """What the projector shows; None when it shows nothing, or its class has been over for long."""
    if projector is None or projector.class_id is None:
        return None
    try:
        view = find_view(session(), projector.class_id, library())
    except NotFound:
        return None
    klass = view.klass
    lesson, course = library().lesson(klass.course, klass.lesson), library().course(klass.course)
    is_over = klass.closed_at is not None and clock.now() > klass.closed_at + STAYS
    return None if is_over or lesson is None or course is None else (view, course, lesson)


def _show(projector: Projector, view: ClassView, course: Course, lesson: Lesson) -> Response:
    klass = view.klass
    snapshot = snapshots.wall(view, find_seats(session(), klass.id), clock.now())
    ticket = issue(settings().secret_key, Ticket("wall", klass.id, projector.id))
    return _page(
        "class",
        board=board_of(view, lesson, snapshot),
        room=room_view(klass, snapshot),
        lesson=lesson,
        class_id=klass.id,
        stream=f"/lop/dong?ve={ticket}",
        colours=colours_address(course),
        pictures=load_assets().url("pictures/seats/hoa-sen.svg").rpartition("/")[0] + "/",
        paired=True,
    )


def board_of(view: ClassView, lesson: Lesson, snapshot: dict[str, Any]) -> Any:
    """The board of the step that the class is at, as it stands."""
    klass, step, state = view.klass, view.step, view.klass.state
    if klass.closed:
        return OverBoard("Lớp xong rồi, cảm ơn các bác", ("Dấu và mã học đang ở trên máy của bác.",))
    match step.kind:
        case "join":
            return JoinBoard()
        case "slide":
            section = next(one for one in lesson.understand.sections if one.id == step.ref)
            return slide_board(lesson, section, step.part)
        case "question":
            return _question(klass, lesson, step)
        case "demo":
            return demo_board(lesson, lesson.practice, state.demo)
        case "practice":
            if state.demo_of:
                return demo_board(lesson, lesson.practice, state.demo, state.demo_of)
            return phones_board(lesson.practice, snapshot["screens"], snapshot["stuck"], state.gate)
        case "use":
            return use_board(lesson.use)
    return OverBoard("Hết bài rồi, các bác", ("Trên máy, bác chạm “Xem dấu và mã học”, rồi chép mã vào sổ.",))


def room_view(klass: Class, snapshot: dict[str, Any]) -> RoomView:
    machines, given = snapshot["machines"], (snapshot["answers"] or {}).get("given", 0)
    return RoomView(
        snapshot=snapshot,
        square=class_square(klass.code),
        way=class_address(),
        grouped=f"{klass.code[:3]} {klass.code[3:]}",
        machines=machines,
        newest=tuple((one[0], picture_of(one[0])) for one in snapshot["newest"]),
        given=given,
        given_share=round(100 * min(given, machines) / machines) if machines else 0,
        round=ROUND_NAMES[klass.state.round] if klass.state.round > 1 else "",
        paused=klass.state.paused and not klass.closed,
        shut=klass.state.shut,
        closed=klass.closed,
        wifi=wifi_of(klass),
    )


def _question(klass: Class, lesson: Lesson, step: Step) -> Any:
    question, state = lesson.understand.question(step.ref), klass.state
    if state.phase != "shown":
        return ask_board(lesson, question, state.phase, state.round)
    rounds = range(1, state.round + 1)
    return result_board(question, [class_answers.tally(session(), klass.id, question, number) for number in rounds])


def _page(name: str, **view: Any) -> Response:
    sun = bool(request.cookies.get(settings().cookie_prefix + SUN))
    return private(render_template(f"classroom/wall/{name}.html", sun=sun, **view))
