"""What a hidden part is when it is shown again: what learners would read if it had never been hidden.

What the courses folder changed meanwhile comes with it, where the folder's changes are published by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from pathlib import Path, PurePosixPath

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from lms.content.files import parse_file_name
from lms.content.files_digest import list_course_files
from lms.content.hideable_parts import HideablePart, hidden_parts, lesson_folder
from lms.learning.store.models import Publication, PublishedFile
from lms.learning.workshop.file_contents import content_digest
from lms.learning.workshop.folder_files import read_folder_file
from lms.learning.workshop.published_revisions import find_published_revision_numbers
from lms.learning.workshop.renumbered_lessons import find_renumbered_files
from lms.learning.workshop.revisions import Revision, find_head, find_history, follows_folder


@dataclass(frozen=True, slots=True)
class ReturningPart:
    """A hidden part as it comes back. ``numbers``: the revisions to publish, by path.

    ``changed``: of the files that the folder changed meanwhile, the revision that learners read before and the one that
    they will read; None where only the folder has it as yet, or had it under another number. ``added``, ``removed``:
    what the folder has besides, and what it has no more.
    """

    part: HideablePart
    numbers: Mapping[str, int]
    changed: Mapping[str, tuple[int, int | None]]
    added: Sequence[str]
    removed: Sequence[str]

    @property
    def is_as_it_was(self) -> bool:
        """Whether learners will read what they read before."""
        return not (self.changed or self.added or self.removed)


def find_hidden_parts(session: Session, course: str, *, now: datetime) -> list[HideablePart]:
    """The lessons that are hidden now, and the translations of the others and of the course's page that are."""
    numbers = find_published_revision_numbers(session, course, at=now)
    return hidden_parts(numbers)


def find_returning_part(
    session: Session, course: str, part: HideablePart, *, folder: Path, is_sound: bool, now: datetime
) -> ReturningPart:
    """What a part that is hidden would be if it were shown again. Of a lesson without a translation hidden before it.

    ``is_sound``: the checker finds no error in the course's folder. Of one with errors only what was taken from it
    before its errors is followed. A lesson whose folder got another number comes back there, as the folder has it now.
    """
    published = _find_published(session, course, part, now=now)
    hidden = {
        path: found
        for path, found in published.items()
        if found[-1].number is None and lesson_folder(path) == part.lesson
    }
    if not part.language:
        hidden_by = hidden[f"{part.lesson}/hieu.md"][-1].publication_id
        hidden = {path: found for path, found in hidden.items() if found[-1].publication_id == hidden_by}
    others = {path: found[-1].number for path, found in published.items() if path not in hidden}
    stays = [each for each in hidden_parts(others) if not each.is_same_as(part)]
    if is_sound and find_renumbered_files(folder / course, [part]):
        return _find_renumbered_part(session, course, part, hidden, stays, folder=folder)
    has_first_file = (folder / course / part.lesson / "hieu.md").is_file()
    numbers: dict[str, int] = {}
    changed: dict[str, tuple[int, int | None]] = {}
    removed: list[str] = []
    for path, found in hidden.items():
        history, hidden_at = find_history(session, course, path), found[-1].made_at
        head = find_head(session, course, path)
        body = read_folder_file(folder / course, path) if is_sound else None
        digest = content_digest(body) if body is not None else ""
        number = _number_at(found, hidden_at=hidden_at)
        before = _number_before(history, found)
        if before is None:  # learners never had it
            continue
        if (
            not number
            and is_sound
            and has_first_file
            and _is_optional_file(path)
            and not (folder / course / path).exists()
        ):
            removed.append(path)
            continue
        if number:
            after = _followed_revision(history, number, head.latest if head else 0, digest)
        else:
            after = _revision_of_folder(history, digest)
        numbers[path] = after or before
        if after is None or _digest(history, after) != _digest(history, before):
            changed[path] = before, after
    in_folder = (path.relative_to(folder / course).as_posix() for path in list_course_files(folder / course))
    added = sorted(
        path
        for path in in_folder
        if part.has(path)
        and path not in numbers
        and (path not in published or published[path][-1].number is None)
        and not any(each.has(path) for each in stays)
    )
    return ReturningPart(part, numbers, changed, added, removed)


def _find_renumbered_part(
    session: Session,
    course: str,
    part: HideablePart,
    hidden: Mapping[str, Sequence[Row[str, int | None, int, datetime]]],
    stays: Sequence[HideablePart],
    *,
    folder: Path,
) -> ReturningPart:
    """A hidden part whose lesson has another number now, without what ``stays`` hidden: all that the folder has of it.

    ``hidden``: the publications of the files that it had, by path.
    """
    before: dict[str, str] = {}  # by path in the lesson: the digest of what learners read
    former: dict[str, int] = {}
    for path, found in hidden.items():
        history = find_history(session, course, path)
        if number := _number_before(history, found):
            before[_in_lesson(path)], former[_in_lesson(path)] = _digest(history, number), number
    numbers: dict[str, int] = {}
    changed: dict[str, tuple[int, int | None]] = {}
    added: list[str] = []
    left = set(before)
    for path in find_renumbered_files(folder / course, [part]):
        if any(each.has(path) for each in stays):
            continue
        body = read_folder_file(folder / course, path)
        digest = content_digest((folder / course / path).read_bytes() if body is None else body)
        history, name = find_history(session, course, path), _in_lesson(path)
        number = _revision_of_folder(history, digest) if history else None
        if number:
            numbers[path] = number
        if name not in before:
            added.append(path)
        elif before[name] != digest:
            changed[path] = former[name], None
        left.discard(name)
    return ReturningPart(part, numbers, changed, added, sorted(f"{part.lesson}/{name}" for name in left))


def _in_lesson(path: str) -> str:
    return path.partition("/")[2]


def _find_published(
    session: Session, course: str, part: HideablePart, *, now: datetime
) -> dict[str, list[Row[str, int | None, int, datetime]]]:
    """What of a part's files was published until now, by path, in the order in which it was decided."""
    rows = session.connection().execute(
        select(PublishedFile.path, PublishedFile.number, PublishedFile.publication_id, Publication.made_at)
        .join(Publication, Publication.id == PublishedFile.publication_id)
        .where(PublishedFile.course == course, Publication.course == course, Publication.made_at <= now)
        .order_by(Publication.id)
    )
    published: dict[str, list[Row[str, int | None, int, datetime]]] = {}
    for row in rows:
        if part.has(row.path):
            published.setdefault(row.path, []).append(row)
    return published


def _is_optional_file(path: str) -> bool:
    """Whether a part is whole without this file. Without one of its files a translation would count as hidden."""
    file = parse_file_name(PurePosixPath(path).name)
    return file is None or (file.kind != "understand" and file.language is None)


def _number_at(published: Sequence[Row[str, int | None, int, datetime]], *, hidden_at: datetime) -> int | None:
    """The revision of a file that learners saw before it was hidden."""
    numbers = [row.number for row in published if row.number is not None and row.made_at <= hidden_at]
    return numbers[-1] if numbers else None


def _number_before(history: Sequence[Revision], published: Sequence[Row[str, int | None, int, datetime]]) -> int | None:
    """The revision of a hidden file that learners read before, published or in the folder; None: they never had it."""
    hidden_at = published[-1].made_at
    in_folder_then = _folder_revision(history, at=hidden_at)
    return _number_at(published, hidden_at=hidden_at) or (in_folder_then.number if in_folder_then else None)


def _folder_revision(history: Sequence[Revision], *, at: datetime) -> Revision | None:
    """What the folder had of a file at a moment, by its history, newest first; None: it had none."""
    return next((each for each in history if each.source == "folder" and each.saved_at <= at), None)


def _revision_of_folder(history: Sequence[Revision], digest: str) -> int | None:
    """The number of what the folder has now, None if it was not taken yet; with digest "" of what was taken last."""
    of_folder = [each for each in history if each.source == "folder"]
    if not digest:
        return of_folder[0].number
    return next((each.number for each in of_folder if each.digest == digest), None)


def _followed_revision(history: Sequence[Revision], published: int, latest: int, digest: str) -> int | None:
    """The newest revision that the folder alone made of a published one; the published one itself if there is none.

    ``digest``: of what the folder has now, "" if that is not to be looked at. None: nobody took that yet, and it would
    follow.
    """
    by_number = {each.number: each for each in history}
    line: list[Revision] = []  # from the latest revision back to the text that was published
    each = by_number.get(latest)
    while each is not None and each.digest != by_number[published].digest:
        line.append(each)
        each = by_number.get(each.parent or 0)
    if each is None:
        return published
    of_folder = [*takewhile(lambda revision: revision.source == "folder", reversed(line))]
    is_whole_line = len(of_folder) == len(line)
    is_new = bool(digest) and all(each.digest != digest for each in history if each.source == "folder")
    if is_new and is_whole_line and follows_folder(history, by_number[latest]):
        return None
    return of_folder[-1].number if of_folder else published


def _digest(history: Sequence[Revision], number: int) -> str:
    return next(each.digest for each in history if each.number == number)
