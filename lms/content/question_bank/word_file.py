"""Read the questions of a Word file (DOCX): a plain list, or a table. mammoth says what its paragraphs and runs are."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from mammoth import documents, docx

from lms.content.question_bank.bank_question import Bank, BankFinding
from lms.content.question_bank.marked_text import MarkedText
from lms.content.question_bank.question_list import BULLET, NumberedLine, read_question_list
from lms.content.question_bank.question_table import Cell, Row, read_question_table
from lms.content.question_bank.right_options import LETTERS

_DOCUMENT = "word/document.xml"
_RAISED = re.compile(rb'<w:position w:val="-?[1-9]')  # LibreOffice writes 10² so, which mammoth reads as 102
_EXCERPT = 32  # characters of a paragraph by which a person finds it


def read_word(data: bytes) -> Bank:
    """The questions of a checked archive.

    Raises:
        ValueError: the parts of the file do not fit together.
    """
    try:
        read = docx.read(io.BytesIO(data))
        bank = _WordReader().read(read.value)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            lost = _RAISED.search(archive.read(_DOCUMENT)) is not None
        lost = lost or any("math:" in each.message or "image" in each.message for each in read.messages)
    except Exception as error:  # the library raises what it happens to meet: KeyError, ExpatError …
        raise ValueError("a Word file that does not fit together") from error
    if lost:
        bank.places[0] = "cả tệp"
        message = "Có công thức, hình hay chữ nhỏ ở trên dòng mà máy không đọc được; bác xem lại từng câu."
        bank.findings.append(BankFinding(0, message, is_refusal=True))
    return bank


class _WordReader:
    def __init__(self) -> None:
        self.bank = Bank()
        self.lines: list[NumberedLine] = []
        self.place = self.paragraphs = self.tables = 0

    def read(self, document: Any) -> Bank:
        self._read_blocks(document.children)
        self._end_list()
        return self.bank

    def _read_blocks(self, blocks: Iterable[Any]) -> None:
        for key, group in groupby(blocks, _list_depth):
            items = list(group)
            for number, block in enumerate(items):
                if isinstance(block, documents.Table):
                    self._read_table(block)
                elif isinstance(block, documents.Paragraph):
                    self._read_paragraph(block, _label(block, number, len(items)) if key else "")

    def _end_list(self) -> None:
        read_question_list(self.lines, self.bank)
        self.lines = []

    def _next_place(self, words: str) -> int:
        self.place += 1
        self.bank.places[self.place] = words
        return self.place

    def _read_paragraph(self, paragraph: Any, label: str) -> None:
        self.paragraphs += 1
        text, obstacles = _text(paragraph)
        shown = " ".join(text.text.split())
        excerpt = f" (“{shown[:_EXCERPT]}{'…' * (len(shown) > _EXCERPT)}”)" if shown else ""
        place = self._next_place(f"đoạn {self.paragraphs}{excerpt}")
        is_heading = (paragraph.style_name or "").casefold().startswith(("heading", "title", "subtitle"))
        for number, line in enumerate(text.split_lines()):
            first = number == 0
            self.lines.append(NumberedLine(place, line, label * first, is_heading, obstacles if first else ()))

    def _read_table(self, table: Any) -> None:
        rows = [row for row in table.children if isinstance(row, documents.TableRow)]
        if rows and all(len(row.children) == 1 for row in rows):  # a frame around text
            for row in rows:
                self._read_blocks(row.children[0].children)
            return
        self._end_list()
        self.tables += 1
        read: list[Row] = []
        for number, row in enumerate(rows, 1):
            place = self._next_place(f"bảng {self.tables}, hàng {number}")
            read.append(Row(place, [_cell(cell) for cell in row.children]))
        read_question_table(read, self.bank)


def _list_depth(block: Any) -> tuple[str, bool] | None:
    """Neighbours of one list have the same; None for what is no item of a list."""
    numbering = block.numbering if isinstance(block, documents.Paragraph) else None
    return (numbering.level_index, numbering.is_ordered) if numbering is not None else None


def _label(paragraph: Any, number: int, count: int) -> str:
    """What numbering shows: of a lone item the number of a question, of neighbours the letters of options."""
    if not paragraph.numbering.is_ordered:
        return BULLET
    if count == 1:
        return "1"
    return LETTERS[number] if number < len(LETTERS) else ""


def _cell(cell: Any) -> Cell:
    text, obstacles = MarkedText(""), list[str]()
    for at, block in enumerate(cell.children):
        if isinstance(block, documents.Table):
            obstacles.append("bảng nằm trong bảng")
            continue
        more, found = _text(block)
        text = text + MarkedText("\n" * (at > 0)) + more
        obstacles += found
    if (cell.colspan or 1) > 1 or (cell.rowspan or 1) > 1:
        obstacles.append("ô gộp")
    return Cell(text, tuple(obstacles))


def _text(paragraph: Any) -> tuple[MarkedText, tuple[str, ...]]:
    chars: list[str] = []
    marks: list[bool] = []
    obstacles: list[str] = []
    for piece, run, is_link in _pieces(paragraph, None, False):
        text = _plain(piece)
        if type(piece) in _OBSTACLES:
            obstacles.append(_OBSTACLES[type(piece)])
        if run is not None and text.strip():
            if run.is_strikethrough:
                obstacles.append("chữ gạch ngang, nên chưa rõ là bỏ đi hay còn giữ")
            if run.vertical_alignment in ("superscript", "subscript"):
                obstacles.append("chữ nhỏ ở trên hay ở dưới dòng")
        is_marked = run is not None and (run.is_bold or run.highlight or (run.is_underline and not is_link))
        chars.append(text)
        marks += [bool(is_marked)] * len(text)
    return MarkedText("".join(chars), tuple(marks)), tuple(dict.fromkeys(obstacles))


def _plain(piece: Any) -> str:
    if isinstance(piece, documents.Text):
        return piece.value
    if isinstance(piece, documents.Checkbox):
        return "☒" if piece.checked else "☐"
    return "\t" if isinstance(piece, documents.Tab) else "\n" if isinstance(piece, documents.Break) else ""


_OBSTACLES: dict[type, str] = {documents.Image: "hình", documents.NoteReference: "chú thích cuối trang"}


def _pieces(element: Any, run: Any, is_link: bool) -> Iterator[tuple[Any, Any, bool]]:
    """The texts, tabs and pictures in a paragraph, each with its run, and whether it is in a link."""
    if isinstance(element, documents.Run):
        run = element
    is_link = is_link or isinstance(element, documents.Hyperlink)
    for child in getattr(element, "children", None) or ():
        yield from _pieces(child, run, is_link)
    if not hasattr(element, "children"):
        yield element, run, is_link
