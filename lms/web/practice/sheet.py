"""Tờ các bước: the expected path on one sheet of paper, with a square that opens the practice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from flask import render_template
from markupsafe import Markup

from lms.content.model import FIELD_ROLES, Course, Lesson, Practice, Screen, Widget
from lms.content.practice.compiling import drawn_length, path_of
from lms.content.practice.placeholders import fill
from lms.web import learning_code_card
from lms.web.page_cache import SharedPage, shared_page
from lms.web.practice.data_fill import Filler
from lms.web.practice.feedback import RULE_WORDS, pointing_words
from lms.web.practice.screen_numbers import introduction_address, right_way
from lms.web.request_context import settings

MODE = "to-buoc"
WAITING = Markup("Bác đợi máy chạy một chút.")
DRAWN = Markup("Bác gõ mã trong tin nhắn vào ô “{}”.")
# How a sheet is set, by how many lines its steps take at 14 pt over the whole width; see sheet.css.
WHOLE, COLUMNS = "", "columns"
LETTERS_A_LINE = 64
MOST_LINES = 34


@dataclass(frozen=True, slots=True)
class SheetStep:
    """One screen: its title and what to do there, a sentence each."""

    title: Markup
    deeds: tuple[Markup, ...]


def sheet_page(course: Course, lesson: Lesson, practice: Practice) -> SharedPage:
    key = (MODE, course.slug, lesson.slug, practice.name)
    return shared_page(key, lambda: _render(course, lesson, practice))


def sheet_steps(practice: Practice) -> tuple[SheetStep, ...]:
    """A step for each screen of the expected path on which something is done, in order."""
    fixed = {name: value for name, value in practice.data if drawn_length(value) is None}
    filler = Filler(fixed)
    found = []
    for screen in map(practice.screen, path_of(practice)):
        deeds = tuple(_deeds(practice, screen, filler))
        if deeds:
            found.append(SheetStep(filler.text(screen.title), deeds))
    return tuple(found)


def setting(steps: tuple[SheetStep, ...]) -> str:
    """Whether the steps fit on a page over its whole width, or go in two columns of smaller letters."""
    lines = sum(ceil(_length(step) / LETTERS_A_LINE) + 1 for step in steps)
    return WHOLE if lines <= MOST_LINES else COLUMNS


def _length(step: SheetStep) -> int:
    return len(" ".join([step.title.striptags(), *(deed.striptags() for deed in step.deeds)]))


def _deeds(practice: Practice, screen: Screen, filler: Filler) -> Iterator[Markup]:
    way = right_way(screen)
    for place, widget in enumerate(screen.widgets):
        if widget.role in FIELD_ROLES:
            yield _filling(practice, widget, filler)
        elif place == way:
            yield WAITING if widget.role == "wait" else pointing_words(widget, filler)


def _filling(practice: Practice, widget: Widget, filler: Filler) -> Markup:
    if widget.rule:
        return RULE_WORDS[widget.rule].format(filler.text(widget.label))
    if _is_drawn(practice, widget):
        return DRAWN.format(filler.text(widget.label))
    return pointing_words(widget, filler)


def _is_drawn(practice: Practice, widget: Widget) -> bool:
    """Whether the wanted value is another one in each attempt: paper cannot tell it."""
    drawn = {name: "" for name, value in practice.data if drawn_length(value)}
    return any(fill(value, drawn) != value for value in widget.values)


def _render(course: Course, lesson: Lesson, practice: Practice) -> str:
    steps = sheet_steps(practice)
    introduction = introduction_address(lesson, practice.name)
    return render_template(
        "practice/sheet.html",
        course=course,
        lesson=lesson,
        practice=practice,
        steps=steps,
        setting=setting(steps),
        introduction=introduction,
        address=f"{learning_code_card.site_host()}{introduction}",
        square=learning_code_card.qr_square(f"{settings().public_url}{introduction}"),
    )
