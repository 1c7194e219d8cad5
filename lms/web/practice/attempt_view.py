"""An attempt as one screen shows it: notes, highlighted widget, field values and the next help."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lms.content.model import Mode
from lms.content.practice import engine
from lms.content.practice.compiling import without_arrow_kinds
from lms.learning.practice.attempts import Attempt
from lms.learning.practice.guidance_level import Level
from lms.web.practice.feedback import note_key
from lms.web.practice.screen_views import MessageView

HIGHLIGHT_HELP_AFTER = 2  # wrong submits on one screen


@dataclass(frozen=True, slots=True)
class AttemptView:
    """What the templates of a screen show of an attempt's state. The script computes the same from the same state."""

    next_event: int  # its number
    shown_notes: frozenset[str]  # keys
    pointed_widget: int | None
    wrong_field: int | None
    field_values: tuple[str | None, ...]
    next_help: str  # "hint", "point", "do", or "" for none
    help_highlighted: bool
    offers_point: bool  # beside the hint: "Chỉ chỗ cần chạm"
    earlier_messages: tuple[MessageView, ...]  # received on other screens
    typo: str = ""  # how the wrong number differs from the wanted one
    is_replay: bool = False

    @property
    def wrong_note(self) -> str:
        """The key of the note about the wrong field."""
        empty = f"empty {self.wrong_field}"
        return empty if empty in self.shown_notes else f"wrong {self.wrong_field}"


def view_attempt(attempt: Attempt, messages: Iterable[MessageView], level: Level = 0) -> AttemptView:
    """The view of the current screen.

    ``messages``: all messages of the practice, filled with data. ``level``: the guidance level of this screen.
    """
    state = attempt.state
    screen_id, feedback = state["screen"], state["said"]
    screen_state, model_screen = state["screens"][screen_id], visible_model(attempt)["screens"][screen_id]
    values = state["fields"][screen_id]
    keys = {note_key(feedback, model_screen["widgets"], values)}
    hints_total = model_screen.get("hints", 0)
    # At level 1 the first hint is shown at once: asking for help gives the next one.
    hints = min(screen_state["hints"] + (level == 1), hints_total)
    if feedback and feedback[0] == "hint":
        keys = {f"hint {hints}"}
    # A hint stays until there is other feedback.
    if hints and (not feedback or feedback[0] == "point"):
        keys.add(f"hint {hints}")
    pointed = feedback[1] if feedback and feedback[0] == "point" else None
    if level and (level == 2 or not hints_total) and (index := _next_widget(attempt)) is not None:
        keys.add(f"point {index}")
        pointed = index if level == 2 else pointed
    help_action = next_help(attempt.mode, level, screen_state["help"], hints_total - hints, model_screen)
    is_offered = bool(help_action) and screen_state["wrong"] >= HIGHLIGHT_HELP_AFTER
    return AttemptView(
        next_event=state["q"] + 1,
        shown_notes=frozenset(keys),
        pointed_widget=pointed,
        wrong_field=feedback[1] if feedback and feedback[0] == "wrong" else None,
        field_values=tuple(values),
        next_help=help_action,
        help_highlighted=is_offered,
        offers_point=is_offered and help_action == "hint" and _can_point(model_screen),
        earlier_messages=tuple(
            message
            for message in messages
            if message.screen != screen_id and state["screens"][message.screen]["visited"]
        ),
    )


def next_help(mode: Mode, level: Level, help_cost: int, hints_left: int, model_screen: dict[str, Any]) -> str:
    """The next help: the hints one by one, then pointing (unless the hand points already), then doing.

    ``help_cost`` is the cost of the strongest help so far. A screen that goes on by itself has nothing to point at.
    """
    if mode == Mode.TEST:
        return ""
    if hints_left > 0:
        return "hint"
    if not _can_point(model_screen):
        return ""
    return "do" if level == 2 or help_cost >= engine.POINT_COST else "point"


def _can_point(model_screen: dict[str, Any]) -> bool:
    next_widget = model_screen["next"]
    return next_widget >= 0 and model_screen["widgets"][next_widget]["role"] != "wait"


def _next_widget(attempt: Attempt) -> int | None:
    """The index of the widget that "point" would show now."""
    state = attempt.state
    if state["ended"] or attempt.model["screens"][state["screen"]]["next"] < 0:
        return None
    event = [state["q"] + 1, state["t"], state["screen"], -1, "point"]
    feedback = engine.step(attempt.model, attempt.data, engine.State.from_json(state), event, attempt.mode).said
    return feedback[1] if feedback else None


def visible_model(attempt: Attempt) -> dict[str, Any]:
    """The model that the page may know: in a test without the kinds of arrows."""
    return without_arrow_kinds(attempt.model) if attempt.mode == Mode.TEST else attempt.model


def visible_state(attempt: Attempt) -> dict[str, Any]:
    """The engine state that the page may know: in a test without the traps met. The server keeps the whole."""
    state = attempt.state
    if attempt.mode != Mode.TEST:
        return state
    screens = {name: {**state["screens"][name], "trapped": False} for name in sorted(state["screens"])}
    fields = {name: state["fields"][name] for name in sorted(state["fields"])}
    return {**state, "fatal": False, "screens": screens, "fields": fields}
