"""Add attestations by the facilitator, and the tables of network checks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("class_seats", sa.Column("witnessed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "trials",
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_trials_account_id_accounts")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_trials")),
        sa.UniqueConstraint("account_id", name=op.f("uq_trials_account_id")),
    )
    op.create_table(
        "trial_phones",
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delay", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["code"], ["trials.code"], name=op.f("fk_trial_phones_code_trials"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code", "phone", name=op.f("pk_trial_phones")),
    )
