"""Lessons of the workshop: begun from a sample, copied or moved to another course, deleted while they are drafts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content import file_templates
from lms.content.files_digest import list_course_files
from lms.content.fuzzy_matching import slugify, strip_diacritics
from lms.content.hideable_parts import lesson_slug
from lms.content.lesson_order import lesson_sort_key, read_lesson_order
from lms.content.links import LESSON_FOLDER
from lms.learning.accounts.account import Account
from lms.learning.errors import InvalidCourseFile, NotFound
from lms.learning.learners.learner_store import clean_line
from lms.learning.store.models import PublishedFile
from lms.learning.workshop.courses import lock_course, require_author
from lms.learning.workshop.file_names import check_course_name, check_file_name, is_text, lesson_folder
from lms.learning.workshop.lesson_copy import rewrite_for_copy
from lms.learning.workshop.pictures import require_room_for_pictures
from lms.learning.workshop.revision_review import find_file_states
from lms.learning.workshop.revision_saving import add_empty_file, add_revision
from lms.learning.workshop.revisions import find_heads, latest_files, read_latest
from lms.learning.workshop.sample_texts import LESSON_FROM_SAMPLE
from lms.message_catalog import mark_for_translation

MAX_TITLE_LENGTH = 80
MAX_NUMBER = 9999


@dataclass(frozen=True, slots=True)
class LessonEntry:
    """A lesson by its folder. ``can_be_deleted``: nobody but authors has ever seen it.

    ``is_gone``: neither the folder nor the workshop has it, only the last good version that learners see.
    """

    folder: str
    can_be_deleted: bool
    is_gone: bool = False

    @property
    def slug(self) -> str:
        return self.folder.partition("-")[2]


def find_lessons(session: Session, course: str, *, folder: Path, visible: Collection[str] = ()) -> list[LessonEntry]:
    """The lessons that the folder or the workshop has, in the order that the latest course.md says.

    ``visible``: folders of lessons that learners see. Those that neither has any more stand among the others. One that
    the folder has under another number stands there once, unless a text of it is still to be published.
    """
    check_course_name(course)
    in_folder = {path.name for path in _directories(folder / course) if LESSON_FOLDER.match(path.name)}
    saved = {lesson_folder(head.path) for head in find_heads(session, course)} - {""}
    there = in_folder | (saved - _find_renumbered(session, course, saved - in_folder - {*visible}, in_folder))
    seen = in_folder.union(visible, _published_lessons(session, course))
    entries = [LessonEntry(name, name not in seen, name not in there) for name in sorted(there.union(visible))]
    order = _find_order(session, course, folder)
    return sorted(entries, key=lambda each: lesson_sort_key(order, each.slug, _number(each.folder)))


def _find_renumbered(session: Session, course: str, gone: Collection[str], in_folder: Collection[str]) -> set[str]:
    """Those of the ``gone`` lessons that the folder has under another number, and of which no text waits here."""
    slugs = set(map(lesson_slug, in_folder))
    renumbered = {name for name in gone if lesson_slug(name) in slugs}
    if renumbered:
        states = find_file_states(session, course)
        renumbered -= {lesson_folder(state.path) for state in states if state.state != "published"}
    return renumbered


def create_lesson(
    session: Session, course: str, title: str, *, slug: str = "", by: Account, folder: Path, now: datetime
) -> str:
    """Begin a lesson with the files of a sample, as a draft behind the last one; returns its folder.

    Raises:
        NotAllowed: the account may not write this course.
        InvalidCourseFile: title or slug cannot be used, or a lesson has this slug already.
        NotFound: there is no such course.
    """
    require_author(session, by, course)
    title = clean_line(title)
    if not title or len(title) > MAX_TITLE_LENGTH:
        raise InvalidCourseFile(mark_for_translation("Ghi tên bài, không quá {count} chữ cái."), count=MAX_TITLE_LENGTH)
    slug = slug.strip() or slug_of_title(title)
    lock_course(session, course, folder=folder, by=by, now=now)
    lesson = _new_folder(find_lessons(session, course, folder=folder), slug)
    texts = {
        "hieu.md": file_templates.understand_text(title),
        "lam.md": file_templates.practice_text(),
        "dung.md": file_templates.use_text(),
    }
    files = {f"{lesson}/{name}": text.encode() for name, text in texts.items()}
    _add_files(session, course, files, why=LESSON_FROM_SAMPLE, by=by, now=now)
    return lesson


def copy_lesson(
    session: Session,
    course: str,
    lesson: str,
    target: str,
    *,
    replaces_original: bool,
    by: Account,
    folder: Path,
    now: datetime,
) -> str:
    """Copy the latest files of a lesson to a course as a draft behind its last lesson; returns the new folder.

    ``replaces_original``: the copy takes the place of the lesson, whose address will lead there; it stays until hidden.

    Raises:
        NotAllowed: the account may not write the target course, or the course that the lesson is moved from.
        InvalidCourseFile: this can be no course, or the target would have too many pictures.
        NotFound: there is no such lesson or target.
    """
    require_author(session, by, target)
    if replaces_original:
        require_author(session, by, course)
    check_course_name(course)
    lock_course(session, target, folder=folder, by=by, now=now)
    found = _latest_of_lesson(session, course, lesson, folder)
    if not found:
        raise NotFound(f"{course}/{lesson}")
    if replaces_original and course == target:
        raise InvalidCourseFile(mark_for_translation("Bài này ở sẵn trong khóa ấy. Chọn khóa khác để dời."))
    require_room_for_pictures(session, target, [body for path, body in found.items() if not is_text(path)])
    slug = lesson.partition("-")[2]
    there = find_lessons(session, target, folder=folder)
    new = _new_folder(there, _free_slug(there, slug))
    former = f"{course}/{slug}" if replaces_original else ""
    files = {
        f"{new}/{name}": rewrite_for_copy(name, body, source=course, target=target, former=former)
        for name, body in found.items()
    }
    why = f"{'dời' if replaces_original else 'chép'} từ {course}/{lesson}"
    _add_files(session, target, files, why=why, by=by, now=now)
    return new


def slug_of_title(title: str) -> str:
    """The name in addresses that a title gives by itself; "" of a title without letters and digits."""
    return slugify(strip_diacritics(title).encode("ascii", "replace").decode())[:60].strip("-")


def _latest_of_lesson(session: Session, course: str, lesson: str, folder: Path) -> dict[str, bytes]:
    """By the path in the lesson. What lies in the folder under a name that the workshop does not take is left out."""
    root = folder / course
    in_folder = [path for path in list_course_files(root / lesson) if path.resolve().is_relative_to(root.resolve())]
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in in_folder if path.is_file()}
    files |= latest_files(session, course, pictures_of=lesson)
    return {
        path.removeprefix(f"{lesson}/"): body
        for path, body in files.items()
        if lesson and lesson_folder(path) == lesson and _is_course_file(path)
    }


def _is_course_file(path: str) -> bool:
    try:
        check_file_name(path)
    except InvalidCourseFile:
        return False
    return True


def _add_files(session: Session, course: str, files: dict[str, bytes], *, why: str, by: Account, now: datetime) -> None:
    for path in sorted(files, key=lambda path: (not is_text(path), path)):
        check_file_name(path)
        head = add_empty_file(session, course, path)
        add_revision(session, head, files[path], parent=None, why=why, by=by, now=now, becomes_latest=True)


def _new_folder(there: Iterable[LessonEntry], slug: str) -> str:
    """The name of a folder behind the last one.

    Raises:
        InvalidCourseFile: the slug cannot be used.
    """
    number = max((_number(each.folder) for each in there), default=0) + 1
    name = f"{number:02d}-{slug}"
    if not LESSON_FOLDER.match(name) or len(slug) > MAX_TITLE_LENGTH or number > MAX_NUMBER:
        raise InvalidCourseFile(
            mark_for_translation("Tên ngắn chỉ dùng chữ thường không dấu, chữ số và gạch ngắn, như doi-so-dien-thoai.")
        )
    if any(each.slug == slug for each in there):
        raise InvalidCourseFile(mark_for_translation("Khóa này đã có bài “{lesson}”. Đặt tên khác nhé."), lesson=slug)
    return name


def _free_slug(there: Iterable[LessonEntry], slug: str) -> str:
    """The slug, with a number behind it if a lesson has it."""
    taken = {each.slug for each in there}
    return next(each for each in (slug, *(f"{slug}-{n}" for n in range(2, len(taken) + 3))) if each not in taken)


def _find_order(session: Session, course: str, folder: Path) -> tuple[str, ...]:
    try:
        return read_lesson_order(read_latest(session, course, "course.md", folder=folder).text)
    except (NotFound, InvalidCourseFile):  # not begun yet, or a file that nobody can read
        return ()


def _published_lessons(session: Session, course: str) -> set[str]:
    paths = select(PublishedFile.path).where(PublishedFile.course == course).distinct()
    return {lesson_folder(path) for path in session.connection().scalars(paths)}


def _number(name: str) -> int:
    return int(re.match(r"\d*", name)[0] or 0)  # type: ignore[index]


def _directories(course: Path) -> list[Path]:
    try:
        return [path for path in course.iterdir() if path.is_dir()]
    except OSError:
        return []
