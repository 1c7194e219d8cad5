"""``lms import`` of slides: a new lesson, which is a draft."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms.cli.command_name import command_name
from lms.cli.new import unused_lesson
from lms.os_error_messages import os_error_message

if TYPE_CHECKING:
    from lms.content.problems import Problem
    from lms.content.slide_deck.writing import SlideLesson


def import_slides(file: Path, data: bytes, to: Path, *, dry_run: bool, as_json: bool) -> int:
    """Write the lesson, unless it is a dry run; returns the exit code.

    Raises:
        CannotCreate: there is no such course, or it has such a lesson.
    """
    from lms.content.office_archive import without_macros
    from lms.content.slide_deck.deck import UnreadableSlides
    from lms.content.slide_deck.reading import read_deck
    from lms.content.slide_deck.writing import write_slide_lesson

    folder = unused_lesson(to)
    try:
        deck = read_deck(without_macros(data, "slides"))
    except UnreadableSlides as error:
        click.echo(f"{file}: {error}", err=True)
        return 2
    lesson = write_slide_lesson(deck, folder.name.partition("-")[2].replace("-", " ").capitalize())
    if not dry_run:
        try:
            _write(folder, lesson)
        except OSError as error:
            click.echo(f"Không ghi được “{folder}”: {os_error_message(error)}. Chưa có gì được tạo.", err=True)
            return 2
    problems = [] if dry_run else _errors(folder)
    for finding in lesson.findings:
        place = f":trang {finding.slide}" if finding.slide else ""
        click.echo(f"{file}{place}: lưu ý: {finding.message}", err=True)
    for problem in problems:
        click.echo(str(problem), err=True)
    if as_json:
        click.echo(json.dumps(_as_json(lesson, None if dry_run else folder), ensure_ascii=False, indent=1))
    elif dry_run:
        click.echo(lesson.markdown, nl=False)
    click.echo(_summary(folder, len(deck.slides), lesson, dry_run=dry_run), err=as_json or dry_run)
    return 1 if problems else 0


def _write(folder: Path, lesson: SlideLesson) -> None:
    """Write all or nothing: what is not yet whole has a name that no reader of courses looks at."""
    draft = folder.with_name(f".{folder.name}")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        (draft / "images").mkdir(parents=True)
        for name, data in lesson.pictures.items():
            (draft / "images" / name).write_bytes(data)
        (draft / "hieu.md").write_text(lesson.markdown, "utf-8", newline="\n")
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _errors(folder: Path) -> list[Problem]:
    from lms.content.files import read_text
    from lms.content.understand_stage import read_understand

    path = folder / "hieu.md"
    text, problems = read_text(path)
    if text is not None:
        problems = [*problems, *read_understand(text, str(path), folder=folder)[1]]
    return [problem for problem in problems if problem.level == "error"]


def _as_json(lesson: SlideLesson, written: Path | None) -> dict[str, object]:
    return {
        "kind": "slides",
        "markdown": lesson.markdown,
        "pictures": [{"name": name, "bytes": len(data)} for name, data in lesson.pictures.items()],
        "findings": [{"slide": finding.slide, "message": finding.message} for finding in lesson.findings],
        "written": str(written) if written else None,
    }


def _summary(folder: Path, slides: int, lesson: SlideLesson, *, dry_run: bool) -> str:
    what = f"{slides} trang chiếu, {len(lesson.pictures)} hình"
    if dry_run:
        return f"Xem thử: {what} sẽ thành bài nháp {folder}. Chưa ghi gì."
    return (
        f"Đã tạo bài nháp {folder} từ {what}; chỉ bác thấy, tới khi bác xóa dòng “nháp: có”. "
        f"Kiểm tra: {command_name()} check {folder}"
    )
