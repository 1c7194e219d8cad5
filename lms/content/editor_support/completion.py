"""What may stand at a place of a file, from the tables that the reader uses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lms.content.editor_support.browser_editor import browser_language
from lms.content.editor_support.outline import data_names, front_matter_end, screen_titles

CompletionKind = Literal["keyword", "reference", "value", "snippet"]


@dataclass(frozen=True, slots=True)
class Completion:
    """A text for the place. It replaces what stands from ``start`` of the line, an index, to the cursor.

    A snippet has fields as VS Code writes them: ``${1:text}``.
    """

    label: str
    text: str
    start: int
    kind: CompletionKind = "keyword"


@dataclass(frozen=True, slots=True)
class _Place:
    stem: str
    lines: Sequence[str]
    titles: Sequence[str]  # of the screens of the lesson's practice


_Words = Callable[[_Place, re.Match[str]], Iterable[tuple[str, str, CompletionKind]]]


def completions(text: str, line: int, column: int, stem: str, practice_titles: Sequence[str] = ()) -> list[Completion]:
    """What may stand at a line and column, both from 0. ``stem`` is "course", "hieu", "lam" or "dung".

    ``practice_titles`` are the screens of the lesson's lam.md, for a hieu.md that shows one.
    """
    lines = text.split("\n")
    if not 0 <= line < len(lines):
        return []
    before = lines[line][:column]
    titles = screen_titles(text) if stem == "lam" else practice_titles
    place = _Place(stem, lines, titles)
    contexts = _FRONT if 0 < line < front_matter_end(lines) else _BODY.get(stem, ())
    for pattern, words in contexts:
        match = pattern.search(before)
        if match:
            start = match.start("typed")
            return [Completion(label, inserted, start, kind) for label, inserted, kind in words(place, match)]
    return []


def _tables() -> dict[str, Any]:
    return json.loads(browser_language())


def _listed(name: str, after: str = "") -> _Words:
    return lambda _place, _match: [(word, word + after, "keyword") for word in _tables()[name]]


def _keys(place: _Place, _match: re.Match[str]) -> Iterable[tuple[str, str, CompletionKind]]:
    return [(key, f"{key}: ", "keyword") for key in _tables()["keys"].get(place.stem, ())]


def _titles(place: _Place, _match: re.Match[str]) -> Iterable[tuple[str, str, CompletionKind]]:
    return [(title, title, "reference") for title in place.titles]


def _data(place: _Place, match: re.Match[str]) -> Iterable[tuple[str, str, CompletionKind]]:
    closing = "" if match.string[match.end() :].startswith("}}") else "}}"
    return [(name, name + closing, "reference") for name in data_names(place.lines)]


def _attributes(_place: _Place, _match: re.Match[str]) -> Iterable[tuple[str, str, CompletionKind]]:
    return [(each["word"], f"{each['word']}=", "keyword") for each in _tables()["attributes"]]


def _attribute_values(_place: _Place, match: re.Match[str]) -> Iterable[tuple[str, str, CompletionKind]]:
    found = [each["values"] for each in _tables()["attributes"] if each["word"] == match["name"]]
    is_quoted = match.string[: match.start("typed")].endswith('"')
    return [
        (value, f'"{value}"' if " " in value and not is_quoted else value, "value")
        for values in found
        for value in values
    ]


def _pieces(place: _Place, _match: re.Match[str]) -> Iterable[tuple[str, str, CompletionKind]]:
    return [
        (f"{each['prefix']}: {each['title']}", each["body"], "snippet")
        for each in _tables()["pieces"]
        if each["stem"] == place.stem
    ]


_Contexts = tuple[tuple[re.Pattern[str], _Words], ...]
_FRONT: _Contexts = (
    (re.compile(r"\{\{\s*(?P<typed>[^{}]*)\Z"), _data),
    (re.compile(r"\A(?P<typed>[^\s:-][^:]*|)\Z"), _keys),
)
_PIECES = (re.compile(r"\A(?P<typed>\w*)\Z"), _pieces)
_TARGET = (re.compile(r"(?:=>|->|x>)\s*(?P<typed>[^{}<>]*)\Z"), _titles)
_BODY: dict[str, _Contexts] = {
    "lam": (
        (re.compile(r"\{\{\s*(?P<typed>[^{}]*)\Z"), _data),
        (re.compile(r"(?<!\{)\{[^{}]*?(?P<name>[^\s{}=\"]+)=\"?(?P<typed>[^\s{}=\"]*)\Z"), _attribute_values),
        (re.compile(r"(?<!\{)\{(?:[^{}]*\s)?(?P<typed>[^\s{}=\"]*)\Z"), _attributes),
        _TARGET,
        (re.compile(r"\A> ?(?P<typed>[^:]*)\Z"), _listed("quotes", ": ")),
        (re.compile(r"\A- \[(?P<typed>[^\]]*)\Z"), _listed("roles", "] ")),
        (re.compile(r"\A- (?P<typed>[^:\[(]*)\Z"), _listed("roles", ": ")),
        (re.compile(r"\A\s+- (?P<typed>[^:]*)\Z"), _listed("subLines", ": ")),
        _PIECES,
    ),
    "hieu": (
        (re.compile(r"\A:::\s*(?P<typed>[^:]*)\Z"), _listed("blocks")),
        (re.compile(r"\A=>\s*(?P<typed>.*)\Z"), _titles),
        _PIECES,
    ),
    "dung": (_PIECES,),
}
