"""hieu.md: prose, blocks and questions under ``##`` headings, each of which is also a slide."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lms.content.blocks import UNCLEAR, Block, Passage, read_blocks
from lms.content.frontmatter import FrontMatter, Key, read_front_matter
from lms.content.frontmatter_values import percent, whole
from lms.content.fuzzy_words import slug
from lms.content.links import Home
from lms.content.model import Callout, FacilitatorNote, Part, Section, Understand
from lms.content.model import Prose as ProsePart
from lms.content.outline import Heading
from lms.content.problems import Problem
from lms.content.prose import Prose
from lms.content.questions import QUESTION_BLOCKS, Identities, read_question
from lms.content.questions.ids import digest
from lms.content.readability import check_heading_jumps, check_text
from lms.content.source import Report, open_source

KEYS = (
    Key("name", ("tên", "name"), required=True),
    Key("minutes", ("phút", "minutes"), required=True),
    Key("objectives", ("mục tiêu", "objectives"), "list"),
    Key("pass", ("đạt", "pass")),
)
PASS_PERCENT = 80


def read_understand(text: str, path: str, *, folder: Path | None = None) -> tuple[Understand | None, list[Problem]]:
    """Read hieu.md. The lesson is None when it has an error.

    ``folder`` is the lesson's, where pictures and links are looked for.
    """
    source, report = open_source(text, path)
    front = read_front_matter(source, report, KEYS)
    minutes = whole(front, report, "minutes")
    pass_percent = percent(front, report, "pass", PASS_PERCENT)
    check_front_texts(report, front, "objectives")
    sections = _Sections(Prose(report, Home(folder))).read(front.body)
    problems = report.problems
    if any(problem.level == "error" for problem in problems):
        return None, problems
    understand = Understand(
        name=front.text("name") or "",
        minutes=minutes or 1,
        objectives=front.texts("objectives"),
        pass_percent=pass_percent,
        sections=sections,
        digest=digest(Home(folder).address, *source.lines)[:32],
        path=path,
    )
    return understand, problems


def check_front_texts(report: Report, front: FrontMatter, *codes: str) -> None:
    """Warn about long sentences in texts of the front matter that learners read."""
    for code in codes:
        for value in front.values.get(code, ()):
            check_text(report, value.text, value.line, value.column)


@dataclass(slots=True)
class _Draft:
    title: str
    line: int
    parts: list[Part] = field(default_factory=list)


class _Sections:
    """Reads the body, section by section."""

    def __init__(self, prose: Prose) -> None:
        self.prose = prose
        self.identities = Identities()
        self.headings: list[Heading] = []
        self.drafts: list[_Draft] = []

    def read(self, start: int) -> tuple[Section, ...]:
        report = self.prose.report
        self.drafts.append(_Draft("", start))
        for part in read_blocks(report, start):
            if isinstance(part, Passage):
                self._passage(part)
            else:
                self._block(part)
        check_heading_jumps(report, self.headings)
        drafts = [draft for draft in self.drafts if draft.title or draft.parts]
        ids: set[str] = set()
        return tuple(self._section(draft, ids) for draft in drafts)

    def _section(self, draft: _Draft, ids: set[str]) -> Section:
        base = slug(draft.title) or "phan"
        number, unique = 1, base
        while unique in ids:
            number += 1
            unique = f"{base}-{number}"
        ids.add(unique)
        return Section(unique, draft.title, tuple(draft.parts), self.prose.report.source.place(draft.line)[0])

    def _passage(self, passage: Passage) -> None:
        found = self.prose.check(passage.start, passage.end)
        self.headings.extend(found.headings)
        at = passage.start
        for heading in found.headings:
            if heading.level == 2 and heading.top:
                self._prose(at, heading.line)
                self.drafts.append(_Draft(heading.title, heading.line))
                at = heading.end
        self._prose(at, passage.end)

    def _prose(self, start: int, end: int) -> None:
        html = self.prose.render(start, end) if start < end else ""
        if html:
            self.drafts[-1].parts.append(ProsePart(html))

    def _block(self, block: Block) -> None:
        part: Part | None
        if block.name in QUESTION_BLOCKS:
            part = read_question(self.prose, block, self.identities)
        elif block.name is None:
            part = None
        else:
            self.headings.extend(self.prose.check(block.start, block.end).headings)
            html = self.prose.render(block.start, block.end)
            if not html and UNCLEAR not in block.options:  # which may be what stands beside the name
                message = "Viết nội dung cho khối này, hoặc bỏ nó."
                self.prose.report.error("block-empty", message, block.opening)
            part = FacilitatorNote(html) if block.name == "facilitator" else Callout(html, _tone(block.name))
        if part is not None:
            self.drafts[-1].parts.append(part)


def _tone(name: str) -> str:
    return "tip" if name == "tip" else "warning"
