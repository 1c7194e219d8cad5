"""/quan-ly/toi/dien-thoai: a code that signs the same account in on its other device."""

from __future__ import annotations

from flask import render_template, request
from werkzeug.wrappers import Response

from lms.learning.accounts import sign_in_slips
from lms.learning.classroom.session.queries import find_class_session
from lms.learning.errors import NotFound
from lms.web import clock, page_cache
from lms.web.accounts import signed_in
from lms.web.accounts.blueprint import bp
from lms.web.accounts.redirects import home_path
from lms.web.database import session
from lms.web.request_context import settings
from lms.web.urls import qr_svg, site_host


@bp.get("/quan-ly/toi/dien-thoai")
def show_handoff_form() -> Response:
    """Offer to show a code: only its digest is stored, so a POST creates a new one."""
    return _handoff_page(signed_in.require_sign_in().account, request.args.get("lop", ""))


@bp.post("/quan-ly/toi/dien-thoai")
def show_handoff() -> Response:
    """Show a new code. ``lop`` is the id of the class whose desk it opens."""
    browser_sign_in = signed_in.require_sign_in()
    account, class_id = browser_sign_in.account, request.form.get("lop", "")
    slip = sign_in_slips.issue_device_handoff(
        session(),
        account,
        sign_in_token=browser_sign_in.token,
        class_id=class_id if _class_exists(class_id) else None,
        secret=settings().secret_key,
        now=clock.now(),
    )
    url = f"{settings().public_url}/vao/{slip.token}"
    return _handoff_page(account, class_id, qr=qr_svg(url), code_groups=slip.code.split(), address=f"{site_host()}/vao")


def _class_exists(class_id: str) -> bool:
    try:
        return bool(class_id) and bool(find_class_session(session(), class_id[:40]))
    except NotFound:
        return False


def _handoff_page(account: signed_in.Account, class_id: str, **code: object) -> Response:
    is_class = _class_exists(class_id)
    page = render_template(
        "accounts/handoff.html",
        account=account,
        class_id=class_id if is_class else "",
        back_url=f"/dung-lop/{class_id}" if is_class else home_path(account),
        **code,
    )
    return page_cache.no_store_page(page)
