"""Parse front matter: ``key: value`` lines, lists of ``- item`` lines, and maps, one level deep."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lms.content.front_matter_keys import KEY_SYNONYMS, Key
from lms.content.fuzzy_matching import MAX_MISSPELT_DISTANCE, Vocabulary, normalize_word, word_distance
from lms.content.source import Diagnostics, Source, ascii_punctuation

_FENCE = re.compile(r"(?:[-‐‑‒–—―−]{2,}|[–—―])\s*$")
_INDENTED_FENCE = re.compile(r"\s+[-‐‑‒–—―−]{3,}\s*$")
_BODY = re.compile(r"\s{0,3}(?:##|:::|[-*+] \[[ xX]?\])")
_MISTYPED_COLON = re.compile(r"([^\s;.,=-])\s*([;.,=])(?=\s|\Z)")  # typed in place of a colon
_ITEM = re.compile(r"(\s*)(-)(?:\s+(.*)|\s*)$", re.DOTALL)
_PAIR = re.compile(r"(\s*)([^:]*?)\s*(:)(.*)$", re.DOTALL)
_QUOTES = "\"'"


@dataclass(frozen=True, slots=True)
class Value:
    """A text as typed, without outer quotes, and its position in the normalised text (from 0)."""

    text: str
    line: int
    column: int


@dataclass(slots=True)
class FrontMatter:
    """Parsed front matter. ``body`` is the index of the first line after it."""

    body: int = 0
    keys: dict[str, Value] = field(default_factory=dict[str, Value])  # code: the key as typed
    values: dict[str, list[Value]] = field(default_factory=dict[str, list[Value]])
    maps: dict[str, list[tuple[Value, Value]]] = field(
        default_factory=dict[str, list[tuple[Value, Value]]]
    )  # code: (name, value) pairs in file order
    meant: set[str] = field(default_factory=set[str])  # codes that a misspelt key or a malformed line stands for
    unreadable_lines: list[str] = field(default_factory=list[str])  # reported already

    def value(self, code: str) -> Value | None:
        found = self.values.get(code)
        return found[0] if found else None

    def may_contain(self, name: str) -> bool:
        """Whether an unreadable line begins with ``name``."""
        return any(normalize_word(line).startswith(normalize_word(name)) for line in self.unreadable_lines)

    def lacks(self, code: str) -> bool:
        """Whether nothing stands for a key, neither the key itself nor a misspelt one."""
        return code not in self.keys and code not in self.meant

    def text(self, code: str) -> str | None:
        found = self.value(code)
        return found.text if found else None

    def texts(self, code: str) -> tuple[str, ...]:
        return tuple(value.text for value in self.values.get(code, ()))

    def mapping(self, code: str) -> tuple[tuple[Value, Value], ...]:
        return tuple(self.maps.get(code, ()))


def read_front_matter(source: Source, diagnostics: Diagnostics, keys: Sequence[Key]) -> FrontMatter:
    """Parse the front matter of ``source`` and report its problems."""
    parser = _Parser(source, diagnostics, keys)
    parser.read()
    return parser.front_matter


def report_missing_key(diagnostics: Diagnostics, name: str, why: str = "") -> None:
    """Report a required key that is missing; ``why`` is a sentence that comes first."""
    message = f"{why}Thêm dòng “{name}: …” vào phần đầu tệp, giữa hai dòng ---."
    diagnostics.error("missing-key", message, 0, 0, f"{name}:")


class _Parser:
    def __init__(self, source: Source, diagnostics: Diagnostics, keys: Sequence[Key]) -> None:
        self.source = source
        self.diagnostics = diagnostics
        self.keys = {key.code: key for key in keys}
        meanings = {code: words for code, words in KEY_SYNONYMS.items() if code in self.keys}
        self.vocabulary = Vocabulary({key.code: key.spellings for key in keys}, meanings)
        self.unknown_keys: list[Value] = []  # neither misspelt nor of the same meaning
        self.front_matter = FrontMatter()
        self.open_key: Key | None = None  # the key that following items or pairs belong to
        self.is_ignoring = False  # the items of an unknown key are not reported
        self.is_unindented = False  # the entries of the open map lack their indent, which was reported
        self.has_reported_bullet = False
        self.keys_with_errors: set[str] = set()  # codes

    def read(self) -> None:
        opening = self._find_opening()
        if opening is not None:
            self.front_matter.body = self._find_body(opening)
            for index in range(opening + 1, self.front_matter.body):
                line = self.source.lines[index]
                if line.strip() and not _FENCE.match(line) and not _INDENTED_FENCE.match(line):
                    self._read_line(index, line)
            self._report_unknown_keys()
            self._report_missing_keys()
        else:
            self.front_matter.meant.update(self.keys)  # nothing else is reported as missing

    def _find_opening(self) -> int | None:
        lines = self.source.lines
        first = next((index for index, line in enumerate(lines) if line.strip()), 0)
        if _INDENTED_FENCE.match(lines[first]):
            self.diagnostics.error("front-matter-missing", _AT_THE_BEGINNING, first, 0, "---")
            return first
        if not _FENCE.match(lines[first]):
            required = ", ".join(f"“{key.spellings[0]}: …”" for key in self.keys.values() if key.required)
            self.diagnostics.error("front-matter-missing", _MISSING.format(required), 0, 0, "---")
            return first - 1 if self._is_entry(lines[first]) else None
        if first:
            self.diagnostics.error("front-matter-missing", "Xóa các dòng trống trước dấu --- ở đầu tệp.", 0, 0, "---")
        self._check_fence(first)
        return first

    def _find_body(self, opening: int) -> int:
        """The index of the first line after the front matter; if that is not closed, where the body seems to start."""
        lines = self.source.lines
        body = next((i for i in range(opening + 1, len(lines)) if _BODY.match(lines[i])), len(lines))
        fences = [i for i in range(opening + 1, body) if _FENCE.match(lines[i])]
        if len(fences) > 1 and fences[0] == opening + 1 and self._is_entry(lines[fences[0] + 1]):
            self.diagnostics.error("front-matter-open", "Xóa bớt một dòng --- ở đây.", fences.pop(0), 0)
        closing = fences[0] if fences else None
        if closing is not None:
            self._check_fence(closing)
            return closing + 1
        indented = next((i for i in range(opening + 1, body) if _INDENTED_FENCE.match(lines[i])), None)
        if indented is not None:
            self.diagnostics.error("front-matter-open", _AT_THE_BEGINNING, indented, 0, "---")
            return indented + 1
        self.diagnostics.error(
            "front-matter-open", "Thêm một dòng --- để khép phần đầu tệp.", max(opening, 0), 0, "---"
        )
        for index in range(opening + 1, body):
            line = ascii_punctuation(lines[index])
            if line.strip() and not _PAIR.match(line) and not _ITEM.match(line) and not lines[index - 1].strip():
                return index
        return body

    def _is_entry(self, line: str) -> bool:
        """Whether this is a line of the front matter with a known key."""
        pair = _PAIR.match(ascii_punctuation(line))
        return pair is not None and self.vocabulary.find(pair[2]) is not None

    def _check_fence(self, index: int) -> None:
        line = self.source.lines[index]
        if not re.match(r"---\s*$", line):
            message = "Gõ đúng ba dấu gạch ngắn --- ở dòng này; lần này đã hiểu."
            self.diagnostics.warning("punctuation-mended", message, index, 0, "---")

    def _read_line(self, index: int, line: str) -> None:
        meant = ascii_punctuation(line)
        item = _ITEM.match(meant)
        pair = _PAIR.match(meant)
        if item:
            self._read_item(index, line, item)
        elif pair and not pair[1]:
            self._read_pair(index, line, pair)
        elif pair and self.open_key and self.open_key.kind == "map":
            self._read_map_entry(index, line, pair, self.front_matter.maps.setdefault(self.open_key.code, []))
        elif pair or not self._report_missing_colon(index, meant):
            if not self.is_ignoring:
                self._report_unknown_line(index, line, pair)
            self.front_matter.unreadable_lines.append(line)

    def _report_missing_colon(self, index: int, line: str) -> bool:
        """Report a line such as ``phút 5``; returns whether the line is one."""
        words = _MISTYPED_COLON.sub(r"\1 \2", line, count=1).split()
        code, count = self.vocabulary.match_prefix(words)
        if code is None or code in self.front_matter.keys:
            return False
        typed, value = " ".join(words[:count]), " ".join(words[count:]).lstrip("=;.- ")
        self.front_matter.meant.add(code)
        key = self.keys[code]
        self.open_key, self.is_ignoring = (None, True) if value or key.kind == "text" else (key, False)
        message, column = f"Thêm dấu hai chấm sau “{typed}”.", len(line) - len(line.lstrip())
        self.diagnostics.error("front-matter-line", message, index, column, f"{typed}: {value}".strip())
        return True

    def _report_unknown_line(self, index: int, line: str, pair: re.Match[str] | None) -> None:
        indent = len(line) - len(line.lstrip())
        if pair and self.vocabulary.find(line[: pair.end(2)]):
            self.diagnostics.error("front-matter-line", "Bỏ dấu cách ở đầu dòng này.", index, 0, line.strip())
            self._read_pair(index, line, pair)
            return
        map_key = next(
            (key for key in self.keys.values() if key.kind == "map" and key.code not in self.front_matter.keys), None
        )
        message = _UNKNOWN_LINE
        if pair and indent and map_key and not self.open_key:
            message = f"Thêm một dòng “{map_key.spellings[0]}:” ở trên dòng này, hoặc bỏ dấu cách ở đầu dòng."
        self.is_ignoring = bool(pair and indent)  # lines with the same indent have the same cause
        self._value_error("front-matter-line", message, index, indent)

    def _value_error(self, rule: str, message: str, index: int, column: int, suggestion: str | None = None) -> None:
        """Report an error in the value of the open key, which is then not reported as empty as well."""
        if self.open_key:
            self.keys_with_errors.add(self.open_key.code)
        self.diagnostics.error(rule, message, index, column, suggestion)

    def _read_pair(self, index: int, line: str, pair: re.Match[str]) -> None:
        typed = line[: pair.end(2)]
        code = self.vocabulary.find(typed)
        value = self._unquoted_value(index, line, pair.start(4))
        self.is_ignoring = code is None
        if code is None:
            if not self._is_entry_without_indent(index, line, pair):
                self._report_unknown_key(index, typed, line)
                self.open_key = None
            return
        self.diagnostics.check_punctuation(index, pair.start(3), pair.end(3))
        key = self.keys[code]
        self.open_key = key
        if code in self.front_matter.keys:
            message = f"Khóa “{typed}” đã viết ở trên; bác giữ lại một dòng."
            self.diagnostics.error("front-matter-twice", message, index)
            self.is_ignoring, self.open_key = True, None
            return
        self.front_matter.keys[code] = Value(typed, index, 0)
        if not value.text:
            return
        if key.kind == "map":
            message = f"Sau “{typed}:” xuống dòng, rồi viết mỗi dòng một mục lùi vào hai dấu cách, dạng tên: giá trị."
            self._value_error("front-matter-map", message, index, value.column)
            self.front_matter.unreadable_lines.append(value.text)
        elif key.kind == "list":
            message = f"Sau “{typed}:” xuống dòng, rồi viết mỗi mục một dòng, bắt đầu bằng dấu gạch ngắn."
            self._value_error("front-matter-list", message, index, value.column, f"- {value.text}")
            self.front_matter.values[code] = [value]
        elif key.kind == "words":
            self.front_matter.values[code] = self._split_words(index, value)
        else:
            self.front_matter.values[code] = [value]

    def _split_words(self, index: int, value: Value) -> list[Value]:
        """The words of a line, separated by commas or spaces."""
        found = re.finditer(r"[^\s,;|]+", ascii_punctuation(value.text))
        self.diagnostics.check_punctuation(index, value.column, value.column + len(value.text))
        return [Value(word[0], index, value.column + word.start()) for word in found]

    def _is_entry_without_indent(self, index: int, line: str, pair: re.Match[str]) -> bool:
        """Accept an entry of the open map that lacks its indent; only the first one is reported."""
        if not self.open_key or self.open_key.kind != "map":
            return False
        if self.open_key.code not in self.front_matter.maps:
            message = f"Lùi dòng này vào hai dấu cách để nó thuộc phần “{self.open_key.spellings[0]}”."
            self._value_error("unknown-key", message, index, 0, f"  {line.strip()}")
            self.is_unindented = True
        if self.is_unindented:
            self.is_ignoring = False
            self._read_map_entry(index, line, pair, self.front_matter.maps.setdefault(self.open_key.code, []))
        return self.is_unindented

    def _report_unknown_key(self, index: int, typed: str, line: str) -> None:
        self.front_matter.unreadable_lines.append(line)
        nearest = self.vocabulary.nearest(typed)
        code = self.vocabulary.find(nearest)
        is_misspelt = word_distance(typed, nearest) <= MAX_MISSPELT_DISTANCE
        if is_misspelt or self.vocabulary.means(typed) or self.vocabulary.match_prefix(typed.split())[0] == code:
            self.front_matter.meant.add(str(code))
            self._report_key(Value(typed, index, 0), nearest)
        else:
            self.unknown_keys.append(Value(typed, index, 0))

    def _report_key(self, typed: Value, meant: str) -> None:
        message = f"Không có khóa “{typed.text}” ở tệp này; có phải bác muốn viết “{meant}”?"
        self.diagnostics.error("unknown-key", message, typed.line, 0, meant)

    def _report_unknown_keys(self) -> None:
        """A single unknown key is probably the single one that is missing."""
        missing = [key for key in self.keys.values() if key.required and self._is_missing(key)]
        guess = missing[0] if len(missing) == len(self.unknown_keys) == 1 else None
        if guess is not None:
            self.front_matter.meant.add(guess.code)
        for typed in self.unknown_keys:
            self._report_key(typed, guess.spellings[0] if guess else self.vocabulary.nearest(typed.text))

    def _is_missing(self, key: Key) -> bool:
        if key.has_default:
            return False
        return key.code not in self.front_matter.keys and key.code not in self.front_matter.meant

    def _read_item(self, index: int, line: str, item: re.Match[str]) -> None:
        if self.is_ignoring:
            return
        if self._read_bulleted_pair(index, line, item):
            return
        if self.open_key is None or self.open_key.kind not in ("list", "texts", "words"):
            name = (
                f"Khóa “{self.open_key.spellings[0]}” không nhận mục."
                if self.open_key
                else "Dòng này không thuộc khóa nào."
            )
            message = f"{name} Viết giá trị ngay sau dấu hai chấm, hoặc bỏ dòng này."
            self._value_error("front-matter-line", message, index, item.start(2))
            self.is_ignoring = True
            return
        self.diagnostics.check_punctuation(index, item.start(2), item.end(2))
        value = self._unquoted_value(index, line, item.start(3)) if item[3] else Value("", index, item.start(2))
        if value.text:
            self.front_matter.values.setdefault(self.open_key.code, []).append(value)
        else:
            self._value_error("front-matter-empty", "Viết nội dung của mục này, hoặc xóa dòng.", index, value.column)

    def _read_bulleted_pair(self, index: int, line: str, item: re.Match[str]) -> bool:
        """Read ``- tên: …``, an entry of the file or of the open map after a needless dash, if the line is one."""
        text = " " * item.end(2) + line[item.end(2) :]
        pair = _PAIR.match(ascii_punctuation(text))
        if pair is None or (self.open_key and self.open_key.kind in ("list", "texts", "words")):
            return False
        in_map = self.open_key is not None and self.open_key.kind == "map"
        if not in_map and self.vocabulary.find(text[: pair.end(2)]) is None:
            return False
        if not self.has_reported_bullet:
            message = "Bỏ dấu gạch ngắn ở đầu dòng này."
            meant = f"{line[: item.start(2)]}{text.strip()}"
            self._value_error("front-matter-line", message, index, item.start(2), meant)
        self.has_reported_bullet = in_map  # the other entries of the map have the same cause
        if in_map and self.open_key:
            self._read_map_entry(index, text, pair, self.front_matter.maps.setdefault(self.open_key.code, []))
        else:
            self._read_pair(index, text, pair)
        return True

    def _read_map_entry(self, index: int, line: str, pair: re.Match[str], entries: list[tuple[Value, Value]]) -> None:
        name = Value(line[pair.start(2) : pair.end(2)], index, pair.start(2))
        if not name.text:
            self._value_error("front-matter-line", _UNKNOWN_LINE, index, pair.start(3))
            return
        self.diagnostics.check_punctuation(index, pair.start(3), pair.end(3))
        value = self._unquoted_value(index, line, pair.start(4))
        if any(normalize_word(name.text) == normalize_word(other.text) for other, _ in entries):
            message = f"Tên “{name.text}” đã dùng ở trên; bác đặt tên khác."
            self._value_error("front-matter-twice", message, index, name.column)
        elif not value.text:
            message = f"Viết giá trị của “{name.text}” sau dấu hai chấm."
            self._value_error("front-matter-empty", message, index, name.column)
        else:
            entries.append((name, value))

    def _unquoted_value(self, index: int, line: str, start: int) -> Value:
        """The text from ``start`` on, without enclosing quotes."""
        text = line[start:].strip()
        column = start + len(line[start:]) - len(line[start:].lstrip())
        meant = ascii_punctuation(text)
        quote = meant[:1]
        if len(text) < 2 or quote not in _QUOTES or meant[-1] != quote or quote in meant[1:-1]:
            return Value(text, index, column)
        self.diagnostics.check_punctuation(index, column, column + 1)
        self.diagnostics.check_punctuation(index, column + len(text) - 1, column + len(text))
        return Value(text[1:-1].strip(), index, column + 1)

    def _report_missing_keys(self) -> None:
        for key in self.keys.values():
            typed = self.front_matter.keys.get(key.code)
            name = key.spellings[0]
            if key.required and self._is_missing(key):
                report_missing_key(self.diagnostics, name)
            elif typed is None or key.code in self.keys_with_errors:
                continue
            elif not self.front_matter.values.get(key.code) and not self.front_matter.maps.get(key.code):
                message = f"Viết giá trị của “{name}”, hoặc bỏ dòng này nếu không cần."
                self.diagnostics.error("front-matter-empty", message, typed.line, typed.column)


_AT_THE_BEGINNING = "Viết --- ở đầu dòng, không lùi vào."
_MISSING = "Bắt đầu tệp bằng một dòng ---, các dòng {}, rồi một dòng --- nữa."
_UNKNOWN_LINE = "Viết dòng này theo dạng “khóa: giá trị”, hoặc bắt đầu bằng dấu gạch ngắn nếu là một mục."
