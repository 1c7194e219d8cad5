"""The edits that would remove a problem, for the rules whose remedy needs no decision of the author.

An edit is a new text for one line. Whether it is made is decided by checking the file again, in ``autofix``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lms.content.autofix.keyword_remedies import (
    correct_data_name,
    items_of_choice_field,
    keys_of_file,
    misspelt_keyword,
    misspelt_word,
    screen_titles,
    value_as_data,
    words_of,
)
from lms.content.autofix.problem_place import ProblemPlace, Remedy
from lms.content.blocks import BLOCK_NAMES
from lms.content.fuzzy_matching import normalize_word
from lms.content.ignored_advice import RULES as ADVICE
from lms.content.practice.vocabulary import (
    ATTRIBUTES,
    DEVICES,
    LOOKS,
    PINCH_DIRECTIONS,
    QUOTES,
    ROLES,
    RULES,
    SCREEN_KINDS,
    SPEAKERS,
    SUB_LINES,
    SWIPE_DIRECTIONS,
    SWITCH,
)
from lms.content.problems import Problem
from lms.content.source import TAB_STOP, ascii_punctuation
from lms.content.telex import undo_telex

_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
_ARROW_SIGNS = r"=\-<>~xX \u2190-\u21ff\u27a2\u2794\u2013\u2014\uff1d\uff1e\uf0d8-\uf0f0à"
_BACK = re.compile(r"- \[?(?:quay lại|back)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?P<number>[0-9]+)\s*(?:%|phút|p|ngày|giây|bài)?\s*")
_DASHES = re.compile(r"[-‐‑‒–—―−\s]+")


@dataclass(frozen=True, slots=True)
class Edit:
    """A line's new text; ``line`` counts from 1. The text may have several lines."""

    line: int
    text: str


def possible_edits(problem: Problem, lines: list[str]) -> list[Edit]:
    """The edits that would remove a problem, the most likely first. ``lines`` are those of the file on disk."""
    remedy = _REMEDIES.get(problem.rule)
    if remedy is None or problem.line > len(lines):
        return []
    line = lines[problem.line - 1]
    place = ProblemPlace(problem, lines, line, problem.column - 1, (problem.suggestion or "").strip())
    return [Edit(problem.line, text) for text in remedy(place) if text != line]


# --- keys and signs


def _tabs(place: ProblemPlace) -> Iterable[str]:
    text = ""
    for char in place.line:
        is_leading = not text.strip(" ")
        text += (" " * (TAB_STOP - len(text) % TAB_STOP) if is_leading else " ") if char == "\t" else char
    yield text


def _invisible(place: ProblemPlace) -> Iterable[str]:
    mark = "\ufeff" if place.problem.line == 1 and place.line.startswith("\ufeff") else ""  # a BOM is left alone
    yield mark + _INVISIBLE.sub("", place.line)


def _punctuation(place: ProblemPlace) -> Iterable[str]:
    if place.meant == "---" and _DASHES.fullmatch(place.line):
        yield "---"
    elif place.after.startswith("…"):
        yield place.replaced(1, "..")
    else:  # the signs that stand together
        meant = ascii_punctuation(place.after)
        length = next((i for i, char in enumerate(place.after) if meant[i] == char), len(meant))
        yield place.replaced(length, meant[:length])


def _telex(place: ProblemPlace) -> Iterable[str]:
    text = place.line
    for undone in reversed(undo_telex(text)):
        text = text[: undone.start] + undone.typed + text[undone.end :]
    yield text


def _near_arrow(place: ProblemPlace) -> Iterable[str]:
    """Type the arrow that was meant. A drawn one may be the right way or a side way; one of hyphens is clear."""
    length = place.problem.length or 0
    typed = place.after[:length]
    if not re.fullmatch(f"[{_ARROW_SIGNS}]*", typed):
        return
    arrows = [place.meant] if typed.strip() and typed.isascii() else ["=>", "->"]
    if _BACK.match(place.line):
        arrows = ["->"]
    for arrow in arrows:
        yield f"{place.before.rstrip()} {arrow} {place.after[length:].lstrip()}"


def _original_digest(place: ProblemPlace) -> Iterable[str]:
    """Name the present original, in place of the line that names another."""
    yield place.meant


# --- lines


def _inserted(text: str) -> Remedy:
    return lambda place: [place.replaced(0, text)]


def _pattern(pattern: str, new: str) -> Remedy:
    shape = re.compile(pattern)

    def remedy(place: ProblemPlace) -> Iterable[str]:
        typed = shape.match(place.after)
        if typed:
            yield place.replaced(typed.end(), new)

    return remedy


def _list_mark(place: ProblemPlace) -> Iterable[str]:
    if place.problem.suggestion == "-":
        yield from _pattern(r"[*+•‣·]|\d+[.)]", "-")(place)
    elif (place.problem.suggestion or "").startswith("- "):
        yield place.replaced(0, "- ")


def _table_rule(place: ProblemPlace) -> Iterable[str]:
    following = place.lines[place.problem.line : place.problem.line + 1]
    if not following or not re.fullmatch(r"[|\s:-]+", following[0]):
        yield f"{place.line}\n{place.meant}"


def _spaced_link(place: ProblemPlace) -> Iterable[str]:
    if place.meant and place.meant in re.sub(r"\]\s+\(", "](", place.after):
        yield place.before + re.sub(r"\]\s+\(", "](", place.after, count=1)


def _box(place: ProblemPlace) -> Iterable[str]:
    typed = re.match(r"[\[(][^\])\w]?[xX]?[^\])\w]?[\])]", place.after)
    if typed and place.meant in ("[ ]", "[x]"):
        yield place.replaced(typed.end(), place.meant)
    elif (item := re.fullmatch(r"- \[[ x]\] (.+)", place.meant)) and place.after.rstrip().endswith(
        item[1]
    ):  # no box yet
        indent = len(place.line) - len(place.line.lstrip())
        yield place.line[:indent] + place.meant


def _explanation(place: ProblemPlace) -> Iterable[str]:
    indent = len(place.line) - len(place.line.lstrip())
    yield f"{place.line[:indent]}> {place.line[indent:]}"


def _number(place: ProblemPlace) -> Iterable[str]:
    typed = _NUMBER.fullmatch(place.after)
    if typed and typed["number"] == place.meant:
        yield place.before + place.meant


def _whole_value(place: ProblemPlace) -> Iterable[str]:
    if place.meant and place.after.strip():
        yield place.before + place.meant


def _colon(place: ProblemPlace) -> Iterable[str]:
    if place.meant and ascii_punctuation(place.line) == place.line:
        yield place.meant


def _once(place: ProblemPlace) -> Iterable[str]:
    word = re.match(r"[^\W\d_]+", place.after)
    if word and place.before.rstrip().casefold().endswith(word[0].casefold()):
        yield place.before + place.after[word.end() :].lstrip()


def _spelt(place: ProblemPlace) -> Iterable[str]:
    typed = re.match(r"[^\W\d_]+", place.after)
    if typed and place.meant:
        yield place.replaced(typed.end(), place.meant)


def _box_line(place: ProblemPlace) -> Iterable[str]:
    box = re.match(r"\S\s+(?=\[)", place.after)
    if box:
        text = f"- {place.after[box.end() :]}"
        yield f"{place.before.rstrip()}\n{text}" if place.before.strip() else text


def _data_in_braces(place: ProblemPlace) -> Iterable[str]:
    typed = re.match(r"\(\([^()]*\)\)", place.after)
    if typed and place.meant:
        yield place.replaced(typed.end(), place.meant)


def _list_of_one(place: ProblemPlace) -> Iterable[str]:
    if place.meant.startswith("- ") and place.before.rstrip().endswith(":"):
        yield f"{place.before.rstrip()}\n  {place.meant}"


def _items_with_bars(place: ProblemPlace) -> Iterable[str]:
    typed = re.match(r"[^\"]+(?=\")", place.after)
    if typed and place.meant:
        yield place.replaced(typed.end(), place.meant)


def _role_in_brackets(place: ProblemPlace) -> Iterable[str]:
    word = place.meant.strip("[]")
    typed = place.after[: len(word)]
    if typed and normalize_word(typed) == normalize_word(word):
        rest = re.sub(r"\A\s*[;.,:]?\s*", "", place.after[len(word) :])
        yield f"{place.before}[{typed}] {rest}"


def _tight_attributes(place: ProblemPlace) -> Iterable[str]:
    opening, closing = place.before.rfind("{"), place.after.find("}")
    if opening >= 0 and closing >= 0 and re.match(r"[^=\"]+=", place.meant):  # else its quotes are at fault
        end = place.at + closing
        yield place.line[:opening] + re.sub(r"\s*=\s*", "=", place.line[opening:end]) + place.line[end:]


_REMEDIES: Mapping[str, Remedy] = {
    "tab": _tabs,
    "invisible-character": _invisible,
    "punctuation-mended": _punctuation,
    "telex-brackets": _telex,
    "near-arrow": _near_arrow,
    "unknown-role": misspelt_word(r"[^\]:(]+", words_of(ROLES)),
    "unknown-attribute": misspelt_word(r"[^\s={}()]+", words_of(ATTRIBUTES)),
    "unknown-key": misspelt_word(r"[^:]+", keys_of_file),
    "unknown-block": misspelt_word(r".+", words_of(BLOCK_NAMES)),
    "unknown-kind": misspelt_word(r"[^\"}]+", words_of(SCREEN_KINDS)),
    "unknown-direction": misspelt_word(r"[^\"}\s)]+", words_of(SWIPE_DIRECTIONS, PINCH_DIRECTIONS)),
    "unknown-speaker": misspelt_word(r"[^\"}\s)]+", words_of(SPEAKERS)),
    "unknown-look": misspelt_word(r"[^\"}]+", words_of(LOOKS)),
    "unknown-device": misspelt_word(r"[^,]+", words_of(DEVICES)),
    "unknown-rule": misspelt_word(r"\S+", lambda _place: [f"~{RULES.spelling(code)}" for code in RULES]),
    "unknown-advice": misspelt_word(r"[^\s:,;]+", lambda _place: ADVICE),
    "unknown-target": misspelt_word(r"[^{}]+$", screen_titles),
    "unknown-data": correct_data_name,
    "value-not-in-items": misspelt_word(r"[^|]+$", items_of_choice_field),
    "switch-value": misspelt_word(r"\S+", words_of(SWITCH)),
    "unknown-quote": misspelt_keyword(QUOTES),
    "unknown-sub": misspelt_keyword(SUB_LINES),
    "item-without-role": _role_in_brackets,
    "easy-form": lambda place: [place.problem.suggestion or ""],
    "value-never-holds": value_as_data,
    "role-space": _inserted(" "),
    "list-space": _pattern(r"-", "- "),
    "list-mark": _list_mark,
    "heading-missing": _inserted("## "),
    "heading-space": lambda place: [re.sub(r"^(\s*#+)(?=[^#\s])", r"\1 ", place.line)],
    "heading-level": _pattern(r"#+", "##"),
    "heading-indented": lambda place: [place.line.lstrip()],
    "widget-indented": lambda place: [place.line.lstrip()],
    "sub-indent": lambda place: [f"  {place.line.lstrip()}"],
    "value-bar": lambda place: [f"{place.before.rstrip()} | {place.after[1:].lstrip()}"],
    "block-colons": _pattern(r"[:：]+", ":::"),
    "note-shown": _pattern(r"//\s*", "%% "),
    "table-rule": _table_rule,
    "picture-shape": _spaced_link,
    "link-shape": _spaced_link,
    "bad-box": _box,
    "numbered-task": _pattern(r"\d{1,4}[.)]\s+", "- [ ] "),
    "poll-box": _pattern(r"\[[ xX]?\]\s*", ""),
    "option-explains": _explanation,
    "bad-range": _whole_value,
    "bad-date": _whole_value,
    "bad-number": _number,
    "bad-percent": _number,
    "front-matter-line": _colon,
    "front-matter-list": _list_of_one,
    "items": _items_with_bars,
    "attribute-shape": _tight_attributes,
    "word-twice": _once,
    "misspelt-word": _spelt,
    "keys-as-typed": _spelt,
    "box-in-line": _box_line,
    "quote-mark": _pattern(r"[»›]\s*", "> "),
    "data-brackets": _data_in_braces,
    "translation-old": _original_digest,
}
FIXABLE_RULES = frozenset(_REMEDIES)
