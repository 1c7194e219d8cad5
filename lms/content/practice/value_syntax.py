"""Parse the values of fields (alternatives, a rule, a switch position) and the numbers of attributes."""

from __future__ import annotations

import re

from lms.content.practice.fields import is_redaction_code
from lms.content.practice.placeholders import PLACEHOLDER
from lms.content.practice.syntax_tree import Attribute, DraftWidget, TextSpan
from lms.content.practice.vocabulary import RULES, SWITCH
from lms.content.source import Diagnostics, ascii_punctuation

MAX_STARS = 5
_ROLES_WITH_RULE = frozenset({"number", "text"})
_NUMBER = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,6})?")
_SPACE = " \u00a0"


def parse_value(diagnostics: Diagnostics, widget: DraftWidget) -> None:
    """Set a field's ``values`` or ``rule`` from the text after ``=``."""
    span = widget.parts.value
    if span is None:
        return
    if ascii_punctuation(span.text).startswith("~"):
        _read_rule(diagnostics, widget, span)
    elif widget.role == "switch":
        _read_switch(diagnostics, widget, span)
    else:
        widget.values = tuple(alternative.text for alternative in parse_alternatives(diagnostics, span))


def parse_alternatives(diagnostics: Diagnostics, value: TextSpan) -> list[TextSpan]:
    """Split a text at ``|``; empty and repeated alternatives are reported."""
    meant = ascii_punctuation(value.text)
    alternatives: list[TextSpan] = []
    start = 0
    for bar in [*re.finditer(r"\|", meant), None]:
        end = bar.start() if bar else len(meant)
        typed = value.text[start:end]
        span = TextSpan(typed.strip(_SPACE), value.line, value.column + start + len(typed) - len(typed.lstrip(_SPACE)))
        if bar:
            diagnostics.check_punctuation(value.line, value.column + end, value.column + end + 1)
            if meant[end - 1 : end] not in ("", " ") or meant[end + 1 : end + 2] not in ("", " "):
                message = "Để một dấu cách ở hai bên dấu | giữa các cách viết."
                diagnostics.error("value-bar", message, value.line, value.column + end, " | ")
        if not span.text:
            message = "Viết một giá trị ở mỗi bên dấu |." if len(meant) else "Viết giá trị sau dấu =."
            diagnostics.error(
                "value-empty", message, value.line, min(span.column, value.column + max(len(meant) - 1, 0))
            )
        elif span.text in (earlier.text for earlier in alternatives):
            message = f"Giá trị “{span.text}” đã viết ở trước; bác bỏ bớt một."
            diagnostics.error("value-twice", message, span.line, span.column)
        else:
            if is_redaction_code(span.text) or (alternatives and span.text.startswith("~")):
                message = f"“{span.text}” là chữ dành riêng cho máy; bác đổi giá trị khác."
                diagnostics.error("value-reserved", message, span.line, span.column)
            alternatives.append(span)
        start = end + 1
    return alternatives


def _read_rule(diagnostics: Diagnostics, widget: DraftWidget, span: TextSpan) -> None:
    diagnostics.check_punctuation(span.line, span.column, span.column + 1)
    typed = span.text[1:].strip()
    widget.rule = RULES.find(typed)
    if widget.rule is None:
        nearest = "~" + RULES.nearest(typed)
        message = f"Không có quy tắc “{span.text}”; có phải bác muốn viết “{nearest}”?"
        diagnostics.error("unknown-rule", message, span.line, span.column, nearest)
    elif widget.role not in _ROLES_WITH_RULE:
        message = "Quy tắc ~ chỉ dùng cho ô số và ô chữ."
        diagnostics.error("rule-on-wrong-role", message, span.line, span.column)
    elif widget.role == "number" and widget.rule == "mat-khau-manh":
        message = "Ô số chỉ có chữ số nên không gõ được mật khẩu mạnh; bác đổi thành [ô chữ]."
        diagnostics.error("rule-on-wrong-role", message, span.line, span.column)


def _read_switch(diagnostics: Diagnostics, widget: DraftWidget, span: TextSpan) -> None:
    code = SWITCH.find(span.text)
    if code is None:
        nearest = SWITCH.nearest(span.text)
        message = f"Giá trị của công tắc là bật hoặc tắt, không phải “{span.text}”."
        diagnostics.error("switch-value", message, span.line, span.column, nearest)
    else:
        widget.values = (code,)


def read_number(typed: str) -> float | None:
    """The number that a text is, "4.5" or "4,5"; None if it is none."""
    meant = ascii_punctuation(typed)
    return float(meant.replace(",", ".")) if _NUMBER.fullmatch(meant) else None


def parse_number(
    diagnostics: Diagnostics, attribute: Attribute, minimum: float, maximum: float, *, whole: bool = False
) -> float | None:
    """The number of an attribute, from ``minimum`` to ``maximum``; None if it is invalid, which is reported."""
    typed = ascii_punctuation(attribute.value.text)
    number = read_number(typed)
    if number is not None and minimum <= number <= maximum and not (whole and not number.is_integer()):
        value = attribute.value
        diagnostics.check_punctuation(value.line, value.column, value.column + len(value.text))
        return number
    kind = "số nguyên" if whole else "số"
    message = f"Viết “{attribute.key.text}” là một {kind} từ {minimum:g} đến {maximum:g}, không kèm chữ hay đơn vị."
    digits = re.search(r"[0-9]+", typed)
    meant = digits[0] if digits and minimum <= int(digits[0][:9]) <= maximum else None
    diagnostics.error("bad-number", message, attribute.value.line, attribute.value.column, meant)
    return None


def is_one_placeholder(text: str) -> bool:
    return PLACEHOLDER.fullmatch(text) is not None
