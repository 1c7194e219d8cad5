"""What people do in the workshop with the course vneid of ``make_courses``, and a picture to upload."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from sqlalchemy.orm import Session

from lms.content.pictures.upload import AcceptedPicture, accept_picture
from lms.learning.accounts import account_store
from lms.learning.accounts.account import Account
from lms.learning.workshop import publishing, revision_review
from lms.learning.workshop.publication_check import check_changes
from lms.learning.workshop.revision_saving import save_revision
from lms.learning.workshop.revisions import read_latest
from tests.content.course_folders import TODAY
from tests.learning.sample_courses import NOW

HIEU = "01-mot/hieu.md"


class Workshop:
    """What people do in the workshop, with the course vneid."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.folder = session, folder

    def add_account(self, name: str, role: str = "author", ward: str = "") -> Account:
        return account_store.add_account(self.session, name=name, roles={role}, ward=ward, by=None, now=NOW)

    def retitle(self, by: Account, title: str, *, path: str = HIEU) -> int:
        latest = read_latest(self.session, "vneid", path, folder=self.folder)
        lines = [f"tên: {title}" if line.startswith("tên:") else line for line in latest.text.split("\n")]
        return save_revision(
            self.session, "vneid", path, "\n".join(lines), parent=latest.number, why="", by=by, folder=self.folder,
            now=NOW,
        ).number  # fmt: skip

    def review(self, number: int, *, by: Account, second: Account, path: str = HIEU) -> None:
        revision_review.submit_for_review(self.session, "vneid", path, number, note="", by=by, now=NOW)
        revision_review.approve_revision(self.session, "vneid", path, number, note="", by=second, now=NOW)

    def publish(self, by: Account, *paths: str, now=NOW) -> None:
        checked = check_changes(self.session, "vneid", paths or (HIEU,), folder=self.folder, today=TODAY)
        publishing.publish_files(self.session, checked, why="", by=by, now=now)

    def state(self, path: str = HIEU) -> str:
        return {each.path: each.state for each in revision_review.find_file_states(self.session, "vneid")}[path]


def picture(colour: str = "white", name: str = "man-hinh.png") -> AcceptedPicture:
    output = io.BytesIO()
    Image.new("RGB", (40, 60), colour).save(output, "PNG")
    return accept_picture(output.getvalue(), name)
