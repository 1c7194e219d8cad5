"""Add the time at which an idle seat was removed, so that its phone can rejoin by itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("class_seats", sa.Column("swept_at", sa.DateTime(timezone=True), nullable=True))
