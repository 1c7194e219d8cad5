"""``lms user``: the first accounts, and a slip for whoever cannot get in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from lms.cli.slips import print_slip
from lms.cli.store import opened_store, refuse

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.config import Settings

CITY_WORDS = ("tp", "thành phố", "toàn thành phố")


@click.group()
def command() -> None:
    """Thêm người đứng lớp, người tổ chức; in phiếu vào."""


@command.command()
@click.option("--name", default="", help="Họ tên.")
@click.option("--role", "roles", multiple=True, help="facilitator, helper, author, organiser hoặc administrator.")
@click.option("--ward", help='Phường, xã: tên hoặc mã. "tp" là toàn thành phố.')
def add(name: str, roles: tuple[str, ...], ward: str | None) -> None:
    """Thêm một người, rồi in phiếu vào. Ghi --role nhiều lần nếu người ấy làm nhiều việc."""
    from lms.learning import wards
    from lms.learning.accounts import records, rights, slips
    from lms.learning.errors import InvalidAccount

    for missing, why in ((not name.strip(), "name"), (not roles or set(roles) - set(rights.ROLES), "roles")):
        if missing:
            refuse(_WHY[why])
    code = _ward_code(ward, roles)
    with _database() as (session, settings):
        now = datetime.now(UTC)
        try:
            account = records.add_account(session, name=name, roles=roles, ward=code, by=None, now=now)
        except InvalidAccount as error:
            refuse(_WHY[error.why])
        slip = slips.issue_slip(session, account.id, by=None, secret=settings.secret_key, now=now)
    place = wards.place_name(account.ward)
    click.echo(f"Đã thêm {account.name}: {rights.in_words(account.roles)}, {place}.")
    click.echo(f"Tên để gõ khi đã đặt mật khẩu: {account.login}")
    click.echo("")
    print_slip(slip, settings.public_url)


@command.command()
@click.argument("login", metavar="TÊN")
def slip(login: str) -> None:
    """In phiếu mới cho một người: mất phiếu, quên mật khẩu. TÊN như lms user list cho thấy."""
    from lms.learning.accounts import records, slips
    from lms.learning.errors import SlipRefused

    with _database() as (session, settings):
        account = records.by_login(session, login)
        if account is None:
            refuse(f"Không có ai tên {login}. Xem danh sách: lms user list")
        try:
            printed = slips.issue_slip(session, account.id, by=None, secret=settings.secret_key, now=datetime.now(UTC))
        except SlipRefused:
            refuse(f"Tài khoản của {account.name} đang ngừng. Mở lại ở trang /quan-ly trước đã.")
    print_slip(printed, settings.public_url)


@command.command("list")
def list_() -> None:
    """Liệt kê mọi tài khoản: tên để gõ, họ tên, việc, phường."""
    from lms.learning import wards
    from lms.learning.accounts import records, rights

    with _database() as (session, _settings):
        found = records.everybody(session)
    for one in found:
        state = ", đang ngừng" if one.disabled else ""
        click.echo(f"{one.login}\t{one.name}\t{rights.in_words(one.roles)}\t{wards.place_name(one.ward)}{state}")
    if not found:
        click.echo("Chưa có tài khoản nào. Thêm người đầu tiên: lms user add", err=True)


_WHY = {
    "name": "Ghi họ tên sau --name, nhiều nhất 60 chữ.",
    "roles": "Ghi việc sau --role: facilitator (người đứng lớp), helper (người phụ lớp), author (người soạn bài), "
    "organiser (người tổ chức) hoặc administrator (quản trị).",
    "ward": "Không có phường, xã ấy.",
    "city": "Quản trị là của toàn thành phố: ghi --ward tp, hoặc bỏ --ward.",
}


def _ward_code(ward: str | None, roles: tuple[str, ...]) -> str:
    """The code of what was typed; "" is the city, which administrators need not type."""
    from lms.learning import wards

    if ward is None and "administrator" not in roles:
        refuse('Ghi phường, xã sau --ward, ví dụ --ward "An Đông". Toàn thành phố thì ghi --ward tp.')
    if ward is None or " ".join(ward.casefold().split()) in CITY_WORDS:
        return ""
    found = wards.find_wards(ward)
    if len(found) != 1:
        near = ", ".join(f'"{one.full}"' for one in wards.near_wards(ward))
        asked = f" Có phải {near}?" if near else " Gõ tên có dấu, hoặc mã."
        refuse(f'Không có phường, xã nào tên "{ward}".{asked}')
    return found[0].code


@contextmanager
def _database() -> Iterator[tuple[Session, Settings]]:
    """A transaction on the store."""
    from lms.learning.database import writing

    with opened_store() as (engine, settings), writing(engine).begin() as session:
        yield session, settings
