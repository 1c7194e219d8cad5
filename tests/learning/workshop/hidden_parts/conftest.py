"""The course has two lessons here, so that one of them can be hidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content.course_folders import make_lesson


@pytest.fixture
def folder(folder: Path) -> Path:
    make_lesson(folder / "vneid" / "02-hai", "Bài hai")
    return folder
