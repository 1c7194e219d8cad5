"""The practice walked on the wall: one step at a time, on the phone that everybody practises on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from lms.content.links import Home
from lms.content.model import Lesson, Practice
from lms.content.practice.compiling import draw
from lms.web.classroom.wall.font_fit import Fit, demo_fit
from lms.web.practice.demo_walk import MODE, SEED, watched_steps
from lms.web.practice.phone_icons import sheet
from lms.web.practice.views import Drawing, Message, ScreenView


@dataclass(frozen=True, slots=True)
class Still:
    """A screen as it stands before a step: what the phone's own templates ask for, see ``present.Now``.

    ``fields`` and ``shown``: what stands in each field that was filled, by its place.
    """

    pointed: int | None
    fields: Mapping[int, str]
    shown: Mapping[int, str]
    past: bool = True  # nothing can be typed
    said: frozenset[str] = frozenset()
    wrong: int | None = None
    arrived: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoBoard:
    """``number`` is 0 where nothing is left to do: on the last screen, and on the one after the only one shown."""

    words: Markup
    number: int
    total: int
    screen: ScreenView
    now: Still
    pictures: Markup
    first: bool  # before the first step: the task card is told
    card: tuple[Markup, ...]
    fit: Fit
    kind: str = "demo"


def demo_board(lesson: Lesson, practice: Practice, demo: int, only: str | None = None) -> DemoBoard:
    """``demo`` is how many steps of the expected path are done; ``only``: the one screen whose steps are shown."""
    data = draw(practice, SEED)
    drawing = Drawing(practice, MODE, Home(Path(lesson.folder)).picture, data)
    steps = watched_steps(practice, data)
    at = min(max(demo, 0), len(steps))
    screen = drawing.screen(steps[at].screen if at < len(steps) else practice.goal)
    filled = {step.place: step.value for step in steps[:at] if step.screen == screen.id and step.value}
    own = [place for place, step in enumerate(steps) if only in (None, step.screen)]
    places = range(own[0], own[-1] + 1) if own else range(0)
    left = at in places
    words = steps[at].words if left else Markup("Hiện màn “{}” là xong.").format(screen.title)
    card = drawing.card()
    return DemoBoard(
        words=words,
        number=places.index(at) + 1 if left else 0,
        total=len(places),
        screen=screen,
        now=Still(steps[at].place if left else None, filled, filled),
        pictures=sheet(drawing.pictures()),
        first=at == 0,
        card=card,
        fit=demo_fit(words, card if at == 0 else ()),
    )
