"""Write a plain text so that it stands in our Markdown as it was typed."""

from __future__ import annotations

import re

_INLINE = re.compile(r"[\\`*_\[\]<>&|~]|%(?=%)")
_LINE_START = re.compile(r"\A(?P<indent>\s*)(?P<sign>[-+=?#:;.]|\d{1,4}(?=[.)]))")
_BLANK = re.compile(r"(?<!\S)\\_(?:\\_){2,}(?=[\s.,;:!?]|\Z)")  # "_____" alone makes no emphasis


def escape_markdown(text: str) -> str:
    """The text for a place inside a line."""
    escaped = _INLINE.sub(lambda match: f"\\{match[0]}", text)
    return _BLANK.sub(lambda match: match[0].replace("\\", ""), escaped)


def escape_line(text: str) -> str:
    """The text as a line of its own, which might begin with what means a list or a heading."""
    return _LINE_START.sub(_escape_start, escape_markdown(text), count=1)


def _escape_start(match: re.Match[str]) -> str:
    sign = match["sign"]
    return f"{match['indent']}{sign}\\" if sign[0].isdecimal() else f"{match['indent']}\\{sign}"
