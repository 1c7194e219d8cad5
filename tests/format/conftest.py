from __future__ import annotations

from pathlib import Path

import pytest

from tests.format.commands import COURSE, DUNG, HIEU, LAM, check
from tests.format.sample_practice import REPLAY


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    folder = tmp_path / "vneid" / "01-mot"
    folder.mkdir(parents=True)
    (folder.parent / "course.md").write_text(COURSE, "utf-8")
    for name, text in {"hieu.md": HIEU, "lam.md": LAM, "dung.md": DUNG}.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def practice(tmp_path: Path) -> Path:
    path = tmp_path / "lam.md"
    path.write_text(REPLAY, "utf-8")
    assert check(path) == []
    return path
