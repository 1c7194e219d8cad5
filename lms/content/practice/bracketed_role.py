"""Read the role in brackets that a widget's line begins with: ``[nút]``."""

from __future__ import annotations

from dataclasses import dataclass

from lms.content.model import Role
from lms.content.practice.line_patterns import ROLE
from lms.content.practice.mistyped_lines import report_unknown_role
from lms.content.practice.syntax_tree import TextSpan
from lms.content.practice.vocabulary import ROLES
from lms.content.source import Diagnostics, ascii_punctuation


@dataclass(frozen=True, slots=True)
class BracketedRole:
    """``role`` is None if it is unknown, which was reported; ``end``: the column behind the bracket."""

    role: Role | None
    typed: TextSpan
    end: int


def read_bracketed_role(diagnostics: Diagnostics, index: int, opening: int) -> BracketedRole | None:
    """The role whose bracket is at ``opening`` of a line; None if the bracket is not closed, which is reported."""
    typed = diagnostics.source.lines[index]
    match = ROLE.match(ascii_punctuation(typed), opening)
    if match is None:
        diagnostics.error("role-open", "Khép vai bằng dấu ], như [nút].", index, opening, "]")
        return None
    diagnostics.check_punctuation(index, opening, opening + 1)
    diagnostics.check_punctuation(index, match.end() - 1, match.end())
    typed_role = TextSpan.stripped(typed[match.start(1) : match.end(1)], index, match.start(1))
    role, end = ROLES.find(typed_role.text), match.end()
    if role is None:
        report_unknown_role(diagnostics, typed_role, opening)
    if typed[end : end + 1].strip():
        diagnostics.error("role-space", "Để một dấu cách sau dấu ] .", index, end, "] ")
    return BracketedRole(role, typed_role, end)
