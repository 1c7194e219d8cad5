"""Render one seat for helpers: the screen on the learner's phone and what to do there.

The screen is rendered from the practice and the attempt's drawn data, so it never holds what the learner typed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import render_template
from markupsafe import Markup

from lms.content.links import LinkResolver
from lms.content.model import Practice, Screen
from lms.learning.accounts.account import Account
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.session.seat_store import Seat
from lms.learning.errors import NotFound
from lms.learning.practice import attempts
from lms.learning.practice.attempts import Attempt
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.classroom.class_context import ClassContext
from lms.web.classroom.class_header import class_header
from lms.web.classroom.helper_pages.help_list import HelpEntry, help_entries
from lms.web.classroom.wall.practice_demonstration import StillScreen
from lms.web.database import session
from lms.web.language import translate
from lms.web.practice.app_stylesheet import stylesheet_url
from lms.web.practice.data_fill import DataFiller
from lms.web.practice.demo_walkthrough import demo_steps
from lms.web.practice.feedback import expected_widget, instruction
from lms.web.practice.phone_components import phone_components
from lms.web.practice.phone_icons import icon_sheet
from lms.web.practice.screen_views import ScreenViews
from lms.web.request_context import library

NOT_PRACTISING = mark_for_translation("Máy này chưa vào bài tập. Bảo bà con chạm nút vào bài tập trên máy mình.")
NO_PHONE = mark_for_translation("Chỗ này không có máy. Người ở đây xem chung, trả lời bằng giơ tay.")
PRACTICE_ENDED = mark_for_translation("Máy này đã tập xong.")
PRACTICE_CHANGED = mark_for_translation("Bài tập vừa được sửa, nên không vẽ lại được màn trên máy ấy.")


def render_seat(
    context: ClassContext, seat: Seat, *, account: Account | None, helper_name: str, steers: bool, message: str
) -> str:
    snapshot = snapshots.find_desk_snapshot(session(), context.class_session.id, library(), clock.now())
    stuck = [stuck_seat for stuck_seat in snapshot["stuck_list"] if stuck_seat["seat"] == seat.number]
    [entry] = help_entries(stuck, context.lesson.practice) or [None]
    attempt = _find_seat_attempt(seat)
    screen_view = (
        _screen_view(context, attempt)
        if attempt
        else {"screen": None, "no_screen_reason": translate(NO_PHONE if seat.added else NOT_PRACTISING)}
    )
    return render_template(
        "classroom/helper_pages/seat.html",
        account=account,
        class_header=class_header(context.class_session, snapshot["machines"]),
        base_url=context.base_url,
        seat=seat,
        message=message,
        is_removed=seat.removed,
        help_reason=_help_reason(entry),
        help_icon=entry.icon if entry else "",
        actions=_helper_actions(seat, helper_name, steers),
        has_replay=_has_ended_attempts(seat),
        **screen_view,
    )


def _help_reason(entry: HelpEntry | None) -> str:
    if entry is None:
        return ""
    reason = translate("{name} đang giúp").format(name=entry.helper) if entry.helper else entry.reason
    return f"{reason}. {entry.location}" if entry.location else reason


def _helper_actions(seat: Seat, helper_name: str, steers: bool) -> list[tuple[str, str, str, bool]]:
    """The buttons as ``(viec, label, icon, is_main)``."""
    if seat.removed:
        return [("cho-vao", translate("Cho vào lại"), "next", True)] if steers else []
    actions = []
    if seat.helper_name == helper_name:
        actions += [
            ("xong", translate("Xong rồi"), "tick", True),
            ("thoi", translate("Thôi, để người khác"), "", False),
        ]
    else:
        actions.append(
            ("toi-den", translate("Tôi đến") if not seat.helper_name else translate("Tôi đến thay"), "hand", True)
        )
    if steers and not seat.added:
        actions.append(("moi-ra", translate("Mời ra khỏi lớp"), "cross", False))
    return actions


def _find_seat_attempt(seat: Seat) -> Attempt | None:
    if seat.attempt_id is None or seat.learner_id is None:
        return None
    try:
        return attempts.find_attempt(session(), seat.learner_id, seat.attempt_id)
    except NotFound:  # the learner deleted their data
        return None


def _has_ended_attempts(seat: Seat) -> bool:
    learner_id = seat.learner_id
    return learner_id is not None and bool(
        attempts.ended_attempts_at_seat(session(), learner_id, seat.class_id, seat.number)
    )


def _screen_view(context: ClassContext, attempt: Attempt) -> dict[str, Any]:
    practice = context.lesson.practice_named(attempt.practice)
    if practice is None or practice.digest != attempt.content_digest:
        return {"screen": None, "no_screen_reason": translate(PRACTICE_CHANGED)}
    views = ScreenViews(practice, "xem-mau", LinkResolver(Path(context.lesson.folder)).picture_url, attempt.data)
    screen = _current_screen(practice, attempt)
    return {
        "screen": views.screen(screen.id),
        "view": StillScreen(expected_widget(screen), {}, {}),
        "no_screen_reason": "",
        "instructions": (translate(PRACTICE_ENDED),) if attempt.ended else _instructions(practice, attempt),
        "icons": icon_sheet(views.icons()),
        "phone_components": phone_components(practice),
        "colours": stylesheet_url(context.course),
    }


def _current_screen(practice: Practice, attempt: Attempt) -> Screen:
    return next(screen for screen in practice.screens if screen.id == attempt.state["screen"])


def _instructions(practice: Practice, attempt: Attempt) -> tuple[Markup, ...]:
    """What to do on the learner's screen; off the expected path, how to get back to it."""
    filler, screen = DataFiller(attempt.data), _current_screen(practice, attempt)
    texts = tuple(step.text for step in demo_steps(practice, attempt.data) if step.screen == screen.id)
    if texts:
        return texts
    lost = (filler.text(screen.lost),) if screen.lost else ()
    widget_index = expected_widget(screen)
    return (*lost, instruction(screen.widgets[widget_index], filler)) if widget_index is not None else lost
