"""Add whether a class is a rehearsal, which counts nowhere and is deleted after a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("classes", sa.Column("rehearsal", sa.Boolean(), nullable=False, server_default=sa.false()))
