"""Apply the safe remedies of the checker to a file's text: ``lms check --fix``.

An edit is kept only if the file, checked again, has fewer problems and none that it did not have. So a fix never makes
a file worse, the loop ends, and a second run finds nothing more to do. A BOM and the line endings stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lms.content.autofix.edits import FIXABLE_RULES, Edit, possible_edits
from lms.content.problems import Problem
from lms.content.source import ascii_punctuation

__all__ = ["FIXABLE_RULES", "Edit", "FixedText", "fix_problem", "fix_text", "has_remedy"]

Check = Callable[[str], Sequence[Problem]]
_WORDS_WITH_TWO_MEANINGS = frozenset({"near-arrow"})  # several edits may be right: then none is made
_MAX_EDITS = 400  # in one file; each is checked


@dataclass(frozen=True, slots=True)
class FixedText:
    """A file's text after the safe remedies, and the problems that these removed and left."""

    text: str
    removed: tuple[Problem, ...]
    left: tuple[Problem, ...]


def fix_text(text: str, check: Check) -> FixedText:
    """Apply every safe remedy. ``check`` returns the problems of a text in the place of the file."""
    before = problems = tuple(check(text))
    for _ in range(_MAX_EDITS):
        step = _fix_rule(text, problems, check) or _fix_one(text, problems, check)
        if step is None:
            break
        text, problems = step
    left = Counter(problem.rule for problem in problems)
    removed: list[Problem] = []
    for problem in reversed(before):
        if left[problem.rule]:
            left[problem.rule] -= 1
        else:
            removed.append(problem)
    return FixedText(text, tuple(reversed(removed)), problems)


def has_remedy(problem: Problem, text: str) -> bool:
    """Whether an edit may remove the problem; ``fix_problem`` tries it."""
    edits = possible_edits(problem, _lines(text))
    return len(edits) == 1 or (len(edits) > 1 and problem.rule not in _WORDS_WITH_TWO_MEANINGS)


def fix_problem(text: str, rule: str, line: int, check: Check) -> str | None:
    """The text without the first problem of this rule at this line; None if it is not there, or has no safe remedy."""
    problems = tuple(check(text))
    for problem in problems:
        if (problem.rule, problem.line) == (rule, line):
            step = _fix(text, problem, problems, check)
            return step[0] if step else None
    return None


def _fix_rule(text: str, problems: Sequence[Problem], check: Check) -> tuple[str, tuple[Problem, ...]] | None:
    """Fix all problems of one rule at once: a file with a hundred of them is checked once, not a hundred times."""
    lines = _lines(text)
    for rule in dict.fromkeys(problem.rule for problem in problems):
        if rule == "telex-brackets":  # reported once a file, for all its lines
            [first] = [problem for problem in problems if problem.rule == rule]
            edits = [edit for number in range(1, len(lines) + 1) for edit in possible_edits(_at(first, number), lines)]
        else:
            options = [possible_edits(problem, lines) for problem in problems if problem.rule == rule]
            edits = [option[0] for option in options if len(option) == 1]
        edits = list({edit.line: edit for edit in edits}.values())
        if len(edits) > 1 or (edits and rule == "telex-brackets"):
            step = _checked(text, edits, problems, check)
            if step:
                return step
    return None


def _fix_one(text: str, problems: Sequence[Problem], check: Check) -> tuple[str, tuple[Problem, ...]] | None:
    steps = (_fix(text, problem, problems, check) for problem in problems)
    return next((step for step in steps if step), None)


def _fix(
    text: str, problem: Problem, problems: Sequence[Problem], check: Check
) -> tuple[str, tuple[Problem, ...]] | None:
    options = possible_edits(problem, _lines(text))
    steps = [step for edit in options if (step := _checked(text, [edit], problems, check))]
    return steps[0] if steps and (len(steps) == 1 or problem.rule not in _WORDS_WITH_TWO_MEANINGS) else None


def _checked(
    text: str, edits: Sequence[Edit], before: Sequence[Problem], check: Check
) -> tuple[str, tuple[Problem, ...]] | None:
    """The edited text with its problems if it is better than before: fewer of some kind, more of none.

    A line is told of its first typographic sign only, so one sign less is better, too.
    """
    edited = _applied(text, edits)
    after = tuple(check(edited))
    counted, earlier = _counted(after), _counted(before)
    if counted - earlier:
        return None
    is_better = counted != earlier or _typographic_signs(edited) < _typographic_signs(text)
    return (edited, after) if is_better else None


def _typographic_signs(text: str) -> int:
    return sum(meant != typed for typed, meant in zip(text, ascii_punctuation(text), strict=True))


def _counted(problems: Sequence[Problem]) -> Counter[tuple[str, str]]:
    return Counter((problem.level, problem.rule) for problem in problems)


def _lines(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.split("\n")]


def _applied(text: str, edits: Sequence[Edit]) -> str:
    lines = text.split("\n")
    for edit in edits:
        ending = "\r" if lines[edit.line - 1].endswith("\r") else ""
        lines[edit.line - 1] = edit.text.replace("\n", f"{ending}\n") + ending
    return "\n".join(lines)


def _at(problem: Problem, line: int) -> Problem:
    return Problem(problem.path, line, 1, problem.level, problem.rule, problem.message, problem.suggestion)
