"""The table by lesson that ``lms check --craft`` prints."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # reading courses is imported only when it is done
    from lms.content.authoring_advice.course_advice import LessonAdvice
    from lms.content.problems import Problem

_HEADER = ("Bài", "Gợi ý", "Đã trả lời", "Quy tắc")


def craft_table(results: Sequence[LessonAdvice], problems: Sequence[Problem]) -> str:
    """Columns aligned for a terminal.

    Lessons without any advice are listed as well, and those that ``problems`` keep from being read, so that the table
    is complete.
    """
    rows: list[tuple[str, str, str, str]] = [_HEADER]
    for result in results:
        rows.append((_place(result), str(len(result.advice)), str(len(result.answered)), _rules(result.advice)))
    rows += [(place, "–", "–", "có lỗi, chưa xem được") for place in unread_lessons(results, problems)]
    everything = [problem for result in results for problem in result.advice]
    answered = sum(len(result.answered) for result in results)
    rows.append(("Cộng", str(len(everything)), str(answered), _rules(everything)))
    widths = [max(_width(row[column]) for row in rows) for column in range(3)]
    return "\n".join(_line(row, widths) for row in rows)


def craft_rows(results: Sequence[LessonAdvice], problems: Sequence[Problem]) -> list[dict[str, object]]:
    """The table as JSON objects; the numbers of a lesson that could not be read are null."""
    rows: list[dict[str, object]] = [
        {
            "lesson": _place(result),
            "advice": len(result.advice),
            "answered": len(result.answered),
            "rules": dict(sorted(Counter(problem.rule for problem in result.advice).items())),
        }
        for result in results
    ]
    unread = unread_lessons(results, problems)
    return rows + [{"lesson": place, "advice": None, "answered": None, "rules": {}} for place in unread]


def unread_lessons(results: Sequence[LessonAdvice], problems: Sequence[Problem]) -> list[str]:
    """The lessons that are missing in ``results`` because of errors, as course and lesson folder."""
    read = {os.path.abspath(result.folder) for result in results}
    folders = {os.path.dirname(os.path.abspath(problem.path)) for problem in problems if problem.level == "error"}
    return sorted(f"{Path(folder).parent.name}/{Path(folder).name}" for folder in folders - read)


def _place(result: LessonAdvice) -> str:
    """The course's folder and the lesson's, such as vneid/02-kich-hoat; for the course itself its course.md."""
    folder = Path(os.path.abspath(result.folder))
    return f"{folder.name}/course.md" if result.is_course else f"{folder.parent.name}/{folder.name}"


def _rules(problems: Sequence[Problem]) -> str:
    counts = Counter(problem.rule for problem in problems)
    return ", ".join(f"{rule} {count}" for rule, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    place, *counts, rules = row
    cells = [place + " " * (widths[0] - _width(place))]
    cells += [" " * (width - _width(count)) + count for count, width in zip(counts, widths[1:], strict=True)]
    return "  ".join((*cells, rules)).rstrip()


def _width(text: str) -> int:
    """How many columns a terminal needs: a combining mark none, a wide character two."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
