"""Count rows of a table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def count_rows(session: Session, model: type[Any], *where: Any) -> int:
    """How many rows of the model's table fulfil all conditions."""
    return session.connection().execute(select(func.count()).select_from(model.__table__).where(*where)).scalar_one()
