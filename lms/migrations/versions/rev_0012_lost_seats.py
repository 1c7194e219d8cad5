"""Let a seat say that it cannot follow the present step."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("class_seats", sa.Column("lost_at_step", sa.String(length=120), nullable=True))
