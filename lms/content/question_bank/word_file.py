"""Read the questions of a Word file (DOCX): a plain list, or a table. What is no text refuses a question."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from lms.content.question_bank.bank_question import Bank
from lms.content.question_bank.question_list import NumberedLine, read_question_list
from lms.content.question_bank.question_table import Cell, Row, read_question_table
from lms.content.question_bank.styled_text import Emphasis, StyledText
from lms.content.question_bank.word_numbering import Numbering

MAX_BLOCKS = 20_000
_CONTAINERS = {qn(name) for name in ("w:sdt", "w:sdtContent", "w:ins", "w:customXml", "w:smartTag", "w:moveTo")}
_LEFT_OUT = {qn(name) for name in ("w:del", "w:moveFrom", "w:instrText", "w:delText")}
_OBSTACLES = {
    qn("w:drawing"): "hình",
    qn("w:pict"): "hình",
    qn("w:object"): "hình",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent": "hình hay hộp chữ",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath": "công thức",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMathPara": "công thức",
    qn("w:sym"): "một ký hiệu riêng của Word",
    qn("w:footnoteReference"): "chú thích cuối trang",
    qn("w:endnoteReference"): "chú thích cuối bài",
}
_EXCERPT = 32  # characters of a paragraph by which a person finds it


def read_word(data: bytes) -> Bank:
    """The questions of a checked archive.

    Raises:
        ValueError: the parts of the file do not fit together.
    """
    try:
        document = Document(io.BytesIO(data))
        return _WordReader(document).read()
    except Exception as error:  # the library raises what it happens to meet: KeyError, XMLSyntaxError …
        raise ValueError("a Word file that does not fit together") from error


class _WordReader:
    def __init__(self, document: Any) -> None:
        self.body = document.element.body
        self.numbering = Numbering.of_document(document)
        self.styles = {style.get(qn("w:styleId")): style for style in document.styles.element.iter(qn("w:style"))}
        self.bank = Bank()
        self.lines: list[NumberedLine] = []
        self.place = 0
        self.paragraphs = 0
        self.tables = 0

    def read(self) -> Bank:
        for block in _blocks(self.body):
            if self.place > MAX_BLOCKS:
                raise ValueError("too many paragraphs")
            if block.tag == qn("w:tbl"):
                self._read_table(block)
            else:
                self._read_paragraph(block)
        self._end_list()
        return self.bank

    def _end_list(self) -> None:
        read_question_list(self.lines, self.bank)
        self.lines = []

    def _next_place(self, words: str) -> int:
        self.place += 1
        self.bank.places[self.place] = words
        return self.place

    def _read_paragraph(self, paragraph: Any) -> None:
        self.paragraphs += 1
        text, obstacles = self._text(paragraph)
        shown = " ".join(text.text.split())
        excerpt = f" (“{shown[:_EXCERPT]}{'…' * (len(shown) > _EXCERPT)}”)" if shown else ""
        place = self._next_place(f"đoạn {self.paragraphs}{excerpt}")
        label = self._label(paragraph)
        is_heading = self._is_heading(paragraph)
        for number, line in enumerate(text.split_lines()):
            self.lines.append(
                NumberedLine(place, line, label * (number == 0), is_heading, obstacles if number == 0 else ())
            )

    def _read_table(self, table: Any) -> None:
        rows = list(table.iterchildren(qn("w:tr")))
        if rows and all(len(list(_cells(row))) == 1 for row in rows):  # a frame around text
            for row in rows:
                for cell in _cells(row):
                    for block in _blocks(cell):
                        if block.tag == qn("w:tbl"):
                            self._read_table(block)
                        else:
                            self._read_paragraph(block)
            return
        self._end_list()
        self.tables += 1
        read: list[Row] = []
        for number, row in enumerate(rows, 1):
            place = self._next_place(f"bảng {self.tables}, hàng {number}")
            read.append(Row(place, [self._cell(cell) for cell in _cells(row)]))
        read_question_table(read, self.bank)

    def _cell(self, cell: Any) -> Cell:
        texts: list[StyledText] = []
        labels: list[str] = []
        obstacles: list[str] = []
        for block in _blocks(cell):
            if block.tag == qn("w:tbl"):
                obstacles.append("bảng nằm trong bảng")
                continue
            text, found = self._text(block)
            lines = text.text.count("\n")
            texts.append(text)
            labels += [self._label(block), *[""] * lines]
            obstacles += found
        if (
            cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}") is not None
            or cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}") is not None
        ):
            obstacles.append("ô gộp")
        joined = StyledText("")
        for at, text in enumerate(texts):
            joined = joined + (StyledText("\n") if at else StyledText("")) + text
        return Cell(joined, tuple(obstacles), tuple(labels))

    # --- a paragraph's text -------------------------------------------------------------------------------------------

    def _text(self, paragraph: Any) -> tuple[StyledText, tuple[str, ...]]:
        chars: list[str] = []
        styles: list[Emphasis] = []
        obstacles: list[str] = []
        base = self._style_emphasis(paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"))

        def walk(element: Any, is_link: bool) -> None:
            for child in element.iterchildren():
                if child.tag in _OBSTACLES:
                    obstacles.append(_OBSTACLES[child.tag])
                elif child.tag == qn("w:r"):
                    self._read_run(child, base, is_link, chars, styles, obstacles)
                elif child.tag == qn("w:hyperlink"):
                    walk(child, True)
                elif child.tag in _CONTAINERS or child.tag == qn("w:fldSimple"):
                    walk(child, is_link)

        walk(paragraph, False)
        return StyledText("".join(chars), tuple(styles)), tuple(dict.fromkeys(obstacles))

    def _read_run(
        self, run: Any, base: Emphasis, is_link: bool, chars: list[str], styles: list[Emphasis], obstacles: list[str]
    ) -> None:
        properties = run.find(qn("w:rPr"))
        named = properties.find(qn("w:rStyle")) if properties is not None else None
        emphasis = _emphasis(properties, self._style_emphasis(named, base) if named is not None else base)
        if is_link:
            emphasis &= ~(Emphasis.UNDERLINE | Emphasis.COLOUR)
        if properties is not None and _is_on(properties.find(qn("w:vanish"))):
            return  # nobody sees it
        is_script = _is_script(properties) or (named is not None and _is_script(self._style_properties(named)))
        for child in run.iterchildren():
            text = ""
            if child.tag == qn("w:t"):
                text = child.text or ""
                if is_script and text.strip():
                    obstacles.append("chữ nhỏ ở trên hay ở dưới dòng")
            elif child.tag == qn("w:tab"):
                text = "\t"
            elif child.tag in (qn("w:br"), qn("w:cr")):
                text = "\n"
            elif child.tag == qn("w:noBreakHyphen"):
                text = "-"
            elif child.tag in _OBSTACLES:
                obstacles.append(_OBSTACLES[child.tag])
            elif child.tag in _LEFT_OUT:
                continue
            chars.append(text)
            styles.extend([emphasis] * len(text))

    def _style_properties(self, named: Any) -> Any:
        style = self.styles.get(named.get(qn("w:val")))
        return style.find(qn("w:rPr")) if style is not None else None

    def _style_emphasis(self, named: Any, base: Emphasis = Emphasis.NONE) -> Emphasis:
        chain: list[Any] = []
        name = named.get(qn("w:val")) if named is not None else None
        while name in self.styles and self.styles[name] not in chain:
            chain.append(self.styles[name])
            parent = chain[-1].find(qn("w:basedOn"))
            name = parent.get(qn("w:val")) if parent is not None else None
        for style in reversed(chain):
            base = _emphasis(style.find(qn("w:rPr")), base)
        return base

    # --- what a paragraph is ------------------------------------------------------------------------------------------

    def _chain(self, paragraph: Any) -> Iterator[Any]:
        """The properties of a paragraph and of its styles, the nearest first."""
        properties = paragraph.find(qn("w:pPr"))
        named = properties.find(qn("w:pStyle")) if properties is not None else None
        if properties is not None:
            yield properties
        name, seen = named.get(qn("w:val")) if named is not None else None, set[str]()
        while name and name in self.styles and name not in seen:
            seen.add(name)
            style = self.styles[name]
            if style.find(qn("w:pPr")) is not None:
                yield style.find(qn("w:pPr"))
            parent = style.find(qn("w:basedOn"))
            name = parent.get(qn("w:val")) if parent is not None else None

    def _label(self, paragraph: Any) -> str:
        list_id, depth = None, None
        for properties in self._chain(paragraph):
            number = properties.find(qn("w:numPr"))
            if number is None:
                continue
            found, level = number.find(qn("w:numId")), number.find(qn("w:ilvl"))
            list_id = list_id or (found.get(qn("w:val")) if found is not None else None)
            depth = depth if depth is not None or level is None else int(level.get(qn("w:val")))
        return self.numbering.label(list_id, depth or 0) if list_id and list_id != "0" else ""

    def _is_heading(self, paragraph: Any) -> bool:
        named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        style = self.styles.get(named.get(qn("w:val"))) if named is not None else None
        name = (
            style.find(qn("w:name")).get(qn("w:val"), "").casefold()
            if style is not None and style.find(qn("w:name")) is not None
            else ""
        )
        return name.startswith(("heading", "title", "subtitle"))


def _blocks(element: Any) -> Iterator[Any]:
    """The paragraphs and tables in an element, also those in content controls and tracked insertions."""
    for child in element.iterchildren():
        if child.tag in (qn("w:p"), qn("w:tbl")):
            yield child
        elif child.tag in _CONTAINERS:
            yield from _blocks(child)


def _cells(row: Any) -> Iterator[Any]:
    for child in row.iterchildren():
        if child.tag == qn("w:tc"):
            yield child
        elif child.tag in _CONTAINERS:
            yield from _cells(child)


def _emphasis(properties: Any, base: Emphasis) -> Emphasis:
    """What properties of letters make of the emphasis around them."""
    if properties is None:
        return base
    for tag, emphasis in (("w:b", Emphasis.BOLD), ("w:strike", Emphasis.STRIKE), ("w:dstrike", Emphasis.STRIKE)):
        element = properties.find(qn(tag))
        if element is not None:
            base = base | emphasis if _is_on(element) else base & ~emphasis
    for tag, emphasis, plain in (
        ("w:u", Emphasis.UNDERLINE, ("none",)),
        ("w:highlight", Emphasis.HIGHLIGHT, ("none", "white")),
        ("w:color", Emphasis.COLOUR, ("auto", "000000")),
    ):
        element = properties.find(qn(tag))
        if element is not None:
            base = base & ~emphasis if (element.get(qn("w:val")) or "none").lower() in plain else base | emphasis
    shade = properties.find(qn("w:shd"))
    if shade is not None:
        is_plain = (shade.get(qn("w:fill")) or "auto").lower() in ("auto", "ffffff")
        base = base & ~Emphasis.HIGHLIGHT if is_plain else base | Emphasis.HIGHLIGHT
    return base


def _is_script(properties: Any) -> bool:
    """Whether letters stand above or below their line, as in 10²."""
    if properties is None:
        return False
    align, position = properties.find(qn("w:vertAlign")), properties.find(qn("w:position"))
    return (align is not None and align.get(qn("w:val")) != "baseline") or (
        position is not None and position.get(qn("w:val")) != "0"
    )


def _is_on(element: Any) -> bool:
    return element is not None and element.get(qn("w:val")) not in ("0", "false", "off")
