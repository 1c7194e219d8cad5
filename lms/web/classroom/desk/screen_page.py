"""One screen of the practice, from in front: who stands there, show it to all, let all wait at it."""

from __future__ import annotations

from flask import render_template

from lms.learning.classroom.display import snapshots
from lms.learning.classroom.session.queries import find_seats
from lms.web import clock
from lms.web.classroom.class_context import Refused, Room
from lms.web.classroom.desk.actions import Move
from lms.web.classroom.desk.pages import UNGATE, bar_of, show_fields
from lms.web.classroom.desk.preview import walk_of, words_at
from lms.web.classroom.wall.screen_row import homes_of
from lms.web.database import session
from lms.web.request_context import library

GATE_WORDS = "Ai tới màn này thì dừng lại chờ cả lớp. Người đi trước rồi thì không phải quay lại."
GATED_WORDS = "Bà con tới màn này đang chờ. Chạm để mọi người đi tiếp."


def screen_page(room: Room, screen_id: str) -> str:
    """
    Raises:
        Refused: the practice has no such screen.
    """
    practice = room.lesson.practice
    screen = practice.screen(screen_id) if practice else None
    if screen is None:
        raise Refused(404, "Bài tập không có màn này", "Bài có thể vừa được sửa.", room.base, "Về điều khiển")
    homes, walk = homes_of(practice), walk_of(practice)
    there = [
        seat
        for seat in find_seats(session(), room.found.id)
        if seat.screen is not None and not seat.out and homes.get(seat.screen) == homes.get(screen_id, screen_id)
    ]
    gated = room.found.state.gate == screen_id
    return render_template(
        "classroom/desk_screen.html",
        account=room.account,
        bar=bar_of(room, snapshots.find_desk(session(), room.found.id, library(), clock.now())),
        base=room.base,
        title=screen.title,
        count=sum(seat.people for seat in there),
        show=show_fields(screen_id, walk),
        gate=UNGATE if gated else Move("Dừng cả lớp ở màn này", fields=(("gate", screen_id),), picture="pause"),
        gate_words=GATED_WORDS if gated else GATE_WORDS,
        words=words_at(practice, screen_id),
        seats=there,
    )
