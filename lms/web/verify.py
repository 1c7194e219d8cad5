"""Kiểm chứng: is this badge genuine, in plain words, for whoever was handed one."""

from __future__ import annotations

import json
import re

from flask import Blueprint, Response, make_response, render_template, request

from lms.learning.badges import awarding
from lms.learning.badges.awarding import Checked
from lms.web.database import session
from lms.web.request_context import issuer

bp = Blueprint("verify", __name__)

PATH = "/kiem-chung"
# What people have at hand is the address that came by message, or the id at its end; whose site it names does not
# matter, for the badge that is judged is the one kept here. A credential names its address, too: it is no address, or
# a forged one would be judged by the badge that it names.
BADGE_ADDRESS = re.compile(
    r"""(?:[^\s"'<>{}\\]*/huy-hieu/)?(?P<id>[0-9a-fA-F]{24})(?:\.(?:json|png))?(?:[/?#][^\s"'<>{}\\]*)?"""
)
LONGEST_ADDRESS = 2000
LARGEST = 1_000_000  # bytes of one upload; our own pictures have some 60,000


@bp.before_request
def allow_pictures() -> None:
    request.max_content_length = LARGEST
    request.max_form_memory_size = LARGEST


@bp.get(PATH)
def ask() -> Response:
    """With ``?id=`` the badge that the site itself keeps under this id is judged, as its page's button asks."""
    badge_id = request.args.get("id")
    if not badge_id:
        return _page(None)
    return _page(_judge_kept(badge_id))


@bp.post(PATH)
def judge() -> Response:
    upload = request.files.get("tep")
    shown = upload.read() if upload else b""
    typed = request.form.get("noi-dung", "").strip()
    if not shown and not typed:
        return _page(None, missing=True)
    if not shown and (named := BADGE_ADDRESS.fullmatch(typed[:LONGEST_ADDRESS])):
        return _page(_judge_kept(named["id"]))
    return _page(awarding.check_badge(session(), shown or typed.encode(), issuer()))


def _judge_kept(badge_id: str) -> Checked:
    """The badge that the site itself keeps under this id.

    Raises:
        BadgeForgotten, NotFound: as in ``find_badge``.
    """
    document = awarding.find_badge(session(), badge_id).document
    return awarding.check_badge(session(), json.dumps(document).encode(), issuer())


def _page(checked: Checked | None, *, missing: bool = False) -> Response:
    response = make_response(render_template("verify/verify.html", checked=checked, missing=missing))
    response.headers["Cache-Control"] = "no-store"
    response.status_code = 422 if missing else 200
    return response
