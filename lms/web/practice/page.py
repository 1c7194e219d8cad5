"""The page of a practice: drawn once for everybody who goes at it, and filled for one attempt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import get_template_attribute, render_template

from lms.content.addresses import Home
from lms.content.model import Course, Lesson, Practice
from lms.content.practice.rehearsal import is_rehearsal, practice_of
from lms.learning.attempts import Attempt
from lms.learning.classroom.practising import level_of
from lms.learning.fading import FULL, Level, levels_of
from lms.web.database import session
from lms.web.pages import SharedPage, shared_page, unshared_page
from lms.web.practice import bp
from lms.web.practice.colours import colours_address
from lms.web.practice.device import drawn_device
from lms.web.practice.fill import Filler, grouped
from lms.web.practice.inclass import class_slots
from lms.web.practice.pictures import sheet
from lms.web.practice.places import introduction_address
from lms.web.practice.present import present
from lms.web.practice.shown import page_model, page_state
from lms.web.practice.views import Drawing

bp.add_app_template_filter(grouped, "grouped")


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


def practice_page(going: Going) -> str:
    """The whole page. What stands in templates for the script is the same for every attempt but for its data."""
    attempt, drawing = going.attempt, _drawing(going, going.attempt.data)
    screen = drawing.screen(attempt.state["screen"])
    levels = _levels(going)
    now = present(attempt, drawing.messages(), levels.get(screen.id, 0))
    result = f"{going.address}/ket-qua"
    device = drawn_device(going.practice)
    page = _page(going, device)
    filler = Filler(attempt.data)
    return SharedPage(tuple(filler.html(text) for text in page.texts), page.slots).filled(
        {
            "lead": _macro("lead.html", "lead")(screen, now),
            "aids": _macro("aids.html", "aids")(drawing.card(), now, screen.kind, attempt.mode),
            "phone": _macro("phone.html", "phone")(screen, now, result),
            "number": str(screen.number),
            "result": result,
            "facts": _macro("facts.html", "facts")(_facts(attempt, levels)),
            **class_slots(attempt),
        }
    )


def _page(going: Going, device: str) -> SharedPage:
    attempt = going.attempt
    if is_rehearsal(attempt.model):
        # There are as many of these as choices of screens: kept, they would fill the memory.
        return unshared_page(lambda: _render_shared(going, device))
    key = ("practice", attempt.course, attempt.lesson, attempt.practice, attempt.mode, device)
    return shared_page(key, lambda: _render_shared(going, device))


def _levels(going: Going) -> dict[str, Level]:
    """For each screen how much is pointed at; {} but in *làm theo*. Screens without a task only wait or end."""
    if going.attempt.mode != "lam-theo":
        return {}
    found = levels_of(session(), going.attempt, going.practice, override=level_of(session(), going.attempt))
    return {screen.id: found.get(screen.id, FULL) for screen in going.practice.screens}


def _render_shared(going: Going, device: str) -> str:
    drawing = _drawing(going, {})
    return render_template(
        "practice/page.html",
        course=going.course,
        lesson=going.lesson,
        practice=going.practice,
        mode=going.attempt.mode,
        device=device,
        screens=drawing.screens(),
        messages=drawing.messages(),
        introduction=going.introduction,
        colours=colours_address(going.course),
        pictures=sheet(drawing.pictures(), device),
    )


def _drawing(going: Going, data: dict[str, str]) -> Drawing:
    attempt, picture = going.attempt, Home(Path(going.lesson.folder)).picture
    whole = going.practice if is_rehearsal(attempt.model) else None
    return Drawing(going.gone_through, attempt.mode, picture, data, rehearses=whole)


def _macro(file: str, name: str):
    return get_template_attribute(f"practice/{file}", name)


def _facts(attempt: Attempt, levels: dict[str, Level]) -> dict:
    """What the script starts from."""
    return {
        "attempt": attempt.id,
        "mode": attempt.mode,
        "levels": levels,
        "model": page_model(attempt),
        "data": attempt.data,
        "state": page_state(attempt),
        "events": f"/toi/luot/{attempt.id}/su-kien",
        "result": f"/toi/luot/{attempt.id}/ket-qua",
    }
