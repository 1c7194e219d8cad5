"""``lms person``: answer a learner who asks what is stored, or asks to be forgotten."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms import vietnam_time
from lms.cli.atomic_file import write_atomically
from lms.cli.click_i18n import PATH, Group
from lms.cli.open_database import database_errors, exit_with_error, open_database
from lms.cli.transactions import retry_after_deadlock
from lms.os_error_messages import os_error_message

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.learning.store.models import Learner

_CODE = click.argument("words", metavar="[MÃ-HỌC]", nargs=-1)


@click.group(cls=Group)
def command() -> None:
    """Trả lời người học: trang giữ gì về họ; quên họ."""


@command.command()
@_CODE
@click.option("-o", "--output", "file", type=PATH, metavar="TỆP", help="Ghi ra tệp này; không thì ra màn hình.")
def export(words: tuple[str, ...], file: Path | None) -> None:
    """Xuất mọi thứ trang giữ về một người học, dạng JSON. Không ghi MÃ-HỌC thì lệnh hỏi, để mã không nằm lại ở máy."""
    from lms.content.catalog import Catalog
    from lms.learning.personal_data.person import export_person
    from lms.learning.store.database import read_sessions
    from lms.learning.store.learning_code_key import find_code_key

    if file is not None and file.exists():
        exit_with_error(f"Đã có tệp {file}. Ghi tên khác, để không mất tệp cũ.")
    code = _read_code(words)
    with open_database() as (engine, settings), database_errors(), read_sessions(engine)() as session:
        learner = _find_learner(session, code, settings)
        library = Catalog(settings.courses_dir, today=vietnam_time.today).library
        code_key = find_code_key(session.connection(), settings.secret_keys)
        found = export_person(
            session, learner, secret=code_key, library=library, now=datetime.now(UTC)
        )  # fmt: skip
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        write_atomically(file, text.encode())
    except OSError as error:
        exit_with_error(f"Không ghi được tệp {file} ({os_error_message(error)}).")
    click.echo(f"Đã xuất ra {file}. Tệp có mã học của người ấy: trao tận tay, rồi xóa.")


@command.command()
@_CODE
@click.option("--yes", is_flag=True, help="Không hỏi lại.")
def forget(words: tuple[str, ...], yes: bool) -> None:
    """Quên một người học, như nút “Quên tôi”. Trang cứ mở cũng được. Không lấy lại được."""
    from lms.learning.personal_data.person import Forgotten, count_rows_of_person, forget_person
    from lms.learning.store.database import read_sessions

    code = _read_code(words)
    with open_database() as (engine, settings), database_errors():
        with read_sessions(engine)() as session:
            learner = _find_learner(session, code, settings)
            click.echo(f"Trang đang giữ: {counts_in_words(count_rows_of_person(session, learner.id))}.")
        if not yes and not click.confirm("Xóa rồi không lấy lại được. Xóa hết?"):
            exit_with_error("Chưa xóa gì.")

        def work(session: Session) -> Forgotten:
            return forget_person(session, _find_learner(session, code, settings), now=datetime.now(UTC))

        done = retry_after_deadlock(engine, work)
    click.echo(f"Đã xóa: {counts_in_words(done.removed)}.")
    stays = dict(done.stays) | {"số của huy hiệu": done.badges}
    click.echo(
        f"Còn lại, không tên, không biết là của ai: {counts_in_words(stays)}."
        " Để máy cũ và bản sao lưu không đem người ấy trở lại, để ai quét huy hiệu biết là đã xóa, và để số đếm của lớp"
        " vẫn đúng."
    )
    click.echo("Bản sao lưu cũ còn giữ người ấy cho tới khi được bỏ; trả lại bản cũ thì người ấy vẫn được quên.")


def counts_in_words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{title} {count}" for title, count in counts.items() if count) or "không có gì"


def _read_code(words: tuple[str, ...]) -> str:
    """The code as one text, however it was divided; asked for if it was left out."""
    if words:
        return " ".join(words)
    try:
        return click.prompt("Mã học (mười hai chữ và số)", type=str, err=True)
    except click.Abort:
        exit_with_error("\nChưa làm gì.")


def _find_learner(session: Session, code: str, settings: Settings) -> Learner:
    from lms.learning.learners.learner_store import find_learner_by_code
    from lms.learning.store.learning_code_key import find_code_key

    learner = find_learner_by_code(session, code, secret=find_code_key(session.connection(), settings.secret_keys))
    return learner or exit_with_error(
        "Không có ai mang mã học này. Xem lại từng chữ; có thể người ấy đã lấy mã mới, hoặc đã được quên."
    )
