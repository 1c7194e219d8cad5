"""``lms figures``: count classes and learners, and publish the figures of the day."""

from __future__ import annotations

import click

from lms.cli.click_i18n import Group
from lms.cli.open_database import database_errors, open_database


@click.group(cls=Group)
def command() -> None:
    """Đếm lớp và người học; công bố số liệu của ngày."""


@command.command()
def release() -> None:
    """Đếm những gì chưa đếm rồi công bố. Trang đang chạy tự làm mỗi ngày.

    Mỗi ngày chỉ công bố một lần. Gọi lại bao nhiêu lần cũng không đếm hai lần.
    """
    from datetime import UTC, datetime, timedelta

    from lms import vietnam_time
    from lms.content.catalog import Catalog
    from lms.learning.classroom.report.retention import apply_retention
    from lms.learning.figures.releases import release_figures

    now = datetime.now(UTC)
    with open_database() as (engine, settings), database_errors():
        library = Catalog(settings.courses_dir, today=vietnam_time.today).library
        apply_retention(engine, library, keep=timedelta(days=settings.class_days), now=now)  # stores what is counted
        result, is_new = release_figures(engine, now=now)
    click.echo(f"Lớp mới đếm: {result.classes}, bỏ ra: {result.left_out}. Người có dấu mới: {result.learners}.")
    click.echo("Đã công bố số liệu hôm nay." if is_new else "Hôm nay đã công bố rồi. Số mới sẽ hiện từ ngày mai.")
