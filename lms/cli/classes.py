"""``lms class``: hand in the classes of a laptop without internet."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms import vietnam_time
from lms.cli.atomic_file import write_atomically
from lms.cli.click_i18n import PATH, Group
from lms.cli.open_database import exit_with_error, open_database, open_keys
from lms.cli.path_suggestions import did_you_mean, nearest_name, nearest_path
from lms.os_error_messages import os_error_message

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.content.model import Library
    from lms.learning.accounts.account import Account
    from lms.learning.badges.keys import KeyRing
    from lms.learning.hand_in.exporting import ExportableClass
    from lms.learning.hand_in.importing import ImportReceipt


@click.group(cls=Group)
def command() -> None:
    """Nộp các lớp dạy ở phòng không có internet về thành phố."""


@command.command("list")
def list_command() -> None:
    """Liệt kê các lớp đã đóng của máy này: mã, ngày, bài, đã xuất tệp nộp hay chưa."""
    from lms.learning.hand_in.exporting import find_exportable_classes
    from lms.learning.store.database import read_sessions

    with open_database() as (engine, settings), read_sessions(engine)() as session:
        library = _library(settings)
        for each in find_exportable_classes(session, ward=None):
            class_session = each.class_session
            lesson = library.lesson_or_merged_into(class_session.course, class_session.lesson)
            exported = f"đã xuất {_moment(each.exported_at)}" if each.exported_at else "chưa nộp"
            name = lesson.name if lesson else class_session.lesson
            click.echo(f"{class_session.code}\t{_moment(class_session.opened_at)}\t{name}\t{exported}")


@command.command("export")
@click.argument("classes", metavar="[MÃ-LỚP…]", nargs=-1)
@click.argument("file", metavar="TỆP", type=PATH)
def export(classes: tuple[str, ...], file: Path) -> None:
    """Xuất các lớp đã đóng ra một tệp để nộp về thành phố.

    MÃ-LỚP là sáu số như lms class list cho thấy. Không ghi mã nào thì xuất mọi lớp chưa nộp. Trong tệp chỉ có số liệu,
    không có tên ai, trừ tên mà người học tự ghi trên huy hiệu.
    """
    from lms.learning.errors import TooLarge
    from lms.learning.hand_in.document import MAX_CLASSES
    from lms.learning.hand_in.exporting import export_classes, find_exportable_classes
    from lms.learning.store.database import write_sessions

    if file.exists():
        exit_with_error(f"Đã có tệp {file}. Ghi tên khác, để không mất tệp cũ.")
    with open_database() as (engine, settings), ExitStack() as stack:
        keys, code_key = open_keys(engine, settings)
        session = stack.enter_context(write_sessions(engine).begin())
        found = find_exportable_classes(session, ward=None)
        chosen = [_find_class(code, found) for code in classes] or [each for each in found if each.exported_at is None]
        if not chosen:
            exit_with_error("Máy này không còn lớp nào chưa nộp. Nộp lại một lớp: lms class export MÃ-LỚP TỆP")
        try:
            data = export_classes(
                session,
                [each.class_session.id for each in chosen],
                library=_library(settings),
                keys=keys,
                secret=code_key,
                account=None,
                now=datetime.now(UTC),
            )
        except TooLarge:
            count = f"Mỗi tệp được {MAX_CLASSES} lớp, mà đang có {len(chosen)} lớp."
            exit_with_error(f"{count} Chọn ít hơn, ghi mã từng lớp: lms class export MÃ-LỚP… TỆP")
        try:
            write_atomically(file, data)
        except OSError as error:
            exit_with_error(f"Không ghi được tệp {file} ({os_error_message(error)}).")
    click.echo(f"Đã xuất {len(chosen)} lớp ra {file}. Nộp tệp này ở trang của thành phố, địa chỉ /dung-lop/nop.")


@command.command("import")
@click.argument("file", metavar="TỆP", type=PATH)
@click.option("--account", "login", required=True, metavar="TÊN", help="Ai nộp: tên như lms user list cho thấy.")
@click.option("--ward", metavar="NƠI", help="Lớp của phường, xã nào: tên hoặc mã. Mặc định là phường của người nộp.")
def import_(file: Path, login: str, ward: str | None) -> None:
    """Nhận tệp nộp lớp của một máy ở phòng. Nhận lại bao nhiêu lần cũng chỉ tính một lần."""
    from lms.learning.accounts import account_store
    from lms.learning.errors import InvalidHandIn
    from lms.learning.hand_in.wording import refusal_sentence
    from lms.learning.store.database import write_sessions

    data = _read(file)
    with open_database() as (engine, settings):
        keys, _ = open_keys(engine, settings)
        try:
            with write_sessions(engine).begin() as session:
                account = account_store.find_by_login(session, login)
                if account is None:
                    near = nearest_name(login, [known.login for known in account_store.all_accounts(session)])
                    exit_with_error(f"Không có ai tên {login}.{did_you_mean(near)} Xem danh sách: lms user list")
                receipt = _import(session, settings, data, account, ward, keys)
        except InvalidHandIn as error:
            exit_with_error(refusal_sentence(error))
    click.echo(_receipt_sentence(receipt))


def _import(
    session: Session, settings: Settings, data: bytes, account: Account, ward: str | None, keys: KeyRing
) -> ImportReceipt:
    from lms.learning.accounts import permissions
    from lms.learning.accounts.permissions import PermissionTarget
    from lms.learning.badges.openbadges import Issuer
    from lms.learning.hand_in.importing import import_hand_in
    from lms.learning.hand_in.laptop_file import read_laptop_file

    code = account.ward if ward is None else _ward_code(ward)
    if not permissions.is_permitted(account, "hand_in", PermissionTarget(code)):
        exit_with_error(f"{account.name} không nộp lớp cho nơi ấy được. Xem việc và phường: lms user list")
    now = datetime.now(UTC)
    issuer = Issuer(settings.public_url, keys)
    file = read_laptop_file(data, now=now)
    return import_hand_in(session, file, account=account, ward=code, library=_library(settings), issuer=issuer, now=now)


def _receipt_sentence(receipt: ImportReceipt) -> str:
    if receipt.is_empty:
        return "Tệp này đã nhận rồi. Không có gì mới, không tính hai lần."
    sentence = (
        f"Đã nhận {len(receipt.new_classes)} lớp mới, {len(receipt.updated_classes)} lớp có số liệu mới hơn, "
        f"{receipt.new_marks} dấu, ký {receipt.new_badges} huy hiệu."
    )
    lost = f" {receipt.lost_marks} dấu của bài mà trang này không có thì chưa giữ." if receipt.lost_marks else ""
    return sentence + lost


def _find_class(code: str, classes: tuple[ExportableClass, ...]) -> ExportableClass:
    """The newest closed class with this code."""
    digits = code.replace(" ", "")
    found = next((each for each in classes if each.class_session.code == digits), None)
    return found or exit_with_error(f"Máy này không có lớp nào đã đóng mang mã {code}. Xem các lớp: lms class list")


def _ward_code(typed: str) -> str:
    from lms.cli.account_prompts import parse_ward

    try:
        return parse_ward(typed, ()) or ""
    except ValueError as error:
        exit_with_error(str(error))


def _library(settings: Settings) -> Library:
    from lms.content.catalog import Catalog

    return Catalog(settings.courses_dir, today=vietnam_time.today).library


def _moment(moment: datetime) -> str:
    return vietnam_time.to_vietnam_time(moment).strftime("%d/%m/%Y %H:%M")


def _read(file: Path) -> bytes:
    from lms.learning.hand_in.signed_file import MAX_FILE_BYTES

    try:
        with file.open("rb") as opened:
            return opened.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        near = did_you_mean(nearest_path(file)) if isinstance(error, FileNotFoundError) else ""
        exit_with_error(f"Không đọc được tệp {file} ({os_error_message(error)}).{near}")
