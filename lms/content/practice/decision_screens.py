"""The decision screens of a practice: those that make sense without the screens before them."""

from __future__ import annotations

from lms.content.model import FIELD_ROLES, GESTURE_ROLES, TAP_ROLES, Practice, Screen
from lms.content.practice.compiling import path_screens
from lms.content.practice.refusal_labels import is_refusal

_NOT_ALONE = frozenset({"loading", "wrong", "end"})


def decision_screens(practice: Practice) -> tuple[Screen, ...]:
    """The screens on the main path that ask what to do and offer a right and a wrong way, in the order of the path.

    A screen whose task asks nothing ("Chạm Tiếp") is a step, not a decision.
    """
    return tuple(screen for screen in path_screens(practice) if _is_decision(screen))


def is_refusing_right(screen: Screen) -> bool:
    """Whether the right way turns away who calls or writes; else there is somebody honest, or nobody."""
    return any(widget.arrow == "=>" and is_refusal(widget.label) for widget in screen.widgets)


def _is_decision(screen: Screen) -> bool:
    if screen.kind in _NOT_ALONE or screen.scrolls or "?" not in (screen.task or ""):
        return False
    roles = {widget.role for widget in screen.widgets}
    if roles & (FIELD_ROLES | GESTURE_ROLES) or "wait" in roles:
        return False
    arrows = [widget.arrow for widget in screen.widgets if widget.arrow and widget.role in TAP_ROLES]
    # The way back is on many screens and is no choice, except where it is the right one.
    wrong = [widget for widget in screen.widgets if widget.arrow in ("->", "x>") and widget.role != "back"]
    return "=>" in arrows and bool(wrong)
