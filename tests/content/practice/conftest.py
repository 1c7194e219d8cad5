"""Practices for tests: one that uses every role and kind, and those of the courses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lms.content.model import Practice
from lms.content.practice.storyboard import read_practice
from tests.content.practice.engines import ROOT, JavaScript, models_of

CASES = Path(__file__).parent / "cases"
TODAY = date(2026, 11, 25)


def read_file(path: Path) -> Practice:
    practice, problems = read_practice(path.read_text("utf-8"), path.name, folder=path.parent, today=TODAY)
    assert practice is not None, "\n".join(map(str, problems))
    return practice


@pytest.fixture(scope="session")
def every_role() -> Practice:
    return read_file(CASES / "every-role.md")


@pytest.fixture(scope="session")
def practices(every_role: Practice) -> dict[str, Practice]:
    """The practice with every role, and all practices of the courses without errors."""
    found = {"every-role": every_role}
    for path in sorted(ROOT.glob("courses/*/*/lam*.md")):
        text = path.read_text("utf-8")
        practice, _ = read_practice(text, path.name, folder=path.parent, today=TODAY)
        if practice is not None:
            found[str(path.relative_to(ROOT))] = practice
    return found


@pytest.fixture(scope="session")
def models(practices: dict[str, Practice]) -> dict[str, dict]:
    return models_of(practices)


@pytest.fixture(scope="session")
def javascript(models: dict[str, dict], tmp_path_factory: pytest.TempPathFactory) -> JavaScript:
    return JavaScript(models, tmp_path_factory.mktemp("models"))
