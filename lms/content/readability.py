"""What makes a text hard to read: sentences that are too long, headings that jump."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lms.content.outline import Heading, Running, spot
from lms.content.source import Report

LONGEST_SENTENCE = 20  # words, that is runs between spaces that hold a letter or a digit

_END = re.compile(r"[.!?…]+[\"'”’»)\]*_]*(?=\s|$)")
_ADDRESS = re.compile(r"\]\([^)\n]*\)|<[a-z][a-z0-9+.-]*://[^>\s]*>", re.IGNORECASE)
_ORDINAL = re.compile(r"(?:^|\s)(?:\d{1,3}|[A-ZĐ]{1,2}|v\.v|TP|Tp)\.\Z")  # a full stop that ends no sentence


def check_sentences(report: Report, running: Running) -> None:
    """Warn at the beginning of every sentence that is too long."""
    text = _ADDRESS.sub(lambda found: " " * len(found[0]), "\n".join(running.lines))
    for start, end in _sentences(text):
        words = text[start:end].split()
        if len(words) > LONGEST_SENTENCE and _count(words) > LONGEST_SENTENCE:
            message = (
                f"Câu này dài {_count(words)} chữ; bác tách thành câu ngắn, mỗi câu nhiều nhất {LONGEST_SENTENCE} chữ."
            )
            report.warning("long-sentence", message, *spot(running, start))


def _count(words: list[str]) -> int:
    return sum(any(char.isalnum() for char in word) for word in words)


def check_text(report: Report, text: str, line: int, column: int) -> None:
    """The same for one line's text that begins at that place."""
    check_sentences(report, Running((text,), ((line, column),)))


def check_heading_jumps(report: Report, headings: Iterable[Heading], level: int = 1) -> None:
    """Warn at every heading that is more than one level below the one before it; ``level`` is the one before all.

    The page's name is level 1, so a second ``#`` in the text is out of step as well.
    """
    for heading in headings:
        if heading.level > level + 1 or heading.level == 1:
            meant = "#" * (level + 1 if heading.level > 1 else 2)
            message = f"Dùng {meant} cho tiêu đề này: các cấp tiêu đề đi lần lượt, và # dành cho tên bài ở đầu tệp."
            report.warning("heading-jump", message, heading.line, heading.column, f"{meant} {heading.title}")
        level = max(heading.level, 2)


def _sentences(text: str) -> list[tuple[int, int]]:
    sentences = []
    start = 0
    for end in _END.finditer(text):
        if end[0] == "." and _ORDINAL.search(text, start, end.end()):
            continue
        sentences.append((start, end.end()))
        start = end.end()
    sentences.append((start, len(text)))
    return [(start + len(text[start:end]) - len(text[start:end].lstrip()), end) for start, end in sentences]
