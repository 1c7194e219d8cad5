"""What was counted as taps on traps is, since 0005, taps on any wrong button."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Both stores know this statement; Alembic would copy the whole table on SQLite.
    op.execute("ALTER TABLE practice_attempts RENAME COLUMN traps TO wrong_taps")
