"""Read dung.md: a checklist of tasks to do on a real phone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from lms.content import draft_flag, ignored_advice
from lms.content.blocks import ProseRange, split_blocks
from lms.content.digest import digest
from lms.content.front_matter import read_front_matter, report_missing_key
from lms.content.front_matter_keys import Key
from lms.content.front_matter_values import positive_integer
from lms.content.lesson_name import lesson_name
from lms.content.line_typos import check_line_typos
from lms.content.links import LinkResolver
from lms.content.markdown.outline import TextRun
from lms.content.misspellings import check_misspellings
from lms.content.model import Task, Use
from lms.content.problems import Problem, has_errors
from lms.content.prose import ProseReader
from lms.content.questions.body import check_duplicates, match_item_sign
from lms.content.questions.checkboxes import read_box, report_box_without_dash
from lms.content.questions.ids import QuestionIds
from lms.content.readability import check_front_matter_texts, check_heading_jumps
from lms.content.sample_text import check_sample_text
from lms.content.source import Diagnostics, normalize_source
from lms.content.translation import original_digest

KEYS = (
    Key("name", ("tên", "name"), required=True, has_default=True),
    Key("bring", ("chuẩn bị", "bring"), "list"),
    Key("minutes", ("phút", "minutes")),
    ignored_advice.KEY,
    draft_flag.KEY,
    original_digest.KEY,
)

_DRAWN_BOX = re.compile(r"\s*(?:[☐☑□◻▢]|o\s+\[ ?\]|>\s*-\s+\[ ?\])\s*(?P<text>\S.*)")
_LOST_HELP = re.compile(r"\s+(?:=>|→|»|›|\?|Gợi ý:)\s*(?P<text>\S.*)")
_QUOTE = re.compile(r"\s*[>＞]\s?")
_NUMBERED = re.compile(r"\d{1,4}[.)]\s+(?P<text>\S.*)")


@dataclass(slots=True)
class _DraftTask:
    """A task as typed: its text may continue on indented lines, its help is the ``>`` lines below."""

    line: int
    column: int
    texts: list[tuple[str, int, int]]  # text, line, column
    help: list[str] = field(default_factory=list[str])
    help_columns: list[int] = field(default_factory=list[int])
    help_start: int | None = None

    @property
    def text_run(self) -> TextRun:
        return TextRun.of_lines(self.texts)


def read_use(text: str, path: str, *, folder: Path | None = None) -> tuple[Use | None, list[Problem]]:
    """Read dung.md. The stage is None if it has an error."""
    source, diagnostics = normalize_source(text, path)
    front_matter = read_front_matter(source, diagnostics, KEYS)
    minutes = positive_integer(front_matter, diagnostics, "minutes")
    check_front_matter_texts(diagnostics, front_matter, "bring")
    ignored_advice.read_ignored_advice(front_matter, diagnostics)
    draft_flag.report_misplaced_draft_flag(front_matter, diagnostics)
    check_sample_text(diagnostics)
    prose = ProseReader(diagnostics, LinkResolver(folder), is_lesson=True)
    reader = _Reader(diagnostics, front_matter.body)
    reader.read()
    intro = _render_intro(prose, reader.prose_lines, front_matter.body)
    tasks = _build_tasks(prose, reader.tasks, has_lost_task=reader.has_lost_task)
    inherited = lesson_name(folder) if folder and front_matter.lacks("name") else None
    if front_matter.lacks("name") and inherited is None:
        report_missing_key(diagnostics, "tên")
    check_line_typos(diagnostics)
    check_misspellings(diagnostics)
    problems = diagnostics.problems
    if has_errors(problems):
        return None, problems
    use = Use(
        name=front_matter.text("name") or inherited or "",
        bring=front_matter.texts("bring"),
        minutes=minutes,
        intro=intro,
        tasks=tasks,
        digest=digest(LinkResolver(folder).base_url, *source.lines, *([inherited] if inherited else []))[:32],
        path=path,
    )
    return use, problems


class _Reader:
    """Splits the body into tasks and prose. ``prose_lines`` has "" in place of each line that belongs to a task."""

    def __init__(self, diagnostics: Diagnostics, start: int) -> None:
        self.diagnostics = diagnostics
        self.start = start
        self.tasks: list[_DraftTask] = []
        self.prose_lines: list[str] = []
        self.has_lost_task = False  # a checkbox without its list marker was reported
        self.has_drawn_box = False  # a box that is a character was reported
        self.fence_lines: set[int] = set()  # ::: lines that were reported already
        self.numbered_lines: list[int] = []  # tasks, if there are no others
        self.current: _DraftTask | None = None  # the task that indented lines continue

    def read(self) -> None:
        lines = self.diagnostics.source.lines
        for part in split_blocks(self.diagnostics, self.start):
            if not isinstance(part, ProseRange):
                message = "Bỏ khối ::: này: dung.md chỉ có chữ thường và các ô [ ]."
                self.diagnostics.error("block-not-here", message, part.opening)
                self.fence_lines |= {part.opening, part.end}
        for index in range(self.start, len(lines)):
            self.prose_lines.append("" if self._is_task_line(index, lines[index]) else lines[index])
        if not self.tasks and not self.has_lost_task:
            for index in self.numbered_lines:
                self._report_numbered_task(index, lines[index])

    def _is_task_line(self, index: int, line: str) -> bool:
        marker, match = match_item_sign(line)
        if marker == "-" and match is not None:
            self._start_task(index, match)
            return True
        drawn = _DRAWN_BOX.match(line)
        if drawn and not self.has_drawn_box:
            self.has_drawn_box = True
            message = "Dòng này chỉ hiện như chữ, không đánh dấu được; việc phải làm thì bắt đầu bằng “- [ ] ”."
            column = len(line) - len(line.lstrip())
            self.diagnostics.warning("bad-box", message, index, column, f"- [ ] {drawn['text']}")
        if report_box_without_dash(self.diagnostics, index):
            self.has_lost_task = True
            self.current = None
            return True
        if marker == ">" and match is not None and self.current is not None:
            self.diagnostics.check_punctuation(index, match.start("sign"), match.end("sign"))
            if self.current.help_start is None:
                self.current.help_start = index
            quote = _QUOTE.match(line)
            self._add_help(index, line, quote.end() if quote else 0)
            return True
        if self.current is not None and line[:1] == " " and line.strip():
            lost = _LOST_HELP.match(line) if self.current.help_start is None else None
            if lost:
                message = "Dòng này đang nối vào tên việc; lời giúp thì bắt đầu bằng dấu > ."
                column = len(line) - len(line.lstrip())
                self.diagnostics.warning("task-line", message, index, column, f"> {lost['text']}")
            self._continue_task(index, line)
            return True
        if _NUMBERED.match(line):
            if self.current is not None:
                self._report_numbered_task(index, line)
                return True
            self.numbered_lines.append(index)
        if line.strip():
            follows_task = self.current is not None and self.diagnostics.source.lines[index - 1].strip()
            if follows_task and index not in self.fence_lines:
                message = "Lùi dòng này vào hai dấu cách nếu nó nối tiếp việc ở trên, hoặc để trống một dòng ở giữa."
                self.diagnostics.error("task-line", message, index)
            self.current = None
        return False

    def _report_numbered_task(self, index: int, line: str) -> None:
        """Report a line like ``2. …``, which would become prose."""
        self.has_lost_task = True
        match = _NUMBERED.match(line)
        if match:
            message = "Việc thì không đánh số: đổi số ở đầu dòng thành một ô."
            self.diagnostics.error("numbered-task", message, index, 0, f"- [ ] {match['text']}")

    def _start_task(self, index: int, match: re.Match[str]) -> None:
        self.diagnostics.check_punctuation(index, match.start("sign"), match.end("sign"))
        _, start = read_box(self.diagnostics, index, match.start("sign"), match.start("text"))
        text = self.diagnostics.source.lines[index][start:].strip()
        if not text:
            message = "Viết việc cần làm sau ô này, hoặc xóa dòng."
            self.diagnostics.error("empty-option", message, index, match.start("sign"))
        self.current = _DraftTask(index, match.start("sign"), [(text, index, start)])
        self.tasks.append(self.current)

    def _add_help(self, index: int, line: str, column: int) -> None:
        draft = self.tasks[-1]
        gap = index - (draft.help_start or index) - len(draft.help)
        draft.help.extend([*[""] * gap, line[column:]])
        draft.help_columns.extend([*[0] * gap, column])

    def _continue_task(self, index: int, line: str) -> None:
        draft = self.tasks[-1]
        if draft.help_start is not None:
            self._add_help(index, line, len(line) - len(line.lstrip()))
        else:
            draft.texts.append((line.strip(), index, len(line) - len(line.lstrip())))


def _render_intro(prose: ProseReader, lines: list[str], start: int) -> str:
    outlined = prose.check_lines(lines, start)
    check_heading_jumps(prose.diagnostics, outlined.headings)
    return prose.render_lines(lines)


def _build_tasks(prose: ProseReader, drafts: list[_DraftTask], *, has_lost_task: bool) -> tuple[Task, ...]:
    diagnostics = prose.diagnostics
    if not drafts and not has_lost_task:
        message = "Thêm ít nhất một việc, mỗi việc một dòng bắt đầu bằng - [ ]."
        diagnostics.error("no-tasks", message, 0, 0, "- [ ] ")
    texts = [(draft.text_run.text, draft.line, draft.texts[0][2]) for draft in drafts if draft.text_run.text]
    check_duplicates(diagnostics, texts, "việc")
    ids = QuestionIds()
    tasks: list[Task] = []
    for draft in drafts:
        help_html = None
        if any(line.strip() for line in draft.help):
            prose.check_lines(draft.help, draft.help_start or draft.line, draft.help_columns)
            help_html = prose.render_lines(draft.help)
        text = draft.text_run.text
        line = diagnostics.source.position(draft.line)[0]
        tasks.append(Task(ids.assign("task", text), prose.render_run(draft.text_run), help_html, line))
    return tuple(tasks)
