"""What lam.md need not say: its name, its first screen, and which screen is the goal."""

from __future__ import annotations

from pathlib import Path

from lms.content.front_matter import FrontMatter, report_missing_key
from lms.content.lesson_name import lesson_name
from lms.content.model import STATIC_ROLES
from lms.content.practice.syntax_tree import DraftPractice, DraftScreen
from lms.content.source import Diagnostics


def default_name(diagnostics: Diagnostics, matter: FrontMatter, name: str, folder: Path | None) -> str:
    """The lesson's name for lam.md; a further practice needs a name of its own."""
    if not matter.lacks("name"):
        return ""
    found = lesson_name(folder) if folder and not name else None
    if found is None:
        report_missing_key(diagnostics, "tên")
    return found or ""


def end_last_screen(matter: FrontMatter, draft: DraftPractice, goal: str | None) -> None:
    """Make the last screen the end if no screen is one, there is nothing to do on it, and no other one is the goal."""
    if not draft.screens or any(screen.kind == "end" or _is_unclear(screen) for screen in draft.screens):
        return
    last = draft.screens[-1]
    if last.has_lost_item or last.has_unclear_quote:
        return
    is_goal = matter.lacks("goal") or goal == last.id
    has_actions = any(widget.role not in STATIC_ROLES for widget in last.widgets)
    if is_goal and not has_actions and not last.attributes.get("kind") and "task" not in last.quotes:
        last.kind = "end"


def default_start(draft: DraftPractice) -> str:
    return draft.screens[0].id if draft.screens else ""


def default_goal(diagnostics: Diagnostics, draft: DraftPractice) -> str:
    """The only end; none or several are reported, unless an error hides which screens are ends."""
    ends = [screen for screen in draft.screens if screen.kind == "end"]
    if len(ends) == 1:
        return ends[0].id
    is_unclear = any(_is_unclear(screen) or screen.has_lost_item for screen in draft.screens)
    if draft.screens and not is_unclear:
        why = "Có nhiều màn hình kết, chưa biết đích là màn nào. " if ends else "Chưa có màn hình {loại=kết} nào. "
        report_missing_key(diagnostics, "đích", why)
    return ""


def _is_unclear(screen: DraftScreen) -> bool:
    """Whether an error in its line hides what kind of screen it is."""
    return screen.attributes.broken and "kind" not in screen.attributes.values
