"""/quan-ly/toi: the own account, its password, and the browsers where it is signed in."""

from __future__ import annotations

from flask import Response, redirect, render_template, request

from lms.learning.accounts import password_change, sign_ins
from lms.learning.accounts.sign_ins import SignedIn
from lms.learning.errors import TooManyTries, WeakPassword, WrongSignIn
from lms.web import clock, page_cache
from lms.web.accounts import signed_in
from lms.web.accounts.blueprint import bp
from lms.web.accounts.labels import WEAK_PASSWORD
from lms.web.accounts.redirects import home_of
from lms.web.database import session

WRONG_PRESENT = "Mật khẩu đang dùng chưa đúng. Gõ lại nhé."
NO_PRESENT = "Gõ mật khẩu đang dùng vào ô này đã nhé, rồi gõ lại mật khẩu mới."
NO_NEW = "Gõ mật khẩu mới vào ô này đã nhé, ít nhất 8 ký tự."
NOT_AGAIN = "Mật khẩu mới cần gõ hai lần. Gõ lại vào cả hai ô nhé."
DIFFERENT = "Hai lần gõ mật khẩu mới chưa giống nhau. Gõ lại cả hai nhé."
TOO_OFTEN = "Đã thử sai nhiều lần. Đợi 15 phút, hoặc vào lại bằng phiếu mới rồi đặt mật khẩu."


@bp.get("/quan-ly/toi")
def show_own() -> Response:
    signed_in.require_account()
    return _page()


@bp.post("/quan-ly/toi/mat-khau")
def set_password() -> Response:
    present = signed_in.require_sign_in()
    known, new, again = (request.form.get(one, "") for one in ("dang-dung", "moi", "lan-nua"))
    # A field that was left empty is no try at the present password.
    if _asks_present(present) and not known:
        return _page(refused=NO_PRESENT, wrong="dang-dung", status=422)
    if not new:
        return _page(refused=NO_NEW, wrong="moi", status=422)
    if new != again:
        return _page(refused=DIFFERENT if again else NOT_AGAIN, wrong="moi", status=422)
    try:
        password_change.set_password(signed_in.engine(), present, new, present=known, now=clock.now())
    except WrongSignIn:
        return _page(refused=WRONG_PRESENT, wrong="dang-dung", status=422)
    except WeakPassword as error:
        return _page(refused=WEAK_PASSWORD[error.why], wrong="moi", status=422)
    except TooManyTries:
        return _page(refused=TOO_OFTEN, wrong="dang-dung", status=429)
    return redirect("/quan-ly/toi?xong=mat-khau", 303)


@bp.post("/quan-ly/toi/may-khac")
def end_others() -> Response:
    """Sign out everywhere else: whoever found a phone is out."""
    present = signed_in.require_sign_in()
    sign_ins.end_others(session(), present.account, here=present.token, now=clock.now())
    return redirect("/quan-ly/toi?xong=may-khac", 303)


def _page(*, refused: str = "", wrong: str = "", status: int = 200) -> Response:
    present = signed_in.require_sign_in()
    page = render_template(
        "accounts/own.html",
        account=present.account,
        browsers=sign_ins.browsers(session(), present.account, here=present.token),
        asks_present=_asks_present(present),
        home=home_of(present.account),
        refused=refused,
        wrong=wrong,
        done=request.args.get("xong", ""),
    )
    return page_cache.private(page, status=status)


def _asks_present(present: SignedIn) -> bool:
    return present.account.has_password and not password_change.is_fresh(present, now=clock.now())
