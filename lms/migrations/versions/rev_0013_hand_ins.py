"""Add the tables of classes that a laptop exported, and of classes and learners that the city imported."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "class_exports",
        sa.Column("class_id", sa.String(length=32), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_exports_class_id_classes")),
        sa.PrimaryKeyConstraint("class_id", name=op.f("pk_class_exports")),
    )
    op.create_table(
        "handed_in_classes",
        sa.Column("class_id", sa.String(length=32), nullable=False),
        sa.Column("laptop_key", sa.String(length=80), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("received_by", sa.String(length=32), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_handed_in_classes_class_id_classes")),
        sa.ForeignKeyConstraint(
            ["received_by"], ["accounts.id"], name=op.f("fk_handed_in_classes_received_by_accounts")
        ),
        sa.PrimaryKeyConstraint("class_id", name=op.f("pk_handed_in_classes")),
    )
    op.create_table(
        "handed_in_learners",
        sa.Column("laptop_key", sa.String(length=80), nullable=False),
        sa.Column("laptop_learner_id", sa.String(length=32), nullable=False),
        sa.Column("learner_id", sa.String(length=32), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_handed_in_learners_learner_id_learners")
        ),
        sa.PrimaryKeyConstraint("laptop_key", "laptop_learner_id", name=op.f("pk_handed_in_learners")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_handed_in_learners_code_digest")),
    )
    op.create_index(op.f("ix_handed_in_learners_learner_id"), "handed_in_learners", ["learner_id"])
