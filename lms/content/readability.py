"""Readability checks: long sentences and skipped heading levels."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lms.content.front_matter import FrontMatter
from lms.content.markdown.outline import Heading, TextRun, locate
from lms.content.source import Diagnostics

MAX_SENTENCE_WORDS = 20  # whitespace-separated runs with at least one letter or digit

_END = re.compile(r"[.!?…]+[\"'”’»)\]*_]*(?=\s|$)")
_URL = re.compile(r"\]\([^)\n]*\)|<[a-z][a-z0-9+.-]*://[^>\s]*>", re.IGNORECASE)
_ABBREVIATION = re.compile(r"(?:^|\s)(?:\d{1,3}|[A-ZĐ]{1,2}|v\.v|TP|Tp)\.\Z")  # its full stop does not end a sentence


def check_sentences(diagnostics: Diagnostics, text_run: TextRun) -> None:
    """Warn about every sentence that is too long, at its beginning."""
    text = "\n".join(text_run.lines)
    if len(text) < 2 * MAX_SENTENCE_WORDS:  # too short for so many words
        return
    if "](" in text or "<" in text:
        text = _URL.sub(lambda match: " " * len(match[0]), text)
    if len(text.split()) <= MAX_SENTENCE_WORDS:
        return
    for start, end in _sentences(text):
        words = text[start:end].split()
        if len(words) > MAX_SENTENCE_WORDS and _count_words(words) > MAX_SENTENCE_WORDS:
            limit = f"mỗi câu nhiều nhất {MAX_SENTENCE_WORDS} chữ"
            message = f"Câu này dài {_count_words(words)} chữ; bác tách thành câu ngắn, {limit}."
            diagnostics.warning("long-sentence", message, *locate(text_run, start))


def _count_words(words: list[str]) -> int:
    return sum(any(char.isalnum() for char in word) for word in words)


def check_text(diagnostics: Diagnostics, text: str, line: int, column: int) -> None:
    """Check the sentences of a single line that begins at that position."""
    check_sentences(diagnostics, TextRun((text,), ((line, column),)))


def check_front_matter_texts(diagnostics: Diagnostics, front_matter: FrontMatter, *codes: str) -> None:
    """Warn about long sentences in the front matter's texts for learners."""
    for code in codes:
        for value in front_matter.values.get(code, ()):
            check_text(diagnostics, value.text, value.line, value.column)


def check_heading_jumps(diagnostics: Diagnostics, headings: Iterable[Heading], level: int = 1) -> None:
    """Warn about every heading more than one level below the previous one; ``level`` is that of the page's title.

    A ``#`` heading is reported as well: level 1 is the page's title.
    """
    for heading in headings:
        if heading.level > level + 1 or heading.level == 1:
            meant = "#" * (level + 1 if heading.level > 1 else 2)
            message = f"Dùng {meant} cho tiêu đề này: các cấp tiêu đề đi lần lượt, và # dành cho tên bài ở đầu tệp."
            diagnostics.warning("heading-jump", message, heading.line, heading.column, f"{meant} {heading.title}")
        level = max(heading.level, 2)


def _sentences(text: str) -> list[tuple[int, int]]:
    sentences: list[tuple[int, int]] = []
    start = 0
    for end in _END.finditer(text):
        if end[0] == "." and _ABBREVIATION.search(text, start, end.end()):
            continue
        sentences.append((start, end.end()))
        start = end.end()
    sentences.append((start, len(text)))
    return [(start + len(text[start:end]) - len(text[start:end].lstrip()), end) for start, end in sentences]
