"""What a practice page shows besides when it was begun in a class: her seat, help to call, the way back."""

from __future__ import annotations

from dataclasses import dataclass

from flask import get_template_attribute, render_template

from lms.learning.attempts import Attempt
from lms.learning.classroom.records import Class, Seat, find_class, find_seat
from lms.learning.classroom.steps import PRACTICE
from lms.learning.classroom.tickets import issue
from lms.learning.errors import NotFound
from lms.web.access import settings
from lms.web.database import session


@dataclass(frozen=True, slots=True)
class WayBack:
    """``again``: where another go in class is asked for; "" once the class is over."""

    href: str
    words: str
    again: str


def class_of(attempt: Attempt) -> tuple[Class, Seat] | None:
    """The class and the seat that this attempt belongs to; None when it is her own, or the seat is another's by now."""
    if attempt.class_id is None or attempt.seat is None:
        return None
    try:
        klass, seat = find_class(session(), attempt.class_id), find_seat(session(), attempt.class_id, attempt.seat)
    except NotFound:
        return None
    return (klass, seat) if seat.learner_id == attempt.learner_id else None


def class_slots(attempt: Attempt) -> dict[str, str]:
    """The slots of the practice page that a class fills; {} for an attempt of her own."""
    found = class_of(attempt)
    if found is None:
        return {}
    klass, seat = found
    ticket = issue(settings().secret_key, seat.ticket)
    waits_at_gate = klass.state.gate is not None and klass.state.gate == attempt.state["screen"]
    return {
        "class-head": render_template("classroom/practice/head.html"),
        "class-bar": get_template_attribute("classroom/practice/bar.html", "bar")(
            klass,
            seat,
            back=f"/toi/luot/{attempt.id}",
            stream=f"/lop/dong?ve={ticket}",
            moved=klass.state.step != PRACTICE or klass.state.demo_of is not None,
            cover=_cover(klass, waits_at_gate and not attempt.ended),
        ),
    }


def way_back(attempt: Attempt) -> WayBack | None:
    """Where an attempt that has ended leads in its class; None when it belongs to none."""
    found = class_of(attempt)
    if found is None:
        return None
    klass, _ = found
    if klass.closed:
        return WayBack(f"/lop/{klass.code}/ket", "Xem dấu và mã học", "")
    return WayBack(f"/lop/{klass.code}", "Về lớp", f"/lop/{klass.code}/tap")


def _cover(klass: Class, at_gate: bool) -> str:
    if klass.closed:
        return ""
    return "pause" if klass.state.paused else "gate" if at_gate else ""
