"""Which phone is drawn: Android's keys, switches and dialogs or an iPhone's. Only the drawing differs.

Where a practice names both, the learner picks once on its introduction; this phone remembers it in a cookie, so that
it works without a script, and until then the browser's own name decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, request

from lms.content.model import Practice
from lms.http.learner_cookie import MAX_AGE
from lms.web.request_context import settings

ANDROID, IPHONE = "android", "iphone"
PARAMETER = "may"
_COOKIE = "may"


@dataclass(frozen=True, slots=True)
class Device:
    """One that the learner may pick. ``key`` stands in the address, ``name`` on the page."""

    key: str
    name: str
    is_drawn: bool


def drawn_device(practice: Practice) -> str:
    """``"android"`` or ``"iphone"``: hers, where the practice has it; else the one that it has."""
    keys = _keys(practice)
    for wanted in (request.args.get(PARAMETER), request.cookies.get(_cookie()), _of_browser()):
        if wanted in keys:
            return wanted
    return keys[0]


def devices_to_pick(practice: Practice) -> tuple[Device, ...]:
    """Both, the drawn one marked; nothing where there is no choice."""
    drawn = drawn_device(practice)
    found = tuple(Device(name.lower(), name, name.lower() == drawn) for name in practice.devices)
    return found if len(found) > 1 else ()


def remember(response: Response, practice: Practice) -> Response:
    """Keep what the address says, if it says a device of this practice. The page is drawn by the browser's name too."""
    response.vary.add("User-Agent")
    wanted = request.args.get(PARAMETER)
    if wanted in _keys(practice):
        kept = settings()
        response.set_cookie(_cookie(), wanted, max_age=MAX_AGE, secure=kept.https, httponly=True, samesite="Lax")
    return response


def _keys(practice: Practice) -> tuple[str, ...]:
    return tuple(name.lower() for name in practice.devices) or (ANDROID,)


def _cookie() -> str:
    return settings().cookie_prefix + _COOKIE


def _of_browser() -> str:
    return IPHONE if "iPhone" in request.headers.get("User-Agent", "") else ANDROID
