"""What a test kept to itself: each trap and wrong turn that was taken, told when the test is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from lms.content.model import Practice
from lms.web.practice.data_fill import Filler


@dataclass(frozen=True, slots=True)
class Trap:
    """``warn`` is the author's *báo*, ``lost`` the *Lạc* of where it led: what it would have cost. Either may be ""."""

    tapped: Markup
    screen: Markup  # the title of the screen it stood on
    warn: Markup
    lost: Markup
    is_trap: bool  # no mere side way


def traps_met(practice: Practice, log: Iterable[list], filler: Filler) -> tuple[Trap, ...]:
    """Those that have something to say, each once, in the order in which they were met."""
    met = dict.fromkeys((event[2], event[3]) for event in log if event[4] in ("tap", "hold"))
    found = []
    for screen_id, place in met:
        screen = practice.screen(screen_id)
        widget = screen.widgets[place]
        target = practice.screen(widget.target) if widget.target else None
        lost = target.lost if target and widget.arrow != "=>" else None
        if widget.warn or lost:
            words = filler.text(widget.label), filler.text(screen.title), filler.text(widget.warn), filler.text(lost)
            found.append(Trap(*words, is_trap=widget.arrow == "x>"))
    return tuple(found)
