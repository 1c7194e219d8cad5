"""/ra: sign out; a page asks first if that would leave a class without its facilitator or lock the account out."""

from __future__ import annotations

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from lms.learning.accounts import sign_ins
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY
from lms.learning.classroom.session.queries import ClassSession, find_steerable_class_sessions
from lms.learning.store.database import read_sessions
from lms.web import page_cache
from lms.web.accounts import signed_in
from lms.web.accounts.blueprint import bp
from lms.web.accounts.redirects import home_path
from lms.web.database import session
from lms.web.urls import site_host


@bp.get("/ra")
def confirm_sign_out() -> Response:
    """Say what signing out means for the open classes and how to come back."""
    browser_sign_in = signed_in.require_sign_in()
    account, classes = browser_sign_in.account, _open_classes(browser_sign_in.account)
    browsers = sign_ins.list_browsers(session(), account, current_token=browser_sign_in.token)
    page = render_template(
        "accounts/sign_out.html",
        account=account,
        classes=classes,
        is_shared=any(not class_session.is_rehearsal for class_session in classes),
        other_browsers=len(browsers) - 1,
        is_of_city=account.ward == CITY,
        sign_in_address=f"{site_host()}/vao",
        back_url=f"/dung-lop/{classes[0].id}" if classes else home_path(account),
    )
    return page_cache.no_store_page(page)


@bp.post("/ra")
def sign_out() -> Response:
    """Sign out. Without ``chac=co`` this leads to the page that asks, unless there is nothing to say."""
    signed_in.check_csrf_token()
    account = signed_in.current_account()
    has_open_class = bool(account and _open_classes(account))
    if account and request.form.get("chac") != "co" and (has_open_class or not account.has_password):
        return redirect("/ra", 303)
    has_password = account is None or account.has_password
    signed_in.sign_out()
    page = render_template("accounts/signed_out.html", has_open_class=has_open_class, has_password=has_password)
    return page_cache.no_store_page(page)


def _open_classes(account: Account) -> tuple[ClassSession, ...]:
    """Read in a transaction of its own: that of a POST would hold SQLite's lock, for which ``sign_out`` waits."""
    with read_sessions(signed_in.engine())() as reading:
        return find_steerable_class_sessions(reading, account_id=account.id)
