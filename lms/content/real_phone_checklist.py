"""The list "Kiểm lại gì" of course.md: what somebody looks at on a real phone, and where the course writes it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lms.content.digest import digest
from lms.content.fuzzy_matching import normalize_word

HEADING = "kiểm lại gì"
MAX_PLACES = 12  # of the labels of one item; more would be a search, not a task
_LIST_ITEM = re.compile(r"[-*+]\s+(?P<text>\S.*)")
_QUOTED = re.compile(r"[\"“](?P<label>[^\"“”]{2,60})[\"”]")


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of the list. ``key`` changes with its words: a reworded line has to be looked at anew."""

    key: str
    text: str

    @property
    def labels(self) -> tuple[str, ...]:
        return quoted_labels(self.text)


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """A line of a course's file with a label. ``path`` is relative to the course's folder."""

    path: str
    line: int
    text: str


def read_checklist_items(lines: Sequence[str]) -> tuple[ChecklistItem, ...]:
    """The items of the list in course.md, in order; a line that stands there twice is one item."""
    texts: dict[str, str] = {}
    is_inside = is_item_open = False
    key = ""
    for line in lines:
        stripped = line.strip()
        if stripped.startswith("#"):
            is_inside = normalize_word(stripped.lstrip("#")) == normalize_word(HEADING)
            is_item_open = False
        elif is_inside and (found := _LIST_ITEM.fullmatch(stripped)):
            text = found["text"]
            words = unicodedata.normalize("NFC", text).casefold().split()
            key, is_item_open = digest(" ".join(words))[:16], True
            texts.setdefault(key, text)
        elif is_item_open and stripped and line[:1].isspace():
            texts[key] = f"{texts[key]} {stripped}"
        else:
            is_item_open = False
    return tuple(ChecklistItem(key, text) for key, text in texts.items())


def quoted_labels(text: str) -> tuple[str, ...]:
    """The labels that an item names, each once: what stands between quotation marks."""
    return tuple(dict.fromkeys(found["label"].strip(" .,;") for found in _QUOTED.finditer(text)))


def find_label_places(folder: Path, labels: Sequence[str]) -> tuple[LabelPlace, ...]:
    """Where the files of a course write one of the labels as whole words, the list itself left out."""
    if not labels:
        return ()
    words = "|".join(re.escape(unicodedata.normalize("NFC", label)) for label in labels)
    pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)")
    places: list[LabelPlace] = []
    for path in sorted(folder.rglob("*.md")):
        lines = unicodedata.normalize("NFC", path.read_text("utf-8", "replace")).splitlines()
        if path == folder / "course.md":
            lines = _without_list(lines)
        places += [
            LabelPlace(path.relative_to(folder).as_posix(), number, line.strip())
            for number, line in enumerate(lines, 1)
            if pattern.search(line)
        ]
    return tuple(places)


def _without_list(lines: Sequence[str]) -> list[str]:
    """The lines of course.md, those of the list empty, so that the others keep their numbers."""
    kept: list[str] = []
    is_inside = False
    for line in lines:
        if line.lstrip().startswith("#"):
            is_inside = normalize_word(line.strip().lstrip("#")) == normalize_word(HEADING)
        kept.append("" if is_inside else line)
    return kept
