"""Pictures of courses that authors upload.

A picture never changes: another one has another name, so that each revision of a text shows what it showed when it was
saved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from lms.content.links import LESSON_FOLDER
from lms.content.pictures.upload import AcceptedPicture
from lms.learning.accounts.account import Account
from lms.learning.errors import InvalidCourseFile, NotFound
from lms.learning.store.models import FileContent, FileRevision, PublishedFile, RevisionReview, WorkshopFile
from lms.learning.workshop.courses import lock_course, require_author
from lms.learning.workshop.file_contents import content_digest, delete_unused_contents
from lms.learning.workshop.file_names import PICTURES, check_course_name, check_file_name, is_text, lesson_folder
from lms.learning.workshop.published_revisions import read_contents_by_digest
from lms.learning.workshop.revision_pictures import pictures_named_in
from lms.learning.workshop.revision_saving import add_empty_file, add_revision
from lms.learning.workshop.revisions import IS_LATEST_REVISION, find_head, find_revision, read_revision_content
from lms.message_catalog import mark_for_translation

MAX_OF_LESSON = 60  # pictures in one folder
MAX_BYTES_OF_COURSE = 60_000_000
_TOO_MANY = mark_for_translation("Bài có {count} hình, một bài nhận {limit}. Bác tách bài ra.")
_TOO_HEAVY = mark_for_translation("Có các hình này thì khóa nặng hơn {megabytes} MB hình. Bác bớt hình trong bài.")
_TEXTS_AT_ONCE = 100
KEPT_UNUSED = timedelta(days=30)


def add_picture(
    session: Session,
    course: str,
    lesson: str,
    picture: AcceptedPicture,
    *,
    by: Account,
    folder: Path,
    now: datetime,
    why: str = "",
) -> str:
    """Keep a picture of a lesson, given by its folder, or of the course itself (""); returns its path in the course.

    The same picture twice is kept once. Pictures of the course that no text ever named are removed meanwhile.

    Raises:
        NotAllowed: the account may not write this course.
        InvalidCourseFile: there are too many pictures, or this can be no lesson.
        NotFound: there is no such course.
    """
    require_author(session, by, course)
    if lesson and not LESSON_FOLDER.match(lesson):
        raise InvalidCourseFile(mark_for_translation("Tên thư mục của bài chưa đúng: cần như 01-ten-bai."))
    lock_course(session, course, folder=folder, by=by, now=now)
    remove_unused_pictures(session, course, now=now)
    place = f"{lesson}/{PICTURES}" if lesson else PICTURES
    own = {path: digest for path, digest in _find_digests(session, course).items() if path.rpartition("/")[0] == place}
    digest = content_digest(picture.body)
    if same := [path for path in own if own[path] == digest]:
        return same[0]
    if len(own) >= MAX_OF_LESSON:
        raise InvalidCourseFile(
            mark_for_translation("Bài này đã có {count} hình. Bác dùng lại hình đã có, hay tách bài ra."),
            count=MAX_OF_LESSON,
        )
    if _bytes_of_pictures(session, course) + len(picture.body) > MAX_BYTES_OF_COURSE:
        raise InvalidCourseFile(
            mark_for_translation("Hình của khóa này đã nặng {megabytes} MB. Bác dùng lại hình đã có trong khóa."),
            megabytes=MAX_BYTES_OF_COURSE // 1_000_000,
        )
    in_folder = folder / course / place
    taken = {PurePosixPath(path).name for path in own}
    taken |= {path.name for path in in_folder.iterdir()} if in_folder.is_dir() else set()
    path = f"{place}/{_free_name(picture.name, taken)}"
    check_file_name(path)
    add_revision(
        session, add_empty_file(session, course, path), picture.body, parent=None, why=why, by=by, now=now,
        becomes_latest=True,
    )  # fmt: skip
    return path


def require_room_for_pictures(session: Session, course: str, pictures: Collection[bytes]) -> None:
    """Check that a new lesson of a course may have these pictures.

    Raises:
        InvalidCourseFile: there are too many, or they are too heavy.
    """
    if len(pictures) > MAX_OF_LESSON:
        raise InvalidCourseFile(_TOO_MANY, count=len(pictures), limit=MAX_OF_LESSON)
    sizes = {content_digest(body): len(body) for body in pictures}
    new = sizes.keys() - _digests_of_pictures(session, course)
    if _bytes_of_pictures(session, course) + sum(sizes[digest] for digest in new) > MAX_BYTES_OF_COURSE:
        raise InvalidCourseFile(
            _TOO_HEAVY,
            megabytes=MAX_BYTES_OF_COURSE // 1_000_000,
        )


def read_picture(session: Session, course: str, path: str, *, folder: Path, number: int | None = None) -> bytes:
    """A picture as the workshop has it, else as the folder has it. ``number``: of a revision; None: the latest.

    Raises:
        InvalidCourseFile: no picture of a course has this path.
        NotFound: there is none.
    """
    check_course_name(course)
    check_file_name(path)
    if is_text(path):
        raise NotFound(f"{course}/{path}")
    head = find_head(session, course, path)
    if head is not None:
        return read_revision_content(session, find_revision(session, course, path, number or head.latest))
    file, root = folder / course / path, (folder / course).resolve()
    if not file.is_file() or not file.resolve().is_relative_to(root):
        raise NotFound(f"{course}/{path}")
    return file.read_bytes()


def remove_unused_pictures(session: Session, course: str, *, now: datetime) -> list[str]:
    """Remove pictures that were uploaded long ago and are in no revision of a text; the course is locked.

    What was published, reviewed, or comes from a folder or a git repository stays. Returns the removed paths.
    """
    connection = session.connection()
    uploaded = select(WorkshopFile.path, FileRevision.digest).join(
        FileRevision, (FileRevision.course == WorkshopFile.course) & (FileRevision.path == WorkshopFile.path)
    )
    is_old = (
        WorkshopFile.course == course,
        WorkshopFile.path.not_like("%.md"),
        WorkshopFile.last_number == FileRevision.number,
        FileRevision.parent.is_(None),  # the only revision: a later one would follow it
        FileRevision.source == "web",
        FileRevision.author_id.is_not(None),
        FileRevision.saved_at < now - KEPT_UNUSED,
    )
    old = {row.path: row.digest for row in connection.execute(uploaded.where(*is_old))}
    for table in (PublishedFile, RevisionReview):
        known = select(table.path).where(table.course == course, table.path.in_(sorted(old)))
        for path in set(connection.scalars(known)):
            del old[path]
    if not old:
        return []
    # Most are in the latest texts of their lesson: the many earlier ones are read for the rest only.
    for only_latest in (True, False):
        for path in _find_pictures_in_texts(session, course, {lesson_folder(path) for path in old}, only_latest):
            old.pop(path, None)
        if not old:
            return []
    removed = sorted(old)
    for path in removed:
        connection.execute(delete(FileRevision).where(FileRevision.course == course, FileRevision.path == path))
        connection.execute(delete(WorkshopFile).where(WorkshopFile.course == course, WorkshopFile.path == path))
    delete_unused_contents(session, {old[path] for path in removed})
    return removed


def _digests_of_pictures(session: Session, course: str) -> set[str]:
    """Of all revisions of the pictures that were saved here."""
    of_pictures = (FileRevision.course == course, FileRevision.path.not_like("%.md"))
    return set(session.connection().scalars(select(FileRevision.digest).where(*of_pictures)))


def _bytes_of_pictures(session: Session, course: str) -> int:
    """How much the pictures take that were saved here; one that lies in two lessons counts once."""
    digests = (
        select(FileRevision.digest)
        .distinct()
        .where(FileRevision.course == course, FileRevision.path.not_like("%.md"))
        .scalar_subquery()
    )
    size = select(func.coalesce(func.sum(func.length(FileContent.body)), 0)).where(FileContent.digest.in_(digests))
    return int(session.connection().execute(size).scalar_one())


def _find_digests(session: Session, course: str) -> dict[str, str]:
    """Of the latest revisions of the course's pictures, by path."""
    rows = session.connection().execute(
        select(WorkshopFile.path, FileRevision.digest)
        .join(FileRevision, IS_LATEST_REVISION)
        .where(WorkshopFile.course == course, WorkshopFile.path.not_like("%.md"))
        .order_by(WorkshopFile.path)
    )
    return {row.path: row.digest for row in rows}


def _find_pictures_in_texts(session: Session, course: str, lessons: Iterable[str], only_latest: bool) -> set[str]:
    """The paths of the pictures that the texts of these lessons ("": of the course itself) name, in any revision."""
    texts = select(FileRevision.path, FileRevision.digest).join(
        WorkshopFile, (WorkshopFile.course == FileRevision.course) & (WorkshopFile.path == FileRevision.path)
    )
    of_lessons = [
        FileRevision.path.startswith(f"{lesson}/", autoescape=True) if lesson else FileRevision.path.not_like("%/%")
        for lesson in sorted(lessons)
    ]
    texts = texts.where(FileRevision.course == course, FileRevision.path.like("%.md"), or_(*of_lessons))
    if only_latest:
        texts = texts.where(FileRevision.number == WorkshopFile.latest)
    rows, named = session.connection().execute(texts).all(), set[str]()
    for start in range(0, len(rows), _TEXTS_AT_ONCE):
        some = rows[start : start + _TEXTS_AT_ONCE]
        bodies = read_contents_by_digest(session, {row.digest for row in some})
        for row in some:
            named |= pictures_named_in(bodies[row.digest].decode("utf-8", "replace"), row.path)
    return named


def _free_name(name: str, taken: Collection[str]) -> str:
    path, known = PurePosixPath(name), {each.casefold() for each in taken}
    names = [name, *(f"{path.stem}-{number}{path.suffix}" for number in range(2, len(known) + 3))]
    return next(each for each in names if each.casefold() not in known)
