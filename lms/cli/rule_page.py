"""``lms check --explain``: a rule of the checker as text, and the line that names the command."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from lms.content.problems import LEVEL_WORDS, Problem

WIDTH = 88  # columns
RULES_URL = "/soan/quy-tac"


def rule_page(rule: str) -> str:
    """The page of a rule that exists."""
    from lms.content.rule_guide import rule_texts
    from lms.content.rule_guide.examples import example_problem

    text, found = rule_texts()[rule], example_problem(rule)
    lines = [text.rule, text.title, "", *textwrap.wrap(text.explanation, WIDTH)]
    if text.bad:
        lines += ["", "Chưa đúng:", *_indent(text.bad)]
    if found:
        lines += [
            "",
            f"Máy nói, {LEVEL_WORDS[found.level]}:",
            *_indent("\n".join(textwrap.wrap(found.sentence, WIDTH))),
        ]
    if text.good:
        lines += ["", "Đúng:", *_indent(text.good)]
    return "\n".join(lines)


def unknown_rule_message(typed: str) -> str:
    """What to say of a rule that does not exist."""
    from lms.content.rule_guide import nearest_rule

    return f"Không có quy tắc “{typed}”; có phải bác muốn gõ: lms check --explain {nearest_rule(typed)}"


def rule_page_hint(problems: Iterable[Problem]) -> str | None:
    """A sentence on how to read about the rules of these problems, with the first one as its example."""
    rules = list(dict.fromkeys(problem.rule for problem in sorted(problems, key=lambda one: one.level != "error")))
    return f"Vì sao, và ví dụ: lms check --explain {rules[0]}" if rules else None


def _indent(text: str) -> list[str]:
    return [f"    {line}".rstrip() for line in text.split("\n")]
