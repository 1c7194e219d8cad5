"""Lines that lose their sign without a trace: a box in the middle of a line, another ``>``, a line typed twice."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from lms.content.code_fences import find_code_lines
from lms.content.fuzzy_matching import normalize_word
from lms.content.source import Diagnostics

_BOX = r"\[[ xX]\][ \u00a0]"
_BOX_IN_LINE = re.compile(rf"^(?P<sign>[_=~•>»]) +{_BOX}|(?<=\S) (?P<dash>[-–+*]) {_BOX}", re.MULTILINE)
_QUOTE = re.compile(r"^ *(?P<sign>[»›]) ", re.MULTILINE)
_DATA = re.compile(r"\(\((?P<name>[^()\n]{1,60})\)\)")
_CODE = re.compile(r"`[^`\n]*`")
_SHORTEST_TWICE = 12  # characters: shorter ones may be said twice


def check_line_typos(diagnostics: Diagnostics, data_names: Collection[str] = ()) -> None:
    """Report them, where the line has no other problem. ``data_names`` are those of a practice's data."""
    lines = diagnostics.source.lines
    text = "\n".join(lines)
    boxes = list(_boxes(text)) if "[ ]" in text or "[x]" in text or "[X]" in text else []
    marks = [mark.start("sign") for mark in _QUOTE.finditer(text)] if "»" in text or "›" in text else []
    data = list(_DATA.finditer(text)) if data_names and "((" in text else []
    twice = [
        number
        for number, (line, following) in enumerate(pairwise(lines), 1)
        if line == following and len(line.strip()) >= _SHORTEST_TWICE
    ]
    if not (boxes or marks or data or twice):
        return
    places = _Places(diagnostics, text)
    for number, column in places.without_problem(boxes):
        message = "Xuống dòng trước ô này, và bắt đầu dòng bằng dấu - : mỗi lựa chọn, mỗi việc nằm riêng một dòng."
        diagnostics.error("box-in-line", message, number, column)
    for number, column in places.without_problem(marks):
        message = "Gõ dấu > ở đầu dòng này; dấu này máy coi là chữ thường."
        diagnostics.error("quote-mark", message, number, column, ">")
    names = {normalize_word(name): name for name in data_names}
    for match in data:
        name = names.get(normalize_word(match["name"]))
        for number, column in places.without_problem([match.start()] if name else []):
            meant = "{{" + str(name) + "}}"
            message = f"Dữ liệu nằm trong hai ngoặc nhọn: gõ {meant}. Ngoặc tròn thì hiện nguyên."
            diagnostics.error("data-brackets", message, number, column, meant)
    for number in filter(places.is_without_problem, twice):
        diagnostics.warning("line-twice", "Bỏ một dòng: dòng này giống hệt dòng ngay trên.", number)


def _boxes(text: str) -> Iterator[int]:
    """The indices of the signs before boxes that begin no item."""
    for box in _BOX_IN_LINE.finditer(_CODE.sub(lambda code: "_" * len(code[0]), text)):
        yield box.start(box.lastgroup or 0)


class _Places:
    """Lines and columns of indices in a file's whole text."""

    def __init__(self, diagnostics: Diagnostics, text: str) -> None:
        self.source, self.text = diagnostics.source, text
        self.code, _ = find_code_lines(diagnostics.source.lines)
        self.lines_with_problems = {problem.line for problem in diagnostics.problems}

    def without_problem(self, indices: Iterable[int]) -> Iterator[tuple[int, int]]:
        for at in indices:
            number = self.text.count("\n", 0, at)
            if self.is_without_problem(number):
                yield number, at - self.text.rfind("\n", 0, at) - 1

    def is_without_problem(self, number: int) -> bool:
        """Whether the line is no code and no note, and nothing else is said of it."""
        is_note = self.source.lines[number].lstrip().startswith("%%")
        return (
            number not in self.code and not is_note and self.source.position(number)[0] not in self.lines_with_problems
        )
