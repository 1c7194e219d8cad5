"""Add the tables of planned classes, and of the seats that phones hold in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "planned_classes",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("ward", sa.String(length=5), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("lesson", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("venue", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("map_url", sa.String(length=300), nullable=False),
        sa.Column("floor", sa.String(length=40), nullable=False),
        sa.Column("parking", sa.String(length=80), nullable=False),
        sa.Column("wheelchair", sa.String(length=3), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("bring", sa.String(length=120), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("series_id", sa.String(length=16), nullable=True),
        sa.Column("moved_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("previous_venue", sa.String(length=80), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("change_note", sa.String(length=120), nullable=False),
        sa.Column("class_id", sa.String(length=32), nullable=True),
        sa.Column("planned_by", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("wheelchair IN ('', 'yes', 'no')", name=op.f("ck_planned_classes_wheelchair")),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_planned_classes_class_id_classes")),
        sa.ForeignKeyConstraint(["planned_by"], ["accounts.id"], name=op.f("fk_planned_classes_planned_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_classes")),
    )
    for columns in (["starts_at"], ["ward", "starts_at"], ["series_id"], ["class_id"]):
        op.create_index(op.f(f"ix_planned_classes_{'_'.join(columns)}"), "planned_classes", columns)
    op.create_table(
        "reservations",
        sa.Column("planned_class_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.String(length=32), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["planned_class_id"],
            ["planned_classes.id"],
            name=op.f("fk_reservations_planned_class_id_planned_classes"),
        ),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_reservations_learner_id_learners")),
        sa.PrimaryKeyConstraint("planned_class_id", "number", name=op.f("pk_reservations")),
        sa.UniqueConstraint("learner_id", "planned_class_id", name=op.f("uq_reservations_learner_id_planned_class_id")),
    )
