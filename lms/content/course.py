"""course.md: what a course is about, who it is for, where its facts come from and when they were last checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lms.content.blocks import Passage, read_blocks
from lms.content.frontmatter import FrontMatter, Key, read_front_matter
from lms.content.frontmatter_values import past_date, whole
from lms.content.lesson import check_front_texts
from lms.content.links import Home
from lms.content.problems import Problem
from lms.content.prose import Prose
from lms.content.questions.ids import digest
from lms.content.readability import check_heading_jumps
from lms.content.source import Report, open_source

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
    Key("colours", ("màu", "colours"), "words"),
)
RECHECK_AFTER = 180  # days
LEAST_CONTRAST = 7.0  # of white on a colour, to one (WCAG 2, level AAA)

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")


@dataclass(frozen=True, slots=True)
class CoursePage:
    """course.md as read; the lessons come from the folders."""

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


def read_course_page(
    text: str, path: str, *, folder: Path | None = None, today: date
) -> tuple[CoursePage | None, int, list[Problem]]:
    """Read course.md. Gives the page (None when it has an error), the days until a recheck, and the problems."""
    source, report = open_source(text, path)
    front = read_front_matter(source, report, KEYS)
    checked = past_date(front, report, "checked", today)
    recheck_after = whole(front, report, "recheck") or RECHECK_AFTER
    order = whole(front, report, "order")
    colours = _colours(front, report)
    check_front_texts(report, front, "summary", "audience")
    check_age(front, report, checked, recheck_after, today)
    intro = _intro(Prose(report, Home(folder)), front.body)
    problems = report.problems
    if checked is None or any(problem.level == "error" for problem in problems):
        return None, recheck_after, problems
    page = CoursePage(
        name=front.text("name") or "",
        summary=front.text("summary") or "",
        checked=checked,
        sources=front.texts("sources"),
        recheck_after=recheck_after,
        intro=intro,
        digest=digest(Home(folder).address, *source.lines)[:32],
        audience=front.text("audience"),
        app=front.text("app"),
        version=front.text("version"),
        skills=front.texts("skills"),
        order=order,
        colours=colours,
    )
    return page, recheck_after, problems


def check_age(front: FrontMatter, report: Report, checked: date | None, recheck_after: int, today: date) -> None:
    """Warn at ``kiểm tra ngày`` when the facts were checked too long ago."""
    value = front.value("checked")
    if value is None or checked is None or (today - checked).days <= recheck_after:
        return
    message = (
        f"Đã {(today - checked).days} ngày chưa kiểm tra lại (hạn {recheck_after} ngày); bác xem ứng dụng thật còn đúng"
        " không rồi ghi ngày mới."
    )
    report.warning("stale", message, value.line, value.column, today.isoformat())


def contrast_with_white(colour: str) -> float:
    """WCAG's contrast ratio of white on ``#rrggbb``, 1.0 to 21.0."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def _colours(front: FrontMatter, report: Report) -> tuple[str, ...]:
    values = front.values.get("colours", [])
    for value in values[2:3]:  # the rest goes with it
        report.error("colours", "Bỏ bớt màu: mỗi khóa học có một hoặc hai màu.", value.line, value.column)
    colours = []
    for value in values[:2]:
        if not _COLOUR.match(value.text):
            message = "Viết màu theo dạng #2f4f5f: dấu # và sáu chữ số hoặc chữ a đến f."
            report.error("colours", message, value.line, value.column, "#2f4f5f")
        elif contrast_with_white(value.text) < LEAST_CONTRAST:
            darker = _darkened(value.text)
            message = "Chọn màu đậm hơn: chữ trắng trên màu này khó đọc."
            report.error("colours", message, value.line, value.column, darker)
        else:
            colours.append(value.text.lower())
    return tuple(colours)


def _darkened(colour: str) -> str:
    """The same hue, just dark enough for white on it."""
    channels = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    for percent in range(99, -1, -1):
        darker = "#" + "".join(f"{channel * percent // 100:02x}" for channel in channels)
        if contrast_with_white(darker) >= LEAST_CONTRAST:
            return darker
    return "#000000"


def _intro(prose: Prose, start: int) -> str:
    for part in read_blocks(prose.report, start):
        if not isinstance(part, Passage):
            message = "Bỏ khối ::: này: course.md chỉ có chữ thường."
            prose.report.error("block-not-here", message, part.opening)
    end = len(prose.report.source.lines)
    found = prose.check(start, end)
    check_heading_jumps(prose.report, found.headings)
    return prose.render(start, end)
