"""``lms ward``: forget the classes of a ward that leaves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from lms.cli.click_i18n import Group
from lms.cli.open_database import database_errors, exit_with_error, open_database
from lms.cli.transactions import make_transactions

if TYPE_CHECKING:
    from lms.learning.personal_data.ward import WardData


@click.group(cls=Group)
def command() -> None:
    """Quên các lớp của một phường, xã."""


@command.command()
@click.argument("name", metavar="NƠI")
@click.option("--dry-run", is_flag=True, help="Chỉ nói gì sẽ xóa, gì còn lại và vì sao. Chưa đổi gì.")
@click.option("--yes", is_flag=True, help="Không hỏi lại.")
def forget(name: str, dry_run: bool, yes: bool) -> None:
    """Xóa các lớp của một phường, xã, với báo cáo, lời dặn và việc của tài khoản ở đó. Không lấy lại được.

    NƠI là tên, không dấu cũng được, hoặc mã. Phần học, dấu và huy hiệu của bà con thì còn. Trang cứ mở cũng được. Đứt
    giữa chừng thì gọi lại.
    """
    from lms.cli.account_prompts import parse_ward
    from lms.learning import wards
    from lms.learning.errors import WardHasOpenClass
    from lms.learning.personal_data.ward import count_ward_data, forget_ward, require_no_open_class

    try:
        code = parse_ward(name, ())
    except ValueError as error:
        exit_with_error(str(error))
    if not code:
        exit_with_error("Chỉ quên được một phường, xã. Ghi tên hay mã của nơi ấy.")
    label = wards.ward_label(code)
    with open_database() as (engine, _), database_errors():
        transactions = make_transactions(engine)
        data: WardData = transactions.read(lambda session: count_ward_data(session, code))
        if not data:
            click.echo(f"Trang không giữ gì của {label}. Chưa đổi gì.")
            return
        print_table(label, data)
        try:
            transactions.read(lambda session: require_no_open_class(session, code))
            if dry_run:
                click.echo("Chưa đổi gì.")
                return
            if not yes and not click.confirm(f"Xóa các lớp của {label} rồi không lấy lại được. Xóa?"):
                exit_with_error("Chưa đổi gì.")
            forget_ward(transactions, code, progress=_print_progress, now=datetime.now(UTC))
        except WardHasOpenClass as error:
            exit_with_error(f"{label} có lớp đang mở: {', '.join(error.codes)}. Đóng lớp ấy rồi gọi lại.")
    click.echo(f"Đã quên {label}.")
    click.echo("Bản sao lưu cũ còn giữ các lớp ấy. Trả lại bản cũ, hay nhận lại tệp nộp lớp cũ, thì gọi lại lệnh này.")


def print_table(label: str, data: WardData) -> None:
    """What goes and what stays, one line each, with the numbers below each other."""
    click.echo(f"{label}. Sẽ xóa:")
    for title, count in data.removed.items():
        click.echo(f"{count:>8}  {title}")
    click.echo("Còn lại:")
    for title, (count, why) in data.stays.items():
        click.echo(f"{count:>8}  {title}: {why}")


def _print_progress(done: int, total: int) -> None:
    if done == total or done % 100 == 0:
        click.echo(f"Đã xóa {done} trong {total} lớp.", err=True)
