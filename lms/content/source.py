"""Course file text, normalised, with a mapping back to positions on disk; and the collector of problems."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate, takewhile
from typing import NamedTuple

from lms.content.code_fences import find_code_lines
from lms.content.problems import Level, Problem
from lms.content.telex import TelexCorrection, may_have_telex, undo_telex

# Limits far beyond real files: Markdown parsing time is quadratic in a paragraph's length, and worse in its brackets.
MAX_LINES = 10_000
MAX_LINE_LENGTH = 4_000  # code points; an editor with soft wrap may save a whole page as one line
MAX_UNBROKEN_LENGTH = 8_000  # code points without a blank line or a new block
BRACKET_WEIGHT = 4  # a [ counts as this many code points
TAB_STOP = 4  # columns, as in Markdown

# Punctuation that word processors and input methods substitute, mapped one to one so that indices stay valid.
_ASCII: dict[int, int] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "“”„‟«»"), ord('"')),
    **dict.fromkeys(map(ord, "‘’‚‛"), ord("'")),
    **dict.fromkeys(map(ord, "‐‑‒–—―−•"), ord("-")),
    **dict.fromkeys(map(ord, "【〔"), ord("[")),
    **dict.fromkeys(map(ord, "】〕"), ord("]")),
    **dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], ord(" ")),
}
_SPACES = {code: sign for code, sign in _ASCII.items() if sign == ord(" ")}
_NON_ASCII = re.compile("[" + "".join(re.escape(chr(code)) for code in sorted(_ASCII)) + "]")

_INVISIBLE = frozenset("\u200b\u2060\ufeff\u00ad")
# Word writes an arrow as a private character of its Wingdings font: "-->" becomes U+F0E0.
_WINGDINGS_ARROWS = {0xF0DF: "←", 0xF0E0: "→", 0xF0E7: "⇦", 0xF0E8: "⇨", 0xF0F0: "⇨", 0xF0D8: "➢"}
_WINGDINGS = "".join(map(chr, _WINGDINGS_ARROWS))
# Control characters, uncommon line separators, bidirectional control marks, surrogates, private characters.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    rf"]|(?![{_WINGDINGS}])[\ue000-\uf8ff]"
)
_BLOCK_START = re.compile(r"\s*(?:[-*+#]|:::|```|~~~|\d+[.)]|\Z)")
_INLINE_NOTE = re.compile(r"\S\s+(?P<sign>%%)(?=\s)")
# All of _FORBIDDEN, and what is replaced. One set of characters is found much faster than alternatives.
_TO_NORMALIZE = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ud800-\uf8ff\ufeff]"
)


def ascii_punctuation(text: str) -> str:
    """Replace full-width and curly punctuation by ASCII, one character for one, so that indices stay valid.

    Match syntax against the result, but take labels and values from the original, and pass the ranges of syntax to
    :meth:`Diagnostics.check_punctuation`, which warns about what was replaced.
    """
    if text.isascii() or not _NON_ASCII.search(text):
        return text
    return _NON_ASCII.sub(lambda sign: chr(_ASCII[ord(sign[0])]), text)  # faster than translate: most text stays


class SourceLine(NamedTuple):
    """One normalised line: NFC, no tabs, no line ending."""

    text: str
    number: int  # of the line on disk, from 1
    start: int  # its column on disk, in code points from 0; above 0 only after a BOM or a lone CR
    origins: tuple[int, ...] | None = None  # the index on disk of each index of ``text`` and its end; None: unchanged

    def column(self, index: int) -> int:
        """The column on disk, from 1, of an index of ``text``."""
        return 1 + self.start + (index if self.origins is None else self.origins[index])


@dataclass(frozen=True, slots=True)
class Source:
    """A course file. ``lines`` holds normalised text; :meth:`position` maps back to line and column on disk."""

    path: str
    lines: tuple[str, ...]
    _lines: tuple[SourceLine, ...] | None = field(repr=False)  # None: all lines are as on disk

    def position(self, line: int, column: int = 0) -> tuple[int, int]:
        """The line and column on disk, from 1, of a line and column of the normalised text, from 0."""
        line = min(max(line, 0), len(self.lines) - 1)
        column = min(max(column, 0), len(self.lines[line]))
        if self._lines is None:
            return line + 1, column + 1
        return self._lines[line].number, self._lines[line].column(column)

    def with_lines(self, changes: Mapping[int, str]) -> Source:
        """The file with other text in some lines; a position in one of these is the line's beginning on disk."""
        lines = list(self.lines)
        places = list(self._lines or (SourceLine(text, number, 0) for number, text in enumerate(lines, 1)))
        for index, text in changes.items():
            lines[index] = text
            places[index] = SourceLine(text, places[index].number, places[index].column(0) - 1, (0,) * (len(text) + 1))
        return Source(self.path, tuple(lines), tuple(places))


class Diagnostics:
    """Collects the problems of one file. Positions are passed as indices of the normalised text, from 0."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._problems: dict[Problem, None] = {}  # a dict keeps the order and drops duplicates
        self._punctuation: dict[int, Problem] = {}  # at most one warning a line: the leftmost
        self._spaces: dict[tuple[int, int], None] = {}  # where Word's spaces were taken for plain ones

    def error(
        self,
        rule: str,
        message: str,
        line: int,
        column: int = 0,
        suggestion: str | None = None,
        length: int | None = None,
    ) -> None:
        """``length``: of the text that the suggestion replaces, where a remedy needs to know it."""
        self.add_at_file_position("error", rule, message, *self.source.position(line, column), suggestion, length)

    def warning(self, rule: str, message: str, line: int, column: int = 0, suggestion: str | None = None) -> None:
        self.add_at_file_position("warning", rule, message, *self.source.position(line, column), suggestion)

    def check_punctuation(self, line: int, start: int, end: int) -> None:
        """Warn, once a line, if the syntax in ``lines[line][start:end]`` contains full-width or curly punctuation."""
        typed = self.source.lines[line][start:end]
        if typed.isascii():
            return
        meant = ascii_punctuation(typed)
        if typed == meant:
            return
        if meant == typed.translate(_SPACES):
            self._spaces.setdefault(self.source.position(line, _first_difference(typed, meant) + start), None)
            return
        position = self.source.position(line, start + _first_difference(typed, meant))
        if line in self._punctuation and self._punctuation[line].column <= position[1]:
            return
        message = f"Chỗ này đã hiểu là “{meant.strip() or 'dấu cách'}”; bác gõ lại bằng dấu thường trên bàn phím."
        problem = Problem(self.source.path, *position, "warning", "punctuation-mended", message, meant)
        self._punctuation[line] = problem

    @property
    def problems(self) -> list[Problem]:
        """All problems, sorted by position."""
        found = [*self._problems, *self._punctuation.values(), *self._report_spaces()]
        return sorted(found, key=lambda problem: (problem.line, problem.column, problem.level, problem.rule))

    def discard(self, rule: str, line: int) -> None:
        """Take back what was said about a line, for a more exact message."""
        number = self.source.position(line)[0]
        for problem in [one for one in self._problems if (one.rule, one.line) == (rule, number)]:
            del self._problems[problem]

    def _report_spaces(self) -> list[Problem]:
        """One warning for the file: spaces of Word are pasted together."""
        if not self._spaces:
            return []
        count = f" và {len(self._spaces) - 1} chỗ nữa" if len(self._spaces) > 1 else ""
        message = (
            f"Ở đây{count} trong tệp có dấu cách riêng của Word; lần này đã hiểu là dấu cách thường. Bác chép một "
            "dấu cách ấy, rồi dùng Tìm và thay thế để đổi tất cả."
        )
        return [Problem(self.source.path, *min(self._spaces), "warning", "punctuation-mended", message)]

    def add_at_file_position(
        self,
        level: Level,
        rule: str,
        message: str,
        line: int,
        column: int,
        suggestion: str | None = None,
        length: int | None = None,
    ) -> None:
        """Add a problem whose position on disk is known: line and column from 1."""
        self._problems[Problem(self.source.path, line, column, level, rule, message, suggestion, length)] = None


def _first_difference(typed: str, meant: str) -> int:
    return next(index for index, pair in enumerate(zip(typed, meant, strict=True)) if pair[0] != pair[1])


_Cut = tuple[Level, str, str, int, int]  # level, rule, message, line, column


def normalize_source(text: str, path: str) -> tuple[Source, Diagnostics]:
    """Normalise ``text``; returns it with diagnostics that hold a warning for each kind of normalisation.

    Lines on disk are separated by LF only; a lone CR separates normalised lines but does not count as a line on disk.
    """
    kept, cuts = (text.split("\n"), []) if _is_within_limits(text) else _truncate(text.split("\n"))
    is_normal, has_telex, has_notes = _is_normal(text), may_have_telex(text), "%%" in text or "％％" in text
    if is_normal and not has_telex and not has_notes:
        diagnostics = Diagnostics(Source(path, tuple(kept), None))
        for cut in cuts:
            diagnostics.add_at_file_position(*cut)
        return diagnostics.source, diagnostics
    if is_normal:
        lines = [SourceLine(line, number, 0) for number, line in enumerate(kept, 1)]
    else:
        lines = [line for number, on_disk in enumerate(kept, 1) for line in _normalize_lines(on_disk, number)]
    undone: list[tuple[SourceLine, TelexCorrection]] = []
    if has_telex:
        lines = [_without_telex(line, undone) for line in lines]
    notes: list[_Cut] = []
    if has_notes:
        lines, notes = _without_notes(lines)
    source = Source(path, tuple(line.text for line in lines), tuple(lines))
    diagnostics = Diagnostics(source)
    if undone:
        _report_telex(diagnostics, undone)
    for cut in (*cuts, *notes):
        diagnostics.add_at_file_position(*cut)
    if not is_normal:
        _report_normalized(text, diagnostics)
    return source, diagnostics


def _is_within_limits(text: str) -> bool:
    """A quick test whether nothing has to be truncated; may be False for a text within the limits."""
    return text.count("\n") < MAX_LINES and all(_length(part) <= MAX_LINE_LENGTH for part in text.split("\n\n"))


def _is_normal(text: str) -> bool:
    return "\r" not in text and not _TO_NORMALIZE.search(text) and unicodedata.is_normalized("NFC", text)


def _truncate(lines: list[str]) -> tuple[list[str], list[_Cut]]:
    """Truncate the lines to the limits; returns them and the errors to report."""
    kept: list[str] = []
    cuts: list[_Cut] = []
    unbroken = 0
    for number, line in enumerate(lines, 1):
        if number > MAX_LINES:
            cuts.append(("error", "too-large", f"Tách tệp này ra: nó dài hơn {MAX_LINES} dòng.", number, 1))
            break
        short = line[: _visible_length(line)]
        if short != line:
            message = f"Tách đoạn này ra: dòng này dài hơn {MAX_LINE_LENGTH} ký tự."
            cuts.append(("error", "long-line", message, number, len(short) + 1))
        before = 0 if _BLOCK_START.match(line) else unbroken
        unbroken = before + _length(short)
        if before <= MAX_UNBROKEN_LENGTH < unbroken:
            message = f"Thêm một dòng trống: hơn {MAX_UNBROKEN_LENGTH} ký tự viết liền không nghỉ."
            cuts.append(("error", "long-line", message, number, 1))
        kept.append(short if unbroken <= MAX_UNBROKEN_LENGTH else "")
    return kept, cuts


def _without_notes(lines: list[SourceLine]) -> tuple[list[SourceLine], list[_Cut]]:
    """The lines without the author's notes, which begin with ``%%``; and the warnings to report.

    What is around a note reads on as if it were not there. In fenced code it is code.
    """
    kept: list[SourceLine] = []
    warnings: list[_Cut] = []
    code, _ = find_code_lines([line.text for line in lines])
    for index, line in enumerate(lines):
        place = ascii_punctuation(line.text).find("%%") if index not in code else -1
        inline = _INLINE_NOTE.search(line.text) if place > 0 else None
        if place >= 0 and not line.text[:place].strip():
            if not line.text.startswith("%%", place):
                warnings.append(("warning", "punctuation-mended", _MENDED_NOTE, line.number, line.column(place)))
            continue
        if inline and index not in code:
            warnings.append(("warning", "note-inline", _INLINE, line.number, line.column(inline.start("sign"))))
        kept.append(line)
    return kept or [SourceLine("", 1, 0)], warnings


_MENDED_NOTE = "Chỗ này đã hiểu là “%%”; bác gõ lại bằng dấu thường trên bàn phím."
_INLINE = "Ghi chú %% đứng riêng một dòng; viết ở đây thì người học thấy."


def _length(line: str) -> int:
    return len(line) + (BRACKET_WEIGHT - 1) * line.count("[")


def _visible_length(line: str) -> int:
    """How many code points of a line are read."""
    if _length(line) <= MAX_LINE_LENGTH:
        return len(line)
    weights = accumulate(BRACKET_WEIGHT if char == "[" else 1 for char in line)
    return sum(1 for _ in takewhile(MAX_LINE_LENGTH.__ge__, weights))


def _normalize_lines(on_disk: str, number: int) -> list[SourceLine]:
    start = 1 if number == 1 and on_disk.startswith("\ufeff") else 0
    body = on_disk[start:]
    if body.endswith("\r"):
        body = body[:-1]
    lines: list[SourceLine] = []
    for part in body.split("\r"):
        lines.append(SourceLine(*_normalize(part, number, start)))
        start += len(part) + 1
    return lines


def _normalize(part: str, number: int, start: int) -> tuple[str, int, int, tuple[int, ...] | None]:
    if not _TO_NORMALIZE.search(part) and unicodedata.is_normalized("NFC", part):
        return part, number, start, None
    chars: list[str] = []
    origins: list[int] = []
    leading = True
    for index, cluster in _clusters(part):
        leading = leading and cluster in " \t"
        if cluster == "\t":
            normalized = " " * (TAB_STOP - len(chars) % TAB_STOP) if leading else " "
        else:
            kept = "".join(char for char in cluster if char not in _INVISIBLE)
            normalized = _FORBIDDEN.sub("\ufffd", unicodedata.normalize("NFC", kept)).translate(_WINGDINGS_ARROWS)
        chars.extend(normalized)
        origins.extend([index] * len(normalized))
    return "".join(chars), number, start, (*origins, len(part))


def _without_telex(line: SourceLine, undone: list[tuple[SourceLine, TelexCorrection]]) -> SourceLine:
    """The line with its brackets restored; each place is added to ``undone``."""
    found = undo_telex(line.text)
    if not found:
        return line
    origins = line.origins or tuple(range(len(line.text) + 1))
    text, kept, position = "", list[int](), 0
    for place in found:
        text += line.text[position : place.start] + place.typed
        kept += [*origins[position : place.start], *[origins[place.start]] * len(place.typed)]
        position = place.end
        undone.append((line, place))
    return line._replace(text=text + line.text[position:], origins=(*kept, *origins[position:]))


def _report_telex(diagnostics: Diagnostics, undone: list[tuple[SourceLine, TelexCorrection]]) -> None:
    """One problem for the file: an author types all brackets in one way."""
    line, place = undone[0]
    count = f" và {len(undone) - 1} chỗ nữa trong tệp" if len(undone) > 1 else ""
    typed = line.text[place.start : place.end]
    message = (
        f"Bộ gõ Telex đã đổi ngoặc thành ơ, ư: “{typed}” ở đây{count}. Gõ lại {place.typed}; trong "
        "UniKey chọn kiểu gõ “Telex giản lược” (Simple Telex), hoặc tắt tiếng Việt khi gõ ngoặc."
    )
    column = line.column(place.start)
    diagnostics.add_at_file_position("error", "telex-brackets", message, line.number, column, place.typed)


def _clusters(part: str) -> list[tuple[int, str]]:
    """Split a line into clusters that NFC normalises independently, each with its index."""
    clusters: list[tuple[int, str]] = []
    for index, char in enumerate(part):
        is_continuation = unicodedata.combining(char) or "\u1160" <= char <= "\u11ff"  # Hangul vowels and finals
        if is_continuation and clusters and clusters[-1][1] != "\t":
            clusters[-1] = (clusters[-1][0], clusters[-1][1] + char)
        else:
            clusters.append((index, char))
    return clusters


def _report_normalized(text: str, diagnostics: Diagnostics) -> None:
    if text.startswith("\ufeff"):
        message = "Lưu lại tệp với mã UTF-8 không có BOM; lần này đã bỏ qua."
        diagnostics.add_at_file_position("warning", "bom", message, 1, 1)
    if "\r" in text:
        cr = text.index("\r")
        message = "Lưu lại tệp với kiểu xuống dòng LF (Unix); lần này đã hiểu."
        diagnostics.add_at_file_position(
            "warning", "crlf", message, text.count("\n", 0, cr) + 1, cr - text.rfind("\n", 0, cr)
        )
    for number, on_disk in enumerate(text.split("\n"), 1):
        start = 1 if number == 1 and on_disk.startswith("\ufeff") else 0
        if _TO_NORMALIZE.search(on_disk, start):
            for level, rule, pattern, message in _NORMALIZED:
                match = pattern.search(on_disk, start)
                if match:
                    diagnostics.add_at_file_position(level, rule, message, number, match.start() + 1)


_NORMALIZED: tuple[tuple[Level, str, re.Pattern[str], str], ...] = (
    ("warning", "tab", re.compile("\t"), "Thay phím Tab bằng dấu cách; lần này đã hiểu là dấu cách."),
    (
        "warning",
        "invisible-character",
        re.compile("[" + "".join(_INVISIBLE) + "]"),
        "Xóa ký tự vô hình ở chỗ này rồi gõ lại; lần này đã bỏ qua.",
    ),
    ("error", "control-character", _FORBIDDEN, "Xóa ký tự lạ ở chỗ này rồi gõ lại."),
)
