"""The front matter of a course file: flat ``key: value`` lines, lists as ``- item``, one level of nesting at most."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from lms.content.fuzzy_words import Words, fold, strangeness
from lms.content.source import Report, Source, plain

_FENCE = re.compile(r"(?:[-‐‑‒–—―−]{2,}|[–—―])\s*$")
_INDENTED_FENCE = re.compile(r"\s+[-‐‑‒–—―−]{3,}\s*$")
_BODY = re.compile(r"\s{0,3}(?:##|:::|[-*+] \[[ xX]?\])")
_OTHER_SIGN = re.compile(r"([^\s;.,=-])\s*([;.,=])(?=\s|\Z)")  # typed for a colon
_ITEM = re.compile(r"(\s*)(-)(?:\s+(.*)|\s*)$", re.DOTALL)
_PAIR = re.compile(r"(\s*)([^:]*?)\s*(:)(.*)$", re.DOTALL)
_SURE = 0.34  # a key no stranger than this is the nearest one misspelt, and that one is not missing
_QUOTES = {'"': '"', "'": "'"}


@dataclass(frozen=True, slots=True)
class Key:
    """A key that a kind of file may carry.

    ``kind``: "text" one value on the line; "list" ``- item`` lines; "map" indented ``name: value`` lines; "words"
    one word, several parted by commas, or ``- item`` lines.
    """

    code: str
    spellings: tuple[str, ...]  # Vietnamese first
    kind: Literal["text", "list", "map", "words"] = "text"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A text as typed, outer quotes dropped, with its place in the mended text (indices from 0)."""

    text: str
    line: int
    column: int


@dataclass(slots=True)
class FrontMatter:
    """What the front matter says; :attr:`body` is the index of the first line after it."""

    body: int = 0
    keys: dict[str, Value] = field(default_factory=dict)  # code: the key as typed, with its place
    values: dict[str, list[Value]] = field(default_factory=dict)
    maps: dict[str, list[tuple[Value, Value]]] = field(default_factory=dict)  # code: (name, value) pairs in file order
    meant: set[str] = field(default_factory=set)  # codes that a misspelt key or a broken line surely stands for
    lost: list[str] = field(default_factory=list)  # lines that were not understood, and have been complained about

    def value(self, code: str) -> Value | None:
        found = self.values.get(code)
        return found[0] if found else None

    def may_have_lost(self, name: str) -> bool:
        """Whether a line that was not understood begins with ``name``."""
        return any(fold(line).startswith(fold(name)) for line in self.lost)

    def text(self, code: str) -> str | None:
        found = self.value(code)
        return found.text if found else None

    def texts(self, code: str) -> tuple[str, ...]:
        return tuple(value.text for value in self.values.get(code, ()))

    def mapping(self, code: str) -> tuple[tuple[Value, Value], ...]:
        return tuple(self.maps.get(code, ()))


def read_front_matter(source: Source, report: Report, keys: Sequence[Key]) -> FrontMatter:
    """Read the front matter of ``source`` and report all that is wrong with it."""
    reader = _Reader(source, report, keys)
    reader.read()
    return reader.front


class _Reader:
    def __init__(self, source: Source, report: Report, keys: Sequence[Key]) -> None:
        self.source = source
        self.report = report
        self.keys = {key.code: key for key in keys}
        self.words = Words({key.code: key.spellings for key in keys})
        self.front = FrontMatter()
        self.open: Key | None = None  # the key whose items or pairs may follow
        self.ignoring = False  # below a key that is not understood, its items say nothing either
        self.unindented = False  # so are the entries of a mapping, which has been complained about
        self.faulty: set[str] = set()  # codes whose value has been complained about

    def read(self) -> None:
        opening = self._opening()
        if opening is not None:
            self.front.body = self._closing(opening)
            for index in range(opening + 1, self.front.body):
                line = self.source.lines[index]
                if line.strip() and not _FENCE.match(line) and not _INDENTED_FENCE.match(line):
                    self._line(index, line)
            self._missing()
        else:
            self.front.meant.update(self.keys)  # all is missing, and one sentence has said so

    def _opening(self) -> int | None:
        lines = self.source.lines
        first = next((index for index, line in enumerate(lines) if line.strip()), 0)
        if _INDENTED_FENCE.match(lines[first]):
            self.report.error("front-matter-missing", _AT_THE_BEGINNING, first, 0, "---")
            return first
        if not _FENCE.match(lines[first]):
            required = ", ".join(f"“{key.spellings[0]}: …”" for key in self.keys.values() if key.required)
            self.report.error("front-matter-missing", _MISSING.format(required), 0, 0, "---")
            return first - 1 if self._is_known(lines[first]) else None
        if first:
            self.report.error("front-matter-missing", "Xóa các dòng trống trước dấu --- ở đầu tệp.", 0, 0, "---")
        self._mend_fence(first)
        return first

    def _closing(self, opening: int) -> int:
        """The index of the first line after the front matter; without a closing line, where the body seems to begin."""
        lines = self.source.lines
        body = next((i for i in range(opening + 1, len(lines)) if _BODY.match(lines[i])), len(lines))
        fences = [i for i in range(opening + 1, body) if _FENCE.match(lines[i])]
        if len(fences) > 1 and fences[0] == opening + 1 and self._is_known(lines[fences[0] + 1]):
            self.report.error("front-matter-open", "Xóa bớt một dòng --- ở đây.", fences.pop(0), 0)
        closing = fences[0] if fences else None
        if closing is not None:
            self._mend_fence(closing)
            return closing + 1
        indented = next((i for i in range(opening + 1, body) if _INDENTED_FENCE.match(lines[i])), None)
        if indented is not None:
            self.report.error("front-matter-open", _AT_THE_BEGINNING, indented, 0, "---")
            return indented + 1
        self.report.error("front-matter-open", "Thêm một dòng --- để khép phần đầu tệp.", max(opening, 0), 0, "---")
        for index in range(opening + 1, body):
            line = plain(lines[index])
            if line.strip() and not _PAIR.match(line) and not _ITEM.match(line) and not lines[index - 1].strip():
                return index
        return body

    def _is_known(self, line: str) -> bool:
        """Whether this is a line of the front matter, above which its first line was forgotten."""
        pair = _PAIR.match(plain(line))
        return pair is not None and self.words.find(pair[2]) is not None

    def _mend_fence(self, index: int) -> None:
        line = self.source.lines[index]
        if not re.match(r"---\s*$", line):
            message = "Gõ đúng ba dấu gạch ngắn --- ở dòng này; lần này đã hiểu."
            self.report.warning("punctuation-mended", message, index, 0, "---")

    def _line(self, index: int, line: str) -> None:
        meant = plain(line)
        item = _ITEM.match(meant)
        pair = _PAIR.match(meant)
        if item:
            self._item(index, line, item)
        elif pair and not pair[1]:
            self._pair(index, line, pair)
        elif pair and self.open and self.open.kind == "map":
            self._entry(index, line, pair, self.front.maps.setdefault(self.open.code, []))
        elif pair or not self._colon_forgotten(index, meant):
            if not self.ignoring:
                self._not_understood(index, line, pair)
            self.front.lost.append(line)

    def _colon_forgotten(self, index: int, line: str) -> bool:
        """Complain of ``phút 5``; whether that is what the line was."""
        words = _OTHER_SIGN.sub(r"\1 \2", line, count=1).split()
        code, count = self.words.find_first(words)
        if code is None or code in self.front.keys:
            return False
        typed, value = " ".join(words[:count]), " ".join(words[count:]).lstrip("=;.- ")
        self.front.meant.add(code)
        key = self.keys[code]
        self.open, self.ignoring = (None, True) if value or key.kind == "text" else (key, False)
        message, column = f"Thêm dấu hai chấm sau “{typed}”.", len(line) - len(line.lstrip())
        self.report.error("front-matter-line", message, index, column, f"{typed}: {value}".strip())
        return True

    def _not_understood(self, index: int, line: str, pair: re.Match[str] | None) -> None:
        indent = len(line) - len(line.lstrip())
        if pair and self.words.find(line[: pair.end(2)]):
            self.report.error("front-matter-line", "Bỏ dấu cách ở đầu dòng này.", index, 0, line.strip())
            self._pair(index, line, pair)
            return
        headless = next(
            (key for key in self.keys.values() if key.kind == "map" and key.code not in self.front.keys), None
        )
        message = _NOT_UNDERSTOOD
        if pair and indent and headless and not self.open:
            message = f"Thêm một dòng “{headless.spellings[0]}:” ở trên dòng này, hoặc bỏ dấu cách ở đầu dòng."
        self.ignoring = bool(pair and indent)  # what stands beside it is as lost, for the same reason
        self._complain("front-matter-line", message, index, indent)

    def _complain(self, rule: str, message: str, index: int, column: int, suggestion: str | None = None) -> None:
        """Report an error in the value of the open key, which then needs no second one for being empty."""
        if self.open:
            self.faulty.add(self.open.code)
        self.report.error(rule, message, index, column, suggestion)

    def _pair(self, index: int, line: str, pair: re.Match[str]) -> None:
        typed = line[: pair.end(2)]
        code = self.words.find(typed)
        value = self._value(index, line, pair.start(4))
        self.ignoring = code is None
        if code is None:
            if not self._is_entry_without_indent(index, line, pair):
                self._unknown(index, typed, line)
                self.open = None
            return
        self.report.mend(index, pair.start(3), pair.end(3))
        key = self.keys[code]
        self.open = key
        if code in self.front.keys:
            message = f"Khóa “{typed}” đã viết ở trên; bác giữ lại một dòng."
            self.report.error("front-matter-twice", message, index)
            self.ignoring, self.open = True, None
            return
        self.front.keys[code] = Value(typed, index, 0)
        if not value.text:
            return
        if key.kind == "map":
            message = f"Sau “{typed}:” xuống dòng, rồi viết mỗi dòng một mục lùi vào hai dấu cách, dạng tên: giá trị."
            self._complain("front-matter-map", message, index, value.column)
            self.front.lost.append(value.text)
        elif key.kind == "list":
            message = f"Sau “{typed}:” xuống dòng, rồi viết mỗi mục một dòng, bắt đầu bằng dấu gạch ngắn."
            self._complain("front-matter-list", message, index, value.column, f"- {value.text}")
            self.front.values[code] = [value]
        elif key.kind == "words":
            self.front.values[code] = self._parted(index, value)
        else:
            self.front.values[code] = [value]

    def _parted(self, index: int, value: Value) -> list[Value]:
        """The words of one line, parted by commas or spaces."""
        found = re.finditer(r"[^\s,;|]+", plain(value.text))
        self.report.mend(index, value.column, value.column + len(value.text))
        return [Value(word[0], index, value.column + word.start()) for word in found]

    def _is_entry_without_indent(self, index: int, line: str, pair: re.Match[str]) -> bool:
        """Take an entry of the open mapping that stands at the beginning of its line; only the first is reported."""
        if not self.open or self.open.kind != "map":
            return False
        if self.open.code not in self.front.maps:
            message = f"Lùi dòng này vào hai dấu cách để nó thuộc phần “{self.open.spellings[0]}”."
            self._complain("unknown-key", message, index, 0, f"  {line.strip()}")
            self.unindented = True
        if self.unindented:
            self.ignoring = False
            self._entry(index, line, pair, self.front.maps.setdefault(self.open.code, []))
        return self.unindented

    def _unknown(self, index: int, typed: str, line: str) -> None:
        self.front.lost.append(line)
        near = self.words.nearest(typed)
        if strangeness(typed, near) <= _SURE or self.words.find_first(typed.split())[0] == self.words.find(near):
            self.front.meant.add(str(self.words.find(near)))
        message = f"Không có khóa “{typed}” ở tệp này; có phải bác muốn viết “{near}”?"
        self.report.error("unknown-key", message, index, 0, near)

    def _item(self, index: int, line: str, item: re.Match[str]) -> None:
        if self.ignoring:
            return
        if self.open is None or self.open.kind not in ("list", "words"):
            name = f"Khóa “{self.open.spellings[0]}” không nhận mục." if self.open else "Dòng này không thuộc khóa nào."
            message = f"{name} Viết giá trị ngay sau dấu hai chấm, hoặc bỏ dòng này."
            self._complain("front-matter-line", message, index, item.start(2))
            self.ignoring = True
            return
        self.report.mend(index, item.start(2), item.end(2))
        value = self._value(index, line, item.start(3)) if item[3] else Value("", index, item.start(2))
        if value.text:
            self.front.values.setdefault(self.open.code, []).append(value)
        else:
            self._complain("front-matter-empty", "Viết nội dung của mục này, hoặc xóa dòng.", index, value.column)

    def _entry(self, index: int, line: str, pair: re.Match[str], entries: list[tuple[Value, Value]]) -> None:
        name = Value(line[pair.start(2) : pair.end(2)], index, pair.start(2))
        if not name.text:
            self._complain("front-matter-line", _NOT_UNDERSTOOD, index, pair.start(3))
            return
        self.report.mend(index, pair.start(3), pair.end(3))
        value = self._value(index, line, pair.start(4))
        if any(fold(name.text) == fold(other.text) for other, _ in entries):
            message = f"Tên “{name.text}” đã dùng ở trên; bác đặt tên khác."
            self._complain("front-matter-twice", message, index, name.column)
        elif not value.text:
            message = f"Viết giá trị của “{name.text}” sau dấu hai chấm."
            self._complain("front-matter-empty", message, index, name.column)
        else:
            entries.append((name, value))

    def _value(self, index: int, line: str, start: int) -> Value:
        """The text from ``start`` on, without the outer quotes that belong to no inner ones."""
        text = line[start:].strip()
        column = start + len(line[start:]) - len(line[start:].lstrip())
        meant = plain(text)
        quote = meant[:1]
        if len(text) < 2 or quote not in _QUOTES or meant[-1] != quote or quote in meant[1:-1]:
            return Value(text, index, column)
        self.report.mend(index, column, column + 1)
        self.report.mend(index, column + len(text) - 1, column + len(text))
        return Value(text[1:-1].strip(), index, column + 1)

    def _missing(self) -> None:
        for key in self.keys.values():
            typed = self.front.keys.get(key.code)
            name = key.spellings[0]
            if typed is None and key.required and key.code not in self.front.meant:
                message = f"Thêm dòng “{name}: …” vào phần đầu tệp, giữa hai dòng ---."
                self.report.error("missing-key", message, 0, 0, f"{name}:")
            elif typed is None or key.code in self.faulty:
                continue
            elif not self.front.values.get(key.code) and not self.front.maps.get(key.code):
                message = f"Viết giá trị của “{name}”, hoặc bỏ dòng này nếu không cần."
                self.report.error("front-matter-empty", message, typed.line, typed.column)


_AT_THE_BEGINNING = "Viết --- ở đầu dòng, không lùi vào."
_MISSING = "Bắt đầu tệp bằng một dòng ---, các dòng {}, rồi một dòng --- nữa."
_NOT_UNDERSTOOD = "Viết dòng này theo dạng “khóa: giá trị”, hoặc bắt đầu bằng dấu gạch ngắn nếu là một mục."
