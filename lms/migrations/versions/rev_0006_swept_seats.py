"""When a seat that never did anything was cleared away, so that its phone may come back by itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("class_seats", sa.Column("swept_at", sa.DateTime(timezone=True), nullable=True))
