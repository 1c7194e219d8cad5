"""What of an attempt its page may know: in *kiểm tra* neither which arrow is which, nor that a trap was met."""

from __future__ import annotations

from typing import Any

from lms.content.practice.compiling import hide_arrows
from lms.learning.practice.attempts import Attempt


def page_model(attempt: Attempt) -> dict[str, Any]:
    return hide_arrows(attempt.model) if attempt.mode == "kiem-tra" else attempt.model


def page_state(attempt: Attempt) -> dict[str, Any]:
    """The engine's State as JSON; the script steps on from it, and the server keeps its own."""
    state = attempt.state
    if attempt.mode != "kiem-tra":
        return state
    screens = {name: {**state["screens"][name], "trapped": False} for name in sorted(state["screens"])}
    fields = {name: state["fields"][name] for name in sorted(state["fields"])}
    return {**state, "fatal": False, "screens": screens, "fields": fields}
