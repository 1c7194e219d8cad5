"""``lms db``: migrate the database, and delete personal data of expired classes."""

from __future__ import annotations

import click

from lms import vietnam_time
from lms.cli.click_i18n import Group
from lms.cli.open_database import open_database, upgrade_message


@click.group(cls=Group)
def command() -> None:
    """Nâng cấp và dọn cơ sở dữ liệu."""


@command.command()
def upgrade() -> None:
    """Tạo các bảng, hoặc nâng cấp. Nhiều máy cùng gọi một lúc cũng được."""
    import time

    from lms.learning.store.migrate import upgrade as upgrade_schema

    with open_database(upgrading=True) as (engine, _):
        begun = time.monotonic()
        upgraded = upgrade_schema(engine)
        if upgraded:
            seconds = f"{time.monotonic() - begun:.1f}".replace(".", ",")
            click.echo(f"{upgrade_message(upgraded)} Mất {seconds} giây.")
        click.echo("Cơ sở dữ liệu đã mới nhất.")


@command.command()
def tidy() -> None:
    """Quên người trong các lớp đã hết hạn giữ. Trang đang chạy tự làm mỗi ngày."""
    import datetime

    from lms.content.catalog import Catalog
    from lms.learning.classroom.report.retention import apply_retention as run

    now = datetime.datetime.now(datetime.UTC)
    with open_database() as (engine, settings):
        library = Catalog(settings.courses_dir, today=vietnam_time.today).library
        done = run(engine, library, keep=datetime.timedelta(days=settings.class_days), now=now)
    click.echo(f"Lớp đã đóng: {done.closed}, đã đếm: {done.counted}, đã quên người: {done.anonymized}.")
