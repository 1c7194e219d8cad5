"""Know when the page of a projector was last open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("class_projectors", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
