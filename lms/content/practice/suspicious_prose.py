"""Warn of prose in lam.md that looks like a hint, a sub-line or the rest of a sentence."""

from __future__ import annotations

from lms.content.practice.vocabulary import QUOTES, SUB_LINES
from lms.content.source import Diagnostics


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
