"""Read lam.md, a storyboard, into a Practice."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from lms.content.line_typos import check_line_typos
from lms.content.links import LinkResolver
from lms.content.markdown.outline import TextRun
from lms.content.markdown.rendering import strip_picture_sizes
from lms.content.misspellings import check_misspellings
from lms.content.model import Practice, Screen, Widget
from lms.content.practice.arrow_targets import TargetResolver
from lms.content.practice.defaults import default_goal, default_name, default_start, end_last_screen
from lms.content.practice.easy_forms import report_easy_forms
from lms.content.practice.front_matter import RECHECK_AFTER, PracticeFrontMatter, read_practice_front_matter
from lms.content.practice.line_parser import parse_lines
from lms.content.practice.screen_builder import build_screen, read_prose, set_screen_kind
from lms.content.practice.syntax_tree import DraftPractice, TextSpan
from lms.content.practice.text_checks import check_texts
from lms.content.practice.validation import validate_practice
from lms.content.problems import Problem, has_errors
from lms.content.prose import ProseReader
from lms.content.sample_text import check_sample_text
from lms.content.source import Diagnostics, normalize_source


def read_practice(
    text: str,
    path: str,
    *,
    name: str = "",
    folder: Path | None = None,
    today: date,
    recheck_after: int = RECHECK_AFTER,
) -> tuple[Practice | None, list[Problem]]:
    """Read and validate a practice; it is None if any problem is an error.

    ``name`` is the <name> of ``lam-<name>.md``. ``folder`` is the lesson's; without it pictures are not checked.
    ``recheck_after`` is the course's recheck period in days.
    """
    practice, problems, _ = read_practice_with_problems(
        text, path, name=name, folder=folder, today=today, recheck_after=recheck_after
    )
    return (None if has_errors(problems) else practice), problems


def read_practice_with_problems(
    text: str,
    path: str,
    *,
    name: str = "",
    folder: Path | None = None,
    today: date,
    recheck_after: int = RECHECK_AFTER,
) -> tuple[Practice, list[Problem], bool]:
    """What a practice is so far, its problems, and whether it can be drawn although it may not be solvable yet.

    A screen that was just begun is unreachable, or has no way out: its author wants to see it all the same.
    """
    parsed = parse_storyboard(text, path, today=today, recheck_after=recheck_after)
    diagnostics, front_matter, draft = parsed.diagnostics, parsed.front_matter, parsed.draft
    start, goal = parsed.start, parsed.goal
    title = front_matter.matter.text("name") or default_name(diagnostics, front_matter.matter, name, folder)
    for screen in draft.screens:
        screen.is_goal = screen.id == goal
    practice = _build_practice(diagnostics, front_matter, draft, start, goal, title, name, folder)
    ids = {screen.id for screen in practice.screens}
    is_drawable = not has_errors(diagnostics.problems) and {practice.start, practice.goal} <= ids
    check_texts(diagnostics, front_matter, draft)
    check_sample_text(diagnostics)
    validate_practice(diagnostics, front_matter, draft, practice)
    check_line_typos(diagnostics, [name for name, _ in front_matter.data])
    check_misspellings(diagnostics)
    return practice, diagnostics.problems, is_drawable


@dataclass(frozen=True, slots=True)
class ParsedStoryboard:
    """A lam.md as a syntax tree whose arrows are resolved. ``start`` and ``goal`` are ids, "" where none is known."""

    diagnostics: Diagnostics
    front_matter: PracticeFrontMatter
    draft: DraftPractice
    start: str
    goal: str


def parse_storyboard(text: str, path: str, *, today: date, recheck_after: int = RECHECK_AFTER) -> ParsedStoryboard:
    """Parse a practice and find which screen each arrow leads to, before screens are built and validated."""
    source, diagnostics = normalize_source(text, path)
    front_matter = read_practice_front_matter(source, diagnostics, today, recheck_after)
    matter = front_matter.matter
    report_easy_forms(diagnostics, matter.body, [name for name, _ in front_matter.data])
    end_titles = [text for text in map(matter.text, ("start", "goal")) if text]
    draft = parse_lines(diagnostics, matter.body, end_titles)
    targets = TargetResolver(diagnostics, draft)
    for screen in draft.screens:
        set_screen_kind(diagnostics, screen)
        for widget in screen.widgets:
            targets.resolve_widget(widget)
    start, goal = (_resolve_title(front_matter, targets, code) for code in ("start", "goal"))
    end_last_screen(matter, draft, goal)
    start = default_start(draft) if matter.lacks("start") else start
    goal = default_goal(diagnostics, draft) if matter.lacks("goal") else goal
    return ParsedStoryboard(diagnostics, front_matter, draft, start or "", goal or "")


def _resolve_title(front_matter: PracticeFrontMatter, targets: TargetResolver, code: str) -> str | None:
    """The id of the screen that ``bắt đầu`` or ``đích`` names, or probably means."""
    typed = front_matter.matter.value(code)
    if typed is None:
        return None
    screen_id, guessed_id = targets.resolve(TextSpan(typed.text, typed.line, typed.column))
    return screen_id or guessed_id


def _build_practice(
    diagnostics: Diagnostics,
    front_matter: PracticeFrontMatter,
    draft: DraftPractice,
    start: str,
    goal: str,
    title: str,
    name: str,
    folder: Path | None,
) -> Practice:
    screens = tuple(build_screen(diagnostics, screen, folder, dict(front_matter.data)) for screen in draft.screens)
    intro = read_prose(diagnostics, draft.intro, folder, heading_level=1)
    card = front_matter.matter.value("card")
    practice = Practice(
        name=name,
        title=title,
        start=start,
        goal=goal,
        pass_percent=front_matter.pass_percent,
        data=front_matter.data,
        screens=screens,
        digest="",
        path=diagnostics.source.path,
        simulates=front_matter.matter.text("simulates"),
        devices=front_matter.devices,
        card=_render_card(diagnostics, TextSpan(card.text, card.line, card.column), folder) if card else None,
        intro=intro,
        checked=front_matter.checked,
    )
    object.__setattr__(practice, "digest", _digest(practice))
    return practice


def _render_card(diagnostics: Diagnostics, card: TextSpan, folder: Path | None) -> str:
    text_run = TextRun((card.text,), ((card.line, card.column),))
    prose = ProseReader(diagnostics, LinkResolver(folder))
    for link in prose.check_run(text_run).links:
        message = "Bỏ liên kết này: trong bài tập không có đường đi ra ngoài. Bác để chữ thường là đủ."
        diagnostics.error("link-out", message, link.line, link.column)
    return prose.render_checked(text_run)


# Left out of the digest where unset: a file written before they existed keeps its digest, and its attempts go on.
_LATER_FIELDS = frozenset({"direction", "scrolls", "shown", "address", "developer", "stars", "time", "drawing"}) | {
    "detail", "speaker", "look", "ring", "current"
}  # fmt: skip


def _digest(practice: Practice) -> str:
    """A digest of everything that the engine and the page use, without line numbers and picture sizes."""
    content = _fields_of(practice, without=("digest", "path", "name", "checked", "language"))
    content["intro"] = strip_picture_sizes(practice.intro)
    content["card"] = practice.card and strip_picture_sizes(practice.card)
    content["screens"] = [
        _fields_of(screen, without=("line",))
        | {
            "prose": strip_picture_sizes(screen.prose),
            "widgets": [_fields_of(widget, without=("line", "size")) for widget in screen.widgets],
        }
        for screen in practice.screens
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def _fields_of(value: Practice | Screen | Widget, *, without: tuple[str, ...]) -> dict[str, Any]:
    """The fields of a dataclass by name; unlike asdict not recursive, and therefore fast."""
    names, later_names, read = _field_reader(type(value), without)
    fields = dict(zip(names, read(value), strict=True))
    for name in later_names:
        if not fields[name]:
            del fields[name]
    return fields


@lru_cache(maxsize=8)
def _field_reader(
    kind: type[Practice | Screen | Widget], without: tuple[str, ...]
) -> tuple[tuple[str, ...], frozenset[str], Callable[[Practice | Screen | Widget], tuple[Any, ...]]]:
    """The names of the fields, those of them that are in ``_LATER_FIELDS``, and what returns the fields' values."""
    names = tuple(field.name for field in dataclasses.fields(kind) if field.name not in without)
    return names, _LATER_FIELDS.intersection(names), attrgetter(*names)
