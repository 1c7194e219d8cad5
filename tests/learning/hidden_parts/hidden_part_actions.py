"""What tests of hidden parts do: hide, show again, schedule, and change the folder."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from lms.content.hideable_parts import HideablePart
from lms.learning.accounts.account import Account
from lms.learning.workshop import hiding
from lms.learning.workshop.returning_parts import ReturningPart, find_returning_part
from lms.learning.workshop.revision_saving import save_revision
from tests.content.course_folders import TODAY
from tests.learning.sample_courses import NOW
from tests.learning.workshop_actions import Workshop

LATER = NOW + timedelta(minutes=1)
LESSON, FILE = HideablePart("02-hai"), "02-hai/hieu.md"
ENGLISH_OF_LESSON = HideablePart("01-mo-may", "en")


def hide(workshop: Workshop, by: Account, part: HideablePart = LESSON, course: str = "vneid", now=NOW) -> None:
    checked = hiding.check_hiding(workshop.session, course, part, folder=workshop.folder, today=TODAY, now=now)
    hiding.hide_part(workshop.session, checked, part, by=by, folder=workshop.folder, now=now)
    workshop.session.commit()


def show(workshop: Workshop, by: Account, part: HideablePart = LESSON, course: str = "vneid", now=NOW) -> None:
    checked = hiding.check_showing(workshop.session, course, part, folder=workshop.folder, today=TODAY, now=now)
    hiding.show_part(workshop.session, checked, part, by=by, folder=workshop.folder, now=now)
    workshop.session.commit()


def schedule_new_file(workshop: Workshop, lan: Account, minh: Account, *beside: str, due_at: datetime) -> str:
    """A practice that the lesson has not yet, scheduled together with other approved files; returns its path."""
    path, source = "02-hai/lam-khac.md", workshop.folder / "vneid" / "02-hai" / "lam.md"
    text = source.read_text("utf-8").replace("tên: ", "tên: Khác ", 1)
    saved = save_revision(
        workshop.session, "vneid", path, text, parent=None, why="", by=lan, folder=workshop.folder, now=NOW
    )  # fmt: skip
    workshop.review(saved.number, by=lan, second=minh, path=path)
    workshop.publish(lan, path, *beside, due_at=due_at)
    workshop.session.commit()
    return path


def find(workshop: Workshop, *, is_sound: bool = True) -> ReturningPart:
    found = find_returning_part(workshop.session, "vneid", LESSON, folder=workshop.folder, is_sound=is_sound, now=LATER)
    workshop.session.commit()  # SQLite lets the worker write again
    return found


def rewrite(folder: Path, title: str) -> None:
    file = folder / "vneid" / FILE
    lines = [f"tên: {title}" if line.startswith("tên:") else line for line in file.read_text("utf-8").split("\n")]
    file.write_text("\n".join(lines), "utf-8")
