"""The stylesheets of a simulated phone: what every practice uses, and what only some do."""

from __future__ import annotations

from collections.abc import Sequence

from lms.content.model import GESTURE_ROLES, Practice, Screen

BASE = ("phone", "app", "home", "call", "sms", "scan", "pointed")  # on every page of a practice
_BY_KIND = {
    "home": "home",
    "call": "call",
    "messages": "sms",
    "scan": "scan",
    "lock": "lock",
    "browser": "browser",
    "store": "store",
    "situation": "situation",
}
_BY_ROLE = {
    "icon": "home",
    "sms": "sms",
    "scan": "scan",
    "row": "list-row",
    "tab": "tabs",
    "bubble": "bubble",
    "card": "drawn-card",
    **dict.fromkeys(GESTURE_ROLES, "gesture"),
}
_BY_LOOK = {"photo": "gallery", "key": "keyboard"}


def phone_components(*practices: Practice) -> list[str]:
    """The components for all screens of these practices, in the order in which they may override each other."""
    drawn = drawn_components([screen for practice in practices for screen in practice.screens])
    return [*BASE, *(name for name in drawn if name not in BASE)]


def drawn_components(screens: Sequence[Screen]) -> list[str]:
    """The components for what only some screens have, by name."""
    widgets = [widget for screen in screens for widget in screen.widgets]
    found = {_BY_KIND.get(screen.kind) for screen in screens}
    found |= {_BY_ROLE.get(widget.role) for widget in widgets} | {_BY_LOOK.get(widget.look or "") for widget in widgets}
    found |= {"scroll" for screen in screens if screen.scrolls}
    if any(one.stars is not None for one in (*screens, *widgets)):
        found.add("rating")
    return sorted(name for name in found if name)
