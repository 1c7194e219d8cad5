"""Edits of ``sample_lesson`` in a folder of courses, as its author makes them."""

from __future__ import annotations

import re
from pathlib import Path

from tests.live.lessons import sample_lesson

LESSON = sample_lesson()
ADDRESS = f"/{LESSON.course}/{LESSON.slug}"


def hieu_of(courses: Path) -> Path:
    return next((courses / LESSON.course).glob(f"*-{LESSON.slug}")) / "hieu.md"


def rename_lesson(courses: Path, name: str) -> None:
    file = hieu_of(courses)
    file.write_text(re.sub(r"(?m)^tên:.*$", f"tên: {name}", file.read_text("utf-8"), count=1), "utf-8")


def add_error_to_lesson(courses: Path) -> None:
    file = hieu_of(courses)
    file.write_text(file.read_text("utf-8") + "\n::: hỏii\n- [y] ?\n:::\n", "utf-8")
