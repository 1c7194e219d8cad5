"""Every sentence a screen can say back, keyed as the engine's ``said`` names it: page and script show the same one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from lms.content.model import FIELD_ROLES, TAP_ROLES, Practice, Screen, Widget
from lms.web.practice.data_fill import Filler
from lms.web.practice.screen_numbers import right_way

# What a rule asks for, said to somebody who is shown the way.
RULE_WORDS = {
    "mat-khau-manh": Markup(
        "Bác tự nghĩ một mật khẩu từ 8 ký tự, có chữ HOA, chữ thường, số và ký tự như @. Gõ vào ô “{}”."
    ),
    "6-so": Markup("Bác tự nghĩ 6 chữ số không liền nhau, không giống nhau cả. Gõ vào ô “{}”."),
    "co-chu": Markup("Bác gõ vài chữ vào ô “{}”."),
}
SIDE_WAY = Markup("Chỗ “{}” không hại gì, nhưng chưa phải lúc này. Bác đọc lại câu ở trên nhé.")
# Where no script counts the seconds, a button stands for them.
WAITING_BY_HAND = Markup("Bác đợi một chút. Thấy nút “Tiếp” thì bác chạm vào.")
TYPED_ROLES = frozenset({"number", "text", "password"})
# Nor can anything be typed there: a field offers answers to pick from, see choices.py.
PICKED_BY_HAND = {
    "mat-khau-manh": Markup("Bác chọn một mật khẩu từ 8 ký tự, có chữ HOA, chữ thường, số và ký tự như @, ở ô “{}”."),
    "6-so": Markup("Bác chọn 6 chữ số không liền nhau, không giống nhau cả, ở ô “{}”."),
    "co-chu": Markup("Bác chọn chỗ có vài chữ ở ô “{}”."),
}
FATAL = Markup("{} Bác đi tiếp cho quen. Muốn có dấu làm được thì tập lại một lượt nhé.")
SAID_WITHOUT_PLACE = frozenset({"idle", "miss", "done"})


@dataclass(frozen=True, slots=True)
class Note:
    key: str
    tone: Literal["careful", "trap", "tip", "right"]
    text: Markup
    more: Markup | None = None  # what follows it, less loud
    by_hand: Markup | None = None  # what is said instead where no script runs


def said_key(said: Sequence[object] | None, widgets: Sequence[Mapping[str, object]]) -> str:
    """The key of what the last event calls for: ``["wrong", 2]`` is "wrong 2"; nothing is "".

    ``widgets`` are the model's of the present screen: a tap that leads nowhere has words of its own where the author
    wrote some.
    """
    if not said:
        return ""
    has_own_words = said[0] == "idle" and "warn" in widgets[said[1]]
    if said[0] in SAID_WITHOUT_PLACE and not has_own_words:
        return str(said[0])
    return " ".join(str(part) for part in said)


def screen_notes(practice: Practice, screen: Screen, filler: Filler, mode: str) -> tuple[Note, ...]:
    """All notes of one screen. In a guided attempt side ways and traps explain themselves and stay; in a test nothing
    is said but what a field or an empty place says; what is only watched says nothing back."""
    if mode == "xem-mau":
        return ()
    found = [*_wrong(screen, filler)]
    if any(widget.role in TAP_ROLES and not widget.arrow for widget in screen.widgets):
        found.append(Note("idle", "tip", Markup("Trong bài tập, chỗ đó không dẫn đi đâu. Bác đọc lại câu ở trên nhé.")))
    found.append(Note("miss", "tip", Markup("Chỗ bác vừa chạm không phải nút. Bác chạm vào nút có chữ nhé.")))
    if mode == "kiem-tra":
        return tuple(found)
    found += _staying(screen, filler) if mode == "lam-theo" else _warnings(practice, screen, filler)
    found += _idle(screen, filler)
    found.append(Note("done", "right", Markup("Máy đã làm giúp bác bước trước. Bác làm tiếp bước này nhé.")))
    found += [*_pointing(screen, filler), *_hints(screen, filler)]
    return tuple(found)


def _hints(screen: Screen, filler: Filler) -> Iterator[Note]:
    for number, hint in enumerate(screen.hints, start=1):
        why = filler.text(screen.why) if screen.why and number == 1 else None
        yield Note(f"hint {number}", "tip", filler.text(hint), why)


def _pointing(screen: Screen, filler: Filler) -> Iterator[Note]:
    way = right_way(screen)
    for place, widget in enumerate(screen.widgets):
        if widget.role in FIELD_ROLES or place == way:
            yield Note(f"point {place}", "tip", pointing_words(widget, filler), by_hand=_by_hand(widget, filler))


def pointing_words(widget: Widget, filler: Filler) -> Markup:
    """What to do with the thing that the hand points at."""
    label = filler.text(widget.label)
    if widget.role == "switch":
        return Markup("Bác gạt công tắc “{}” sang {}.").format(label, filler.text(widget.values[0]))
    if widget.role == "select":
        return Markup("Bác chọn “{}” ở ô “{}”.").format(filler.text(widget.values[0]), label)
    if widget.role in FIELD_ROLES:
        if widget.rule:
            return RULE_WORDS[widget.rule].format(label)
        return Markup("Bác gõ <strong>{}</strong> vào ô “{}”.").format(filler.text(widget.values[0]), label)
    if widget.role == "wait":
        return Markup("Bác đợi một chút.")
    if widget.role == "scan":
        return Markup("Bác chạm “{}”, giữ một lúc cũng được.").format(label)
    return Markup("Bác chạm “{}”.").format(label)


def _by_hand(widget: Widget, filler: Filler) -> Markup | None:
    """What is said in place of ``pointing_words`` where no script runs; None where these hold, too."""
    if widget.role == "wait":
        return WAITING_BY_HAND
    if widget.role not in TYPED_ROLES:
        return None
    label = filler.text(widget.label)
    if widget.rule:
        return PICKED_BY_HAND[widget.rule].format(label)
    return Markup("Bác chọn <strong>{}</strong> ở ô “{}”.").format(filler.text(widget.values[0]), label)


def _wrong(screen: Screen, filler: Filler) -> Iterator[Note]:
    for place, widget in enumerate(screen.widgets):
        if widget.wrong:
            yield Note(f"wrong {place}", "careful", filler.text(widget.wrong))


def _idle(screen: Screen, filler: Filler) -> Iterator[Note]:
    for place, widget in enumerate(screen.widgets):
        if widget.warn and not widget.arrow:
            yield Note(f"idle {place}", "careful", filler.text(widget.warn))


def _staying(screen: Screen, filler: Filler) -> Iterator[Note]:
    for place, widget in enumerate(screen.widgets):
        if widget.arrow in ("->", "x>"):
            tone = "trap" if widget.arrow == "x>" else "careful"
            text = filler.text(widget.warn) if widget.warn else SIDE_WAY.format(filler.text(widget.label))
            yield Note(f"stay {place}", tone, text)


def _warnings(practice: Practice, screen: Screen, filler: Filler) -> Iterator[Note]:
    """What is said on arriving here through a trap, or through a side way that has a word to say."""
    for origin in practice.screens:
        for place, widget in enumerate(origin.widgets):
            if widget.warn and widget.target == screen.id and widget.arrow != "=>":
                tone = "trap" if widget.arrow == "x>" else "careful"
                tapped = Markup("Bác vừa chạm “{}”.").format(filler.text(widget.label))
                more = FATAL.format(tapped) if widget.fatal else tapped
                yield Note(f"warn {origin.id} {place}", tone, filler.text(widget.warn), more)
