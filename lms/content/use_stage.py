"""dung.md: boxes for what the learner now does on the real phone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from lms.content.blocks import Passage, read_blocks
from lms.content.frontmatter import Key, read_front_matter
from lms.content.frontmatter_values import whole
from lms.content.lesson import check_front_texts
from lms.content.links import Home
from lms.content.model import Task, Use
from lms.content.outline import Running
from lms.content.problems import Problem
from lms.content.prose import Prose
from lms.content.questions.body import check_twins, sign_of
from lms.content.questions.checkboxes import read_box, report_box_without_dash
from lms.content.questions.ids import Identities, digest
from lms.content.readability import check_heading_jumps
from lms.content.source import Report, open_source

KEYS = (
    Key("name", ("tên", "name"), required=True),
    Key("bring", ("chuẩn bị", "bring"), "list"),
    Key("minutes", ("phút", "minutes")),
)

_QUOTE = re.compile(r"\s*[>＞]\s?")


@dataclass(slots=True)
class _Box:
    line: int
    column: int
    texts: list[tuple[str, int, int]]  # text, line, column
    help: list[str] = field(default_factory=list)
    help_columns: list[int] = field(default_factory=list)
    help_start: int | None = None

    @property
    def running(self) -> Running:
        return Running(tuple(text for text, _, _ in self.texts), tuple((line, at) for _, line, at in self.texts))


def read_use(text: str, path: str, *, folder: Path | None = None) -> tuple[Use | None, list[Problem]]:
    """Read dung.md. The stage is None when it has an error."""
    source, report = open_source(text, path)
    front = read_front_matter(source, report, KEYS)
    minutes = whole(front, report, "minutes")
    check_front_texts(report, front, "bring")
    prose = Prose(report, Home(folder))
    reader = _Reader(report, front.body)
    reader.read()
    intro = _intro(prose, reader.prose_lines, front.body)
    tasks = _tasks(prose, reader.boxes, lost=reader.boxes_lost)
    problems = report.problems
    if any(problem.level == "error" for problem in problems):
        return None, problems
    use = Use(
        name=front.text("name") or "",
        bring=front.texts("bring"),
        minutes=minutes,
        intro=intro,
        tasks=tasks,
        digest=digest(Home(folder).address, *source.lines)[:32],
        path=path,
    )
    return use, problems


class _Reader:
    """Parts the body into boxes and prose; ``prose_lines`` has "" where a line belongs to a box."""

    def __init__(self, report: Report, start: int) -> None:
        self.report = report
        self.start = start
        self.boxes: list[_Box] = []
        self.prose_lines: list[str] = []
        self.boxes_lost = False  # a box without its dash was reported
        self.fences: set[int] = set()  # the lines of ::: around a block, of which one thing was said
        self.last: _Box | None = None  # the box whose text or help may go on

    def read(self) -> None:
        lines = self.report.source.lines
        for part in read_blocks(self.report, self.start):
            if not isinstance(part, Passage):
                message = "Bỏ khối ::: này: dung.md chỉ có chữ thường và các ô [ ]."
                self.report.error("block-not-here", message, part.opening)
                self.fences |= {part.opening, part.end}
        for index in range(self.start, len(lines)):
            self.prose_lines.append("" if self._belongs(index, lines[index]) else lines[index])

    def _belongs(self, index: int, line: str) -> bool:
        sign, found = sign_of(line)
        if sign == "-" and found is not None:
            self._box(index, found)
            return True
        if report_box_without_dash(self.report, index):
            self.boxes_lost = True
            self.last = None
            return True
        if sign == ">" and found is not None and self.last is not None:
            self.report.mend(index, found.start("sign"), found.end("sign"))
            if self.last.help_start is None:
                self.last.help_start = index
            quote = _QUOTE.match(line)
            self._help(index, line, quote.end() if quote else 0)
            return True
        if self.last is not None and line[:1] == " " and line.strip():
            self._go_on(index, line)
            return True
        if line.strip():
            if self.last is not None and self.report.source.lines[index - 1].strip() and index not in self.fences:
                message = "Lùi dòng này vào hai dấu cách nếu nó nối tiếp việc ở trên, hoặc để trống một dòng ở giữa."
                self.report.error("task-line", message, index)
            self.last = None
        return False

    def _box(self, index: int, found: re.Match[str]) -> None:
        self.report.mend(index, found.start("sign"), found.end("sign"))
        _, start = read_box(self.report, index, found.start("sign"), found.start("text"))
        text = self.report.source.lines[index][start:].strip()
        if not text:
            message = "Viết việc cần làm sau ô này, hoặc xóa dòng."
            self.report.error("empty-option", message, index, found.start("sign"))
        self.last = _Box(index, found.start("sign"), [(text, index, start)])
        self.boxes.append(self.last)

    def _help(self, index: int, line: str, column: int) -> None:
        box = self.boxes[-1]
        gap = index - (box.help_start or index) - len(box.help)
        box.help.extend([*[""] * gap, line[column:]])
        box.help_columns.extend([*[0] * gap, column])

    def _go_on(self, index: int, line: str) -> None:
        box = self.boxes[-1]
        if box.help_start is not None:
            self._help(index, line, len(line) - len(line.lstrip()))
        else:
            box.texts.append((line.strip(), index, len(line) - len(line.lstrip())))


def _intro(prose: Prose, lines: list[str], start: int) -> str:
    found = prose.check_lines(lines, start)
    check_heading_jumps(prose.report, found.headings)
    return prose.render_lines(lines)


def _tasks(prose: Prose, boxes: list[_Box], *, lost: bool) -> tuple[Task, ...]:
    report = prose.report
    if not boxes and not lost:
        message = "Thêm ít nhất một việc, mỗi việc một dòng bắt đầu bằng - [ ]."
        report.error("no-tasks", message, 0, 0, "- [ ] ")
    check_twins(report, [(box.running.text, box.line, box.texts[0][2]) for box in boxes if box.running.text], "việc")
    identities = Identities()
    tasks = []
    for box in boxes:
        help_html = None
        if any(line.strip() for line in box.help):
            prose.check_lines(box.help, box.help_start or box.line, box.help_columns)
            help_html = prose.render_lines(box.help)
        text = box.running.text
        line = report.source.place(box.line)[0]
        tasks.append(Task(identities.deal("task", text), prose.running(box.running), help_html, line))
    return tuple(tasks)
