"""Who may do what with which object: the one place of access checks (see docs/security.md for the table in words)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from lms.learning.errors import NotAllowed

# A duty, and what people call whoever has it.
ROLE_NAMES = {
    "facilitator": "người đứng lớp",
    "helper": "người phụ lớp",
    "author": "người soạn bài",
    "organiser": "người tổ chức",
    "administrator": "quản trị",
}
ROLES = tuple(ROLE_NAMES)
CITY = ""  # the ward of whoever looks after all of them


class Holder(Protocol):
    """What is asked of an account: ``accounts.Account`` has it."""

    @property
    def roles(self) -> frozenset[str]: ...
    @property
    def ward(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Subject:
    """What is acted upon: ``ward`` is where it belongs, "" the city. ``roles``: those an account has, or shall have."""

    ward: str
    roles: frozenset[str] = frozenset()


# action: the roles that give it. Whoever has one acts within her ward; whose ward is the city, everywhere.
ACTIONS: dict[str, frozenset[str]] = {
    "open_class": frozenset({"facilitator", "organiser", "administrator"}),
    "steer": frozenset({"facilitator", "organiser", "administrator"}),
    "help": frozenset({"facilitator", "helper", "organiser", "administrator"}),
    "read_report": frozenset({"facilitator", "organiser", "administrator"}),
    "manage_accounts": frozenset({"organiser", "administrator"}),
    "read_journal": frozenset({"organiser", "administrator"}),
    "author": frozenset({"author", "administrator"}),
    "see_workshop": frozenset({"author", "organiser", "administrator"}),  # counts and pictures of practices
}

# Who may give, change or take away an account with this role, and print its slips, with which one can sign in.
GIVEN_BY: dict[str, frozenset[str]] = {
    "facilitator": frozenset({"organiser", "administrator"}),
    "helper": frozenset({"organiser", "administrator"}),
    "author": frozenset({"organiser", "administrator"}),
    "organiser": frozenset({"organiser", "administrator"}),
    "administrator": frozenset({"administrator"}),
}


def in_words(roles: Collection[str]) -> str:
    """ "người đứng lớp, người soạn bài", in the order of the duties."""
    return ", ".join(name for role, name in ROLE_NAMES.items() if role in roles)


def may(account: Holder | None, action: str, subject: Subject) -> bool:
    """Whether this account may do this to that subject. Nobody, and a disabled account, may nothing.

    Raises:
        KeyError: there is no such action; asking for one is a mistake of ours.
    """
    roles = ACTIONS[action]
    if account is None or getattr(account, "disabled", False):
        return False
    if account.ward not in (CITY, subject.ward) or not account.roles & roles:
        return False
    if action == "manage_accounts":
        return all(account.roles & GIVEN_BY[role] for role in subject.roles)
    return True


def require(account: Holder | None, action: str, subject: Subject) -> None:
    """
    Raises:
        NotAllowed: the account may not.
    """
    if not may(account, action, subject):
        raise NotAllowed(action)
