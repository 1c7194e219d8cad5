"""Count for units, and keep what is published of units and of figures counted by hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_figures",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.String(length=16), nullable=False),
        sa.Column("indicator", sa.String(length=30), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "unit_id", "indicator", name=op.f("pk_unit_figures")),
    )
    op.create_index(op.f("ix_unit_figures_unit_id_day"), "unit_figures", ["unit_id", "day"])
    op.create_table(
        "released_unit_figures",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.String(length=16), nullable=False),
        sa.Column("indicator", sa.String(length=30), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "unit_id", "indicator", name=op.f("pk_released_unit_figures")),
    )
    op.create_table(
        "released_hand_figures",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ward", sa.String(length=5), nullable=False),
        sa.Column("indicator", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "ward", "indicator", name=op.f("pk_released_hand_figures")),
    )
