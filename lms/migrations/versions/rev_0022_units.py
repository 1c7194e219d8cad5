"""Add the units of the movement, who belongs to them, and which of them holds a planned class."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "units",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=13), nullable=False),
        sa.Column("ward", sa.String(length=5), nullable=False),
        sa.Column("parent_id", sa.String(length=16), nullable=True),
        sa.Column("organisation", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('city', 'ward', 'organisation', 'neighbourhood', 'digital_team')", name=op.f("ck_units_kind")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_units_parent_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
    )
    op.create_index(op.f("ix_units_ward"), "units", ["ward"])
    op.create_index(op.f("ix_units_parent_id"), "units", ["parent_id"])
    op.create_table(
        "unit_members",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_unit_members_account_id_accounts")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_members_unit_id_units")),
        sa.PrimaryKeyConstraint("account_id", "unit_id", name=op.f("pk_unit_members")),
    )
    op.create_index(op.f("ix_unit_members_unit_id"), "unit_members", ["unit_id"])
    op.add_column("planned_classes", sa.Column("unit_id", sa.String(length=16), nullable=True))
    op.create_index(op.f("ix_planned_classes_unit_id"), "planned_classes", ["unit_id"])
