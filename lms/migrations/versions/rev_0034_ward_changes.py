"""Keep which wards were merged or renamed, and where their units went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ward_changes",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("slug", sa.String(length=70), nullable=False),
        sa.Column("successor", sa.String(length=5), nullable=False),
        sa.Column("new_kind", sa.String(length=8), nullable=False),
        sa.Column("new_name", sa.String(length=60), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ward_changes")),
    )
    op.create_table(
        "unit_moves",
        sa.Column("unit_id", sa.String(length=16), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("former_ward", sa.String(length=5), nullable=False),
        sa.Column("successor_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "moved_at", name=op.f("pk_unit_moves")),
    )
    op.create_index(op.f("ix_unit_moves_former_ward"), "unit_moves", ["former_ward"])
    op.create_index(op.f("ix_unit_moves_successor_id"), "unit_moves", ["successor_id"])
