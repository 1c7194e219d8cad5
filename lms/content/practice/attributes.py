"""Parse attribute blocks of headings and widgets: ``{#id key=bare key="text"}``."""

from __future__ import annotations

import re

from lms.content.practice.placeholders import PLACEHOLDER
from lms.content.practice.syntax_tree import Attribute, Attributes, TextSpan
from lms.content.practice.vocabulary import ATTRIBUTES
from lms.content.source import Diagnostics, ascii_punctuation

_ENDS_BARE = " \"'{}"
_QUOTES = " \"'"
_QUOTED = re.compile(r'"[^"]*"')
_SPACED_KEY = re.compile(r"(?:[^\s={}\"#]+ ){1,2}[^\s={}\"#]+(?==)")
_MORE_WORDS = re.compile(r" +(?![^\s={}\"]+=|[#}=,;])\S")  # an unquoted value with several words
_VALUE = re.compile(r'"[^"]*"|[^\s{}"]+')
_FOLLOWING = re.compile(r" (?=[^\s={}\"]+=)")
_BRACE_OR_QUOTE = re.compile(r'["{}]')
_AFTER_ATTRIBUTES = re.compile(r"(?<= )=(?= )|(?<= )(?:=>|->|[xX]>)(?= )|\{")


def read_attributes(diagnostics: Diagnostics, line: int, opening: int) -> tuple[Attributes, int]:
    """Parse the block that opens at ``opening`` in a line; returns it and the index after its ``}``."""
    parser = _Parser(diagnostics, line, opening)
    return parser.read(), parser.position


class _Parser:
    def __init__(self, diagnostics: Diagnostics, line: int, opening: int) -> None:
        self.diagnostics = diagnostics
        self.line = line
        self.opening = opening
        self.typed = diagnostics.source.lines[line]
        self.text = ascii_punctuation(self.typed)
        self.position = opening + 1
        self.attributes = Attributes()

    def read(self) -> Attributes:
        self.diagnostics.check_punctuation(self.line, self.opening, self.position)
        self._find_end()
        while self._skip_spaces() < self.end:
            if self.text[self.position] == "#":
                self._read_id()
            else:
                self._read_pair()
        self.position = self.end
        if self.text[self.position : self.position + 1] == "}":
            if not self.text[self.opening + 1 : self.position].strip():
                self._error("attribute-empty", "Viết thuộc tính vào giữa { và }, hoặc bỏ cặp dấu này.", self.opening)
            self.diagnostics.check_punctuation(self.line, self.position, self.position + 1)
            self.position += 1
        else:
            self.position = self.resume_at
        return self.attributes

    def _find_end(self) -> None:
        """Find the closing brace; if it is missing, the first text that cannot belong to the attributes."""
        self.end = _find_closing_brace(self.text, self.opening + 1)
        if self.text[self.end : self.end + 1] == "}":
            return
        self._error("attributes-open", "Thêm dấu } để khép phần thuộc tính.", self.opening, "}")
        match = _AFTER_ATTRIBUTES.search(_QUOTED.sub(lambda quoted: "_" * len(quoted[0]), self.text), self.opening + 1)
        self.end = self.resume_at = match.start() if match else self.end
        while self.text[self.end - 1] in " )]":  # a mistyped closing brace
            self.end -= 1
        self.text = self.text[: self.end]

    def _read_id(self) -> None:
        start = self.position
        self.position = self._until(" {}")
        span = TextSpan(self.typed[start + 1 : self.position], self.line, start)
        if self.attributes.id:
            self._error("attribute-twice", "Mỗi chỗ chỉ có một #id; bác giữ lại một.", start)
        else:
            self.attributes.id = span

    def _read_pair(self) -> None:
        start = self.position
        spaced_key = _SPACED_KEY.match(self.text, start, self.end)
        if spaced_key and ATTRIBUTES.find(spaced_key[0]):
            self.position = spaced_key.end()
        else:
            self.position = self._until(' ={}"')
        key = TextSpan(self.typed[start : self.position], self.line, start)
        after_key = self.position
        self._skip_spaces()
        if self.text[self.position : self.position + 1] != "=" or not key.text:
            self.position = self.end  # the start of the next one is unknown
            message = "Viết thuộc tính theo dạng tên=giá-trị, như {dài=12}; có dấu cách thì đặt trong ngoặc kép."
            self._error("attribute-shape", message, start)
            return
        spaced = self.position > after_key
        self.diagnostics.check_punctuation(self.line, self.position, self.position + 1)
        self.position += 1
        after_equals = self.position
        self._skip_spaces()
        if spaced or self.position > after_equals:
            value = _VALUE.match(self.text, self.position, self.end)
            meant = f"{key.text}={value[0]}" if value else None
            self._error("attribute-shape", "Viết liền hai bên dấu = trong thuộc tính, như {dài=12}.", start, meant)
        value = self._read_value(start)
        if value.text:
            self._store(key, value)

    def _read_value(self, key_start: int) -> TextSpan:
        start = self.position
        if self.text[start : start + 1] == '"':
            end = self.text.find('"', start + 1, self.end)
            if end < 0:
                self._error("attributes-open", 'Thêm dấu " để khép giá trị này.', start, '"')
                self.position = self.end
                return self._guess_value(start)
            self.diagnostics.check_punctuation(self.line, start, start + 1)
            self.diagnostics.check_punctuation(self.line, end, end + 1)
            self.position = end + 1
            value = TextSpan(self.typed[start + 1 : end].strip(), self.line, start + 1)
            if self.text[self.position : self.position + 1] not in ("", " ", "}"):
                return self._unquoted(start, self.position)
        else:
            self.position = self._until(_ENDS_BARE)
            value = TextSpan(self.typed[start : self.position], self.line, start)
            if self.text[self.position : self.position + 1] in ("'", '"', "{"):
                return self._unquoted(start, self.position)
            if value.text and _MORE_WORDS.match(self.text, self.position, self.end):
                return self._unquoted(start, start)
        if not value.text:
            self._error("attribute-empty", "Viết giá trị sau dấu =.", key_start)
        return value

    def _unquoted(self, start: int, position: int) -> TextSpan:
        """Report a value that needs one pair of quotes, and skip to the next attribute; returns the value."""
        following = _FOLLOWING.search(self.text, self.position, self.end)
        self.position = following.start() if following else self.end
        guess = self._guess_value(start)
        shown = f'"{guess.text}"'
        self._error("attribute-shape", f"Đặt cả giá trị trong một cặp dấu ngoặc kép: {shown}.", position, shown)
        return guess

    def _guess_value(self, start: int) -> TextSpan:
        inner = self.text[start : self.position].strip(_QUOTES)
        inner_start = self.text.index(inner, start)
        return TextSpan(self.typed[inner_start : inner_start + len(inner)], self.line, inner_start)

    def _store(self, key: TextSpan, value: TextSpan) -> None:
        code = ATTRIBUTES.find(key.text)
        if code is None:
            near = ATTRIBUTES.nearest(key.text)
            message = f"Không có thuộc tính “{key.text}”; có phải bác muốn viết “{near}”?"
            self.diagnostics.error("unknown-attribute", message, key.line, key.column, near)
            self.attributes.has_unknown = True
        elif code in self.attributes.values:
            message = f"Thuộc tính “{key.text}” đã viết ở trước; bác giữ lại một."
            self.diagnostics.error("attribute-twice", message, key.line, key.column)
        else:
            self.attributes.values[code] = Attribute(code, key, value)

    def _until(self, ends: str) -> int:
        position = self.position
        while position < self.end and self.text[position] not in ends:
            position += 1
        return position

    def _skip_spaces(self) -> int:
        while self.text[self.position : self.position + 1] == " ":
            self.position += 1
        return self.position

    def _error(self, rule: str, message: str, column: int, suggestion: str | None = None) -> None:
        """Report the first syntax error only: later ones are often its consequence."""
        if not self.attributes.broken:
            self.diagnostics.error(rule, message, self.line, column, suggestion)
        self.attributes.broken = True


def _find_closing_brace(text: str, start: int) -> int:
    """The index of the brace that closes the attributes from ``start`` on; the text's length if there is none."""
    position = start
    while sign := _BRACE_OR_QUOTE.search(text, position):
        position = sign.start()
        if sign[0] == "}":
            return position
        closing = text.find('"', position + 1) if sign[0] == '"' else -1
        name = PLACEHOLDER.match(text, position)
        if closing >= 0:
            position = closing + 1
        elif name and not _AFTER_ATTRIBUTES.search(text, start, position):
            position = name.end()
        elif sign[0] == "{":
            return len(text)
        else:
            position += 1
    return len(text)
