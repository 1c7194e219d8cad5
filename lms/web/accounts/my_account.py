"""/quan-ly/toi: one's own account, its password and its signed-in browsers."""

from __future__ import annotations

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from lms.learning.accounts import password_change, sign_ins
from lms.learning.accounts.sign_ins import CurrentSignIn
from lms.learning.errors import TooManySignInTries, WeakPassword, WrongNameOrPassword
from lms.message_catalog import mark_for_translation
from lms.web import clock, page_cache
from lms.web.accounts import signed_in
from lms.web.accounts.blueprint import bp
from lms.web.accounts.redirects import home_path
from lms.web.database import session
from lms.web.language import translate
from lms.web.urls import site_host

ERRORS = {
    "wrong_current": mark_for_translation("Mật khẩu đang dùng chưa đúng. Gõ lại nhé."),
    "missing_current": mark_for_translation("Gõ mật khẩu đang dùng vào ô này đã nhé, rồi gõ lại mật khẩu mới."),
    "missing_new": mark_for_translation("Gõ mật khẩu mới vào ô này đã nhé, ít nhất 8 ký tự."),
    "not_repeated": mark_for_translation("Mật khẩu mới cần gõ hai lần. Gõ lại vào cả hai ô nhé."),
    "different": mark_for_translation("Hai lần gõ mật khẩu mới chưa giống nhau. Gõ lại cả hai nhé."),
    "too_many_tries": mark_for_translation(
        "Đã thử sai nhiều lần. Đợi 15 phút, hoặc vào lại bằng phiếu mới rồi đặt mật khẩu."
    ),
}
WEAK_PASSWORD_ERRORS = {
    "short": mark_for_translation("Mật khẩu cần ít nhất 8 ký tự. Một câu ngắn dễ nhớ là tốt nhất."),
    "long": mark_for_translation("Mật khẩu dài quá. Dùng nhiều nhất 1000 ký tự."),
    "common": mark_for_translation(
        "Mật khẩu này nhiều người dùng nên dễ bị đoán. Thử ghép vài từ không liên quan với nhau."
    ),
    "own": mark_for_translation(
        "Mật khẩu này giống tên người, tên phường hoặc tên trang, nên dễ bị đoán. Thử ghép vài từ khác."
    ),
}


@bp.get("/quan-ly/toi")
def show_my_account() -> Response:
    signed_in.require_account()
    return _my_account_page()


@bp.post("/quan-ly/toi/mat-khau")
def set_password() -> Response:
    browser_sign_in = signed_in.require_sign_in()
    current, new, repeated = (request.form.get(field, "") for field in ("dang-dung", "moi", "lan-nua"))
    # An empty field does not count as a try.
    if _needs_current_password(browser_sign_in) and not current:
        return _my_account_page(error=ERRORS["missing_current"], error_field="dang-dung", status=422)
    if not new:
        return _my_account_page(error=ERRORS["missing_new"], error_field="moi", status=422)
    if new != repeated:
        return _my_account_page(
            error=ERRORS["different" if repeated else "not_repeated"], error_field="moi", status=422
        )
    try:
        password_change.set_password(
            signed_in.engine(), browser_sign_in, new, current_password=current, now=clock.now()
        )
    except WrongNameOrPassword:
        return _my_account_page(error=ERRORS["wrong_current"], error_field="dang-dung", status=422)
    except WeakPassword as weak:
        return _my_account_page(error=WEAK_PASSWORD_ERRORS[weak.why], error_field="moi", status=422)
    except TooManySignInTries:
        return _my_account_page(error=ERRORS["too_many_tries"], error_field="dang-dung", status=429)
    changed = browser_sign_in.account.has_password
    return redirect(f"/quan-ly/toi?xong={'mat-khau' if changed else 'mat-khau-dau'}", 303)


@bp.post("/quan-ly/toi/khoi-mat-khau")
def dismiss_password_offer() -> Response:
    """Dismiss the offer of a password, from the card on the account's first page."""
    account = signed_in.require_account()
    password_change.dismiss_password_offer(session(), account, now=clock.now())
    return redirect(home_path(account), 303)


@bp.post("/quan-ly/toi/may-khac")
def sign_out_other_browsers() -> Response:
    """Sign out every other browser, such as a lost phone."""
    browser_sign_in = signed_in.require_sign_in()
    sign_ins.end_other_sign_ins(
        session(), browser_sign_in.account, current_token=browser_sign_in.token, now=clock.now()
    )
    return redirect("/quan-ly/toi?xong=may-khac", 303)


def _my_account_page(*, error: str = "", error_field: str = "", status: int = 200) -> Response:
    browser_sign_in = signed_in.require_sign_in()
    page = render_template(
        "accounts/my_account.html",
        account=browser_sign_in.account,
        browsers=sign_ins.list_browsers(session(), browser_sign_in.account, current_token=browser_sign_in.token),
        needs_current_password=_needs_current_password(browser_sign_in),
        home=home_path(browser_sign_in.account),
        error=translate(error) if error else "",
        error_field=error_field,
        done=request.args.get("xong", ""),
        sign_in_address=f"{site_host()}/vao",
    )
    return page_cache.no_store_page(page, status=status)


def _needs_current_password(browser_sign_in: CurrentSignIn) -> bool:
    return browser_sign_in.account.has_password and not password_change.is_recent_slip_sign_in(
        browser_sign_in, now=clock.now()
    )
