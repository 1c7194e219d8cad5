"""The names of the checker's rules, found in the source of ``lms.content``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "lms" / "content"
LEVELS = {"error", "warning", "advice"}
# The functions that report problems, with the position of the rule among their arguments.
REPORTERS = {"error": 0, "warning": 0, "_error": 0, "_value_error": 0, "_report_missing": 0, "_at_heading": 0} | {
    "advise": 0, "add_at_file_position": 1, "_folder_problem": 1, "_file_problem": 1, "_find_word": 3, "Problem": 4,
}  # fmt: skip


def rules_in_the_code() -> set[str]:
    modules = [ast.parse(path.read_text("utf-8")) for path in SOURCE.rglob("*.py")]
    return {rule for module in modules for rule in _rules(module)}


def _rules(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if ast.unparse(node.func).startswith("log."):
                continue  # told to operators, not to authors
            place = REPORTERS.get(name)
            if place is not None and len(node.args) > place:
                yield from _words(node.args[place])
        elif isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "_REQUIRED_ATTRIBUTES":
            for row in ast.literal_eval(node.value):
                yield row[2]
        elif isinstance(node, ast.Tuple) and len(node.elts) > 1:  # rows of a table: level, rule, …
            level, rule = node.elts[:2]
            if isinstance(level, ast.Constant) and level.value in LEVELS and ast.unparse(rule).strip("'") not in LEVELS:
                yield from _words(rule)


def _words(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        assert ast.unparse(node) == "f'long-{code}'", "a rule's name is a literal, so that it can be found"
        yield from ("long-task", "long-hint")
