"""The bytes of files, which all courses have in common: kept before they are used, deleted after their last use.

Only one course is locked while somebody writes it, so another may want the same content at the same time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.learning.store.models import FileContent, FileRevision
from lms.learning.store.upsert import Upsert

_INSERT_CONTENT = Upsert(FileContent)


def content_digest(body: bytes) -> str:
    """The key of a content in ``file_contents``."""
    return hashlib.sha256(body).hexdigest()


def keep_content(session: Session, body: bytes) -> str:
    """Keep a content, so that nobody deletes it until the end of the transaction; returns its digest."""
    connection, digest = session.connection(), content_digest(body)
    lock = select(FileContent.digest).where(FileContent.digest == digest).with_for_update(read=True, key_share=True)
    while True:
        _INSERT_CONTENT.execute(connection, {"digest": digest, "body": body})
        if connection.execute(lock).scalar() is not None:
            return digest
        # It was there, and its last use was deleted between the two statements.


def delete_unused_contents(session: Session, digests: Collection[str]) -> None:
    """Delete those contents that no revision has any more."""
    connection, some = session.connection(), sorted(digests)
    # In a statement of its own: what others saved until they let go of the lock is seen only by the next one.
    connection.execute(
        select(FileContent.digest).where(FileContent.digest.in_(some)).order_by(FileContent.digest).with_for_update()
    ).all()
    used = set(connection.scalars(select(FileRevision.digest).where(FileRevision.digest.in_(some))))
    connection.execute(delete(FileContent).where(FileContent.digest.in_(sorted(set(some) - used))))
