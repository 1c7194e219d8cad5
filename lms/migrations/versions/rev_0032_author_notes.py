"""Add what a facilitator wrote about the lesson of a class to its author."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_HAS_NOTE = sa.text("author_note != ''")


def upgrade() -> None:
    op.add_column("classes", sa.Column("author_note", sa.String(length=200), nullable=False, server_default=""))
    op.create_index(
        "ix_classes_author_note",
        "classes",
        ["course", "lesson"],
        sqlite_where=_HAS_NOTE,
        postgresql_where=_HAS_NOTE,
    )
