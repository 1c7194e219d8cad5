"""The list of units as a sheet, and the template to fill in; both have the same columns, so a list can come back."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, abort, request

from lms.learning.org_units import unit_store
from lms.learning.org_units.unit_list import COLUMNS, KIND_LABELS
from lms.web.accounts.chosen_ward import chosen_ward
from lms.web.database import session
from lms.web.org_units.blueprint import bp
from lms.web.org_units.unit_pages import require_unit_manager
from lms.web.spreadsheets import write_csv, write_xlsx

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/quan-ly/don-vi/mau.<kind>")
def download_template(kind: str) -> Response:
    require_unit_manager()
    return _file([], "mau-don-vi", kind)


@bp.get("/quan-ly/don-vi/danh-sach.<kind>")
def download_units(kind: str) -> Response:
    account = require_unit_manager()
    ward = chosen_ward(account, request.args.get("phuong", ""))
    units = unit_store.find_units(session(), ward=ward)
    by_id = {unit.id: unit for unit in units}
    rows = [
        (
            unit.name,
            "Khu phố" if unit.kind == "neighbourhood" else KIND_LABELS[unit.kind],
            by_id[unit.parent_id].name if unit.parent_id in by_id else "",
        )
        for unit in units
    ]
    return _file(rows, f"don-vi-{ward or 'thanh-pho'}", kind)


def _file(rows: Sequence[tuple[str, str, str]], name: str, kind: str) -> Response:
    table = [COLUMNS, *rows]
    if kind == "csv":
        response = Response(write_csv(table), content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        response = Response(write_xlsx(table, title="Đơn vị", widths=(50, 20, 40)), content_type=_XLSX)
    else:
        abort(404)
    response.headers["Content-Disposition"] = f"attachment; filename={name}.{kind}"
    response.headers["Cache-Control"] = "no-store"
    return response
