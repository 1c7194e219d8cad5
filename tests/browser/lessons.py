"""The lessons of the real courses with their right and wrong answers and expected paths."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cache

from lms.content.model import Choice, Lesson, Practice, Question
from lms.content.practice import action_paths
from lms.content.practice.compiling import generate_random_data
from tests.real_courses import library


def lesson(address: str) -> Lesson:
    """``address`` as in "/vneid/kich-hoat"."""
    found = library().lesson(*address.strip("/").split("/"))
    assert found, f"no lesson at {address}"
    return found


def all_lessons() -> list[Lesson]:
    return [each for course in library() for each in course.lessons]


@cache
def sample_practices() -> tuple[Practice, ...]:
    """The fewest practices, found greedily, that have every kind of screen with every kind of widget on each device."""
    left = {practice: _parts(practice) for each in all_lessons() for practice in each.practices}
    missing, sample = set().union(*left.values()), list[Practice]()
    while missing:
        best = max(left, key=lambda practice: len(left[practice] & missing))
        missing -= left.pop(best)
        sample.append(best)
    return tuple(sample)


def _parts(practice: Practice) -> set[tuple[str, ...]]:
    return {
        (device, *part)
        for device in practice.devices
        for screen in practice.screens
        for part in ((screen.kind,), *((screen.kind, widget.role) for widget in screen.widgets))
    }


def lesson_path(each: Lesson) -> str:
    return f"/{each.course}/{each.slug}"


def plain_text(markup: str) -> str:
    """Return the text of inline HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


def wrong_option(question: Choice) -> str:
    return next(option.key for option in question.options if not option.right)


def right_options(question: Choice) -> list[str]:
    return [option.key for option in question.options if option.right]


def first_single_choice(questions: tuple[Question, ...]) -> Choice:
    """Return the first single-choice question."""
    return next(each for each in questions if each.kind == "choice" and not each.multiple)


@dataclass(frozen=True)
class Step:
    """One line of ``lms walk --json``: ``value`` is None for a tap."""

    screen: str
    widget: int
    label: str
    action: str
    value: str | None = None


@cache
def expected_path(practice: Practice) -> tuple[Step, ...]:
    """Return the steps that ``lms walk`` prints for a practice. Drawn values differ from those of an attempt."""
    steps = action_paths.expected_path(practice, generate_random_data(practice, "0"))
    return tuple(Step(**step.as_json()) for step in steps)


def drawn_key(practice: Practice, step: Step) -> str | None:
    """Return the key of a value that is drawn for each attempt and shown in a message, else None."""
    values = practice.screen(step.screen).widgets[step.widget].values
    match = re.fullmatch(r"\{\{(.+?)\}\}", values[0]) if values else None
    key = match[1].strip() if match else None
    drawn = {name for name, value in practice.data if value.strip().lower().startswith(("sinh(", "draw("))}
    return key if key in drawn else None
