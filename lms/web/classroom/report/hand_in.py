"""Routes of handing in: on a laptop, download the file of its classes; in the city, look into such a file and take it.

Between the look and the tap the file waits in the page itself, so that nothing of it is stored before.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from lms import vietnam_time
from lms.learning import wards
from lms.learning.accounts import permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.errors import ClassClosed, InvalidHandIn, NotFound, TooLarge
from lms.learning.hand_in.class_import import ClassImportStatus
from lms.learning.hand_in.document import MAX_CLASSES, HandInClass
from lms.learning.hand_in.exporting import ExportableClass, export_classes, find_exportable_classes
from lms.learning.hand_in.importing import ImportPreview, ImportReceipt, import_hand_in, preview_import
from lms.learning.hand_in.laptop_file import LaptopFile, read_laptop_file
from lms.learning.hand_in.signed_file import MAX_FILE_BYTES
from lms.learning.hand_in.wording import refusal_sentence
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.classroom.blueprint import bp
from lms.web.classroom.lesson_names import lesson_names
from lms.web.database import rollback, session
from lms.web.language import translate, translate_number
from lms.web.page_cache import no_store_page
from lms.web.request_context import code_key, issuer, library

PATH = "/dung-lop/nop"
EXPORT_PATH = "/dung-lop/nop-ve"
MAX_UPLOAD_BYTES = MAX_FILE_BYTES * 4 // 3 + 20_000  # in the page it is base64
NOTHING_SELECTED = mark_for_translation("Chạm vào ít nhất một lớp, rồi chạm “Tải tệp nộp”.")
NO_FILE = mark_for_translation("Chọn tệp đã tải từ máy ở phòng, rồi chạm “Xem tệp”.")
TOO_MANY_CLASSES = mark_for_translation("Mỗi tệp được {most} lớp. Chọn ít hơn nhé.")
CLASS_GONE = mark_for_translation("Một lớp vừa chọn đang mở lại, hoặc không còn. Xem lại danh sách.")
STATUS_LABELS = {
    ClassImportStatus.NEW: mark_for_translation("mới"),
    ClassImportStatus.UPDATED: mark_for_translation("đã nhận, tệp này có số liệu mới hơn"),
    ClassImportStatus.KNOWN: mark_for_translation("đã nhận rồi, không tính lần nữa"),
}


@dataclass(frozen=True, slots=True)
class ClassChoice:
    """A class that can be exported. ``state``: whether it was, in words."""

    id: str
    name: str
    day: str
    state: str
    selected: bool


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class in a file. ``people``: as its report has them. ``venue`` is "" if nobody typed it."""

    name: str
    venue: str
    day: str
    people: int
    status: str


@bp.get(EXPORT_PATH)
def choose_export() -> Response:
    """The closed classes of this laptop. ``lop`` selects one; otherwise those never exported are selected."""
    return _render_export(_require_hand_in(), request.args.getlist("lop"))


@bp.post(EXPORT_PATH)
def download_export() -> ResponseReturnValue:
    account = _require_hand_in()
    allowed = {each.class_session.id for each in _exportable(account)}
    selected = request.form.getlist("lop")
    if not selected:
        return _render_export(account, (), problem=NOTHING_SELECTED)
    if not allowed.issuperset(selected):
        return _render_export(account, (), problem=CLASS_GONE)
    now = clock.now()
    try:
        data = export_classes(
            session(), selected, library=library(), keys=issuer().keys, secret=code_key(), account=account,
            now=now,
        )  # fmt: skip
    except (ClassClosed, NotFound):
        rollback()
        return _render_export(account, (), problem=CLASS_GONE)
    except TooLarge:
        return _render_export(account, selected, problem=TOO_MANY_CLASSES)
    response = make_response(data)
    day = vietnam_time.to_vietnam_time(now).strftime("%Y-%m-%d-%H%M")
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Content-Disposition"] = f'attachment; filename="nop-{day}.lop"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get(PATH)
def show_import_form() -> Response:
    return _render_import(_require_hand_in())


@bp.post(PATH)
def import_hand_in_file() -> Response:
    """Look into an uploaded file, or with ``nhan`` take the one that waits in the page."""
    request.max_content_length = request.max_form_memory_size = MAX_UPLOAD_BYTES
    account = _require_hand_in()
    upload = request.files.get("tep")
    data = upload.read(MAX_FILE_BYTES + 1) if upload else _decode(request.form.get("goi", ""))
    if not data:
        return _render_import(account, problem=NO_FILE)
    try:
        file = read_laptop_file(data, now=clock.now())
        preview = preview_import(session(), file, library())
        if request.form.get("nhan"):
            return _render_import(account, receipt=_import(account, file))
    except InvalidHandIn as error:
        rollback()
        return _render_import(
            account, problem=translate(refusal_sentence(error)), status=413 if error.why == "large" else 422
        )
    return _render_preview(account, data, file, preview)


def _require_hand_in() -> Account:
    account = require_account()
    permissions.require_permission(account, "hand_in", PermissionTarget(account.ward))
    return account


def _exportable(account: Account) -> tuple[ExportableClass, ...]:
    ward = None if account.ward == CITY else account.ward
    return find_exportable_classes(session(), ward=ward)


def _render_export(account: Account, selected: Sequence[str], *, problem: str = "") -> Response:
    exportable = _exportable(account)
    new = [each.class_session.id for each in exportable if each.exported_at is None]
    classes = [_class_choice(each, selected or new[:MAX_CLASSES]) for each in exportable]
    page = render_template(
        "classroom/report/export.html",
        account=account,
        classes=classes,
        problem=translate(problem).format(most=MAX_CLASSES),
    )
    return no_store_page(page, status=422 if problem else 200)


def _class_choice(each: ExportableClass, selected: Sequence[str]) -> ClassChoice:
    class_session = each.class_session
    return ClassChoice(
        id=class_session.id,
        name=lesson_names(class_session),
        day=_day(class_session.opened_at),
        state=translate("đã tải tệp {day}").format(day=_day(each.exported_at))
        if each.exported_at
        else translate("chưa nộp"),
        selected=class_session.id in selected,
    )


def _import(account: Account, file: LaptopFile) -> ImportReceipt:
    ward = account.ward
    if account.ward == CITY:
        typed = request.form.get("phuong", "")
        ward = typed if wards.find_ward(typed) else CITY
    return import_hand_in(
        session(), file, account=account, ward=ward, library=library(), issuer=issuer(), now=clock.now()
    )


def _render_import(
    account: Account, *, problem: str = "", receipt: ImportReceipt | None = None, status: int = 200
) -> Response:
    page = render_template("classroom/report/import.html", account=account, problem=translate(problem), receipt=receipt)
    return no_store_page(page, status=422 if problem and status == 200 else status)


def _render_preview(account: Account, data: bytes, file: LaptopFile, preview: ImportPreview) -> Response:
    laptop_wards = {each.ward for each, _ in preview.classes}
    page = render_template(
        "classroom/report/import_preview.html",
        account=account,
        classes=[_class_line(each, status) for each, status in preview.classes],
        changes_classes=preview.changes_classes,
        learners=preview.learners,
        marks=preview.marks,
        badges=sum(len(learner.badges) for learner in file.hand_in.learners),
        lost_marks=sum(preview.lost_marks.values()),
        lost_lessons=", ".join(preview.lost_marks),
        clock_sentence=_clock_sentence(file.clock_shift),
        packed=base64.b64encode(data).decode("ascii"),
        wards=wards.all_wards() if account.ward == CITY else (),
        selected_ward=laptop_wards.pop() if len(laptop_wards) == 1 else "",
    )
    return no_store_page(page)


def _class_line(each: HandInClass, status: ClassImportStatus) -> ClassLine:
    names = [lesson.counts.lesson for lesson in each.lessons]
    return ClassLine(", ".join(names), each.venue, _day(each.opened_at), each.people, translate(STATUS_LABELS[status]))


def _clock_sentence(shift: timedelta) -> str:
    if not shift:
        return translate("Ngày giờ theo đồng hồ của máy ở phòng.")
    hours = max(1, round(abs(shift) / timedelta(hours=1)))
    is_back = shift < timedelta(0)
    if hours < 48:
        back = translate_number(
            "Đồng hồ của máy ở phòng sai, nên ngày giờ trong tệp đã lùi lại {count} giờ.",
            "Đồng hồ của máy ở phòng sai, nên ngày giờ trong tệp đã lùi lại {count} giờ.",
            hours,
        )
        on = translate_number(
            "Đồng hồ của máy ở phòng sai, nên ngày giờ trong tệp đã dời tới {count} giờ.",
            "Đồng hồ của máy ở phòng sai, nên ngày giờ trong tệp đã dời tới {count} giờ.",
            hours,
        )
        return (back if is_back else on).format(count=hours)
    back = translate("Đồng hồ của máy ở phòng sai, nên ngày giờ trong tệp đã lùi lại {count} ngày.")
    on = translate("Đồng hồ của máy ở phòng sai, nên ngày giờ trong tệp đã dời tới {count} ngày.")
    return (back if is_back else on).format(count=round(hours / 24))


def _day(moment: datetime) -> str:
    return vietnam_time.to_vietnam_time(moment).strftime("%d/%m/%Y, %H:%M")


def _decode(packed: str) -> bytes:
    try:
        return base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        return b""
