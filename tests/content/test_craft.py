"""Craft advice, by case files: courses, and what ``lms check --craft`` advises. A new case needs no Python.

A case is a name, a line with a dot, the text, a line with a dot, the expected lines, a line with a dot. The text is the
first lesson's hieu.md or lam.md, as the case file is named; a line ``@ 02-hai/hieu.md`` begins another file. A file
without front matter gets the least that it needs, and lines are counted without it. Expected is ``line rule`` for each
advice, with the file before it unless it is the first; a rule that the file answers stands in brackets.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from lms.content.authoring_advice.course_advice import LessonAdvice
from lms.content.authoring_advice.path_advice import advise_path
from lms.content.ignored_advice import RULES
from lms.content.library import check_path
from lms.content.problems import Problem
from tests.content.case_files import cases_in

CASES = Path(__file__).parent / "craft"
TODAY = date(2026, 11, 25)
FRONT = {
    "hieu": "---\ntên: Bài\nphút: 5\n---\n",
    "lam": "---\ntên: Tập\nbắt đầu: Đầu\nđích: Xong\ndữ liệu:\n  mã: sinh(6)\n---\n",
    "dung": "---\ntên: Bài\n---\n",
    "course": "---\ntên: Khóa\ntóm tắt: Ngắn.\nkiểm tra ngày: 2026-11-01\nnguồn:\n  - Tờ\n---\n",
}
PAGE = "course.md"
FIRST = {"hieu": "01-mot/hieu.md", "lam": "01-mot/lam.md", "course": PAGE}


def write_course(folder: Path, stem: str, text: str) -> dict[str, int]:
    """Write the files of a case; returns how many lines of front matter each was given."""
    parts = re.split(r"^@ (\S+)\n", f"@ {FIRST[stem]}\n{text}", flags=re.MULTILINE)[1:]
    files = {PAGE: ""} | dict(zip(parts[::2], parts[1::2], strict=True))
    for name in list(files):
        if "/" in name:
            files.setdefault(f"{name.split('/')[0]}/hieu.md", "Chữ.\n")
    given: dict[str, int] = {}
    for name, body in files.items():
        front = "" if body.startswith("---") else FRONT[Path(name).stem.split("-")[0]]
        given[name] = front.count("\n")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(front + body, "utf-8")
    return given


def expected_lines(results: list[LessonAdvice], folder: Path, given: dict[str, int], first: str) -> list[str]:
    def line(problem: Problem, rule: str) -> str:
        name = Path(problem.path).relative_to(folder).as_posix()
        number = problem.line - given[name] if problem.line > given[name] else problem.line
        place = f"{number} {rule}"
        return place if name == first else f"{name}:{place}"

    return [
        text
        for result in results
        for text in (
            *(line(problem, problem.rule) for problem in result.advice),
            *(line(problem, f"({problem.rule})") for problem in result.answered),
        )
    ]


@pytest.mark.parametrize(("stem", "text", "expected"), cases_in(CASES))
def test_case(stem, text, expected, tmp_path):
    given = write_course(tmp_path / "khoa", stem, text)
    assert [str(problem) for problem in check_path(tmp_path / "khoa", today=TODAY) if problem.level == "error"] == []
    results = advise_path(tmp_path / "khoa", today=TODAY)
    assert expected_lines(results, tmp_path / "khoa", given, FIRST[stem]) == expected
    problems = [problem for result in results for problem in (*result.advice, *result.answered)]
    assert {problem.level for problem in problems} <= {"advice"}
    assert all(problem.message.endswith((".", "?")) for problem in problems)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_case_where_it_fires_and_one_where_it_is_answered(rule):
    expected = "\n".join(line for case in cases_in(CASES) for line in case.values[2])
    assert re.search(rf"\d {rule}$", expected, re.MULTILINE)
    assert f"({rule})" in expected


def test_positions_are_those_on_disk(tmp_path):
    """A lone CR ends a line for the reader but not for an editor, and NFD text has more code points."""
    question = "::: hỏi\nHọ xin mã. Bác làm gì?\n- [ ] Đọc mã\n  > Đừng.\n- [x] Cúp máy\n:::\n"
    text = f"{FRONT['hieu']}Một.\rHai.\n\n{unicodedata.normalize('NFD', 'Hạn nộp')} 31/1/2027.\n\n{question}"
    path = tmp_path / "01-mot" / "hieu.md"
    path.parent.mkdir()
    path.write_bytes(text.encode())
    [result] = advise_path(path, today=TODAY)
    on_disk = text.split("\n")
    assert [(problem.line, problem.column) for problem in result.advice] == [
        (7, on_disk[6].index("31/1") + 1),
        (13, 1),
    ]
    assert on_disk[12] == "- [x] Cúp máy"
