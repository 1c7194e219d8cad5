"""``lms backup``: the store, keys, courses and names of settings go into one file."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms.cli.click_i18n import PATH, Command
from lms.cli.open_database import exit_unusable, exit_with_error, open_database
from lms.os_error_messages import os_error_message
from lms.release import this_release

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from lms.config import Settings


@click.command(cls=Command)
@click.argument("file", metavar="TỆP", type=PATH)
@click.option("--passphrase", is_flag=True, help="Hỏi một câu mật khẩu và mã hóa tệp; hoặc đặt LMS_BACKUP_PASSPHRASE.")
def command(file: Path, passphrase: bool) -> None:
    """Sao lưu kho dữ liệu, khóa và khóa học vào TỆP. Trang cứ mở cũng được.

    Tệp có khóa của trang: giữ kín như giữ chìa khóa. Trả lại: lms restore TỆP
    """
    check_backup_path(file)
    secret = ask_passphrase(passphrase)
    with open_database(upgrading=True) as (engine, settings):  # a copy of the older tables, before an upgrade
        back_up_site(file, engine, settings, secret)


def check_backup_path(file: Path) -> None:
    """Exit if a backup cannot be written to ``file``, before anything is asked or read."""
    if file.is_dir():
        exit_unusable(f"{file} là một thư mục. Ghi thêm tên tệp, như {file / 'trang.bak'}")
    if not file.parent.is_dir():
        exit_unusable(f"Chưa có thư mục {file.parent}. Tạo thư mục ấy trước, hoặc ghi chỗ khác.")
    if file.exists():
        exit_with_error(f"Đã có tệp {file}. Ghi tên khác, để không mất bản cũ.")


def ask_passphrase(wanted: bool) -> str | None:
    """The passphrase of LMS_BACKUP_PASSPHRASE, or the typed one if it is ``wanted``."""
    secret = os.environ.get("LMS_BACKUP_PASSPHRASE")
    if wanted and not secret:
        secret = click.prompt("Câu mật khẩu", hide_input=True, confirmation_prompt=True)
    return secret


def back_up_site(file: Path, engine: Engine, settings: Settings, passphrase: str | None) -> None:
    """Write the store, keys and courses to ``file`` and say so. Exits with 1 if that fails."""
    from lms.learning.backup.errors import InvalidBackup
    from lms.learning.backup.last_backup import record_backup
    from lms.learning.backup.writing import Manifest, write_backup

    files: dict[str, Path | bytes] = {"keys/secret-key": "\n".join(settings.secret_keys).encode()}
    for name in ("signing-keys.json", "forgotten"):
        if (settings.data_dir / name).is_file():
            files[f"keys/{name}"] = settings.data_dir / name
    if settings.courses_dir.is_dir():
        for path in settings.courses_dir.rglob("*"):
            if path.is_file() and not path.is_symlink():
                files[f"courses/{path.relative_to(settings.courses_dir).as_posix()}"] = path
    made = Manifest(
        revision="",
        release=str(this_release()),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        settings=sorted(name for name in os.environ if name.startswith("LMS_")),
    )
    try:
        manifest = write_backup(
            file, engine, files=files, manifest=made, passphrase=passphrase, progress=print_progress
        )
    except OSError as error:
        exit_with_error(f"Chưa sao lưu được vào {file}: {os_error_message(error)}.")
    except InvalidBackup as error:
        exit_with_error(f"Tệp vừa ghi đọc lại không đúng, nên đã bỏ: {error}.")
    record_backup(settings.data_dir, datetime.now(UTC))
    people = manifest.tables["learners"].rows if "learners" in manifest.tables else 0
    click.echo(f"Đã sao lưu {manifest.rows} dòng, {people} người học, vào {file}; đã đọc lại, đủ và đúng.")


def print_progress(table: str, rows: int) -> None:
    if rows >= 50_000:
        click.echo(f"… {table}: {rows}", err=True)
