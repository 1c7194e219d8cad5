"""Put question blocks into a hieu.md, after the questions that it has; nothing of it is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lms.content.blocks import Block, split_blocks
from lms.content.files import MAX_BYTES
from lms.content.front_matter import read_front_matter
from lms.content.model import Question, Understand
from lms.content.problems import Problem
from lms.content.question_bank.bank_question import Bank, BankFinding
from lms.content.question_bank.question_blocks import QuestionBlock, write_block
from lms.content.questions import QUESTION_BLOCKS
from lms.content.source import normalize_source
from lms.content.understand_stage import KEYS, read_understand


class CannotAddQuestions(Exception):
    """The blocks cannot be put into this file; the message is a Vietnamese sentence.

    ``problem``: the error of the file that the message ends with, which names the file.
    """

    def __init__(self, sentence: str, problem: Problem | None = None) -> None:
        super().__init__(f"{sentence} {problem}" if problem else sentence)
        self.sentence, self.problem = sentence, problem


def blocks_for_lesson(
    bank: Bank, understand: Understand, folder: Path
) -> tuple[list[QuestionBlock], list[BankFinding]]:
    """The blocks of the questions that the lesson does not have yet, and all findings in the order of their lines."""
    findings = list(bank.findings)
    blocks: list[QuestionBlock] = []
    known = [_comparable(question) for question in understand.questions]
    for bank_question in bank.questions:
        block = write_block(bank_question, folder)
        if isinstance(block, BankFinding):
            findings.append(block)
        elif _comparable(block.question) in known:
            findings.append(BankFinding(block.line, "Bài đã có đúng câu này rồi, nên không thêm nữa."))
        else:
            known.append(_comparable(block.question))
            blocks.append(block)
    return blocks, sorted(findings, key=lambda finding: finding.line)


def blocks_new_to_lesson(blocks: Sequence[QuestionBlock], understand: Understand) -> list[QuestionBlock]:
    """Those whose question the lesson does not have yet, each once."""
    known = [_comparable(question) for question in understand.questions]
    kept: list[QuestionBlock] = []
    for block in blocks:
        if _comparable(block.question) not in known:
            known.append(_comparable(block.question))
            kept.append(block)
    return kept


def read_lesson(text: str, path: Path) -> Understand:
    """The hieu.md as it is.

    Raises:
        CannotAddQuestions: it has errors, so that nobody could say whether the new questions bring some.
    """
    understand, problems = read_understand(text, str(path), folder=path.parent)
    if understand is None:
        raise CannotAddQuestions("Bài đang có lỗi, bác sửa trước đã.", _first_error(problems))
    return understand


def add_blocks(text: str, path: Path, blocks: Sequence[QuestionBlock]) -> str:
    """The text of hieu.md with the blocks after its last question, or at its end; with its own line endings.

    Raises:
        CannotAddQuestions: the result would be no lesson, or too large.
    """
    before = read_lesson(text, path)
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.split("\n")
    place = _line_after_questions(text, str(path))
    if place < len(lines):
        head, tail = "\n".join(lines[:place]) + "\n", "\n".join(lines[place:])
    else:
        head, tail = text if text.endswith("\n") else text + newline, ""
    added = "".join(f"\n{block.markdown}\n" for block in blocks).replace("\n", newline)
    gap = newline if tail and not tail.startswith(newline) else ""
    result = head + added + gap + tail
    if len(result.encode()) > MAX_BYTES:
        raise CannotAddQuestions(
            f"Thêm các câu này thì hieu.md lớn hơn {MAX_BYTES // 1000} KB; bác chia sang bài khác."
        )
    after, problems = read_understand(result, str(path), folder=path.parent)
    if after is None:
        raise CannotAddQuestions("Thêm các câu này thì bài có lỗi, nên chưa ghi.", _first_error(problems))
    if len(after.questions) != len(before.questions) + len(blocks):
        raise CannotAddQuestions("Các câu này không đứng riêng được trong bài, nên chưa ghi.")
    return result


def _line_after_questions(text: str, path: str) -> int:
    """The number of lines up to the end of the last question; all lines if there is none."""
    source, diagnostics = normalize_source(text, path)
    parts = split_blocks(diagnostics, read_front_matter(source, diagnostics, KEYS).body)
    ends = [part.end for part in parts if isinstance(part, Block) and part.name in QUESTION_BLOCKS]
    return source.position(ends[-1])[0] if ends else len(text.split("\n"))


def _comparable(question: Question) -> Question:
    return replace(question, line=0)


def _first_error(problems: Sequence[Problem]) -> Problem | None:
    return next((problem for problem in problems if problem.level == "error"), None)
