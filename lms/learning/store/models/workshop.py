"""The workshop: courses that are written here, the revisions of their files, reviews, and what was published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant

COURSE_LENGTH = 100
PATH_LENGTH = 200


class WorkshopCourse(Base):
    """A course with a file that was saved in the workshop. Its row is locked by whoever writes something of it."""

    __tablename__ = "workshop_courses"

    course: Mapped[str] = mapped_column(String(COURSE_LENGTH), primary_key=True)  # the name of its folder
    ward: Mapped[str] = mapped_column(String(5))  # whose authors may write it; "": the city's
    created_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    # Incremented in the transaction of each publication: workers compare it with what they have published.
    publication_version: Mapped[int]


class FileContent(Base):
    """The bytes of a text or picture, kept once however many revisions have them."""

    __tablename__ = "file_contents"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256
    body: Mapped[bytes] = mapped_column(LargeBinary)


class WorkshopFile(Base):
    """A file of a course, and which of its revisions is the latest: not the greatest number, if two authors differ."""

    __tablename__ = "workshop_files"

    course: Mapped[str] = mapped_column(ForeignKey("workshop_courses.course"), primary_key=True)
    path: Mapped[str] = mapped_column(String(PATH_LENGTH), primary_key=True)  # in the course: "01-quet-qr/hieu.md"
    last_number: Mapped[int]
    # Number of the revision that the next author begins from; 0: all were deleted. The row stays, so that no number
    # is given twice: somebody may still have the page of a deleted revision open.
    latest: Mapped[int]
    published: Mapped[int | None]  # number of the revision that was published last


class FileRevision(Base):
    """A saved text or picture. Never changed, but for the names of a person who asked to be forgotten."""

    __tablename__ = "file_revisions"
    __table_args__ = (
        ForeignKeyConstraint(["course", "path"], ["workshop_files.course", "workshop_files.path"]),
        CheckConstraint("source IN ('web', 'folder')", name="source"),
        Index(None, "author_id"),
        Index(None, "digest"),
    )

    course: Mapped[str] = mapped_column(String(COURSE_LENGTH), primary_key=True)
    path: Mapped[str] = mapped_column(String(PATH_LENGTH), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1
    parent: Mapped[int | None]  # number of the revision that the author began from
    merged: Mapped[int | None]  # number of the other revision, if this one has what two authors wrote
    digest: Mapped[str] = mapped_column(ForeignKey("file_contents.digest"))
    source: Mapped[str] = mapped_column(String(10))
    author_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    author_name: Mapped[str] = mapped_column(String(80))  # of somebody without an account, as git has it; else ""
    saved_at: Mapped[datetime] = mapped_column(Instant)
    why: Mapped[str] = mapped_column(String(120))


class RevisionReview(Base):
    """What was decided about a revision: it is submitted for review, approved or returned."""

    __tablename__ = "revision_reviews"
    __table_args__ = (
        ForeignKeyConstraint(
            ["course", "path", "number"], ["file_revisions.course", "file_revisions.path", "file_revisions.number"]
        ),
        CheckConstraint("verdict IN ('submitted', 'approved', 'returned')", name="verdict"),
        Index(None, "course", "path", "number"),
        Index(None, "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(String(COURSE_LENGTH))
    path: Mapped[str] = mapped_column(String(PATH_LENGTH))
    number: Mapped[int]
    verdict: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(String(300))


class Publication(Base):
    """Files of one course that are published together. Of a file the greatest id counts."""

    __tablename__ = "publications"
    __table_args__ = (Index(None, "course", "made_at"), Index(None, "account_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(ForeignKey("workshop_courses.course"))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))  # null: a changed folder, or a command
    made_at: Mapped[datetime] = mapped_column(Instant)
    why: Mapped[str] = mapped_column(String(120))


class PublishedFile(Base):
    """One file of a publication; without a number it is no longer there, as when a lesson is hidden."""

    __tablename__ = "published_files"
    __table_args__ = (Index(None, "course", "path"),)

    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(PATH_LENGTH), primary_key=True)
    course: Mapped[str] = mapped_column(String(COURSE_LENGTH))
    number: Mapped[int]


class HiddenPart(Base):
    """A lesson, or a translation of a lesson or a course's page, that learners do not see while the row is there."""

    __tablename__ = "hidden_parts"

    course: Mapped[str] = mapped_column(ForeignKey("workshop_courses.course"), primary_key=True)
    lesson: Mapped[str] = mapped_column(String(PATH_LENGTH), primary_key=True)  # its slug; "": the course's page
    language: Mapped[str] = mapped_column(String(20), primary_key=True)  # of the translation; "": the lesson itself
    hidden_at: Mapped[datetime] = mapped_column(Instant)
