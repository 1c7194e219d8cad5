"""Write the questions of hieu.md as GIFT, with their Markdown as it stands in the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lms.content.blocks import Block, split_blocks
from lms.content.front_matter import read_front_matter
from lms.content.model import Choice, Matching, Question, Typed, Understand
from lms.content.question_bank.bank_question import BankFinding
from lms.content.question_bank.gift_syntax import EXACT_MARKS, EXTRA, HINT, KEEP_ORDER, escape
from lms.content.questions import QUESTION_BLOCKS
from lms.content.questions.body import Body, Item, Sign, read_body
from lms.content.source import Diagnostics, normalize_source
from lms.content.understand_stage import KEYS

_NO_WORD = {
    "ordering": "GIFT không có câu sắp xếp thứ tự.",
    "poll": "GIFT không có câu thăm dò.",
}
_SIGNS: dict[str, Sign] = {"choice": "-", "typed": "=", "matching": "-"}


@dataclass(frozen=True, slots=True)
class GiftFile:
    """``left_out`` are the questions that GIFT cannot say, at their lines of hieu.md; ``count`` is of those it says."""

    text: str
    count: int
    left_out: tuple[BankFinding, ...]
    has_extras: bool  # comments that only our import reads


def write_gift(text: str, understand: Understand) -> GiftFile:
    """The questions of a hieu.md, whose ``text`` was read as ``understand``."""
    source, diagnostics = normalize_source(text, understand.path)
    body_start = read_front_matter(source, diagnostics, KEYS).body
    parts = split_blocks(diagnostics, body_start)
    blocks = [part for part in parts if isinstance(part, Block) and part.name in QUESTION_BLOCKS]
    entries: list[str] = []
    left_out: list[BankFinding] = []
    has_extras = False
    for block, question in zip(blocks, understand.questions, strict=True):
        entry, trouble = _entry(diagnostics, block, question)
        if trouble:
            left_out.append(BankFinding(question.line, trouble, is_refusal=True))
            continue
        entries.append(entry)
        has_extras |= entry.startswith(EXTRA)
    head = [f"// {' '.join(understand.name.split())}"]
    head += [f"// Dòng {finding.line} của hieu.md không có ở đây: {finding.message}" for finding in left_out]
    return GiftFile("\n".join(head) + "\n\n" + "\n".join(entries), len(entries), tuple(left_out), has_extras)


def _entry(diagnostics: Diagnostics, block: Block, question: Question) -> tuple[str, str]:
    """The text of one question, or why GIFT cannot say it."""
    if question.kind in _NO_WORD:
        return "", _NO_WORD[question.kind]
    body = read_body(diagnostics, block, _SIGNS[question.kind], with_feedback=question.kind == "choice")
    if isinstance(question, Choice):
        answers = _options(question, body)
    elif isinstance(question, Matching):
        answers, trouble = _pairs(body)
        if trouble:
            return "", trouble
    elif isinstance(question, Typed):
        answers, trouble = _answers(question)
        if trouble:
            return "", trouble
    else:
        return "", "GIFT không có kiểu câu này."
    prompt = "\n".join(body.prompt).strip()
    if not prompt and isinstance(question, Matching):
        prompt = "Ghép từng cặp cho đúng."
    extras = [KEEP_ORDER] * ("keep-order" in block.options) + [EXACT_MARKS] * ("exact-marks" in block.options)
    extras += [f"{HINT}{escape(hint.text)}" for hint in body.hints]
    comments = "".join(f"{EXTRA}{extra}\n" for extra in extras)
    return f"{comments}[markdown]{escape(prompt)} {{\n" + "\n".join(answers) + "\n}\n", ""


def _options(question: Choice, body: Body) -> Sequence[str]:
    items = [item for item in body.items if item.text]
    count = sum(option.right for option in question.options)
    share = f"{Decimal(100) / count:.5f}".rstrip("0").rstrip(".") if count else "0"
    lines: list[str] = []
    for option, item in zip(question.options, items, strict=True):
        sign = ("=" if option.right else "~") if count == 1 else f"~%{share if option.right else '-100'}%"
        feedback = f"#{escape(item.feedback.text)}" if item.feedback and item.feedback.text else ""
        lines.append(f"\t{sign}{escape(_label(item))}{feedback}")
    return lines


def _label(item: Item) -> str:
    """The text of an option without its box; a "+" is no part of it."""
    text = item.text
    return text[3:].strip() if text[:1] == "[" and text[2:3] == "]" else text


def _pairs(body: Body) -> tuple[list[str], str]:
    lines: list[str] = []
    for item in body.items:
        left, _, right = item.text.partition(" = ")
        if "->" in left:
            return [], "Vế trái có dấu ->, mà GIFT dùng dấu ấy để chia hai vế."
        lines.append(f"\t={escape(left.strip())} -> {escape(right.strip())}")
    return lines, ""


def _answers(question: Typed) -> tuple[list[str], str]:
    if any("*" in answer for answer in question.answers):
        return [], "Câu trả lời có dấu *, mà trong GIFT dấu ấy thay cho chữ nào cũng được."
    if any("->" in answer for answer in question.answers):
        return [], "Câu trả lời có dấu ->, mà GIFT dùng dấu ấy để ghép cặp."
    if question.ranges and question.answers:
        return [], "GIFT không nhận khoảng số và câu chữ trong cùng một câu."
    if question.ranges:
        return ["\t#", *(f"\t={low:f}..{high:f}" for low, high in question.ranges)], ""
    return [f"\t={escape(answer)}" for answer in question.answers], ""
