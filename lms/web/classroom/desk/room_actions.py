"""Buttons for the whole room at any step: pause, break, door, wait screen, and what wall and phones show."""

from __future__ import annotations

from dataclasses import replace

from lms.learning.classroom.access.projectors import NO_PROJECTORS, PairedProjectors
from lms.learning.classroom.session.state import BREAK_LENGTHS, ClassState
from lms.learning.classroom.session.steps import FixedStepKey
from lms.message_catalog import mark_for_translation
from lms.web.classroom.desk.actions import NULL, DeskAction
from lms.web.language import translate

PAUSE = DeskAction(mark_for_translation("Mời nhìn lên"), fields=(("paused", "true"),), icon="pause")
RESUME = DeskAction(
    mark_for_translation("Mở lại các máy"),
    mark_for_translation("Bà con làm tiếp trên máy mình"),
    (("paused", "false"),),
    icon="next",
)
CLOSE_DOOR = DeskAction(mark_for_translation("Khép cửa"), fields=(("shut", "true"),), icon="lock")
OPEN_DOOR = DeskAction(mark_for_translation("Mở cửa"), fields=(("shut", "false"),), icon="people")
SHOW_ON_PHONES = DeskAction(
    mark_for_translation("Máy chiếu hỏng? Hiện trên các máy"), fields=(("on_phones", "true"),), icon="phone"
)
SHOW_WITHOUT_PROJECTOR = replace(SHOW_ON_PHONES, label=mark_for_translation("Không có máy chiếu? Hiện trên các máy"))
HIDE_ON_PHONES = DeskAction(
    mark_for_translation("Thôi hiện trên các máy"), fields=(("on_phones", "false"),), icon="cross"
)
END_BREAK = DeskAction(
    mark_for_translation("Hết nghỉ, học tiếp"),
    mark_for_translation("Màn chiếu và các máy về lại bài"),
    (("break", NULL),),
    icon="next",
)
SHOW_CODES = DeskAction(mark_for_translation("Hiện lại mã trong 20 giây"), fields=(("codes", "true"),), icon="screen")
REMOVE_WAIT_SCREEN = DeskAction(
    mark_for_translation("Thôi chờ"), mark_for_translation("Cả lớp qua màn ấy được"), (("gate", NULL),), icon="next"
)


def pause_action(state: ClassState) -> DeskAction:
    """The button that pauses the class or resumes it."""
    return RESUME if state.paused else PAUSE


def phones_action(state: ClassState, kind: str, projectors: PairedProjectors) -> DeskAction | None:
    """The button that shows on phones what the wall shows, or takes that back; None where they have their own."""
    if state.mirrored_on_phones:
        return HIDE_ON_PHONES
    if kind not in ("slide", "demo"):
        return None
    return SHOW_WITHOUT_PROJECTOR if projectors == NO_PROJECTORS else SHOW_ON_PHONES


def show_codes_action(state: ClassState) -> DeskAction | None:
    """The button for who comes late; None while the wall shows how to join anyway, or nobody may."""
    return SHOW_CODES if state.step != FixedStepKey.JOIN and not state.door_closed else None


def break_actions() -> tuple[DeskAction, ...]:
    """The breaks that can be begun, by their minutes."""
    words = translate("{length} phút")
    return tuple(DeskAction(words.format(length=length), fields=(("break", str(length)),)) for length in BREAK_LENGTHS)
