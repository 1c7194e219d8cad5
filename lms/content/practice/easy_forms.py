"""Report lines of a storyboard without brackets, ``- ô số (12): Mã = otp`` and ``? Mẹo``, with the line to write.

They are errors. The lines below are read as if they had been written as suggested, so that nothing else seems wrong.
"""

from __future__ import annotations

import re
from collections.abc import Container

from lms.content.model import Role
from lms.content.practice.arrows import find_arrow
from lms.content.practice.line_patterns import HEADING, HINT
from lms.content.practice.vocabulary import (
    ATTRIBUTES,
    DEFAULT_ATTRIBUTE_BY_ROLE,
    DIRECTIONS_OF_ROLE,
    ICONS,
    LOOKS,
    QUOTES,
    ROLES,
    ROLES_OF_ATTRIBUTE,
    SPEAKERS,
)
from lms.content.practice.widget_syntax import mask_of_quoted_characters, next_parts
from lms.content.source import Diagnostics, ascii_punctuation

_WIDGET = re.compile(
    r"(?P<mark>\s*(?:[*+]\s+|-\s*)?)(?P<role>[^\s\[\](){}:=<>\"#?*+-][^\[\](){}:=<>\"]*?)\s*"
    r"(?:\((?P<attributes>(?:[^()\"]|\"[^\"]*\")*)\)\s*)?:\s*(?P<rest>.*)\Z"
)
_WORDS_IN_BRACES = re.compile(r"\s*(?:##|- \[)[^{}]* \{(?P<attributes>[^{}=#]+)\}(?!\})")
_ENTRY = re.compile(r"(?:[^,\"]|\"[^\"]*\"|,(?=\S))+")  # "4,5" is one number
_UNIT = re.compile(r"(?<=\d)\s*(?:%|phần trăm|giây|chữ số|số|ký tự)\Z", re.IGNORECASE)
_NUMERIC = frozenset({"length", "seconds", "hold", "x", "y", "w", "h"})
_FREE_TEXTS = frozenset({"items", "src"})
_WORDS_OF_ATTRIBUTE = {
    "picture": (ICONS,),
    "direction": tuple(DIRECTIONS_OF_ROLE.values()),
    "speaker": (SPEAKERS,),
    "look": (LOOKS,),
}


def report_easy_forms(diagnostics: Diagnostics, first: int, names: Container[str]) -> None:
    """Report the easy forms from the line ``first`` on, and let the source read as suggested.

    ``names`` are those of the data, which a value may have without braces.
    """
    meant: dict[int, str] = {}
    has_screen = False
    for index, line in enumerate(diagnostics.source.lines[first:], first):
        heading = HEADING.match(line)
        has_screen = has_screen or (heading is not None and len(heading[2]) > 1)
        rewritten = (_hint(line) if has_screen else None) or _widget(line, names, is_item=has_screen) or _words(line)
        if rewritten:
            meant[index] = rewritten
    for index, line in meant.items():
        column = len(line) - len(line.lstrip())
        message = f"Viết dòng này theo kiểu ngoặc: “{line.strip()}”."
        diagnostics.error("easy-form", message, index, column, line)
    if meant:
        diagnostics.source = diagnostics.source.with_lines(meant)


def _hint(line: str) -> str | None:
    sign = HINT.match(ascii_punctuation(line))
    if sign is None:
        return None
    word, colon, rest = line[sign.end() :].partition(":")
    text = rest if colon and QUOTES.find(word) == "hint" else line[sign.end() :]
    return f"> {QUOTES.spelling('hint')}: {text.strip()}"


def _widget(line: str, names: Container[str], *, is_item: bool) -> str | None:
    """The line in brackets; None if it is no widget, as one without a list mark and an arrow, which is prose."""
    found = _WIDGET.match(ascii_punctuation(line))
    role = ROLES.find(found["role"]) if found else None
    if found is None or role is None:
        return None
    rest = line[found.start("rest") :]
    arrow = find_arrow(rest, mask_of_quoted_characters(rest))
    has_mark = line[: found.end("mark")].strip() in ("-", "*", "+")
    if not (has_mark and is_item) and not (arrow and rest[arrow.end :].strip()):
        return None
    attributes = _attributes(role, line[slice(*found.span("attributes"))]) if found["attributes"] else ""
    if attributes is None:
        return None
    indent = line[: len(line) - len(line.lstrip())]
    return _with_attributes(f"{indent}- [{line[slice(*found.span('role'))]}] {rest}", attributes, names).rstrip()


def _words(line: str) -> str | None:
    """The line with ``{x=0 y=10}`` in place of ``{trái 0, trên 10}``."""
    found = _WORDS_IN_BRACES.match(ascii_punctuation(line))
    attributes = _attributes(None, line[slice(*found.span("attributes"))]) if found else None
    return (
        f"{line[: found.start('attributes')]}{attributes}{line[found.end('attributes') :]}"
        if found and attributes
        else None
    )


def _with_attributes(line: str, attributes: str, names: Container[str]) -> str:
    start = line.index("]") + 1
    opening, equals, arrow = next_parts(line, mask_of_quoted_characters(line), start)
    if equals < len(line):
        end = arrow.start if arrow else len(line)
        texts = [text.strip() for text in line[equals + 1 : end].split("|")]
        value = " | ".join(f"{{{{{text}}}}}" if text in names else text for text in texts)
        line = f"{line[: equals + 1]} {value} {line[end:]}"
    label_end = min(opening, equals, arrow.start if arrow else len(line))
    if not attributes:
        return line
    if label_end == opening < len(line):
        return f"{line[: opening + 1]}{attributes} {line[opening + 1 :]}"
    return f"{line[:label_end].rstrip()} {{{attributes}}} {line[label_end:].lstrip()}"


def _attributes(role: Role | None, typed: str) -> str | None:
    """What stands in the parentheses as ``key=value key=value``; None if a name is unknown."""
    entries = [entry[0].strip() for entry in _ENTRY.finditer(typed) if entry[0].strip()]
    written = [entry if entry.startswith("#") else _attribute(role, entry) for entry in entries]
    return None if None in written else " ".join(filter(None, written))


def _attribute(role: Role | None, entry: str) -> str | None:
    words = list(re.finditer(r"[^\s=:]+", entry))
    code, count = ATTRIBUTES.match_prefix([word[0] for word in words[:3]])
    value = re.sub(r"\A\s*[=:]?\s*", "", entry[words[count - 1].end() :]) if count else ""
    main = DEFAULT_ATTRIBUTE_BY_ROLE.get(role) if role else None
    is_free = main in _FREE_TEXTS and role not in ROLES_OF_ATTRIBUTE.get(code or "", ())
    is_word_of_main = any(vocabulary.find(entry) for vocabulary in _WORDS_OF_ATTRIBUTE.get(main or "", ()))
    if code is None or not value or is_free or is_word_of_main:
        if main is None:
            return None
        code, value = main, entry
    value = value.strip('"')
    value = _UNIT.sub("", value) if code in _NUMERIC else value
    return (
        f'{ATTRIBUTES.spelling(code)}="{value}"'
        if re.search(r"[\s{}]", value)
        else f"{ATTRIBUTES.spelling(code)}={value}"
    )
