"""Suggest the existing file or folder nearest to a mistyped path."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from lms.config import default_courses_dir
from lms.content.folders import visible_entries
from lms.content.fuzzy_matching import nearest, word_distance

_MAX_DISTANCE = 0.4  # 0.0 to 1.0; a name at a greater distance is not suggested
_PREFIX_DISTANCE, _MIN_PREFIX_LENGTH = 0.3, 4  # the distance counted for a prefix of at least that many letters
_LESSON_NUMBER = re.compile(r"\d+-")


def courses_folder() -> Path:
    """Return the courses folder of the environment, as the commands without ``--courses`` use it."""
    return Path(os.environ.get("LMS_COURSES") or default_courses_dir())


def new_courses_folder() -> Path:
    """Return the folder in which courses are created: never that of an installed package."""
    return Path(os.environ.get("LMS_COURSES") or "courses")


def did_you_mean(path: Path | str | None) -> str:
    """Return the question to append to an error message, or "" without a suggestion."""
    return f" Có phải bác muốn gõ '{path}'?" if path else ""


def nearest_name(typed: str, names: Collection[str]) -> str | None:
    """Return the name nearest to ``typed``, or None if none is near enough."""
    near = nearest(typed, names) if names else None
    return near if near is not None and word_distance(typed, near) <= _MAX_DISTANCE else None


def nearest_path(typed: Path, needed: str = "") -> Path | None:
    """Return the existing path nearest to ``typed``, or None if none is near enough.

    ``typed`` is resolved against the working directory, the courses folder and each course. The result must contain
    the file ``needed``.
    """
    candidates: list[tuple[float, int, Path]] = []
    for number, base in enumerate(_base_folders(typed)):
        with suppress(OSError, ValueError):
            distance, path = _resolve_nearest(base, typed)
            if (path / needed).exists():
                candidates.append((distance, number, path))
    return min(candidates)[2] if candidates else None


def _base_folders(typed: Path) -> Iterator[Path]:
    yield Path()
    if typed.is_absolute():
        return
    yield courses_folder()
    with suppress(OSError):
        yield from (path for path in visible_entries(courses_folder()) if path.is_dir())


def _resolve_nearest(base: Path, typed: Path) -> tuple[float, Path]:
    """Follow ``typed`` from ``base``, replacing each unknown name by the nearest one.

    Returns the sum of the distances and the path.

    Raises:
        ValueError: no name is near enough.
    """
    path, total_distance = base, 0.0
    for part in typed.parts:
        if part not in ("..", "/") and not (path / part).exists():
            near = [(_name_distance(part, entry.name), entry.name) for entry in visible_entries(path)]
            distance, part = min(near, default=(1.0, ""))
            if distance > _MAX_DISTANCE:
                raise ValueError(part)
            total_distance += distance
        path = path / part
    return total_distance, path


def _name_distance(typed: str, name: str) -> float:
    """Return the distance of a typed name, allowing for a missing or wrong lesson number and an abbreviated name."""
    typed_words, words = _LESSON_NUMBER.sub("", typed), _LESSON_NUMBER.sub("", name)
    bare = (
        _PREFIX_DISTANCE
        if len(typed_words) >= _MIN_PREFIX_LENGTH and words.startswith(typed_words)
        else word_distance(typed_words, words)
    )
    return min(word_distance(typed, name), bare + 0.01 if _LESSON_NUMBER.match(name) else 1.0)
