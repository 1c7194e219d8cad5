"""Add the targets of units with their history, and figures that were counted by hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "targets",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.String(length=16), nullable=False),
        sa.Column("ward", sa.String(length=5), nullable=False),
        sa.Column("indicator", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("signed_number", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("origin IN ('registered', 'given')", name=op.f("ck_targets_origin")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_targets_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_targets")),
        sa.UniqueConstraint(
            "unit_id", "period", "indicator", "origin", name=op.f("uq_targets_unit_id_period_indicator_origin")
        ),
    )
    op.create_index(op.f("ix_targets_ward_period"), "targets", ["ward", "period"])
    op.create_table(
        "target_changes",
        sa.Column("target_id", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("is_signature", sa.Boolean(), nullable=False),
        sa.Column("number_before", sa.Integer(), nullable=True),
        sa.Column("number_after", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_target_changes_account_id_accounts")),
        sa.ForeignKeyConstraint(["target_id"], ["targets.id"], name=op.f("fk_target_changes_target_id_targets")),
        sa.PrimaryKeyConstraint("target_id", "version", name=op.f("pk_target_changes")),
    )
    op.create_table(
        "hand_figures",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.String(length=16), nullable=False),
        sa.Column("ward", sa.String(length=5), nullable=False),
        sa.Column("indicator", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.Column("entered_by", sa.String(length=32), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=32), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entered_by"], ["accounts.id"], name=op.f("fk_hand_figures_entered_by_accounts")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_hand_figures_unit_id_units")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["accounts.id"], name=op.f("fk_hand_figures_withdrawn_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_figures")),
    )
    op.create_index(op.f("ix_hand_figures_ward_day"), "hand_figures", ["ward", "day"])
    op.create_index(op.f("ix_daily_figures_ward_day"), "daily_figures", ["ward", "day"])  # for a ward's year
