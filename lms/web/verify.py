"""Kiểm chứng: whether a badge is genuine, in plain words."""

from __future__ import annotations

import json
import re

from flask import Blueprint, Response, make_response, render_template, request

from lms.learning.badges import awarding
from lms.learning.badges.awarding import BadgeCheck
from lms.web.database import session
from lms.web.request_context import issuer

bp = Blueprint("verify", __name__)

PATH = "/kiem-chung"
# People paste the URL of a badge or the id at its end. The host does not matter: the badge that we stored is checked.
# A credential contains its URL, but is not one: a forged credential must not be checked by the badge that it names.
BADGE_ADDRESS = re.compile(
    r"""(?:[^\s"'<>{}\\]*/huy-hieu/)?(?P<id>[0-9a-fA-F]{24})(?:\.(?:json|png))?(?:[/?#][^\s"'<>{}\\]*)?"""
)
MAX_ADDRESS_LENGTH = 2000
MAX_UPLOAD_BYTES = 1_000_000  # our own pictures have some 60,000


@bp.before_request
def allow_large_uploads() -> None:
    request.max_content_length = MAX_UPLOAD_BYTES
    request.max_form_memory_size = MAX_UPLOAD_BYTES


@bp.get(PATH)
def show_form() -> Response:
    """The form; with ``?id=``, as the button on a badge's page has it, the check of that badge."""
    badge_id = request.args.get("id")
    if not badge_id:
        return _render_page(None)
    return _render_page(_check_stored_badge(badge_id))


@bp.post(PATH)
def check_badge() -> Response:
    upload = request.files.get("tep")
    uploaded = upload.read() if upload else b""
    typed = request.form.get("noi-dung", "").strip()
    if not uploaded and not typed:
        return _render_page(None, is_empty=True)
    if not uploaded and (match := BADGE_ADDRESS.fullmatch(typed[:MAX_ADDRESS_LENGTH])):
        return _render_page(_check_stored_badge(match["id"]))
    return _render_page(awarding.check_badge(session(), uploaded or typed.encode(), issuer()))


def _check_stored_badge(badge_id: str) -> BadgeCheck:
    """Check the badge that is stored under this id.

    Raises:
        BadgeForgotten, NotFound: as in ``find_badge``.
    """
    document = awarding.find_badge(session(), badge_id).document
    return awarding.check_badge(session(), json.dumps(document).encode(), issuer())


def _render_page(checked: BadgeCheck | None, *, is_empty: bool = False) -> Response:
    response = make_response(render_template("verify/verify.html", checked=checked, is_empty=is_empty))
    response.headers["Cache-Control"] = "no-store"
    response.status_code = 422 if is_empty else 200
    return response
