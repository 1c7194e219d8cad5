"""/dung-lop/<class>/bao-cao: a class on one sheet of paper, and as a table. Counts only; names never leave the site."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Response, make_response, render_template, request

from lms import vietnam_time
from lms.learning.accounts import permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, Subject
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.report import closed_classes
from lms.learning.classroom.report.class_report import Report, followed_seats, report_of
from lms.learning.classroom.report.retention import personal_until
from lms.learning.classroom.session.queries import Seat, find_seats
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import class_named
from lms.web.classroom.report import files
from lms.web.classroom.report.wording import Head, fills_the_sheet, head_of, parts_of, ward_name
from lms.web.database import session
from lms.web.page_cache import private
from lms.web.request_context import library, settings

A_PAGE = 30  # classes of the list
_DONE = {"alone": "tự làm xong", "helped": "tự làm xong, có gợi ý"}
_FOLLOWED = "làm theo tới đích"


@bp.get("/dung-lop/bao-cao")
def list_reports() -> Response:
    """The classes of one's ward that are over; the city's people see all."""
    account = require_account()
    permissions.require(account, "read_report", Subject(account.ward))
    ward = None if account.ward == CITY else account.ward
    found = closed_classes.closed_classes(session(), ward=ward, before=_before(), most=A_PAGE + 1)
    shelf = library()
    lessons = {(one.course, one.lesson): shelf.lesson(one.course, one.lesson) for one in found}
    return private(
        render_template(
            "classroom/reports.html",
            account=account,
            classes=[
                (
                    one,
                    lesson.name if (lesson := lessons[one.course, one.lesson]) else one.lesson,
                    clock.vietnamese(one.opened_at).strftime("%d/%m/%Y, %H:%M"),
                    ward_name(one.ward) if ward is None else "",
                )
                for one in found[:A_PAGE]
            ],
            further=found[A_PAGE - 1].opened_at.timestamp() if len(found) > A_PAGE else None,
        )
    )


@bp.get("/dung-lop/<class_id>/bao-cao")
def read_report(class_id: str) -> Response:
    account, report = _report(class_id)
    steers = opening.steers(session(), class_id, account.id)
    parts = parts_of(report)
    return private(
        render_template(
            "classroom/report.html",
            account=account,
            base=f"/dung-lop/{class_id}",
            head=_head(report),
            parts=parts,
            full=fills_the_sheet(parts),
            advice=report.counts.advice,
            open=not report.klass.closed,
            steers=steers,
            # Whoever stood in front knows them; others read counts.
            seats=_seats(report) if steers else (),
            foot=_foot(report),
        )
    )


@bp.get("/dung-lop/<class_id>/bao-cao.csv")
def download_csv(class_id: str) -> Response:
    _, report = _report(class_id)
    return _file(files.csv_of(_head(report), report), "text/csv; charset=utf-8", report, "csv")


@bp.get("/dung-lop/<class_id>/bao-cao.xlsx")
def download_xlsx(class_id: str) -> Response:
    _, report = _report(class_id)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(files.xlsx_of(_head(report), report), kind, report, "xlsx")


def _report(class_id: str) -> tuple[Account, Report]:
    account = require_account()
    permissions.require(account, "read_report", Subject(class_named(class_id).ward))
    return account, report_of(session(), class_id, library())


def _head(report: Report) -> Head:
    return head_of(report, closed_classes.facilitator_names(session(), report.klass.id))


def _seats(report: Report) -> list[tuple[str, str]]:
    present = [seat for seat in find_seats(session(), report.klass.id) if not seat.out]
    followed = followed_seats(session(), report.klass, present, library())
    return [_seat(seat, followed=seat.number in followed) for seat in present]


def _seat(seat: Seat, *, followed: bool) -> tuple[str, str]:
    """A seat as whoever steers the class sees it: which, and what is known of it."""
    how = _FOLLOWED if followed else _DONE.get(seat.done) or ("đang tập dở" if seat.last_at else "chưa vào tập")
    said = ["không có máy" if seat.added else how]
    said += [f"{seat.people} người"] if seat.people > 1 else []
    said += ["đã thấy làm trên máy thật"] if seat.witnessed_at else []
    name = f" ({seat.name})" if seat.name else ""
    return f"Số {seat.number} – {seat.picture.name}{name}", ", ".join(said)


def _foot(report: Report) -> str:
    until = personal_until(report.klass, timedelta(days=settings().class_days))
    if until is None:
        return "Lớp còn mở, nên các con số còn thay đổi."
    if until <= clock.now():
        return "Dòng riêng của từng người đã xóa. Các con số trên trang này ở lại."
    day = clock.vietnamese(until).strftime("%d/%m/%Y")
    return f"Dòng riêng của từng người tự xóa ngày {day}. Các con số trên trang này ở lại."


def _file(body: bytes, kind: str, report: Report, ending: str) -> Response:
    response = make_response(body)
    day = clock.vietnamese(report.klass.opened_at).strftime("%Y-%m-%d")
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="bao-cao-{day}-{report.klass.code}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _before() -> datetime | None:
    try:
        return datetime.fromtimestamp(float(request.args["truoc"]), vietnam_time.VIETNAM)
    except (KeyError, ValueError, OverflowError, OSError):
        return None
