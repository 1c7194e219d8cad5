"""The practice file and mode that ``lms replay`` and ``walk`` take."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import click

from lms import vietnam_time
from lms.cli.path_suggestions import did_you_mean, nearest_path
from lms.content.model import Mode, Practice
from lms.os_error_messages import os_error_message

# The other files of a lesson: parsed as a practice they would only produce misleading errors.
OTHER_LESSON_FILE = re.compile(r"(hieu|dung|course)\b.*\.md\Z")


def mode_option(help_prefix: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return the ``--mode`` option; ``help_prefix`` begins its help sentence."""
    return click.option(
        "--mode",
        type=click.Choice([mode.value for mode in (Mode.ALONE, Mode.TEST, Mode.FOLLOW)]),
        default=Mode.ALONE.value,
        show_default=True,
        callback=lambda _context, _option, value: Mode(value),
        help=f"{help_prefix} theo cách tập này: tự làm, kiểm tra hay làm theo.",
    )


def load_practice(path: Path) -> Practice:
    """Read a practice, or exit.

    The exit code is 2 if the file cannot be read or is another part of a lesson, 1 if the practice has errors, which
    are printed.
    """
    from lms.content.practice.storyboard import read_practice

    if OTHER_LESSON_FILE.match(path.name):
        click.echo(f"{path} không phải bài tập. Bài tập nằm ở lam.md hay lam-<tên>.md.", err=True)
        sys.exit(2)
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, ValueError) as error:
        click.echo(
            f"Không đọc được {path}: {_read_error_message(error)}.{did_you_mean(_suggest_path(path, error))}", err=True
        )
        sys.exit(2)
    practice, problems = read_practice(text, str(path), folder=path.parent, today=vietnam_time.today())
    if practice is None:
        for problem in problems:
            if problem.level == "error":
                click.echo(str(problem), err=True)
        sys.exit(1)
    return practice


def _suggest_path(path: Path, error: OSError | ValueError) -> Path | None:
    if isinstance(error, FileNotFoundError):
        return nearest_path(path)
    return path / "lam.md" if (path / "lam.md").is_file() else None


def _read_error_message(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return os_error_message(error)
    return "tệp không lưu theo mã UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
