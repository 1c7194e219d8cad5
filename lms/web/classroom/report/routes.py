"""Routes of class reports: the list, one report on a printable sheet, and its table as a file.

Files hold counts only, no names.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import Response, abort, get_template_attribute, make_response, render_template, request
from markupsafe import Markup

from lms import vietnam_time
from lms.learning.accounts import permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.badges.awarding import BadgePage
from lms.learning.classroom.access import membership
from lms.learning.classroom.access.membership import is_facilitator
from lms.learning.classroom.report.class_badges import find_class_badges
from lms.learning.classroom.report.class_report import (
    ClassReport,
    EveningReport,
    find_evening_report,
    find_guided_seats,
)
from lms.learning.classroom.report.data_retention import personal_until
from lms.learning.classroom.session import queries
from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.seat_store import Seat, find_seats
from lms.learning.hand_in.importing import find_hand_in_note
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.badge_view import build_badge_view
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import ClassroomError, get_class_session, require_steering
from lms.web.classroom.desk.closed_desk import can_hand_in
from lms.web.classroom.report import files
from lms.web.classroom.report.wording import (
    ReportHeader,
    evening_header,
    evening_sections,
    needs_small_print,
    overflows_small_print,
    report_header,
    report_sections,
    ward_name,
)
from lms.web.database import session
from lms.web.language import in_vietnamese, lang_attribute, translate, translate_number
from lms.web.page_cache import no_store_page
from lms.web.request_context import library, settings

PAGE_SIZE = 30  # classes
_OUTCOME_LABELS = {
    "alone": mark_for_translation("tự làm xong"),
    "helped": mark_for_translation("tự làm xong, có gợi ý"),
}
_GUIDED_LABEL = mark_for_translation("làm theo tới đích")


@bp.get("/dung-lop/bao-cao")
def list_reports() -> Response:
    """List the closed classes of the account's ward; accounts of the city see all wards."""
    account = require_account()
    permissions.require_permission(account, "read_report", PermissionTarget(account.ward))
    ward = None if account.ward == CITY else account.ward
    class_sessions = queries.find_closed_class_sessions(
        session(), ward=ward, before=_older_than_param(), most=PAGE_SIZE + 1
    )
    return no_store_page(
        render_template(
            "classroom/report/list.html",
            account=account,
            classes=[
                (
                    class_session,
                    edition[1].name
                    if (edition := library().edition_or_merged_into(class_session))
                    else class_session.lesson,
                    vietnam_time.to_vietnam_time(class_session.opened_at).strftime("%d/%m/%Y, %H:%M"),
                    ward_name(class_session.ward) if ward is None else "",
                )
                for class_session in class_sessions[:PAGE_SIZE]
            ],
            older_than=class_sessions[PAGE_SIZE - 1].opened_at.timestamp() if len(class_sessions) > PAGE_SIZE else None,
        )
    )


@bp.get("/dung-lop/<class_id>/bao-cao")
def show_report(class_id: str) -> Response:
    """The report of an evening with several lessons, or of one lesson, ``?bai=`` its number."""
    account, evening = _load_evening(class_id)
    report = _chosen_report(evening)
    steers = is_facilitator(session(), class_id, account.id)
    sections = report_sections(report) if report else evening_sections(evening)
    number = report.class_session.lesson_number if report and report.class_lesson else None
    shows_seats = report is not None and (report.class_lesson is None or report.class_lesson.left_at is None)
    return no_store_page(
        render_template(
            "classroom/report/report.html",
            account=account,
            base_url=f"/dung-lop/{class_id}",
            header=_header(evening, report),
            sections=sections,
            small_print=needs_small_print(sections),
            is_crowded=overflows_small_print(sections),
            advice=report.counts.advice if report else "",
            is_open=not evening.class_session.is_closed,
            steers=steers,
            # Only the facilitators of the class see single seats.
            class_id=class_id,
            can_hand_in=can_hand_in(class_id),
            seats=_seat_lines(report) if report and shows_seats and steers else (),
            footer=_retention_notice(evening.class_session),
            machines=evening.attendance.machines,
            query="" if number is None else f"?bai={number}",
            # From the evening to its lessons, and back.
            lessons=[(one.class_session.lesson_number, one.counts.lesson) for one in evening.lessons]
            if len(evening.lessons) > 1
            else (),
            shown_number=number,
        )
    )


@bp.get("/dung-lop/<class_id>/bao-cao.csv")
def download_csv(class_id: str) -> Response:
    _, evening = _load_evening(class_id)
    return _file_response(files.to_csv(_table(evening)), "text/csv; charset=utf-8", evening, "csv")


@bp.get("/dung-lop/<class_id>/bao-cao.xlsx")
def download_xlsx(class_id: str) -> Response:
    _, evening = _load_evening(class_id)
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file_response(files.to_xlsx(_table(evening)), content_type, evening, "xlsx")


@bp.get("/dung-lop/<class_id>/huy-hieu")
def print_badges(class_id: str) -> Response:
    """All badges that were claimed in the class, one A4 each; only its facilitators print them."""
    context = require_steering(class_id)
    badges = find_class_badges(session(), context.class_session)
    return no_store_page(
        render_template(
            "classroom/report/badges.html",
            account=context.account,
            base_url=context.base_url,
            lesson=context.lesson.name,
            badges=badges,
            papers=_certificates_on_paper(badges),
        )
    )


def _certificates_on_paper(badges: Iterable[BadgePage]) -> list[Markup]:
    """The certificates that learners take home: in Vietnamese, as what is signed, whatever the page's language."""
    lang = lang_attribute(None)
    with in_vietnamese():
        certificate = get_template_attribute("badges/certificate.html", "certificate")
        return [certificate(build_badge_view(badge), heading="h2", lang=lang) for badge in badges]


def _load_evening(class_id: str) -> tuple[Account, EveningReport]:
    account = require_account()
    class_session = get_class_session(class_id)
    permissions.require_permission(account, "read_report", PermissionTarget(class_session.ward))
    if class_session.is_rehearsal:
        raise ClassroomError(
            404,
            translate("Tập đứng lớp không có báo cáo"),
            translate("Lớp tập không tính vào đâu, tự xóa sau một ngày."),
        )
    return account, find_evening_report(session(), class_id, library())


def _chosen_report(evening: EveningReport) -> ClassReport | None:
    """The report of the lesson that ``?bai=`` asks for, or of the only one; None for the evening."""
    if len(evening.lessons) == 1:
        return evening.lessons[0]
    number = request.args.get("bai")
    if number is None:
        return None
    reports = {str(report.class_session.lesson_number): report for report in evening.lessons}
    return reports.get(number) or abort(404)


def _header(evening: EveningReport, report: ClassReport | None) -> ReportHeader:
    class_id = evening.class_session.id
    names = membership.find_facilitator_names(session(), class_id)
    hand_in = find_hand_in_note(session(), class_id)
    return report_header(report, names, hand_in) if report else evening_header(evening, names, hand_in)


def _table(evening: EveningReport) -> list[files.Row]:
    report = _chosen_report(evening)
    header = _header(evening, report)
    return files.table_rows(header, report) if report else files.rows_of_all_lessons(header, evening)


def _seat_lines(report: ClassReport) -> list[tuple[str, str]]:
    present = [seat for seat in find_seats(session(), report.class_session.id) if not seat.removed]
    guided_seats = find_guided_seats(session(), report.class_session, present, library())
    return [_seat_line(seat, followed=seat.number in guided_seats) for seat in present]


def _seat_line(seat: Seat, *, followed: bool) -> tuple[str, str]:
    """A seat's label and what it achieved."""
    outcome = (
        translate(_GUIDED_LABEL)
        if followed
        else translate(_OUTCOME_LABELS[seat.done])
        if seat.done in _OUTCOME_LABELS
        else (translate("đang tập dở") if seat.last_at else translate("chưa vào tập"))
    )
    details = [translate("không có máy") if seat.added else outcome]
    details += (
        [translate_number("{count} người", "{count} người", seat.people).format(count=seat.people)]
        if seat.people > 1
        else []
    )
    details += [translate("đã thấy làm trên máy thật")] if seat.attested_at else []
    name = f" ({seat.name})" if seat.name else ""
    return translate("Số {number} – {name}").format(
        number=seat.number, name=translate(seat.emblem.name)
    ) + name, ", ".join(details)


def _retention_notice(class_session: ClassSession) -> str:
    if find_hand_in_note(session(), class_session.id):
        return "Ngày giờ theo đồng hồ của máy ở phòng. Chỗ ngồi của từng người không rời máy ấy, chỉ các con số về đây."
    until = personal_until(class_session, timedelta(days=settings().class_days))
    if until is None:
        return "Lớp còn mở, nên các con số còn thay đổi."
    if until <= clock.now():
        return "Dòng riêng của từng người đã xóa. Các con số trên trang này ở lại."
    day = vietnam_time.to_vietnam_time(until).strftime("%d/%m/%Y")
    return f"Dòng riêng của từng người tự xóa ngày {day}. Các con số trên trang này ở lại."


def _file_response(body: bytes, content_type: str, evening: EveningReport, extension: str) -> Response:
    response = make_response(body)
    report, class_session = _chosen_report(evening), evening.class_session
    day = vietnam_time.to_vietnam_time(class_session.opened_at).strftime("%Y-%m-%d")
    lesson = f"-bai-{report.class_session.lesson_number}" if report and report.class_lesson else ""
    response.headers["Content-Type"] = content_type
    response.headers["Content-Disposition"] = (
        f'attachment; filename="bao-cao-{day}-{class_session.code or "nop"}{lesson}.{extension}"'
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _older_than_param() -> datetime | None:
    try:
        return datetime.fromtimestamp(float(request.args["truoc"]), vietnam_time.VIETNAM)
    except (KeyError, ValueError, OverflowError, OSError):
        return None
