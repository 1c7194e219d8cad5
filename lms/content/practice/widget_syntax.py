"""Parse one widget line into label, attributes, value, arrow and target, in this order; and screen headings."""

from __future__ import annotations

import re

from lms.content.practice.arrows import ArrowToken, find_arrow
from lms.content.practice.attributes import read_attributes
from lms.content.practice.placeholders import SINGLE_BRACES, are_placeholders_closed
from lms.content.practice.syntax_tree import ArrowSpan, Attribute, Attributes, TextSpan, WidgetLine
from lms.content.practice.vocabulary import ATTRIBUTES
from lms.content.source import Diagnostics, ascii_punctuation

_ATTRIBUTES = re.compile(r"(?<![^ ])\{(?!\{)")
_VALUE = re.compile(r"(?<![^ ])=(?![^ ])")
_TIGHT_ATTRIBUTES = re.compile(r"(?<=[^\s{])\{(?=#|[^\s{}=]+=)[^{}]*\}")
_BRACES = re.compile(r"[{}]")
_LONE_SIGN = re.compile(r"[-=~<>]+(?= +\w)")  # before a title, a mistyped arrow
_MANGLED = re.compile(
    r"(?<!\S)[{(\[]*\s*(?:#(?P<id>[\w-]+)\s+)?(?P<key>[^\s{}()\[\]=\"]+)\s*=\s*(?P<value>[^{}]*?)\s*[})\]]+\s*\Z"
)
_PARENTHESISED = re.compile(r"[(\[](?P<key>[^\s=()\[\]{}]+)\s?=[^()\[\]{}]+[)\]]")
_BRACE = "Viết thuộc tính sau một dấu cách, như Tên {dài=12}; dữ liệu thì trong hai cặp ngoặc, như {{otp}}."
_ORDER = "Viết theo thứ tự: nhãn, thuộc tính trong { }, giá trị sau dấu =, rồi mũi tên."


def mask_of_quoted_characters(text: str) -> list[bool]:
    """For each index whether it is inside quotes or ``{{ }}``, where syntax has no meaning."""
    meant = ascii_punctuation(text)
    mask = [False] * len(text)
    if "{{" not in meant and '"' not in meant:
        return mask
    last_closing, last_quote = meant.rfind("}}") - 1, meant.rfind('"')
    position = 0
    while position < len(meant):
        end = -1
        if position < last_closing and meant.startswith("{{", position):
            end = meant.find("}}", position + 2) + 2
        elif position < last_quote and meant[position] == '"':
            end = meant.find('"', position + 1) + 1
        if end > position:
            mask[position:end] = [True] * (end - position)
            position = end
        else:
            position += 1
    return mask


def parse_heading(diagnostics: Diagnostics, line: int, start: int) -> tuple[TextSpan, Attributes]:
    """Parse a screen's title and attributes. Closing ``#`` marks are dropped, as in Markdown."""
    typed = diagnostics.source.lines[line]
    mask = mask_of_quoted_characters(typed)
    meant = ascii_punctuation(typed)
    opening = _find_unquoted(_ATTRIBUTES, meant, mask, start)
    tight = None if opening is not None else _find_unquoted(_TIGHT_ATTRIBUTES, meant, mask, start)
    if tight is not None:
        diagnostics.error("brace", _BRACE, line, tight, " {")
        opening = tight
    if opening is None and _lone_brace(typed[start:], mask[start:]) is not None:
        mangled = _MANGLED.search(meant, start)
        if mangled:
            return _mangled_heading(diagnostics, line, start, mangled)
    attributes, end = (Attributes(), len(typed)) if opening is None else read_attributes(diagnostics, line, opening)
    if opening is not None and typed[end:].strip(" #"):
        message = "Sau phần thuộc tính của tên màn hình không viết gì thêm."
        diagnostics.error("order", message, line, end + len(typed[end:]) - len(typed[end:].lstrip()))
    title = typed[start : opening if opening is not None else len(typed)]
    if opening is None:
        title = re.sub(r"(^|\s)#+\s*$", "", title)
    span = TextSpan.stripped(title, line, start)
    if span.text and opening is None:
        parenthesised = _PARENTHESISED.search(ascii_punctuation(span.text))
        mangled = _MANGLED.search(meant, start) if parenthesised and ATTRIBUTES.find(parenthesised["key"]) else None
        if mangled:
            return _mangled_heading(diagnostics, line, start, mangled)
        _report_braces(diagnostics, span, mask)
    return _title_span(title, line, start), attributes


def _mangled_heading(
    diagnostics: Diagnostics, line: int, start: int, mangled: re.Match[str]
) -> tuple[TextSpan, Attributes]:
    """Parse a heading whose attributes have missing or wrong braces."""
    typed = diagnostics.source.lines[line]
    value = mangled["value"].strip("\"'")
    shown = f"{{{mangled['key']}={value if value.isalnum() else chr(34) + value + chr(34)}}}"
    diagnostics.error("brace", f"Viết thuộc tính trong một cặp dấu {{ }}: {shown}.", line, mangled.start(), shown)
    typed_id = TextSpan(mangled["id"], line, mangled.start("id") - 1) if mangled["id"] else None
    attributes = Attributes(typed_id, broken=True)
    code = ATTRIBUTES.find(mangled["key"])
    if code and value:
        key = TextSpan(mangled["key"], line, mangled.start("key"))
        attributes.values[code] = Attribute(code, key, TextSpan(value, line, mangled.start("value")))
    return _title_span(typed[start : mangled.start()], line, start), attributes


def _title_span(typed: str, line: int, start: int) -> TextSpan:
    span = TextSpan.stripped(typed, line, start)
    return TextSpan(" ".join(span.text.split()), line, span.column)


def parse_widget_line(diagnostics: Diagnostics, line: int, start: int, *, allows_arrow: bool = True) -> WidgetLine:
    """Parse the line after ``[role]``, which ends at ``start``.

    ``allows_arrow``: whether the role may have an arrow; if not, a near-arrow is reported elsewhere as misplaced.
    """
    typed = diagnostics.source.lines[line]
    mask = mask_of_quoted_characters(typed)
    end = len(typed)
    opening, equals, arrow = next_parts(typed, mask, start)
    first = min(opening, equals, arrow.start if arrow else end)
    parts = WidgetLine(TextSpan.stripped(typed[start:first], line, start), Attributes())
    parts.broken = _report_braces(diagnostics, parts.label, mask) or _report_parentheses(diagnostics, parts.label)
    position = first
    if position == opening and position < end:
        parts.attributes, position = read_attributes(diagnostics, line, opening)
        parts.broken = parts.broken or parts.attributes.broken
        opening, equals, arrow = next_parts(typed, mask, position)
        rest = typed[position : min(opening, equals, arrow.start if arrow else end)]
        if rest.strip():
            parts.broken = True
            column = position + len(rest) - len(rest.lstrip())
            sign = None if arrow else _LONE_SIGN.match(ascii_punctuation(rest).lstrip())
            if sign:
                meant = "->" if "-" in sign[0] else "=>"
                diagnostics.error("near-arrow", _meant_arrow(sign[0]), line, column, meant, len(sign[0]))
            else:
                diagnostics.error("order", _ORDER, line, column)
        position = min(equals, arrow.start if arrow else end)
        if opening < position:
            parts.broken = True
            diagnostics.error("order", "Gộp các thuộc tính vào một cặp { }.", line, opening)
    if position == equals and position < end:
        diagnostics.check_punctuation(line, position, position + 1)
        _read_value(diagnostics, parts, line, position + 1, arrow.start if arrow else end, mask)
    if arrow:
        parts.arrow = ArrowSpan(arrow.arrow, line, arrow.start)
        parts.target = TextSpan.stripped(typed[arrow.end :], line, arrow.end)
        if arrow.exact:
            diagnostics.check_punctuation(line, arrow.start - 1, arrow.end + 1)
        else:
            parts.broken = True
            if allows_arrow:
                near = typed[arrow.start : arrow.end]
                diagnostics.error("near-arrow", _meant_arrow(near), line, arrow.start, arrow.arrow, len(near))
    return parts


def find_misplaced_syntax(target: TextSpan) -> int | None:
    """The index in a target of a second arrow, or of syntax that belongs before the arrow; None if there is none."""
    mask = mask_of_quoted_characters(target.text)
    opening, equals, arrow = next_parts(target.text, mask, 0)
    first = min(opening, equals, arrow.start if arrow else len(target.text))
    return first if first < len(target.text) else None


def _read_value(diagnostics: Diagnostics, parts: WidgetLine, line: int, start: int, end: int, mask: list[bool]) -> None:
    typed = diagnostics.source.lines[line]
    late = _find_unquoted(_ATTRIBUTES, ascii_punctuation(typed[:end]), mask, start)
    if late is not None:
        parts.broken = True
        meant = SINGLE_BRACES.match(ascii_punctuation(typed), late)
        if meant and not typed[start:late].strip() and not set("=#") & set(meant[1]):
            shown = "{{" + meant[1].strip() + "}}"
            diagnostics.error("placeholder-open", f"Viết tên dữ liệu trong hai cặp ngoặc: {shown}.", line, late, shown)
            return
        diagnostics.error("order", _ORDER, line, late)
        if not parts.attributes.values and parts.attributes.id is None:
            parts.attributes, _ = read_attributes(diagnostics, line, late)
        end = late
    parts.value = TextSpan.stripped(typed[start:end], line, start)
    parts.broken = _report_braces(diagnostics, parts.value, mask) or parts.broken


def next_parts(typed: str, mask: list[bool], start: int) -> tuple[int, int, ArrowToken | None]:
    """The next opening brace and equals sign (the line's length if there is none), and the next arrow or None."""
    meant = ascii_punctuation(typed)
    opening = _find_unquoted(_ATTRIBUTES, meant, mask, start)
    equals = _find_unquoted(_VALUE, meant, mask, start)
    arrow = find_arrow(typed, mask, start)
    end = len(typed)
    if arrow and opening is not None and arrow.start > opening:
        closing = meant.find("}", opening)
        if arrow.start < closing:  # inside the attributes, which are parsed separately
            arrow = find_arrow(typed, mask, closing)
    if arrow and equals == arrow.start:
        equals = None
    return (end if opening is None else opening, end if equals is None else equals, arrow)


def _find_unquoted(pattern: re.Pattern[str], meant: str, mask: list[bool], start: int) -> int | None:
    for match in pattern.finditer(meant, start):
        if not mask[match.start()]:
            return match.start()
    return None


def _report_braces(diagnostics: Diagnostics, span: TextSpan, mask: list[bool]) -> bool:
    """Report a brace that is neither an attribute block nor a placeholder; returns whether there is one."""
    position = _lone_brace(span.text, mask[span.column :])
    if not are_placeholders_closed(ascii_punctuation(span.text)):  # reported by text_checks
        return True
    if position is not None:
        diagnostics.error("brace", _BRACE, span.line, span.column + position)
    return position is not None


def _report_parentheses(diagnostics: Diagnostics, label: TextSpan) -> bool:
    """Report attributes in round or square brackets, which would join the label; returns whether there are any."""
    meant = ascii_punctuation(label.text)
    for match in _PARENTHESISED.finditer(meant):
        if ATTRIBUTES.find(match["key"]):
            shown = "{" + label.text[match.start() + 1 : match.end() - 1].strip() + "}"
            message = f"Viết thuộc tính trong ngoặc nhọn: {shown}."
            diagnostics.error("brace", message, label.line, label.column + match.start(), shown)
            return True
    return False


def _lone_brace(text: str, mask: list[bool]) -> int | None:
    braces = _BRACES.finditer(ascii_punctuation(text))
    return next((brace.start() for brace in braces if not mask[brace.start()]), None)


def _meant_arrow(typed: str) -> str:
    return f"Gõ lại “{typed}” thành => (đường đúng), -> (đường phụ) hoặc x> (bẫy), có dấu cách hai bên."
