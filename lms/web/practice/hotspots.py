"""Where on a picture one can tap, as rules of a stylesheet: the policy of our pages allows no style inside them.

An SVG over the picture would need no rules, but a Chromium of 2020 gives a button inside one no height.
"""

from __future__ import annotations

from lms.content.model import Course

Rectangle = tuple[float, float, float, float]  # x, y, width, height in percent of the picture


def area_class(area: Rectangle) -> str:
    """What carries it lies there: ``at-10-60-80-12_5``."""
    return "at-" + "-".join(f"{number:.6g}".replace(".", "_") for number in area)


def area_rules(course: Course) -> str:
    """A line for each area of the course's practices; empty for most, which draw their screens without a picture."""
    practices = (practice for lesson in course.lessons for practice in lesson.practices)
    widgets = (widget for practice in practices for screen in practice.screens for widget in screen.widgets)
    return "".join(map(_rule, sorted({widget.area for widget in widgets if widget.area})))


def _rule(area: Rectangle) -> str:
    sides = zip(("left", "top", "width", "height"), area, strict=True)
    return f".{area_class(area)} {{ {'; '.join(f'{side}: {number:.6g}%' for side, number in sides)}; }}\n"
