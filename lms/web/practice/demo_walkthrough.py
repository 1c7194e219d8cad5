"""Xem mẫu: a guide along a practice's expected path on the drawn phone, the same for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import render_template
from markupsafe import Markup

from lms.content.links import LinkResolver
from lms.content.model import Course, Lesson, Practice
from lms.content.practice import action_paths, fields
from lms.content.practice.compiling import generate_random_data
from lms.message_catalog import mark_for_translation
from lms.web.language import translate_markup
from lms.web.page_cache import SharedPage, shared_page
from lms.web.practice.app_stylesheet import stylesheet_url
from lms.web.practice.data_fill import DataFiller
from lms.web.practice.device import current_drawn_device
from lms.web.practice.feedback import screen_instruction
from lms.web.practice.nojs_field_choices import RULE_EXAMPLES
from lms.web.practice.phone_components import phone_components
from lms.web.practice.phone_icons import icon_sheet
from lms.web.practice.screen_numbering import find_origins, screen_numbers
from lms.web.practice.screen_views import ScreenViews
from lms.web.urls import mismatch_report_url, practice_url

DEMO = "xem-mau"
DEMO_SEED = "xem mẫu"  # the same data for everybody, so that the page can be cached
DEMO_WAIT = mark_for_translation("Máy đang chạy, bác đợi một chút.")
EXAMPLE = mark_for_translation("{} Thí dụ: <strong>{}</strong>.")


@dataclass(frozen=True, slots=True)
class DemoStep:
    """One action of the demonstration. ``title`` is the screen's title on its first step, else ""."""

    screen: str
    widget_index: int
    action: str
    value: str  # typed, chosen or switched to; "" for a tap
    title: Markup
    text: Markup
    why: Markup  # of the right choice on a screen with a trap, else ""
    direction: str  # of a swipe, else ""


def demo_page(course: Course, lesson: Lesson, practice: Practice) -> SharedPage:
    device = current_drawn_device(practice)
    key = (DEMO, course.slug, lesson.slug, practice.name, device)
    return shared_page(key, lambda: _render_demo(course, lesson, practice, device))


def demo_steps(practice: Practice, data: dict[str, str]) -> tuple[DemoStep, ...]:
    filler, previous_screen = DataFiller(data), ""
    steps: list[DemoStep] = []
    for step in action_paths.expected_path(practice, data):
        screen = practice.screen_by_id(step.screen)
        widget = screen.widgets[step.widget]
        text, value = screen_instruction(screen, step.widget, filler), step.value or ""
        if widget.role == "wait":
            text = translate_markup(DEMO_WAIT)
        elif widget.rule and value == fields.SATISFIES_RULE:
            value = RULE_EXAMPLES[widget.rule][0]
            text = translate_markup(EXAMPLE).format(text, value)
        title = filler.on_phone(screen.title) if screen.id != previous_screen else Markup("")
        direction = (widget.direction or "") if widget.role == "swipe" else ""
        is_choice = widget.arrow is not None and any(other.arrow == "x>" for other in screen.widgets)
        why = filler.text(screen.why if is_choice else "")
        steps.append(DemoStep(screen.id, step.widget, step.action, value, title, text, why, direction))
        previous_screen = screen.id
    return tuple(steps)


def _render_demo(course: Course, lesson: Lesson, practice: Practice, device: str) -> str:
    data = generate_random_data(practice, DEMO_SEED)
    views = ScreenViews(practice, DEMO, LinkResolver(Path(lesson.folder)).picture_url, data)
    steps = demo_steps(practice, data)
    visited = {step.screen for step in steps} | {practice.goal}
    return render_template(
        "practice/demo.html",
        course=course,
        lesson=lesson,
        practice=practice,
        device=device,
        card=views.task_card(),
        steps=steps,
        screen_numbers=screen_numbers(practice),
        goal=views.screen(practice.goal),
        screens=tuple(screen for screen in views.screens() if screen.id in visited),
        side_screens=_side_screens(practice, [step.screen for step in steps]),
        practice_url=practice_url(lesson, practice.name),
        report_url=mismatch_report_url(lesson, practice.name),
        stylesheet_url=stylesheet_url(course),
        icons=icon_sheet(views.icons(), device),
        phone_components=phone_components(practice),
    )


def _side_screens(practice: Practice, path: Sequence[str]) -> dict[str, list[str]]:
    """By screen of the expected path: the ids of the screens beside it, which side ways and traps lead to.

    Whoever is on one of them shares an address that opens the demonstration at the screen of the path.
    """
    beside: dict[str, list[str]] = {screen: [] for screen in path}
    for screen, origin in find_origins(practice, [*path, practice.goal]).items():
        if screen != origin:
            beside[origin].append(screen)
    return beside
