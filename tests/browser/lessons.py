"""The real lessons, as whoever knows all answers has them: right answers, wrong ones, and the expected way."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from functools import cache

from click.testing import CliRunner

from lms.cli import main
from lms.content.model import Choice, Lesson, Practice, Question
from tests.real_courses import COURSES, library


def lesson(address: str) -> Lesson:
    """``address`` as in "/vneid/kich-hoat"."""
    found = library().lesson(*address.strip("/").split("/"))
    assert found, f"no lesson at {address}"
    return found


def every_lesson() -> list[Lesson]:
    return [each for course in library() for each in course.lessons]


def address_of(each: Lesson) -> str:
    return f"/{each.course}/{each.slug}"


def plain(markup: str) -> str:
    """What a person reads of some inline html."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


def wrong_pick(question: Choice) -> str:
    return next(option.key for option in question.options if not option.right)


def right_picks(question: Choice) -> list[str]:
    return [option.key for option in question.options if option.right]


def wrongable(questions: tuple[Question, ...]) -> Choice:
    """A single choice, to be answered wrongly first."""
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
def expected_way(practice: Practice) -> tuple[Step, ...]:
    """What ``lms walk`` prints for the practice's own file; in this process, for another one takes a second to start.
    Values that an attempt draws are another walk's here."""
    done = CliRunner().invoke(main, ["walk", str(file_of(practice)), "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return tuple(Step(**each) for each in json.loads(done.stdout))


def file_of(practice: Practice) -> str:
    return str(COURSES / practice.path) if (COURSES / practice.path).exists() else practice.path


def drawn_key(practice: Practice, step: Step) -> str | None:
    """The ``{{key}}`` of a value that only this attempt's message tells, else None."""
    values = practice.screen(step.screen).widgets[step.widget].values
    found = re.fullmatch(r"\{\{(.+?)\}\}", values[0]) if values else None
    key = found[1].strip() if found else None
    drawn = {name for name, value in practice.data if value.strip().lower().startswith(("sinh(", "draw("))}
    return key if key in drawn else None
