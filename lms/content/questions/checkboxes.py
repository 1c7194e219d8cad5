"""Checkboxes at the beginning of a list item: ``[ ]``, ``[x]`` or ``[X]``, and misspelt ones."""

from __future__ import annotations

import re

from lms.content.source import Diagnostics, ascii_punctuation

_BOX = re.compile(r"\[(?P<mark>[^\]]*)\](?P<space>\s*)(?P<text>.*)\Z")
_EXACT = re.compile(r"\[(?P<mark>[ xX])\](?P<space>\s+|\Z)")
# "(x) ", "( ) ", "[x " and "[ ": with other brackets, or none that closes.
_MISTYPED = re.compile(r"(?:[\[(]\s*(?P<mark>[xX]?)\s*[\])]\s*|\[\s*(?P<open_mark>[xX]?)\s+)(?P<text>\S.*)\Z")
_BOX_WITHOUT_DASH = re.compile(r"(?P<indent>\s*)(?:\d{1,4}[.)]\s*)?(?P<box>\[[ xX]?\](?:\s|\Z).*)")
_IS_BOX_MEANT = "Viết ô đúng như [ ] hoặc [x]; ở đây có phải bác muốn viết {box}?"


def is_box_without_dash(line: str) -> bool:
    return _BOX_WITHOUT_DASH.match(ascii_punctuation(line)) is not None


def report_box_without_dash(diagnostics: Diagnostics, line: int) -> bool:
    """Report a line like ``[ ] …`` or ``1. [ ] …``, which would become prose; returns whether it is one."""
    match = _BOX_WITHOUT_DASH.match(ascii_punctuation(diagnostics.source.lines[line]))
    if match is None:
        return False
    message = "Bắt đầu dòng này bằng một dấu gạch ngắn, rồi đến ô."
    diagnostics.error(
        "bad-box", message, line, match.end("indent"), f"- {diagnostics.source.lines[line][match.start('box') :]}"
    )
    return True


def read_box(
    diagnostics: Diagnostics,
    line: int,
    sign: int,
    text: int,
    remedy: str = "Thêm ô [ ] sau dấu gạch ngắn.",
    missing: str = "[ ]",
) -> tuple[bool | None, int]:
    """Read the checkbox of a list item whose sign and text begin at those columns of a line.

    Returns whether it is ticked (None if that is unclear), and the column of the label. Anything but an exact checkbox
    is an error; ``remedy`` is the message if there is none at all, and ``missing`` the box to suggest.
    """
    typed = diagnostics.source.lines[line]
    meant = ascii_punctuation(typed)
    exact = _EXACT.match(meant, text)
    if exact and text > sign + 1:
        diagnostics.check_punctuation(line, text, exact.end("mark") + 1)
        return exact["mark"] != " ", exact.end()
    match = _BOX.match(meant, text)
    if not match and (mistyped := _MISTYPED.match(meant, text)):
        box = "[x]" if mistyped["mark"] or mistyped["open_mark"] else "[ ]"
        label = typed[mistyped.start("text") :].strip()
        diagnostics.error("bad-box", _IS_BOX_MEANT.format(box=box), line, text, f"- {box} {label}")
        return None, mistyped.start("text")
    if not match:
        diagnostics.error("bad-box", remedy, line, text, f"- {missing} {typed[text:].strip()}".rstrip())
        return None, text
    ticked = bool(match["mark"].strip())
    box = "[x]" if ticked else "[ ]"
    label = typed[match.start("text") :].strip()
    if match["mark"] in (" ", "x", "X"):
        message = f"Thêm dấu cách: viết “- {box} ” rồi đến chữ."
        diagnostics.error("bad-box", message, line, text, f"- {box} {label}".rstrip())
    else:
        diagnostics.error("bad-box", _IS_BOX_MEANT.format(box=box), line, text, box)
        return None, match.start("text")
    return ticked, match.start("text")
