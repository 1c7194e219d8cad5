"""One step without a script: a form in, the events that a phone would have made out, kept like any others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from lms.content.practice.fields import OFF, is_length_only
from lms.content.practice.value_encoding import encode
from lms.learning.classroom.session.queries import find_class_and_seat
from lms.learning.errors import NotFound
from lms.learning.practice.attempts import Attempt, find_attempt
from lms.learning.practice.events import keep_events
from lms.web.practice.class_bar import cover_of

ACTIONS = {"number": "type", "text": "type", "password": "type", "select": "choose", "switch": "switch"}
HELP = ("hint", "point", "do")


@dataclass(frozen=True, slots=True)
class Step:
    """What a form says. ``fields`` maps a widget's place to the wire value picked for it; ``deed`` is an action and
    a place, −1 for help."""

    q: int
    screen: str
    fields: Mapping[int, str]
    deed: tuple[str, int] | None


def read_step(form: Mapping[str, str]) -> Step | None:
    """The step in a form; None when the form is none of ours."""
    try:
        q = int(form["q"])
        fields = {int(name[1:]): value for name, value in form.items() if name[0] == "f"}
        for action in ("tap", "wait"):
            if action in form:
                return Step(q, form["screen"], fields, (action, int(form[action])))
    except (KeyError, ValueError, IndexError):
        return None
    wanted = form.get("help")
    return Step(q, form["screen"], fields, (wanted, -1) if wanted in HELP else None) if "screen" in form else None


def take_step(session: Session, *, learner_id: str, attempt_id: str, step: Step, now: datetime) -> None:
    """Keep one step of an attempt.

    A form that was drawn for another moment (a second tap, another tab, the back button) is left aside whole: the
    learner gets the present screen and nothing of hers changes. While the class has all look up, what she typed is
    kept, but no tap: a page that could not know of it yet would go on, and count as a mistake.

    Raises:
        NotFound: there is no such attempt, or it is somebody else's.
    """
    attempt = find_attempt(session, learner_id, attempt_id)
    state = attempt.state
    if attempt.ended or step.q != state["q"] + 1 or step.screen != state["screen"]:
        return
    if _is_covered(session, attempt):
        step = replace(step, deed=None)
    events = events_of(attempt, step, now)
    if events:
        keep_events(session, learner_id=learner_id, attempt_id=attempt_id, events=events, now=now)


def _is_covered(session: Session, attempt: Attempt) -> bool:
    """Whether a cover would lie over this attempt now, were its page drawn."""
    if attempt.class_id is None or attempt.seat is None:
        return False
    try:
        klass, seat = find_class_and_seat(session, attempt.class_id, attempt.seat)
    except NotFound:
        return False
    return seat.learner_id == attempt.learner_id and cover_of(attempt, klass) != ""


def events_of(attempt: Attempt, step: Step, now: datetime) -> list[list]:
    """The events of a step: the fields that changed, in the order of the file, then what was touched."""
    t = max(0, round((now - attempt.started_at).total_seconds() * 1000))
    widgets = attempt.model["screens"][step.screen]["widgets"]
    values = attempt.state["fields"][step.screen]
    deeds: list[tuple] = []
    for place, widget in enumerate(widgets):
        action = ACTIONS.get(widget["role"])
        if action is None:
            continue
        given = step.fields.get(place, OFF if action == "switch" else "")
        if not given or given == values[place]:
            continue
        # What is typed leaves a phone encoded; a form that somebody made up is treated no better.
        if action == "type" and not is_length_only(given):
            given = encode(attempt.model, attempt.data, step.screen, place, given)
        deeds.append((place, action, given))
    if step.deed is not None:
        action, place = step.deed
        deeds.append((place, action))
    return [[step.q + number, t, step.screen, *deed] for number, deed in enumerate(deeds)]
