"""The list of a ward's units, and the page of one: its name, who belongs to it, closing it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from lms.learning import wards
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.errors import InvalidOrgUnit, NotFound, OrgUnitChanged
from lms.learning.org_units import unit_admin, unit_store
from lms.learning.org_units.unit_list import KIND_LABELS, MAX_NAME_LENGTH
from lms.learning.org_units.unit_store import OrgUnit
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.chosen_ward import WHOLE_CITY, chosen_ward
from lms.web.accounts.signed_in import require_account, require_permission
from lms.web.database import session
from lms.web.language import mark_vietnamese, translate, translate_markup
from lms.web.org_units.blueprint import bp
from lms.web.org_units.wording import name_error_sentence
from lms.web.page_cache import no_store_page
from lms.web.vietnamese_formats import read_number

CHANGED_MEANWHILE = mark_for_translation(
    "Có người vừa sửa đơn vị này. Bản mới ở trang này; tên vừa gõ vẫn còn trong ô. Xem lại rồi lưu."
)
MESSAGES = {
    "sua": mark_for_translation("Đã lưu."),
    "ngung": mark_for_translation("Đã ngừng."),
    "mo-lai": mark_for_translation("Đã mở lại."),
}


@dataclass(frozen=True, slots=True)
class UnitRowView:
    """A line of the list. ``name`` says whose digital team it is."""

    id: str
    name: str
    is_team: bool


def require_unit_manager() -> Account:
    """The signed-in account, if it manages the units of its own ward; the services check each ward again."""
    account = require_account()
    return require_permission("manage_units", PermissionTarget(account.ward))


@bp.get("/quan-ly/don-vi")
def show_units() -> Response:
    account = require_unit_manager()
    ward = chosen_ward(account, request.args.get("phuong", ""))
    units = unit_store.find_units(session(), ward=ward, include_closed=True)
    by_id = {unit.id: unit for unit in units}
    open_units = [unit for unit in units if not unit.is_closed]
    page = render_template(
        "units/units.html",
        account=account,
        ward=ward,
        ward_key=ward or WHOLE_CITY,
        organisations=[_row(unit, by_id) for unit in open_units if unit.kind == "organisation"],
        neighbourhoods=_with_teams(open_units, by_id),
        closed=[_row(unit, by_id) for unit in units if unit.is_closed],
        wards=wards.all_wards() if account.ward == CITY else (),
        added=read_number(request.args.get("them", "")),
    )
    return no_store_page(page)


@bp.get("/quan-ly/don-vi/<unit_id>")
def show_unit(unit_id: str) -> Response:
    account, unit = _unit_or_404(unit_id)
    return _unit_page(account, unit, unit.name)


@bp.post("/quan-ly/don-vi/<unit_id>")
def rename_unit(unit_id: str) -> Response:
    account, unit = _unit_or_404(unit_id)
    typed = request.form.get("ten", "")[:500]
    try:
        unit_admin.rename_unit(session(), unit_id, typed, version=_version(), by=account, now=clock.now())
    except InvalidOrgUnit as error:
        return _unit_page(account, unit, typed, error=name_error_sentence(error.why), status=422)
    except OrgUnitChanged:
        return _unit_page(account, unit, typed, conflict=translate(CHANGED_MEANWHILE), status=409)
    return redirect(f"/quan-ly/don-vi/{unit_id}?xong=sua", 303)


@bp.post("/quan-ly/don-vi/<unit_id>/ngung")
def close_unit(unit_id: str) -> Response:
    account, _ = _unit_or_404(unit_id)
    unit_admin.close_unit(session(), unit_id, version=_version(), by=account, now=clock.now())
    return redirect(f"/quan-ly/don-vi/{unit_id}?xong=ngung", 303)


@bp.post("/quan-ly/don-vi/<unit_id>/mo-lai")
def reopen_unit(unit_id: str) -> Response:
    account, _ = _unit_or_404(unit_id)
    unit_admin.reopen_unit(session(), unit_id, version=_version(), by=account, now=clock.now())
    return redirect(f"/quan-ly/don-vi/{unit_id}?xong=mo-lai", 303)


def _unit_or_404(unit_id: str) -> tuple[Account, OrgUnit]:
    require_account()  # a stranger does not learn which ids exist
    unit = unit_store.find_unit(session(), unit_id)
    account = require_permission("manage_units", PermissionTarget(unit.ward))
    if not unit.is_listed:
        raise NotFound(unit_id)
    return account, unit


def _version() -> int:
    return read_number(request.form.get("ban", ""))


def _unit_page(
    account: Account, unit: OrgUnit, typed: str, *, error: str = "", conflict: str = "", status: int = 200
) -> Response:
    parent = unit_store.find_unit(session(), unit.parent_id) if unit.parent_id else None
    page = render_template(
        "units/unit.html",
        account=account,
        unit=unit,
        typed=typed,
        belongs_to=_belongs_to(unit, parent),
        ward_key=unit.ward or WHOLE_CITY,
        members=unit_store.find_member_names(session(), unit.id),
        error=error,
        conflict=conflict,
        max_length=MAX_NAME_LENGTH,
        message=translate(MESSAGES.get(request.args.get("xong", ""), "")),
    )
    return no_store_page(page, status=status)


def _belongs_to(unit: OrgUnit, parent: OrgUnit | None) -> Markup:
    """ "Thuộc Phường An Đông", "Tổ chức của Phường An Đông" """
    above = mark_vietnamese(escape(parent.name if parent else ""))
    if unit.kind == "neighbourhood":
        return translate_markup("Thuộc {}").format(above)
    return translate_markup("{} của {}").format(translate(KIND_LABELS[unit.kind]), above)


def _row(unit: OrgUnit, by_id: dict[str, OrgUnit]) -> UnitRowView:
    return UnitRowView(unit.id, unit_store.unit_label(unit, by_id), unit.kind == "digital_team")


def _with_teams(units: list[OrgUnit], by_id: dict[str, OrgUnit]) -> list[UnitRowView]:
    """Each neighbourhood, and below it its digital teams."""
    teams: dict[str | None, list[OrgUnit]] = {}
    for unit in units:
        if unit.kind == "digital_team":
            teams.setdefault(unit.parent_id, []).append(unit)
    rows: list[UnitRowView] = []
    for unit in units:
        if unit.kind == "neighbourhood":
            rows += [_row(unit, by_id), *(_row(team, by_id) for team in teams.get(unit.id, ()))]
    return rows
