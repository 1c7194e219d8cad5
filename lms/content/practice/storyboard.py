"""lam.md: a storyboard read into a Practice, with every problem where it stands."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

from lms.content.links import Home
from lms.content.markdown import without_sizes
from lms.content.model import Practice
from lms.content.outline import Running, outline_inline
from lms.content.practice.front_matter import RECHECK_AFTER, Front, read_front
from lms.content.practice.line_parser import read_lines
from lms.content.practice.link_targets import Targets
from lms.content.practice.screens import read_kind, read_prose, read_screen
from lms.content.practice.syntax_tree import Draft, Piece
from lms.content.practice.text_checks import check_texts
from lms.content.practice.validation import check_practice
from lms.content.problems import Problem, has_errors
from lms.content.prose import Prose
from lms.content.source import Report, open_source


def read_practice(
    text: str,
    path: str,
    *,
    name: str = "",
    folder: Path | None = None,
    today: date,
    recheck_after: int = RECHECK_AFTER,
) -> tuple[Practice | None, list[Problem]]:
    """Read and prove a practice.

    ``name`` is the <name> of ``lam-<name>.md``; ``folder`` the lesson's, without which pictures are not looked for;
    ``recheck_after`` the course's days after which ``kiểm tra ngày`` is old. There is a Practice when no problem is
    an error.
    """
    source, report = open_source(text, path)
    front = read_front(source, report, today, recheck_after)
    ends = [text for text in map(front.matter.text, ("start", "goal")) if text]
    draft = read_lines(report, front.matter.body, ends)
    targets = Targets(report, draft)
    for screen in draft.screens:
        read_kind(report, screen)
        for widget in screen.widgets:
            targets.lead(widget)
    start, goal = (_end_of_path(front, targets, code) for code in ("start", "goal"))
    practice = _practice(report, front, draft, start or "", goal or "", name, folder)
    check_texts(report, front, draft)
    check_practice(report, front, draft, practice)
    problems = report.problems
    return (None if has_errors(problems) else practice), problems


def _end_of_path(front: Front, targets: Targets, code: str) -> str | None:
    """The id of ``bắt đầu`` or ``đích``, or of what was most likely meant."""
    typed = front.matter.value(code)
    if typed is None:
        return None
    found, guessed = targets.resolve(Piece(typed.text, typed.line, typed.column))
    return found or guessed


def _practice(
    report: Report, front: Front, draft: Draft, start: str, goal: str, name: str, folder: Path | None
) -> Practice:
    screens = tuple(read_screen(report, screen, folder, dict(front.data)) for screen in draft.screens)
    intro = read_prose(report, draft.intro, folder, heading_level=1)
    card = front.matter.value("card")
    practice = Practice(
        name=name,
        title=front.matter.text("name") or "",
        start=start,
        goal=goal,
        pass_percent=front.pass_percent,
        data=front.data,
        screens=screens,
        digest="",
        path=report.source.path,
        simulates=front.matter.text("simulates"),
        devices=front.devices,
        card=_card(report, Piece(card.text, card.line, card.column), folder) if card else None,
        intro=intro,
        checked=front.checked,
    )
    object.__setattr__(practice, "digest", _digest(practice))
    return practice


def _card(report: Report, card: Piece, folder: Path | None) -> str:
    for link in outline_inline(Running((card.text,), ((card.line, card.column),))).links:
        message = "Bỏ liên kết này: trong bài tập không có đường đi ra ngoài. Bác để chữ thường là đủ."
        report.error("link-out", message, link.line, link.column)
    return Prose(report, Home(folder)).inline(card.text, card.line, card.column)


def _digest(practice: Practice) -> str:
    """Of everything the engine and the page use; not of where things stand in the file, nor how large pictures are."""
    plain = asdict(practice)
    for key in ("digest", "path", "name", "checked"):
        del plain[key]
    plain["intro"], plain["card"] = without_sizes(practice.intro), practice.card and without_sizes(practice.card)
    for screen in plain["screens"]:
        del screen["line"]
        screen["prose"] = without_sizes(screen["prose"])
        for widget in screen["widgets"]:
            del widget["line"], widget["size"]
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:32]
