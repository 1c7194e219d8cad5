"""``::: hỏi`` with ``=`` lines: a short answer that is typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from lms.content.blocks import Block
from lms.content.fuzzy_words import without_marks
from lms.content.model import Typed
from lms.content.prose import Prose
from lms.content.questions.body import Item, check_hints, check_prompt, read_body
from lms.content.questions.ids import Identities
from lms.content.questions.numbers import read_number
from lms.content.questions.outcome import Outcome, UnknownOption
from lms.content.source import Report, plain
from lms.content.tones import tones_last

_RANGE = re.compile(r"(?P<low>[^.…]*(?:\.\d+)*)\s*(?P<dots>\.{2,}|…)\s*(?P<high>.*)\Z")
_FIGURES = re.compile(r"[-+−\d.,\s]*\Z")


def parse(prose: Prose, block: Block, identities: Identities) -> Typed | None:
    report = prose.report
    body = read_body(report, block, "=")
    prompt = check_prompt(prose, block, body)
    if "keep-order" in block.options:
        message = "Bỏ “giữ thứ tự”: câu hỏi phải gõ câu trả lời không có thứ tự nào để giữ."
        report.error("block-option", message, block.opening)
    answers: list[str] = []
    ranges: list[tuple[Decimal, Decimal]] = []
    for item in body.items:
        found = _range(report, item)
        if not item.text:
            report.error("empty-answer", "Viết câu trả lời sau dấu =, hoặc xóa dòng này.", item.line, item.column)
        elif found:
            ranges.append(found)
        elif found is None:
            answers.append(item.text)
    hints = check_hints(prose, body)
    if not answers and not ranges:
        return None
    return Typed(
        id=identities.deal("typed", body.prompt_text, [*answers, *map(str, ranges)]),
        prompt=prompt,
        answers=tuple(answers),
        ranges=tuple(ranges),
        exact_marks="exact-marks" in block.options,
        hints=hints,
        line=report.source.place(block.opening)[0],
    )


def arrange(_question: Typed) -> tuple[()]:
    """Nothing is offered: the answer is typed."""
    return ()


def grade(question: Typed, given: Sequence[str]) -> Outcome:
    """``given`` is the one text typed. Case, spaces and punctuation never matter, tone marks with ``exact_marks``."""
    if len(given) > 1:
        raise UnknownOption(given[1])
    typed = given[0] if given else ""
    if not typed.strip():
        return Outcome(0.0)
    right = any(_same(typed, answer, exact=question.exact_marks) for answer in question.answers)
    number = read_number(typed.strip(" \t.,;:!?%"))
    right = right or (number is not None and any(low <= number <= high for low, high in question.ranges))
    return Outcome(float(right))


def _same(typed: str, answer: str, *, exact: bool) -> bool:
    wanted = _bare(answer, exact=exact)
    if wanted:
        return _bare(typed, exact=exact) == wanted
    return "".join(unicodedata.normalize("NFC", typed).split()) == "".join(answer.split())  # an answer of signs only


def _bare(text: str, *, exact: bool) -> str:
    """What counts of a text: letters, digits and symbols."""
    marked = tones_last(text.casefold()) if exact else without_marks(text).casefold()
    return "".join(char for char in marked if unicodedata.category(char)[0] not in "PZC")


def _range(report: Report, item: Item) -> tuple[Decimal, Decimal] | bool | None:
    """The range that an answer is; None when it is none, False when it is a wrong one (and reported)."""
    text = plain(item.text)
    _, line, column = item.texts[0]
    found = _RANGE.match(text)
    if not found or not (_FIGURES.match(found["low"]) and _FIGURES.match(found["high"])):
        return None
    if not (found["low"] + found["high"]).strip():
        return None
    low, high = read_number(found["low"]), read_number(found["high"])
    if low is None or high is None or (found["dots"] not in ("..", "…")):
        message = "Viết khoảng số theo dạng = 10..12: hai số, ở giữa là hai dấu chấm."
        meant = f"{found['low'].strip()}..{found['high'].strip()}" if low is not None and high is not None else None
        report.error("bad-range", message, line, column, meant)
        return False
    if found["dots"] == "…":
        message = "Gõ hai dấu chấm .. thay cho dấu ba chấm; lần này đã hiểu."
        report.warning("punctuation-mended", message, line, column + found.start("dots"), "..")
    if low > high:
        message = "Viết số nhỏ trước, số lớn sau."
        report.error("bad-range", message, line, column, f"{found['high'].strip()}..{found['low'].strip()}")
        return False
    return low, high
