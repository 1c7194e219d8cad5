"""Questions read from their blocks in a lesson's text, and their right options."""

from __future__ import annotations

from lms.content.model import Choice, Question
from lms.content.understand_stage import read_understand


def question(block: str):
    understand, problems = read_understand(f"---\ntên: Bài\nphút: 5\n---\n{block}\n", "hieu.md")
    assert understand is not None, problems
    return understand.questions[0]


def right_options(question: Question) -> list[bool]:
    assert isinstance(question, Choice)
    return [option.right for option in question.options]
