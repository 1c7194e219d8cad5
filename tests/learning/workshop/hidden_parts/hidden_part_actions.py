"""What tests of hidden parts do: hide, show again, and change the folder."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from lms.content.hideable_parts import HideablePart
from lms.learning.accounts.account import Account
from lms.learning.workshop import hiding, publishing, revision_review
from lms.learning.workshop.publication_check import check_changes
from lms.learning.workshop.revision_saving import save_revision
from lms.learning.workshop.revisions import read_latest
from tests.content.course_folders import TODAY
from tests.content.finished_files import understand_text, use_text
from tests.learning.sample_courses import NOW
from tests.learning.workshop.workshop_actions import HIEU, Workshop

LATER = NOW + timedelta(minutes=1)
LESSON, FILE = HideablePart("hai"), "02-hai/hieu.md"
ENGLISH_OF_LESSON = HideablePart("mo-may", "en")


def hide(workshop: Workshop, by: Account, part: HideablePart = LESSON, course: str = "vneid", now=NOW) -> None:
    checked = hiding.check_hiding(workshop.session, course, part, folder=workshop.folder, today=TODAY)
    hiding.hide_or_show(workshop.session, checked, by=by, folder=workshop.folder, now=now)
    workshop.session.commit()


def show(workshop: Workshop, by: Account, part: HideablePart = LESSON, course: str = "vneid", now=NOW) -> None:
    checked = hiding.check_showing(workshop.session, course, part, folder=workshop.folder, today=TODAY)
    hiding.hide_or_show(workshop.session, checked, by=by, folder=workshop.folder, now=now)
    workshop.session.commit()


def publish_of(workshop: Workshop, by: Account, course: str, *paths: str, now: datetime = NOW) -> None:
    """Publish files of a course, HIEU if none are named."""
    checked = check_changes(workshop.session, course, paths or [HIEU], folder=workshop.folder, today=TODAY)
    publishing.publish_files(workshop.session, checked, why="", by=by, now=now)
    workshop.session.commit()


def write_lesson(workshop: Workshop, lan: Account, minh: Account, folder: str) -> list[str]:
    """A new lesson of vneid, whose texts are approved; returns their paths."""
    texts = {f"{folder}/hieu.md": understand_text(folder), f"{folder}/dung.md": use_text(folder)}
    for path, text in texts.items():
        saved = save_revision(
            workshop.session, "vneid", path, text, parent=0, why="", by=lan, folder=workshop.folder, now=NOW
        )  # fmt: skip
        workshop.review(saved.number, by=lan, second=minh, path=path)
    workshop.session.commit()
    return [*texts]


def rewrite(folder: Path, title: str) -> None:
    file = folder / "vneid" / FILE
    lines = [f"tên: {title}" if line.startswith("tên:") else line for line in file.read_text("utf-8").split("\n")]
    file.write_text("\n".join(lines), "utf-8")


def add_link(workshop: Workshop, lan: Account, minh: Account, target: str, *, course: str = "vneid") -> None:
    """Let the first lesson of a course link to another, in a text that is approved."""
    change(workshop, lan, minh, course, "Gửi yêu cầu ở nhà", f"Xem [bài kia]({target}). Gửi yêu cầu ở nhà")


def take_over(workshop: Workshop, lan: Account, minh: Account, former: str, *, course: str = "vssid") -> None:
    """Let the first lesson of a course take the place of another, in a text that is approved."""
    change(workshop, lan, minh, course, "phút: 5", f"phút: 5\nchuyển từ: {former}")


def change(
    workshop: Workshop, lan: Account, minh: Account, course: str, former: str, text: str, *, path: str = HIEU
) -> None:
    """Change the first lesson of a course, or another file of it, in a text that is approved."""
    latest = read_latest(workshop.session, course, path, folder=workshop.folder)
    text = latest.text.replace(former, text, 1)
    number = save_revision(
        workshop.session, course, path, text, parent=latest.number, why="", by=lan, folder=workshop.folder, now=NOW
    ).number
    revision_review.submit_for_review(workshop.session, course, path, number, note="", by=lan, now=NOW)
    revision_review.approve_revision(workshop.session, course, path, number, note="", by=minh, now=NOW)
    workshop.session.commit()
