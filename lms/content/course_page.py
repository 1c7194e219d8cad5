"""Read course.md: a course's title, audience, sources, date of the last check, and introduction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lms.content import draft_flag, ignored_advice, lesson_order
from lms.content.blocks import ProseRange, split_blocks
from lms.content.digest import digest
from lms.content.front_matter import FrontMatter, read_front_matter
from lms.content.front_matter_keys import Key
from lms.content.front_matter_values import last_check_date, positive_integer
from lms.content.line_typos import check_line_typos
from lms.content.links import LinkResolver
from lms.content.misspellings import check_misspellings
from lms.content.model import CourseTranslation
from lms.content.problems import Problem, has_errors
from lms.content.prose import ProseReader
from lms.content.readability import check_front_matter_texts, check_heading_jumps
from lms.content.real_phone_checklist import ChecklistItem, read_checklist_items
from lms.content.sample_text import check_sample_text
from lms.content.source import Diagnostics, normalize_source
from lms.content.translation import original_digest

KEYS = (
    Key("name", ("tên", "name"), required=True),
    Key("summary", ("tóm tắt", "summary"), required=True),
    Key("checked", ("kiểm tra ngày", "checked"), required=True),
    Key("sources", ("nguồn", "sources"), "list", required=True),
    Key("audience", ("dành cho", "audience")),
    Key("app", ("ứng dụng", "app")),
    Key("version", ("phiên bản", "version")),
    Key("skills", ("kỹ năng", "skills"), "list"),
    Key("recheck", ("kiểm lại sau", "recheck")),
    Key("order", ("thứ tự", "order")),
    lesson_order.KEY,
    Key("colours", ("màu", "colours"), "words"),
    draft_flag.KEY,
    original_digest.KEY,
    ignored_advice.KEY,
)
RECHECK_AFTER = 180  # days
MIN_CONTRAST = 7.0  # contrast ratio of white text on a colour (WCAG 2, level AAA)

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")


@dataclass(frozen=True, slots=True)
class CoursePage:
    """The content of course.md; lessons come from the folders."""

    name: str
    summary: str
    checked: date
    sources: tuple[str, ...]
    recheck_after: int  # days
    intro: str  # html
    digest: str
    audience: str | None
    app: str | None
    version: str | None
    skills: tuple[str, ...]
    order: int | None
    colours: tuple[str, ...]
    lesson_order: tuple[str, ...] = ()  # slugs
    is_draft: bool = False
    recheck_items: tuple[ChecklistItem, ...] = ()
    translations: tuple[CourseTranslation, ...] = ()


def read_course_page(
    text: str, path: str, *, folder: Path | None = None, today: date
) -> tuple[CoursePage | None, int, list[Problem]]:
    """Read course.md; returns the page (None if it has an error), the recheck period in days, and the problems."""
    source, diagnostics = normalize_source(text, path)
    front_matter = read_front_matter(source, diagnostics, KEYS)
    checked = last_check_date(front_matter, diagnostics, today)
    recheck_after = positive_integer(front_matter, diagnostics, "recheck") or RECHECK_AFTER
    order = positive_integer(front_matter, diagnostics, "order")
    colours = _read_colours(front_matter, diagnostics)
    ordered_lessons = lesson_order.check_lesson_order(front_matter, diagnostics, folder)
    is_draft = draft_flag.read_draft_flag(front_matter, diagnostics)
    check_front_matter_texts(diagnostics, front_matter, "summary", "audience")
    ignored_advice.read_ignored_advice(front_matter, diagnostics)
    check_sample_text(diagnostics)
    check_last_check_date(front_matter, diagnostics, checked, recheck_after, today)
    intro = _render_intro(ProseReader(diagnostics, LinkResolver(folder)), front_matter.body)
    check_line_typos(diagnostics)
    check_misspellings(diagnostics)
    problems = diagnostics.problems
    if checked is None or has_errors(problems):
        return None, recheck_after, problems
    page = CoursePage(
        name=front_matter.text("name") or "",
        summary=front_matter.text("summary") or "",
        checked=checked,
        sources=front_matter.texts("sources"),
        recheck_after=recheck_after,
        intro=intro,
        digest=digest(LinkResolver(folder).base_url, *source.lines)[:32],
        audience=front_matter.text("audience"),
        app=front_matter.text("app"),
        version=front_matter.text("version"),
        skills=front_matter.texts("skills"),
        order=order,
        colours=colours,
        lesson_order=ordered_lessons,
        is_draft=is_draft,
        recheck_items=read_checklist_items(source.lines[front_matter.body :]),
    )
    return page, recheck_after, problems


def check_last_check_date(
    front_matter: FrontMatter, diagnostics: Diagnostics, checked: date | None, recheck_after: int, today: date
) -> None:
    """Warn about ``kiểm tra ngày`` if the last check is overdue."""
    value = front_matter.value("checked")
    if value is None or checked is None or (today - checked).days <= recheck_after:
        return
    message = (
        f"Đã {(today - checked).days} ngày chưa kiểm tra lại (hạn {recheck_after} ngày); bác xem ứng dụng thật còn đúng"
        " không rồi ghi ngày mới."
    )
    diagnostics.warning("stale", message, value.line, value.column, today.isoformat())


def contrast_with_white(colour: str) -> float:
    """The WCAG contrast ratio of white text on ``#rrggbb``, from 1.0 to 21.0."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def _read_colours(front_matter: FrontMatter, diagnostics: Diagnostics) -> tuple[str, ...]:
    values = front_matter.values.get("colours", [])
    misspelt = {value.line: value for value in reversed(values) if not _COLOUR.match(value.text)}
    for value in misspelt.values():  # once a line: "rgb(0, 81, 198)" is three words, and one slip
        message = "Viết màu theo dạng #2f4f5f: dấu # và sáu chữ số hoặc chữ a đến f."
        diagnostics.error("colours", message, value.line, value.column, "#2f4f5f")
    for value in values[2:3]:  # the first extra one is reported, for all
        if value.line in misspelt:
            break
        diagnostics.error("colours", "Bỏ bớt màu: mỗi khóa học có một hoặc hai màu.", value.line, value.column)
    colours: list[str] = []
    for value in [value for value in values[:2] if value.line not in misspelt]:
        if contrast_with_white(value.text) < MIN_CONTRAST:
            darker = _darkened(value.text)
            message = "Chọn màu đậm hơn: chữ trắng trên màu này khó đọc."
            diagnostics.error("colours", message, value.line, value.column, darker)
        else:
            colours.append(value.text.lower())
    return tuple(colours)


def _darkened(colour: str) -> str:
    """Darken a colour: its own hue, just dark enough for white text."""
    channels = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    for percent in range(99, -1, -1):
        darker = "#" + "".join(f"{channel * percent // 100:02x}" for channel in channels)
        if contrast_with_white(darker) >= MIN_CONTRAST:
            return darker
    return "#000000"


def _render_intro(prose: ProseReader, start: int) -> str:
    for part in split_blocks(prose.diagnostics, start):
        if not isinstance(part, ProseRange):
            message = "Bỏ khối ::: này: course.md chỉ có chữ thường."
            prose.diagnostics.error("block-not-here", message, part.opening)
    end = len(prose.diagnostics.source.lines)
    outlined = prose.check(start, end)
    check_heading_jumps(prose.diagnostics, outlined.headings)
    return prose.render(start, end)
