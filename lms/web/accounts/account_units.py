"""The units that an account belongs to, chosen on the page of the person."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, request
from werkzeug.wrappers import Response

from lms.learning.accounts import account_store, permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.org_units import unit_admin, unit_store
from lms.learning.org_units.unit_list import KIND_LABELS
from lms.learning.org_units.unit_store import OrgUnit
from lms.learning.wards import ward_label
from lms.web import clock
from lms.web.accounts.blueprint import bp
from lms.web.accounts.signed_in import require_account, require_permission
from lms.web.database import session
from lms.web.language import translate


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """One checkbox of the form."""

    id: str
    label: str
    is_chosen: bool


@bp.post("/quan-ly/nguoi/<account_id>/don-vi")
def set_units(account_id: str) -> Response:
    """Let the person belong to the chosen units; others that this manager cannot choose stay."""
    manager = require_permission("manage_accounts", PermissionTarget(require_account().ward))
    account_store.get_managed_account(session(), manager, account_id)
    chosen = request.form.getlist("don-vi")
    unit_admin.set_units_of_account(session(), account_id, chosen, by=manager, now=clock.now())
    return redirect(f"/quan-ly/nguoi/{account_id}?xong=don-vi", 303)


def unit_choices(manager: Account, person: Account) -> dict[str, list[UnitChoice]]:
    """The units that the manager can put the person into, by what they are."""
    present = {unit.id: unit for unit in unit_store.find_units_of_account(session(), person.id)}
    units = dict(present)
    for ward in dict.fromkeys((person.ward, CITY)):
        units |= {unit.id: unit for unit in unit_store.find_units(session(), ward=ward)}
    choices: dict[str, list[UnitChoice]] = {}
    for kind in ("organisation", "neighbourhood", "digital_team"):
        listed = [
            UnitChoice(unit.id, _label(unit, units, person), unit.id in present)
            for unit in units.values()
            if unit.kind == kind and permissions.is_permitted(manager, "manage_units", PermissionTarget(unit.ward))
        ]
        if listed:
            choices[translate(KIND_LABELS[kind])] = listed
    return choices


def unit_labels(person: Account) -> list[str]:
    """The names of all units that the person belongs to."""
    units = {unit.id: unit for unit in unit_store.find_units_of_account(session(), person.id)}
    return [_label(unit, units, person) for unit in units.values()]


def _label(unit: OrgUnit, units: dict[str, OrgUnit], person: Account) -> str:
    name = unit_store.unit_label(unit, units)
    return name if unit.ward == person.ward else f"{name} ({ward_label(unit.ward)})"
