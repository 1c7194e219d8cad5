"""Name, duties and ward of somebody new: as written after the options, or asked for one after the other."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import click

from lms.cli.db_session import refuse
from lms.cli.prompting import ask, chosen_number, numbered
from lms.learning import wards
from lms.learning.accounts import account_store
from lms.learning.accounts.permissions import CITY, ROLE_NAMES, ROLES
from lms.learning.errors import InvalidAccount
from lms.learning.wards import Ward

CITY_WORDS = ("tp", "thành phố", "thanh pho", "toàn thành phố", "toan thanh pho")
NAME = "Ghi họ tên sau --name, nhiều nhất 60 chữ."
DUTIES = (
    "Ghi việc sau --role: facilitator (người đứng lớp), helper (người phụ lớp), author (người soạn bài), "
    "organiser (người tổ chức) hoặc administrator (quản trị)."
)
WARD = 'Ghi phường, xã sau --ward, ví dụ --ward "An Đông". Toàn thành phố thì ghi --ward tp.'
WHOLE_CITY = "Quản trị là của toàn thành phố: ghi --ward tp, hoặc bỏ --ward."


@dataclass(frozen=True, slots=True)
class Newcomer:
    """``name`` "", ``roles`` () and ``ward`` None are still to be asked for.

    ``amiss``: a sentence for each of them; ``wrong``: for those among them that were given and cannot be.
    """

    name: str
    roles: tuple[str, ...]
    ward: str | None  # a code, "" for the city
    amiss: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


def read(name: str, roles: Sequence[str], ward: str | None) -> Newcomer:
    """What the options say. All that is missing or wrong is told at once."""
    amiss: list[tuple[str, bool]] = []  # and whether it was given
    if not _is_name(name):
        amiss.append((NAME, bool(name.strip())))
        name = ""
    if not roles or set(roles) - set(ROLES):
        amiss.append((DUTIES, bool(roles)))
        roles = ()
    code = None
    try:
        code = _ward_of(ward, roles)
    except ValueError as error:
        amiss.append((str(error), ward is not None))
    wrong = tuple(sentence for sentence, is_given in amiss if is_given)
    return Newcomer(name.strip(), tuple(roles), code, tuple(sentence for sentence, _ in amiss), wrong)


def ask_for(given: Newcomer) -> Newcomer:
    """Ask for what is missing, on a terminal. What was given and cannot be is said first.

    What contradicts itself is refused: an administrator of one ward would be made one of the whole city, unnoticed.
    """
    if WHOLE_CITY in given.wrong:
        refuse(WHOLE_CITY)
    for sentence in given.wrong:
        click.echo(sentence, err=True)
    name = given.name or ask("Họ tên", _name)
    roles = given.roles
    if not roles:
        click.echo("Việc của người ấy:\n" + numbered([ROLE_NAMES[role].capitalize() for role in ROLES]), err=True)
        roles = ask("Gõ số; nhiều việc thì cách nhau bằng dấu phẩy", _duties, default="1")
    ward = given.ward
    if "administrator" in roles:
        if ward not in (None, CITY) or set(given.wrong) - {NAME, DUTIES}:
            refuse(WHOLE_CITY)
        ward = CITY
    elif ward is None:
        ward = _ask_ward()
    return Newcomer(name, roles, ward)


def _is_name(text: str) -> bool:
    try:
        account_store.checked(text, ["helper"], CITY)
    except InvalidAccount:
        return False
    return True


def _name(typed: str) -> str:
    if not _is_name(typed):
        raise ValueError("Họ tên có ít nhất một chữ, nhiều nhất 60 chữ.")
    return typed.strip()


def _duties(typed: str) -> tuple[str, ...]:
    found = []
    for part in filter(None, re.split(r"[,;\s]+", typed)):
        number = chosen_number(part, len(ROLES))
        if number is None and part not in ROLES:
            raise ValueError(f"Gõ số từ 1 đến {len(ROLES)}, ví dụ 1 hoặc 1,4.")
        found.append(part if number is None else ROLES[number])
    if not found:
        raise ValueError(f"Gõ số từ 1 đến {len(ROLES)}, ví dụ 1 hoặc 1,4.")
    return tuple(dict.fromkeys(found))


def _ward_of(ward: str | None, roles: Collection[str]) -> str | None:
    """The code of what was typed. "" is the city, which administrators need not type.

    Raises:
        ValueError: nothing was typed, or it is no ward's name or several wards'; the text says so.
    """
    if ward is None:
        if "administrator" in roles:
            return CITY
        raise ValueError(WARD)
    code = _code(ward)
    if "administrator" in roles and code != CITY:
        raise ValueError(WHOLE_CITY)
    return code


def _code(typed: str) -> str:
    if _is_city(typed):
        return CITY
    found = _wards(typed)
    if len(found) == 1:
        return found[0].code
    near = ", ".join(f'"{one.full}"' for one in found or wards.near_wards(typed))
    asked = f"Có phải {near}?" if near else "Xem lại tên, hoặc ghi mã."
    said = "Có mấy phường, xã tên" if found else "Không có phường, xã nào tên"
    raise ValueError(f'{said} "{typed}". {asked}')


def _wards(typed: str) -> tuple[Ward, ...]:
    return wards.find_wards(typed) or wards.unmarked_wards(typed)


def _is_city(typed: str) -> bool:
    return " ".join(typed.casefold().split()) in CITY_WORDS


def _ask_ward() -> str:
    offered: list[Ward] = []

    def code(typed: str) -> str:
        number = chosen_number(typed, len(offered))
        if number is not None:
            return offered[number].code
        if _is_city(typed):
            return CITY
        found = _wards(typed)
        if len(found) == 1:
            return found[0].code
        offered[:] = found or wards.near_wards(typed)
        if not offered:
            raise ValueError(f"Không có phường, xã nào tên “{typed.strip()}”. Xem lại tên rồi gõ lần nữa.")
        said = "Có mấy nơi tên gần như vậy" if found else f"Không có phường, xã nào tên “{typed.strip()}”. Có phải"
        raise ValueError(f"{said}:\n{numbered([one.full for one in offered])}\nGõ số của một nơi, hoặc gõ lại tên.")

    return ask("Phường, xã (không dấu cũng được; tp là toàn thành phố)", code)
