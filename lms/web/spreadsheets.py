"""Tables that people bring and take away as XLSX or CSV. No formula is ever computed, written or believed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Literal

from lms.content.office_archive import ArchiveLimits, ArchiveProblem, UnsafeOfficeFile, check_office_archive

SheetProblem = Literal["empty", "old_excel", "not_a_sheet", "encoding", "too_large", "broken", "too_many_lines"]
MAX_UNPACKED_BYTES = 8_000_000  # of an XLSX; 5,000 lines have half a million
MAX_PARTS = 200  # files in it
MAX_CELLS = 8  # of a line that are read
# Characters that make a spreadsheet treat a text as a formula, at first opening or after saving it again.
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_DELIMITERS = (";", "\t", ",")
_ARCHIVE_PROBLEMS: dict[ArchiveProblem, SheetProblem] = {
    "too_large": "too_large", "broken": "broken", "encrypted": "broken", "not_office": "not_a_sheet",
}  # fmt: skip


class InvalidSheet(Exception):
    """The file cannot be read as a table. ``why`` is a ``SheetProblem``."""

    def __init__(self, why: SheetProblem) -> None:
        super().__init__(why)
        self.why: SheetProblem = why


def escape_formula(value: int | str) -> int | str:
    """Prefix a text that a spreadsheet would calculate with an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_BEGINS_FORMULA) else value


def write_csv(rows: Iterable[Sequence[int | str]]) -> bytes:
    """The table as CSV in UTF-8 with a BOM, without which Excel shows "Lá»›p"."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([escape_formula(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def write_xlsx(rows: Sequence[Sequence[int | str]], *, title: str, widths: Sequence[int]) -> bytes:
    """The table as XLSX; the first row is its heading. Texts are texts, whatever they begin with."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column, escape_formula(value))
            if isinstance(value, str):
                cell.data_type = "s"  # never a formula
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read_sheet(data: bytes, *, max_lines: int) -> list[tuple[str, ...]]:
    """The lines of an uploaded XLSX (its first sheet) or CSV as texts, empty lines too. A formula is its own text.

    Raises:
        InvalidSheet: it is none, or more than ``max_lines``.
    """
    if not data.strip():
        raise InvalidSheet("empty")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InvalidSheet("old_excel")
    lines = _read_xlsx(data, max_lines) if data.startswith(b"PK") else _read_csv(data, max_lines)
    while lines and not any(lines[-1]):
        lines.pop()
    if len(lines) > max_lines:
        raise InvalidSheet("too_many_lines")
    if not lines:
        raise InvalidSheet("empty")
    return lines


def split_lines(text: str) -> list[tuple[str, ...]]:
    """The lines of a typed or pasted text: cells are separated by tabs, as spreadsheets copy them, or semicolons."""
    return [
        tuple(cell.strip() for cell in (line.split("\t") if "\t" in line else line.split(";")))
        for line in text.splitlines()
    ]


def join_lines(lines: Iterable[Sequence[str]]) -> str:
    """The text of which ``split_lines`` makes these lines again."""
    return "\n".join("\t".join(" ".join(cell.split()) for cell in line).rstrip("\t") for line in lines)


def _read_csv(data: bytes, max_lines: int) -> list[tuple[str, ...]]:
    text = _decode(data)
    if any(char < " " and char not in "\t\r\n" for char in text[:100_000]):
        raise InvalidSheet("not_a_sheet")
    heading = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=heading.count) if any(map(heading.count, _DELIMITERS)) else ";"
    try:
        read = islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), max_lines + 2)
        return [_clip(line) for line in read]
    except csv.Error:
        raise InvalidSheet("broken") from None


def _decode(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise InvalidSheet("not_a_sheet" if b"\0" in data else "encoding") from None


def _read_xlsx(data: bytes, max_lines: int) -> list[tuple[str, ...]]:
    _require_small_archive(data)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        if not book.worksheets:
            raise InvalidSheet("empty")
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size need not be true
        rows = sheet.iter_rows(max_row=max_lines + 2, max_col=MAX_CELLS, values_only=True)
        return [_clip(["" if cell is None else str(cell) for cell in row]) for row in rows]
    except InvalidSheet:
        raise
    except Exception:  # the library raises what it happens to meet: KeyError, ValueError, ParseError, BadZipFile …
        raise InvalidSheet("broken") from None


def _require_small_archive(data: bytes) -> None:
    try:
        check_office_archive(data, ArchiveLimits(MAX_PARTS, MAX_UNPACKED_BYTES, MAX_UNPACKED_BYTES))
    except UnsafeOfficeFile as error:
        raise InvalidSheet(_ARCHIVE_PROBLEMS[error.why]) from None


def _clip(cells: Sequence[str]) -> tuple[str, ...]:
    clipped = [cell.strip() for cell in cells[:MAX_CELLS]]
    while clipped and not clipped[-1]:
        clipped.pop()
    return tuple(clipped)
