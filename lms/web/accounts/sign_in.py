"""/vao: sign in with a slip or a password."""

from __future__ import annotations

import math
import re
import secrets

from flask import after_this_request, redirect, render_template, request
from itsdangerous import TimestampSigner
from werkzeug.wrappers import Response

from lms.learning.accounts import sign_in_slips, sign_ins
from lms.learning.accounts.account import Account
from lms.learning.accounts.sign_ins import KnownBrowser
from lms.learning.errors import InvalidSignInSlip, TooManySignInTries, WrongNameOrPassword
from lms.message_catalog import mark_for_translation
from lms.signing import loads_or_none, timestamp_signer
from lms.web import clock, learning_code_card, page_cache
from lms.web.accounts import signed_in
from lms.web.accounts.blueprint import bp
from lms.web.accounts.redirects import home_path, local_path_or_empty
from lms.web.database import session
from lms.web.language import translate
from lms.web.request_context import settings

SLIP_ERRORS = {
    "unknown": mark_for_translation(
        "Chưa tìm thấy phiếu này. So lại từng chữ rồi gõ lại. Đã in phiếu mới thì phiếu cũ hết dùng được."
    ),
    # The same words for every slip: neither whose it was, nor whether that account has a password.
    "used": mark_for_translation("Phiếu này đã dùng rồi: mỗi phiếu chỉ vào được một lần."),
    "expired": mark_for_translation("Phiếu này đã quá 7 ngày. Nhờ người tổ chức in phiếu mới."),
    # A square, an address or a typed code.
    "handoff_used": mark_for_translation("Mã này đã dùng rồi: mỗi mã chỉ vào được một máy."),
    "handoff_expired": mark_for_translation("Mã này đã quá mười phút."),
    "handoff_ended": mark_for_translation("Máy đưa mã này đã thoát, nên mã hết dùng được."),
    "start_used": mark_for_translation("Mã này đã dùng rồi: mỗi mã chỉ vào được một lần."),
    "start_expired": mark_for_translation("Mã này đã quá mười phút."),
    "disabled": mark_for_translation("Tài khoản của phiếu này đang ngừng. Hỏi người tổ chức của phường."),
}
MISSING_FIELD_ERRORS = {
    "ma": mark_for_translation("Gõ mã trên phiếu vào ô này đã nhé. Mã có 12 chữ và số."),
    "ten": mark_for_translation("Gõ tên của mình vào ô này đã nhé, rồi gõ lại mật khẩu."),
    "mat-khau": mark_for_translation("Gõ mật khẩu vào ô này đã nhé. Quên mật khẩu thì vào bằng phiếu mới."),
}
WAIT = mark_for_translation("Đã thử sai nhiều lần. Đợi {} phút rồi thử lại, hoặc quét hình vuông trên phiếu.")
WRONG_SIGN_IN = mark_for_translation("Tên hoặc mật khẩu chưa đúng. Gõ lại, hoặc vào bằng phiếu mới.")

# In a browser that an account has used before, tries are counted per browser, so that guesses elsewhere do not lock
# its owner out. The signed cookie holds the account id and a random id of the browser. It does not sign anybody in.
KNOWN_BROWSER_COOKIE = "known"  # the name, behind ``settings.cookie_prefix``
KNOWN_BROWSER_MAX_AGE = 180 * 24 * 3600  # seconds
_KNOWN_BROWSER = re.compile(r"([0-9a-f]{32})~([0-9a-f]{16})\Z")


@bp.get("/vao")
def show_sign_in() -> Response:
    account = signed_in.current_account()
    if account and not request.args.get("tiep"):
        return redirect(home_path(account), 303)
    return _sign_in_page()


@bp.post("/vao")
def sign_in() -> Response:
    """Sign in with the code of a slip (``ma``), or with a name and password (``ten``, ``mat-khau``)."""
    signed_in.check_csrf_token()
    code, name, password = (request.form.get(field, "") for field in ("ma", "ten", "mat-khau"))
    by_password = not code and "ten" in request.form
    error_field = "mat-khau" if by_password else "ma"
    required = {"ten": name.strip(), "mat-khau": password} if by_password else {"ma": code.strip()}
    missing = next((field for field, typed in required.items() if not typed), None)
    if missing:  # not counted as a try
        return _sign_in_page(error=MISSING_FIELD_ERRORS[missing], error_field=missing, status=422)
    try:
        if not by_password:
            secret = settings().secret_keys
            token = sign_ins.sign_in_with_code(signed_in.engine(), code, secret=secret, now=clock.now())
            return _signed_in_redirect(token, code=code)
        token = sign_ins.sign_in_with_password(
            signed_in.engine(), name, password, known_browser=_known_browser(), now=clock.now()
        )
    except InvalidSignInSlip as invalid:
        return _sign_in_page(error=SLIP_ERRORS[invalid.why], error_field=error_field, status=422)
    except WrongNameOrPassword:
        return _sign_in_page(error=WRONG_SIGN_IN, error_field=error_field, status=422)
    except TooManySignInTries as blocked:
        return _sign_in_page(error=_wait_message(blocked), error_field=error_field, status=429)
    return _signed_in_redirect(token)


@bp.get("/vao/<token>")
def show_slip(token: str) -> Response:
    """Show whose slip it is without using it: chat programs fetch links for a preview."""
    current_account = signed_in.current_account()
    try:
        account = sign_in_slips.find_slip_holder(session(), token, now=clock.now())
    except InvalidSignInSlip as invalid:
        return _invalid_slip_page(invalid)
    browser_url = (
        learning_code_card.browser_url(f"{settings().public_url}/vao/{token}")
        if learning_code_card.is_in_app_browser()
        else ""
    )
    page = render_template(
        "accounts/slip.html",
        account=account,
        current_account=current_account,
        token=token,
        kind=sign_in_slips.find_slip_kind(session(), token),
        browser_url=browser_url,
    )
    return page_cache.no_store_page(page)


@bp.post("/vao/<token>")
def redeem_slip(token: str) -> Response:
    signed_in.check_csrf_token()
    try:
        sign_in_token = sign_ins.sign_in_with_slip(signed_in.engine(), token, now=clock.now())
    except InvalidSignInSlip as invalid:
        return _invalid_slip_page(invalid)
    return _signed_in_redirect(sign_in_token, slip_token=token)


def _signed_in_redirect(token: str, *, slip_token: str = "", code: str = "") -> Response:
    """Sign this browser in, and lead to the page that asked for it, or to the desk that a handoff opens."""
    account = signed_in.sign_in(token)
    _remember_browser(account)
    class_id = sign_in_slips.find_class_to_open(session(), token=slip_token, code=code) if slip_token or code else None
    desk_path = f"/dung-lop/{class_id}" if class_id else ""
    return redirect(desk_path or local_path_or_empty(request.form.get("tiep", "")) or home_path(account), 303)


def _sign_in_page(*, error: str = "", error_field: str = "", status: int = 200) -> Response:
    return_path = local_path_or_empty(request.values.get("tiep", ""))
    typed_code, typed_name = request.form.get("ma", "")[:40], request.form.get("ten", "")[:80]
    page = render_template(
        "accounts/sign_in.html",
        error=translate(error) if error else "",
        error_field=error_field,
        return_path=return_path,
        typed_code=typed_code,
        typed_name=typed_name,
    )
    return page_cache.no_store_page(page, status=status)


def _invalid_slip_page(invalid: InvalidSignInSlip) -> Response:
    current_account = signed_in.current_account()
    page = render_template(
        "accounts/invalid_slip.html",
        error=translate(SLIP_ERRORS[invalid.why]),
        why=invalid.why,
        home=home_path(current_account) if current_account else "",
    )
    return page_cache.no_store_page(page, status=404 if invalid.why == "unknown" else 410)


def _wait_message(blocked: TooManySignInTries) -> str:
    minutes = max(1, math.ceil((blocked.until - clock.now()).total_seconds() / 60))
    return translate(WAIT).format(minutes)


def _known_browser() -> KnownBrowser | None:
    """Read the signed cookie that names the account last signed in here."""
    cookie = request.cookies.get(settings().cookie_prefix + KNOWN_BROWSER_COOKIE, "")
    value = loads_or_none(_known_browser_signer().unsign, cookie, max_age=KNOWN_BROWSER_MAX_AGE) if cookie else None
    match = _KNOWN_BROWSER.match(value.decode("ascii", "replace")) if value is not None else None
    return KnownBrowser(match[1], match[2]) if match else None


def _remember_browser(account: Account) -> None:
    """Mark this browser as known to the account. A browser id that it already has for the account is kept."""
    known = _known_browser()
    word = known.browser_id if known and known.account_id == account.id else secrets.token_hex(8)
    value = _known_browser_signer().sign(f"{account.id}~{word}").decode("ascii")

    @after_this_request
    def send(response: Response) -> Response:
        name, secure = settings().cookie_prefix + KNOWN_BROWSER_COOKIE, settings().https
        response.set_cookie(
            name, value, max_age=KNOWN_BROWSER_MAX_AGE, httponly=True, secure=secure, samesite="Lax", path="/"
        )
        return response


def _known_browser_signer() -> TimestampSigner:
    return timestamp_signer(settings().secret_keys, "lms.known-browser")
