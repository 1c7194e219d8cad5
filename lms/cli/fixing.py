"""``lms check --fix``: show what the safe remedies would change, ask, and write it."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms.cli.atomic_file import replace_unchanged
from lms.os_error_messages import os_error_message

if TYPE_CHECKING:
    from lms.content.autofix.files import FixedFile
    from lms.content.problems import Problem

NOTHING = "Không có chỗ nào máy tự sửa được."


def fix_paths(paths: Iterable[Path], *, today: date, is_agreed: bool, is_dry_run: bool) -> bool:
    """Show the changes as a diff, ask unless ``is_agreed``, and write them.

    Returns whether all that was agreed to is written.
    """
    from lms.content.autofix.files import fix_files

    paths = list(paths)
    fixed = list({file.path: file for path in paths if path.exists() for file in fix_files(path, today=today)}.values())
    if not fixed:
        click.echo(NOTHING, err=True)
        return True
    for file in fixed:
        _echo_diff(file)
    count = sum(len(file.fixed.removed) for file in fixed)
    if is_dry_run:
        click.echo(f"Sửa được {count} chỗ trong {len(fixed)} tệp. Chưa ghi gì.", err=True)
        return True
    if not is_agreed and not _is_confirmed(count, len(fixed)):
        click.echo("Không sửa gì.", err=True)
        return True
    return write_fixes(fixed, paths, today)


def _is_confirmed(count: int, files: int) -> bool:
    try:
        return click.confirm(f"Sửa {count} chỗ trong {files} tệp?", err=True)
    except click.Abort:  # nobody is there to answer
        click.echo("\nKhông hỏi được ở đây: thêm --yes để sửa, hay --dry-run để chỉ xem.", err=True)
        return False


def write_fixes(fixed: Sequence[FixedFile], paths: Sequence[Path], today: date) -> bool:
    """Write the files; returns whether all are written.

    A file that somebody saved meanwhile is left alone. If another file would have more problems, all is put back.
    """
    before = _problem_counts(paths, today)
    written: list[FixedFile] = []
    is_whole = True
    for file in fixed:
        try:
            if replace_unchanged(file.path, file.before, file.after):
                written.append(file)
            else:
                click.echo(f"“{file.path}” vừa được ai lưu lại, nên để yên. Bác chạy lại lệnh này.", err=True)
                is_whole = False
        except OSError as error:
            click.echo(f"Không ghi được “{file.path}”: {os_error_message(error)}. Tệp vẫn như cũ.", err=True)
            is_whole = False
    if _problem_counts(paths, today) - before:
        for file in written:
            replace_unchanged(file.path, file.after, file.before)
        click.echo("Sửa xong thì tệp khác lại có lỗi mới, nên đã trả mọi tệp về như cũ.", err=True)
        return False
    if written:
        count = sum(len(file.fixed.removed) for file in written)
        click.echo(f"Đã sửa {count} chỗ trong {len(written)} tệp.", err=True)
    return is_whole


def _problem_counts(paths: Sequence[Path], today: date) -> Counter[tuple[str, str, str]]:
    """How often a rule is broken in each file of the courses to which the paths belong."""
    from lms.content.folders import absolute_path
    from lms.content.library import NothingToCheck, check_path

    counts: Counter[tuple[str, str, str]] = Counter()
    folders = dict.fromkeys(_course_of(absolute_path(path)) for path in paths if path.exists())
    for folder in folders:
        try:
            problems: list[Problem] = check_path(folder, today=today)
        except NothingToCheck:
            continue
        counts.update((problem.path, problem.level, problem.rule) for problem in problems)
    return counts


def _course_of(path: Path) -> Path:
    """The folder of the course to which a lesson or a file belongs; else the path itself."""
    return next((folder for folder in (path, *path.parents[:2]) if (folder / "course.md").is_file()), path)


def _echo_diff(file: FixedFile) -> None:
    before, after = (data.decode("utf-8").split("\n") for data in (file.before, file.after))
    for line in difflib.unified_diff(before, after, str(file.path), str(file.path), lineterm="", n=1):
        click.echo(line.rstrip("\r"))
