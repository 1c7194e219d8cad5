"""The front matter key ``nháp``: a lesson or a course that is still being written, and that no learner sees."""

from __future__ import annotations

from pathlib import Path

from lms.content.files import read_text
from lms.content.front_matter import FrontMatter, read_front_matter
from lms.content.front_matter_keys import Key
from lms.content.fuzzy_matching import Vocabulary
from lms.content.source import Diagnostics, normalize_source

KEY = Key("draft", ("nháp", "draft"))
LINE = "nháp: có"  # as an author writes it

_ANSWERS = Vocabulary({"yes": ("có", "yes"), "no": ("không", "no")})


def read_draft_flag(front_matter: FrontMatter, diagnostics: Diagnostics) -> bool:
    """Whether the file says ``nháp: có``. A mistyped answer is an error, and is read as "có": that shows nothing."""
    value = front_matter.value("draft")
    if value is None:
        return False
    answer = _ANSWERS.find(value.text)
    if answer is None:
        message = "Sau “nháp:” chỉ viết “có”; bài đã xong thì xóa cả dòng."
        diagnostics.error("draft-value", message, value.line, value.column, "có")
    return answer != "no"


def is_draft_file(path: Path | None) -> bool:
    """Whether a course.md or hieu.md, which may have errors, says so."""
    text = read_text(path, path.parent)[0] if path else None
    return path is not None and text is not None and is_draft_text(text, str(path))


def is_draft_text(text: str, path: str) -> bool:
    """Whether the text of a course.md or hieu.md, which may have errors, says so."""
    source, diagnostics = normalize_source(text, path)
    return read_draft_flag(read_front_matter(source, diagnostics, (KEY,)), diagnostics)


def report_misplaced_draft_flag(front_matter: FrontMatter, diagnostics: Diagnostics) -> None:
    """In lam.md and dung.md: a lesson is a draft as a whole."""
    key = front_matter.keys.get("draft")
    if key is not None:
        message = "Đưa dòng “nháp: có” sang hieu.md của bài này: cả bài là bản nháp, không riêng một tệp."
        diagnostics.error("draft-place", message, key.line, key.column)
