"""Parse the body of a question block: a prompt, then items with their feedback, and hints anywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from lms.content.blocks import UNCLEAR, Block
from lms.content.markdown.outline import TextRun
from lms.content.prose import ProseReader
from lms.content.questions.checkboxes import report_box_without_dash
from lms.content.source import Diagnostics, ascii_punctuation

Sign = Literal["-", "1.", "=", ">", "?", ""]

_BULLET = re.compile(r"(?P<indent>\s*)(?P<sign>[-*+])(?P<space>\s+|(?=\[)|\Z)(?P<text>.*)\Z")
_NUMBER = re.compile(r"(?P<indent>\s*)(?P<sign>\d{1,4}[.)。])(?P<space>\s+|\Z)(?P<text>.*)\Z")
_OTHER = re.compile(r"(?P<indent>\s*)(?P<sign>[=>?])(?P<space>\s*)(?P<text>.*)\Z")
_TIGHT_NUMBER = re.compile(r"\s*(?P<sign>\d{1,4}[.)])(?P<text>[^\s\d].*)\Z")
_TIGHT_BULLET = re.compile(r"\s*(?P<sign>[-+])(?P<text>[^\W\d].*)\Z")
_NOTHING = re.compile(r"(?!)")
_EXPLAINS = re.compile(
    r"\s*(?:đúng rồi|đúng|sai rồi|sai|chưa đúng|không đúng|chính xác|chưa phải|chưa chính xác|tiếc quá)"
    r"(?:\s+ạ)?\s*[.!,:]",
    re.IGNORECASE,
)
_PATTERNS = (_BULLET, _NUMBER, _OTHER)


@dataclass(slots=True)
class Item:
    """A line that begins with a sign, and the indented lines that continue it."""

    sign: Sign
    line: int
    column: int  # of the sign
    typed: str  # the sign in ASCII, such as "12."
    texts: list[tuple[str, int, int]] = field(default_factory=list[tuple[str, int, int]])  # text, line, column
    feedback: Item | None = None  # the ``>`` lines below it

    @property
    def text_run(self) -> TextRun:
        return TextRun.of_lines(self.texts)

    @property
    def text(self) -> str:
        return " ".join(text.strip() for text, _, _ in self.texts).strip()


@dataclass(slots=True)
class Body:
    """A parsed body. ``prompt`` has the lines from index ``start`` on, with hints replaced by ""."""

    start: int
    prompt: list[str] = field(default_factory=list[str])
    items: list[Item] = field(default_factory=list[Item])
    hints: list[Item] = field(default_factory=list[Item])
    has_misplaced_line: bool = False  # a reported line may be an item without its sign, or with a wrong one

    @property
    def prompt_text(self) -> str:
        return " ".join(" ".join(self.prompt).split())


def match_item_sign(line: str) -> tuple[Sign, re.Match[str] | None]:
    """The sign at the beginning of a line ("" if none), and its match with groups "indent", "sign", "space", "text"."""
    meant = ascii_punctuation(line)
    for pattern in _PATTERNS:
        match = pattern.match(meant)
        if match:
            sign = match["sign"]
            kind: Sign = "-" if pattern is _BULLET else "1." if pattern is _NUMBER else sign  # type: ignore[assignment]
            return kind, match
    return "", None


def read_body(diagnostics: Diagnostics, block: Block, sign: Sign, *, with_feedback: bool = False) -> Body:
    """Parse a block's body, whose items begin with ``sign``; if ``with_feedback``, items may have ``>`` lines."""
    return _Reader(diagnostics, block, sign, with_feedback).read()


class _Reader:
    def __init__(self, diagnostics: Diagnostics, block: Block, sign: Sign, with_feedback: bool) -> None:
        self.diagnostics = diagnostics
        self.block = block
        self.sign = sign
        self.with_feedback = with_feedback
        self.body = Body(block.start)
        self.current: Item | None = None  # the item that indented lines continue

    def read(self) -> Body:
        lines = self.diagnostics.source.lines
        has_items = any(match_item_sign(lines[i])[0] == self.sign for i in range(self.block.start, self.block.end))
        for index in range(self.block.start, self.block.end):
            line = lines[index]
            sign, match = match_item_sign(line)
            if not self.body.items and (sign in ("", ">") or (has_items and sign not in (self.sign, "?"))):
                is_box = self.sign == "-" and report_box_without_dash(self.diagnostics, index)
                self.body.has_misplaced_line |= is_box
                self.body.prompt.append("" if is_box else line)
            elif match is None:
                self._read_text(index, line)
            else:
                self._read_item(index, line, sign, match)
        return self.body

    def _read_item(self, index: int, line: str, sign: Sign, match: re.Match[str]) -> None:
        if not self.body.items:
            self.body.prompt.append("")
        item = Item(sign, index, match.start("sign"), match["sign"])
        item.texts.append((line[match.start("text") :].strip(), index, match.start("text")))
        is_expected = sign in (self.sign, "?") or (sign == ">" and self.with_feedback)
        if is_expected:
            self.diagnostics.check_punctuation(index, match.start("sign"), match.end("sign"))
        if sign == self.sign:
            self.body.items.append(item)
        elif sign == "?":
            self._add_hint(item)
        elif sign == ">" and self.with_feedback:
            self._add_feedback(item)
            return
        else:
            self._report_misplaced(item, line)
            return
        self.current = item

    def _add_hint(self, item: Item) -> None:
        if item.text:
            self.body.hints.append(item)
        else:
            self.diagnostics.error(
                "empty-hint", "Viết lời gợi ý sau dấu ? , hoặc xóa dòng này.", item.line, item.column
            )

    def _add_feedback(self, feedback: Item) -> None:
        item_above = self.body.items[-1]
        if item_above.feedback is None:
            item_above.feedback = feedback
        else:
            item_above.feedback.texts.extend(feedback.texts)
        self.current = item_above.feedback

    def _read_text(self, index: int, line: str) -> None:
        if self.with_feedback and self.body.items and _EXPLAINS.match(line) and self.current is not None:
            self._read_bare_feedback(index, line)
        elif not line.strip():
            self.current = None if self.current and self.current.sign == "?" else self.current
        elif self.current and line[:1] == " " and self.diagnostics.source.lines[index - 1].strip():
            self.current.texts.append((line.strip(), index, _indent(line)))
        else:
            self.body.has_misplaced_line = True
            tight = {"1.": _TIGHT_NUMBER, "-": _TIGHT_BULLET}.get(self.sign, _NOTHING).match(line)
            if self.sign == "-" and report_box_without_dash(self.diagnostics, index):
                return
            if tight:
                meant = f"{tight['sign']} {tight['text']}"
                message = f"Thêm dấu cách sau {tight['sign']}" + (" ." if self.sign == "-" else "")
                self.diagnostics.error("question-line", message, index, _indent(line), meant)
                return
            message = "Đưa dòng này lên trên các lựa chọn, hoặc lùi vào hai dấu cách nếu nó nối tiếp dòng trên."
            self.diagnostics.error("question-line", message, index, _indent(line))

    def _read_bare_feedback(self, index: int, line: str) -> None:
        """Report an explanation without its ``>``: it would give the answer away, as part of the option."""
        meant = f"> {line.strip()}"
        message = f"Thêm dấu > ở đầu lời giải thích này, nếu không nó hiện ra trong lựa chọn: “{meant}”."
        self.diagnostics.error("option-explains", message, index, 0, meant)
        item = Item(">", index, _indent(line), ">", [(line.strip(), index, _indent(line))])
        self._add_feedback(item)

    def _report_misplaced(self, item: Item, line: str) -> None:
        self.body.has_misplaced_line = True
        expected = {"-": "dấu gạch ngắn", "1.": "số thứ tự 1. 2. 3.", "=": "dấu ="}.get(self.sign, self.sign)
        number = len(self.body.items) + 1
        meant = {"1.": f"{number}. {item.text}"}.get(self.sign, f"{self.sign} {item.text}")
        message = f"Trong khối này mỗi mục bắt đầu bằng {expected}; bác sửa hoặc bỏ dòng này."
        self.diagnostics.error("question-line", message, item.line, item.column, None if item.sign == ">" else meant)


def check_prompt(prose: ProseReader, block: Block, body: Body, *, needed: bool = True) -> str:
    """Check and render the prompt; "" if there is none."""
    if not body.prompt_text:
        if needed and UNCLEAR not in block.options:  # else the prompt may be what follows the name
            message = "Viết câu hỏi ngay dưới dòng :::, trước các lựa chọn."
            prose.diagnostics.error("question-prompt", message, block.opening)
        return ""
    prose.check_lines(body.prompt, body.start)
    return prose.render_lines(body.prompt)


def check_hints(prose: ProseReader, body: Body) -> tuple[str, ...]:
    return tuple(prose.render_run(hint.text_run) for hint in body.hints)


def check_duplicates(diagnostics: Diagnostics, items: list[tuple[str, int, int]], what: str = "lựa chọn") -> bool:
    """Report every (text, line, column) whose text equals an earlier one; returns whether there are any."""
    seen: set[str] = set()
    has_duplicates = False
    for text, line, column in items:
        key = _comparison_key(text)
        if key in seen:
            has_duplicates = True
            diagnostics.error("twin-options", f"Sửa hoặc bỏ {what} này: nó giống một {what} ở trên.", line, column)
        seen.add(key)
    return has_duplicates


def _comparison_key(text: str) -> str:
    """The form in which options are compared: spaces, case and final punctuation do not distinguish them.

    In a single word case counts, except for the first letter: it may be a password, as in "BaBa2026" and "baba2026".
    """
    words = text.split()
    bare = (" ".join(words).casefold() if len(words) > 1 else text[:1].casefold() + text[1:]).rstrip(".…!?,;: ")
    return bare or text


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
