"""Where an attempt stands, as one screen shows it: what is said, pointed at, filled in and offered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lms.content.model import Mode
from lms.content.practice import engine
from lms.learning.practice.attempts import Attempt
from lms.learning.practice.guidance_level import Level
from lms.web.practice.feedback import said_key
from lms.web.practice.test_redaction import page_model
from lms.web.practice.views import Message

# After so many wrong submits on a screen the help button turns lamp-yellow.
OFFERED_AFTER = 2


@dataclass(frozen=True, slots=True)
class Now:
    """``player.js`` works out the same from the same state; ``look`` in look.js is this function's sister."""

    q: int  # the number of the event to come
    said: frozenset[str]  # keys of the notes that are shown
    pointed: int | None
    wrong: int | None  # the field that did not hold
    fields: tuple[str | None, ...]
    rung: str  # the next rung of help: "hint", "point", "do", or "" for none
    offered: bool
    arrived: tuple[Message, ...]  # messages that came on other screens


def present(attempt: Attempt, messages: Iterable[Message], level: Level = 0) -> Now:
    """``messages``: all of the practice's, filled. ``level``: how much *làm theo* points at here, see fading."""
    state = attempt.state
    screen_id, said = state["screen"], state["said"]
    at, model_screen = state["screens"][screen_id], page_model(attempt)["screens"][screen_id]
    keys = {said_key(said, model_screen["widgets"])}
    written = model_screen.get("hints", 0)
    # At level 1 the first hint stands there unasked: whoever asks gets the next.
    hints = min(at["hints"] + (level == 1), written)
    if said and said[0] == "hint":
        keys = {f"hint {hints}"}
    # A hint stays in view until something else is said.
    if hints and (not said or said[0] == "point"):
        keys.add(f"hint {hints}")
    pointed = said[1] if said and said[0] == "point" else None
    if level and (level == 2 or not written) and (place := _next_thing(attempt)) is not None:
        keys.add(f"point {place}")
        pointed = place if level == 2 else pointed
    rung = next_rung(attempt.mode, level, at["help"], written - hints, model_screen)
    return Now(
        q=state["q"] + 1,
        said=frozenset(keys),
        pointed=pointed,
        wrong=said[1] if said and said[0] == "wrong" else None,
        fields=tuple(state["fields"][screen_id]),
        rung=rung,
        offered=bool(rung) and at["wrong"] >= OFFERED_AFTER,
        arrived=tuple(
            message
            for message in messages
            if message.screen != screen_id and state["screens"][message.screen]["visited"]
        ),
    )


def next_rung(mode: Mode, level: Level, used: int, hints_left: int, model_screen: dict) -> str:
    """The next rung of the ladder: the hints one by one, then pointing (where nothing is pointed at), then doing.

    ``used`` is the cost of the strongest help so far. Where the way on comes by itself there is nothing to point at.
    """
    if mode == "kiem-tra":
        return ""
    if hints_left > 0:
        return "hint"
    way = model_screen["next"]
    if way < 0 or model_screen["widgets"][way]["role"] == "wait":
        return ""
    return "do" if level == 2 or used >= engine.POINT_COST else "point"


def _next_thing(attempt: Attempt) -> int | None:
    """The widget that a point would show now."""
    state = attempt.state
    if state["ended"] or attempt.model["screens"][state["screen"]]["next"] < 0:
        return None
    asked = [state["q"] + 1, state["t"], state["screen"], -1, "point"]
    return engine.step(attempt.model, attempt.data, engine.State.from_json(state), asked, attempt.mode).said[1]
