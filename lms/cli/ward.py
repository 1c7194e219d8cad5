"""``lms ward``: forget the classes of a ward that leaves; merge a ward into another one; give one a new name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from lms.cli.click_i18n import Group
from lms.cli.open_database import database_errors, exit_with_error, open_database
from lms.cli.transactions import make_transactions

if TYPE_CHECKING:
    from lms.learning.personal_data.ward import WardData

ONE_WARD = "Ghi tên hay mã của một phường, xã; toàn thành phố thì không được."


@click.group(cls=Group)
def command() -> None:
    """Quên các lớp của một phường, xã; nhập nơi này vào nơi kia; đổi tên một nơi."""


@command.command()
@click.argument("name", metavar="NƠI")
@click.option("--dry-run", is_flag=True, help="Chỉ nói gì sẽ xóa, gì còn lại và vì sao. Chưa đổi gì.")
@click.option("--yes", is_flag=True, help="Không hỏi lại.")
def forget(name: str, dry_run: bool, yes: bool) -> None:
    """Xóa các lớp của một phường, xã, với báo cáo, lời dặn và việc của tài khoản ở đó. Không lấy lại được.

    NƠI là tên, không dấu cũng được, hoặc mã. Phần học, dấu và huy hiệu của bà con thì còn. Trang cứ mở cũng được. Đứt
    giữa chừng thì gọi lại.
    """
    from lms.learning import wards
    from lms.learning.errors import WardHasOpenClass
    from lms.learning.personal_data.ward import count_ward_data, forget_ward, require_no_open_class

    with open_database() as (engine, _), database_errors():
        city_refused = "Chỉ quên được một phường, xã. Ghi tên hay mã của nơi ấy."
        code = name if wards.is_former_code(name) else _parse_one_ward(name, city_refused)
        label = wards.ward_label(code)
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


@command.command()
@click.argument("former", metavar="NƠI-CŨ")
@click.argument("successor", metavar="NƠI-MỚI")
@click.option("--yes", is_flag=True, help="Không hỏi lại.")
def merge(former: str, successor: str, yes: bool) -> None:
    """Nhập NƠI-CŨ vào NƠI-MỚI: người, lớp, lịch, đơn vị chuyển sang. Không tách lại được.

    Mỗi nơi ghi bằng tên, không dấu cũng được, hoặc mã. Dừng trang, sao lưu rồi mới gọi. Số đã đếm, chỉ tiêu và báo cáo
    của chính nơi cũ ở lại dưới tên cũ.
    """
    from lms.cli.transactions import retry_after_deadlock
    from lms.learning import wards
    from lms.learning.ward_changes import merge_ward

    with open_database() as (engine, _), database_errors():
        old, new = (wards.get_ward(_parse_one_ward(name, ONE_WARD)) for name in (former, successor))
        if old == new:
            exit_with_error(f"Hai nơi là một: {old.full_name}. Ghi hai nơi khác nhau.")
        question = f"Nhập {old.full_name} vào {new.full_name} rồi không tách lại được. Nhập?"
        if not yes and not click.confirm(question):
            exit_with_error("Chưa đổi gì.")
        now = datetime.now(UTC)
        moved = retry_after_deadlock(engine, lambda session: merge_ward(session, old, new, now=now))
    for table, count in moved.items():
        click.echo(f"{count:>8}  {table}")
    click.echo(f"Đã nhập {old.full_name} vào {new.full_name}. Mở lại trang.")


@command.command()
@click.argument("name", metavar="NƠI")
@click.argument("new_name", metavar="TÊN-MỚI")
def rename(name: str, new_name: str) -> None:
    """Đổi tên một phường, xã, ví dụ: lms ward rename "An Đông" "Phường An Đông Mới".

    Không có chữ Phường, Xã, Đặc khu ở đầu thì loại giữ nguyên. Dừng trang, sao lưu rồi mới gọi.
    """
    from lms.cli.transactions import retry_after_deadlock
    from lms.learning import wards
    from lms.learning.ward_changes import rename_ward

    with open_database() as (engine, _), database_errors():
        ward, now = wards.get_ward(_parse_one_ward(name, ONE_WARD)), datetime.now(UTC)
        try:
            renamed = retry_after_deadlock(engine, lambda session: rename_ward(session, ward, new_name, now=now))
        except ValueError as error:
            exit_with_error(str(error))
    click.echo(f"Đã đổi tên {ward.full_name} thành {renamed}. Mở lại trang.")


def _parse_one_ward(typed: str, city_refused: str) -> str:
    from lms.cli.account_prompts import parse_ward

    try:
        code = parse_ward(typed, ())
    except ValueError as error:
        exit_with_error(str(error))
    return code or exit_with_error(city_refused)


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
