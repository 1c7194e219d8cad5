"""Parse the head of a widget's line: ``nút:``, ``ô số (12):``, ``vùng (trái 0, trên 10, rộng 100, cao 12):``."""

from __future__ import annotations

import re
from typing import NamedTuple

from lms.content.fuzzy_matching import Vocabulary, word_distance
from lms.content.model import Role
from lms.content.practice.syntax_tree import Attribute, Attributes, TextSpan
from lms.content.practice.vocabulary import (
    ATTRIBUTES,
    DEFAULT_ATTRIBUTE_BY_ROLE,
    DIRECTIONS_OF_ROLE,
    ICONS,
    LOOKS,
    ROLES,
    ROLES_OF_ATTRIBUTE,
    SPEAKERS,
)
from lms.content.source import Diagnostics, ascii_punctuation

_HEAD = re.compile(
    r"\s*(?P<role>[^\s\[\](){}:=<>\"#][^\[\](){}:=<>\"]*?)\s*"
    r"(?P<list>\((?P<attributes>(?:[^()\"]|\"[^\"]*\")*)\)\s*)?(?P<colon>:)"
)
_OPEN_LIST = re.compile(r"\s*(?P<role>[^\[\](){}:=<>\"]*?)\s*(?P<open>\()[^()]*?(?P<colon>:)")
_ENTRY = re.compile(r"(?:[^,\"]|\"[^\"]*\"|,(?=\S))+")  # "4,5" is one number
_ID = re.compile(r"#(?P<id>\S+)\Z")
_UNIT = re.compile(r"(?<=\d)\s*(?:%|phần trăm|giây|chữ số|số|ký tự)\Z", re.IGNORECASE)
_NUMERIC = frozenset({"length", "seconds", "hold", "x", "y", "w", "h"})
_VALUES: dict[str, tuple[Vocabulary[str], ...]] = {
    "picture": (ICONS,),
    "direction": tuple(DIRECTIONS_OF_ROLE.values()),  # type: ignore[dict-item]
    "speaker": (SPEAKERS,),  # type: ignore[dict-item]
    "look": (LOOKS,),
}
_FREE_TEXTS = frozenset({"items", "src"})
_MAX_MISSPELT_DISTANCE = 0.5  # up to this word_distance the first word of an entry is a misspelt attribute


class WidgetPrefix(NamedTuple):
    """The head of a line. ``attributes`` is the range between the parentheses, if there are any."""

    role: Role
    typed_role: TextSpan
    attributes: tuple[int, int] | None
    colon: int
    end: int


def match_widget_prefix(meant: str, line: int, start: int) -> WidgetPrefix | None:
    """The head that begins at ``start``; None if the text there is no role and a colon."""
    match = _HEAD.match(meant, start)
    role = ROLES.find(match["role"]) if match else None
    if match is None or role is None:
        return None
    attributes = match.span("attributes") if match["list"] else None
    typed_role = TextSpan(match["role"], line, match.start("role"))
    return WidgetPrefix(role, typed_role, attributes, match.start("colon"), match.end())


def find_open_list(meant: str, start: int) -> int | None:
    """Where ``ô số (12: …`` opens parentheses that are not closed before the colon; None if this is no such line."""
    match = _OPEN_LIST.match(meant, start)
    return match.start("open") if match and ROLES.find(match["role"]) else None


def read_head_attributes(diagnostics: Diagnostics, head: WidgetPrefix) -> Attributes:
    """Parse ``(name value, …)``; the value of the role's main attribute needs no name."""
    attributes = Attributes()
    if head.attributes is None:
        return attributes
    line = head.typed_role.line
    start, end = head.attributes
    diagnostics.check_punctuation(line, start - 1, start)
    diagnostics.check_punctuation(line, end, head.colon)
    meant = ascii_punctuation(diagnostics.source.lines[line])
    for entry in _ENTRY.finditer(meant, start, end):
        if entry[0].strip():
            _read_entry(diagnostics, head, attributes, TextSpan.stripped(entry[0], line, entry.start()))
    if not attributes.values and attributes.id is None and not attributes.has_unknown:
        message = "Viết thuộc tính vào giữa ( và ), hoặc bỏ cặp dấu này."
        diagnostics.error("attribute-empty", message, line, start - 1)
        attributes.broken = True
    return attributes


def parse_attribute_words(diagnostics: Diagnostics, line: int, start: int, end: int) -> dict[str, Attribute] | None:
    """Parse ``trái 0, trên 10`` between braces; None unless each entry is the name of an attribute and a value."""
    meant = ascii_punctuation(diagnostics.source.lines[line])
    if "=" in meant[start:end] or "#" in meant[start:end]:
        return None
    attributes: dict[str, Attribute] = {}
    for entry in _ENTRY.finditer(meant, start, end):
        code, key, value = _split_entry(TextSpan.stripped(entry[0], line, entry.start()))
        is_unclear = "{" in value.text or (code in _NUMERIC and ":" in value.text)
        if code is None or not value.text or is_unclear:
            return None
        if code in attributes:
            _report_twice(diagnostics, key)
        attributes.setdefault(code, Attribute(code, key, _clean_value(diagnostics, code, value)))
    return attributes


def merge_attributes(diagnostics: Diagnostics, attributes: Attributes, more: Attributes) -> None:
    """Add the attributes of a line's ``{ }`` to those of its head."""
    if more.id is not None and attributes.id is not None:
        message = "Mỗi chỗ chỉ có một #id; bác giữ lại một."
        diagnostics.error("attribute-twice", message, more.id.line, more.id.column)
    attributes.id = attributes.id or more.id
    for code, attribute in more.values.items():
        if code in attributes.values:
            _report_twice(diagnostics, attribute.key)
        attributes.values.setdefault(code, attribute)
    attributes.broken |= more.broken
    attributes.has_unknown |= more.has_unknown


def _read_entry(diagnostics: Diagnostics, head: WidgetPrefix, attributes: Attributes, entry: TextSpan) -> None:
    typed_id = _ID.match(entry.text)
    if typed_id:
        attributes.id = TextSpan(typed_id["id"], entry.line, entry.column)
        return
    code, key, value = _split_entry(entry)
    main = DEFAULT_ATTRIBUTE_BY_ROLE.get(head.role)
    is_free = main in _FREE_TEXTS and head.role not in ROLES_OF_ATTRIBUTE.get(code or "", ())  # "Giấy ủy quyền | …"
    is_value = _is_value_of(main, entry.text)  # "giấy tờ" is an icon, not "giây" and "tờ"
    if code is None or not value.text or is_free or is_value:
        first = entry.text.split()[0]
        is_named = bool(re.search(r"[\s=]", entry.text)) and "|" not in entry.text and not first[0].isdigit()
        may_be_misspelt = main is None or (is_named and not is_value)
        # Looked for only where it may be told: it compares with each name, and "ảnh (images/…)" stands in each screen.
        near = ATTRIBUTES.nearest(first.partition("=")[0]) if may_be_misspelt else ""
        if main is None or (may_be_misspelt and _is_misspelt(first, near)):
            message = f"Không có thuộc tính “{first}”; có phải bác muốn viết “{near}”?"
            diagnostics.error("unknown-attribute", message, entry.line, entry.column, near)
            attributes.has_unknown = True
            return
        code, key, value = main, TextSpan(ATTRIBUTES.spelling(main), entry.line, entry.column), entry
    if code in attributes.values:
        _report_twice(diagnostics, key)
        return
    attributes.values[code] = Attribute(code, key, _clean_value(diagnostics, code, value))


def _split_entry(entry: TextSpan) -> tuple[str | None, TextSpan, TextSpan]:
    """The attribute of an entry, its name and its value; None if the entry begins with no attribute's name."""
    words = list(re.finditer(r"[^\s=:]+", entry.text))
    code, count = ATTRIBUTES.match_prefix([word[0] for word in words[:3]])
    end = words[count - 1].end() if count else 0
    value = entry.text[end:]
    equals = re.match(r"\s*[=:]", value)
    after = end + (equals.end() if equals else 0)
    key = TextSpan(entry.text[:end], entry.line, entry.column)
    return code, key, TextSpan.stripped(entry.text[after:], entry.line, entry.column + after)


def _clean_value(diagnostics: Diagnostics, code: str, value: TextSpan) -> TextSpan:
    """The value as typed, without quotes around it and without the unit of a number."""
    typed = diagnostics.source.lines[value.line][value.column : value.column + len(value.text)]
    if len(value.text) > 1 and value.text[0] == value.text[-1] == '"':
        return TextSpan.stripped(typed[1:-1], value.line, value.column + 1)
    return TextSpan(_UNIT.sub("", typed) if code in _NUMERIC else typed, value.line, value.column)


def _is_value_of(code: str | None, text: str) -> bool:
    """Whether a text is one of the words that this attribute can have."""
    return any(vocabulary.find(text) for vocabulary in _VALUES.get(code or "", ()))


def _is_misspelt(word: str, near: str) -> bool:
    return word_distance(word, near) < _MAX_MISSPELT_DISTANCE


def _report_twice(diagnostics: Diagnostics, key: TextSpan) -> None:
    message = f"Thuộc tính “{key.text}” đã viết ở trước; bác giữ lại một."
    diagnostics.error("attribute-twice", message, key.line, key.column)
