"""Publications of a course: which were made, and with which files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.learning.store.models import AccountRow, Publication, PublishedFile
from lms.learning.workshop.file_names import reading_order


@dataclass(frozen=True, slots=True)
class PublicationEntry:
    """One publication of a course. ``paths``: of its files, in the order of reading."""

    account_name: str  # "": the folder changed, or a command
    made_at: datetime
    why: str
    paths: Sequence[str]


def find_publications(session: Session, course: str, *, limit: int = 20) -> list[PublicationEntry]:
    """The last publications of a course, newest first."""
    connection = session.connection()
    rows = connection.execute(
        select(Publication, AccountRow.name.label("account_name"))
        .outerjoin(AccountRow, AccountRow.id == Publication.account_id)
        .where(Publication.course == course)
        .order_by(Publication.id.desc())
        .limit(limit)
    ).all()
    paths: dict[int, list[str]] = {row.id: [] for row in rows}
    files = select(PublishedFile.publication_id, PublishedFile.path).where(PublishedFile.publication_id.in_(paths))
    for row in connection.execute(files):
        paths[row.publication_id].append(row.path)
    return [
        PublicationEntry(row.account_name or "", row.made_at, row.why, sorted(paths[row.id], key=reading_order))
        for row in rows
    ]
