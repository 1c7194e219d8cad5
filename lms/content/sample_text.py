"""Report the sample text of ``lms new`` that is still in a file.

It is a warning while the lesson is a draft, and an error where learners would read it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from lms.content import file_templates
from lms.content.problems import Problem
from lms.content.source import Diagnostics

_MARKS = re.compile(r"[\s>+*\-]*(?:\[[ xX]?\]\s*)?(?:[^\W\d]+(?: [^\W\d]+){0,2}:\s+)?")  # list marks, box, key
_TO_THE_AUTHOR = re.compile(r"Bác (?:viết|ghi|giới thiệu) ")  # how a sample sentence begins
_TASK = re.compile(r">\s*Việc:\s*")

_SENTENCE = "Viết chữ của bác thay câu mẫu này; phần nào không cần thì xóa."
_QUESTION = "Câu hỏi này còn nguyên câu mẫu; bác viết câu hỏi của bài, hoặc xóa cả khối."
_PRACTICE = "Đây còn là bài tập mẫu; bác viết các màn hình của bài, hoặc xóa tệp nếu bài không có phần Làm được."
_CARD = "Đây còn là thẻ việc mẫu; bác viết thẻ việc của bài, hoặc xóa dòng này nếu bài không cần."
_KEEP_AS_DRAFT = " Còn viết dở thì thêm dòng “nháp: có” vào đầu {}."


def _text(line: str) -> str:
    """The text of a line in any of its forms: without list marks, box and key."""
    return line[_MARKS.match(line).end() :].strip()  # type: ignore[union-attr]


def _lines(*texts: str) -> list[str]:
    return [line for text in texts for line in unicodedata.normalize("NFC", text).split("\n")]


_UNDERSTAND = _lines(file_templates.understand_text(""))
_OPENING = _UNDERSTAND.index("::: hỏi")
_CLOSING = _UNDERSTAND.index(":::", _OPENING)
_SAMPLE_QUESTION = tuple(_text(line) for line in _UNDERSTAND[_OPENING + 1 : _CLOSING])
_SAMPLE_TASKS = tuple(
    _TASK.sub("", line) for line in _lines(file_templates.practice_text()) if line.startswith("> Việc:")
)
_SAMPLE_CARD = next(line for line in _lines(file_templates.practice_text()) if line.startswith("thẻ việc:"))
_SAMPLE_NUMBER = "cccd"  # the data that the sample card asks to type
_SAMPLE_SENTENCES = frozenset(
    _text(line)
    for line in _lines(
        file_templates.course_text("", date.min),
        *_UNDERSTAND,
        file_templates.practice_text(),
        file_templates.use_text(),
    )
    if _TO_THE_AUTHOR.match(_text(line))
)


def check_sample_text(diagnostics: Diagnostics) -> None:
    """Warn of each sample sentence, the sample question and the sample practice, in any of the four files.

    The sample task card is told of where no screen asks for its number; other practices may have the same card.
    """
    lines = diagnostics.source.lines
    is_suspicious = _TO_THE_AUTHOR.search("\n".join(lines))
    for index, line in enumerate(lines if is_suspicious else ()):
        if _TO_THE_AUTHOR.search(line) and _text(line) in _SAMPLE_SENTENCES:
            diagnostics.warning("sample-left", _SENTENCE, index, line.index("Bác "))
    for index in _find_question(lines):
        diagnostics.warning("sample-left", _QUESTION, index)
    tasks = {_TASK.sub("", line): index for index, line in enumerate(lines) if line.startswith(">")}
    if all(task in tasks for task in _SAMPLE_TASKS):
        diagnostics.warning("sample-left", _PRACTICE, tasks[_SAMPLE_TASKS[0]])
    if _SAMPLE_CARD in lines and not any(_SAMPLE_NUMBER in line for line in lines[lines.index(_SAMPLE_CARD) + 1 :]):
        diagnostics.warning("sample-left", _CARD, lines.index(_SAMPLE_CARD))


def _find_question(lines: tuple[str, ...]) -> Iterator[int]:
    for index, line in enumerate(lines):
        if line.strip() == _SAMPLE_QUESTION[0]:
            asked = tuple(_text(line) for line in lines[index : index + len(_SAMPLE_QUESTION)])
            if asked == _SAMPLE_QUESTION:
                yield index


def with_drawn_beginning(text: str) -> str:
    """A lam.md with what a drawn practice begins with in place of the sample's data, task card and introduction.

    What somebody wrote over stays.
    """
    sample, drawn = (_beginning(make()) for make in (file_templates.practice_text, file_templates.drawn_practice_text))
    for old, new in zip(sample, drawn, strict=True):
        text = text.replace(old, new, 1)
    return text


def _beginning(practice: str) -> tuple[str, str]:
    """The lines of the front matter and the introduction."""
    _, matter, rest = practice.split("---\n", 2)
    return f"\n{matter}---\n", rest.partition("\n## ")[0].strip()


def refuse_sample_text(problems: Iterable[Problem], draft_file: str) -> list[Problem]:
    """The problems of what learners are shown: sample text is an error there.

    ``draft_file`` is the file that can say ``nháp: có``; only the first message says so.
    """
    refused: list[Problem] = []
    is_told = False
    for problem in problems:
        if problem.rule == "sample-left" and problem.level == "warning":
            hint = "" if is_told else _KEEP_AS_DRAFT.format(draft_file)
            problem, is_told = replace(problem, level="error", message=problem.message + hint), True
        refused.append(problem)
    return refused
