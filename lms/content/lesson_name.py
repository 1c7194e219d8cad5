"""The name of a lesson, which its lam.md and dung.md need not repeat."""

from __future__ import annotations

from pathlib import Path

from lms.content.files import read_text
from lms.content.front_matter import Key, read_front_matter
from lms.content.source import read_source

_KEYS = (Key("name", ("tên", "name")),)


def lesson_name(folder: Path) -> str | None:
    """The ``tên`` of the hieu.md in a lesson's folder; None if it has none."""
    path = folder / "hieu.md"
    text = read_text(path, folder)[0] if path.is_file() else None
    return read_front_matter(*read_source(text, str(path)), _KEYS).text("name") if text is not None else None
