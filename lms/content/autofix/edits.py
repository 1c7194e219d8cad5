"""The edits that would remove a problem, for the rules whose remedy needs no decision of the author.

An edit is a new text for one line. Whether it is made is decided by checking the file again, in ``autofix``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.content.blocks import BLOCK_NAMES
from lms.content.file_keys import KEYS_BY_STEM
from lms.content.fuzzy_matching import MAX_MISSPELT_DISTANCE, Vocabulary, normalize_word, word_distance
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

_MIN_MARGIN = 0.12  # by which the second nearest keyword must be farther away
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
_ARROW_SIGNS = r"=\-<>~xX \u2190-\u21ff\u27a2\u2794\u2013\u2014\uff1d\uff1e\uf0d8-\uf0f0à"
_BACK = re.compile(r"- \[?(?:quay lại|back)\b", re.IGNORECASE)
_TITLE = re.compile(r"##\s+(?P<title>.+?)(?:\s+\{[^}]*\})?\s*$", re.MULTILINE)
_DATA = re.compile(r"^\s+(?P<name>[^:\n]+):", re.MULTILINE)
_NUMBER = re.compile(r"(?P<number>[0-9]+)\s*(?:%|phút|p|ngày|giây|bài)?\s*")
_DASHES = re.compile(r"[-‐‑‒–—―−\s]+")


@dataclass(frozen=True, slots=True)
class Edit:
    """A line's new text; ``line`` counts from 1. The text may have several lines."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A problem in its file: the line without its line ending, the index of the problem in it, and the suggestion."""

    problem: Problem
    lines: list[str]
    line: str
    at: int
    meant: str

    @property
    def before(self) -> str:
        return self.line[: self.at]

    @property
    def after(self) -> str:
        return self.line[self.at :]

    def replaced(self, length: int, new: str) -> str:
        return self.before + new + self.after[length:]


_Remedy = Callable[[_Place], Iterable[str]]  # the possible new texts of the line


def possible_edits(problem: Problem, lines: list[str]) -> list[Edit]:
    """The edits that would remove a problem, the most likely first. ``lines`` are those of the file on disk."""
    remedy = _REMEDIES.get(problem.rule)
    if remedy is None or problem.line > len(lines):
        return []
    line = lines[problem.line - 1]
    place = _Place(problem, lines, line, problem.column - 1, (problem.suggestion or "").strip())
    return [Edit(problem.line, text) for text in remedy(place) if text != line]


# --- keys and signs


def _tabs(place: _Place) -> Iterable[str]:
    text = ""
    for char in place.line:
        is_leading = not text.strip(" ")
        text += (" " * (TAB_STOP - len(text) % TAB_STOP) if is_leading else " ") if char == "\t" else char
    yield text


def _invisible(place: _Place) -> Iterable[str]:
    mark = "\ufeff" if place.problem.line == 1 and place.line.startswith("\ufeff") else ""  # a BOM is left alone
    yield mark + _INVISIBLE.sub("", place.line)


def _punctuation(place: _Place) -> Iterable[str]:
    if place.meant == "---" and _DASHES.fullmatch(place.line):
        yield "---"
    elif place.after.startswith("…"):
        yield place.replaced(1, "..")
    else:  # the signs that stand together
        meant = ascii_punctuation(place.after)
        length = next((i for i, char in enumerate(place.after) if meant[i] == char), len(meant))
        yield place.replaced(length, meant[:length])


def _telex(place: _Place) -> Iterable[str]:
    text = place.line
    for undone in reversed(undo_telex(text)):
        text = text[: undone.start] + undone.typed + text[undone.end :]
    yield text


def _near_arrow(place: _Place) -> Iterable[str]:
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


# --- words


def _word(pattern: str, words: Callable[[_Place], Iterable[str]]) -> _Remedy:
    """Replace a misspelt word by the suggestion, if no other word is nearly as near."""
    shape = re.compile(pattern)

    def remedy(place: _Place) -> Iterable[str]:
        typed = shape.match(place.after)
        if typed and place.meant and _is_certain(typed[0].strip(), place.meant, words(place)):
            word = typed[0].strip()
            yield place.replaced(len(typed[0].rstrip()), place.meant if word == typed[0].rstrip() else word)

    return remedy


def _is_certain(typed: str, meant: str, words: Iterable[str]) -> bool:
    if not typed:
        return False
    if normalize_word(typed) == normalize_word(meant):
        return True
    distance = word_distance(typed, meant)
    others = [word for word in words if normalize_word(word) != normalize_word(meant)]
    return distance <= MAX_MISSPELT_DISTANCE and all(
        word_distance(typed, word) >= distance + _MIN_MARGIN for word in others
    )


def _of(*vocabularies: Vocabulary[Any]) -> Callable[[_Place], Iterable[str]]:
    words = [vocabulary.spelling(code) for vocabulary in vocabularies for code in vocabulary]
    return lambda _place: words


def _keys_of_file(place: _Place) -> Iterable[str]:
    stem = re.split(r"[\\/]", place.problem.path)[-1].partition(".")[0].partition("-")[0]
    return [key.spellings[0] for key in KEYS_BY_STEM.get(stem, ())]


def _titles(place: _Place) -> Iterable[str]:
    return [match["title"] for match in _TITLE.finditer("\n".join(place.lines))]


def _data_names(place: _Place) -> Iterable[str]:
    front = "\n".join(place.lines).split("\n---")[0]
    return [match["name"].strip() for match in _DATA.finditer(front)]


def _unknown_data(place: _Place) -> Iterable[str]:
    typed = re.match(r"\{\{\s*(?P<name>[^{}]+?)\s*\}\}", place.after)
    if typed and place.meant and _is_certain(typed["name"], place.meant, _data_names(place)):
        yield place.replaced(typed.end(), "{{" + place.meant + "}}")


def _items(place: _Place) -> Iterable[str]:
    items = re.search(r"(?:mục|muc|items)=\"([^\"]*)\"", place.line)
    return [item.strip() for item in items[1].split("|")] if items else []


def _keyword(vocabulary: Vocabulary[Any]) -> _Remedy:
    """Mend a keyword: a misspelt one (``> Gợi í: …``), or one without its colon (``> Gợi ý …``, ``> Gợi ý; …``)."""
    misspelt = _word(r"[^:]+", _of(vocabulary))

    def remedy(place: _Place) -> Iterable[str]:
        if not place.meant.endswith(":"):
            yield from misspelt(place)
            return
        word = place.meant[:-1]
        typed = place.after[: len(word)]
        if normalize_word(typed) == normalize_word(word) and typed:
            sign = re.match(r"\s*[;.,=]", place.after[len(word) :])
            yield place.replaced(len(word) + (sign.end() if sign else 0), f"{typed}:")

    return remedy


def _data_of_field(place: _Place) -> Iterable[str]:
    if normalize_word(place.after.strip()) == normalize_word(place.meant.strip("{}")):
        yield place.before + place.meant


def _original_digest(place: _Place) -> Iterable[str]:
    """Name the present original, in place of the line that names another."""
    yield place.meant


# --- lines


def _inserted(text: str) -> _Remedy:
    return lambda place: [place.replaced(0, text)]


def _pattern(pattern: str, new: str) -> _Remedy:
    shape = re.compile(pattern)

    def remedy(place: _Place) -> Iterable[str]:
        typed = shape.match(place.after)
        if typed:
            yield place.replaced(typed.end(), new)

    return remedy


def _list_mark(place: _Place) -> Iterable[str]:
    if place.problem.suggestion == "-":
        yield from _pattern(r"[*+•‣·]|\d+[.)]", "-")(place)
    elif (place.problem.suggestion or "").startswith("- "):
        yield place.replaced(0, "- ")


def _table_rule(place: _Place) -> Iterable[str]:
    following = place.lines[place.problem.line : place.problem.line + 1]
    if not following or not re.fullmatch(r"[|\s:-]+", following[0]):
        yield f"{place.line}\n{place.meant}"


def _spaced_link(place: _Place) -> Iterable[str]:
    if place.meant and place.meant in re.sub(r"\]\s+\(", "](", place.after):
        yield place.before + re.sub(r"\]\s+\(", "](", place.after, count=1)


def _box(place: _Place) -> Iterable[str]:
    typed = re.match(r"[\[(][^\])\w]?[xX]?[^\])\w]?[\])]", place.after)
    if typed and place.meant in ("[ ]", "[x]"):
        yield place.replaced(typed.end(), place.meant)
    elif (item := re.fullmatch(r"- \[[ x]\] (.+)", place.meant)) and place.after.rstrip().endswith(
        item[1]
    ):  # no box yet
        indent = len(place.line) - len(place.line.lstrip())
        yield place.line[:indent] + place.meant


def _explanation(place: _Place) -> Iterable[str]:
    indent = len(place.line) - len(place.line.lstrip())
    yield f"{place.line[:indent]}> {place.line[indent:]}"


def _number(place: _Place) -> Iterable[str]:
    typed = _NUMBER.fullmatch(place.after)
    if typed and typed["number"] == place.meant:
        yield place.before + place.meant


def _whole_value(place: _Place) -> Iterable[str]:
    if place.meant and place.after.strip():
        yield place.before + place.meant


def _colon(place: _Place) -> Iterable[str]:
    if place.meant and ascii_punctuation(place.line) == place.line:
        yield place.meant


def _once(place: _Place) -> Iterable[str]:
    word = re.match(r"[^\W\d_]+", place.after)
    if word and place.before.rstrip().casefold().endswith(word[0].casefold()):
        yield place.before + place.after[word.end() :].lstrip()


def _spelt(place: _Place) -> Iterable[str]:
    typed = re.match(r"[^\W\d_]+", place.after)
    if typed and place.meant:
        yield place.replaced(typed.end(), place.meant)


def _box_line(place: _Place) -> Iterable[str]:
    box = re.match(r"\S\s+(?=\[)", place.after)
    if box:
        text = f"- {place.after[box.end() :]}"
        yield f"{place.before.rstrip()}\n{text}" if place.before.strip() else text


def _data_in_braces(place: _Place) -> Iterable[str]:
    typed = re.match(r"\(\([^()]*\)\)", place.after)
    if typed and place.meant:
        yield place.replaced(typed.end(), place.meant)


def _list_of_one(place: _Place) -> Iterable[str]:
    if place.meant.startswith("- ") and place.before.rstrip().endswith(":"):
        yield f"{place.before.rstrip()}\n  {place.meant}"


def _items_with_bars(place: _Place) -> Iterable[str]:
    typed = re.match(r"[^\"]+(?=\")", place.after)
    if typed and place.meant:
        yield place.replaced(typed.end(), place.meant)


def _role_words(place: _Place) -> Iterable[str]:
    inner = place.meant[1:-1]
    if inner and place.after.startswith(inner):
        yield place.replaced(len(inner), place.meant)


def _tight_attributes(place: _Place) -> Iterable[str]:
    opening, closing = place.before.rfind("{"), place.after.find("}")
    if opening >= 0 and closing >= 0 and re.match(r"[^=\"]+=", place.meant):  # else its quotes are at fault
        end = place.at + closing
        yield place.line[:opening] + re.sub(r"\s*=\s*", "=", place.line[opening:end]) + place.line[end:]


_REMEDIES: Mapping[str, _Remedy] = {
    "tab": _tabs,
    "invisible-character": _invisible,
    "punctuation-mended": _punctuation,
    "telex-brackets": _telex,
    "near-arrow": _near_arrow,
    "unknown-role": _word(r"[^\]:(]+", _of(ROLES)),
    "unknown-attribute": _word(r"[^\s={}()]+", _of(ATTRIBUTES)),
    "unknown-key": _word(r"[^:]+", _keys_of_file),
    "unknown-block": _word(r".+", _of(BLOCK_NAMES)),
    "unknown-kind": _word(r"[^\"}]+", _of(SCREEN_KINDS)),
    "unknown-direction": _word(r"[^\"}\s)]+", _of(SWIPE_DIRECTIONS, PINCH_DIRECTIONS)),
    "unknown-speaker": _word(r"[^\"}\s)]+", _of(SPEAKERS)),
    "unknown-look": _word(r"[^\"}]+", _of(LOOKS)),
    "unknown-device": _word(r"[^,]+", _of(DEVICES)),
    "unknown-rule": _word(r"\S+", lambda _place: [f"~{RULES.spelling(code)}" for code in RULES]),
    "unknown-advice": _word(r"[^\s:,;]+", lambda _place: ADVICE),
    "unknown-target": _word(r"[^{}]+$", _titles),
    "unknown-data": _unknown_data,
    "value-not-in-items": _word(r"[^|]+$", _items),
    "switch-value": _word(r"\S+", _of(SWITCH)),
    "unknown-quote": _keyword(QUOTES),
    "unknown-sub": _keyword(SUB_LINES),
    "item-without-role": _keyword(ROLES),
    "value-like-data": _data_of_field,
    "value-never-holds": _data_of_field,
    "role-space": _inserted(" "),
    "list-space": _pattern(r"-", "- "),
    "list-mark": _list_mark,
    "lost-widget": _inserted("- "),
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
    "role-words": _role_words,
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
