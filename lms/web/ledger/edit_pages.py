"""The ledger of a unit for a period: one page to write targets, figures counted by hand and notes, with the history."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.errors import InvalidLedgerEntry, LedgerChanged, NotFound
from lms.learning.ledger import entries
from lms.learning.ledger.entries import MAX_LENGTHS, MAX_LINES, MAX_NUMBER, Cell, Value
from lms.learning.ledger.indicators import all_indicators
from lms.learning.ledger.period_report import build_report
from lms.learning.ledger.periods import Period, parse_period
from lms.learning.org_units import unit_store
from lms.learning.org_units.unit_store import OrgUnit
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.chosen_ward import WHOLE_CITY
from lms.web.accounts.signed_in import require_account, require_permission
from lms.web.database import session
from lms.web.language import translate
from lms.web.ledger.blueprint import bp
from lms.web.ledger.report_pages import PATH, today_in_vietnam
from lms.web.ledger.wording import KIND_NAMES, NOTE_NAMES, PROBLEMS, indicator_meaning, indicator_name
from lms.web.page_cache import no_store_page
from lms.web.page_formats import grouped
from lms.web.period_words import period_within_words
from lms.web.vietnamese_formats import read_count, read_number

_CHANGED = mark_for_translation(
    "Có người vừa ghi vào sổ này. Điều vừa gõ còn trong ô, điều người ấy ghi ở dưới. Xem lại rồi lưu."
)
_CLOSED = mark_for_translation("Kỳ này vừa chốt. Chữ vừa gõ đã chuyển xuống ô ghi thêm. Xem lại rồi lưu.")
_DONE = {
    "luu": mark_for_translation("Đã lưu."),
    "ky": mark_for_translation("Đã lưu và ký. Bà con xem được rồi."),
}


@bp.get(f"{PATH}/<unit_id>/<period>/ghi")
def show_ledger(unit_id: str, period: str) -> Response:
    unit, found = _unit_and_period(unit_id, period)
    return _page(unit, found, _stored_fields(unit, found))


@bp.post(f"{PATH}/<unit_id>/<period>/ghi")
def write_ledger(unit_id: str, period: str) -> Response:
    unit, found = _unit_and_period(unit_id, period)
    typed, signs = request.form, "ky" in request.form
    seen = read_number(typed.get("ban", ""))
    cells = [Cell(*name.split("-", 1)) for name in typed if name.partition("-")[0] in (*KIND_NAMES, "note")]
    try:
        entries.write_ledger(
            session(), unit, found, {cell: _read(cell, typed) for cell in cells}, seen=seen,
            signs=signs, by=require_account(), now=clock.now(),
        )  # fmt: skip
    except InvalidLedgerEntry as error:
        errors = {f"{kind}-{name}": _say(kind, problem) for (kind, name), problem in error.problems.items()}
        return _page(unit, found, typed, errors=errors, seen=typed.get("ban", ""), status=422)
    except LedgerChanged:
        if entries.is_closed(found, clock.now()) and {"note-difficulties", "note-proposals"} & {*typed}:
            return _page(unit, found, _with_supplement(unit, found, typed), alert=_CLOSED, status=409)
        return _page(unit, found, typed, alert=_CHANGED, status=409)
    return redirect(f"{PATH}/{unit.id}/{found.key}/ghi?xong={'ky' if signs else 'luu'}", 303)


@bp.post(f"{PATH}/<unit_id>/<period>/ghi/bo-chu-cu")
def erase_earlier_texts(unit_id: str, period: str) -> Response:
    unit, found = _unit_and_period(unit_id, period)
    entries.erase_earlier_texts(session(), unit, found, by=require_account(), now=clock.now())
    return redirect(f"{PATH}/{unit.id}/{found.key}/ghi", 303)


def _unit_and_period(unit_id: str, key: str) -> tuple[OrgUnit, Period]:
    require_account()  # a stranger does not learn which ids exist
    unit = unit_store.find_unit(session(), unit_id)
    require_permission("write_ledger", PermissionTarget(unit.ward))
    period = parse_period(key)
    if period is None or period.first.year > today_in_vietnam().year + 1:
        raise NotFound(key)
    return unit, period


def _read(cell: Cell, typed: Mapping[str, str]) -> Value:
    """An empty field takes a number back; what is no number is out of range."""
    field = typed[f"{cell.kind}-{cell.indicator}"]
    if cell.kind == "note":
        return Value(text=field)
    number = (read_count(field) or 0) if field.strip() else None
    return Value(number, typed.get(f"text-{cell.indicator}", "") if cell.kind == "counted" else "")


def _say(kind: str, problem: str) -> str:
    length, lines = MAX_LENGTHS.get(kind, 0), MAX_LINES if kind == "note" else 1
    return translate(PROBLEMS[problem]).format(most=grouped(MAX_NUMBER), length=length, lines=lines)


def _stored_fields(unit: OrgUnit, period: Period) -> dict[str, str]:
    """What the fields of the form hold, by name."""
    fields = dict[str, str]()
    for entry in entries.find_entries(session(), unit.id, period.key):
        number = "" if entry.number is None else str(entry.number)
        fields[f"{entry.kind}-{entry.indicator}"] = entry.text if entry.kind == "note" else number
        if entry.kind == "counted":
            fields[f"text-{entry.indicator}"] = entry.text
    return fields


def _with_supplement(unit: OrgUnit, period: Period, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, with the notes that can no longer be changed below the supplement."""
    stored = _stored_fields(unit, period)
    texts = [stored.get("note-supplement", "")]
    texts += [typed[name] for name in ("note-difficulties", "note-proposals") if typed.get(name) != stored.get(name)]
    return {**typed, "note-supplement": "\n".join(filter(None, texts))}


def _page(
    unit: OrgUnit,
    period: Period,
    fields: Mapping[str, str],
    *,
    errors: Mapping[str, str] = MappingProxyType({}),
    alert: str = "",
    seen: str = "",
    status: int = 200,
) -> Response:
    account, now = require_account(), clock.now()
    cells = entries.open_cells(session(), account, unit, period, now)
    history = entries.find_history(session(), unit.id, period.key)
    latest = {entry.id for entry in entries.find_entries(session(), unit.id, period.key)}
    report = build_report(session(), unit, period, now=now)
    page = render_template(
        "ledger/edit.html",
        account=account,
        unit=unit,
        ward_key=unit.ward or WHOLE_CITY,
        period=period_within_words(period),
        address=f"{PATH}/{unit.id}/{period.key}",
        has_report=period.first <= today_in_vietnam(),
        is_closed=report.is_closed,
        cells=set(cells),
        indicators=all_indicators(),
        notes=[cell.indicator for cell in cells if cell.kind == "note"],
        targets=report.targets,
        counted={line.key: line.now for line in report.counted},
        fields=fields,
        seen=seen or (history[0][0].id if history else 0),
        errors=errors,
        first_error=next(iter(errors), ""),
        alert=translate(alert) if alert else "",
        message=translate(_DONE.get(request.args.get("xong", ""), "")),
        history=history,
        has_earlier_texts=any(entry.text and entry.id not in latest for entry, _ in history),
        kind_names=KIND_NAMES,
        note_names=NOTE_NAMES,
        indicator_name=indicator_name,
        indicator_meaning=indicator_meaning,
        grouped=grouped,
        max_text=MAX_LENGTHS["counted"],
    )
    return no_store_page(page, status=status)
