"""Choices for a field without a script, where nothing can be typed: the right value among near misses."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass

from lms.content.model import Widget
from lms.content.practice.fields import equals_one_of_values
from lms.message_catalog import mark_for_translation
from lms.web.language import translate
from lms.web.practice.data_fill import DataFiller

# For each rule a value that satisfies it, then some that do not. They are made up and on no task card.
RULE_EXAMPLES = {
    "mat-khau-manh": ("HocTap@2026", "12345678", "hoctap"),
    "6-so": ("285904", "123456", "2859"),
    "co-chu": ("Tôi đã đọc", ""),
}
NO_INPUT = mark_for_translation("Không gõ gì")
GRAVE, ACUTE, HOOK, TILDE, DOT = "\u0300\u0301\u0309\u0303\u0323"
# Another tone for a syllable: one that people confuse with it and that every ending of the syllable allows.
OTHER_TONE = {GRAVE: ACUTE, ACUTE: DOT, DOT: ACUTE, HOOK: TILDE, TILDE: HOOK}


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """``value`` is what the form sends and an event carries: an accepted value, "~ok", or "?" with a length."""

    value: str
    text: str


def field_choices(widget: Widget, filler: DataFiller) -> tuple[FieldChoice, ...]:
    """The choices of one field, each with its own value, in an order that does not give the right one away.

    A select offers its items in the order of the file; a switch has no choices.
    """
    if widget.role == "select":
        items = (filler.plain(item) for item in widget.items)
        return tuple(FieldChoice(item, item) for item in items)
    if widget.role == "switch":
        return ()
    if widget.rule:
        good, *bad = RULE_EXAMPLES[widget.rule]
        choices = [FieldChoice("~ok", good)] + [
            FieldChoice(redact_to_length(text), text or translate(NO_INPUT)) for text in bad
        ]
    else:
        accepted = [filler.plain(value) for value in widget.values]
        wrong = near_misses(widget.role, accepted)
        choices = [FieldChoice(accepted[0], accepted[0])] + [
            FieldChoice(redact_to_length(text), text) for text in wrong
        ]
    return tuple(sorted(choices, key=lambda choice: hashlib.sha256(f"{widget.label}{choice.text}".encode()).digest()))


def redact_to_length(text: str) -> str:
    """The value of an event for text that is not accepted: only its length leaves the phone."""
    return f"?{len(text)}"


def near_misses(role: str, accepted: list[str]) -> list[str]:
    """Two near misses of the first accepted value: two characters swapped, and one left out.

    In Vietnamese words that would make letters that are no word ("bún òb"), which look like a mistake of the page: they
    get another tone, or lose a word. The lengths differ, because the form tells wrong values apart by length alone.
    """
    value = unicodedata.normalize("NFC", accepted[0])
    toned = "" if value[-2:].isdecimal() else with_other_tone(value)
    shortened = value[:-2] + value[-1:] if len(value) > 1 else value + value
    candidates = (
        [toned, *without_one_word(value)] if toned else [with_swapped_characters(value), shortened, value + value[-1:]]
    )
    by_length: dict[int, str] = {}
    for candidate in candidates:
        if not equals_one_of_values(
            role, accepted, candidate
        ):  # a field ignores separators between digits: "15" equals "1.5"
            by_length.setdefault(len(candidate), candidate)
    return list(by_length.values())[:2]


def with_other_tone(value: str) -> str:
    """``value``, composed, with another tone on its last syllable that has one; "" if none has."""
    for index in reversed(range(len(value))):
        parts = unicodedata.normalize("NFD", value[index])
        tone = next((part for part in parts if part in OTHER_TONE), None)
        if tone:
            # The other mark goes last: in ệ the dot comes before the hat, where an acute makes no letter.
            letter = unicodedata.normalize("NFC", parts.replace(tone, "") + OTHER_TONE[tone])
            return value[:index] + letter + value[index + 1 :]
    return ""


def without_one_word(value: str) -> list[str]:
    """Without the last word, without the first; a single word without its last letter, a single letter doubled."""
    words = value.split()
    return [" ".join(words[:-1]), " ".join(words[1:])] if len(words) > 1 else [value[:-1] or value + value]


def with_swapped_characters(value: str) -> str:
    """With the last two different neighbours swapped; if all are equal, with another last character."""
    for index in range(len(value) - 1, 0, -1):
        first, second = value[index - 1 : index + 1]
        if first != second and (first + second).isalnum():  # "450.00" has the digits of "45.000", which is right
            return value[: index - 1] + second + first + value[index + 1 :]
    last = str((int(value[-1]) + 1) % 10) if value[-1:].isdecimal() else "x"
    return value[:-1] + last
