"""Read the questions of an XLSX sheet. Formulas, dates and formatted numbers show what they do not hold: refused."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

from lms.content.question_bank.bank_question import Bank, BankFinding
from lms.content.question_bank.question_table import Cell, Row, looks_like_questions, read_question_table
from lms.content.question_bank.styled_text import Emphasis, StyledText

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

    bank = Bank()
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheets = [(sheet.title, _read_rows(sheet)) for sheet in book.worksheets]
    except Exception as error:  # the library raises what it happens to meet: KeyError, ParseError …
        raise ValueError("a sheet that does not fit together") from error
    found = next(
        (
            (title, rows, at)
            for title, rows in sheets
            for at in range(min(_HEADING_ROWS, len(rows)))
            if looks_like_questions(rows[at])
        ),
        None,
    )
    if found is None:
        bank.findings.append(
            BankFinding(1, "Bảng cần một hàng ghi tên cột, như: Câu hỏi | A | B | C | Đáp án.", is_refusal=True)
        )
        return bank
    title, rows, at = found
    for row in rows:
        bank.places[row.place] = f"hàng {row.place}"
    read_question_table(rows[at:], bank)
    if len(rows) > MAX_ROWS:
        bank.findings.append(BankFinding(MAX_ROWS, f"Bảng có hơn {MAX_ROWS} hàng; bác tách nó ra.", is_refusal=True))
    for other, other_rows in sheets:
        if other != title and any(cell.text.text for row in other_rows for cell in row.cells):
            bank.findings.append(BankFinding(1, f"Chỉ đọc trang tính “{title}”; “{other}” không mang sang."))
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
        return Cell(StyledText(""))
    name = cell.coordinate
    if cell.data_type == "f":
        return Cell(StyledText(""), (f"công thức ở ô {name} (bác chép dán lại thành chữ)",))
    if cell.data_type == "e":
        return Cell(StyledText(""), (f"lỗi {value} ở ô {name}",))
    if isinstance(value, date | datetime | time | timedelta):
        return Cell(StyledText(""), (f"ngày giờ ở ô {name} (bác gõ lại, có dấu nháy ' ở đầu)",))
    if isinstance(value, bool):
        text = "TRUE" if value else "FALSE"
    elif isinstance(value, int | float):
        if cell.number_format not in _PLAIN_NUMBERS:
            return Cell(StyledText(""), (f"số có định dạng riêng ở ô {name} (bác gõ lại, có dấu nháy ' ở đầu)",))
        text = f"{value:.15g}".replace(".", ",")
    else:
        text = str(value)
    return Cell(StyledText(text, (_emphasis(cell),) * len(text)))


def _emphasis(cell: Any) -> Emphasis:
    font, fill = cell.font, cell.fill
    emphasis = Emphasis.NONE
    if font is not None:
        emphasis |= Emphasis.BOLD * bool(font.b) | Emphasis.UNDERLINE * (font.u not in (None, "none"))
        emphasis |= Emphasis.STRIKE * bool(font.strike)
    if (
        fill is not None
        and fill.patternType == "solid"
        and getattr(fill.fgColor, "rgb", None) not in ("00000000", "FFFFFFFF")
    ):
        emphasis |= Emphasis.HIGHLIGHT
    return emphasis
