"""A report as XLSX and CSV: the rows of the page, and what they are about."""

from __future__ import annotations

from flask import abort
from werkzeug.wrappers import Response

from lms import vietnam_time
from lms.learning.ledger.period_report import PeriodReport
from lms.web.ledger.blueprint import bp
from lms.web.ledger.report_pages import PATH, find_report, find_unit_to_report
from lms.web.ledger.report_table import HEADINGS, report_rows
from lms.web.ledger.wording import NOTE_NAMES
from lms.web.spreadsheets import write_csv, write_xlsx

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = (18, 44, 12, 12, 12, 12, 50)


@bp.get(f"{PATH}/<unit_id>/<period>.<kind>")
def download_report(unit_id: str, period: str, kind: str) -> Response:
    unit = find_unit_to_report(unit_id)
    if kind not in ("csv", "xlsx"):
        abort(404)
    report = find_report(unit, period)
    content_type = "text/csv; charset=utf-8" if kind == "csv" else _XLSX
    response = Response(write_report(report, kind), content_type=content_type)
    name = f"bao-cao-{unit.id}-{report.period.key}.{kind}"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = "no-store"
    return response


def write_report(report: PeriodReport, kind: str) -> bytes:
    """The file; ``kind`` is "csv" or "xlsx"."""
    table = report_lines(report)
    return write_csv(table) if kind == "csv" else write_xlsx(table, title="Báo cáo", widths=_WIDTHS)


def report_lines(report: PeriodReport) -> list[tuple[int | str, ...]]:
    """The lines of the file, the headings first, what it is about last."""
    about = (
        ("Đơn vị", report.unit.name),
        ("Kỳ", report.period.name),
        ("Kỳ trước", report.previous.name),
        ("Tính tới", state_in_words(report)),
        *((NOTE_NAMES[name], note.text) for name, note in report.notes.items()),
    )
    return [
        HEADINGS,
        *(row.cells() for row in report_rows(report)),
        *(("Báo cáo", label, "", "", "", "", text) for label, text in about),
    ]


def state_in_words(report: PeriodReport) -> str:
    """Until when something was counted, and whether that is the last word."""
    if report.is_closed:
        return f"đã chốt ngày {vietnam_time.day_in_words(report.closes_on)}"
    return f"{vietnam_time.day_in_words(report.known_on)}, chưa chốt"
