"""A learner whose row is there, as after a first answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.locks import upsert_and_lock_learner
from lms.learning.store.models import Learner


def store_learner(session: Session, *, now: datetime, id: str | None = None) -> Learner:
    """The learner with this id, or with a new one."""
    learner_id = id or new_learner_id()
    upsert_and_lock_learner(session.connection(), learner_id, now=now)
    return session.scalars(
        select(Learner).where(Learner.id == learner_id).execution_options(populate_existing=True)
    ).one()
