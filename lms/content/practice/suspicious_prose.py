"""Warn of prose in lam.md that looks like a hint, a sub-line, a widget or the rest of a sentence."""

from __future__ import annotations

from lms.content.practice.arrows import find_arrow
from lms.content.practice.vocabulary import QUOTES, SUB_LINES
from lms.content.practice.widget_prefix import match_widget_prefix
from lms.content.practice.widget_syntax import mask_of_quoted_characters
from lms.content.source import Diagnostics, ascii_punctuation


def warn_of_cut_line(diagnostics: Diagnostics, line: int, typed: str, *, is_below_quote: bool) -> None:
    """Warn of prose right below a widget or quote that goes on with its sentence, or is a hint without ``>``."""
    word, colon, _ = typed.partition(":")
    if colon and is_below_quote and QUOTES.find(word) is not None:
        message = f"Dòng này hiện ra như chữ thường; thêm dấu > ở đầu: “> {typed.strip()}”."
        diagnostics.warning("hint-place", message, line, 0, f"> {typed.strip()}")
    elif colon and not is_below_quote and SUB_LINES.find(word) is not None:
        message = "Dòng này hiện ra như chữ thường; là dòng phụ thì lùi vào hai dấu cách, thêm dấu - ở đầu."
        diagnostics.warning("sub-indent", message, line, 0, f"  - {typed.strip()}")
    elif typed[:1].islower():
        message = "Dòng này hiện ra như chữ thường; nối tiếp dòng trên thì viết vào cuối dòng ấy."
        diagnostics.warning("continued-line", message, line)


def warn_of_lost_hint(diagnostics: Diagnostics, line: int, column: int) -> None:
    message = "Dòng này hiện ra như chữ thường; là gợi ý thì viết ngay dưới một dòng > ."
    diagnostics.warning("hint-place", message, line, column)


def warn_of_lost_widget(diagnostics: Diagnostics, line: int, start: int, column: int) -> None:
    """Warn of ``nút: Gửi => …`` that begins at ``start``, after a list mark if there is one, where no widget can be."""
    typed = diagnostics.source.lines[line]
    head = match_widget_prefix(ascii_punctuation(typed), line, start)
    arrow = find_arrow(typed, mask_of_quoted_characters(typed), head.end) if head else None
    if arrow and typed[arrow.end :].strip():
        message = "Dòng này hiện ra như chữ thường; là một thứ trên màn hình thì viết dưới dòng ## , sau “- ”."
        diagnostics.warning("lost-widget", message, line, column, "- ")
