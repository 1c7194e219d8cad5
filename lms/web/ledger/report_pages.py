"""The page on which a report is chosen, and the report itself."""

from __future__ import annotations

from datetime import date, timedelta

from flask import redirect, render_template, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from lms import vietnam_time
from lms.learning import wards
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.errors import NotFound
from lms.learning.ledger.entries import find_targets
from lms.learning.ledger.period_report import PART_LINES, PeriodReport, build_report
from lms.learning.ledger.periods import Period, parse_period, periods_of_year
from lms.learning.org_units import unit_store
from lms.learning.org_units.unit_store import OrgUnit
from lms.message_catalog import mark_for_translation
from lms.web import clock, vietnamese_formats
from lms.web.accounts.chosen_ward import WHOLE_CITY, chosen_ward
from lms.web.accounts.signed_in import require_account, require_permission
from lms.web.database import session
from lms.web.language import in_vietnamese, lang_attribute, mark_vietnamese, translate
from lms.web.ledger.blueprint import bp
from lms.web.ledger.report_table import COUNTED_LABELS, SECTION_TITLES, number_with_sign, rows_by_section
from lms.web.ledger.wording import KIND_NAMES, indicator_name
from lms.web.page_cache import no_store_page
from lms.web.page_formats import grouped
from lms.web.period_words import period_in_words, period_within_words

PATH = "/quan-ly/bao-cao"
NO_PERIOD = mark_for_translation("Kỳ ấy không có. Chọn một tháng, một quý hay một năm nhé.")
_ROOM_ON_A4 = 125  # millimetres, less what is on every report
FUTURE_PERIOD = mark_for_translation("Kỳ ấy chưa tới, nên chưa có gì để báo cáo. Chọn kỳ khác nhé.")


def find_unit_to_report(unit_id: str) -> OrgUnit:
    """The unit, if the signed-in account may read its reports.

    Raises:
        NotSignedIn, NotAllowed, NotFound: it may not, or there is no such unit.
    """
    require_account()  # a stranger does not learn which ids exist
    unit = unit_store.find_unit(session(), unit_id)
    require_permission("read_period_report", PermissionTarget(unit.ward))
    return unit


def find_report(unit: OrgUnit, key: str) -> PeriodReport:
    """The report of a period that has begun.

    Raises:
        NotFound: there is none.
    """
    period = parse_period(key)
    if period is None or period.first > today_in_vietnam():
        raise NotFound(key)
    return build_report(session(), unit, period, now=clock.now())


def today_in_vietnam() -> date:
    return vietnam_time.to_vietnam_time(clock.now()).date()


@bp.get(PATH)
def choose_report() -> Response:
    account = require_account()
    account = require_permission("read_period_report", PermissionTarget(account.ward))
    ward = chosen_ward(account, request.args.get("phuong", ""))
    unit_id, key = request.args.get("don-vi", ""), request.args.get("ky", "")
    writes = "ghi" in request.args
    if unit_id and (parse_period(key) if writes else not _problem(key)):
        return redirect(f"{PATH}/{find_unit_to_report(unit_id).id}/{key}{'/ghi' if writes else ''}", 303)
    return _choose_page(account, ward, unit_id, key, _problem(key) if unit_id else "")


@bp.get(f"{PATH}/<unit_id>/<period>")
def show_report(unit_id: str, period: str) -> Response:
    unit = find_unit_to_report(unit_id)
    if problem := _problem(period):
        return _choose_page(require_account(), unit.ward, unit_id, period, problem)
    report = find_report(unit, period)
    page = render_template(
        "ledger/report.html",
        account=require_account(),
        report=report,
        period=period_within_words(report.period),
        place=_place_name(report) if unit.is_listed else "",
        sheet=_sheet(report),
        ward_key=unit.ward or WHOLE_CITY,
        address=f"{PATH}/{unit.id}/{report.period.key}",
        part_keys=PART_LINES,
        part_labels={key: translate(label) for key, label in COUNTED_LABELS.items()},
        part_name=lambda part: mark_vietnamese(escape(translate(part.name))),
        grouped=grouped,
    )
    return no_store_page(page)


def _sheet(report: PeriodReport) -> Markup:
    """The A4 to sign: in Vietnamese, as offices read it, whatever the language of the page around it."""
    lang = lang_attribute(None)
    with in_vietnamese():
        sheet = render_template(
            "ledger/sheet.html",
            report=report,
            lang=lang,
            place=_place_name(report) if report.unit.is_listed else "",
            sections=rows_by_section(report),
            titles=SECTION_TITLES,
            grouped=vietnamese_formats.grouped,
            signed=number_with_sign,
            is_full=_is_full(report),
        )
    return Markup(sheet)  # noqa: S704  (a template escaped what is in it)


def _is_full(report: PeriodReport) -> bool:
    """Whether the sheet is printed smaller to be one A4."""
    texts = "\n".join(note.text for note in report.notes.values())
    written = sum(2 + len(line) // 90 for line in texts.splitlines()) or 2
    rows, lines = len(report.counted) + len(report.entered), len(report.targets) + len(report.left_out) + written
    return 6 * rows + 5 * lines > _ROOM_ON_A4


def _place_name(report: PeriodReport) -> str:
    """The ward of a unit."""
    return wards.ward_label(report.unit.ward)


def _choose_page(account: Account, ward: str, unit_id: str, key: str, problem: str) -> Response:
    units = (
        unit_store.find_unit(session(), unit_store.place_unit_id(ward)),
        *unit_store.find_units(session(), ward=ward, include_closed=True),
    )
    by_id = {unit.id: unit for unit in units}
    page = render_template(
        "ledger/choose_report.html",
        account=account,
        ward=ward,
        ward_key=ward or WHOLE_CITY,
        wards=wards.all_wards() if account.ward == CITY else (),
        units=[(unit.id, unit_store.unit_label(unit, by_id), unit.is_closed) for unit in units],
        unit_id=unit_id,
        period_in_words=period_in_words,
        periods=_offered_periods(today_in_vietnam()),
        targets=find_targets(
            session(), ward=ward, periods=[one.key for one in periods_of_year(today_in_vietnam().year)]
        ),
        unit_names={unit.id: unit_store.unit_label(unit, by_id) for unit in units},
        indicator_name=indicator_name,
        kind_names=KIND_NAMES,
        parse_period=parse_period,
        grouped=grouped,
        chosen_period=key or f"{today_in_vietnam().replace(day=1) - timedelta(days=1):%Y-%m}",
        problem=translate(problem) if problem else "",
    )
    return no_store_page(page, status=404 if problem else 200)


def _problem(key: str) -> str:
    period = parse_period(key)
    if period is None:
        return NO_PERIOD
    return FUTURE_PERIOD if period.first > today_in_vietnam() else ""


def _offered_periods(day: date) -> list[Period]:
    """Of the year before, this one and the next: months, quarters, years, the latest of each first."""
    periods = [period for year in (day.year - 1, day.year, day.year + 1) for period in periods_of_year(year)]
    return sorted(periods, key=lambda period: (period.months, -period.first.toordinal()))
