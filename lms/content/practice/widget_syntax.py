"""One line taken apart: label, attributes, value, arrow and target, in this order and no other."""

from __future__ import annotations

import re

from lms.content.practice.arrows import find_arrow
from lms.content.practice.attributes import read_attributes
from lms.content.practice.placeholders import SINGLE_BRACES, all_closed
from lms.content.practice.syntax_tree import Attribute, Attributes, Line, Piece
from lms.content.practice.words import ATTRIBUTES
from lms.content.source import Report, plain

_ATTRIBUTES = re.compile(r"(?<![^ ])\{(?!\{)")
_VALUE = re.compile(r"(?<![^ ])=(?![^ ])")
_TIGHT_ATTRIBUTES = re.compile(r"(?<=[^\s{])\{(?=#|[^\s{}=]+=)[^{}]*\}")
_LONE_SIGN = re.compile(r"[-=~<>]+(?= +\w)")  # before a title it was to be an arrow
_MANGLED = re.compile(
    r"(?<!\S)[{(\[]*\s*(?:#(?P<id>[\w-]+)\s+)?(?P<key>[^\s{}()\[\]=\"]+)\s*=\s*(?P<value>[^{}]*?)\s*[})\]]+\s*\Z"
)
_BRACE = "Viết thuộc tính sau một dấu cách, như Tên {dài=12}; dữ liệu thì trong hai cặp ngoặc, như {{otp}}."
_ORDER = "Viết theo thứ tự: nhãn, thuộc tính trong { }, giá trị sau dấu =, rồi mũi tên."


def covered_places(text: str) -> list[bool]:
    """For each index whether it lies within quotes or ``{{ }}``, where nothing ends a label."""
    meant = plain(text)
    covered = [False] * len(text)
    last_closing, last_quote = meant.rfind("}}") - 1, meant.rfind('"')
    at = 0
    while at < len(meant):
        end = -1
        if at < last_closing and meant.startswith("{{", at):
            end = meant.find("}}", at + 2) + 2
        elif at < last_quote and meant[at] == '"':
            end = meant.find('"', at + 1) + 1
        if end > at:
            covered[at:end] = [True] * (end - at)
            at = end
        else:
            at += 1
    return covered


def read_heading(report: Report, line: int, start: int) -> tuple[Piece, Attributes]:
    """A screen's title, and the attributes after it. Closing ``#`` marks are dropped, as Markdown does."""
    typed = report.source.lines[line]
    covered = covered_places(typed)
    opening = _find(_ATTRIBUTES, typed, covered, start)
    tight = None if opening is not None else _find(_TIGHT_ATTRIBUTES, typed, covered, start)
    if tight is not None:
        report.error("brace", _BRACE, line, tight, " {")
        opening = tight
    if opening is None and _lone_brace(typed[start:], covered[start:]) is not None:
        mangled = _MANGLED.search(plain(typed), start)
        if mangled:
            return _mangled_heading(report, line, start, mangled)
    attributes, end = (Attributes(), len(typed)) if opening is None else read_attributes(report, line, opening)
    if opening is not None and typed[end:].strip(" #"):
        message = "Sau phần thuộc tính của tên màn hình không viết gì thêm."
        report.error("order", message, line, end + len(typed[end:]) - len(typed[end:].lstrip()))
    title = typed[start : opening if opening is not None else len(typed)]
    if opening is None:
        title = re.sub(r"(^|\s)#+\s*$", "", title)
    piece = _piece(title, line, start)
    if piece.text and opening is None:
        _report_braces(report, piece, covered)
    return _title(title, line, start), attributes


def _mangled_heading(report: Report, line: int, start: int, mangled: re.Match[str]) -> tuple[Piece, Attributes]:
    """A heading whose attributes lack a brace, or have the wrong ones."""
    typed = report.source.lines[line]
    value = mangled["value"].strip("\"'")
    shown = f"{{{mangled['key']}={value if value.isalnum() else chr(34) + value + chr(34)}}}"
    report.error("brace", f"Viết thuộc tính trong một cặp dấu {{ }}: {shown}.", line, mangled.start(), shown)
    typed_id = Piece(mangled["id"], line, mangled.start("id") - 1) if mangled["id"] else None
    attributes = Attributes(typed_id, broken=True)
    code = ATTRIBUTES.find(mangled["key"])
    if code and value:
        key = Piece(mangled["key"], line, mangled.start("key"))
        attributes.values[code] = Attribute(code, key, Piece(value, line, mangled.start("value")))
    return _title(typed[start : mangled.start()], line, start), attributes


def _title(typed: str, line: int, start: int) -> Piece:
    piece = _piece(typed, line, start)
    return Piece(" ".join(piece.text.split()), line, piece.column)


def read_line(report: Report, line: int, start: int, *, leads: bool = True) -> Line:
    """Everything after ``[role]``, which ends at ``start``.

    ``leads``: whether its role may carry an arrow; where it may not, that is what will be said of a near-arrow.
    """
    typed = report.source.lines[line]
    covered = covered_places(typed)
    end = len(typed)
    opening, equals, arrow = _next(typed, covered, start)
    first = min(opening, equals, arrow.start if arrow else end)
    parts = Line(_piece(typed[start:first], line, start), Attributes())
    parts.broken = _report_braces(report, parts.label, covered)
    at = first
    if at == opening and at < end:
        parts.attributes, at = read_attributes(report, line, opening)
        parts.broken = parts.broken or parts.attributes.broken
        opening, equals, arrow = _next(typed, covered, at)
        rest = typed[at : min(opening, equals, arrow.start if arrow else end)]
        if rest.strip():
            parts.broken = True
            column = at + len(rest) - len(rest.lstrip())
            sign = None if arrow else _LONE_SIGN.match(plain(rest).lstrip())
            if sign:
                report.error("near-arrow", _near_arrow(sign[0]), line, column, "->" if "-" in sign[0] else "=>")
            else:
                report.error("order", _ORDER, line, column)
        at = min(equals, arrow.start if arrow else end)
        if opening < at:
            parts.broken = True
            report.error("order", "Gộp các thuộc tính vào một cặp { }.", line, opening)
    if at == equals and at < end:
        report.mend(line, at, at + 1)
        _read_value(report, parts, line, at + 1, arrow.start if arrow else end, covered)
    if arrow:
        parts.arrow = Piece(arrow.arrow, line, arrow.start)
        parts.target = _piece(typed[arrow.end :], line, arrow.end)
        if arrow.exact:
            report.mend(line, arrow.start - 1, arrow.end + 1)
        else:
            parts.broken = True
            if leads:
                report.error("near-arrow", _near_arrow(typed[arrow.start : arrow.end]), line, arrow.start, arrow.arrow)
    return parts


def misplaced(target: Piece) -> int | None:
    """Where in a target something begins that belongs before the arrow, or a second arrow; None when nothing does."""
    covered = covered_places(target.text)
    opening, equals, arrow = _next(target.text, covered, 0)
    first = min(opening, equals, arrow.start if arrow else len(target.text))
    return first if first < len(target.text) else None


def _read_value(report: Report, parts: Line, line: int, start: int, end: int, covered: list[bool]) -> None:
    typed = report.source.lines[line]
    late = _find(_ATTRIBUTES, typed[:end], covered, start)
    meant = SINGLE_BRACES.match(plain(typed), late) if late is not None else None
    if meant and not typed[start:late].strip() and not set("=#") & set(meant[1]):
        parts.broken = True
        shown = "{{" + meant[1].strip() + "}}"
        report.error("placeholder-open", f"Viết tên dữ liệu trong hai cặp ngoặc: {shown}.", line, late, shown)
        return
    if late is not None:
        parts.broken = True
        report.error("order", _ORDER, line, late)
        if not parts.attributes.values and parts.attributes.id is None:
            parts.attributes, _ = read_attributes(report, line, late)
        end = late
    parts.value = _piece(typed[start:end], line, start)
    parts.broken = _report_braces(report, parts.value, covered) or parts.broken


def _next(typed: str, covered: list[bool], start: int):
    """The next opening brace, equals sign (each the line's length when there is none) and arrow."""
    opening = _find(_ATTRIBUTES, typed, covered, start)
    equals = _find(_VALUE, typed, covered, start)
    arrow = find_arrow(typed, covered, start)
    end = len(typed)
    if arrow and opening is not None and arrow.start > opening:
        closing = plain(typed).find("}", opening)
        if arrow.start < closing:  # within the attributes: they will be looked at by their own reader
            arrow = find_arrow(typed, covered, closing)
    if arrow and equals == arrow.start:
        equals = None
    return (end if opening is None else opening, end if equals is None else equals, arrow)


def _find(pattern: re.Pattern[str], typed: str, covered: list[bool], start: int) -> int | None:
    for match in pattern.finditer(plain(typed), start):
        if not covered[match.start()]:
            return match.start()
    return None


def _report_braces(report: Report, piece: Piece, covered: list[bool]) -> bool:
    """A lone brace is an attribute block or a ``{{key}}`` that was not understood; whether there is one."""
    at = _lone_brace(piece.text, covered[piece.column :])
    if not all_closed(plain(piece.text)):  # which is reported with the other names
        return True
    if at is not None:
        report.error("brace", _BRACE, piece.line, piece.column + at)
    return at is not None


def _lone_brace(text: str, covered: list[bool]) -> int | None:
    return next((at for at, char in enumerate(plain(text)) if char in "{}" and not covered[at]), None)


def _near_arrow(typed: str) -> str:
    return f"Gõ lại “{typed}” thành => (đường đúng), -> (đường phụ) hoặc x> (bẫy), có dấu cách hai bên."


def _piece(text: str, line: int, start: int) -> Piece:
    return Piece(text.strip(), line, start + len(text) - len(text.lstrip()))
