"""``lms figures``: count classes and learners, publish the figures of the day, write the report of a period."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms.cli.atomic_file import write_atomically
from lms.cli.click_i18n import Group
from lms.cli.open_database import database_errors, exit_with_error, open_database
from lms.os_error_messages import os_error_message

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.learning.org_units.unit_store import OrgUnit


@click.group(cls=Group)
def command() -> None:
    """Đếm lớp và người học; công bố số liệu của ngày; viết báo cáo của một kỳ."""


@command.command()
def release() -> None:
    """Đếm những gì chưa đếm rồi công bố. Trang đang chạy tự làm mỗi ngày.

    Mỗi ngày chỉ công bố một lần. Gọi lại bao nhiêu lần cũng không đếm hai lần.
    """
    from datetime import UTC, datetime, timedelta

    from lms import vietnam_time
    from lms.content.catalog import Catalog
    from lms.learning.classroom.report.data_retention import apply_retention
    from lms.learning.movement_statistics.figure_releases import release_figures

    now = datetime.now(UTC)
    with open_database() as (engine, settings), database_errors():
        library = Catalog(settings.courses_dir, today=vietnam_time.today).library
        apply_retention(engine, library, keep=timedelta(days=settings.class_days), now=now)  # stores what is counted
        result, is_new = release_figures(engine, now=now)
    click.echo(f"Lớp mới đếm: {result.classes}, bỏ ra: {result.left_out}. Người có dấu mới: {result.learners}.")
    click.echo("Đã công bố số liệu hôm nay." if is_new else "Hôm nay đã công bố rồi. Số mới sẽ hiện từ ngày mai.")


@command.command()
@click.argument("place", metavar="NƠI")
@click.argument("period", metavar="KỲ")
@click.argument("path", metavar="TỆP", type=click.Path(path_type=Path, dir_okay=False))
def report(place: str, period: str, path: Path) -> None:
    """Viết báo cáo của một kỳ ra tệp .xlsx hay .csv, số y như trang /quan-ly/bao-cao.

    NƠI là tên hay mã phường, xã, mã của một đơn vị, hoặc tp. KỲ là 2026-10, 2026-Q4 hay 2026.
    """
    from datetime import UTC, datetime

    from lms import vietnam_time
    from lms.learning.ledger.period_report import build_report
    from lms.learning.ledger.periods import parse_period
    from lms.learning.store.database import read_sessions
    from lms.web.ledger.report_files import write_report

    kind = path.suffix.removeprefix(".").lower()
    if kind not in ("csv", "xlsx"):
        exit_with_error("Tên tệp phải có đuôi .xlsx hay .csv.")
    found = parse_period(period)
    if found is None:
        exit_with_error(f"Không có kỳ {period}. Ghi như 2026-10, 2026-Q4 hay 2026.")
    if found.first > vietnam_time.today():
        exit_with_error(f"{found.name} chưa tới, nên chưa có gì để báo cáo.")
    with open_database() as (engine, _), database_errors(), read_sessions(engine)() as session:
        unit, now = _find_unit(session, place), datetime.now(UTC)
        data = write_report(build_report(session, unit, found, now=now), kind)
    try:
        write_atomically(path, data)
    except OSError as error:
        exit_with_error(f"Không ghi được {path}: {os_error_message(error)}.")
    click.echo(f"Đã viết {path}.")


def _find_unit(session: Session, place: str) -> OrgUnit:
    """The unit with this id, or of the ward with this name or code. Exits with 1 if there is none."""
    from lms.cli.account_prompts import parse_ward
    from lms.learning.errors import NotFound
    from lms.learning.org_units.unit_store import find_unit, place_unit_id

    try:
        return find_unit(session, place)
    except NotFound:
        try:
            return find_unit(session, place_unit_id(parse_ward(place, ()) or ""))
        except ValueError as error:
            exit_with_error(str(error))
