"""The card with the learning code, shown on the page of the first mark and in Trang của tôi."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, Response, g, get_template_attribute, request
from markupsafe import Markup, escape

from lms.config import Settings
from lms.http.learner_cookie import MAX_AGE_SECONDS
from lms.learning.learners.learner_store import learning_code
from lms.learning.store.models import Learner
from lms.web import page_cache
from lms.web.current_learner import current_learner
from lms.web.request_context import code_key, find_cookie, settings
from lms.web.urls import qr_svg, site_host

SEEN_COOKIE = "code-seen"
_GROUP_SLOTS = ("code-1", "code-2", "code-3", "code-4")
# Zalo, Facebook, Messenger and others open links in an in-app browser with its own cookies.
_IN_APP = re.compile(r"Zalo|FBAN|FBAV|FB_IAB|Instagram|\bLine/|TikTok|; wv\)")


@dataclass(frozen=True, slots=True)
class CodeCard:
    """The learning code for a page.

    ``groups``: the code in four groups of three; ``host``: what to type on the other phone; ``browser_url`` opens the
    phone's real browser, "" when the page is already in one.
    """

    groups: tuple[str, ...]
    host: str
    qr: Markup
    browser_url: str = ""


def init_app(app: Flask, settings: Settings) -> None:
    @app.after_request
    def remember_shown(response: Response) -> Response:
        if g.pop("code_shown", False):
            name = settings.cookie_prefix + SEEN_COOKIE
            response.set_cookie(
                name,
                g.pop("code_path", "1"),
                max_age=MAX_AGE_SECONDS,
                secure=settings.https,
                httponly=True,
                samesite="Lax",
            )
        return response


def cache_key() -> str:
    """What the card on a page depends on besides the learner."""
    return f"code seen {_was_seen()}, in app {is_in_app_browser()}"


def card_after_first_mark(earned: Collection[str]) -> str:
    """The card as HTML on the page where the first mark was earned, else ""."""
    learner = current_learner() if earned and not _was_seen() else None
    if learner is None:
        return ""
    g.code_path = request.path
    page_cache.skip_personal_cache()
    card = get_template_attribute("macros/code_card.html", "code_card")(code_card(learner), unasked=True)
    return (
        card if is_in_app_browser() else card + get_template_attribute("macros/home_screen.html", "home_screen_hint")()
    )


def mark_code_seen() -> None:
    """The card does not appear by itself any more on this phone: its learner has seen the code, or has typed it."""
    g.code_shown = True


def code_card(learner: Learner) -> CodeCard:
    """The learner's code, which counts as seen."""
    mark_code_seen()
    code = learning_code(learner, code_key())
    address = f"{settings().public_url}/toi/vao/{code.replace(' ', '')}"
    return CodeCard(
        groups=tuple(code.split()),
        host=site_host(),
        qr=qr_svg(address, mask=2),
        browser_url=browser_url(address) if is_in_app_browser() else "",
    )


def code_card_with_slots() -> CodeCard:
    """The card for a page that learners share; ``code_card_slots`` fills it. See ``page_cache``."""
    return CodeCard(
        groups=tuple(page_cache.slot(name) for name in _GROUP_SLOTS),
        host=site_host(),
        qr=page_cache.slot("code-qr"),
        browser_url=page_cache.slot("browser-url") if is_in_app_browser() else "",
    )


def code_card_slots(card: CodeCard) -> dict[str, str]:
    groups = dict(zip(_GROUP_SLOTS, card.groups, strict=True))
    return groups | {"code-qr": card.qr, "browser-url": escape(card.browser_url)}


def is_in_app_browser() -> bool:
    return bool(_IN_APP.search(request.headers.get("User-Agent", "")))


def _was_seen() -> bool:
    """Whether the card was shown on another page. The page where it appeared first keeps showing it on reload."""
    return find_cookie(settings().cookie_prefix + SEEN_COOKIE) not in (None, request.path)


def browser_url(url: str) -> str:
    """A link that opens the real browser: an ``intent:`` on Android; elsewhere the URL, for copying."""
    if "Android" not in request.headers.get("User-Agent", ""):
        return url
    parts = urlsplit(url)
    return f"intent://{parts.netloc}{parts.path}#Intent;scheme={parts.scheme};action=android.intent.action.VIEW;end"
