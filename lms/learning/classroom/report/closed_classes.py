"""Classes that are over, for whoever may read their reports."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.learning.classroom.session.queries import CLASS_COLUMNS, Class, class_of
from lms.learning.store.models import AccountRow, ClassFacilitator, ClassRow


def closed_classes(
    session: Session, *, ward: str | None, before: datetime | None = None, most: int = 30
) -> tuple[Class, ...]:
    """The newest first. ``ward`` None reads of all wards; ``before`` is when the last one seen was opened."""
    chosen = select(*CLASS_COLUMNS).where(ClassRow.closed_at.is_not(None))
    if ward is not None:
        chosen = chosen.where(ClassRow.ward == ward)
    if before is not None:
        chosen = chosen.where(ClassRow.opened_at < before)
    rows = session.connection().execute(chosen.order_by(ClassRow.opened_at.desc(), ClassRow.id).limit(most))
    return tuple(class_of(row) for row in rows)


def facilitator_names(session: Session, class_id: str) -> tuple[str, ...]:
    """Who steered it: the opener, then whoever took over."""
    rows = session.connection().execute(
        select(AccountRow.name)
        .join(ClassFacilitator, ClassFacilitator.account_id == AccountRow.id)
        .where(ClassFacilitator.class_id == class_id)
        .order_by(ClassFacilitator.since, AccountRow.name)
    )
    return tuple(rows.scalars())
