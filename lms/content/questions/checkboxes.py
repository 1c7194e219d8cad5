"""Boxes at the front of a list item: ``[ ]``, ``[x]`` or ``[X]``, and everything that only looks like one."""

from __future__ import annotations

import re

from lms.content.source import Report, plain

_BOX = re.compile(r"\[(?P<mark>[^\]]*)\](?P<space>\s*)(?P<text>.*)\Z")
_EXACT = re.compile(r"\[(?P<mark>[ xX])\](?P<space>\s+|\Z)")
_WITHOUT_DASH = re.compile(r"(?P<indent>\s*)(?:\d{1,4}[.)]\s*)?(?P<box>\[[ xX]?\](?:\s|\Z).*)")


def report_box_without_dash(report: Report, line: int) -> bool:
    """Whether a line is ``[ ] …`` or ``1. [ ] …``, which would be lost as prose."""
    found = _WITHOUT_DASH.match(plain(report.source.lines[line]))
    if found is None:
        return False
    message = "Bắt đầu dòng này bằng một dấu gạch ngắn, rồi đến ô."
    report.error("bad-box", message, line, found.end("indent"), f"- {report.source.lines[line][found.start('box') :]}")
    return True


def read_box(
    report: Report, line: int, sign: int, text: int, remedy: str = "Thêm ô [ ] sau dấu gạch ngắn."
) -> tuple[bool | None, int]:
    """Read the box of the list item whose sign and text stand at those columns of a line.

    Returns whether it is ticked and the column where the words after it begin. Anything but an exact box is an error,
    and of what is neither nobody knows whether it is ticked: None. Where there is none at all ``remedy`` is said.
    """
    typed = report.source.lines[line]
    meant = plain(typed)
    exact = _EXACT.match(meant, text)
    if exact and text > sign + 1:
        report.mend(line, text, exact.end("mark") + 1)
        return exact["mark"] != " ", exact.end()
    found = _BOX.match(meant, text)
    if not found:
        report.error("bad-box", remedy, line, text, f"- [ ] {typed[text:].strip()}".rstrip())
        return None, text
    ticked = bool(found["mark"].strip())
    box = "[x]" if ticked else "[ ]"
    words = typed[found.start("text") :].strip()
    if found["mark"] in (" ", "x", "X"):
        message = f"Thêm dấu cách: viết “- {box} ” rồi đến chữ."
        report.error("bad-box", message, line, text, f"- {box} {words}".rstrip())
    else:
        message = f"Viết ô đúng như [ ] hoặc [x]; ở đây có phải bác muốn viết {box}?"
        report.error("bad-box", message, line, text, box)
        return None, found.start("text")
    return ticked, found.start("text")
