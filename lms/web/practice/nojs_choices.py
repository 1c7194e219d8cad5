"""What a field offers where nothing can be typed: the right answer among near misses of it."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass

from lms.content.model import Widget
from lms.content.practice.fields import matches
from lms.web.practice.data_fill import Filler

# An example that holds for each rule, then two that do not; they are made up and stand on no card.
EXAMPLES = {
    "mat-khau-manh": ("HocTap@2026", "12345678", "hoctap"),
    "6-so": ("285904", "123456", "2859"),
    "co-chu": ("Tôi đã đọc", ""),
}
NOTHING = "Không gõ gì"
GRAVE, ACUTE, HOOK, TILDE, DOT = "\u0300\u0301\u0309\u0303\u0323"
# What a syllable may have instead: the one that is mixed up with it, and that goes with each of its endings.
OTHER_TONE = {GRAVE: ACUTE, ACUTE: DOT, DOT: ACUTE, HOOK: TILDE, TILDE: HOOK}


@dataclass(frozen=True, slots=True)
class Choice:
    """``wire`` is what the form sends and an event carries: an own value, "~ok" or "?" with a length."""

    wire: str
    text: str


def field_choices(widget: Widget, filler: Filler) -> tuple[Choice, ...]:
    """The choices of one field, each with a wire value of its own, in an order that tells nothing.

    A select offers its items in file order; a switch has no choices, it is a switch.
    """
    if widget.role == "select":
        items = (filler.plain(item) for item in widget.items)
        return tuple(Choice(item, item) for item in items)
    if widget.role == "switch":
        return ()
    if widget.rule:
        good, *bad = EXAMPLES[widget.rule]
        found = [Choice("~ok", good)] + [Choice(unknown(text), text or NOTHING) for text in bad]
    else:
        own = [filler.plain(value) for value in widget.values]
        found = [Choice(own[0], own[0])] + [Choice(unknown(text), text) for text in near_misses(widget.role, own)]
    return tuple(sorted(found, key=lambda choice: hashlib.sha256(f"{widget.label}{choice.text}".encode()).digest()))


def unknown(text: str) -> str:
    """How a value that is nobody's own leaves the phone: its length only."""
    return f"?{len(text)}"


def near_misses(role: str, own: list[str]) -> list[str]:
    """Two slips of a finger on the first value: two neighbours swapped, and one letter left out. Of Vietnamese words
    that would leave letters that are no word ("bún òb"), and look like a fault of the page: there it is another tone,
    and a word left out.

    Their lengths differ, so the form can tell them apart by the wire value alone.
    """
    value = unicodedata.normalize("NFC", own[0])
    toned = "" if value[-2:].isdecimal() else with_other_tone(value)
    left_out = value[:-2] + value[-1:] if len(value) > 1 else value + value
    slips = [toned, *shortened(value)] if toned else [swapped(value), left_out, value + value[-1:]]
    by_length: dict[int, str] = {}
    for slip in slips:
        if not matches(role, own, slip):  # a field looks at no signs between digits: "15" is "1.5" to it
            by_length.setdefault(len(slip), slip)
    return list(by_length.values())[:2]


def with_other_tone(value: str) -> str:
    """The last syllable that has a tone mark has another one; "" where none has. ``value`` is composed."""
    for place in reversed(range(len(value))):
        parts = unicodedata.normalize("NFD", value[place])
        tone = next((part for part in parts if part in OTHER_TONE), None)
        if tone:
            # The other mark goes last: in ệ the dot stands before the hat, where an acute makes no letter.
            letter = unicodedata.normalize("NFC", parts.replace(tone, "") + OTHER_TONE[tone])
            return value[:place] + letter + value[place + 1 :]
    return ""


def shortened(value: str) -> list[str]:
    """Without its last word, without its first one; a single word without its last letter, a letter alone twice."""
    words = value.split()
    return [" ".join(words[:-1]), " ".join(words[1:])] if len(words) > 1 else [value[:-1] or value + value]


def swapped(value: str) -> str:
    """The last two neighbours that differ change places; where none do, the last one is another."""
    for place in range(len(value) - 1, 0, -1):
        first, second = value[place - 1 : place + 1]
        if first != second and (first + second).isalnum():  # "450.00" has the digits of "45.000", which is right
            return value[: place - 1] + second + first + value[place + 1 :]
    last = str((int(value[-1]) + 1) % 10) if value[-1:].isdecimal() else "x"
    return value[:-1] + last
