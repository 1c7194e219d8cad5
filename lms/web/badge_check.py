"""Kiểm chứng: whether a badge is genuine, in plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, render_template, request
from markupsafe import Markup, escape

from lms.learning.badges import awarding
from lms.learning.badges.awarding import BadgeCheck
from lms.learning.badges.openbadges import Verdict
from lms.learning.errors import NotFound
from lms.web.badge_view import badge_title
from lms.web.database import session
from lms.web.language import mark_vietnamese
from lms.web.request_context import issuer
from lms.web.urls import site_host

bp = Blueprint("verify", __name__)

PATH = "/kiem-chung"
MAX_ADDRESS_CHARS = 4000  # of a message in which an address is looked for
MAX_UPLOAD_BYTES = 1_000_000  # our own pictures have some 60,000

# A message is split where an address cannot go on; then the page of a badge or its check is looked for, or a bare id.
_BREAKS = re.compile(r"""[\s"'<>(){}\[\]\\“”]+""")
_BADGE_PATH = re.compile(r"(?:^|/)(?:huy-hieu/|kiem-chung/?\?(?:[^#]*&)?id=)(?P<id>[0-9A-Za-z]{1,64})", re.I)
_BARE_ID = re.compile(r"(?P<id>[0-9a-fA-F]{24})(?:\.(?:json|png))?[.,;:!?…]*")
_TEXT_BEFORE_HOST = re.compile(r"\A.*[:@](?![0-9]+\Z)")
_SCHEME = re.compile(r"https?://", re.I)


@dataclass(frozen=True, slots=True)
class PastedBadgeAddress:
    """What a pasted text says about a badge. ``foreign_host``: the host of the address if it is not ours, else ""."""

    badge_id: str
    foreign_host: str = ""


@bp.before_request
def allow_large_uploads() -> None:
    request.max_content_length = MAX_UPLOAD_BYTES
    request.max_form_memory_size = MAX_UPLOAD_BYTES


@bp.get(PATH)
def show_badge_check_form() -> Response:
    """The form; with ``?id=``, as the button on a badge's page has it, the check of that badge."""
    badge_id = request.args.get("id", "").strip()
    return _check_address(PastedBadgeAddress(badge_id)) if badge_id else _render_page(None)


@bp.post(PATH)
def check_badge() -> Response:
    upload = request.files.get("tep")
    uploaded = upload.read() if upload else b""
    typed = request.form.get("noi-dung", "").strip()
    if not uploaded and not typed:
        return _render_page(None, status=422, is_empty=True)
    if uploaded:
        return _render_page(awarding.check_badge(session(), uploaded, issuer()), is_upload=True)
    # A credential contains its address, but is not one: a forged one must not be checked by the badge that it names.
    if "{" in typed or typed.startswith("<"):
        return _render_page(awarding.check_badge(session(), typed.encode(), issuer()))
    address = find_badge_address(typed, site_host())
    return _check_address(address) if address else _render_page(BadgeCheck(Verdict.MALFORMED), unread=typed)


def find_badge_address(text: str, own_host: str) -> PastedBadgeAddress | None:
    """The first badge that a message names: by the address of its page or of its check, or by the id alone."""
    for word in _BREAKS.split(text[:MAX_ADDRESS_CHARS]):
        if found := _BADGE_PATH.search(word):
            host = _host(word)
            return PastedBadgeAddress(found["id"], "" if host in ("", own_host.lower()) else host)
        if found := _BARE_ID.fullmatch(word):
            return PastedBadgeAddress(found["id"])
    return None


def _host(word: str) -> str:
    """The host that a browser would go to, with its port; "" for a path alone. Text in front of it is left out."""
    scheme = _SCHEME.search(word)
    if scheme is None:
        host = _TEXT_BEFORE_HOST.sub("", word.partition("/")[0]).lower()
        return host if "." in host or ":" in host else ""
    try:
        return urlsplit(word[scheme.start() :]).netloc.rpartition("@")[2].lower()
    except ValueError:
        return word[scheme.end() :].partition("/")[0]  # no browser would open it


def _check_address(address: PastedBadgeAddress) -> Response:
    checked = awarding.check_badge_id(session(), address.badge_id, issuer())
    status = {Verdict.UNKNOWN: 404, Verdict.FORGOTTEN: 410}.get(checked.verdict, 200)
    return _render_page(checked, status=status, foreign_host=address.foreign_host)


def _title(checked: BadgeCheck) -> Markup:
    """What a badge is for, in the page's language; what is not stored here, as it was signed."""
    try:
        return badge_title(awarding.find_badge(session(), checked.badge_id or ""))
    except NotFound:
        return mark_vietnamese(escape(checked.title))


def _render_page(
    checked: BadgeCheck | None,
    *,
    status: int = 200,
    is_empty: bool = False,
    is_upload: bool = False,
    foreign_host: str = "",
    unread: str = "",
) -> Response:
    """``unread``: the pasted text in which nothing was found, to be mended in its field."""
    page = render_template(
        "verify/verify.html",
        checked=checked,
        title_of_checked=_title(checked) if checked and checked.title else "",
        is_empty=is_empty,
        is_upload=is_upload,
        unread=unread,
        foreign_host=foreign_host,
        own_host=site_host(),
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
