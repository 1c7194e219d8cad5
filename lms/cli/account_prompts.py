"""Name, roles and ward of a new account: parsed from the options of ``lms user add``, or asked at the terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

import click

from lms.cli.open_database import exit_with_error
from lms.learning import wards
from lms.learning.accounts import account_store
from lms.learning.accounts.permissions import CITY, ROLE_NAMES, ROLES
from lms.learning.errors import InvalidAccount
from lms.learning.wards import Ward

CITY_NAMES = ("tp", "thành phố", "thanh pho", "toàn thành phố", "toan thanh pho")
NAME_HINT = "Ghi họ tên sau --name, nhiều nhất 60 chữ."
ROLE_HINT = (
    "Ghi việc sau --role: facilitator (người đứng lớp), helper (người phụ lớp), author (người soạn bài), "
    "organiser (người tổ chức) hoặc administrator (quản trị)."
)
WARD_HINT = 'Ghi phường, xã sau --ward, ví dụ --ward "An Đông". Toàn thành phố thì ghi --ward tp.'
ADMINISTRATOR_IS_CITY_WIDE = "Quản trị là của toàn thành phố: ghi --ward tp, hoặc bỏ --ward."

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """The values of a new account. ``name`` "", ``roles`` () and ``ward`` None are missing or invalid.

    ``errors`` has a sentence for each of these; ``errors_in_given`` only for options that were given but are invalid.
    """

    name: str
    roles: tuple[str, ...]
    ward: str | None  # a code, "" for the city
    errors: tuple[str, ...] = ()
    errors_in_given: tuple[str, ...] = ()


def parse_options(name: str, roles: Sequence[str], ward: str | None) -> NewAccount:
    """Parse the options, collecting all errors."""
    errors: list[tuple[str, bool]] = []  # the sentence, and whether the option was given
    if not _is_valid_name(name):
        errors.append((NAME_HINT, bool(name.strip())))
        name = ""
    if not roles or set(roles) - set(ROLES):
        errors.append((ROLE_HINT, bool(roles)))
        roles = ()
    ward_code = None
    try:
        ward_code = parse_ward(ward, roles)
    except ValueError as error:
        errors.append((str(error), ward is not None))
    errors_in_given = tuple(sentence for sentence, is_given in errors if is_given)
    return NewAccount(name.strip(), tuple(roles), ward_code, tuple(sentence for sentence, _ in errors), errors_in_given)


def ask_missing(given: NewAccount) -> NewAccount:
    """Print the errors in given options, then ask for what is missing.

    Exits with 1 for an administrator with a ward: ignoring the ward would silently widen the rights.
    """
    if ADMINISTRATOR_IS_CITY_WIDE in given.errors_in_given:
        exit_with_error(ADMINISTRATOR_IS_CITY_WIDE)
    for sentence in given.errors_in_given:
        click.echo(sentence, err=True)
    name = given.name or _ask_until_valid("Họ tên", _parse_name)
    roles = given.roles
    if not roles:
        click.echo("Việc của người ấy:\n" + _numbered_list([ROLE_NAMES[role].capitalize() for role in ROLES]), err=True)
        roles = _ask_until_valid("Gõ số; nhiều việc thì cách nhau bằng dấu phẩy", _parse_roles, default="1")
    ward = given.ward
    if "administrator" in roles:
        if ward not in (None, CITY) or set(given.errors_in_given) - {NAME_HINT, ROLE_HINT}:
            exit_with_error(ADMINISTRATOR_IS_CITY_WIDE)
        ward = CITY
    elif ward is None:
        ward = _ask_ward()
    return NewAccount(name, roles, ward)


def _is_valid_name(text: str) -> bool:
    try:
        account_store.validate_account(text, ["helper"], CITY)
    except InvalidAccount:
        return False
    return True


def _parse_name(typed: str) -> str:
    if not _is_valid_name(typed):
        raise ValueError("Họ tên có ít nhất một chữ, nhiều nhất 60 chữ.")
    return typed.strip()


def _parse_roles(typed: str) -> tuple[str, ...]:
    roles: list[str] = []
    for part in filter(None, re.split(r"[,;\s]+", typed)):
        number = _parse_choice(part, len(ROLES))
        if number is None and part not in ROLES:
            raise ValueError(f"Gõ số từ 1 đến {len(ROLES)}, ví dụ 1 hoặc 1,4.")
        roles.append(part if number is None else ROLES[number])
    if not roles:
        raise ValueError(f"Gõ số từ 1 đến {len(ROLES)}, ví dụ 1 hoặc 1,4.")
    return tuple(dict.fromkeys(roles))


def parse_ward(ward: str | None, roles: Collection[str]) -> str | None:
    """Return the code of the ward; "" is the city, the default for administrators.

    Raises:
        ValueError: no ward was given, or its name is unknown or ambiguous; the message is a Vietnamese sentence.
    """
    if ward is None:
        if "administrator" in roles:
            return CITY
        raise ValueError(WARD_HINT)
    code = _ward_code(ward)
    if "administrator" in roles and code != CITY:
        raise ValueError(ADMINISTRATOR_IS_CITY_WIDE)
    return code


def _ward_code(typed: str) -> str:
    if _is_city(typed):
        return CITY
    matches = _matching_wards(typed)
    if len(matches) == 1:
        return matches[0].code
    near = ", ".join(f'"{ward.full_name}"' for ward in matches or wards.suggest_wards(typed))
    question = f"Có phải {near}?" if near else "Xem lại tên, hoặc ghi mã."
    problem = "Có mấy phường, xã tên" if matches else "Không có phường, xã nào tên"
    raise ValueError(f'{problem} "{typed}". {question}')


def _matching_wards(typed: str) -> tuple[Ward, ...]:
    return wards.search_wards(typed) or wards.search_wards_ignoring_marks(typed)


def _is_city(typed: str) -> bool:
    return " ".join(typed.casefold().split()) in CITY_NAMES


def _ask_ward() -> str:
    offered: list[Ward] = []

    def parse_answer(typed: str) -> str:
        number = _parse_choice(typed, len(offered))
        if number is not None:
            return offered[number].code
        if _is_city(typed):
            return CITY
        matches = _matching_wards(typed)
        if len(matches) == 1:
            return matches[0].code
        offered[:] = matches or wards.suggest_wards(typed)
        if not offered:
            raise ValueError(f"Không có phường, xã nào tên “{typed.strip()}”. Xem lại tên rồi gõ lần nữa.")
        problem = "Có mấy nơi tên gần như vậy" if matches else f"Không có phường, xã nào tên “{typed.strip()}”. Có phải"
        raise ValueError(
            f"{problem}:\n{_numbered_list([ward.full_name for ward in offered])}\nGõ số của một nơi, hoặc gõ lại tên."
        )

    return _ask_until_valid("Phường, xã (không dấu cũng được; tp là toàn thành phố)", parse_answer)


def is_interactive() -> bool:
    """Whether input and output are a terminal; scripts get an error message instead of a prompt."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask_until_valid(question: str, parse: Callable[[str], Answer], *, default: str | None = None) -> Answer:
    """Prompt until ``parse`` accepts the input, and return its result.

    ``parse`` raises a ValueError with a Vietnamese message for invalid input. Ctrl+C exits with 1.
    """
    while True:
        try:
            typed = click.prompt(question, default=default, type=str, err=True)
        except click.Abort:
            exit_with_error("\nChưa thêm gì.")
        try:
            return parse(typed)
        except ValueError as error:
            click.echo(str(error), err=True)


def _numbered_list(lines: Sequence[str]) -> str:
    """Format lines as a list numbered from 1."""
    return "\n".join(f"  {number}. {line}" for number, line in enumerate(lines, 1))


def _parse_choice(typed: str, count: int) -> int | None:
    """Return the index from 0 of a typed number from 1 to ``count``, or None for anything else."""
    typed = typed.strip()
    return int(typed) - 1 if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= count else None
