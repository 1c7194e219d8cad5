"""Xem mẫu: the expected path as steps to watch and to read, the same for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import render_template
from markupsafe import Markup

from lms.content.links import Home
from lms.content.model import Course, Lesson, Practice
from lms.content.practice import fields, paths
from lms.content.practice.compiling import draw
from lms.web.page_cache import SharedPage, shared_page
from lms.web.practice.colours import colours_address
from lms.web.practice.data_fill import Filler
from lms.web.practice.device import drawn_device
from lms.web.practice.feedback import pointing_words
from lms.web.practice.nojs_choices import EXAMPLES
from lms.web.practice.phone_icons import sheet
from lms.web.practice.screen_numbers import introduction_address
from lms.web.practice.views import Drawing

MODE = "xem-mau"
# What is drawn for everybody alike, so that the page can be shared.
SEED = "xem mẫu"
WAITING = Markup("Máy đang chạy, bác đợi một chút.")
EXAMPLE = Markup("{} Thí dụ: <strong>{}</strong>.")


@dataclass(frozen=True, slots=True)
class WatchedStep:
    """One thing that the machine does. ``title`` is the screen's where it has just come, else ""."""

    screen: str
    place: int
    action: str
    value: str  # what is typed, chosen or switched to; "" for a tap
    title: Markup
    words: Markup


def watch_page(course: Course, lesson: Lesson, practice: Practice) -> SharedPage:
    device = drawn_device(practice)
    key = (MODE, course.slug, lesson.slug, practice.name, device)
    return shared_page(key, lambda: _render(course, lesson, practice, device))


def watched_steps(practice: Practice, data: dict[str, str]) -> tuple[WatchedStep, ...]:
    filler, found, before = Filler(data), [], ""
    for step in paths.expected_path(practice, data):
        screen = practice.screen(step.screen)
        widget = screen.widgets[step.widget]
        words, value = pointing_words(widget, filler), step.value or ""
        if widget.role == "wait":
            words = WAITING
        elif value == fields.SATISFIES:
            value = EXAMPLES[widget.rule][0]
            words = EXAMPLE.format(words, value)
        title = filler.text(screen.title) if screen.id != before else Markup("")
        found.append(WatchedStep(screen.id, step.widget, step.action, value, title, words))
        before = screen.id
    return tuple(found)


def _render(course: Course, lesson: Lesson, practice: Practice, device: str) -> str:
    data = draw(practice, SEED)
    drawing = Drawing(practice, MODE, Home(Path(lesson.folder)).picture, data)
    steps = watched_steps(practice, data)
    shown = {step.screen for step in steps} | {practice.goal}
    return render_template(
        "practice/watch.html",
        course=course,
        lesson=lesson,
        practice=practice,
        device=device,
        card=drawing.card(),
        steps=steps,
        goal=drawing.screen(practice.goal),
        screens=tuple(screen for screen in drawing.screens() if screen.id in shown),
        introduction=introduction_address(lesson, practice.name),
        colours=colours_address(course),
        pictures=sheet(drawing.pictures(), device),
    )
