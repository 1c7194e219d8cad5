"""``lms ward``: forget the classes of a ward that leaves; merge a ward into another one; give one a new name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

import click

from lms.cli.click_i18n import Group
from lms.cli.open_database import database_errors, exit_with_error, open_database
from lms.cli.transactions import make_transactions

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from lms.learning.personal_data.ward import WardData
    from lms.learning.ward_changes.merging import Merger
    from lms.learning.ward_changes.problems import InvalidWardChange

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
        code = _parse_one_ward(name, "Chỉ quên được một phường, xã. Ghi tên hay mã của nơi ấy.")
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
@click.option("--dry-run", is_flag=True, help="Chỉ nói gì sẽ chuyển, gì ở lại và vì sao. Chưa đổi gì.")
@click.option("--yes", is_flag=True, help="Không hỏi lại.")
def merge(former: str, successor: str, dry_run: bool, yes: bool) -> None:
    """Nhập NƠI-CŨ vào NƠI-MỚI: tài khoản, lớp, lịch, đơn vị, chỉ tiêu còn mở chuyển sang. Không tách lại được.

    Mỗi nơi ghi bằng tên, không dấu cũng được, hoặc mã. Báo cáo đã chốt giữ nguyên dưới tên cũ. Địa chỉ cũ, lịch cũ, mã
    QR cũ dẫn sang nơi mới. Trang cứ mở cũng được. Gọi lại thì chuyển nốt những gì vừa ghi thêm dưới tên cũ.
    """
    from lms.cli.transactions import retry_after_deadlock
    from lms.learning import wards
    from lms.learning.store.ward_changes import load_ward_changes
    from lms.learning.ward_changes.merging import merge_ward
    from lms.learning.ward_changes.problems import InvalidWardChange

    with open_database() as (engine, _), database_errors():
        into = _parse_one_ward(successor, ONE_WARD)
        is_current = wards.search_wards(former) or wards.search_wards_ignoring_marks(former)
        before = None if is_current else wards.find_former_ward(former)
        is_again = before is not None and before.is_merger and wards.current_ward_code(before.code) == into
        code = before.code if before and is_again else _parse_one_ward(former, ONE_WARD)
        labels = wards.ward_label(code), wards.ward_label(into)
        now = datetime.now(UTC)

        try:
            merger = _try_merger(engine, code, into, now)
            if not merger:
                click.echo(f"{labels[0]} đã nhập vào {labels[1]} rồi. Chưa đổi gì.")
                return
            print_merge_plan(*labels, merger)
            if dry_run:
                click.echo("Chưa đổi gì.")
                return
            if not yes and not click.confirm(f"Nhập {labels[0]} vào {labels[1]} rồi không tách lại được. Nhập?"):
                exit_with_error("Chưa đổi gì.")
            retry_after_deadlock(engine, lambda session: merge_ward(session, code, into, now=now))
        except InvalidWardChange as error:
            exit_with_error(_problem_in_words(error))
        load_ward_changes(engine)
    click.echo(f"Đã nhập {labels[0]} vào {labels[1]}.")


@command.command()
@click.argument("name", metavar="NƠI")
@click.argument("new_name", metavar="TÊN-MỚI")
def rename(name: str, new_name: str) -> None:
    """Đổi tên một phường, xã, ví dụ: lms ward rename "An Đông" "Phường An Đông Mới".

    Không có chữ Phường, Xã, Đặc khu ở đầu thì loại giữ nguyên. Tên cũ và địa chỉ cũ vẫn dẫn tới nơi ấy.
    """
    from lms.cli.transactions import retry_after_deadlock
    from lms.learning import wards
    from lms.learning.store.ward_changes import load_ward_changes
    from lms.learning.ward_changes.problems import InvalidWardChange
    from lms.learning.ward_changes.renaming import rename_ward

    with open_database() as (engine, _), database_errors():
        code = _parse_one_ward(name, ONE_WARD)
        before, now = wards.ward_label(code), datetime.now(UTC)
        try:
            done = retry_after_deadlock(engine, lambda session: rename_ward(session, code, new_name, now=now))
        except InvalidWardChange as error:
            exit_with_error(_problem_in_words(error))
        load_ward_changes(engine)
        after = wards.ward_label(code)
    click.echo(
        f"Đã đổi tên {before} thành {after}." if done == "renamed" else f"{before} tên như vậy rồi. Chưa đổi gì."
    )


class _OnlyTried(Exception):
    """Leaves a transaction without a commit."""

    def __init__(self, merger: Merger) -> None:
        self.merger = merger


def _try_merger(engine: Engine, former: str, successor: str, now: datetime) -> Merger:
    """What a merger would move: it is done, and its transaction rolled back."""
    from lms.cli.transactions import retry_after_deadlock
    from lms.learning.ward_changes.merging import merge_ward

    def try_it(session: Session) -> NoReturn:
        raise _OnlyTried(merge_ward(session, former, successor, now=now))

    try:
        retry_after_deadlock(engine, try_it)
    except _OnlyTried as tried:
        return tried.merger
    raise AssertionError("unreachable")


def _parse_one_ward(typed: str, city_refused: str) -> str:
    from lms.cli.account_prompts import parse_ward

    try:
        code = parse_ward(typed, ())
    except ValueError as error:
        exit_with_error(str(error))
    return code or exit_with_error(city_refused)


def _problem_in_words(error: InvalidWardChange) -> str:
    from lms.learning import wards

    label = wards.ward_label(error.code)
    return {
        "same": f"Hai nơi là một: {label}. Ghi hai nơi khác nhau.",
        "former": f"{label} không còn trong danh sách. Gọi lại với nơi đang có.",
        "unknown": f"Không có phường, xã nào mã {label}.",
        "name": "Tên mới có ít nhất một chữ, nhiều nhất 50 chữ.",
        "taken": f"{label} đang mang tên ấy. Chọn tên khác.",
    }[error.why]


def print_merge_plan(former: str, successor: str, merger: Merger) -> None:
    """What moves and what stays, one line each, with the numbers below each other."""
    click.echo(f"{former} nhập vào {successor}. Sẽ chuyển:")
    for title, count in merger.moved.items():
        click.echo(f"{count:>8}  {title}")
    click.echo("Ở lại dưới tên cũ:")
    _print_kept_rows(merger.stays)


def print_table(label: str, data: WardData) -> None:
    """What goes and what stays, one line each, with the numbers below each other."""
    click.echo(f"{label}. Sẽ xóa:")
    for title, count in data.removed.items():
        click.echo(f"{count:>8}  {title}")
    click.echo("Còn lại:")
    _print_kept_rows(data.stays)


def _print_kept_rows(stays: Mapping[str, tuple[int, str]]) -> None:
    for title, (count, why) in stays.items():
        click.echo(f"{count:>8}  {title}: {why}")


def _print_progress(done: int, total: int) -> None:
    if done == total or done % 100 == 0:
        click.echo(f"Đã xóa {done} trong {total} lớp.", err=True)
