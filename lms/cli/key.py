"""``lms key``: replace the key that signs badges, and the secret key, without losing what they signed."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms.cli.atomic_file import write_atomically
from lms.cli.click_i18n import Group
from lms.cli.open_database import exit_unusable, exit_with_error, open_database, open_keys
from lms.os_error_messages import os_error_message

if TYPE_CHECKING:
    from lms.config import Settings

RESTART = "Mở lại trang, ở mọi máy, để dùng khóa mới."


@click.group(cls=Group)
def command() -> None:
    """Đổi khóa ký huy hiệu và khóa của trang."""


@command.command()
@click.option("--print", "only_print", is_flag=True, help="Chỉ in ra một khóa, để đặt vào LMS_SIGNING_KEY ở mọi máy.")
def new(only_print: bool) -> None:
    """Tạo khóa ký mới cho huy hiệu. Huy hiệu cũ vẫn kiểm được, vì nửa công khai của khóa cũ vẫn ở trong kho.

    Có LMS_SIGNING_KEY thì lệnh này chỉ in khóa mới, bác đặt vào đó. Không có thì khóa mới nằm trong thư mục dữ liệu.
    """
    from lms.learning.badges.keys import generate_signing_key, replace_signing_key
    from lms.learning.badges.published_keys import find_published_keys, publish_keys
    from lms.learning.startup_errors import InvalidSigningKey

    if only_print or os.environ.get("LMS_SIGNING_KEY"):
        private, name = generate_signing_key()
        click.echo(f"LMS_SIGNING_KEY={private}")
        click.echo(f"Khóa ký mới, nửa công khai là {name}. Chưa đổi gì: đặt dòng trên cho mọi máy. {RESTART}", err=True)
        click.echo("Máy nào mở với khóa ấy thì mọi máy cùng kho đều công bố nó. Giữ kín dòng trên.", err=True)
        return
    with open_database() as (engine, settings):
        try:
            keys = replace_signing_key(settings.data_dir)
        except InvalidSigningKey:
            exit_unusable(f"Tệp khóa trong {settings.data_dir} không đọc được, nên giữ nguyên. Trả lại từ bản sao lưu.")
        except OSError as error:
            exit_with_error(f"Chưa đổi: không ghi được vào {settings.data_dir} ({os_error_message(error)}).")
        with engine.begin() as connection:
            publish_keys(connection, keys.published, now=datetime.now(UTC))
            published = find_published_keys(connection)
    click.echo(f"Đã tạo khóa ký mới trong {settings.data_dir}: {keys.name}")
    if len(published) > 1:
        click.echo(f"{len(published) - 1} khóa cũ vẫn được công bố ở mọi máy cùng kho: huy hiệu đã trao vẫn kiểm được.")
    if keys.laptop:
        click.echo("Nộp lớp về thành phố vẫn như trước: máy này vẫn được nhận ra.")
    elif len(published) > 1:
        click.echo("Khóa cũ đã mất, nên thành phố coi đây là máy khác: lớp đã nộp rồi thì đừng nộp lại.")
    click.echo(f"{RESTART} Sao lưu lại: lms backup TỆP")


@command.command()
@click.option("--print", "only_print", is_flag=True, help="Chỉ in ra, để đặt vào LMS_SECRET_KEY ở mọi máy.")
@click.option("--drop-old", is_flag=True, help="Hết thời gian đổi: bỏ các khóa cũ, giữ khóa mới nhất.")
def secret(only_print: bool, drop_old: bool) -> None:
    """Đổi khóa của trang, thứ ký cookie và phiếu vào. Khóa cũ vẫn dùng được bên cạnh cho tới khi --drop-old.

    Mã học không đổi. Có LMS_SECRET_KEY thì lệnh này chỉ in giá trị mới.
    """
    from lms.config import SECRET_KEY_FILE, data_folder, split_secret_keys

    path = data_folder(os.environ) / SECRET_KEY_FILE
    given = os.environ.get("LMS_SECRET_KEY", "")
    if only_print or given:
        try:
            text = given or (path.read_text("ascii").strip() if path.exists() else "")
        except OSError as error:
            exit_unusable(f"Không đọc được {path} ({os_error_message(error)}).")
        known = split_secret_keys(text) if text else ()
        click.echo(f"LMS_SECRET_KEY={','.join(known[:1] if drop_old else (_generate(), *known))}")
        click.echo(f"Chưa đổi gì: đặt dòng trên cho mọi máy. {RESTART} Giữ kín dòng trên.", err=True)
        return
    with open_database() as (engine, settings):
        open_keys(engine, settings)  # afterwards each of the secret keys alone opens the key of learning codes
        keys = settings.secret_keys[:1] if drop_old else (_generate(), *settings.secret_keys)
        if keys == settings.secret_keys:
            click.echo("Không có khóa cũ nào bên cạnh.")
            return
        _write(settings, path, keys)
    if drop_old:
        click.echo(f"Đã bỏ khóa cũ khỏi {path}. Điện thoại từ lúc đổi chưa vào lại thì gõ mã học.")
    else:
        click.echo(f"Đã đổi khóa của trang trong {path}. Khóa cũ còn dùng được bên cạnh, mã học không đổi.")
        click.echo("Khi ai cũng đã vào lại, vài tháng nữa, bỏ khóa cũ: lms key secret --drop-old")
    click.echo(RESTART)


@command.command("list")
def list_command() -> None:
    """Liệt kê nửa công khai của các khóa ký trong kho, và khóa nào đang ký."""
    from sqlalchemy import select

    from lms.learning.store.database import read_sessions
    from lms.learning.store.models import PublishedKey

    with open_database() as (engine, settings):
        keys, _ = open_keys(engine, settings)
        with read_sessions(engine)() as session:
            for row in session.scalars(select(PublishedKey).order_by(PublishedKey.published_at, PublishedKey.name)):
                note = "\tđang ký" if row.name == keys.name else ""
                click.echo(f"{row.name}\t{row.published_at:%Y-%m-%d}{note}")
    click.echo(f"Khóa của trang: {len(settings.secret_keys)} giá trị.", err=True)


@command.command()
@click.option("--yes", is_flag=True, help="Đồng ý: mọi mã học và phiếu đã in hết dùng được.")
def lost(yes: bool) -> None:
    """Khóa của trang mất hẳn, không còn bản sao nào: mở kho với khóa khác.

    Mọi mã học, phiếu và cookie hết dùng được. Huy hiệu vẫn kiểm được.
    """
    from sqlalchemy import delete

    from lms.config import SettingsError, load_settings
    from lms.learning.store.learning_code_key import is_known_secret_key
    from lms.learning.store.models import WrappedCodeKey

    if not yes:
        exit_with_error(
            "Chưa làm gì. Mọi mã học đã in sẽ hết dùng được; đồng ý thì thêm --yes. Còn bản sao lưu: lms restore"
        )
    with open_database(upgrading=True, restoring=True) as (engine, settings):
        if settings.secret_key and is_known_secret_key(engine, settings.secret_keys):
            exit_with_error("Không cần: khóa đang đặt mở được kho này.")
        with engine.begin() as connection:
            connection.execute(delete(WrappedCodeKey))
    try:
        load_settings()  # makes a key if there is none
    except SettingsError as error:
        exit_unusable(str(error))
    click.echo("Từ nay kho theo khóa đang đặt. Bà con xem lại mã học trong trang Của tôi; in lại phiếu vào.")


def _generate() -> str:
    return secrets.token_urlsafe(48)


def _write(settings: Settings, path: Path, keys: tuple[str, ...]) -> None:
    try:
        write_atomically(path, "\n".join(keys).encode("ascii"))
    except OSError as error:
        exit_with_error(f"Chưa đổi: không ghi được vào {settings.data_dir} ({os_error_message(error)}).")
