"""The text of a course file, mended where it may be, with the way back to each place on disk."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import accumulate, takewhile

from lms.content.problems import Level, Problem

# Bounds far beyond what anybody types: Markdown takes the square of a paragraph's length, and more of its brackets.
MOST_LINES = 10_000
LONGEST_LINE = 4_000  # code points; a whole page that an editor wraps by itself is one line
MOST_IN_A_ROW = 8_000  # code points without a blank line or the beginning of something new
BRACKET = 4  # as how many code points a [ counts
TAB_STOP = 4  # columns, as every Markdown viewer counts an indent

# Characters that word processors and input methods put in the place of plain ones. One for one, so that places stay.
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN |= dict.fromkeys(map(ord, "“”„‟«»"), ord('"')) | dict.fromkeys(map(ord, "‘’‚‛"), ord("'"))
_PLAIN |= dict.fromkeys(map(ord, "‐‑‒–—―−•"), ord("-")) | dict.fromkeys(map(ord, "【〔"), ord("["))
_PLAIN |= dict.fromkeys(map(ord, "】〕"), ord("]"))
_PLAIN |= dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], ord(" "))
_FANCY = re.compile("[" + "".join(re.escape(chr(code)) for code in sorted(_PLAIN)) + "]")

_INVISIBLE = frozenset("\u200b\u2060\ufeff\u00ad")
# Control characters, line ends that only some programs obey, direction marks that hide what is written, surrogates.
_STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_PAUSE = re.compile(r"\s*(?:[-*+#]|:::|```|~~~|\d+[.)]|\Z)")
_TO_MEND = re.compile("[\t\u200b\u2060\ufeff\u00ad]|" + _STRANGE.pattern)


def plain(text: str) -> str:
    """``text`` with full-width and curly punctuation made plain, one character for one: every index stays.

    Match a grammar against this, take labels and values from the original, and tell :meth:`Report.mend` about the
    pieces of grammar, so that what was not plain there gets its warning.
    """
    return text.translate(_PLAIN) if _FANCY.search(text) else text


@dataclass(frozen=True, slots=True)
class Line:
    """One mended line: NFC, no tabs, no line end."""

    text: str
    number: int  # of the line on disk, from 1
    start: int  # where it begins there, in code points from 0; above 0 only after a BOM or a lone CR
    origins: tuple[int, ...] | None = None  # for each index of ``text`` and its end, the index on disk; None: the same


@dataclass(frozen=True, slots=True)
class Source:
    """A course file. ``lines[i]`` is mended text; :meth:`place` gives line and column on disk."""

    path: str
    lines: tuple[str, ...]
    _lines: tuple[Line, ...] = field(repr=False)

    def place(self, line: int, column: int = 0) -> tuple[int, int]:
        """Line and column on disk, both from 1, of an index pair of the mended text, both from 0."""
        at = self._lines[min(max(line, 0), len(self._lines) - 1)]
        column = min(max(column, 0), len(at.text))
        return at.number, 1 + at.start + (column if at.origins is None else at.origins[column])


class Report:
    """The problems of one file as they are met. Places come in as indices of the mended text, from 0."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._problems: dict[Problem, None] = {}  # a dict keeps the order and drops what is said twice
        self._mended: dict[int, Problem] = {}  # by line: the first place is enough to see what was meant

    def error(self, rule: str, message: str, line: int, column: int = 0, suggestion: str | None = None) -> None:
        self._add("error", rule, message, line, column, suggestion)

    def warning(self, rule: str, message: str, line: int, column: int = 0, suggestion: str | None = None) -> None:
        self._add("warning", rule, message, line, column, suggestion)

    def mend(self, line: int, start: int, end: int) -> None:
        """Warn, once a line, when the grammar in ``lines[line][start:end]`` is not typed with plain characters."""
        typed = self.source.lines[line][start:end]
        meant = plain(typed)
        if typed == meant:
            return
        first = next(index for index, pair in enumerate(zip(typed, meant, strict=True)) if pair[0] != pair[1])
        at = self.source.place(line, start + first)
        if line in self._mended and self._mended[line].column <= at[1]:
            return
        message = f"Chỗ này đã hiểu là “{meant.strip() or 'dấu cách'}”; bác gõ lại bằng dấu thường trên bàn phím."
        self._mended[line] = Problem(self.source.path, *at, "warning", "punctuation-mended", message, meant)

    @property
    def problems(self) -> list[Problem]:
        """All problems in the order of the file."""
        met = [*self._problems, *self._mended.values()]
        return sorted(met, key=lambda problem: (problem.line, problem.column, problem.level, problem.rule))

    def add_on_disk(
        self, level: Level, rule: str, message: str, line: int, column: int, suggestion: str | None = None
    ) -> None:
        """For what is known by its place on disk, line and column from 1."""
        self._problems[Problem(self.source.path, line, column, level, rule, message, suggestion)] = None

    def _add(self, level: Level, rule: str, message: str, line: int, column: int, suggestion: str | None) -> None:
        self.add_on_disk(level, rule, message, *self.source.place(line, column), suggestion)


_Cut = tuple[Level, str, str, int, int]  # level, rule, message, line, column


def open_source(text: str, path: str) -> tuple[Source, Report]:
    """Mend ``text`` and begin its report with a warning for each kind of thing that was mended.

    The lines on disk are parted by LF alone; a lone CR parts mended lines but not those.
    """
    lines: list[Line] = []
    kept, cuts = _bounded(text.split("\n"))
    for number, on_disk in enumerate(kept, 1):
        lines.extend(_mended_lines(on_disk, number))
    source = Source(path, tuple(line.text for line in lines), tuple(lines))
    report = Report(source)
    for cut in cuts:
        report.add_on_disk(*cut)
    _report_mended(text, report)
    return source, report


def _bounded(lines: list[str]) -> tuple[list[str], list[_Cut]]:
    """The lines cut to the bounds, and what to report of each cut."""
    kept: list[str] = []
    cuts: list[_Cut] = []
    in_a_row = 0
    for number, line in enumerate(lines, 1):
        if number > MOST_LINES:
            cuts.append(("error", "too-large", f"Tách tệp này ra: nó dài hơn {MOST_LINES} dòng.", number, 1))
            break
        short = line[: _room(line)]
        if short != line:
            message = f"Tách đoạn này ra: dòng này dài hơn {LONGEST_LINE} ký tự."
            cuts.append(("error", "long-line", message, number, len(short) + 1))
        before = 0 if _PAUSE.match(line) else in_a_row
        in_a_row = before + _weight(short)
        if before <= MOST_IN_A_ROW < in_a_row:
            message = f"Thêm một dòng trống: hơn {MOST_IN_A_ROW} ký tự viết liền không nghỉ."
            cuts.append(("error", "long-line", message, number, 1))
        kept.append(short if in_a_row <= MOST_IN_A_ROW else "")
    return kept, cuts


def _weight(line: str) -> int:
    return len(line) + (BRACKET - 1) * line.count("[")


def _room(line: str) -> int:
    """How much of a line is read."""
    if _weight(line) <= LONGEST_LINE:
        return len(line)
    weights = accumulate(BRACKET if char == "[" else 1 for char in line)
    return sum(1 for _ in takewhile(LONGEST_LINE.__ge__, weights))


def _mended_lines(on_disk: str, number: int) -> list[Line]:
    start = 1 if number == 1 and on_disk.startswith("\ufeff") else 0
    body = on_disk[start:]
    if body.endswith("\r"):
        body = body[:-1]
    lines = []
    for part in body.split("\r"):
        lines.append(Line(*_mended(part, number, start)))
        start += len(part) + 1
    return lines


def _mended(part: str, number: int, start: int) -> tuple[str, int, int, tuple[int, ...] | None]:
    if not _TO_MEND.search(part) and unicodedata.is_normalized("NFC", part):
        return part, number, start, None
    chars: list[str] = []
    origins: list[int] = []
    leading = True
    for index, cluster in _clusters(part):
        leading = leading and cluster in " \t"
        if cluster == "\t":
            mended = " " * (TAB_STOP - len(chars) % TAB_STOP) if leading else " "
        else:
            kept = "".join(char for char in cluster if char not in _INVISIBLE)
            mended = _STRANGE.sub("\ufffd", unicodedata.normalize("NFC", kept))
        chars.extend(mended)
        origins.extend([index] * len(mended))
    return "".join(chars), number, start, (*origins, len(part))


def _clusters(part: str) -> list[tuple[int, str]]:
    """The pieces of a line that NFC treats alone, each with its index."""
    clusters: list[tuple[int, str]] = []
    for index, char in enumerate(part):
        joins = unicodedata.combining(char) or "\u1160" <= char <= "\u11ff"  # the later letters of a Korean syllable
        if joins and clusters and clusters[-1][1] != "\t":
            clusters[-1] = (clusters[-1][0], clusters[-1][1] + char)
        else:
            clusters.append((index, char))
    return clusters


def _report_mended(text: str, report: Report) -> None:
    if text.startswith("\ufeff"):
        message = "Lưu lại tệp với mã UTF-8 không có BOM; lần này đã bỏ qua."
        report.add_on_disk("warning", "bom", message, 1, 1)
    if "\r" in text:
        at = text.index("\r")
        message = "Lưu lại tệp với kiểu xuống dòng LF (Unix); lần này đã hiểu."
        report.add_on_disk("warning", "crlf", message, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
    for number, on_disk in enumerate(text.split("\n"), 1):
        start = 1 if number == 1 and on_disk.startswith("\ufeff") else 0
        if _TO_MEND.search(on_disk, start):
            for level, rule, pattern, message in _MENDED:
                found = pattern.search(on_disk, start)
                if found:
                    report.add_on_disk(level, rule, message, number, found.start() + 1)


_MENDED: tuple[tuple[Level, str, re.Pattern[str], str], ...] = (
    ("warning", "tab", re.compile("\t"), "Thay phím Tab bằng dấu cách; lần này đã hiểu là dấu cách."),
    (
        "warning",
        "invisible-character",
        re.compile("[" + "".join(_INVISIBLE) + "]"),
        "Xóa ký tự vô hình ở chỗ này rồi gõ lại; lần này đã bỏ qua.",
    ),
    ("error", "control-character", _STRANGE, "Xóa ký tự lạ ở chỗ này rồi gõ lại."),
)
