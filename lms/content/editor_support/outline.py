"""The outline of a file while it is being typed: its sections or screens, and the names of its data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lms.content.code_fences import find_code_lines

_HEADING = re.compile(r"(?P<signs>#{1,6})\s+(?P<title>.+?)(?:\s+\{[^{}]*\}?)?\s*\Z")
_DATA = re.compile(r"(?:dữ liệu|du lieu|data)\s*:\s*\Z", re.IGNORECASE)
_NAME = re.compile(r"\s+(?P<name>[^:\s][^:]*?)\s*:")


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """A heading of level 2, with its lines from 0: ``start``, and ``end`` after the last."""

    title: str
    start: int
    end: int


def front_matter_end(lines: Sequence[str]) -> int:
    """The index of the line that closes the front matter; 0 if there is none."""
    if not lines or lines[0].lstrip("\ufeff").strip() != "---":
        return 0
    return next((at for at, line in enumerate(lines[1:], 1) if line.strip() == "---"), len(lines))


def outline(text: str) -> list[OutlineItem]:
    """The sections of a hieu.md, or the screens of a lam.md."""
    lines = text.replace("\r", "").split("\n")
    code, _ = find_code_lines(lines)
    found = [
        (at, match["title"])
        for at, line in enumerate(lines)
        if at > front_matter_end(lines) or not front_matter_end(lines)
        if at not in code and (match := _HEADING.match(line)) and match["signs"] == "##"
    ]
    ends = [at for at, _ in found[1:]] + [len(lines)]
    return [OutlineItem(title, at, end) for (at, title), end in zip(found, ends, strict=False)]


def screen_titles(text: str) -> list[str]:
    return list(dict.fromkeys(item.title for item in outline(text)))


def data_names(lines: Sequence[str]) -> list[str]:
    """The names under ``dữ liệu`` of a front matter."""
    names: list[str] = []
    is_data = False
    for line in lines[1 : front_matter_end(lines)]:
        if line[:1].strip():
            is_data = _DATA.match(line) is not None
        elif is_data and (match := _NAME.match(line)):
            names.append(match["name"])
    return names
