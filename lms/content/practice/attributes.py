"""``{#id key=bare key="text"}``: the attributes of a heading or a widget."""

from __future__ import annotations

from lms.content.practice.drafts import Attribute, Attributes, Piece
from lms.content.practice.words import ATTRIBUTES
from lms.content.source import Report, plain

_ENDS_BARE = " \"'{}"


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
        while True:
            self._skip_spaces()
            if self.at >= len(self.text):
                self._error("attributes-open", "Thêm dấu } để khép phần thuộc tính.", self.opening, "}")
                return self.found
            if self.text[self.at] == "}":
                if (
                    self.found.id is None
                    and not self.found.values
                    and not self.text[self.opening + 1 : self.at].strip()
                ):
                    self._error(
                        "attribute-empty", "Viết thuộc tính vào giữa { và }, hoặc bỏ cặp dấu này.", self.opening
                    )
                self.report.mend(self.line, self.at, self.at + 1)
                self.at += 1
                return self.found
            if self.text[self.at] == "#":
                self._id()
            else:
                self._pair()

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
            self.at = max(after_key, start + 1)
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
        if value is not None:
            self._keep(key, value)

    def _value(self, key_start: int) -> Piece | None:
        start = self.at
        if self.text[start : start + 1] == '"':
            end = self.text.find('"', start + 1)
            if end < 0:
                self._error("attributes-open", 'Thêm dấu " để khép giá trị này.', start, '"')
                self.at = self._until("}")
                return None
            self.report.mend(self.line, start, start + 1)
            self.report.mend(self.line, end, end + 1)
            self.at = end + 1
            value = Piece(self.typed[start + 1 : end].strip(), self.line, start + 1)
            if self.text[self.at : self.at + 1] not in ("", " ", "}"):
                self._error("attribute-shape", "Để một dấu cách sau dấu ngoặc kép.", self.at)
        else:
            self.at = self._until(_ENDS_BARE)
            value = Piece(self.typed[start : self.at], self.line, start)
            if self.text[self.at : self.at + 1] in ("'", '"', "{"):
                self._error("attribute-shape", 'Đặt cả giá trị trong một cặp dấu "…".', self.at)
                self.at = self._until(" }")
                return None
        if not value.text:
            self._error("attribute-empty", "Viết giá trị sau dấu =.", key_start)
            return None
        return value

    def _keep(self, key: Piece, value: Piece) -> None:
        code = ATTRIBUTES.find(key.text)
        if code is None:
            near = ATTRIBUTES.nearest(key.text)
            message = f"Không có thuộc tính “{key.text}”; có phải bác muốn viết “{near}”?"
            self._error("unknown-attribute", message, key.column, near)
        elif code in self.found.values:
            self._error("attribute-twice", f"Thuộc tính “{key.text}” đã viết ở trước; bác giữ lại một.", key.column)
        else:
            self.found.values[code] = Attribute(code, key, value)

    def _until(self, ends: str) -> int:
        at = self.at
        while at < len(self.text) and self.text[at] not in ends:
            at += 1
        return at

    def _skip_spaces(self) -> None:
        while self.text[self.at : self.at + 1] == " ":
            self.at += 1

    def _error(self, rule: str, message: str, column: int, suggestion: str | None = None) -> None:
        self.report.error(rule, message, self.line, column, suggestion)
