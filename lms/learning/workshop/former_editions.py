"""Lessons as they were published at an earlier moment, read again from the revisions of that time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.course_reader import read_course_result
from lms.content.model import Course, Edition, EditionKey
from lms.content.overlay import overlaid_courses
from lms.learning.store.models import FileContent, FileRevision, Publication, PublishedFile
from lms.learning.workshop.published_revisions import read_publication_versions, read_published_bodies

_JUST_BEFORE = timedelta(microseconds=1)


def read_former_editions(
    session: Session, wanted: Mapping[EditionKey, datetime], *, folder: Path, today: date
) -> dict[EditionKey, Edition]:
    """Those of the wanted editions that can be read again, each given with a moment at which a worker had it.

    What a file was that has been changed in the courses folder alone is not known; such an edition is left out.
    ``folder``: the courses folder.
    """
    published = read_publication_versions(session)
    found: dict[EditionKey, Edition] = {}
    read: dict[tuple[str, datetime | None], Course | None] = {}
    for key, moment in wanted.items():
        course = key[0]
        for due in _last_two_publications(session, course, moment) if course in published else ():
            if (course, due) not in read:
                at = due or _before_first_publication(session, course) or moment
                read[course, due] = _read_course(session, course, at=at, folder=folder, today=today)
            edition = _find_edition(read[course, due], key)
            if edition is not None:
                found[key] = edition
                break
    return found


def read_last_published_picture(session: Session, course: str, paths: Sequence[str], *, now: datetime) -> bytes | None:
    """The picture that was published last at one of these paths, though it may be hidden now; None: none was."""
    newest_first = (
        select(FileContent.body)
        .select_from(PublishedFile)
        .join(Publication, Publication.id == PublishedFile.publication_id)
        .join(
            FileRevision,
            (FileRevision.course == PublishedFile.course)
            & (FileRevision.path == PublishedFile.path)
            & (FileRevision.number == PublishedFile.number),
        )
        .join(FileContent, FileContent.digest == FileRevision.digest)
        .where(PublishedFile.course == course, PublishedFile.path.in_(paths), Publication.made_at <= now)
        .order_by(Publication.id.desc())
        .limit(1)
    )
    return session.connection().scalar(newest_first)


def _last_two_publications(session: Session, course: str, moment: datetime) -> list[datetime | None]:
    """When what learners saw at a moment had been published, and what they saw before; None: nothing had been.

    The one before, because a worker may have opened a class before it noticed the publication.
    """
    is_past = (Publication.course == course, Publication.made_at <= moment)
    newest_first = select(Publication.made_at).where(*is_past).distinct().order_by(Publication.made_at.desc()).limit(2)
    return [*session.connection().scalars(newest_first), None][:2]


def _before_first_publication(session: Session, course: str) -> datetime | None:
    """When nothing of a course had been published yet; None: nothing has."""
    first = select(Publication.made_at).where(Publication.course == course).order_by(Publication.made_at).limit(1)
    made_at = session.connection().scalar(first)
    return made_at - _JUST_BEFORE if made_at else None


def _read_course(session: Session, course: str, *, at: datetime, folder: Path, today: date) -> Course | None:
    overlay = {each: read_published_bodies(session, each, at=at) for each in read_publication_versions(session)}
    with overlaid_courses(folder, overlay) as root:
        found = read_course_result(root / course, today=today).course
    if found is None:
        return None
    # The folder that was read is gone; of the folder of a lesson, pages need the name.
    lessons = tuple(replace(each, folder=str(folder / course / each.folder_name)) for each in found.lessons)
    return replace(found, folder=str(folder / course), lessons=lessons)


def _find_edition(course: Course | None, key: EditionKey) -> Edition | None:
    lesson = course.lesson(key[1]) if course else None
    return (course, lesson) if course and lesson and lesson.digest == key[2] else None
