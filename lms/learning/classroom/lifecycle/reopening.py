"""Opening a class again that was closed by mistake: the same code, the same seats, the step at which it stood."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.learning.classroom.access.membership import require_facilitator
from lms.learning.classroom.display.class_queries import CLOSED_STAYS
from lms.learning.classroom.lifecycle.command_handler import Steered
from lms.learning.classroom.session.queries import Class, read_class
from lms.learning.errors import ClassClosed
from lms.learning.store.models import ClassRow

REOPENS = CLOSED_STAYS  # as long as its screens are still told that it is over; then people have gone home


def can_reopen(klass: Class, now: datetime) -> bool:
    return klass.closed_at is not None and now < klass.closed_at + REOPENS


def reopen(session: Session, class_id: str, *, account_id: str, now: datetime) -> Steered:
    """Let the class go on as if it had not been closed. One that is open stays so: twice is once.

    Only the hall's network and the helpers' code are gone, which went when it closed.

    Raises:
        NotFound: there is no such class.
        NotAllowed: the account does not steer it.
        ClassClosed: it was closed longer than 15 minutes ago.
    """
    connection = session.connection()
    require_facilitator(connection, class_id, account_id)
    before = read_class(connection, class_id, lock=True)
    if not before.closed:
        return Steered(before, changed=False)
    if not can_reopen(before, now):
        raise ClassClosed(class_id)
    values = {"closed_at": None, "personal_until": None, "version": before.version + 1}
    connection.execute(update(ClassRow.__table__).where(ClassRow.id == class_id).values(values))
    return Steered(read_class(connection, class_id), changed=True)
