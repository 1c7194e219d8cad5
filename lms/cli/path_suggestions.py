"""Which existing folder or file somebody meant who mistyped its path, or left out the folder of the courses."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from lms.content.folders import entries
from lms.content.fuzzy_words import nearest, strangeness

_ALIKE = 0.4  # a name that is stranger was not meant
_BEGUN, _ENOUGH = 0.3, 4  # how strange a name's beginning is, and how many letters make one
_NUMBER = re.compile(r"\d+-")


def courses_folder() -> Path:
    return Path(os.environ.get("LMS_COURSES") or "courses")


def asked(path: Path | str | None) -> str:
    """The question to add to a refusal; "" where nothing is near."""
    return f" Có phải bác muốn gõ '{path}'?" if path else ""


def nearest_name(typed: str, names: Collection[str]) -> str | None:
    """The name nearest to ``typed``; None where none is near."""
    near = nearest(typed, names) if names else None
    return near if near is not None and strangeness(typed, near) <= _ALIKE else None


def nearest_place(typed: Path, needed: str = "") -> Path | None:
    """The path nearest to ``typed``, from here, among the courses or in one of them; None where none is near.

    ``needed``: a file that must be in it.
    """
    found: list[tuple[float, int, Path]] = []
    for number, base in enumerate(_bases(typed)):
        with suppress(OSError, ValueError):
            strange, place = _follow(base, typed)
            if (place / needed).exists():
                found.append((strange, number, place))
    return min(found)[2] if found else None


def _bases(typed: Path) -> Iterator[Path]:
    yield Path()
    if typed.is_absolute():
        return
    yield courses_folder()
    with suppress(OSError):
        yield from (path for path in entries(courses_folder()) if path.is_dir())


def _follow(base: Path, typed: Path) -> tuple[float, Path]:
    """Where ``typed`` leads from ``base`` when each of its names is the nearest one, and how strange they are in sum.

    Raises:
        ValueError: a name is like none.
    """
    here, sum_of_all = base, 0.0
    for part in typed.parts:
        if part not in ("..", "/") and not (here / part).exists():
            near = [(_strangeness(part, path.name), path.name) for path in entries(here)]
            strange, part = min(near, default=(1.0, ""))
            if strange > _ALIKE:
                raise ValueError(part)
            sum_of_all += strange
        here = here / part
    return sum_of_all, here


def _strangeness(typed: str, name: str) -> float:
    """A lesson's number is easily left out, or is another one; of a long name only the beginning may be typed."""
    typed_words, words = _NUMBER.sub("", typed), _NUMBER.sub("", name)
    bare = _BEGUN if len(typed_words) >= _ENOUGH and words.startswith(typed_words) else strangeness(typed_words, words)
    return min(strangeness(typed, name), bare + 0.01 if _NUMBER.match(name) else 1.0)
