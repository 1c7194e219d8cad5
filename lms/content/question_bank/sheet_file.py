"""Read the questions of a table: an XLSX sheet, CSV, or text with tabs.

Formulas, dates and formatted numbers show what they do not hold, and are refused.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from lms.content.question_bank.bank_question import Bank, BankFinding
from lms.content.question_bank.marked_text import MarkedText
from lms.content.question_bank.question_table import Cell, Row, looks_like_questions, read_question_table

MAX_ROWS = 3_000
MAX_COLUMNS = 40
_PLAIN_NUMBERS = ("General", "0", "@")
_HEADING_ROWS = 10  # in which the heading is looked for


def read_sheet_questions(data: bytes) -> Bank:
    """The questions of a checked archive, from its first sheet that has some.

    Raises:
        ValueError: the parts of the file do not fit together.
    """
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheets = {sheet.title: _read_rows(sheet) for sheet in book.worksheets}
    except Exception as error:  # the library raises what it happens to meet: KeyError, ParseError …
        raise ValueError("a sheet that does not fit together") from error
    found = next((title for title, rows in sheets.items() if _heading(rows) is not None), None)
    if found is None:
        message = "Bảng cần một hàng ghi tên cột, như: Câu hỏi | A | B | C | Đáp án."
        return Bank(findings=[BankFinding(1, message, is_refusal=True)])
    bank = _read_table(sheets.pop(found))
    for other, rows in sheets.items():
        if any(cell.text.text for row in rows for cell in row.cells):
            bank.findings.append(BankFinding(1, f"Chỉ đọc trang tính “{found}”; “{other}” không mang sang."))
    return bank


def read_text_table(text: str) -> Bank | None:
    """The questions of CSV or of a table that was copied as text; None if no row names the columns."""
    for delimiter in "\t;,":
        cells = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            rows = [Row(number, [Cell(MarkedText(cell)) for cell in row]) for number, row in enumerate(cells, 1)]
        except csv.Error:
            continue
        if _heading(rows) is not None:
            return _read_table(rows)
    return None


def _heading(rows: Sequence[Row]) -> int | None:
    return next((at for at, row in enumerate(rows[:_HEADING_ROWS]) if looks_like_questions(row)), None)


def _read_table(rows: Sequence[Row]) -> Bank:
    bank = Bank(places={row.place: f"hàng {row.place}" for row in rows})
    read_question_table(rows[_heading(rows) :], bank)
    if len(rows) > MAX_ROWS:
        bank.findings.append(BankFinding(MAX_ROWS, f"Bảng có hơn {MAX_ROWS} hàng; bác tách nó ra.", is_refusal=True))
    return bank


def _read_rows(sheet: Any) -> list[Row]:
    sheet.reset_dimensions()  # what the file says of its size need not be true
    rows = sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS)
    read = [Row(number, [_cell(cell) for cell in row]) for number, row in enumerate(rows, 1)]
    while read and not any(cell.text.text or cell.obstacles for cell in read[-1].cells):
        read.pop()
    return read


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return Cell(MarkedText(""))
    if cell.data_type in ("f", "e"):
        return _refused(f"công thức hay lỗi ở ô {cell.coordinate} (bác chép dán lại thành chữ)")
    if cell.data_type == "d" or (cell.data_type == "n" and cell.number_format not in _PLAIN_NUMBERS):
        return _refused(f"ngày giờ hay số có định dạng riêng ở ô {cell.coordinate} (bác gõ lại, có dấu nháy ' ở đầu)")
    if cell.font.strike:
        return _refused(f"chữ gạch ngang ở ô {cell.coordinate}")
    text = f"{value:.15g}".replace(".", ",") if cell.data_type == "n" else str(value)
    is_filled = cell.fill.patternType == "solid" and getattr(cell.fill.fgColor, "rgb", None) not in (
        "00000000",
        "FFFFFFFF",
    )
    is_marked = bool(cell.font.b) or cell.font.u not in (None, "none") or is_filled
    return Cell(MarkedText(text, (is_marked,) * len(text)))


def _refused(obstacle: str) -> Cell:
    return Cell(MarkedText(""), (obstacle,))
