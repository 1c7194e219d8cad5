"""Undo what UniKey's Telex makes of brackets: it types ơ and ư for [ and ], Ơ and Ư for { and }.

Only shapes that Vietnamese never has are undone, so that a word keeps its letters.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lms.content.fuzzy_matching import normalize_word, strip_diacritics

# The roles of a practice's widgets, normalised.
ROLES = {
    normalize_word(role): role
    for role in (
        *("nút", "biểu tượng", "liên kết", "quay lại", "ô số", "ô chữ", "mật khẩu", "chọn", "công tắc", "quét"),
        *("tin nhắn", "chờ", "chữ", "ảnh", "vùng", "vuốt", "nhấn giữ", "chụm", "chạm đúp", "dòng", "tab", "lời", "thẻ"),
    )
}
_OPEN, _CLOSE = "ơớờởỡợ", "ưứừửữự"  # the next letters may have put a tone on them
_ITEM = rf"(?P<item>^\s*[-*+]\s*)(?P<inner>[{_OPEN}][^\n{_CLOSE}\[\]]{{0,12}}[{_CLOSE}])(?=\s|$)"
_BRACES = r"(?<!\w)(?P<braces>Ơ(?=#|[^\s=ƠƯ]+=[^\s=])[^\nƠƯ]*Ư)(?!\w)"
_DATA = r"(?P<data>Ơ\s?Ơ[^\nƠƯ]+Ư\s?Ư)"
_LINK = rf"(?P<link>(?<!\w)!?[{_OPEN}](?=\w)[^\n()\[\]]{{1,80}}?[{_CLOSE}])(?=\((?:https?:|images/))"
_WIDTH = r"(?P<width>(?<=[\s{])ư=\s?\d+)"  # w alone is ư, in any attributes
_PATTERN = re.compile("|".join((_ITEM, _BRACES, _DATA, _LINK, _WIDTH)), re.MULTILINE)
# One by one, since a pattern that begins with a letter or a small set is found much faster than alternatives.
_QUICK = tuple(map(re.compile, ("Ơ", rf"[-*+]\s*[{_OPEN}]", rf"\((?<=[{_CLOSE}]\()", "ư=")))


class TelexCorrection(NamedTuple):
    """What stood at ``start`` of a line, up to ``end``, and what was typed."""

    start: int
    end: int
    typed: str


def undo_telex(line: str) -> list[TelexCorrection]:
    """The places in a line where Telex replaced brackets, in order."""
    if not may_have_telex(line):
        return []
    found: list[TelexCorrection] = []
    for match in _PATTERN.finditer(line):
        kind = match.lastgroup or ""
        text = match["inner"] if match["inner"] else match[kind]
        typed = _typed(kind, text)
        if typed is not None:
            start = match.start("inner") if match["inner"] else match.start(kind)
            found.append(TelexCorrection(start, start + len(text), typed))
    return found


def may_have_telex(text: str) -> bool:
    """A quick test of a line, or of a whole file."""
    return any(pattern.search(text) for pattern in _QUICK)


def _typed(kind: str, text: str) -> str | None:
    if kind == "width":
        return f"w{text[1:]}"
    if kind == "braces":
        return "{" + re.sub(r"(?<=\s)ư(?==)|^ư(?==)", "w", text[1:-1]) + "}"
    if kind == "data":
        return "{{" + text.strip("ƠƯ ") + "}}"
    if kind == "link":
        sign = "!" if text.startswith("!") else ""
        return f"{sign}[{text.removeprefix('!')[1:-1]}]"
    return _box_or_role(text)


def _box_or_role(text: str) -> str | None:
    inner = text[1:-1]
    if inner.strip() in ("", "x", "X"):
        return "[x]" if inner.strip() or text[0] == "ỡ" else "[ ]"  # x is the key of the tone ngã
    role = ROLES.get(normalize_word(inner))
    return role and f"[{role if strip_diacritics(inner) == inner else inner}]"
