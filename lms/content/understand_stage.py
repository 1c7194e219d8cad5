"""Read hieu.md: prose, blocks and questions under ``##`` headings, each of which is a slide."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lms.content import draft_flag, ignored_advice
from lms.content.blocks import UNCLEAR, Block, ProseRange, split_blocks
from lms.content.digest import digest
from lms.content.former_lessons import read_former_lessons
from lms.content.front_matter import read_front_matter
from lms.content.front_matter_keys import Key
from lms.content.front_matter_values import percent, positive_integer
from lms.content.fuzzy_matching import slugify
from lms.content.inline_screen import LessonPractices, read_inline_screen
from lms.content.line_typos import check_line_typos
from lms.content.links import LinkResolver
from lms.content.markdown.outline import Heading
from lms.content.misspellings import check_misspellings
from lms.content.model import Callout, FacilitatorNote, Part, Prose, Section, Understand
from lms.content.problems import Problem, has_errors
from lms.content.prose import ProseReader
from lms.content.questions import QUESTION_BLOCKS, QuestionIds, read_question
from lms.content.readability import check_front_matter_texts, check_heading_jumps
from lms.content.sample_text import check_sample_text
from lms.content.source import normalize_source
from lms.content.translation import original_digest

KEYS = (
    Key("name", ("tên", "name"), required=True),
    Key("minutes", ("phút", "minutes"), required=True),
    Key("objectives", ("mục tiêu", "objectives"), "list"),
    Key("pass", ("đạt", "pass")),
    ignored_advice.KEY,
    Key("moved-from", ("chuyển từ", "moved from"), "words"),
    draft_flag.KEY,
    original_digest.KEY,
)
PASS_PERCENT = 80


def read_understand(
    text: str, path: str, *, folder: Path | None = None, practices: LessonPractices | None = None
) -> tuple[Understand | None, list[Problem]]:
    """Read hieu.md. The stage is None if it has an error.

    Pictures and links are resolved relative to ``folder``, the lesson's. ``practices`` are the lesson's, for the
    screens that hieu.md shows; None leaves their names unchecked.
    """
    source, diagnostics = normalize_source(text, path)
    front_matter = read_front_matter(source, diagnostics, KEYS)
    minutes = positive_integer(front_matter, diagnostics, "minutes")
    pass_percent = percent(front_matter, diagnostics, "pass", PASS_PERCENT)
    is_draft = draft_flag.read_draft_flag(front_matter, diagnostics)
    former_lessons = read_former_lessons(front_matter, diagnostics, folder)
    check_front_matter_texts(diagnostics, front_matter, "objectives")
    ignored_advice.read_ignored_advice(front_matter, diagnostics)
    check_sample_text(diagnostics)
    prose = ProseReader(diagnostics, LinkResolver(folder), is_lesson=True)
    sections = _SectionReader(prose, practices).read(front_matter.body)
    check_line_typos(diagnostics)
    check_misspellings(diagnostics)
    problems = diagnostics.problems
    if has_errors(problems):
        return None, problems
    understand = Understand(
        name=front_matter.text("name") or "",
        minutes=minutes or 1,
        objectives=front_matter.texts("objectives"),
        pass_percent=pass_percent,
        sections=sections,
        digest=digest(LinkResolver(folder).base_url, *source.lines)[:32],
        path=path,
        former_lessons=former_lessons,
        is_draft=is_draft,
    )
    return understand, problems


@dataclass(slots=True)
class _DraftSection:
    title: str
    line: int
    parts: list[Part] = field(default_factory=list[Part])


class _SectionReader:
    """Reads the body into sections."""

    def __init__(self, prose: ProseReader, practices: LessonPractices | None) -> None:
        self.prose = prose
        self.practices = practices
        self.ids = QuestionIds()
        self.headings: list[Heading] = []
        self.sections: list[_DraftSection] = []

    def read(self, start: int) -> tuple[Section, ...]:
        diagnostics = self.prose.diagnostics
        self.sections.append(_DraftSection("", start))
        for part in split_blocks(diagnostics, start):
            if isinstance(part, ProseRange):
                self._read_prose(part)
            else:
                self._read_block(part)
        check_heading_jumps(diagnostics, self.headings)
        self._check_titles()
        sections = [section for section in self.sections if section.title or section.parts]
        ids: set[str] = set()
        return tuple(self._section(section, ids) for section in sections)

    def _check_titles(self) -> None:
        """A class and a contents list name sections by their titles."""
        seen: set[str] = set()
        for section in self.sections:
            title = " ".join(section.title.split()).casefold()
            if title and title in seen:
                message = f"Đặt tên khác: trong bài đã có phần “{section.title}” ở trên."
                self.prose.diagnostics.warning("heading-twice", message, section.line)
            seen.add(title)

    def _section(self, section: _DraftSection, ids: set[str]) -> Section:
        base = slugify(section.title) or "phan"
        number, unique = 1, base
        while unique in ids:
            number += 1
            unique = f"{base}-{number}"
        ids.add(unique)
        return Section(
            unique, section.title, tuple(section.parts), self.prose.diagnostics.source.position(section.line)[0]
        )

    def _read_prose(self, prose_range: ProseRange) -> None:
        outlined = self.prose.check(prose_range.start, prose_range.end)
        self.headings.extend(outlined.headings)
        start = prose_range.start
        for heading in outlined.headings:
            if heading.level == 2 and heading.top:
                self._add_prose(start, heading.line)
                self.sections.append(_DraftSection(heading.title, heading.line))
                start = heading.end
        self._add_prose(start, prose_range.end)

    def _add_prose(self, start: int, end: int) -> None:
        html = self.prose.render(start, end) if start < end else ""
        if html:
            self.sections[-1].parts.append(Prose(html))

    def _read_block(self, block: Block) -> None:
        part: Part | None
        if block.name in QUESTION_BLOCKS:
            part = read_question(self.prose, block, self.ids)
        elif block.name is None:
            part = None
        elif block.name == "try":
            part = read_inline_screen(self.prose, block, self.practices)
        else:
            self.headings.extend(self.prose.check(block.start, block.end).headings)
            html = self.prose.render(block.start, block.end)
            if not html and UNCLEAR not in block.options:  # else its content may be what follows the name
                message = "Viết nội dung cho khối này, hoặc bỏ nó."
                self.prose.diagnostics.error("block-empty", message, block.opening)
            if block.name == "facilitator":
                part = FacilitatorNote(html)
            else:
                part = Callout(html, "tip" if block.name == "tip" else "warning")
        if part is not None:
            self.sections[-1].parts.append(part)
