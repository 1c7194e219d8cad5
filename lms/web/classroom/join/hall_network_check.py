"""Routes of /thu-truoc-gio: check before class whether the room's network carries enough phones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.learning.accounts import permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.classroom.access.network_checks import (
    CODE_LENGTH,
    NetworkCheckResult,
    find_class_code_after_check,
    find_network_check,
    find_network_check_result,
    find_running_network_check,
    record_phone_delay,
    start_network_check,
)
from lms.learning.classroom.session.class_codes import parse_digits
from lms.learning.errors import NotFound, RateLimited
from lms.message_catalog import SOURCE_LANGUAGE, mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.classroom.blueprint import bp
from lms.web.database import session
from lms.web.errors import wants_json
from lms.web.language import page_language, translate
from lms.web.page_cache import no_store_page
from lms.web.request_context import settings
from lms.web.urls import qr_svg, site_host

SMALL_SAMPLE = 5  # fewer phones say little about a full room
CHECKLIST = (
    ("sac", mark_for_translation("Cắm sạc. Trong cài đặt của máy, tắt chế độ ngủ và tắt màn hình.")),
    ("loa", mark_for_translation("Mở thử một đoạn có tiếng: cuối phòng nghe được.")),
    ("chu", mark_for_translation("Ngồi hàng cuối đọc được chữ trên màn chiếu. Chưa đọc được thì kéo màn gần lại.")),
    ("wifi", mark_for_translation("Có tên và mật khẩu Wi-Fi của phòng. Mở lớp xong thì ghi vào “Wi-Fi của phòng”.")),
    ("giay", mark_for_translation("Đủ giấy, bút, tờ in cho bà con không có máy. Mười bác thì một người phụ.")),
)
CHECK_OVER = mark_for_translation("Phần thử này đã hết giờ, hoặc số gõ nhầm. Nhìn lại màn hình của người đứng lớp nhé.")


@dataclass(frozen=True, slots=True)
class HallNetworkAdvice:
    """What the measured numbers mean and what to do. ``tone`` is one of macros/note.html."""

    tone: str
    sentence: str
    advice: str


@bp.get("/thu-truoc-gio")
def show_network_check() -> Response:
    account = _require_facilitator()
    now = clock.now()
    check = find_running_network_check(session(), account_id=account.id, now=now)
    result = find_network_check_result(session(), check.code, now=now) if check else None
    if wants_json():
        response = jsonify(_result_fields(result) if result else {"over": True})
        response.headers["Cache-Control"] = "no-store"
        return response
    url = f"{settings().public_url}/thu-truoc-gio/{check.code}" if check else ""
    return no_store_page(
        render_template(
            "classroom/join/network_check.html",
            account=account,
            checklist=[(key, translate(words)) for key, words in CHECKLIST],
            code=check.code if check else "",
            check_address=f"{site_host()}/thu-truoc-gio/{check.code}" if check else "",
            qr=qr_svg(url.upper()) if check else "",
            result=_result_fields(result) if result else None,
        )
    )


@bp.post("/thu-truoc-gio")
def start_hall_network_check() -> ResponseReturnValue:
    start_network_check(session(), account_id=_require_facilitator().id, now=clock.now())
    return redirect("/thu-truoc-gio", 303)


@bp.get("/THU-TRUOC-GIO/<code>")
def redirect_check_qr(code: str) -> ResponseReturnValue:
    """Redirect the URL of the QR code, which is in capitals to need fewer modules."""
    if parse_digits(code, CODE_LENGTH) is None:
        return _render_phone(code, is_over=True, status=404)
    return redirect(f"/thu-truoc-gio/{parse_digits(code, CODE_LENGTH)}", 302)


@bp.get("/thu-truoc-gio/<code>")
def show_phone_check(code: str) -> Response:
    """Show the check to a phone. It needs no account and stores nothing about the learner.

    A phone that was counted is led to the class once that is open.
    """
    try:
        find_network_check(session(), code, now=clock.now())
    except NotFound:
        return _render_phone(code, is_over=True, status=404)
    phone = request.args.get("may", "")[:16]
    return _render_phone(code, phone=phone, class_code=find_class_code_after_check(session(), code) if phone else None)


@bp.post("/thu-truoc-gio/<code>")
def save_phone_check(code: str) -> ResponseReturnValue:
    """Record a phone. ``may`` is its random id in this check, ``ms`` the round-trip time in milliseconds."""
    delay = request.form.get("ms", "")
    try:
        phone = record_phone_delay(
            session(),
            code,
            request.form.get("may"),
            delay=int(delay) if delay.isascii() and delay.isdigit() and len(delay) < 8 else None,
            now=clock.now(),
        )
    except NotFound:
        return _phone_error(code, 404)
    except RateLimited:
        return _phone_error(code, 429)
    if wants_json():
        return jsonify(phone=phone, class_is_open=find_class_code_after_check(session(), code) is not None)
    return redirect(f"/thu-truoc-gio/{code}?may={phone}", 303)


@bp.get("/thu-truoc-gio/nhip")
def ping() -> Response:
    """Respond without touching the database, so that a phone can measure a round trip."""
    response = make_response("", 204)
    response.headers["Cache-Control"] = "no-store"
    return response


def advice_for(result: NetworkCheckResult) -> HallNetworkAdvice:
    """Advice for the facilitator."""
    if not result.phones:
        return HallNetworkAdvice(
            "tip",
            translate("Chưa máy nào mở"),
            translate("Cho vài điện thoại trong phòng quét mã này, càng đông càng giống lúc học."),
        )
    if result.median is None:
        return HallNetworkAdvice(
            "tip",
            translate("{phones} máy vào được").format(phones=result.phones),
            translate("Các máy này không đo được nhanh chậm. Thử thêm máy khác."),
        )
    if result.verdict == "good":
        is_small_sample = result.phones < SMALL_SAMPLE
        advice = (
            translate("Mới thử ít máy. Đông người mạng có thể chậm lại, thử thêm.")
            if is_small_sample
            else translate("Mở lớp được rồi.")
        )
        return HallNetworkAdvice("right", translate("Mạng tốt cho {phones} máy").format(phones=result.phones), advice)
    if result.verdict == "slow":
        return HallNetworkAdvice(
            "careful",
            translate("Mạng hơi chậm với {phones} máy").format(phones=result.phones),
            translate(
                "Học được, nhưng phải chờ. Dời cục phát ra giữa phòng, tắt máy đang xem phim, máy nào có 4G thì dùng"
                " 4G."
            ),
        )
    return HallNetworkAdvice(
        "careful",
        translate("Mạng chậm với {phones} máy").format(phones=result.phones),
        translate(
            "Cho một nửa số máy dùng 4G, hoặc hai người chung một máy. Gần cục phát mà vẫn chậm thì dùng cục phát khác."
        ),
    )


def _require_facilitator() -> Account:
    account = require_account()
    permissions.require_permission(account, "steer_class", PermissionTarget(account.ward))
    return account


def _result_fields(result: NetworkCheckResult) -> dict[str, Any]:
    advice = advice_for(result)
    return {
        "phones": result.phones,
        "silent": result.without_script,
        "middle": _format_delay(result.median),
        "slow": _format_delay(result.percentile_90),
        "tone": advice.tone,
        "sentence": advice.sentence,
        "advice": advice.advice,
    }


def _format_delay(milliseconds: int | None) -> str:
    """ "0,4 giây"; "" without a measurement."""
    if milliseconds is None:
        return ""
    if milliseconds < 100:
        return translate("chưa tới 0,1 giây")
    seconds = f"{milliseconds / 1000:.1f}"
    return translate("{seconds} giây").format(
        seconds=seconds.replace(".", ",") if page_language() == SOURCE_LANGUAGE else seconds
    )


def _render_phone(
    code: str, *, phone: str = "", class_code: str | None = None, is_over: bool = False, status: int = 200
) -> Response:
    return no_store_page(
        render_template(
            "classroom/join/network_check_phone.html",
            code=code[:10],
            phone=phone,
            class_code=class_code,
            problem=translate(CHECK_OVER) if is_over else "",
        ),
        status=status,
    )


def _phone_error(code: str, status: int) -> Response:
    if wants_json():
        response = jsonify(error=translate(CHECK_OVER))
        response.status_code = status
        return response
    return _render_phone(code, is_over=True, status=status)
