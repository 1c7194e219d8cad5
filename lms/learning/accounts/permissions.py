"""Access control: which role may do what in which ward. docs/security.md has the table in prose."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from lms.learning.errors import NotAllowed
from lms.message_catalog import mark_for_translation

# What people call each role.
ROLE_NAMES = {
    "facilitator": mark_for_translation("người đứng lớp"),
    "helper": mark_for_translation("người phụ lớp"),
    "author": mark_for_translation("người soạn bài"),
    "organiser": mark_for_translation("người tổ chức"),
    "administrator": mark_for_translation("quản trị"),
}
ROLES = tuple(ROLE_NAMES)
CITY = ""  # the ward of an account that works in all wards


class RoleHolder(Protocol):
    """What a permission check reads of an account."""

    @property
    def roles(self) -> frozenset[str]: ...
    @property
    def ward(self) -> str: ...


@dataclass(frozen=True, slots=True)
class PermissionTarget:
    """The target of an action: a class, report or account of ``ward`` ("" is the city).

    ``roles``: for an account, the roles that it has or would get.
    """

    ward: str
    roles: frozenset[str] = frozenset()


# By action. A role gives the permission within the account's ward; an account of the city has it everywhere.
ROLES_ALLOWED: dict[str, frozenset[str]] = {
    "open_class": frozenset({"facilitator", "organiser", "administrator"}),
    "steer_class": frozenset({"facilitator", "organiser", "administrator"}),
    "help": frozenset({"facilitator", "helper", "organiser", "administrator"}),
    "read_report": frozenset({"facilitator", "organiser", "administrator"}),
    "hand_in": frozenset({"facilitator", "organiser", "administrator"}),  # export a laptop's classes, vouch for a file
    "plan_class": frozenset({"organiser", "administrator"}),  # announce classes of the ward in the calendar
    "manage_units": frozenset({"organiser", "administrator"}),  # organisations and neighbourhoods of the ward
    "write_ledger": frozenset({"organiser", "administrator"}),  # targets, figures counted by hand, notes on reports
    "read_period_report": frozenset({"organiser", "administrator"}),  # of the ward and its units, exact numbers
    "manage_accounts": frozenset({"organiser", "administrator"}),
    "read_audit_log": frozenset({"organiser", "administrator"}),
    "watch_server": frozenset({"administrator"}),  # how the machine is doing; of the city
    "author": frozenset({"author", "administrator"}),
    "publish_courses": frozenset({"author", "organiser", "administrator"}),  # look over, approve and publish
    "check_labels": frozenset({"author", "organiser", "administrator"}),  # note what a real phone shows
    "see_workshop": frozenset({"author", "organiser", "administrator"}),  # counts and pictures of practices
}

# By role: which roles may add, change or disable an account that has it, and print its slips.
MANAGED_BY: dict[str, frozenset[str]] = {
    "facilitator": frozenset({"organiser", "administrator"}),
    "helper": frozenset({"organiser", "administrator"}),
    "author": frozenset({"organiser", "administrator"}),
    "organiser": frozenset({"organiser", "administrator"}),
    "administrator": frozenset({"administrator"}),
}


def roles_in_words(roles: Collection[str]) -> str:
    """Return the roles as text, in the order of ``ROLES``: "người đứng lớp, người soạn bài"."""
    return ", ".join(name for role, name in ROLE_NAMES.items() if role in roles)


def is_permitted(account: RoleHolder | None, action: str, subject: PermissionTarget) -> bool:
    """Whether the account may do ``action`` to ``subject``. None and a disabled account may do nothing.

    Raises:
        KeyError: ``action`` is unknown, which is a bug.
    """
    roles = ROLES_ALLOWED[action]
    if account is None or getattr(account, "disabled", False):
        return False
    if account.ward not in (CITY, subject.ward) or not account.roles & roles:
        return False
    if action == "manage_accounts":
        return all(account.roles & MANAGED_BY[role] for role in subject.roles)
    return True


def require_permission(account: RoleHolder | None, action: str, subject: PermissionTarget) -> None:
    """Check a permission.

    Raises:
        NotAllowed: the account may not do ``action`` to ``subject``.
    """
    if not is_permitted(account, action, subject):
        raise NotAllowed(action)
