"""The page of a practice: drawn once for everybody who goes at it, and filled for one attempt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import get_template_attribute, json, render_template
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from lms.content.links import Home
from lms.content.model import FIELD_ROLES, Course, Lesson, Practice
from lms.content.practice.rehearsal import is_rehearsal, practice_of
from lms.learning.practice.attempts import Attempt
from lms.learning.practice.guidance_level import FULL, Level, levels_of
from lms.web.database import session
from lms.web.page_cache import SharedPage, shared_page, slot, unshared_page
from lms.web.practice.attempt_view import present
from lms.web.practice.blueprint import bp
from lms.web.practice.class_bar import begun_in, class_slots
from lms.web.practice.colours import colours_address
from lms.web.practice.data_fill import data_slots, fill_slots, grouped
from lms.web.practice.device import drawn_device
from lms.web.practice.phone_icons import sheet
from lms.web.practice.screen_numbers import introduction_address
from lms.web.practice.test_redaction import page_model, page_state
from lms.web.practice.views import NO_DATA, Drawing

bp.add_app_template_filter(grouped, "grouped")

SHOWN = ("lead", "aids", "phone", "number")  # the slots of ``page.html`` that show where somebody is


@dataclass(frozen=True, slots=True)
class Going:
    """An attempt with the content it belongs to; ``practice`` is None when its texts changed since it began."""

    attempt: Attempt
    course: Course
    lesson: Lesson
    practice: Practice | None  # the whole one; a rehearsal goes through some of its screens

    @property
    def gone_through(self) -> Practice:
        """The screens of this attempt; only where ``practice`` is there."""
        return practice_of(self.practice, self.attempt.model)

    @property
    def address(self) -> str:
        return f"/toi/luot/{self.attempt.id}"

    @property
    def introduction(self) -> str:
        return introduction_address(self.lesson, self.attempt.practice)


class Parts:
    """The parts of one practice's page that are the same for whoever goes at it in this mode, on this device."""

    def __init__(self, going: Going) -> None:
        attempt = going.attempt
        self.device = drawn_device(going.practice)
        where = (attempt.course, attempt.lesson, attempt.practice)
        self._here = ("practice", *where, going.practice.digest, attempt.mode, self.device)
        # There are as many rehearsals as choices of screens: kept, they would fill the memory.
        self._keeps = not is_rehearsal(attempt.model)

    def part(self, name: tuple[str, ...], render: Callable[[], str]) -> SharedPage:
        return shared_page((*self._here, *name), render) if self._keeps else unshared_page(render)


def practice_page(going: Going) -> str:
    """The whole page. What stands in templates for the script is the same for every attempt but for its data."""
    attempt, parts = going.attempt, Parts(going)
    in_class = begun_in(attempt)
    levels = _levels(going, in_class[0].level if in_class else None)
    level = levels.get(attempt.state["screen"], 0)
    own = fill_slots(attempt.data) | {"result": escape(_result(going))}
    page = parts.part(("screens",), lambda: data_slots(_render_screens(going, parts.device)))
    return page.filled(
        own
        | _now(going, parts, level, own)
        | {"facts": _facts(going, parts, levels)}
        | (class_slots(attempt, *in_class) if in_class else {})
    )


def _levels(going: Going, of_class: Level | None) -> dict[str, Level]:
    """For each screen how much is pointed at; {} but in *làm theo*. Screens without a task only wait or end."""
    if going.attempt.mode != "lam-theo":
        return {}
    found = levels_of(session(), going.attempt, going.practice, override=of_class)
    return {screen.id: found.get(screen.id, FULL) for screen in going.practice.screens}


def _now(going: Going, parts: Parts, level: Level, own: Mapping[str, Markup]) -> dict[str, str]:
    """Where she is, by the slots that show it.

    A hall begins within a minute, and of a beginning nothing is a learner's own but what her data fills. (Where a
    practice begins with a field more is: what the field offers to choose from is made out of the data.)
    """
    attempt = going.attempt
    first = going.gone_through.screen(attempt.state["screen"])
    if attempt.kept or any(widget.role in FIELD_ROLES for widget in first.widgets):
        return _render_now(going, level, attempt.data, _result(going))

    def begun(slot_name: str) -> str:
        return data_slots(_render_now(going, level, NO_DATA, slot("result"))[slot_name])

    name = ("first", attempt.model_digest, str(level))
    return {at: parts.part((*name, at), lambda at=at: begun(at)).filled(own) for at in SHOWN}


def _render_now(going: Going, level: Level, data: Mapping[str, str], result: str) -> dict[str, str]:
    drawing, mode = _drawing(going, data), going.attempt.mode
    screen = drawing.screen(going.attempt.state["screen"])
    now = present(going.attempt, drawing.messages(), level)
    return {
        "lead": _macro("lead.html", "lead")(screen, now),
        "aids": _macro("aids.html", "aids")(drawing.card(), now, screen.kind, mode),
        "phone": _macro("phone.html", "phone")(screen, now, result),
        "number": str(screen.number),
    }


def _render_screens(going: Going, device: str) -> str:
    drawing = _drawing(going, NO_DATA)
    return render_template(
        "practice/page.html",
        course=going.course,
        lesson=going.lesson,
        practice=going.practice,
        mode=going.attempt.mode,
        device=device,
        screens=drawing.screens(),
        messages=drawing.messages(),
        facts=drawing.facts(),
        introduction=going.introduction,
        colours=colours_address(going.course),
        pictures=sheet(drawing.pictures(), device),
    )


def _drawing(going: Going, data: Mapping[str, str]) -> Drawing:
    attempt, picture = going.attempt, Home(Path(going.lesson.folder)).picture
    whole = going.practice if is_rehearsal(attempt.model) else None
    return Drawing(going.gone_through, attempt.mode, picture, data, rehearses=whole)


def _macro(file: str, name: str):
    return get_template_attribute(f"practice/{file}", name)


def _facts(going: Going, parts: Parts, levels: Mapping[str, Level]) -> str:
    """What the script starts from: the model, which many have the same, and where this attempt stands."""
    attempt = going.attempt
    hers = {
        "attempt": attempt.id,
        "mode": attempt.mode,
        "levels": levels,
        "data": attempt.data,
        "state": page_state(attempt),
        "events": f"{going.address}/su-kien",
        "result": _result(going),
    }
    model = parts.part(("model", attempt.model_digest), lambda: _macro("facts.html", "facts")(page_model(attempt)))
    return model.filled({"hers": htmlsafe_json_dumps(hers, dumps=json.dumps)[1:-1]})


def _result(going: Going) -> str:
    return f"{going.address}/ket-qua"
