"""Add what a class is told at its end, the note to the next facilitator, and attestations that await confirmation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, length in (("next_meeting", 80), ("homework", 100), ("handover_note", 200)):
        op.add_column("classes", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    op.create_table(
        "pending_attestations",
        sa.Column("class_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("lesson", sa.String(length=80), nullable=False),
        sa.Column("task_ids", sa.JSON(), nullable=False),
        sa.Column("helper_name", sa.String(length=60), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_pending_attestations_class_id_classes")),
        sa.PrimaryKeyConstraint("class_id", "number", "course", "lesson", name=op.f("pk_pending_attestations")),
    )
