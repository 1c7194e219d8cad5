"""Rewrite a file of a lesson for the lesson's copy in another course."""

from __future__ import annotations

import re
import unicodedata

from lms.learning.workshop.revisions import normalize_line_ends

_FENCE = re.compile(r"---\s*\Z")
_ITEM = re.compile(r"\s+-\s+(.*)|\s*-\s+(.*)")
_ADDRESS = re.compile(r"[^\s,;|\"'“”]+")  # of a lesson; a line may have several
_FORMER_KEYS = ("chuyển từ", "moved from")
_DRAFT_KEYS = ("nháp", "draft")
_LINK_ABOVE = re.compile(r"(\]\(|\]:\s*)\.\./(?!\.\./)")


def rewrite_for_copy(name: str, body: bytes, *, source: str, target: str, former: str) -> bytes:
    """The body for the copy. ``former``: the address of the lesson whose place it takes; "" for none.

    hieu.md becomes a draft. Links to the lessons beside the original lead to them from the other course, too.
    """
    if not name.endswith(".md"):
        return body
    text = normalize_line_ends(body.decode("utf-8", "replace"))
    if source != target:
        text = _LINK_ABOVE.sub(rf"\1../../{source}/", text)
    return (_as_draft(text, source, former) if name == "hieu.md" else text).encode()


def _as_draft(text: str, source: str, former: str) -> str:
    """With ``nháp: có``, and under ``chuyển từ`` what the original had and itself, or nothing."""
    lines = text.split("\n")
    if not _FENCE.match(lines[0]):
        return text
    end = next((number for number in range(1, len(lines)) if _FENCE.match(lines[number])), 0)
    kept: list[str] = []
    earlier: list[str] = []
    key = ""
    for line in lines[1:end]:
        named = re.match(r"([^\s:#-][^:]*):\s*(.*)", line)
        if named:
            key = unicodedata.normalize("NFC", named[1]).strip().casefold()
        if key not in (*_FORMER_KEYS, *_DRAFT_KEYS):
            kept.append(line)
        elif key in _FORMER_KEYS:
            item = _ITEM.match(line)
            typed = _ADDRESS.findall(named[2] if named else (item[1] or item[2]) if item else "")
            earlier += [address if "/" in address else f"{source}/{address}" for address in typed]
    written = [*kept, "nháp: có"]
    if former:
        written += ["chuyển từ:", *(f"  - {address}" for address in (*earlier, former))]
    return "\n".join([lines[0], *written, *lines[end:]])
