"""/vao and /ra: signing in with a slip or a password, and out again."""

from __future__ import annotations

import math

from flask import Response, redirect, render_template, request

from lms.learning.accounts import sign_in_slips, sign_ins
from lms.learning.errors import SlipRefused, TooManyTries, WrongSignIn
from lms.web import clock, learning_code_card, page_cache
from lms.web.accounts import known_browsers, signed_in
from lms.web.accounts.blueprint import bp
from lms.web.accounts.labels import NOT_FILLED, SLIP_REFUSED, WRONG_SIGN_IN
from lms.web.accounts.redirects import home_of, own_path
from lms.web.database import session
from lms.web.request_context import settings


@bp.get("/vao")
def show_entrance() -> Response:
    account = signed_in.current_account()
    if account and not request.args.get("tiep"):
        return redirect(home_of(account), 303)
    return _entrance()


@bp.post("/vao")
def enter() -> Response:
    """``ma``: a slip's code; else ``ten`` and ``mat-khau``."""
    signed_in.check_form()
    code, name, password = (request.form.get(one, "") for one in ("ma", "ten", "mat-khau"))
    by_password = not code and "ten" in request.form
    wrong = "mat-khau" if by_password else "ma"
    filled = {"ten": name.strip(), "mat-khau": password} if by_password else {"ma": code.strip()}
    missing = next((field for field, typed in filled.items() if not typed), None)
    if missing:  # no try at anything: it is not counted as one
        return _entrance(refused=NOT_FILLED[missing], wrong=missing, status=422)
    try:
        if not by_password:
            secret = settings().secret_key
            token = sign_ins.sign_in_with_code(signed_in.engine(), code, secret=secret, now=clock.now())
        else:
            token = sign_ins.sign_in_with_password(
                signed_in.engine(), name, password, known=known_browsers.known_browser(), now=clock.now()
            )
    except SlipRefused as refused:
        return _entrance(refused=SLIP_REFUSED[refused.why], wrong=wrong, status=422)
    except WrongSignIn:
        return _entrance(refused=WRONG_SIGN_IN, wrong=wrong, status=422)
    except TooManyTries as error:
        return _entrance(refused=_wait(error), wrong=wrong, status=429)
    return _enter(token)


@bp.get("/vao/<token>")
def show_slip(token: str) -> Response:
    """Whose slip this is. Looking uses nothing up: chat programs open every link for its preview."""
    present = signed_in.current_account()
    try:
        account = sign_in_slips.slip_holder(session(), token, now=clock.now())
    except SlipRefused as refused:
        return _no_slip(refused)
    way_out = learning_code_card.way_out(f"{settings().public_url}/vao/{token}") if learning_code_card.in_app() else ""
    page = render_template("accounts/slip.html", account=account, present=present, token=token, way_out=way_out)
    return page_cache.private(page)


@bp.post("/vao/<token>")
def use_slip(token: str) -> Response:
    signed_in.check_form()
    try:
        return _enter(sign_ins.sign_in_with_slip(signed_in.engine(), token, now=clock.now()))
    except SlipRefused as refused:
        return _no_slip(refused)


@bp.post("/ra")
def leave() -> Response:
    signed_in.check_form()
    signed_in.end()
    return page_cache.private(render_template("accounts/left.html"))


def _enter(token: str) -> Response:
    account = signed_in.begin(token)
    known_browsers.remember(account)
    return redirect(own_path(request.form.get("tiep", "")) or home_of(account), 303)


def _entrance(*, refused: str = "", wrong: str = "", status: int = 200) -> Response:
    back = own_path(request.values.get("tiep", ""))
    typed_code, typed_name = request.form.get("ma", "")[:40], request.form.get("ten", "")[:80]
    page = render_template(
        "accounts/entrance.html",
        refused=refused,
        wrong=wrong,
        back=back,
        typed_code=typed_code,
        typed_name=typed_name,
    )
    return page_cache.private(page, status=status)


def _no_slip(refused: SlipRefused) -> Response:
    present = signed_in.current_account()
    sentence = SLIP_REFUSED[refused.why]
    page = render_template("accounts/no_slip.html", sentence=sentence, home=home_of(present) if present else "")
    return page_cache.private(page, status=404 if refused.why == "unknown" else 410)


def _wait(error: TooManyTries) -> str:
    minutes = max(1, math.ceil((error.until - clock.now()).total_seconds() / 60))
    return f"Đã thử sai nhiều lần. Đợi {minutes} phút rồi thử lại, hoặc quét hình vuông trên phiếu."
