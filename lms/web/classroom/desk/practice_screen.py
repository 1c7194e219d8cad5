"""One screen of the practice on the desk: who is there or stuck, demonstrate it, make everybody wait at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template

from lms.content.model import Practice
from lms.learning.classroom.session.seat_store import find_seats
from lms.message_catalog import mark_for_translation
from lms.web.classroom.class_context import ClassroomError, FacilitatorContext
from lms.web.classroom.class_header import class_header, count_phones
from lms.web.classroom.desk.actions import DemoPath, DeskAction
from lms.web.classroom.desk.preview import demo_path, screen_instructions
from lms.web.classroom.desk.room_actions import REMOVE_WAIT_SCREEN
from lms.web.classroom.wall.screen_row import row_screens
from lms.web.database import session
from lms.web.language import translate

WAIT_SCREEN_HINT = mark_for_translation(
    "Ai tới màn này thì dừng lại chờ cả lớp. Người đi trước rồi thì không phải quay lại."
)
WAITING_HINT = mark_for_translation("Bà con tới màn này đang chờ. Chạm để mọi người đi tiếp.")


@dataclass(frozen=True, slots=True)
class StuckScreen:
    """The screen where most learners are stuck, with the form fields of the command that demonstrates it."""

    id: str
    title: str
    count: int  # learners stuck on it
    fields: tuple[tuple[str, str], ...]


def render_screen(context: FacilitatorContext, screen_id: str) -> str:
    """Render one screen of the practice: who is there, demonstrate it, make everybody wait at it.

    Raises:
        ClassroomError: the practice has no such screen.
    """
    practice = context.lesson.practice
    screen = practice.screen(screen_id) if practice else None
    if practice is None or screen is None:
        raise ClassroomError(
            404,
            translate("Bài tập không có màn này"),
            translate("Bài có thể vừa được sửa."),
            context.base_url,
            translate("Về điều khiển"),
        )
    positions, path = row_screens(practice), demo_path(practice)
    seats_here = [
        seat
        for seat in find_seats(session(), context.class_session.id)
        if seat.screen is not None
        and not seat.removed
        and positions.get(seat.screen) == positions.get(screen_id, screen_id)
    ]
    is_wait_screen = context.class_session.state.wait_screen == screen_id
    return render_template(
        "classroom/desk/practice_screen.html",
        account=context.account,
        class_header=class_header(context.class_session, count_phones(context.class_session.id)),
        base_url=context.base_url,
        title=screen.title,
        count=sum(seat.people for seat in seats_here),
        show_command=show_screen_command(screen_id, path),
        wait_screen_action=REMOVE_WAIT_SCREEN
        if is_wait_screen
        else DeskAction(translate("Dừng cả lớp ở màn này"), fields=(("gate", screen_id),), icon="pause"),
        wait_screen_hint=translate(WAITING_HINT if is_wait_screen else WAIT_SCREEN_HINT),
        instructions=screen_instructions(practice, screen_id),
        seats=seats_here,
    )


def stuck_screen(practice: Practice | None, snapshot: Mapping[str, Any], path: DemoPath) -> StuckScreen | None:
    """The screen where most learners are stuck; None if there is none or it is off the expected path."""
    positions = row_screens(practice) if practice and snapshot["stuck"] else {}
    position = positions.get(snapshot["stuck"])
    if position is None:
        return None
    screen = practice.screen(position) if practice else None
    if screen is None:
        return None
    count = sum(positions.get(entry["screen"]) == position for entry in snapshot["stuck_list"])
    return StuckScreen(screen.id, screen.title, count, show_screen_command(screen.id, path))


def show_screen_command(screen: str, path: DemoPath) -> tuple[tuple[str, str], ...]:
    """Form fields that demonstrate one screen from its first step; () for a screen off the expected path."""
    first, last = path.step_range(screen)
    return (("demo_of", screen), ("demo", str(first))) if last >= first else ()
