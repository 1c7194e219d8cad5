"""``{#id key=bare key="text"}``: the attributes of a heading or a widget."""

from __future__ import annotations

import re

from lms.content.practice.placeholders import PLACEHOLDER
from lms.content.practice.syntax_tree import Attribute, Attributes, Piece
from lms.content.practice.words import ATTRIBUTES
from lms.content.source import Report, plain

_ENDS_BARE = " \"'{}"
_QUOTES = " \"'"
_QUOTED = re.compile(r'"[^"]*"')
_MORE_WORDS = re.compile(r" +(?![^\s={}\"]+=|[#}=,;])\S")  # after a value without quotes: it has more words
_FOLLOWING = re.compile(r" (?=[^\s={}\"]+=)")
_BEYOND = re.compile(r"(?<= )=(?= )|(?<= )(?:=>|->|[xX]>)(?= )|\{")


def read_attributes(report: Report, line: int, opening: int) -> tuple[Attributes, int]:
    """Read the block that opens at ``opening`` in this line; gives what it says and the index after its ``}``."""
    reader = _Reader(report, line, opening)
    return reader.read(), reader.at


class _Reader:
    def __init__(self, report: Report, line: int, opening: int) -> None:
        self.report = report
        self.line = line
        self.opening = opening
        self.typed = report.source.lines[line]
        self.text = plain(self.typed)
        self.at = opening + 1
        self.found = Attributes()

    def read(self) -> Attributes:
        self.report.mend(self.line, self.opening, self.at)
        self._look_for_the_end()
        while self._skip_spaces() < self.end:
            if self.text[self.at] == "#":
                self._id()
            else:
                self._pair()
        self.at = self.end
        if self.text[self.at : self.at + 1] == "}":
            if not self.text[self.opening + 1 : self.at].strip():
                self._error("attribute-empty", "Viết thuộc tính vào giữa { và }, hoặc bỏ cặp dấu này.", self.opening)
            self.report.mend(self.line, self.at, self.at + 1)
            self.at += 1
        else:
            self.at = self.beyond
        return self.found

    def _look_for_the_end(self) -> None:
        """The closing brace; where it was forgotten, what can no longer belong to the attributes."""
        self.end = _closing(self.text, self.opening + 1)
        if self.text[self.end : self.end + 1] == "}":
            return
        self._error("attributes-open", "Thêm dấu } để khép phần thuộc tính.", self.opening, "}")
        found = _BEYOND.search(_QUOTED.sub(lambda quoted: "_" * len(quoted[0]), self.text), self.opening + 1)
        self.end = self.beyond = found.start() if found else self.end
        while self.text[self.end - 1] in " )]":  # of which the last was typed for the brace
            self.end -= 1
        self.text = self.text[: self.end]

    def _id(self) -> None:
        start = self.at
        self.at = self._until(" {}")
        piece = Piece(self.typed[start + 1 : self.at], self.line, start)
        if self.found.id:
            self._error("attribute-twice", "Mỗi chỗ chỉ có một #id; bác giữ lại một.", start)
        else:
            self.found.id = piece

    def _pair(self) -> None:
        start = self.at
        self.at = self._until(' ={}"')
        key = Piece(self.typed[start : self.at], self.line, start)
        after_key = self.at
        self._skip_spaces()
        if self.text[self.at : self.at + 1] != "=" or not key.text:
            self.at = self.end  # nothing tells where the next one begins
            message = "Viết thuộc tính theo dạng tên=giá-trị, như {dài=12}; có dấu cách thì đặt trong ngoặc kép."
            self._error("attribute-shape", message, start)
            return
        spaced = self.at > after_key
        self.report.mend(self.line, self.at, self.at + 1)
        self.at += 1
        after_equals = self.at
        self._skip_spaces()
        if spaced or self.at > after_equals:
            self._error("attribute-shape", "Viết liền hai bên dấu = trong thuộc tính, như {dài=12}.", start)
        value = self._value(start)
        if value.text:
            self._keep(key, value)

    def _value(self, key_start: int) -> Piece:
        start = self.at
        if self.text[start : start + 1] == '"':
            end = self.text.find('"', start + 1, self.end)
            if end < 0:
                self._error("attributes-open", 'Thêm dấu " để khép giá trị này.', start, '"')
                self.at = self.end
                return self._guess(start)
            self.report.mend(self.line, start, start + 1)
            self.report.mend(self.line, end, end + 1)
            self.at = end + 1
            value = Piece(self.typed[start + 1 : end].strip(), self.line, start + 1)
            if self.text[self.at : self.at + 1] not in ("", " ", "}"):
                return self._unquoted(start, self.at)
        else:
            self.at = self._until(_ENDS_BARE)
            value = Piece(self.typed[start : self.at], self.line, start)
            if self.text[self.at : self.at + 1] in ("'", '"', "{"):
                return self._unquoted(start, self.at)
            if value.text and _MORE_WORDS.match(self.text, self.at, self.end):
                return self._unquoted(start, start)
        if not value.text:
            self._error("attribute-empty", "Viết giá trị sau dấu =.", key_start)
        return value

    def _unquoted(self, start: int, at: int) -> Piece:
        """What is in no pair of quotes, or in more than one, up to the next attribute or the end."""
        following = _FOLLOWING.search(self.text, self.at, self.end)
        self.at = following.start() if following else self.end
        guess = self._guess(start)
        shown = f'"{guess.text}"'
        self._error("attribute-shape", f"Đặt cả giá trị trong một cặp dấu ngoặc kép: {shown}.", at, shown)
        return guess

    def _guess(self, start: int) -> Piece:
        inner = self.text[start : self.at].strip(_QUOTES)
        begins = self.text.index(inner, start)
        return Piece(self.typed[begins : begins + len(inner)], self.line, begins)

    def _keep(self, key: Piece, value: Piece) -> None:
        code = ATTRIBUTES.find(key.text)
        if code is None:
            near = ATTRIBUTES.nearest(key.text)
            message = f"Không có thuộc tính “{key.text}”; có phải bác muốn viết “{near}”?"
            self.report.error("unknown-attribute", message, key.line, key.column, near)
        elif code in self.found.values:
            message = f"Thuộc tính “{key.text}” đã viết ở trước; bác giữ lại một."
            self.report.error("attribute-twice", message, key.line, key.column)
        else:
            self.found.values[code] = Attribute(code, key, value)

    def _until(self, ends: str) -> int:
        at = self.at
        while at < self.end and self.text[at] not in ends:
            at += 1
        return at

    def _skip_spaces(self) -> int:
        while self.text[self.at : self.at + 1] == " ":
            self.at += 1
        return self.at

    def _error(self, rule: str, message: str, column: int, suggestion: str | None = None) -> None:
        """The first fault of the shape is all that is said: what follows is often nothing but its consequence."""
        if not self.found.broken:
            self.report.error(rule, message, self.line, column, suggestion)
        self.found.broken = True


def _closing(text: str, start: int) -> int:
    """Where the attributes that begin at ``start`` are closed, outside quotes; the text's end where they are not."""
    at = start
    while at < len(text) and text[at] != "}":
        closing = text.find('"', at + 1) if text[at] == '"' else -1
        name = PLACEHOLDER.match(text, at)
        if closing >= 0:
            at = closing + 1
        elif name and not _BEYOND.search(text, start, at):
            at = name.end()
        elif text[at] == "{":
            return len(text)
        else:
            at += 1
    return at
