"""Report lines of a storyboard whose keyword is missing or mistyped, with the keyword that was probably meant."""

from __future__ import annotations

import re

from lms.content.fuzzy_matching import Vocabulary, normalize_word
from lms.content.practice.syntax_tree import TextSpan
from lms.content.practice.vocabulary import QUOTES, ROLES, SUB_LINES
from lms.content.source import Diagnostics

_MISTYPED_COLON = re.compile(r"\s*([^;.,=:]+?)\s*([;.,=])")  # typed in place of a colon
_HEAD_WORDS = re.compile(r"\s*(?P<word>[^\[\](){}:=<>\"]+?)\s*(?:\([^()]*\)\s*)?:")  # "nutt:", "bấm (2):"
_MAX_ROLE_WORDS = 3
_COLON = "Sau “{}” gõ dấu hai chấm, không phải dấu {}"


def report_unknown_quote(diagnostics: Diagnostics, line: int, word: str, has_colon: bool, column: int) -> None:
    """Report ``> word: …`` that begins with no keyword of a quote; without a colon ``word`` is the whole text."""
    keyword = QUOTES.match_prefix(word.split())[0] if not has_colon else None
    sign = _mistyped_colon(QUOTES, word)
    if sign:
        diagnostics.error("unknown-quote", _COLON.format(*sign), line, column, f"{sign[0]}:")
        return
    if keyword:
        message = f"Thêm dấu hai chấm sau “{QUOTES.spelling(keyword)}”."
        diagnostics.error("unknown-quote", message, line, column, f"{QUOTES.spelling(keyword)}:")
        return
    near = QUOTES.nearest(word if has_colon else " ".join(word.split()[:2]) or "Việc")
    message = f"Bắt đầu dòng > bằng Việc, Gợi ý, Vì sao, Lạc hoặc Nói rồi dấu hai chấm; gần nhất là “{near}:”."
    diagnostics.error("unknown-quote", message, line, column, near if has_colon else f"{near}:")


def report_unknown_role(diagnostics: Diagnostics, typed_role: TextSpan, opening: int) -> None:
    """Report ``[word]`` or ``word:`` that is no role; an empty one is reported at the column ``opening``."""
    if not typed_role.text or normalize_word(typed_role.text) == "x":
        message = "Viết vai trong ngoặc vuông, như [nút] hoặc [ô số]; ô đánh dấu không dùng ở đây."
        diagnostics.error("unknown-role", message, typed_role.line, opening, "nút")
        return
    near = ROLES.nearest(typed_role.text)
    message = f"Máy không biết từ “{typed_role.text}”; có phải bác muốn viết “{near}”?"
    if not ROLES.resembles(typed_role.text):
        roles = ", ".join(ROLES.spelling(role) for role in ROLES)
        message = f"Máy không biết từ “{typed_role.text}”; chọn một trong các từ này: {roles}."
    diagnostics.error("unknown-role", message, typed_role.line, typed_role.column, near)


def report_item_without_role(
    diagnostics: Diagnostics, line: int, body: str, mark: int, start: int, *, has_arrow: bool
) -> None:
    """Report ``- body``, whose list mark is at the column ``mark`` and whose body begins at ``start``."""
    words = re.sub(r"[][(){}]", " ", body)
    words = re.sub(r"(?<=\w)[;.,=:](?=\s)", " ", words, count=1).split()
    code, _ = ROLES.match_prefix(words[:_MAX_ROLE_WORDS])
    if code and "]" not in body.split(":")[0]:
        column = start + len(body) - len(body.lstrip())
        role = f"[{ROLES.spelling(code)}]"
        message = f"Viết vai trong ngoặc vuông, như - {role} Nhãn."
        diagnostics.error("item-without-role", message, line, column, role)
        return
    unknown = _HEAD_WORDS.match(body)
    if unknown and len(unknown["word"].split()) <= _MAX_ROLE_WORDS and (has_arrow or ROLES.resembles(unknown["word"])):
        report_unknown_role(diagnostics, TextSpan(unknown["word"], line, start + unknown.start("word")), start)
        return
    near = f"[{ROLES.spelling(code or 'label')}]"
    message = f"Thêm vai sau dấu - , như - {near} …; đoạn văn thì không bắt đầu bằng dấu - ."
    diagnostics.error("item-without-role", message, line, mark, near)


def report_unknown_sub_line(diagnostics: Diagnostics, line: int, word: str, has_colon: bool, column: int) -> str | None:
    """Report ``- word: …`` that begins with no keyword of a sub-line; returns the sub-line that was probably meant."""
    sign = _mistyped_colon(SUB_LINES, word)
    first = SUB_LINES.match_prefix(word.split()[:2])[0] if not has_colon else None
    if sign:
        near, message = sign[0], _COLON.format(*sign)
    elif first:
        near = SUB_LINES.spelling(first)
        message = f"Thêm dấu hai chấm sau “{near}”."
    else:
        near = SUB_LINES.nearest(word if has_colon else " ".join(word.split()[:2]) or "sai")
        message = (
            "Bắt đầu dòng phụ bằng sai, báo, nội dung, chí tử, mô tả, phụ hoặc giờ rồi dấu hai chấm; "
            f"gần nhất là “{near}:”."
        )
    diagnostics.error("unknown-sub", message, line, column, near if has_colon and not sign else f"{near}:")
    return SUB_LINES.find(near)


def _mistyped_colon(vocabulary: Vocabulary[str], typed: str) -> tuple[str, str] | None:
    """A keyword and the sign that follows it in place of a colon; None if the text does not start like this."""
    match = _MISTYPED_COLON.match(typed)
    code = vocabulary.find(match[1]) if match else None
    return (vocabulary.spelling(code), match[2]) if match and code else None
