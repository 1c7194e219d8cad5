"""/thu-truoc-gio: the hall's network is tried before people come. Phones open a page, a number says how quick it is."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, jsonify, make_response, redirect, render_template, request

from lms.learning.accounts import permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import Subject
from lms.learning.classroom.access.network_checks import (
    CODE_LENGTH,
    Measured,
    begin_trial,
    find_trial,
    find_trial_of,
    hear_phone,
    measured,
)
from lms.learning.classroom.session.class_codes import read_digits
from lms.learning.errors import NotFound, TooOften
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.classroom.blueprint import bp
from lms.web.database import session
from lms.web.errors import wants_json
from lms.web.learning_code_card import qr_square, site_host
from lms.web.page_cache import private
from lms.web.request_context import settings

FEW = 5  # phones; of fewer nothing can be said about a whole hall
OVER = "Phần thử này đã hết giờ, hoặc số gõ nhầm. Nhìn lại màn hình của người đứng lớp nhé."


@dataclass(frozen=True, slots=True)
class Said:
    """What the numbers mean, and what to do. ``tone`` as in macros/note.html."""

    tone: str
    sentence: str
    advice: str


@bp.get("/thu-truoc-gio")
def look_at_trial() -> Response:
    account = _account()
    now = clock.now()
    trial = find_trial_of(session(), account_id=account.id, now=now)
    found = measured(session(), trial.code, now=now) if trial else None
    if wants_json():
        answer = jsonify(_numbers(found) if found else {"over": True})
        answer.headers["Cache-Control"] = "no-store"
        return answer
    address = f"{settings().public_url}/thu-truoc-gio/{trial.code}" if trial else ""
    return private(
        render_template(
            "classroom/trial.html",
            account=account,
            code=trial.code if trial else "",
            way=f"{site_host()}/thu-truoc-gio/{trial.code}" if trial else "",
            square=qr_square(address.upper()) if trial else "",
            found=_numbers(found) if found else None,
        )
    )


@bp.post("/thu-truoc-gio")
def begin() -> Response:
    begin_trial(session(), account_id=_account().id, now=clock.now())
    return redirect("/thu-truoc-gio", 303)


@bp.get("/THU-TRUOC-GIO/<code>")
def try_in_capitals(code: str) -> Response:
    """A QR code of capitals has fewer modules."""
    if read_digits(code, CODE_LENGTH) is None:
        return _phone_page(code, over=True, status=404)
    return redirect(f"/thu-truoc-gio/{read_digits(code, CODE_LENGTH)}", 302)


@bp.get("/thu-truoc-gio/<code>")
def try_phone(code: str) -> Response:
    """What a phone opens: one tap, no account, nothing kept but that a phone was here."""
    try:
        find_trial(session(), code, now=clock.now())
    except NotFound:
        return _phone_page(code, over=True, status=404)
    return _phone_page(code, phone=request.args.get("may", "")[:16])


@bp.post("/thu-truoc-gio/<code>")
def count_phone(code: str) -> Response:
    """``may``: the word that this trial drew for the phone; ``ms``: how long an answer took there and back."""
    delay = request.form.get("ms", "")
    try:
        phone = hear_phone(
            session(),
            code,
            request.form.get("may"),
            delay=int(delay) if delay.isascii() and delay.isdigit() and len(delay) < 8 else None,
            now=clock.now(),
        )
    except NotFound:
        return _refused(code, 404)
    except TooOften:
        return _refused(code, 429)
    if wants_json():
        return jsonify(phone=phone)
    return redirect(f"/thu-truoc-gio/{code}?may={phone}", 303)


@bp.get("/thu-truoc-gio/nhip")
def answer_at_once() -> Response:
    """There and back: no database, no cookie, no page."""
    answer = make_response("", 204)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def said(found: Measured) -> Said:
    """What a facilitator does with the numbers."""
    if not found.phones:
        return Said(
            "tip", "Chưa máy nào mở", "Cho vài điện thoại trong phòng quét mã này, càng đông càng giống lúc học."
        )
    if found.middle is None:
        return Said("tip", f"{found.phones} máy vào được", "Các máy này không đo được nhanh chậm. Thử thêm máy khác.")
    if found.verdict == "good":
        few = found.phones < FEW
        advice = "Mới thử ít máy. Đông người mạng có thể chậm lại, thử thêm." if few else "Mở lớp được rồi."
        return Said("right", f"Mạng tốt cho {found.phones} máy", advice)
    if found.verdict == "slow":
        return Said(
            "careful",
            f"Mạng hơi chậm với {found.phones} máy",
            "Học được, nhưng phải chờ. Dời cục phát ra giữa phòng, tắt máy đang xem phim, máy nào có 4G thì dùng 4G.",
        )
    return Said(
        "careful",
        f"Mạng chậm với {found.phones} máy",
        "Cho một nửa số máy dùng 4G, hoặc hai người chung một máy. Gần cục phát mà vẫn chậm thì dùng cục phát khác.",
    )


def _account() -> Account:
    account = require_account()
    permissions.require(account, "steer", Subject(account.ward))
    return account


def _numbers(found: Measured) -> dict:
    words = said(found)
    return {
        "phones": found.phones,
        "silent": found.silent,
        "middle": _seconds(found.middle),
        "slow": _seconds(found.slow),
        "tone": words.tone,
        "sentence": words.sentence,
        "advice": words.advice,
    }


def _seconds(milliseconds: int | None) -> str:
    """ "0,4 giây"; "" where nothing was measured."""
    if milliseconds is None:
        return ""
    return "chưa tới 0,1 giây" if milliseconds < 100 else f"{milliseconds / 1000:.1f} giây".replace(".", ",")


def _phone_page(code: str, *, phone: str = "", over: bool = False, status: int = 200) -> Response:
    return private(
        render_template("classroom/trial_phone.html", code=code[:10], phone=phone, sentence=OVER if over else ""),
        status=status,
    )


def _refused(code: str, status: int) -> Response:
    if wants_json():
        answer = jsonify(error=OVER)
        answer.status_code = status
        return answer
    return _phone_page(code, over=True, status=status)
