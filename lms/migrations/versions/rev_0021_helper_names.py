"""Take the names of removed helpers out of the audit log, where their class has lost its other personal data.

Those of later classes go with these data.
"""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE journal SET said = '{}'"
        " WHERE deed = 'helper_removed' AND about NOT IN (SELECT class_id FROM class_helpers)"
    )
