"""Reading the practice that a command was pointed at, or ending the command with the reason."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from lms import vietnam_time
from lms.cli.path_suggestions import asked, nearest_place
from lms.content.model import Practice
from lms.os_error_messages import reason_of

# A lesson's other files: read as practices they would give a page of complaints that help nobody.
OTHER_PART = re.compile(r"(hieu|dung|course)\b.*\.md\Z")


def load_practice(path: Path) -> Practice:
    """The practice in ``path``.

    Ends the command with 2 when the file cannot be read or is another part of a lesson, with 1 and the errors when
    it is no sound practice.
    """
    from lms.content.practice.storyboard import read_practice

    if OTHER_PART.match(path.name):
        click.echo(f"{path} không phải bài tập. Bài tập nằm ở lam.md hay lam-<tên>.md.", err=True)
        sys.exit(2)
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, ValueError) as error:
        click.echo(f"Không đọc được {path}: {_why(error)}.{asked(_meant(path, error))}", err=True)
        sys.exit(2)
    practice, problems = read_practice(text, str(path), folder=path.parent, today=vietnam_time.today())
    if practice is None:
        for problem in problems:
            if problem.level == "error":
                click.echo(str(problem), err=True)
        sys.exit(1)
    return practice


def _meant(path: Path, error: OSError | ValueError) -> Path | None:
    if isinstance(error, FileNotFoundError):
        return nearest_place(path)
    return path / "lam.md" if (path / "lam.md").is_file() else None


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return reason_of(error)
    return "tệp không lưu theo mã UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
