"""``lms user``: the first accounts, and a slip for whoever cannot get in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from lms.cli.click_i18n import Group, Whole
from lms.cli.db_session import opened_store, refuse
from lms.cli.path_suggestions import asked, nearest_name
from lms.cli.prompting import at_terminal
from lms.cli.running_site import open_address
from lms.cli.slips import print_slip

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.config import Settings

_PORT = click.option(
    "--port",
    type=Whole(1, 65535),
    help="Cổng của trang, cho địa chỉ trên phiếu. Mặc định là của trang đang mở, rồi LMS_PORT, rồi 8000.",
)


@click.group(cls=Group)
def command() -> None:
    """Thêm người đứng lớp, người tổ chức; in phiếu vào."""


@command.command()
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
def add(name: str, roles: tuple[str, ...], ward: str | None, port: int | None) -> None:
    """Thêm một người, rồi in phiếu vào. Ghi --role nhiều lần nếu người ấy làm nhiều việc.

    Điều gì chưa ghi thì lệnh hỏi: chỉ cần gõ lms user add
    """
    from lms.cli.account_prompts import ask_for, read
    from lms.learning import wards
    from lms.learning.accounts import account_store, permissions, sign_in_slips

    given = read(name, roles, ward)
    if given.amiss:
        if not at_terminal():
            refuse("\n".join(given.amiss))
        given = ask_for(given)
    with _database(port) as (session, settings):
        now = datetime.now(UTC)
        account = account_store.add_account(
            session, name=given.name, roles=given.roles, ward=given.ward or "", by=None, now=now
        )
        slip = sign_in_slips.issue_slip(session, account.id, by=None, secret=settings.secret_key, now=now)
    place = wards.place_name(account.ward)
    click.echo(f"Đã thêm {account.name}: {permissions.in_words(account.roles)}, {place}.")
    click.echo(f"Tên để gõ khi đã đặt mật khẩu: {account.login}")
    click.echo("")
    print_slip(slip, settings.public_url)


@command.command()
@click.argument("login", metavar="TÊN")
@_PORT
def slip(login: str, port: int | None) -> None:
    """In phiếu mới cho một người: mất phiếu, quên mật khẩu. TÊN như lms user list cho thấy."""
    from lms.learning.accounts import account_store, sign_in_slips
    from lms.learning.errors import SlipRefused

    with _database(port) as (session, settings):
        account = account_store.by_login(session, login)
        if account is None:
            near = nearest_name(login, [one.login for one in account_store.everybody(session)])
            refuse(f"Không có ai tên {login}.{asked(near)} Xem danh sách: lms user list")
        try:
            printed = sign_in_slips.issue_slip(
                session, account.id, by=None, secret=settings.secret_key, now=datetime.now(UTC)
            )
        except SlipRefused:
            refuse(f"Tài khoản của {account.name} đang ngừng. Mở lại ở trang /quan-ly trước đã.")
    print_slip(printed, settings.public_url)


@command.command("list")
def list_() -> None:
    """Liệt kê mọi tài khoản: tên để gõ, họ tên, việc, phường."""
    from lms.learning import wards
    from lms.learning.accounts import account_store, permissions

    with _database() as (session, _settings):
        found = account_store.everybody(session)
    for one in found:
        state = ", đang ngừng" if one.disabled else ""
        click.echo(f"{one.login}\t{one.name}\t{permissions.in_words(one.roles)}\t{wards.place_name(one.ward)}{state}")
    if not found:
        click.echo("Chưa có tài khoản nào. Thêm người đầu tiên: lms user add", err=True)


@contextmanager
def _database(port: int | None = None) -> Iterator[tuple[Session, Settings]]:
    """A transaction on the store, and the settings with the address at which the site is open just now, if it is."""
    from lms.learning.store.database import writing

    with opened_store(port=port) as (engine, settings), writing(engine).begin() as session:
        known = None if os.environ.get("LMS_PUBLIC_URL") else open_address(settings.data_dir, port)
        yield session, replace(settings, public_url=known) if known else settings
