"""``lms db``: chores of the database."""

from __future__ import annotations

import click

from lms import vietnam_time
from lms.cli.click_i18n import Group
from lms.cli.db_session import opened_store


@click.group(cls=Group)
def command() -> None:
    """Nâng cấp và dọn cơ sở dữ liệu."""


@command.command()
def upgrade() -> None:
    """Tạo các bảng, hoặc nâng cấp. Nhiều máy cùng gọi một lúc cũng được."""
    with opened_store():
        click.echo("Cơ sở dữ liệu đã mới nhất.")


@command.command()
def tidy() -> None:
    """Quên người trong các lớp đã hết hạn giữ. Trang đang chạy tự làm mỗi ngày."""
    import datetime

    from lms.content.catalog import Shelf
    from lms.learning.classroom.report.retention import tidy as run

    now = datetime.datetime.now(datetime.UTC)
    with opened_store() as (engine, settings):
        library = Shelf(settings.courses_dir, today=vietnam_time.today).library
        done = run(engine, library, keep=datetime.timedelta(days=settings.class_days), now=now)
    click.echo(f"Lớp đã đóng: {done.closed}, đã đếm: {done.counted}, đã quên người: {done.emptied}.")
