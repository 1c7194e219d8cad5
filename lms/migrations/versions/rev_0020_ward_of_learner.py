"""Let a learner say which ward she is of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("learners", sa.Column("ward", sa.String(length=5), nullable=True))
    has_ward = sa.text("ward IS NOT NULL")
    op.create_index(op.f("ix_learners_ward"), "learners", ["ward"], sqlite_where=has_ward, postgresql_where=has_ward)
