"""Read the questions of a table whose first row says what its columns are: Câu hỏi, A, B, C, Đáp án."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lms.content.fuzzy_matching import normalize_word
from lms.content.question_bank.bank_question import Bank, BankFinding
from lms.content.question_bank.marked_text import MarkedText
from lms.content.question_bank.question_list import NumberedLine, build_bank_question, options_of_lines
from lms.content.question_bank.right_options import LETTERS, MarkedOption, RightOptionUnknown, strip_right_mark

_HEADINGS = {
    "question": ("câu hỏi", "câu", "nội dung", "nội dung câu hỏi", "hỏi", "question", "question text"),
    "answer": (
        *("đáp án", "đáp án đúng", "câu đúng", "đúng", "trả lời", "trả lời đúng"),
        *("answer", "correct", "correct answer", "key"),
    ),
    "options": ("lựa chọn", "các lựa chọn", "phương án", "các phương án", "options", "choices"),
    "explanation": ("giải thích", "lời giải", "vì sao", "explanation", "feedback"),
    "hint": ("gợi ý", "hint"),
    "number": ("stt", "số", "tt", "câu số", "số thứ tự", "no", "id"),
}
_BY_HEADING = {normalize_word(spelling): column for column, words in _HEADINGS.items() for spelling in words}
_OPTION_HEADING = re.compile(
    r"(?:lựa chọn|phương án|đáp án|option|choice|câu|ý)?\s*(?P<letter>[A-J]|10|[1-9])\.?\Z", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cell:
    """``obstacles`` are things in it that cannot be said as text."""

    text: MarkedText
    obstacles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    place: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class _Columns:
    named: dict[str, int]
    options: dict[str, int]  # by letter

    def of(self, row: Row, name: str) -> Cell:
        at = self.named.get(name, -1)
        return row.cells[at] if 0 <= at < len(row.cells) else Cell(MarkedText(""))


def looks_like_questions(heading: Row) -> bool:
    return _read_heading(heading) is not None


def read_question_table(rows: Sequence[Row], bank: Bank) -> None:
    """Add the questions of a table to a bank. Its first row must be a heading, else all of it is refused."""
    if not rows:
        return
    columns = _read_heading(rows[0])
    if columns is None:
        message = "Bảng này cần hàng đầu ghi tên cột, như: Câu hỏi | A | B | C | Đáp án."
        bank.findings.append(BankFinding(rows[0].place, message, is_refusal=True))
        return
    for row in rows[1:]:
        if any(cell.text.text.strip() or cell.obstacles for cell in row.cells):
            _read_row(row, columns, bank)


def _read_heading(row: Row) -> _Columns | None:
    named: dict[str, int] = {}
    options: dict[str, int] = {}
    for at, cell in enumerate(row.cells):
        text = " ".join(cell.text.text.split()).rstrip(":")
        letter = _OPTION_HEADING.match(text)
        if letter:
            typed = letter["letter"].upper()
            options.setdefault(LETTERS[int(typed) - 1] if typed.isdecimal() else typed, at)
        elif (column := _BY_HEADING.get(normalize_word(text))) is not None:
            if column in named:
                return None
            named[column] = at
    if "question" not in named or not (options or "options" in named):
        return None
    return _Columns(named, options)


def _read_row(row: Row, columns: _Columns, bank: Bank) -> None:
    known = {*columns.named.values(), *columns.options.values()}
    try:
        obstacle = next((each for cell in row.cells for each in cell.obstacles), None)
        if obstacle:
            raise RightOptionUnknown(f"Hàng này có {obstacle}; bác tự soạn lại câu này.")
        extra = next((cell for at, cell in enumerate(row.cells) if at not in known and cell.text.text.strip()), None)
        if extra is not None:
            bank.findings.append(
                BankFinding(row.place, f"Cột không có tên quen: “{extra.text.text.strip()[:40]}” không mang sang.")
            )
        options = _options(row, columns)
        answer = columns.of(row, "answer").text.text.strip()
        prompt = "\n".join(line.text for line in columns.of(row, "question").text.split_lines() if line.text)
        question, findings = build_bank_question(
            row.place, prompt, options, _letter(answer) if answer else None,
            " ".join(columns.of(row, "explanation").text.text.split()),
        )  # fmt: skip
    except RightOptionUnknown as error:
        bank.findings.append(BankFinding(row.place, str(error), is_refusal=True))
        return
    if hint := " ".join(columns.of(row, "hint").text.text.split()):
        question.hints.append(hint)
    bank.questions.append(question)
    bank.findings += findings


def _options(row: Row, columns: _Columns) -> list[MarkedOption]:
    if not columns.options:
        cell = columns.of(row, "options")
        listed = options_of_lines([NumberedLine(row.place, line) for line in cell.text.split_lines()])
        if not listed:
            raise RightOptionUnknown("Trong ô lựa chọn, mỗi dòng cần một chữ cái ở đầu, như “A. …”.")
        return listed
    options: list[MarkedOption] = []
    for letter, at in sorted(columns.options.items()):
        text = row.cells[at].text.strip() if at < len(row.cells) else MarkedText("")
        if text.text:
            inner, is_signed = strip_right_mark(text)
            options.append(MarkedOption(letter, inner.strip(), is_signed=is_signed))
    return options


def _letter(answer: str) -> str:
    """A number of an option as its letter, as some sheets count them."""
    return LETTERS[int(answer) - 1] if re.fullmatch(r"[1-9]|10", answer) else answer
