"""Write questions of other programs as blocks of hieu.md, and prove that our reader reads from them what was meant."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path

from lms.content.markdown.escape import escape_line, escape_markdown
from lms.content.model import Choice, Matching, Question, Typed
from lms.content.problems import has_errors
from lms.content.question_bank.bank_question import BankFinding, BankQuestion, BankText
from lms.content.question_bank.gift_reader import decimal_text
from lms.content.understand_stage import read_understand

_TAG = re.compile(r"<[^>]*>")
_FRONT_MATTER = "---\ntên: Câu nhập\nphút: 1\n---\n\n"


@dataclass(frozen=True, slots=True)
class QuestionBlock:
    """``markdown`` is the block, without a final newline; ``question`` is what our reader makes of it."""

    line: int  # in the file that it came from
    markdown: str
    question: Question


def write_block(bank_question: BankQuestion, folder: Path | None = None) -> QuestionBlock | BankFinding:
    """The block of one question, or why it cannot be one. ``folder`` is the lesson's, for pictures and links."""
    question_line = bank_question.line
    if len(bank_question.options) == 1:
        return _refuse(question_line, "Câu này mới có một lựa chọn; cần ít nhất hai.")
    if bank_question.pairs and len(bank_question.pairs) < 2:
        return _refuse(question_line, "Câu này mới có một cặp; cần ít nhất hai.")
    markdown = _markdown(bank_question)
    understand, problems = read_understand(f"{_FRONT_MATTER}{markdown}\n", "hieu.md", folder=folder)
    error = next((problem for problem in problems if problem.level == "error"), None)
    if understand is None or error is not None:
        return _refuse(question_line, f"Câu này chưa hợp với trang: {error.sentence if error else ''}")
    parts = [part for section in understand.sections for part in section.parts]
    if len(parts) != 1 or not isinstance(parts[0], Question) or not _is_same_question(parts[0], bank_question):
        return _refuse(question_line, "Câu này có dấu mà trang hiểu thành chuyện khác; bác tự soạn lại câu này.")
    return QuestionBlock(question_line, markdown, parts[0])


def read_block(markdown: str, folder: Path | None = None) -> QuestionBlock | None:
    """A block as ``write_block`` made it, read again; None if the text is not one question without errors."""
    text = markdown.strip()
    understand, problems = read_understand(f"{_FRONT_MATTER}{text}\n", "hieu.md", folder=folder)
    if understand is None or has_errors(problems):
        return None
    sections = understand.sections
    if len(sections) != 1 or len(sections[0].parts) != 1 or not text.endswith(":::"):
        return None
    [part] = sections[0].parts
    return QuestionBlock(0, text, part) if isinstance(part, Question) else None


def _refuse(line: int, message: str) -> BankFinding:
    return BankFinding(line, message, is_refusal=True)


def _markdown(question: BankQuestion) -> str:
    name = "ghép" if question.pairs else "hỏi"
    options = " giữ thứ tự" * question.keep_order
    lines = [f"::: {name}{options}", *_prompt_lines(question.prompt)]
    for option in question.options:
        lines.append(f"- [{'x' if option.right else ' '}] {_inline(option.text)}")
        if option.feedback is not None:
            lines.append(f"  > {_inline(option.feedback)}")
    lines += [f"- {_inline(left)} = {_inline(right)}" for left, right in question.pairs]
    lines += [f"= {answer}" for answer in question.answers]
    lines += [f"= {decimal_text(low)}..{decimal_text(high)}" for low, high in question.ranges]
    lines += [f"? {hint}" for hint in question.hints]
    return "\n".join([*lines, ":::"])


def _prompt_lines(prompt: BankText) -> list[str]:
    lines = prompt.text.strip().split("\n")
    if prompt.format == "markdown":
        return [line.rstrip() for line in lines]
    return [escape_line(line.strip()) for line in lines]


def _inline(text: BankText) -> str:
    joined = " ".join(text.text.split())
    return joined if text.format == "markdown" else escape_markdown(joined)


# --- what our reader made of it ---------------------------------------------------------------------------------------


def _is_same_question(read: Question, meant: BankQuestion) -> bool:
    if not _is_same_text(read.prompt, meant.prompt):
        return False
    if isinstance(read, Choice):
        return len(read.options) == len(meant.options) and all(
            option.right == wanted.right
            and _is_same_text(option.text, wanted.text)
            and _is_same_text(option.feedback or "", wanted.feedback or BankText(""))
            for option, wanted in zip(read.options, meant.options, strict=True)
        )
    if isinstance(read, Matching):
        return len(read.pairs) == len(meant.pairs) and all(
            _is_same_text(pair.left.text, left) and _is_same_text(pair.right.text, right)
            for pair, (left, right) in zip(read.pairs, meant.pairs, strict=True)
        )
    return isinstance(read, Typed) and list(read.answers) == meant.answers and list(read.ranges) == meant.ranges


def _is_same_text(shown: str, meant: BankText) -> bool:
    """Whether the page shows a plain text as it was meant. Markdown says itself what it means."""
    if meant.format == "markdown":
        return True
    return "".join(html.unescape(_TAG.sub("", shown)).split()) == "".join(meant.text.split())
