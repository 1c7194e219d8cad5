"""Case files: a text, and all problems that it gives. A new case needs no Python.

A case is a name, a line with a dot, the text, a line with a dot, a line for each problem, a line with a dot. A problem
is ``line:column level rule``, and ``→`` with the suggestion where there is one. A text without front matter gets the
least that its kind of file needs; lines are counted without it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lms.content.course_page import read_course_page
from lms.content.problems import Problem
from lms.content.understand_stage import read_understand
from lms.content.use_stage import read_use
from tests.content.case_files import cases_in

CASES = Path(__file__).parent / "cases"
TODAY = date(2026, 11, 25)
FRONT = {
    "hieu": "---\ntên: Bài\nphút: 5\n---\n",
    "dung": "---\ntên: Bài\n---\n",
    "course": "---\ntên: Khóa\ntóm tắt: Ngắn.\nkiểm tra ngày: 2026-11-01\nnguồn:\n  - Tờ\n---\n",
}


def read_course(text: str, path: str):
    page, _, problems = read_course_page(text, path, today=TODAY)
    return page, problems


READERS = {"hieu": read_understand, "dung": read_use, "course": read_course}


def as_line(problem: Problem, above: int) -> str:
    suggestion = f" → {problem.suggestion}" if problem.suggestion is not None else ""
    return f"{problem.line - above}:{problem.column} {problem.level} {problem.rule}{suggestion}".rstrip()


@pytest.mark.parametrize(("stem", "text", "expected"), cases_in(CASES))
def test_case(stem, text, expected):
    kind = stem.split("-")[0]
    front = "" if text.startswith("---") or "front" in stem else FRONT[kind]
    content, problems = READERS[kind](front + text.removesuffix("\n"), f"{kind}.md")
    assert [as_line(problem, front.count("\n")) for problem in problems] == expected
    assert (content is None) == any(problem.level == "error" for problem in problems)
