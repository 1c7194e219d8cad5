"""Which phone is drawn, an Android phone or an iPhone; only the drawing differs.

Where a practice has both, the learner picks one on its introduction. A cookie remembers the choice, so that it works
without a script; until then the browser's User-Agent decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, request

from lms.content.model import Practice
from lms.http.learner_cookie import MAX_AGE_SECONDS
from lms.web.request_context import settings

ANDROID, IPHONE = "android", "iphone"
PARAMETER = "may"
_COOKIE = "may"


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """A device that the learner can pick. ``key`` is in the URL, ``name`` on the page."""

    key: str
    name: str
    is_current: bool


def current_drawn_device(practice: Practice) -> str:
    """ "android" or "iphone": the learner's choice if the practice has it, else one that it has."""
    keys = _device_keys(practice)
    for device in (request.args.get(PARAMETER), request.cookies.get(_cookie_name()), _browser_device()):
        if device in keys:
            return device
    return keys[0]


def device_choices(practice: Practice) -> tuple[DeviceChoice, ...]:
    """Both devices, the current one marked; () where there is no choice."""
    current = current_drawn_device(practice)
    choices = tuple(DeviceChoice(name.lower(), name, name.lower() == current) for name in practice.devices)
    return choices if len(choices) > 1 else ()


def remember_device(response: Response, practice: Practice) -> Response:
    """Save the device in the query, if the practice has it. The page also depends on the User-Agent."""
    response.vary.add("User-Agent")
    device = request.args.get(PARAMETER)
    if device in _device_keys(practice):
        response.set_cookie(
            _cookie_name(), device, max_age=MAX_AGE_SECONDS, secure=settings().https, httponly=True, samesite="Lax"
        )
    return response


def _device_keys(practice: Practice) -> tuple[str, ...]:
    return tuple(name.lower() for name in practice.devices) or (ANDROID,)


def _cookie_name() -> str:
    return settings().cookie_prefix + _COOKIE


def _browser_device() -> str:
    return IPHONE if "iPhone" in request.headers.get("User-Agent", "") else ANDROID
