"""Checks the examples of the rule guide with the checker itself, and so finds the sentence that each bad one gets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from lms.content.course_page import read_course_page
from lms.content.practice.storyboard import read_practice
from lms.content.problems import Level, Problem
from lms.content.rule_guide import RuleText, rule_texts
from lms.content.understand_stage import read_understand
from lms.content.use_stage import read_use

TODAY = date(2026, 11, 25)  # of the examples: what the checker says about a date must not change from day to day

_LAM_FRONT = 'tên: Bài tập\nbắt đầu: Một\nđích: Xong\ndữ liệu:\n  cccd: "099060000123"\n  otp: sinh(6)'
_LAM_BODY = '## Một\n> Việc: Bác chạm "Tiếp tục".\n\n- [nút] Tiếp tục => Xong\n\n## Xong {loại=kết}'
_ROW = ("## Một\n> Việc: Bác làm theo thẻ việc.\n\n", "\n- [nút] Tiếp tục => Xong\n\n## Xong {loại=kết}")
_FRONT = {
    "lam": _LAM_FRONT,
    "hieu": "tên: Bài\nphút: 5",
    "dung": "tên: Bài",
    "course": "tên: Khóa\ntóm tắt: Ngắn.\nkiểm tra ngày: 2026-11-01\nnguồn:\n  - Tờ hướng dẫn",
}
_BODY = {"lam": _LAM_BODY, "hieu": "## Mục\n\nChữ.", "dung": "- [ ] Mở máy", "course": "Chữ."}
_INVISIBLE = {
    "⟨Tab⟩": "\t",
    "⟨BOM⟩": "\ufeff",
    "⟨CR⟩": "\r",
    "⟨ẩn⟩": "\u200b",
    "⟨lạ⟩": "\x07",
    "⟨4.000 chữ nữa⟩": "a" * 4000,
}


@dataclass(frozen=True, slots=True)
class ProblemOfExample:
    """What the checker says about a bad example. ``line`` counts the lines of the example from 1; 0: not in it."""

    level: Level
    sentence: str
    line: int


def example_file(text: RuleText, excerpt: str) -> tuple[str, int]:
    """The file in which an example stands, and how many lines are above the example."""
    for shown, meant in _INVISIBLE.items():
        excerpt = excerpt.replace(shown, meant)
    kind = text.file_name.removesuffix(".md")
    if text.context.startswith("whole"):
        return excerpt, 0
    if text.context.startswith("front"):
        return f"---\n{excerpt}\n---\n\n{_BODY[kind]}\n", 1
    before, after = (f"---\n{_FRONT[kind]}\n---\n\n", "\n")
    if text.context == "row":
        before, after = before + _ROW[0], _ROW[1] + after
    return before + excerpt + after, before.count("\n")


def check_example(text: RuleText, excerpt: str) -> list[Problem]:
    """All problems of an example that is the text of one file."""
    content, _ = example_file(text, excerpt)
    match text.file_name:
        case "lam.md":
            return read_practice(content, "lam.md", today=TODAY)[1]
        case "hieu.md":
            return read_understand(content, "hieu.md")[1]
        case "dung.md":
            return read_use(content, "dung.md")[1]
        case _:
            return read_course_page(content, "course.md", today=TODAY)[2]


@cache
def example_problem(rule: str) -> ProblemOfExample | None:
    """What the checker says about the bad example of a rule; None if it says nothing, which the tests rule out."""
    text = rule_texts()[rule]
    if text.says:
        level, _, sentence = text.says.partition(" ")
        return ProblemOfExample(_LEVELS[level], sentence, 0)
    above = example_file(text, text.bad)[1]
    found = next((problem for problem in check_example(text, text.bad) if problem.rule == rule), None)
    if found is None:
        return None
    line = found.line - above
    return ProblemOfExample(found.level, found.sentence, line if 0 < line <= text.bad.count("\n") + 1 else 0)


_LEVELS: dict[str, Level] = {"lỗi": "error", "cảnh-báo": "warning", "gợi-ý": "advice"}
