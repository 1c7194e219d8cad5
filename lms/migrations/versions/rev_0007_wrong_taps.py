"""Rename the count of trap taps: since 0005 it counts taps on any wrong button."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite and PostgreSQL both support this statement; Alembic would copy the whole table on SQLite.
    op.execute("ALTER TABLE practice_attempts RENAME COLUMN traps TO wrong_taps")
