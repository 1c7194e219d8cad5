"""All feedback that a screen can show, keyed like the engine's ``said``.

The page without a script and the script show the same texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

from lms.content.model import FIELD_ROLES, GESTURE_ROLES, TAP_ROLES, Direction, Mode, Practice, Role, Screen, Widget
from lms.message_catalog import mark_for_translation
from lms.web.language import translate, translate_markup
from lms.web.practice.data_fill import DataFiller

# How to fill a field that only has to satisfy a rule.
RULE_INSTRUCTIONS = {
    "mat-khau-manh": mark_for_translation(
        "Bác tự nghĩ một mật khẩu từ 8 ký tự, có chữ HOA, chữ thường, số và ký tự như @. Gõ vào ô “{}”."
    ),
    "6-so": mark_for_translation("Bác tự nghĩ 6 chữ số không liền nhau, không giống nhau cả. Gõ vào ô “{}”."),
    "co-chu": mark_for_translation("Bác gõ vài chữ vào ô “{}”."),
}
DEFAULT_SIDE_WAY_WARNING = mark_for_translation(
    "Chỗ “{}” không hại gì, nhưng chưa phải lúc này. Bác đọc lại việc cần làm nhé."
)
# Without a script a button takes the place of the countdown.
NOJS_WAIT = mark_for_translation("Bác đợi một chút. Thấy nút “Tiếp” thì bác chạm vào.")
TYPED_ROLES = frozenset({"number", "text", "password"})
# Without a script nothing is typed: a field offers values to choose from, see nojs_field_choices.py.
NOJS_RULE_INSTRUCTIONS = {
    "mat-khau-manh": mark_for_translation(
        "Bác chọn một mật khẩu từ 8 ký tự, có chữ HOA, chữ thường, số và ký tự như @, ở ô “{}”."
    ),
    "6-so": mark_for_translation("Bác chọn 6 chữ số không liền nhau, không giống nhau cả, ở ô “{}”."),
    "co-chu": mark_for_translation("Bác chọn chỗ có vài chữ ở ô “{}”."),
}
TAP = mark_for_translation("Bác chạm “{}”.")
SCROLL_AND_TAP = mark_for_translation("Bác kéo lên tới khi thấy “{}”, rồi chạm vào đó.")
VISIBLE_ROWS = 4  # of a screen that scrolls, before it is scrolled
GESTURES: dict[tuple[Role, Direction | None], str] = {
    ("swipe", "up"): mark_for_translation("Bác đặt ngón tay lên {}, rồi kéo lên."),
    ("swipe", "down"): mark_for_translation("Bác đặt ngón tay lên {}, rồi kéo xuống."),
    ("swipe", "left"): mark_for_translation("Bác đặt ngón tay lên {}, rồi kéo sang trái."),
    ("swipe", "right"): mark_for_translation("Bác đặt ngón tay lên {}, rồi kéo sang phải."),
    ("press", None): mark_for_translation("Bác đặt ngón tay lên {}, giữ yên một lúc rồi nhấc ra."),
    ("pinch", "out"): mark_for_translation("Bác đặt hai ngón tay lên {}, rồi mở hai ngón ra."),
    ("pinch", "in"): mark_for_translation("Bác đặt hai ngón tay lên {}, rồi chụm hai ngón lại."),
    ("double-tap", None): mark_for_translation("Bác chạm vào {} hai cái liền nhau."),
}
FATAL_TRAP = mark_for_translation("{} Bác đi tiếp cho quen. Muốn có dấu làm được thì tập lại một lượt nhé.")
MISSED_BUTTON = mark_for_translation("Chỗ bác vừa chạm không phải nút. Bác chạm vào nút có chữ nhé.")
MISSED_GESTURE = mark_for_translation("Gần được rồi. {}")
MISSED_IN_TEST = mark_for_translation("Máy chưa nhận ra ngón tay của bác. Bác đọc lại việc cần làm rồi làm lại nhé.")
# Their instruction says no more than their label.
BUTTON_ROLES = frozenset({"button", "icon", "link", "back"})
EMPTY_FIELD = mark_for_translation("Ô “{}” còn trống. Bác {} nhé.")
HAND_PICTURE = mark_for_translation("hình bàn tay")
SWITCH_STATES = (mark_for_translation("bật"), mark_for_translation("tắt"))  # the values of a switch
EMPTY_VALUES = ("", "?0")  # a field that was not touched, and one that was emptied
SCREEN_LEVEL_NOTES = frozenset({"idle", "miss", "done"})


@dataclass(frozen=True, slots=True)
class FeedbackNote:
    """One sentence of feedback, shown when the engine calls for its ``key``."""

    key: str
    tone: Literal["careful", "trap", "tip", "right"]
    text: Markup
    detail: Markup | None = None  # a second, less prominent sentence
    nojs_text: Markup | None = None  # replaces ``text`` without a script
    repeats_task: bool = False  # the script shows it only where the task is scrolled away


def note_key(feedback: Sequence[Any] | None, widgets: Sequence[Mapping[str, Any]], values: Sequence[str | None]) -> str:
    """The key of the note that the last event calls for: ``["wrong", 2]`` gives "wrong 2", nothing gives "".

    ``widgets`` are those of the current screen in the model: a tap that leads nowhere has its own note where its widget
    has a warning. ``values`` are those of the screen's fields: a wrong one that is empty gives "empty 2".
    """
    if not feedback:
        return ""
    if feedback[0] == "wrong" and values[feedback[1]] in EMPTY_VALUES:
        return f"empty {feedback[1]}"
    has_own_text = feedback[0] == "idle" and "warn" in widgets[feedback[1]]
    if feedback[0] in SCREEN_LEVEL_NOTES and not has_own_text:
        return str(feedback[0])
    return " ".join(str(part) for part in feedback)


def screen_notes(practice: Practice, screen: Screen, filler: DataFiller, mode: str) -> tuple[FeedbackNote, ...]:
    """All notes of one screen.

    In guided mode side ways and traps explain themselves and lead nowhere. In a test only fields and idle taps give
    feedback. A demonstration gives none.
    """
    if mode == "xem-mau":
        return ()
    notes = [*_empty_field_notes(screen, filler), *_wrong_value_notes(screen, filler)]
    if any(widget.role in TAP_ROLES and not widget.arrow for widget in screen.widgets):
        notes.append(
            FeedbackNote(
                "idle", "tip", translate_markup("Trong bài tập, chỗ đó không dẫn đi đâu. Bác đọc lại việc cần làm nhé.")
            )
        )
    notes.append(FeedbackNote("miss", "tip", _miss_text(screen, mode)))
    if mode == Mode.TEST:
        return tuple(notes)
    notes += _refused_tap_notes(screen, filler) if mode == Mode.FOLLOW else _arrival_warnings(practice, screen, filler)
    notes += _idle_tap_notes(screen, filler)
    notes.append(
        FeedbackNote("done", "right", translate_markup("Máy đã làm giúp bác bước trước. Bác làm tiếp bước này nhé."))
    )
    notes += [*_pointing_notes(screen, filler), *_hint_notes(screen, filler)]
    return tuple(notes)


def _miss_text(screen: Screen, mode: str) -> Markup:
    """The answer to a tap or a swipe that hit nothing. In a test it must not reveal which way is right."""
    if mode == Mode.TEST and any(widget.role in GESTURE_ROLES for widget in screen.widgets):
        return translate_markup(MISSED_IN_TEST)
    expected = expected_widget(screen)
    if expected is None or screen.widgets[expected].role not in GESTURE_ROLES:
        return translate_markup(MISSED_BUTTON)
    how = gesture_instruction(screen.widgets[expected]).format(translate(HAND_PICTURE))
    return translate_markup(MISSED_GESTURE).format(how)


def _hint_notes(screen: Screen, filler: DataFiller) -> Iterator[FeedbackNote]:
    for number, hint in enumerate(screen.hints, start=1):
        why = filler.text(screen.why) if screen.why and number == 1 else None
        yield FeedbackNote(f"hint {number}", "tip", filler.text(hint), why)


def _pointing_notes(screen: Screen, filler: DataFiller) -> Iterator[FeedbackNote]:
    expected = expected_widget(screen)
    for index, widget in enumerate(screen.widgets):
        if widget.role in FIELD_ROLES or index == expected:
            yield FeedbackNote(
                f"point {index}",
                "tip",
                screen_instruction(screen, index, filler),
                nojs_text=_nojs_instruction(widget, filler),
                repeats_task=_repeats_task(widget, screen),
            )


def _repeats_task(widget: Widget, screen: Screen) -> bool:
    """Whether the task ends with the button that the hand points at, and there is nothing else to do on the screen."""
    is_only_tap = (
        widget.role in BUTTON_ROLES
        and not screen.scrolls
        and all(other.role not in FIELD_ROLES for other in screen.widgets)
    )
    last_sentence = re.split(r"[.!?]\s", (screen.task or "").rstrip("."))[-1]
    is_named = re.search(rf"\b{re.escape(widget.label)}\b", last_sentence, re.IGNORECASE)
    return is_only_tap and bool(is_named) and not any(word in last_sentence for word in (" hoặc ", " or "))


def instruction(widget: Widget, filler: DataFiller) -> Markup:
    """What to do with the widget that the hand points at."""
    label = filler.on_phone(widget.label)
    if widget.role == "switch":
        return translate_markup("Bác gạt công tắc “{}” sang {}.").format(label, translate(widget.values[0]))
    if widget.role == "select":
        return translate_markup("Bác chọn “{}” ở ô “{}”.").format(filler.text(widget.values[0]), label)
    if widget.role in FIELD_ROLES:
        if widget.rule:
            return rule_instruction(widget.rule).format(label)
        return translate_markup("Bác gõ <strong>{}</strong> vào ô “{}”.").format(filler.text(widget.values[0]), label)
    if widget.role == "wait":
        return translate_markup("Bác đợi một chút.")
    if widget.role == "scan":
        return translate_markup("Bác chạm “{}”, giữ một lúc cũng được.").format(label)
    if widget.role in GESTURE_ROLES:
        return gesture_instruction(widget).format(Markup("“{}”").format(label))
    return translate_markup(TAP).format(label)


def screen_instruction(screen: Screen, index: int, filler: DataFiller) -> Markup:
    """Like ``instruction``; on a screen that scrolls it says that the widget may be out of sight."""
    widget = screen.widgets[index]
    is_below = screen.scrolls and index >= VISIBLE_ROWS and widget.role in TAP_ROLES - GESTURE_ROLES
    return (
        translate_markup(SCROLL_AND_TAP).format(filler.on_phone(widget.label))
        if is_below
        else instruction(widget, filler)
    )


def rule_instruction(rule: str) -> Markup:
    """How to fill a field that only has to satisfy a rule, with a place for its label."""
    return translate_markup(RULE_INSTRUCTIONS[rule])


def gesture_instruction(widget: Widget) -> Markup:
    """How to make a gesture, with a place for where."""
    return translate_markup(GESTURES[widget.role, widget.direction])


def _nojs_instruction(widget: Widget, filler: DataFiller) -> Markup | None:
    """What replaces ``instruction`` without a script; None if it holds there, too."""
    if widget.role == "wait":
        return translate_markup(NOJS_WAIT)
    label = filler.on_phone(widget.label)
    if widget.role in GESTURE_ROLES:
        return translate_markup(TAP).format(label)
    if widget.role not in TYPED_ROLES:
        return None
    if widget.rule:
        return translate_markup(NOJS_RULE_INSTRUCTIONS[widget.rule]).format(label)
    return translate_markup("Bác chọn <strong>{}</strong> ở ô “{}”.").format(filler.text(widget.values[0]), label)


def _wrong_value_notes(screen: Screen, filler: DataFiller) -> Iterator[FeedbackNote]:
    for index, widget in enumerate(screen.widgets):
        if widget.wrong:
            yield FeedbackNote(f"wrong {index}", "careful", filler.text(widget.wrong))


def _empty_field_notes(screen: Screen, filler: DataFiller) -> Iterator[FeedbackNote]:
    for index, widget in enumerate(screen.widgets):
        if widget.role in FIELD_ROLES and widget.role != "switch":
            label = filler.on_phone(widget.label)
            to_choose = translate_markup(EMPTY_FIELD).format(label, translate("chọn một dòng"))
            is_typed = widget.role in TYPED_ROLES
            text = translate_markup(EMPTY_FIELD).format(label, translate("gõ vào đó")) if is_typed else to_choose
            yield FeedbackNote(f"empty {index}", "careful", text, nojs_text=to_choose if is_typed else None)


def _idle_tap_notes(screen: Screen, filler: DataFiller) -> Iterator[FeedbackNote]:
    for index, widget in enumerate(screen.widgets):
        if widget.warn and not widget.arrow:
            yield FeedbackNote(f"idle {index}", "careful", filler.text(widget.warn))


def _refused_tap_notes(screen: Screen, filler: DataFiller) -> Iterator[FeedbackNote]:
    for index, widget in enumerate(screen.widgets):
        if widget.arrow in ("->", "x>"):
            tone = "trap" if widget.arrow == "x>" else "careful"
            text = (
                filler.text(widget.warn)
                if widget.warn
                else translate_markup(DEFAULT_SIDE_WAY_WARNING).format(filler.on_phone(widget.label))
            )
            yield FeedbackNote(f"stay {index}", tone, text)


def _arrival_warnings(practice: Practice, screen: Screen, filler: DataFiller) -> Iterator[FeedbackNote]:
    """The warnings on arriving through a trap, or through a side way that has a warning."""
    for origin in practice.screens:
        for index, widget in enumerate(origin.widgets):
            if widget.warn and widget.target == screen.id and widget.arrow != "=>":
                tone = "trap" if widget.arrow == "x>" else "careful"
                tapped = translate_markup("Bác vừa chạm “{}”.").format(filler.on_phone(widget.label))
                detail = translate_markup(FATAL_TRAP).format(tapped) if widget.fatal else tapped
                yield FeedbackNote(f"warn {origin.id} {index}", tone, filler.text(widget.warn), detail)


def expected_widget(screen: Screen) -> int | None:
    """The index of the first ``=>`` on a screen, or None."""
    return next((index for index, widget in enumerate(screen.widgets) if widget.arrow == "=>"), None)
