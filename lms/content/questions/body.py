"""The body of a question block, line by line: a prompt, then items with what belongs to each, and hints anywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from lms.content.blocks import UNCLEAR, Block
from lms.content.outline import Running
from lms.content.prose import Prose
from lms.content.questions.checkboxes import report_box_without_dash
from lms.content.source import Report, plain

Sign = Literal["-", "1.", "=", ">", "?", ""]

_BULLET = re.compile(r"(?P<indent>\s*)(?P<sign>[-*+])(?P<space>\s+|(?=\[)|\Z)(?P<text>.*)\Z")
_NUMBER = re.compile(r"(?P<indent>\s*)(?P<sign>\d{1,4}[.)。])(?P<space>\s+|\Z)(?P<text>.*)\Z")
_OTHER = re.compile(r"(?P<indent>\s*)(?P<sign>[=>?])(?P<space>\s*)(?P<text>.*)\Z")
_TIGHT_NUMBER = re.compile(r"\s*(?P<sign>\d{1,4}[.)])(?P<text>[^\s\d].*)\Z")
_PATTERNS = (_BULLET, _NUMBER, _OTHER)


@dataclass(slots=True)
class Item:
    """One line with a sign, and the indented lines that go on with it."""

    sign: Sign
    line: int
    column: int  # of the sign
    typed: str  # the sign as typed, made plain
    texts: list[tuple[str, int, int]] = field(default_factory=list)  # text, line, column
    said: Item | None = None  # the ``>`` lines below

    @property
    def running(self) -> Running:
        return Running(tuple(text for text, _, _ in self.texts), tuple((line, at) for _, line, at in self.texts))

    @property
    def text(self) -> str:
        return self.running.text


@dataclass(slots=True)
class Body:
    """``prompt`` is the lines of the prompt with hints blanked out, from index ``start`` on."""

    start: int
    prompt: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    hints: list[Item] = field(default_factory=list)
    misplaced: bool = False  # a line was reported that may be an item without its sign, or with another one

    @property
    def prompt_text(self) -> str:
        return " ".join(" ".join(self.prompt).split())


def sign_of(line: str) -> tuple[Sign, re.Match[str] | None]:
    """What a line begins with."""
    meant = plain(line)
    for pattern in _PATTERNS:
        found = pattern.match(meant)
        if found:
            sign = found["sign"]
            kind: Sign = "-" if pattern is _BULLET else "1." if pattern is _NUMBER else sign  # type: ignore[assignment]
            return kind, found
    return "", None


def read_body(report: Report, block: Block, sign: Sign, *, speaks: bool = False) -> Body:
    """Part a block's body. ``sign`` begins its items; ``speaks``: ``>`` lines belong to the item above."""
    return _Reader(report, block, sign, speaks).read()


class _Reader:
    def __init__(self, report: Report, block: Block, sign: Sign, speaks: bool) -> None:
        self.report = report
        self.block = block
        self.sign = sign
        self.speaks = speaks
        self.body = Body(block.start)
        self.last: Item | None = None  # what an indented line goes on with

    def read(self) -> Body:
        lines = self.report.source.lines
        has_items = any(sign_of(lines[i])[0] == self.sign for i in range(self.block.start, self.block.end))
        for index in range(self.block.start, self.block.end):
            line = lines[index]
            sign, found = sign_of(line)
            if not self.body.items and (sign in ("", ">") or (has_items and sign not in (self.sign, "?"))):
                lost = self.sign == "-" and report_box_without_dash(self.report, index)
                self.body.misplaced |= lost
                self.body.prompt.append("" if lost else line)
            elif found is None:
                self._text(index, line)
            else:
                self._sign(index, line, sign, found)
        return self.body

    def _sign(self, index: int, line: str, sign: Sign, found: re.Match[str]) -> None:
        if not self.body.items:
            self.body.prompt.append("")
        item = Item(sign, index, found.start("sign"), found["sign"])
        item.texts.append((line[found.start("text") :].strip(), index, found.start("text")))
        known = sign in (self.sign, "?") or (sign == ">" and self.speaks)
        if known:
            self.report.mend(index, found.start("sign"), found.end("sign"))
        if sign == self.sign:
            self.body.items.append(item)
        elif sign == "?":
            self._hint(item)
        elif sign == ">" and self.speaks:
            self._said(item)
            return
        else:
            self._misplaced(item, line)
            return
        self.last = item

    def _hint(self, item: Item) -> None:
        if item.text:
            self.body.hints.append(item)
        else:
            self.report.error("empty-hint", "Viết lời gợi ý sau dấu ? , hoặc xóa dòng này.", item.line, item.column)

    def _said(self, said: Item) -> None:
        above = self.body.items[-1]
        if above.said is None:
            above.said = said
        else:
            above.said.texts.extend(said.texts)
        self.last = above.said

    def _text(self, index: int, line: str) -> None:
        if not line.strip():
            self.last = None if self.last and self.last.sign == "?" else self.last
        elif self.last and line[:1] == " " and self.report.source.lines[index - 1].strip():
            self.last.texts.append((line.strip(), index, _indent(line)))
        else:
            self.body.misplaced = True
            tight = _TIGHT_NUMBER.match(line) if self.sign == "1." else None
            if self.sign == "-" and report_box_without_dash(self.report, index):
                return
            if tight:
                meant = f"{tight['sign']} {tight['text']}"
                message = f"Thêm dấu cách sau {tight['sign']}"
                self.report.error("question-line", message, index, _indent(line), meant)
                return
            message = "Đưa dòng này lên trên các lựa chọn, hoặc lùi vào hai dấu cách nếu nó nối tiếp dòng trên."
            self.report.error("question-line", message, index, _indent(line))

    def _misplaced(self, item: Item, line: str) -> None:
        self.body.misplaced = True
        wanted = {"-": "dấu gạch ngắn", "1.": "số thứ tự 1. 2. 3.", "=": "dấu ="}.get(self.sign, self.sign)
        number = len(self.body.items) + 1
        meant = {"1.": f"{number}. {item.text}"}.get(self.sign, f"{self.sign} {item.text}")
        message = f"Trong khối này mỗi mục bắt đầu bằng {wanted}; bác sửa hoặc bỏ dòng này."
        self.report.error("question-line", message, item.line, item.column, None if item.sign == ">" else meant)


def check_prompt(prose: Prose, block: Block, body: Body, *, needed: bool = True) -> str:
    """Check and render the prompt."""
    if not body.prompt_text:
        if needed and UNCLEAR not in block.options:  # where it may be what stands beside the name
            message = "Viết câu hỏi ngay dưới dòng :::, trước các lựa chọn."
            prose.report.error("question-prompt", message, block.opening)
        return ""
    prose.check_lines(body.prompt, body.start)
    return prose.render_lines(body.prompt)


def check_hints(prose: Prose, body: Body) -> tuple[str, ...]:
    return tuple(prose.running(hint.running) for hint in body.hints)


def check_twins(report: Report, items: list[tuple[str, int, int]], what: str = "lựa chọn") -> bool:
    """Report every text (text, line, column) that an earlier one equals; whether there are any."""
    seen: set[str] = set()
    twins = False
    for text, line, column in items:
        same = _same(text)
        if same in seen:
            twins = True
            report.error("twin-options", f"Sửa hoặc bỏ {what} này: nó giống một {what} ở trên.", line, column)
        seen.add(same)
    return twins


def _same(text: str) -> str:
    """How texts are compared that a learner must tell apart: spaces, case and a full stop at the end do not help.

    Inside a single word case does: it may be a password or a name, as in "BaBa2026" and "baba2026".
    """
    words = text.split()
    bare = (" ".join(words).casefold() if len(words) > 1 else text[:1].casefold() + text[1:]).rstrip(".…!?,;: ")
    return bare or text


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
