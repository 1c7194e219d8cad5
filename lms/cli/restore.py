"""``lms restore``: the store, keys and courses come back from a file of ``lms backup``."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from lms.cli.atomic_file import write_atomically
from lms.cli.backup import print_progress
from lms.cli.click_i18n import PATH, Command
from lms.cli.open_database import exit_with_error, open_database
from lms.config import split_secret_keys
from lms.data_folder_lock import DataFolderInUse, exclusive_data_folder
from lms.os_error_messages import os_error_message


@click.command(cls=Command)
@click.argument("file", metavar="TỆP", type=PATH)
@click.option("--yes", is_flag=True, help="Kho đang có người: thay hết bằng bản sao lưu.")
def command(file: Path, yes: bool) -> None:
    """Trả lại kho dữ liệu, khóa và khóa học từ TỆP. Dừng trang trước đã.

    Lỗi giữa chừng thì kho vẫn như cũ. Ai đã bấm quên tôi thì vẫn được quên.
    """
    from lms.learning.backup.errors import BackupTooNew, InvalidBackup, RestoreWouldOverwrite, WrongPassphrase
    from lms.learning.backup.reading import check_backup, is_encrypted, open_backup
    from lms.learning.backup.restoring import restore_backup
    from lms.learning.store.learning_code_key import wrap_code_key
    from lms.learning.store.tombstones import FILE_NAME, read_digests

    try:
        secret = os.environ.get("LMS_BACKUP_PASSPHRASE") if is_encrypted(file) else None
        if is_encrypted(file) and not secret:
            secret = click.prompt("Câu mật khẩu", hide_input=True)
        manifest = check_backup(file, secret)
        with open_database(upgrading=True, restoring=True) as (engine, settings), exclusive_data_folder(settings):
            kept: dict[str, bytes] = {}
            courses: dict[str, bytes] = {}
            with open_backup(file, secret) as members:
                for name, data in members:
                    if name.startswith("keys/"):
                        kept[name.removeprefix("keys/")] = data
                    elif name.startswith("courses/"):
                        courses[name.removeprefix("courses/")] = data
            tombstones = settings.data_dir / FILE_NAME
            forgotten = read_digests(tombstones) | set(kept.pop(FILE_NAME, b"").decode("ascii").split())
            restore_backup(
                file, engine, manifest=manifest, passphrase=secret, overwrite=yes, forgotten=forgotten,
                progress=print_progress, now=datetime.now(UTC),
            )  # fmt: skip
            given, secret_keys = split_secret_keys(os.environ.get("LMS_SECRET_KEY", "")), _kept_secret_keys(kept)
            is_other_key = given != ("",) and bool(secret_keys) and not set(given) & set(secret_keys)
            if is_other_key:  # the codes on paper go on under the keys of this machine
                wrap_code_key(engine, (*given, *secret_keys), now=datetime.now(UTC))
            if forgotten:
                write_atomically(tombstones, "".join(f"{digest}\n" for digest in sorted(forgotten)).encode())
            for name in ("secret-key", "signing-keys.json"):
                if name in kept:
                    write_atomically(settings.data_dir / name, kept[name])
            has_courses = settings.courses_dir.is_dir() and any(settings.courses_dir.iterdir())
            for name, data in ({} if has_courses else courses).items():
                target = settings.courses_dir / name
                if settings.courses_dir.resolve() not in target.resolve().parents:
                    exit_with_error(f"Tên tệp lạ trong bản sao lưu: {name}.")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
    except DataFolderInUse:
        exit_with_error("Trang đang mở trên kho này, chưa thay gì. Dừng trang rồi gọi lại.")
    except RestoreWouldOverwrite as error:
        exit_with_error(f"Kho đang có {error.people} người, chưa thay gì. Muốn thay hết thì thêm --yes.")
    except BackupTooNew as error:
        exit_with_error(
            f"Bản sao lưu ở {error}, mới hơn chương trình này hay làm trước bản 1.0. Cài bản đã sao lưu rồi trả lại."
        )
    except WrongPassphrase:
        exit_with_error("Sai câu mật khẩu, hoặc tệp bị cắt hay bị sửa. Kho vẫn như cũ.")
    except InvalidBackup:
        exit_with_error("Tệp này không phải bản sao lưu, hoặc bị cắt hay bị sửa. Kho vẫn như cũ.")
    except OSError as error:
        exit_with_error(f"Không đọc hay ghi được {error.filename or file}: {os_error_message(error)}.")
    click.echo(f"Đã trả lại bản sao lưu ngày {manifest['made_at']}, ở {manifest['revision']}.")
    if has_courses:
        click.echo(f"Thư mục {settings.courses_dir} đã có khóa học, nên giữ nguyên.")
    if is_other_key:
        click.echo(
            "LMS_SECRET_KEY đang đặt khác với khóa trong bản sao lưu. Mã học vẫn dùng được; phiếu vào chưa dùng thì"
        )
        click.echo("in lại, và mọi máy đăng nhập lại, trừ khi bác ghi thêm khóa cũ phía sau: LMS_SECRET_KEY=mới,cũ")


def _kept_secret_keys(kept: dict[str, bytes]) -> tuple[str, ...]:
    text = kept.get("secret-key", b"").decode("utf-8").strip()
    return split_secret_keys(text) if text else ()
