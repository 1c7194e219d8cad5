"""Steps of an attempt that a form sends, from a page without a script, as events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lms.content.practice.fields import OFF, encode_value, is_redacted_value
from lms.learning.classroom.session.queries import find_class_session_and_seat
from lms.learning.errors import NotFound
from lms.learning.practice.attempts import Attempt, find_attempt
from lms.learning.practice.events import save_events
from lms.web.practice.live_class_bar import class_cover

FIELD_ACTIONS = {"number": "type", "text": "type", "password": "type", "select": "choose", "switch": "switch"}
HELP_ACTIONS = ("hint", "point", "do")


@dataclass(frozen=True, slots=True)
class FormStep:
    """One step sent by a form.

    ``q`` is the number of its first event; ``fields`` maps a widget's index to the value picked for it; ``action`` is
    an action with the index of its widget, -1 for help.
    """

    q: int
    screen: str
    fields: Mapping[int, str]
    action: tuple[str, int] | None


def parse_form_step(form: Mapping[str, str]) -> FormStep | None:
    """Read a step from a form; None when the form is malformed."""
    try:
        q = int(form["q"])
        fields = {int(name[1:]): value for name, value in form.items() if name[0] == "f"}
        for action in ("tap", "wait"):
            if action in form:
                return FormStep(q, form["screen"], fields, (action, int(form[action])))
    except (KeyError, ValueError, IndexError):
        return None
    help_action = form.get("help")
    if "screen" not in form:
        return None
    return FormStep(q, form["screen"], fields, (help_action, -1) if help_action in HELP_ACTIONS else None)


def record_form_step(session: Session, *, learner_id: str, attempt_id: str, step: FormStep, now: datetime) -> None:
    """Save one step of an attempt.

    A stale form (a second tap, another tab, the back button) is ignored: the learner gets the current screen. While the
    class pauses, the values of fields are saved, but not the tap: a page that does not show the pause yet would go on,
    and count as a mistake.

    Raises:
        NotFound: the learner has no such attempt.
    """
    attempt = find_attempt(session, learner_id, attempt_id)
    state = attempt.state
    if attempt.ended or step.q != state["q"] + 1 or step.screen != state["screen"]:
        return
    if _is_covered(session, attempt):
        step = replace(step, action=None)
    events = to_events(attempt, step, now)
    if events:
        save_events(session, learner_id=learner_id, attempt_id=attempt_id, events=events, now=now)


def _is_covered(session: Session, attempt: Attempt) -> bool:
    """Whether the attempt's page, rendered now, would be covered because the class pauses."""
    if attempt.class_id is None or attempt.seat is None:
        return False
    try:
        class_session, seat = find_class_session_and_seat(session, attempt.class_id, attempt.seat)
    except NotFound:
        return False
    return seat.learner_id == attempt.learner_id and class_cover(attempt, class_session) != ""


def to_events(attempt: Attempt, step: FormStep, now: datetime) -> list[list[Any]]:
    """The events of a step: changed fields in the order of the screen, then the action."""
    t = max(0, round((now - attempt.started_at).total_seconds() * 1000))
    widgets = attempt.model["screens"][step.screen]["widgets"]
    values = attempt.state["fields"][step.screen]
    actions: list[list[Any]] = []
    for index, widget in enumerate(widgets):
        action = FIELD_ACTIONS.get(widget["role"])
        if action is None:
            continue
        given = step.fields.get(index, OFF if action == "switch" else "")
        if not given or given == values[index]:
            continue
        # A script encodes typed text on the phone; a forged form must not get plain text into the log either.
        if action == "type" and not is_redacted_value(given):
            given = encode_value(attempt.model, attempt.data, step.screen, index, given)
        actions.append([index, action, given])
    if step.action is not None:
        action, index = step.action
        actions.append([index, action])
    return [[step.q + number, t, step.screen, *action] for number, action in enumerate(actions)]
