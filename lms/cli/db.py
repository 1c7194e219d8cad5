"""``lms db``: migrate the database, and delete personal data of expired classes."""

from __future__ import annotations

from pathlib import Path

import click

from lms import vietnam_time
from lms.cli.click_i18n import PATH, Group
from lms.cli.open_database import open_database, upgrade_message


@click.group(cls=Group)
def command() -> None:
    """Nâng cấp và dọn cơ sở dữ liệu."""


@command.command()
@click.option("--backup", metavar="TỆP", type=PATH, help="Sao lưu vào tệp này trước khi đổi gì.")
@click.option("--passphrase", is_flag=True, help="Mã hóa bản sao lưu, như lms backup --passphrase.")
def upgrade(backup: Path | None, passphrase: bool) -> None:
    """Tạo các bảng, hoặc nâng cấp. Nhiều máy cùng gọi một lúc cũng được.

    Trang của bản trước cứ mở: không ai phải nghỉ học.
    """
    import time

    from lms.cli.backup import ask_passphrase, back_up_site, check_backup_path
    from lms.learning.store.migrate import pending_migrations
    from lms.learning.store.migrate import upgrade as upgrade_schema

    if backup:
        check_backup_path(backup)
    with open_database(upgrading=True) as (engine, settings):
        if backup:
            current, pending = pending_migrations(engine)
            if current and pending:
                back_up_site(backup, engine, settings, ask_passphrase(passphrase))
            else:
                click.echo("Không có gì phải nâng cấp, nên không sao lưu.")
        begun = time.monotonic()
        upgraded = upgrade_schema(engine)
        if upgraded:
            click.echo(f"{upgrade_message(upgraded)} Mất {_seconds(time.monotonic() - begun)} giây.")
            if upgraded.before:
                click.echo(f"Đã làm: {', '.join(upgraded.steps)}.")
            if upgraded.before and upgraded.longest is not None:
                click.echo(f"Trang đang mở phải đợi nhiều nhất {_seconds(upgraded.longest)} giây.")
        click.echo("Cơ sở dữ liệu đã mới nhất.")


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f}".replace(".", ",")


@command.command()
def tidy() -> None:
    """Quên người trong các lớp đã hết hạn giữ. Trang đang chạy tự làm mỗi ngày."""
    import datetime

    from lms.content.catalog import Catalog
    from lms.learning.classroom.report.data_retention import apply_retention as run

    now = datetime.datetime.now(datetime.UTC)
    with open_database() as (engine, settings):
        library = Catalog(settings.courses_dir, today=vietnam_time.today).library
        done = run(engine, library, keep=datetime.timedelta(days=settings.class_days), now=now)
    click.echo(f"Lớp đã đóng: {done.closed}, đã đếm: {done.counted}, đã quên người: {done.anonymized}.")
