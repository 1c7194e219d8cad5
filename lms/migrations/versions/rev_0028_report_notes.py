"""Add the notes of period reports, and indexes for those of the city and of an organisation in all wards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_notes",
        sa.Column("unit_id", sa.String(length=16), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("difficulties", sa.String(length=500), nullable=False),
        sa.Column("proposals", sa.String(length=500), nullable=False),
        sa.Column("supplement", sa.String(length=500), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_report_notes_account_id_accounts")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_report_notes_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", "period", "version", name=op.f("pk_report_notes")),
    )
    op.create_index(op.f("ix_units_organisation"), "units", ["organisation"])
    op.create_index(op.f("ix_counted_classes_held_on"), "counted_classes", ["held_on"])
    op.create_index(op.f("ix_hand_figures_day"), "hand_figures", ["day"])
