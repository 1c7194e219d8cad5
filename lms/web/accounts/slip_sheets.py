"""/quan-ly/phieu: print sign-in slips, six to a page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, render_template, request
from markupsafe import Markup

from lms import vietnam_time
from lms.learning.accounts import account_store, sign_in_slips
from lms.learning.accounts.permissions import roles_in_words
from lms.learning.accounts.sign_in_slips import Slip
from lms.learning.wards import ward_label
from lms.web import clock, page_cache
from lms.web.accounts.blueprint import bp
from lms.web.accounts.chosen_ward import WHOLE_CITY, chosen_ward
from lms.web.accounts.people import require_manager
from lms.web.database import session
from lms.web.language import translate
from lms.web.request_context import settings
from lms.web.urls import qr_svg, site_host

MAX_SLIPS = 120  # per request
SLIPS_PER_PAGE = 6


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """One slip as the template prints it, on paper in Vietnamese whatever the page's language."""

    name: str
    duties: str  # "Người đứng lớp, Phường An Đông"
    qr_code: Markup
    code_groups: tuple[str, ...]  # four groups of three characters
    address: str  # of the sign-in page, to type: "hoc.example/vao"
    last_day: str  # without the year: "2 tháng 12"


@bp.get("/quan-ly/phieu")
def show_slip_choice() -> Response:
    return _choice_page()


@bp.post("/quan-ly/phieu")
def print_slips() -> Response:
    """``nguoi``: account ids. The slips exist only in this response; printing again issues new ones."""
    by = require_manager()
    account_ids = list(dict.fromkeys(request.form.getlist("nguoi")))
    if not account_ids or len(account_ids) > MAX_SLIPS:
        return _choice_page(
            error=translate("Chọn từ 1 đến {} người nhé.").format(MAX_SLIPS)
            if account_ids
            else translate("Chọn ít nhất một người nhé.")
        )
    secret, now = settings().secret_key, clock.now()
    # Issued in the order of account ids, against deadlocks; printed in the order of the form.
    slips = {
        account_id: sign_in_slips.issue_slip(session(), account_id, by=by, secret=secret, now=now)
        for account_id in sorted(account_ids)
    }
    printed = [_printed_slip(slips[account_id]) for account_id in account_ids]
    ward = slips[account_ids[0]].account.ward
    page = render_template(
        "accounts/printed_slips.html",
        account=by,
        pages=[printed[start : start + SLIPS_PER_PAGE] for start in range(0, len(printed), SLIPS_PER_PAGE)],
        count=len(printed),
        ward_key=ward or WHOLE_CITY,
    )
    return page_cache.no_store_page(page)


def _choice_page(*, error: str = "") -> Response:
    by = require_manager()
    ward = chosen_ward(by, request.args.get("phuong", ""))
    accounts = [account for account in account_store.accounts_of_ward(session(), ward) if not account.disabled]
    page = render_template(
        "accounts/choose_slips.html", account=by, ward=ward, ward_key=ward or WHOLE_CITY, accounts=accounts, error=error
    )
    return page_cache.no_store_page(page, status=422 if error else 200)


def _printed_slip(slip: Slip) -> PrintedSlip:
    return PrintedSlip(
        name=slip.account.name,
        duties=f"{roles_in_words(slip.account.roles).capitalize()}, {ward_label(slip.account.ward)}",
        qr_code=qr_svg(f"{settings().public_url}/vao/{slip.token}"),
        code_groups=tuple(slip.code.split()),
        address=f"{site_host()}/vao",
        last_day=vietnam_time.day_in_words(slip.expires_at).partition(" năm ")[0],
    )
