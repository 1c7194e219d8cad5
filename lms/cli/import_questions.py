"""``lms import``: questions of a Word file, a table or Moodle (GIFT) into a lesson."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms.cli.atomic_file import replace_unchanged
from lms.cli.click_i18n import PATH, Command
from lms.cli.command_name import command_name
from lms.cli.open_database import exit_unusable
from lms.os_error_messages import os_error_message

if TYPE_CHECKING:
    from lms.content.question_bank.bank_question import Bank, BankFinding
    from lms.content.question_bank.question_blocks import QuestionBlock


@click.command("import", cls=Command)
@click.argument("file", metavar="TỆP", type=PATH)
@click.option("--to", "lesson", metavar="KHÓA/BÀI", type=PATH, required=True, help="Bài nhận các câu hỏi.")
@click.option("--dry-run", is_flag=True, help="Chỉ in ra phần sẽ thêm vào hieu.md, không ghi gì.")
@click.option("--skip-refused", is_flag=True, help="Bỏ các câu không nhận được, ghi các câu còn lại.")
@click.option("--encoding", type=click.Choice(["utf-8", "utf-16", "windows-1258"]), help="Bảng mã của tệp cũ.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả JSON cho máy đọc.")
def command(file: Path, lesson: Path, dry_run: bool, skip_refused: bool, encoding: str | None, as_json: bool) -> None:
    """Đưa câu hỏi từ TỆP vào một bài, như: lms import cau-hoi.txt --to vneid/02-kich-hoat --dry-run

    TỆP là Word (.docx), Excel (.xlsx), CSV hay GIFT của Moodle; lệnh tự nhận ra. Các câu đứng sau câu hỏi cuối của
    hieu.md, phần đã có giữ nguyên. Câu nào chưa chắc đáp án, không mang sang được hay mất gì thì có dòng báo.

    Mã kết thúc: 0 là ghi xong (hay xem thử xong), 1 là có câu không nhận được nên chưa ghi gì, 2 là không chạy được.
    """
    from lms.cli.new import existing_lesson
    from lms.content.question_bank.bank_file import UnreadableBank, read_bank
    from lms.content.question_bank.lesson_questions import (
        CannotAddQuestions,
        add_blocks,
        blocks_for_lesson,
        read_lesson,
    )

    if ".." in lesson.parts:
        exit_unusable(f"“{lesson}” đi ra ngoài thư mục khóa học; bác ghi khóa rồi tới bài, như vneid/02-kich-hoat.")
    path = existing_lesson(lesson) / "hieu.md"
    text = _read_lesson_file(path)
    try:
        kind, bank = read_bank(file, encoding)
        blocks, findings = blocks_for_lesson(bank, read_lesson(text, path), path.parent)
        has_refused = any(finding.is_refusal for finding in findings)
        is_refused = has_refused and not skip_refused
        result = add_blocks(text, path, blocks) if blocks else text
    except OSError as error:
        exit_unusable(f"Không đọc được “{file}”: {os_error_message(error)}.")
    except UnreadableBank as error:
        exit_unusable(f"{file}: {error}")
    except CannotAddQuestions as error:
        exit_unusable(str(error))
    is_written = bool(blocks) and not dry_run and not is_refused
    if is_written:
        _write(path, text, result)
    for finding in findings:
        click.echo(
            f"{file}:{bank.place(finding.line)}: {'không nhận' if finding.is_refusal else 'lưu ý'}: {finding.message}",
            err=True,
        )
    if as_json:
        click.echo(
            json.dumps(
                _as_json(kind, bank, blocks, findings, path if is_written else None), ensure_ascii=False, indent=1
            )
        )
    elif dry_run:
        click.echo("\n\n".join(block.markdown for block in blocks))
    click.echo(
        _summary(path, len(blocks), is_written=is_written, dry_run=dry_run, is_refused=is_refused),
        err=as_json or dry_run,
    )
    sys.exit(1 if is_refused else 0)


def _read_lesson_file(path: Path) -> str:
    from lms.content.files import read_text

    text, problems = read_text(path, inside=path.absolute().parent.parent)
    if text is None or problems:
        exit_unusable(str(problems[0]))
    return text


def _write(path: Path, before: str, after: str) -> None:
    try:
        if not replace_unchanged(path, before.encode("utf-8"), after.encode("utf-8")):
            exit_unusable(f"“{path}” vừa có người sửa; bác chạy lại lệnh này.")
    except OSError as error:
        exit_unusable(f"Không ghi được “{path}”: {os_error_message(error)}. Tệp cũ còn nguyên.")


def _as_json(
    kind: str, bank: Bank, blocks: list[QuestionBlock], findings: list[BankFinding], written: Path | None
) -> dict[str, object]:
    return {
        "kind": kind,
        "questions": [
            {
                "line": block.line,
                "place": bank.place(block.line),
                "kind": block.question.kind,
                "markdown": block.markdown,
            }
            for block in blocks
        ],
        "findings": [
            {
                "line": finding.line,
                "place": bank.place(finding.line),
                "refused": finding.is_refusal,
                "message": finding.message,
            }
            for finding in findings
        ],
        "written": str(written) if written else None,
    }


def _summary(path: Path, count: int, *, is_written: bool, dry_run: bool, is_refused: bool) -> str:
    if is_written:
        return f"Đã thêm {count} câu vào {path}. Kiểm tra: {command_name()} check {path.parent}"
    if is_refused:
        rest = f"; thêm --skip-refused thì {count} câu còn lại vào được" if count else ""
        return f"Chưa ghi gì, vì có câu không nhận được{rest}."
    if not count:
        return "Không có câu nào mới để thêm."
    return f"Xem thử: {count} câu sẽ vào {path}. Chưa ghi gì." if dry_run else "Chưa ghi gì."
