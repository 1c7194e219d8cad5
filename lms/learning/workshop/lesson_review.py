"""A lesson looked over as a whole: a second person who has seen each part that waits approves of all in one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lms.learning.accounts.account import Account
from lms.learning.errors import CourseFileChanged, LearningError, NotFound
from lms.learning.workshop.courses import lock_known_course, require_reviewer
from lms.learning.workshop.file_names import is_text, lesson_folder
from lms.learning.workshop.revision_review import FileState, approve_revision, find_authors, find_file_states


class PartsNotSeen(LearningError):
    """A lesson is to be approved of whole by somebody who has not seen all of its parts. ``paths``: which."""

    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__(", ".join(paths))
        self.paths = paths


class NothingWaits(NotFound):
    """No part of a lesson waits for this account, or not any more."""


@dataclass(frozen=True, slots=True)
class WaitingParts:
    """The texts of a lesson that wait for a second person. ``own``: those that this person wrote a part of."""

    to_approve: list[FileState]
    own: list[FileState]


def find_waiting_parts(session: Session, course: str, lesson: str, *, by: Account) -> WaitingParts:
    """What waits of a lesson, given by its folder, in the order of reading."""
    found = WaitingParts([], [])
    for file in find_file_states(session, course):
        if file.state == "submitted" and is_text(file.path) and lesson_folder(file.path) == lesson:
            is_own = by.id in find_authors(session, course, file.path)
            (found.own if is_own else found.to_approve).append(file)
    return found


def approve_lesson(
    session: Session, course: str, lesson: str, seen: Mapping[str, int], *, note: str, by: Account, now: datetime
) -> list[FileState]:
    """Approve of all parts of a lesson that wait for somebody else than their authors, or of none; returns them.

    ``seen``: the revisions that the reviewer ticked as seen, by path.

    Raises:
        NotAllowed: the account may not look over this course.
        NotFound: there is no such lesson here; as ``NothingWaits``: nothing of it waits for this account.
        PartsNotSeen: not all of them are in ``seen``.
        CourseFileChanged: one in ``seen`` is no longer the latest.
    """
    require_reviewer(session, by, course)
    lock_known_course(session, course)
    parts = find_waiting_parts(session, course, lesson, by=by).to_approve if lesson else []
    if not parts:
        is_known = lesson in {lesson_folder(file.path) for file in find_file_states(session, course)} - {""}
        raise (NothingWaits if is_known else NotFound)(f"{course}/{lesson}")
    if unseen := [part.path for part in parts if part.path not in seen]:
        raise PartsNotSeen(unseen)
    waiting = {part.path: part.latest for part in parts}
    if changed := [path for path, number in seen.items() if waiting.get(path) != number]:
        raise CourseFileChanged(f"{course}/{changed[0]}")
    for part in parts:
        approve_revision(session, course, part.path, part.latest, note=note, by=by, now=now)
    return parts
