"""The entries of the help list: "Số 17 – con gà", "Giơ tay, sai 3 lần", "Nhập mã OTP, 2 phút"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.content.model import Practice, Task
from lms.learning.classroom.display.stuck_seats import reason_words
from lms.learning.classroom.session.steps import StepKind
from lms.learning.classroom.tasks.attestation import find_last_attested_tasks
from lms.web.classroom.class_context import ClassContext
from lms.web.database import session
from lms.web.language import translate, translate_number

REASON_ICONS = {
    "hand": "raised",
    "wrong": "careful",
    "hint": "idea",
    "again": "again",
    "long": "clock",
    "silent": "clock",
}
HELPER_COMING_ICON = "tick"


@dataclass(frozen=True, slots=True)
class HelpEntry:
    """A seat that needs help. ``location`` is its screen and for how long; ``icon`` is an icon's name."""

    seat: int
    emblem: str
    emblem_slug: str
    name: str | None
    icon: str
    reason: str
    location: str
    helper: str | None
    is_hand: bool  # it has raised its hand


def help_entries(stuck_list: Iterable[Mapping[str, Any]], practice: Practice | None) -> tuple[HelpEntry, ...]:
    return tuple(
        HelpEntry(
            seat=stuck_seat["seat"],
            emblem=stuck_seat["picture"],
            emblem_slug=stuck_seat["slug"],
            name=stuck_seat["name"],
            icon=HELPER_COMING_ICON if stuck_seat["helping"] else REASON_ICONS[stuck_seat["reason"]],
            reason=_reason(stuck_seat),
            location=_location(stuck_seat, practice),
            helper=stuck_seat["helping"],
            is_hand=stuck_seat["reason"] == "hand",
        )
        for stuck_seat in stuck_list
    )


def _reason(stuck_seat: Mapping[str, Any]) -> str:
    """Why the seat needs help, as a sentence begins: "Giơ tay, sai 3 lần"."""
    words = reason_words(stuck_seat["reason"], stuck_seat["count"])
    said = translate(words).format(count=stuck_seat["count"])
    return said[:1].upper() + said[1:]


def help_heading(count: int) -> str:
    return (
        translate_number("{count} người cần giúp", "{count} người cần giúp", count).format(count=count)
        if count
        else translate("Chưa ai cần giúp")
    )


def _location(stuck_seat: Mapping[str, Any], practice: Practice | None) -> str:
    screen = practice.screen(stuck_seat["screen"]) if practice and stuck_seat["screen"] else None
    parts = [screen.title] if screen else []
    if stuck_seat["minutes"]:
        minutes = stuck_seat["minutes"]
        parts.append(translate_number("{count} phút", "{count} phút", minutes).format(count=minutes))
    else:
        parts.append(translate("chưa tới 1 phút") if parts else translate("Chưa tới 1 phút"))
    return ", ".join(parts)


def preselected_tasks(context: ClassContext) -> tuple[Task, ...] | None:
    """The tasks that were last seen done in this class, () before the first; None unless the class is at its tasks."""
    use = context.lesson.use
    if use is None or context.steps[context.step_index].kind != StepKind.USE:
        return None
    task_ids = find_last_attested_tasks(session(), context.class_session)
    return tuple(task for task in use.tasks if task.id in task_ids)
