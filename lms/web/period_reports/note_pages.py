"""The form of difficulties and proposals of a report, with who wrote what before."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.errors import InvalidReportNote, NotFound, ReportNoteChanged
from lms.learning.org_units import unit_store
from lms.learning.org_units.unit_store import OrgUnit
from lms.learning.period_reports import report_notes
from lms.learning.period_reports.report_notes import MAX_LENGTH, MAX_LINES, open_fields
from lms.learning.targets.periods import Period, parse_period
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import require_account, require_permission
from lms.web.database import session
from lms.web.language import translate
from lms.web.page_cache import no_store_page
from lms.web.period_reports.blueprint import bp
from lms.web.period_reports.report_pages import PATH, today_in_vietnam
from lms.web.period_words import period_within_words
from lms.web.vietnamese_formats import read_number

# By field of the service: its name in the form, and its label.
NOTE_FIELDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "difficulties": ("kho-khan", mark_for_translation("Khó khăn")),
        "proposals": ("kien-nghi", mark_for_translation("Kiến nghị")),
        "supplement": ("ghi-them", mark_for_translation("Ghi thêm sau khi chốt")),
    }
)
_PROBLEMS = {
    "too_long": mark_for_translation("Viết trong {length} chữ cái, {lines} dòng, để vừa tờ A4. Rút gọn lại nhé."),
    "number": mark_for_translation("Trong này có dãy số như số điện thoại hay số căn cước. Bỏ số ấy nhé."),
}
_CHANGED = mark_for_translation(
    "Có người vừa ghi vào báo cáo này. Chữ vừa gõ còn trong ô, bản của người ấy ở dưới. Xem lại rồi lưu."
)
_CLOSED = mark_for_translation("Kỳ này vừa chốt. Chữ vừa gõ đã chuyển xuống ô ghi thêm. Xem lại rồi lưu.")


@bp.get(f"{PATH}/<unit_id>/<period>/ghi-chu")
def show_note_form(unit_id: str, period: str) -> Response:
    unit, found = _unit_and_period(unit_id, period)
    note = report_notes.find_note(session(), unit.id, found.key)
    return _form_page(unit, found, note.texts)


@bp.post(f"{PATH}/<unit_id>/<period>/ghi-chu")
def write_note(unit_id: str, period: str) -> Response:
    unit, found = _unit_and_period(unit_id, period)
    texts = {field: request.form[name] for field, (name, _) in NOTE_FIELDS.items() if name in request.form}
    version = read_number(request.form.get("ban", ""))
    try:
        report_notes.write_note(
            session(), unit, found, texts, version=version, by=require_account(), now=clock.now()
        )  # fmt: skip
    except InvalidReportNote as error:
        errors = {
            field: translate(_PROBLEMS[problem]).format(length=MAX_LENGTH, lines=MAX_LINES)
            for field, problem in error.problems.items()
        }
        return _form_page(unit, found, texts, version=version, errors=errors, status=422)
    except ReportNoteChanged:
        return _conflict_page(unit, found, texts)
    return redirect(f"{PATH}/{unit.id}/{found.key}", 303)


@bp.post(f"{PATH}/<unit_id>/<period>/ghi-chu/bo-ban-cu")
def erase_earlier_notes(unit_id: str, period: str) -> Response:
    unit, found = _unit_and_period(unit_id, period)
    report_notes.erase_earlier_notes(session(), unit, found, by=require_account(), now=clock.now())
    return redirect(f"{PATH}/{unit.id}/{found.key}/ghi-chu", 303)


def _unit_and_period(unit_id: str, key: str) -> tuple[OrgUnit, Period]:
    require_account()  # a stranger does not learn which ids exist
    unit = unit_store.find_unit(session(), unit_id)
    require_permission("write_report_note", PermissionTarget(unit.ward))
    period = parse_period(key)
    if period is None or period.first > today_in_vietnam():
        raise NotFound(key)
    return unit, period


def _conflict_page(unit: OrgUnit, period: Period, texts: Mapping[str, str]) -> Response:
    """Both texts are on the page: what was typed in the fields, what stands now in the history."""
    now_open = open_fields(period, clock.now())
    if texts.keys() <= {*now_open}:
        return _form_page(unit, period, texts, alert=_CHANGED, status=409)
    note = report_notes.find_note(session(), unit.id, period.key)
    typed = [text for field, text in texts.items() if text.strip() and text != note.texts[field]]
    joined = "\n".join(filter(None, (note.supplement, *typed)))
    return _form_page(unit, period, {"supplement": joined}, alert=_CLOSED, status=409)


def _form_page(
    unit: OrgUnit,
    period: Period,
    texts: Mapping[str, str],
    *,
    version: int | None = None,
    errors: Mapping[str, str] = MappingProxyType({}),
    alert: str = "",
    status: int = 200,
) -> Response:
    history = report_notes.find_note_history(session(), unit.id, period.key)
    latest = history[0].version if history else 0
    page = render_template(
        "period_reports/note_form.html",
        account=require_account(),
        unit=unit,
        period=period_within_words(period),
        address=f"{PATH}/{unit.id}/{period.key}",
        fields=[(field, *NOTE_FIELDS[field], texts.get(field, "")) for field in open_fields(period, clock.now())],
        version=latest if version is None else version,
        errors=errors,
        first_error=next(iter(errors), ""),
        alert=translate(alert) if alert else "",
        history=history,
        labels={field: label for field, (_, label) in NOTE_FIELDS.items()},
        has_earlier_texts=any(any(note.texts.values()) for note in history[1:]),
        max_length=MAX_LENGTH,
    )
    return no_store_page(page, status=status)
