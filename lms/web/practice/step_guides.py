"""Three guides along a practice's expected path, the same for everybody.

Xem mẫu demonstrates it on the drawn phone, làm thật gives cards to hold beside the real phone, and tờ các bước is a
sheet to print.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from flask import render_template
from markupsafe import Markup

from lms.content.fuzzy_words import normalize_word
from lms.content.links import LinkResolver
from lms.content.model import FIELD_ROLES, GESTURE_ROLES, Course, Lesson, Practice, Screen, Stage, Widget
from lms.content.practice import action_paths, fields
from lms.content.practice.compiling import draw_data, drawn_length, main_path
from lms.content.practice.placeholders import PLACEHOLDER, fill
from lms.web.page_cache import SharedPage, shared_page
from lms.web.practice.app_stylesheet import stylesheet_url
from lms.web.practice.data_fill import DataFiller
from lms.web.practice.device import current_device
from lms.web.practice.feedback import RULE_INSTRUCTIONS, TAP, expected_widget, gesture_instruction, instruction
from lms.web.practice.nojs_field_choices import RULE_EXAMPLES
from lms.web.practice.phone_icons import icon_sheet
from lms.web.practice.screen_views import ScreenViews
from lms.web.request_context import settings
from lms.web.urls import practice_url, qr_svg, site_host, stage_url

DEMO = "xem-mau"
DEMO_SEED = "xem mẫu"  # the same data for everybody, so that the page can be cached
DEMO_WAIT = Markup("Máy đang chạy, bác đợi một chút.")
EXAMPLE = Markup("{} Thí dụ: <strong>{}</strong>.")
REAL_DEVICE = "lam-that"
REDACTED = "…"
TYPE_CODE_FROM_SMS = Markup("Bác gõ mã trong tin nhắn vừa tới máy bác vào ô “{}”. Bác không đọc mã cho ai.")
TYPE_OWN = Markup("Bác gõ thông tin của chính bác vào ô “{}”.")
TYPE_OWN_SECRET = Markup("Bác gõ mã bí mật của chính bác vào ô “{}”, đừng để ai nhìn.")
CHOOSE_OWN = Markup("Bác chọn mục đúng với bác ở ô “{}”.")
# Calls and messages are there to practise refusing them; on the real phone nobody waits for one.
SIMULATED_ONLY = frozenset({"call", "messages"})
# Screens that the real phone may not show.
OPTIONAL_KINDS = frozenset({"dialog", "permission"})
MIN_REDACTED_LENGTH = 3  # characters; a shorter value identifies nobody
SHEET = "to-buoc"
SHEET_WAIT = Markup("Bác đợi máy chạy một chút.")
TYPE_CODE = Markup("Bác gõ mã trong tin nhắn vào ô “{}”.")
# The layout of a sheet depends on how many lines its steps take at 14 pt over the whole width; see sheet.css.
FULL_WIDTH, COLUMNS = "", "columns"
CHARACTERS_PER_LINE = 64
MAX_LINES = 34


@dataclass(frozen=True, slots=True)
class DemoStep:
    """One action of the demonstration. ``title`` is the screen's title on its first step, else ""."""

    screen: str
    widget_index: int
    action: str
    value: str  # typed, chosen or switched to; "" for a tap
    title: Markup
    text: Markup


def demo_page(course: Course, lesson: Lesson, practice: Practice) -> SharedPage:
    device = current_device(practice)
    key = (DEMO, course.slug, lesson.slug, practice.name, device)
    return shared_page(key, lambda: _render_demo(course, lesson, practice, device))


def demo_steps(practice: Practice, data: dict[str, str]) -> tuple[DemoStep, ...]:
    filler, previous_screen = DataFiller(data), ""
    steps: list[DemoStep] = []
    for step in action_paths.expected_path(practice, data):
        screen = practice.screen_by_id(step.screen)
        widget = screen.widgets[step.widget]
        text, value = instruction(widget, filler), step.value or ""
        if widget.role == "wait":
            text = DEMO_WAIT
        elif widget.rule and value == fields.SATISFIES_RULE:
            value = RULE_EXAMPLES[widget.rule][0]
            text = EXAMPLE.format(text, value)
        title = filler.text(screen.title) if screen.id != previous_screen else Markup("")
        steps.append(DemoStep(screen.id, step.widget, step.action, value, title, text))
        previous_screen = screen.id
    return tuple(steps)


def _render_demo(course: Course, lesson: Lesson, practice: Practice, device: str) -> str:
    data = draw_data(practice, DEMO_SEED)
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
        goal=views.screen(practice.goal),
        screens=tuple(screen for screen in views.screens() if screen.id in visited),
        practice_url=practice_url(lesson, practice.name),
        stylesheet_url=stylesheet_url(course),
        icons=icon_sheet(views.icons(), device),
    )


@dataclass(frozen=True, slots=True)
class RealDeviceCard:
    """One screen: its title, what to do there, and whether the real phone may not show it."""

    title: str
    actions: tuple[Markup, ...]
    is_optional: bool


def real_device_page(course: Course, lesson: Lesson, practice: Practice) -> SharedPage:
    key = (REAL_DEVICE, course.slug, lesson.slug, practice.name)
    return shared_page(key, lambda: _render_real_device(course, lesson, practice))


def real_device_cards(practice: Practice) -> tuple[RealDeviceCard, ...]:
    """A card for each screen of the expected path on which the learner does something for real."""
    cards: list[RealDeviceCard] = []
    for screen in map(practice.screen_by_id, main_path(practice)):
        actions = () if screen.kind in SIMULATED_ONLY else tuple(_real_actions(practice, screen))
        if actions:
            title = _without_data(practice, screen.title)
            cards.append(RealDeviceCard(title, actions, screen.kind in OPTIONAL_KINDS))
    return tuple(cards)


def _real_actions(practice: Practice, screen: Screen) -> Iterator[Markup]:
    expected = expected_widget(screen)
    for index, widget in enumerate(screen.widgets):
        if widget.role in FIELD_ROLES:
            yield _real_field(practice, widget)
        elif index == expected and widget.role != "wait":
            yield _real_tap(practice, widget)


def _real_tap(practice: Practice, widget: Widget) -> Markup:
    label = _without_data(practice, widget.label)
    if widget.role in GESTURE_ROLES:
        return gesture_instruction(widget).format(Markup("“{}”").format(label))
    return TAP.format(label)


def _real_field(practice: Practice, widget: Widget) -> Markup:
    label = _without_data(practice, widget.label)
    if widget.role == "switch":
        return instruction(widget, DataFiller(dict.fromkeys(dict(practice.data), REDACTED)))
    if widget.role == "select":
        return CHOOSE_OWN.format(label)
    if widget.rule:
        return RULE_INSTRUCTIONS[widget.rule].format(label)
    if _is_app_name(practice, widget):
        return instruction(widget, DataFiller({}))
    if _has_generated_value(practice, widget):
        return TYPE_CODE_FROM_SMS.format(label)
    return (TYPE_OWN_SECRET if widget.role == "password" else TYPE_OWN).format(label)


def _is_app_name(practice: Practice, widget: Widget) -> bool:
    """Whether the learner types the name of the app, which is the same for everybody."""
    return normalize_word(widget.values[0]) in normalize_word(practice.simulates or "")


def _has_generated_value(practice: Practice, widget: Widget) -> bool:
    """Whether the field takes a code that each attempt draws anew and sends in a message."""
    generated = {name: "" for name, value in practice.data if drawn_length(value)}
    return any(fill(value, generated) != value for value in widget.values)


def _without_data(practice: Practice, text: str) -> str:
    """The text with the practice's data left out, whether it stands as a placeholder or in full."""
    text = PLACEHOLDER.sub(REDACTED, text)
    for _, value in practice.data:
        if len(value) >= MIN_REDACTED_LENGTH:
            text = text.replace(value, REDACTED)
    return text


def _render_real_device(course: Course, lesson: Lesson, practice: Practice) -> str:
    return render_template(
        "practice/real_device.html",
        course=course,
        lesson=lesson,
        practice=practice,
        steps=real_device_cards(practice),
        practice_url=practice_url(lesson, practice.name),
        use=stage_url(lesson, Stage.USE) if lesson.use else "",
    )


@dataclass(frozen=True, slots=True)
class SheetStep:
    """One screen: its title and what to do there, a sentence each."""

    title: Markup
    actions: tuple[Markup, ...]


def sheet_page(course: Course, lesson: Lesson, practice: Practice) -> SharedPage:
    key = (SHEET, course.slug, lesson.slug, practice.name)
    return shared_page(key, lambda: _render_sheet(course, lesson, practice))


def sheet_steps(practice: Practice) -> tuple[SheetStep, ...]:
    """A step for each screen of the expected path on which the learner does something, in order."""
    fixed = {name: value for name, value in practice.data if drawn_length(value) is None}
    filler = DataFiller(fixed)
    steps: list[SheetStep] = []
    for screen in map(practice.screen_by_id, main_path(practice)):
        actions = tuple(_sheet_actions(practice, screen, filler))
        if actions:
            steps.append(SheetStep(filler.text(screen.title), actions))
    return tuple(steps)


def sheet_layout(steps: tuple[SheetStep, ...]) -> str:
    """Whether the steps fit over the whole width of a page, or go in two columns of smaller type."""
    lines = sum(ceil(_length(step) / CHARACTERS_PER_LINE) + 1 for step in steps)
    return FULL_WIDTH if lines <= MAX_LINES else COLUMNS


def _length(step: SheetStep) -> int:
    return len(" ".join([step.title.striptags(), *(action.striptags() for action in step.actions)]))


def _sheet_actions(practice: Practice, screen: Screen, filler: DataFiller) -> Iterator[Markup]:
    expected = expected_widget(screen)
    for index, widget in enumerate(screen.widgets):
        if widget.role in FIELD_ROLES:
            yield _sheet_field(practice, widget, filler)
        elif index == expected:
            yield SHEET_WAIT if widget.role == "wait" else instruction(widget, filler)


def _sheet_field(practice: Practice, widget: Widget, filler: DataFiller) -> Markup:
    if widget.rule:
        return RULE_INSTRUCTIONS[widget.rule].format(filler.text(widget.label))
    if _has_generated_value(practice, widget):
        return TYPE_CODE.format(filler.text(widget.label))
    return instruction(widget, filler)


def _render_sheet(course: Course, lesson: Lesson, practice: Practice) -> str:
    steps = sheet_steps(practice)
    url = practice_url(lesson, practice.name)
    return render_template(
        "practice/sheet.html",
        course=course,
        lesson=lesson,
        practice=practice,
        steps=steps,
        layout=sheet_layout(steps),
        practice_url=url,
        site_address=f"{site_host()}{url}",
        qr_code=qr_svg(f"{settings().public_url}{url}"),
    )
