"""What a practice, and its result, show besides when it was begun in a class: her seat, help to call, the way back."""

from __future__ import annotations

from dataclasses import dataclass

from flask import get_template_attribute, render_template
from markupsafe import escape

from lms.assets import load_assets
from lms.learning.classroom.session.queries import Class, Seat, find_class_and_seat
from lms.learning.classroom.session.steps import PRACTICE
from lms.learning.classroom.session.stream_tokens import issue
from lms.learning.errors import NotFound
from lms.learning.practice.attempts import Attempt
from lms.web.database import session
from lms.web.page_cache import SharedPage, shared_page, unshared_page
from lms.web.request_context import settings


@dataclass(frozen=True, slots=True)
class WayBack:
    """``again``: where another go in class is asked for; "" once the class is over."""

    href: str
    words: str
    again: str


@dataclass(frozen=True, slots=True)
class Bar:
    """What the bar says of the class and of this seat; who sits there is filled in."""

    level: int | None
    closed: bool
    moved: bool  # the class is elsewhere by now
    cover: str  # "pause", "gate", or "" for none
    raised: bool
    helping: str  # text: who is on the way, "" for nobody
    place: str = ""  # beside a result, where the page has the way back: "with", "paused", "moved", "out"


def class_of(attempt: Attempt) -> tuple[Class, Seat] | None:
    """The class and the seat that this attempt belongs to; None when it is her own, or the seat is another's by now."""
    found = begun_in(attempt)
    return found if found and found[1].learner_id == attempt.learner_id else None


def begun_in(attempt: Attempt) -> tuple[Class, Seat] | None:
    """The class and the seat where this attempt was begun, whoever sits there now; None when it is her own."""
    if attempt.class_id is None or attempt.seat is None:
        return None
    try:
        return find_class_and_seat(session(), attempt.class_id, attempt.seat)
    except NotFound:
        return None


def cover_of(attempt: Attempt, klass: Class) -> str:
    """What covers this attempt on the phone while all look up: "pause", "gate", or "" for nothing."""
    if klass.closed:
        return ""
    at_gate = klass.state.gate is not None and klass.state.gate == attempt.state["screen"]
    return "pause" if klass.state.paused else "gate" if at_gate and not attempt.ended else ""


def class_slots(attempt: Attempt, klass: Class, seat: Seat) -> dict[str, str]:
    """The slots of the practice page that a class fills."""
    if seat.learner_id != attempt.learner_id:
        is_anothers = seat.learner_id is not None and not klass.closed
        return {"class-head": _head(""), "class-bar": _moved(klass, seat)} if is_anothers else {}
    return _filled(
        Bar(
            level=klass.state.level,
            closed=klass.closed,
            moved=klass.state.step != PRACTICE or klass.state.demo_of is not None,
            cover=cover_of(attempt, klass),
            raised=seat.hand_at is not None,
            helping=seat.helping or "",
        ),
        attempt,
        klass,
        seat,
    )


def result_slots(attempt: Attempt) -> dict[str, str]:
    """The same for the page of its result; a class that is over is no longer followed."""
    found = begun_in(attempt)
    if found is None or found[0].closed:
        return {}
    klass, seat = found
    if seat.learner_id != attempt.learner_id:
        return class_slots(attempt, klass, seat)
    raised, helping = seat.hand_at is not None, seat.helping or ""
    bar = Bar(None, closed=False, moved=False, cover="", raised=raised, helping=helping, place=_place(klass, seat))
    return _filled(bar, attempt, klass, seat)


def way_back(attempt: Attempt) -> WayBack | None:
    """Where an attempt that has ended leads in its class; None when it belongs to none."""
    found = class_of(attempt)
    if found is None:
        return None
    klass, _ = found
    if klass.closed:
        return WayBack(f"/lop/{klass.code}/ket", "Xem dấu và mã học", "")
    return WayBack(f"/lop/{klass.code}", "Về lớp", f"/lop/{klass.code}/tap")


def _moved(klass: Class, seat: Seat) -> str:
    """Her seat is another phone's: said, because the class is gone from this page."""
    return get_template_attribute("classroom/practice/moved.html", "moved")(klass.code, seat.number)


def _filled(bar: Bar, attempt: Attempt, klass: Class, seat: Seat) -> dict[str, str]:
    ticket = issue(settings().secret_key, seat.ticket)
    return {
        "class-head": _head("result" if bar.place else "practice", attempt.id if bar.cover else ""),
        "class-bar": _bar(bar).filled(
            {
                "code": escape(klass.code),
                "stream": escape(f"/lop/dong?ve={ticket}"),
                "attempt": escape(attempt.id),
                "number": escape(seat.number),
                "picture": escape(load_assets().url(f"pictures/seats/{seat.picture.slug}.svg")),
                "called": escape(seat.picture.name),
            }
        ),
    }


def _head(script: str, covered: str = "") -> str:
    """``script``: the one that follows the class; "" while this phone has no seat in it.

    ``covered``: the attempt that a cover lies over, which without a script looks by itself whether the class goes on.
    """

    def render() -> str:
        return render_template("classroom/practice/head.html", script=script, covered=bool(covered))

    return shared_page(("class head", script, bool(covered)), render).filled({"attempt": escape(covered)})


def _bar(bar: Bar) -> SharedPage:
    """The bar as all seats have it of which the same is to be said; a helper's name makes it one seat's own."""

    def render() -> str:
        return get_template_attribute("classroom/practice/bar.html", "bar")(bar)

    return unshared_page(render) if bar.helping else shared_page(("class bar", bar), render)


def _place(klass: Class, seat: Seat) -> str:
    if seat.out:
        return "out"
    if klass.state.step != PRACTICE:
        return "moved"
    return "paused" if klass.state.paused else "with"
