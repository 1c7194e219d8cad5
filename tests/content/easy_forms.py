"""Rewrite course files from the forms with brackets into those that a Vietnamese keyboard types easily."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lms.content.practice.vocabulary import ATTRIBUTES, DEFAULT_ATTRIBUTE_BY_ROLE, ROLES

NOTE = "%% một dòng ghi chú [nút] => - [ ] ::: ? > ="
_WIDGET = re.compile(r"- \[(?P<role>[^\]]+)\] (?P<rest>.*)\Z")
_ATTRIBUTES = re.compile(r"(?<= )(?<!\{)\{(?!\{)(?P<inside>(?:[^{}\"]|\"[^\"]*\")*)\} ?")
_ATTRIBUTE = re.compile(
    r"(?P<id>#\S+)|(?P<key>[^\s=\"]+(?: [^\s=\"]+)*?)=(?:\"(?P<quoted>[^\"]*)\"|(?P<bare>[^\s\"]+))"
)
_DATA_VALUE = re.compile(r"(?<= = )\{\{(?P<name>[^{}]+)\}\}(?= (?:=>|->|x>)|\Z)")
_HEADING = re.compile(r"## (?P<title>[^{]*?)(?: \{(?P<attributes>.*)\})?\Z")


def easy_practice(text: str, lesson_name: str, *, is_main: bool) -> str:
    """lam.md without brackets, braces and ``> Gợi ý``, and without what has a default."""
    front, lines = _split(text)
    names = [line.split(":")[0].strip() for line in front if line.startswith("  ") and ":" in line]
    headings = [(index, match) for index, line in enumerate(lines) if (match := _HEADING.match(line))]
    ends = [(index, match) for index, match in headings if "loại=kết" in (match["attributes"] or "")]
    front = [line for line in front if line != f"bắt đầu: {headings[0][1]['title']}"]
    if len(ends) == 1:
        front = [line for line in front if not line.startswith("đích:")]
        index, match = ends[0]
        is_still = not any(line.startswith(("- [", "> Việc")) for line in lines[index:])
        if index == headings[-1][0] and is_still and match["attributes"] == "loại=kết":
            lines[index] = f"## {match['title']}"
    if is_main:
        front = _without_name(front, lesson_name)
    easy: list[str] = []
    for line in lines:
        widget = _WIDGET.match(line)
        is_hint = line.startswith("> Gợi ý: ") and easy and easy[-1].startswith((">", "?"))
        if widget:
            easy.append(_easy_widget(widget["role"], widget["rest"], names))
        else:
            easy.append("? " + line.removeprefix("> Gợi ý: ") if is_hint else line)
    return _join(front, easy)


def easy_understand(text: str) -> str:
    """hieu.md with ``+`` and ``-`` in place of the boxes of questions."""
    front, lines = _split(text)
    return _join(front, [re.sub(r"^- \[x\] ", "+ ", line.replace("- [ ] ", "- ", 1)) for line in lines])


def easy_use(text: str, lesson_name: str) -> str:
    """dung.md without the lesson's name."""
    front, lines = _split(text)
    return _join(_without_name(front, lesson_name), lines)


def with_notes(text: str) -> str:
    """The text with a note above every line, but for the opening of the front matter; none inside code."""
    opening, *lines = text.split("\n")
    return "\n".join([opening, *(part for line in lines for part in (f"  {NOTE}", line))])


def _easy_widget(role: str, rest: str, names: Iterable[str]) -> str:
    attributes = _ATTRIBUTES.search(rest)
    listed = ""
    if attributes:
        rest = (rest[: attributes.start()] + rest[attributes.end() :]).strip()
        entries = [_easy_attribute(role, match) for match in _ATTRIBUTE.finditer(attributes["inside"])]
        listed = f" ({', '.join(entries)})"
    rest = _DATA_VALUE.sub(lambda match: match["name"] if match["name"] in names else match[0], rest)
    return f"- {role}{listed}: {rest}"


def _easy_attribute(role: str, match: re.Match[str]) -> str:
    if match["id"]:
        return match["id"]
    value = match["quoted"] or match["bare"]
    value = f'"{value}"' if re.search(r"[,()]", value) and not value.replace(",", "").isdecimal() else value
    code = ATTRIBUTES.find(match["key"])
    found = ROLES.find(role)
    is_main = found is not None and DEFAULT_ATTRIBUTE_BY_ROLE.get(found) == code
    words = {"x": "trái", "y": "trên", "w": "rộng", "h": "cao"}
    return value if is_main else f"{words.get(code or '', match['key'])} {value}"


def _split(text: str) -> tuple[list[str], list[str]]:
    """The lines of the front matter and those of the body."""
    lines = text.split("\n")
    closing = lines.index("---", 1)
    return lines[1:closing], lines[closing + 1 :]


def _join(front: list[str], lines: list[str]) -> str:
    return "\n".join(["---", *front, "---", *lines])


def _without_name(front: list[str], lesson_name: str) -> list[str]:
    return [line for line in front if line not in (f"tên: {lesson_name}", f'tên: "{lesson_name}"')]
