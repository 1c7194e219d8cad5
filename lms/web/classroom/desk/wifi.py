"""Routes of /dung-lop/<class>/wifi: the room's Wi-Fi, shown on the wall and a poster until the class closes."""

from __future__ import annotations

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.learning.classroom.access.wifi import set_wifi
from lms.learning.errors import ClassClosed, InvalidWifiSettings
from lms.message_catalog import mark_for_translation
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import (
    FacilitatorContext,
    class_closed_error,
    message_from_query,
    require_open_class,
)
from lms.web.classroom.class_header import class_header, count_phones
from lms.web.classroom.desk.pages import stream_url
from lms.web.classroom.join_links import class_qr, join_address, wifi_qr
from lms.web.classroom.lesson_summary_lines import paper_links, things_to_bring_in_words
from lms.web.database import session
from lms.web.language import translate
from lms.web.page_cache import no_store_page

MESSAGES = {
    "ghi": mark_for_translation("Đã ghi. Màn chiếu hiện mã Wi-Fi trước mã lớp."),
    "bo": mark_for_translation("Đã bỏ mã Wi-Fi khỏi màn chiếu."),
}
INVALID_FIELD = {
    "name": mark_for_translation(
        "Tên Wi-Fi dài tối đa 32 chữ không dấu, ngắn hơn khi có dấu. Chép đúng tên đang hiện ở máy."
    ),
    "password": mark_for_translation("Mật khẩu Wi-Fi có từ 8 đến 63 chữ. Mạng không có mật khẩu thì để trống ô ấy."),
}
NO_NAME = mark_for_translation("Gõ tên Wi-Fi của phòng.")


@bp.get("/dung-lop/<class_id>/wifi")
def show_wifi(class_id: str) -> Response:
    context = require_open_class(class_id)
    return no_store_page(_render(context, message=message_from_query(MESSAGES)))


@bp.post("/dung-lop/<class_id>/wifi")
def save_wifi(class_id: str) -> ResponseReturnValue:
    """Save ``ten`` and ``mat-khau`` with their spaces; ``bo`` removes the network."""
    context = require_open_class(class_id)
    is_removal = "bo" in request.form
    name = "" if is_removal else request.form.get("ten", "")
    if not name.strip() and not is_removal:
        return no_store_page(_render(context, message=NO_NAME, tone="careful"), status=422)
    password = request.form.get("mat-khau", "")
    try:
        set_wifi(session(), class_id, account_id=context.account.id, name=name, password=password)
    except InvalidWifiSettings as error:
        return no_store_page(
            _render(context, message=INVALID_FIELD[error.why], tone="careful", typed=(name, password)), status=422
        )
    except ClassClosed as error:
        raise class_closed_error(context.base_url) from error
    return redirect(f"{context.base_url}/wifi?da={'bo' if is_removal else 'ghi'}", 303)


def _render(
    context: FacilitatorContext, *, message: str = "", tone: str = "tip", typed: tuple[str, str] | None = None
) -> str:
    wifi = context.class_session.state.wifi
    return render_template(
        "classroom/desk/wifi.html",
        account=context.account,
        class_header=class_header(context.class_session, count_phones(context.class_session.id)),
        stream_url=stream_url(context),
        base_url=context.base_url,
        lesson=context.lesson.name,
        bring=things_to_bring_in_words(context.lesson),
        papers=paper_links(context.lesson),
        message=translate(message),
        tone=tone,
        wifi=wifi,
        qr=wifi_qr(wifi) if wifi else "",
        class_qr=class_qr(context.class_session.code),
        join_address=join_address(),
        typed=typed or ((wifi.name, wifi.password) if wifi else ("", "")),
    )
