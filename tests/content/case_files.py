"""Case files: a name, a line with a dot, a text, a line with a dot, the expected lines, a line with a dot."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_CASE = re.compile(r"^(.+)\n\.\n((?:.*\n)*?)\.\n((?:.*\n)*?)\.$", re.MULTILINE)


def cases_in(folder: Path) -> list:
    """Parameters (file's stem, text, expected lines) of all cases in the folder's files."""
    return [
        pytest.param(path.stem, text, expected.split("\n")[:-1], id=f"{path.stem}: {name}")
        for path in sorted(folder.glob("*.md"))
        for name, text, expected in _CASE.findall(path.read_text("utf-8"))
    ]
