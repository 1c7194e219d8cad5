"""Practices to test with: one that uses every role and kind, and those of the courses."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from lms.content.model import Practice
from lms.content.practice.compiling import compile_model
from lms.content.practice.storyboard import read_practice

ROOT = Path(__file__).parents[3]
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
    """The practice with every role, and every practice of the courses that is sound just now."""
    found = {"every-role": every_role}
    for path in sorted(ROOT.glob("courses/*/*/lam*.md")):
        text = path.read_text("utf-8")
        practice, _ = read_practice(text, path.name, folder=path.parent, today=TODAY)
        if practice is not None:
            found[str(path.relative_to(ROOT))] = practice
    return found


class JavaScript:
    """The engine of the browser, run by Node."""

    def __init__(self, models: Path) -> None:
        self.models = models

    def ask(self, lines: Iterable[str]) -> list:
        node = shutil.which("node")
        assert node, "the equality of the two engines is proved with Node"
        command = [node, str(Path(__file__).with_name("engine_runner.mjs"))]
        command += [str(ROOT / "static/js/practice/engine.js"), str(self.models)]
        done = subprocess.run(command, input="\n".join(lines).encode("ascii"), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="session")
def javascript(practices: dict[str, Practice], tmp_path_factory: pytest.TempPathFactory) -> JavaScript:
    models = tmp_path_factory.mktemp("models") / "models.json"
    models.write_text(json.dumps({name: compile_model(practice) for name, practice in practices.items()}), "utf-8")
    return JavaScript(models)
