"""Remember the unit that a class was counted for: its plan may be given to another unit afterwards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("counted_classes", sa.Column("unit_id", sa.String(length=16), nullable=True))
    op.create_index(op.f("ix_counted_classes_unit_id"), "counted_classes", ["unit_id"])
    op.execute(
        "UPDATE counted_classes SET unit_id ="
        " (SELECT MIN(unit_id) FROM planned_classes WHERE planned_classes.class_id = counted_classes.class_id)"
    )
