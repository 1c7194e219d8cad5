"""Add when an account was forgotten: the row stays without a name, because classes and the audit log refer to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
