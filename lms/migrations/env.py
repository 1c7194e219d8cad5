"""Alembic's environment: runs on the connection and in the transaction that ``lms.learning.store.migrate`` opened."""

from __future__ import annotations

from alembic import context

from lms.learning.store.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
context.run_migrations()
