"""What a field is to hold: alternatives, a rule, a switch's word; and the numbers in attributes."""

from __future__ import annotations

import re

from lms.content.practice.fields import SATISFIES, is_length_only
from lms.content.practice.placeholders import PLACEHOLDER
from lms.content.practice.syntax_tree import Attribute, DraftWidget, Piece
from lms.content.practice.words import RULES, SWITCH
from lms.content.source import Report, plain

_RULED_ROLES = frozenset({"number", "text"})
_NUMBER = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,6})?")
_SPACE = " \u00a0"


def read_value(report: Report, widget: DraftWidget) -> None:
    """Set a field's ``values`` or ``rule`` from what was typed after ``=``."""
    piece = widget.parts.value
    if piece is None:
        return
    if plain(piece.text).startswith("~"):
        _read_rule(report, widget, piece)
    elif widget.role == "switch":
        _read_switch(report, widget, piece)
    else:
        widget.values = tuple(alternative.text for alternative in alternatives(report, piece))


def alternatives(report: Report, piece: Piece) -> list[Piece]:
    """The texts between `` | ``, each with its place; empty and repeated ones are reported."""
    meant = plain(piece.text)
    found: list[Piece] = []
    start = 0
    for bar in [*re.finditer(r"\|", meant), None]:
        end = bar.start() if bar else len(meant)
        typed = piece.text[start:end]
        one = Piece(typed.strip(_SPACE), piece.line, piece.column + start + len(typed) - len(typed.lstrip(_SPACE)))
        if bar:
            report.mend(piece.line, piece.column + end, piece.column + end + 1)
            if meant[end - 1 : end] not in ("", " ") or meant[end + 1 : end + 2] not in ("", " "):
                message = "Để một dấu cách ở hai bên dấu | giữa các cách viết."
                report.error("value-bar", message, piece.line, piece.column + end, " | ")
        if not one.text:
            message = "Viết một giá trị ở mỗi bên dấu |." if len(meant) else "Viết giá trị sau dấu =."
            report.error("value-empty", message, piece.line, min(one.column, piece.column + max(len(meant) - 1, 0)))
        elif one.text in (other.text for other in found):
            message = f"Giá trị “{one.text}” đã viết ở trước; bác bỏ bớt một."
            report.error("value-twice", message, one.line, one.column)
        else:
            if is_reserved(one.text) or (found and one.text.startswith("~")):
                message = f"“{one.text}” là chữ dành riêng cho máy; bác đổi giá trị khác."
                report.error("value-reserved", message, one.line, one.column)
            found.append(one)
        start = end + 1
    return found


def _read_rule(report: Report, widget: DraftWidget, piece: Piece) -> None:
    report.mend(piece.line, piece.column, piece.column + 1)
    typed = piece.text[1:].strip()
    widget.rule = RULES.find(typed)
    if widget.rule is None:
        near = "~" + RULES.nearest(typed)
        message = f"Không có quy tắc “{piece.text}”; có phải bác muốn viết “{near}”?"
        report.error("unknown-rule", message, piece.line, piece.column, near)
    elif widget.role not in _RULED_ROLES:
        message = "Quy tắc ~ chỉ dùng cho ô số và ô chữ."
        report.error("rule-on-wrong-role", message, piece.line, piece.column)
    elif widget.role == "number" and widget.rule == "mat-khau-manh":
        message = "Ô số chỉ có chữ số nên không gõ được mật khẩu mạnh; bác đổi thành [ô chữ]."
        report.error("rule-on-wrong-role", message, piece.line, piece.column)


def _read_switch(report: Report, widget: DraftWidget, piece: Piece) -> None:
    code = SWITCH.find(piece.text)
    if code is None:
        near = SWITCH.nearest(piece.text)
        message = f"Giá trị của công tắc là bật hoặc tắt, không phải “{piece.text}”."
        report.error("switch-value", message, piece.line, piece.column, near)
    else:
        widget.values = (code,)


def number_of(report: Report, attribute: Attribute, least: float, most: float, *, whole: bool = False) -> float | None:
    """The number of an attribute, from ``least`` to ``most``; None when it is none, which is reported."""
    typed = plain(attribute.value.text)
    match = _NUMBER.fullmatch(typed)
    number = float(typed.replace(",", ".")) if match else -1.0
    if least <= number <= most and not (whole and not number.is_integer()):
        place = attribute.value
        report.mend(place.line, place.column, place.column + len(place.text))
        return number
    kind = "số nguyên" if whole else "số"
    message = f"Viết “{attribute.key.text}” là một {kind} từ {least:g} đến {most:g}, không kèm chữ hay đơn vị."
    digits = re.search(r"[0-9]+", typed)
    meant = digits[0] if digits and least <= int(digits[0][:9]) <= most else None
    report.error("bad-number", message, attribute.value.line, attribute.value.column, meant)
    return None


def is_reserved(text: str) -> bool:
    """Whether this is what leaves a phone in place of a text that was typed."""
    return text == SATISFIES or is_length_only(text)


def is_one_placeholder(text: str) -> bool:
    return PLACEHOLDER.fullmatch(text) is not None
