"""``lms user``: add accounts, list and forget them, and print sign-in slips."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from lms import vietnam_time
from lms.cli.click_i18n import Group, WholeNumber
from lms.cli.open_database import database_errors, exit_with_error, open_database
from lms.cli.path_suggestions import did_you_mean, nearest_name
from lms.cli.person import counts_in_words
from lms.cli.running_site import find_other_sites, find_running_site, running_site_url, store_name
from lms.cli.slips import print_slip
from lms.cli.transactions import make_transactions
from lms.config import data_folder, default_database_url

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.learning.accounts.account import Account
    from lms.learning.personal_data.account import AccountData

_PORT = click.option(
    "--port",
    type=WholeNumber(1, 65535),
    help="Cổng của trang, cho địa chỉ trên phiếu. Mặc định là của trang đang mở, rồi LMS_PORT, rồi 8000.",
)


@click.group(cls=Group)
def command() -> None:
    """Thêm người đứng lớp, người tổ chức; in phiếu vào; quên người đã thôi việc."""


@command.command(context_settings={"allow_extra_args": True})  # refused below, with the way to say a name
@click.option("--name", default="", metavar="TÊN", help='Họ tên, như "Lê Thu".')
@click.option(
    "--role",
    "roles",
    multiple=True,
    metavar="VIỆC",
    help="facilitator (người đứng lớp), helper (người phụ lớp), author (người soạn bài), organiser (người tổ chức) "
    "hoặc administrator (quản trị).",
)
@click.option("--ward", metavar="NƠI", help='Phường, xã: tên (không dấu cũng được) hoặc mã. "tp" là toàn thành phố.')
@_PORT
@click.pass_context
def add(context: click.Context, name: str, roles: tuple[str, ...], ward: str | None, port: int | None) -> None:
    """Thêm một người, rồi in phiếu vào. Ghi --role nhiều lần nếu người ấy làm nhiều việc.

    Điều gì chưa ghi thì lệnh hỏi: chỉ cần gõ lms user add
    """
    from lms.cli.account_prompts import ask_missing, is_interactive, parse_options
    from lms.learning import wards
    from lms.learning.accounts import account_store, permissions, sign_in_slips

    if context.args:
        raise click.UsageError(f'Họ tên ghi sau --name, như: --name "{" ".join([*name.split(), *context.args])}"')
    given = parse_options(name, roles, ward)
    if given.errors:
        if not is_interactive():
            exit_with_error("\n".join(given.errors))
        _print_store()
        given = ask_missing(given)
    with _open_for_writing(port) as (session, settings):
        now = datetime.now(UTC)
        account = account_store.add_account(
            session, name=given.name, roles=given.roles, ward=given.ward or "", by=None, now=now
        )
        slip = sign_in_slips.issue_slip(session, account.id, by=None, secret=settings.secret_key, now=now)
    ward_label = wards.ward_label(account.ward)
    click.echo(f"Đã thêm {account.name}: {permissions.roles_in_words(account.roles)}, {ward_label}.")
    click.echo(f"Tên để gõ khi đã đặt mật khẩu: {account.login}")
    click.echo("")
    print_slip(slip, settings.public_url)


@command.command()
@click.argument("login", metavar="TÊN")
@_PORT
def slip(login: str, port: int | None) -> None:
    """In phiếu mới cho một người: mất phiếu, quên mật khẩu. TÊN như lms user list cho thấy."""
    from lms.learning.accounts import sign_in_slips
    from lms.learning.errors import InvalidSignInSlip

    with _open_for_writing(port) as (session, settings):
        account = _find_account(session, login)
        try:
            printed = sign_in_slips.issue_slip(
                session, account.id, by=None, secret=settings.secret_key, now=datetime.now(UTC)
            )
        except InvalidSignInSlip:
            exit_with_error(f"Tài khoản của {account.name} đang ngừng. Mở lại ở trang /quan-ly trước đã.")
    print_slip(printed, settings.public_url)


@command.command()
@click.argument("login", metavar="TÊN")
@click.option("--dry-run", is_flag=True, help="Chỉ nói sẽ xóa gì, còn lại gì. Chưa đổi gì.")
@click.option("--close-classes", is_flag=True, help="Đóng luôn lớp đang mở mà chỉ người ấy đứng.")
@click.option("--yes", is_flag=True, help="Không hỏi lại.")
def forget(login: str, dry_run: bool, close_classes: bool, yes: bool) -> None:
    """Quên một người có tài khoản. TÊN như lms user list cho thấy. Trang cứ mở cũng được. Không lấy lại được.

    Tên rời khỏi tài khoản, nhật ký, việc đã chứng kiến và lời dặn của lớp. Việc đã làm và ngày giờ thì còn, cả số đếm
    của lớp, dấu và huy hiệu của bà con.
    """
    from lms.content.catalog import Catalog
    from lms.learning.personal_data.account import count_account_data, forget_account, require_forgettable

    _print_store()
    with open_database() as (engine, settings), database_errors():
        transactions = make_transactions(engine)
        account: Account = transactions.read(lambda session: _find_account(session, login))
        data: AccountData = transactions.read(lambda session: count_account_data(session, account))
        click.echo(f"Sẽ xóa: {counts_in_words(data.removed)}.")
        click.echo(f"Còn lại, không tên: {counts_in_words(data.stays)}.")
        with _refusals():
            transactions.read(lambda session: require_forgettable(session, account, closes_classes=close_classes))
            if dry_run:
                click.echo("Chưa đổi gì.")
                return
            if not yes and not click.confirm(f"Quên {account.name} rồi không lấy lại được. Quên?"):
                exit_with_error("Chưa đổi gì.")
            forget_account(
                transactions,
                account.id,
                closes_classes=close_classes,
                library=Catalog(settings.courses_dir, today=vietnam_time.today).library,
                personal_for=timedelta(days=settings.class_days),
                now=datetime.now(UTC),
            )
    click.echo("Đã quên. Ở mọi máy, người ấy ra khỏi trang ngay. Phiếu của người ấy hết dùng được.")
    click.echo("Bản sao lưu cũ còn giữ tên cho tới khi được bỏ; trả lại bản cũ thì người ấy vẫn được quên.")


@contextmanager
def _refusals() -> Iterator[None]:
    """Exit with a sentence for an account that cannot be forgotten."""
    from lms.learning.errors import CannotForgetLaptopAccount, LastAdministrator, OnlyFacilitatorOfOpenClass

    try:
        yield
    except CannotForgetLaptopAccount:
        exit_with_error(
            "Đây là tài khoản chung của máy, không của riêng ai. Muốn thôi dùng thì ngừng nó ở trang /quan-ly."
        )
    except LastAdministrator:
        exit_with_error("Đây là người quản trị cuối cùng. Thêm người khác trước: lms user add --role administrator")
    except OnlyFacilitatorOfOpenClass as error:
        exit_with_error(
            f"Người này đang đứng lớp {', '.join(error.codes.values())}, chưa đổi gì. Đóng lớp, hoặc để người khác nhận"
            " điều khiển, rồi gọi lại. Muốn đóng luôn thì thêm --close-classes."
        )


def _find_account(session: Session, login: str) -> Account:
    """The account whose name is typed like this; exits with 1 if there is none."""
    from lms.learning.accounts import account_store

    account = account_store.find_by_login(session, login)
    if account is None:
        near = nearest_name(login, [known.login for known in account_store.all_accounts(session)])
        exit_with_error(f"Không có ai tên {login}.{did_you_mean(near)} Xem danh sách: lms user list")
    return account


@command.command("list")
def list_command() -> None:
    """Liệt kê mọi tài khoản: tên để gõ, họ tên, việc, phường."""
    from lms.learning import wards
    from lms.learning.accounts import account_store, permissions

    with _open_for_writing() as (session, _settings):
        accounts = account_store.all_accounts(session)
    for account in accounts:
        state = ", đang ngừng" if account.disabled else ""
        click.echo(
            f"{account.login}\t{account.name}\t{permissions.roles_in_words(account.roles)}\t{wards.ward_label(account.ward)}{state}"
        )
    if not accounts:
        click.echo("Chưa có tài khoản nào. Thêm người đầu tiên: lms user add", err=True)


@contextmanager
def _open_for_writing(port: int | None = None) -> Iterator[tuple[Session, Settings]]:
    """Yield a write transaction and the settings, with the public URL of the running site if there is one."""
    from lms.learning.store.database import write_sessions

    _print_store()
    with open_database(port=port) as (engine, settings), write_sessions(engine).begin() as session:
        running_url = None if os.environ.get("LMS_PUBLIC_URL") else running_site_url(settings.data_dir, port)
        yield session, replace(settings, public_url=running_url) if running_url else settings


def _print_store() -> None:
    """Say once, before anything is asked or written, which store is used, and whether a site uses another one."""
    context = click.get_current_context()
    if context.meta.setdefault("lms.said_store", False):
        return
    context.meta["lms.said_store"] = True
    data_dir = data_folder()
    store = store_name(data_dir, os.environ.get("LMS_DATABASE_URL") or default_database_url(data_dir))
    click.echo(f"Kho dữ liệu: {store}", err=True)
    if find_running_site(data_dir):
        return
    for site in find_other_sites(store):
        click.echo(
            f"Trang đang mở ở {site.public_url} dùng kho khác: {site.store}. Lệnh này không đổi gì ở trang ấy."
            " Muốn đổi ở trang ấy: đặt LMS_DATA_DIR (và LMS_DATABASE_URL) giống như lúc mở trang.",
            err=True,
        )
