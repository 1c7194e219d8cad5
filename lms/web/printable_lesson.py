"""A lesson on paper, as one HTML file that needs no site: a handout for learners, and the facilitator's plan.

The handout has no answers and no value of the exercise. Pictures are inside the file; links into the site are text.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from lms.content.links import LinkResolver
from lms.content.model import (
    Callout,
    Choice,
    Course,
    FacilitatorNote,
    InlineScreen,
    Lesson,
    Ordering,
    Part,
    Poll,
    Practice,
    Prose,
    Question,
    Stage,
    Typed,
)
from lms.content.pictures.check import BadPicture
from lms.content.pictures.reduction import media_type, needs_reduction, reduce
from lms.content.practice.placeholders import PLACEHOLDER
from lms.web.practice.real_device import has_real_steps, sheet_steps
from lms.web.urls import practice_url, qr_svg, stage_url

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PICTURE = re.compile(r'(?P<before><img\b[^>]*?\bsrc=")(?P<url>[^"]*)(?P<after>"[^>]*>)')
_SITE_LINK = re.compile(r'<a\b[^>]*\bhref="[/#][^"]*"[^>]*>(?P<text>.*?)</a>', re.DOTALL)
_MEDIA_TYPES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
    ".svg": "image/svg+xml", ".avif": "image/avif",
}  # fmt: skip


_NOTHING = Markup("")


@dataclass(frozen=True, slots=True)
class PaperOption:
    letter: str
    text: Markup
    right: bool = False
    feedback: Markup | None = None


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """``sides`` are the right sides of a matching, ``answer`` is what the plan says."""

    number: int
    kind: str
    prompt: Markup
    options: tuple[PaperOption, ...] = ()
    sides: tuple[PaperOption, ...] = ()
    answer: tuple[str, ...] = ()
    is_multiple: bool = False


@dataclass(frozen=True, slots=True)
class PaperPart:
    """``kind``: "prose", "tip", "warning", "note" (the facilitator's), "try" or "question"."""

    kind: str
    html: Markup = _NOTHING
    question: PaperQuestion | None = None


@dataclass(frozen=True, slots=True)
class PrintedTrap:
    screen: str
    label: str
    warning: str


def render_handout(course: Course, lesson: Lesson, public_url: str | None = None) -> str:
    """What a learner takes home. ``public_url`` is where the site is; its squares lead there."""
    return _render("paper/handout.html", course, lesson, public_url, has_answers=False)


def render_plan(course: Course, lesson: Lesson, public_url: str | None = None) -> str:
    """The facilitator's plan on paper: with notes, right answers and traps."""
    return _render("paper/plan.html", course, lesson, public_url, has_answers=True)


@cache
def _templates() -> Environment:
    return Environment(loader=PackageLoader("lms.web"), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def _render(template: str, course: Course, lesson: Lesson, public_url: str | None, *, has_answers: bool) -> str:
    practice = next((each for each in lesson.practices if not each.name), None)
    steps = sheet_steps(practice, is_real=has_real_steps(course, practice)) if practice else ()
    url = practice_url(lesson, "") if practice else stage_url(lesson, Stage.UNDERSTAND)
    address = f"{public_url.rstrip('/')}{url}" if public_url else ""
    numbers = iter(range(1, len(lesson.understand.questions) + 1))
    pictures = _Pictures(lesson)
    sections = [
        (section.title, [_part(part, numbers, pictures) for part in section.parts])
        for section in lesson.understand.sections
    ]
    environment = _templates()
    return environment.get_template(template).render(
        course=course,
        lesson=lesson,
        practice=practice,
        sections=[
            (title, [part for part in parts if has_answers or part.kind not in ("note", "try")])
            for title, parts in sections
        ],
        steps=steps,
        is_real=bool(practice and has_real_steps(course, practice)),
        traps=_traps(practice) if practice else (),
        tasks=[(pictures.inside(task.text), pictures.inside(task.help or "")) for task in lesson.use.tasks]
        if lesson.use
        else [],
        bring=lesson.use.bring if lesson.use else (),
        address=address,
        square=qr_svg(address) if address else "",
        css=environment.get_template("paper/paper.css").render(),
    )


def _part(part: Part, numbers: Iterator[int], pictures: _Pictures) -> PaperPart:
    if isinstance(part, Prose):
        return PaperPart("prose", pictures.inside(part.html))
    if isinstance(part, Callout):
        return PaperPart(part.tone, pictures.inside(part.html))
    if isinstance(part, FacilitatorNote):
        return PaperPart("note", pictures.inside(part.html))
    if isinstance(part, InlineScreen):
        return PaperPart("try", pictures.inside(PLACEHOLDER.sub("…", part.html)))
    return PaperPart("question", question=_question(part, next(numbers), pictures))


def _question(question: Question, number: int, pictures: _Pictures) -> PaperQuestion:
    prompt = pictures.inside(question.prompt)
    if isinstance(question, Choice | Poll):
        is_sorted = isinstance(question, Choice) and not question.keep_order
        listed = sorted(question.options, key=lambda option: option.key) if is_sorted else question.options
        options = tuple(
            PaperOption(letter, Markup(option.text), option.right, Markup(option.feedback) if option.feedback else None)  # noqa: S704
            for letter, option in zip(LETTERS, listed, strict=False)
        )
        is_multiple = isinstance(question, Choice) and question.multiple
        return PaperQuestion(number, question.kind, prompt, options, is_multiple=is_multiple)
    if isinstance(question, Typed):
        ranges = [f"{low} tới {high}" for low, high in question.ranges]
        return PaperQuestion(number, question.kind, prompt, answer=(*question.answers[:3], *ranges))
    if isinstance(question, Ordering):
        listed = sorted(question.items, key=lambda item: item.key)
        letters = {item.key: letter for item, letter in zip(listed, LETTERS, strict=False)}
        options = tuple(PaperOption(letters[item.key], Markup(item.text)) for item in listed)  # noqa: S704
        return PaperQuestion(
            number, question.kind, prompt, options, answer=(" → ".join(letters[item.key] for item in question.items),)
        )
    sides = sorted((pair.right for pair in question.pairs), key=lambda side: side.key)
    letters = {side.key: letter for side, letter in zip(sides, LETTERS, strict=False)}
    return PaperQuestion(
        number,
        question.kind,
        prompt,
        tuple(PaperOption(str(at), Markup(pair.left.text)) for at, pair in enumerate(question.pairs, 1)),  # noqa: S704
        tuple(PaperOption(letters[side.key], Markup(side.text)) for side in sides),  # noqa: S704
        (", ".join(f"{at}-{letters[pair.right.key]}" for at, pair in enumerate(question.pairs, 1)),),
    )


def _traps(practice: Practice) -> tuple[PrintedTrap, ...]:
    return tuple(
        PrintedTrap(*(PLACEHOLDER.sub("…", text) for text in (screen.title, widget.label, widget.warn or "")))
        for screen in practice.screens
        for widget in screen.widgets
        if widget.arrow == "x>"
    )


class _Pictures:
    """Puts the pictures of a lesson into its HTML."""

    def __init__(self, lesson: Lesson) -> None:
        self.links = LinkResolver(Path(lesson.folder))

    def inside(self, html: str) -> Markup:
        html = _SITE_LINK.sub(lambda match: match["text"], html)
        return Markup(_PICTURE.sub(self._replaced, html))  # noqa: S704  (of the model, rendered and sanitised)

    def _replaced(self, match: re.Match[str]) -> str:
        name = unquote(unescape(match["url"])).rpartition("/images/")[2]
        path = self.links.picture_path(f"images/{name}")
        if path is None:
            return match[0]
        try:
            kind, data = _picture(path)
        except (BadPicture, OSError):  # the checker says what is wrong with it
            return match[0]
        return f"{match['before']}data:{kind};base64,{base64.b64encode(data).decode('ascii')}{match['after']}"


def _picture(path: Path) -> tuple[str, bytes]:
    if needs_reduction(path):
        data = reduce(path)
        return media_type(data), data
    return _MEDIA_TYPES.get(path.suffix.lower(), "image/png"), path.read_bytes()
