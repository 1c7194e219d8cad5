"""The learning code: shown unasked on the page of the first mark, with the way out of an in-app browser."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

import segno
from flask import Flask, Response, g, get_template_attribute, request
from markupsafe import Markup

from lms.config import Settings
from lms.http.learner_cookie import MAX_AGE
from lms.learning.learners.learner_store import learning_code
from lms.learning.store.models import Learner
from lms.web import page_cache
from lms.web.current_learner import current_learner
from lms.web.request_context import settings

SEEN = "code-seen"
# Zalo, Facebook, Messenger and the like open links in a window of their own, which keeps its own cookies.
_IN_APP = re.compile(r"Zalo|FBAN|FBAV|FB_IAB|Instagram|\bLine/|TikTok|; wv\)")


@dataclass(frozen=True, slots=True)
class CodeCard:
    """``groups``: the code in four groups of three; ``host``: what to type on the other phone.

    ``way_out``: the address for the real browser, "" when in one.
    """

    groups: tuple[str, ...]
    host: str
    square: Markup
    way_out: str = ""


def install(app: Flask, settings: Settings) -> None:
    @app.after_request
    def remember_shown(response: Response) -> Response:
        if g.pop("code_shown", False):
            name = settings.cookie_prefix + SEEN
            response.set_cookie(
                name, g.pop("code_unasked", "1"), max_age=MAX_AGE, secure=settings.https, httponly=True, samesite="Lax"
            )
        return response


def phone() -> str:
    """What a page's card depends on besides the learner."""
    return f"code seen {_was_seen()}, in app {in_app()}"


def card(earned: Collection[str]) -> str:
    """The card (html) after the first mark, on the page where it came first, else ""."""
    learner = current_learner() if earned and not _was_seen() else None
    if learner is None:
        return ""
    g.code_unasked = request.path
    page_cache.show_only_now()
    return get_template_attribute("macros/code_card.html", "code_card")(code_card(learner), unasked=True)


def code_card(learner: Learner) -> CodeCard:
    """Her code for a page; on this phone it does not come unasked again."""
    g.code_shown = True
    code = learning_code(learner, settings().secret_key)
    address = f"{settings().public_url}/toi/vao/{code.replace(' ', '')}"
    return CodeCard(
        groups=tuple(code.split()),
        host=site_host(),
        square=qr_square(address),
        way_out=way_out(address) if in_app() else "",
    )


def in_app() -> bool:
    return bool(_IN_APP.search(request.headers.get("User-Agent", "")))


def site_host() -> str:
    """What people type to get here: from the settings, never from a header."""
    return settings().public_url.partition("://")[2]


def qr_square(text: str) -> Markup:
    """A QR code as inline SVG, without style attributes, for the stylesheet to colour."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=0, omitsize=True, svgclass="qr__square", lineclass="qr__ink")
    return Markup(drawn)  # noqa: S704  (segno draws modules; the text itself is not in it)


def _was_seen() -> bool:
    """The page where it came unasked goes on to show it: without a script every answer brings that page anew."""
    return request.cookies.get(settings().cookie_prefix + SEEN, request.path) != request.path


def way_out(address: str) -> str:
    """On Android an ``intent:`` opens the real browser; elsewhere the plain address can be copied."""
    if "Android" not in request.headers.get("User-Agent", ""):
        return address
    parts = urlsplit(address)
    return f"intent://{parts.netloc}{parts.path}#Intent;scheme={parts.scheme};action=android.intent.action.VIEW;end"
