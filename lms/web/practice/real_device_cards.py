"""Làm thật: cards to hold beside the real phone, ticked one by one; nothing of the practice's data is on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from lms.content.fuzzy_words import fold
from lms.content.model import FIELD_ROLES, Course, Lesson, Practice, Screen, Widget
from lms.content.practice.compiling import drawn_length, path_of
from lms.content.practice.placeholders import PLACEHOLDER, fill
from lms.web.next_steps import stage_address
from lms.web.page_cache import SharedPage, shared_page
from lms.web.practice.data_fill import Filler
from lms.web.practice.feedback import RULE_WORDS, pointing_words
from lms.web.practice.screen_numbers import introduction_address, right_way

MODE = "lam-that"
LEFT_OUT = "…"
FROM_A_MESSAGE = Markup("Bác gõ mã trong tin nhắn vừa tới máy bác vào ô “{}”. Bác không đọc mã cho ai.")
OWN = Markup("Bác gõ thông tin của chính bác vào ô “{}”.")
OWN_SECRET = Markup("Bác gõ mã bí mật của chính bác vào ô “{}”, đừng để ai nhìn.")
OWN_CHOICE = Markup("Bác chọn mục đúng với bác ở ô “{}”.")
# Calls and letters come to rehearse a refusal; whoever does it for real is not to wait for them.
REHEARSED_ONLY = frozenset({"call", "messages"})
# On the real phone these may not come.
PERHAPS = frozenset({"dialog", "permission"})
SHORTEST_VALUE = 3  # characters; a shorter one says nothing about anybody


@dataclass(frozen=True, slots=True)
class RealStep:
    """One card: the screen's title, what to do on it, and whether it may not come at all."""

    title: str
    deeds: tuple[Markup, ...]
    perhaps: bool


def real_page(course: Course, lesson: Lesson, practice: Practice) -> SharedPage:
    key = (MODE, course.slug, lesson.slug, practice.name)
    return shared_page(key, lambda: _render(course, lesson, practice))


def real_steps(practice: Practice) -> tuple[RealStep, ...]:
    """A card for each screen of the expected path on which there is something to do for real."""
    found = []
    for screen in map(practice.screen, path_of(practice)):
        deeds = () if screen.kind in REHEARSED_ONLY else tuple(_deeds(practice, screen))
        if deeds:
            found.append(RealStep(_without_data(practice, screen.title), deeds, screen.kind in PERHAPS))
    return tuple(found)


def _deeds(practice: Practice, screen: Screen) -> Iterator[Markup]:
    way = right_way(screen)
    for place, widget in enumerate(screen.widgets):
        if widget.role in FIELD_ROLES:
            yield _filling(practice, widget)
        elif place == way and widget.role != "wait":
            yield Markup("Bác chạm “{}”.").format(_without_data(practice, widget.label))


def _filling(practice: Practice, widget: Widget) -> Markup:
    label = _without_data(practice, widget.label)
    if widget.role == "switch":
        return pointing_words(widget, Filler(dict.fromkeys(dict(practice.data), LEFT_OUT)))
    if widget.role == "select":
        return OWN_CHOICE.format(label)
    if widget.rule:
        return RULE_WORDS[widget.rule].format(label)
    if _is_apps_name(practice, widget):
        return pointing_words(widget, Filler({}))
    if _is_drawn(practice, widget):
        return FROM_A_MESSAGE.format(label)
    return (OWN_SECRET if widget.role == "password" else OWN).format(label)


def _is_apps_name(practice: Practice, widget: Widget) -> bool:
    """Whether one looks for the app itself: its name is the same for everybody."""
    return fold(widget.values[0]) in fold(practice.simulates or "")


def _is_drawn(practice: Practice, widget: Widget) -> bool:
    """Whether the field wants a code that a message brings."""
    drawn = {name: "" for name, value in practice.data if drawn_length(value)}
    return any(fill(value, drawn) != value for value in widget.values)


def _without_data(practice: Practice, text: str) -> str:
    """The author's words with every value of the practice left out, written by name or in full."""
    text = PLACEHOLDER.sub(LEFT_OUT, text)
    for _, value in practice.data:
        if len(value) >= SHORTEST_VALUE:
            text = text.replace(value, LEFT_OUT)
    return text


def _render(course: Course, lesson: Lesson, practice: Practice) -> str:
    return render_template(
        "practice/real.html",
        course=course,
        lesson=lesson,
        practice=practice,
        steps=real_steps(practice),
        introduction=introduction_address(lesson, practice.name),
        use=stage_address(lesson, "dung") if lesson.use else "",
    )
