"""``thứ tự bài`` of course.md: the order of lessons where it is another one than that of their folders' numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from lms.content.folders import visible_entries
from lms.content.front_matter import FrontMatter, read_front_matter
from lms.content.front_matter_keys import Key
from lms.content.fuzzy_matching import slugify
from lms.content.links import LESSON_FOLDER
from lms.content.source import Diagnostics, normalize_source

KEY = Key("lesson-order", ("thứ tự bài", "lesson order"), "words")
_FENCE = re.compile(r"-{3,}\s*\Z")


def check_lesson_order(front_matter: FrontMatter, diagnostics: Diagnostics, folder: Path | None) -> tuple[str, ...]:
    """The slugs of lessons that course.md puts in an order, each once; with a warning for what is no lesson.

    ``folder`` is the course's; None if only the text is known. It is no error: a lesson may be hidden meanwhile.
    """
    known = _slugs_in(folder)
    order: list[str] = []
    for value in front_matter.values.get(KEY.code, []):
        if value.text in order:
            message = "Bỏ bớt một dòng: bài này đã có ở trên."
            diagnostics.warning("lesson-order", message, value.line, value.column)
        elif known is not None and value.text not in known:
            meant = _meant(value.text, known)
            message = (
                f"Viết “{meant}”: chỉ tên trong địa chỉ, không có số ở đầu."
                if meant
                else f"Khóa này không có bài “{value.text}”; bác sửa tên, hoặc bỏ dòng này."
            )
            diagnostics.warning("lesson-order", message, value.line, value.column, meant)
        else:
            order.append(value.text)
    return tuple(order)


def read_lesson_order(text: str) -> tuple[str, ...]:
    """What a course.md, which may have errors, says about the order of its lessons."""
    return read_front_matter(*normalize_source(text, "course.md"), (KEY,)).texts(KEY.code)


def lesson_sort_key(order: Sequence[str], slug: str, number: int) -> tuple[int, int]:
    """The key by which lessons are sorted: those that ``order`` names, then the others by their folder's number."""
    return (order.index(slug) if slug in order else len(order)), number


def write_lesson_order(text: str, slugs: Iterable[str]) -> str | None:
    """The course.md with this order in its front matter, and nothing else changed; None if it has no front matter."""
    source, diagnostics = normalize_source(text, "course.md")
    front_matter = read_front_matter(source, diagnostics, (KEY,))
    lines = text.split("\n")
    opening = next((number for number, line in enumerate(lines) if line.strip()), 0)
    closing = next((number for number in range(opening + 1, len(lines)) if _FENCE.match(lines[number])), 0)
    if not closing or not _FENCE.match(lines[opening]):
        return None
    typed = [*filter(None, [front_matter.keys.get(KEY.code)]), *front_matter.values.get(KEY.code, [])]
    replaced = {source.position(value.line, value.column)[0] - 1 for value in typed}
    written = [f"{KEY.spellings[0]}:", *(f"  - {slug}" for slug in slugs)]
    at = min(replaced, default=closing)
    return "\n".join(
        [
            *(line for number, line in enumerate(lines[:at]) if number not in replaced),
            *written,
            *(line for number, line in enumerate(lines[at:], at) if number not in replaced),
        ]
    )


def _slugs_in(folder: Path | None) -> set[str] | None:
    """The slugs of the lessons that lie in the folder; None if there is no folder."""
    try:
        names = [path.name for path in visible_entries(folder) if path.is_dir()] if folder else None
    except OSError:
        return None
    return None if names is None else {match["slug"] for match in map(LESSON_FOLDER.match, names) if match}


def _meant(typed: str, known: Iterable[str]) -> str | None:
    """The lesson that a folder's name stands for, as "02-kich-hoat"."""
    slug = slugify(re.sub(r"\d+[-_. ]", "", typed.rpartition("/")[2], count=1))
    return slug if slug in known else None
