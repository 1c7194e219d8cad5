"""The desk of a class that is over."""

from __future__ import annotations

from flask import render_template

from lms.learning.classroom.lifecycle.reopening import can_reopen
from lms.learning.classroom.session.queries import find_seats
from lms.web import clock
from lms.web.classroom.class_context import Room
from lms.web.classroom.desk.attestation import may_witness
from lms.web.database import session


def closed_page(room: Room, *, problem: str = "", typed: str = "") -> str:
    """``problem``: what is amiss with the head count that was ``typed``."""
    present = [one for one in find_seats(session(), room.found.id) if not one.out]
    return render_template(
        "classroom/desk_closed.html",
        account=room.account,
        lesson=room.lesson.name,
        place=room.found.place,
        base=room.base,
        machines=sum(not one.added for one in present),
        people=sum(one.people for one in present),
        head_count=room.found.head_count,
        witnesses=may_witness(room),
        reopens=can_reopen(room.found, clock.now()),
        problem=problem,
        typed=typed,
    )
