"""The name of a lesson or course, as the front matter of its hieu.md or course.md has it."""

from __future__ import annotations

import re
from pathlib import Path

from lms.content.files import read_text
from lms.content.front_matter import read_front_matter
from lms.content.front_matter_keys import Key
from lms.content.source import normalize_source

_KEYS = (Key("name", ("tên", "name")),)
_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n.*?^---[ \t]*$", re.DOTALL | re.MULTILINE)


def lesson_name(folder: Path) -> str | None:
    """The ``tên`` of the hieu.md in a lesson's folder, which its other files need not repeat; None if it has none."""
    path = folder / "hieu.md"
    text = read_text(path, folder)[0] if path.is_file() else None
    return name_in_text(text) if text is not None else None


def name_in_text(text: str) -> str | None:
    """The ``tên`` of a hieu.md or course.md; None if it has none. Nothing but the front matter is read."""
    front_matter = _FRONT_MATTER.match(text)
    return read_front_matter(*normalize_source(front_matter[0] if front_matter else text, ""), _KEYS).text("name")
