"""/quan-ly/phieu: sign-in slips, six to a page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, render_template, request
from markupsafe import Markup

from lms.learning.accounts import account_store, sign_in_slips
from lms.learning.accounts.sign_in_slips import Slip
from lms.web import clock, page_cache
from lms.web.accounts.blueprint import bp
from lms.web.accounts.people import WHOLE_CITY, chosen_ward, require_right_somewhere
from lms.web.database import session
from lms.web.learning_code_card import qr_square, site_host
from lms.web.request_context import settings

MOST = 120  # slips at once
A_PAGE = 6


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """``groups``: the code to type, in four groups of three; ``host``: what to type before it."""

    name: str
    roles: frozenset[str]
    ward: str
    square: Markup
    groups: tuple[str, ...]
    host: str
    last_day: str  # "2 tháng 12": seven days need no year


@bp.get("/quan-ly/phieu")
def choose_slips() -> Response:
    return _choice()


@bp.post("/quan-ly/phieu")
def print_slips() -> Response:
    """``nguoi``: the ids. The slips are known in this answer alone; printing again makes new ones."""
    by = require_right_somewhere()
    chosen = list(dict.fromkeys(request.form.getlist("nguoi")))
    if not chosen or len(chosen) > MOST:
        return _choice(refused=f"Chọn từ 1 đến {MOST} người nhé." if chosen else "Chọn ít nhất một người nhé.")
    secret, now = settings().secret_key, clock.now()
    # In the order of their ids, as everybody who holds several rows; then in the order they stood in.
    issued = {one: sign_in_slips.issue_slip(session(), one, by=by, secret=secret, now=now) for one in sorted(chosen)}
    printed = [_printed(issued[one]) for one in chosen]
    ward = issued[chosen[0]].account.ward
    page = render_template(
        "accounts/printed_slips.html",
        account=by,
        papers=[printed[start : start + A_PAGE] for start in range(0, len(printed), A_PAGE)],
        count=len(printed),
        ward_key=ward or WHOLE_CITY,
    )
    return page_cache.private(page)


def _choice(*, refused: str = "") -> Response:
    by = require_right_somewhere()
    ward = chosen_ward(by)
    people = [one for one in account_store.people_of(session(), ward) if not one.disabled]
    page = render_template(
        "accounts/choose_slips.html", account=by, ward=ward, ward_key=ward or WHOLE_CITY, people=people, refused=refused
    )
    return page_cache.private(page, status=422 if refused else 200)


def _printed(slip: Slip) -> PrintedSlip:
    return PrintedSlip(
        name=slip.account.name,
        roles=slip.account.roles,
        ward=slip.account.ward,
        square=qr_square(f"{settings().public_url}/vao/{slip.token}"),
        groups=tuple(slip.code.split()),
        host=f"{site_host()}/vao",
        last_day=clock.day_in_words(slip.expires_at).partition(" năm ")[0],
    )
