"""Count classes and learners by day and ward, and keep what was published of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("learners", sa.Column("counted_ward", sa.String(length=5), nullable=True))
    is_uncleared = sa.text("counted_ward IS NOT NULL AND forgotten_at IS NOT NULL")
    op.create_index(
        "ix_learners_uncleared", "learners", ["counted_ward"], sqlite_where=is_uncleared, postgresql_where=is_uncleared
    )
    op.add_column("marks", sa.Column("counted_on", sa.Date(), nullable=True))
    is_new = sa.text("counted_on IS NULL")
    op.create_index("ix_marks_uncounted", "marks", ["earned_at"], sqlite_where=is_new, postgresql_where=is_new)
    op.create_index(op.f("ix_handed_in_classes_laptop_key"), "handed_in_classes", ["laptop_key"])
    op.create_table(
        "counted_classes",
        sa.Column("class_id", sa.String(length=32), nullable=False),
        sa.Column("ward", sa.String(length=5), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("left_out", sa.String(length=8), nullable=False),
        sa.Column("attendances", sa.Integer(), nullable=False),
        sa.Column("repeated", sa.Integer(), nullable=False),
        sa.Column("without_phone", sa.Integer(), nullable=False),
        sa.Column("new_learners", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "left_out IN ('', 'empty', 'few', 'short', 'repeated')", name=op.f("ck_counted_classes_left_out")
        ),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_counted_classes_class_id_classes")),
        sa.PrimaryKeyConstraint("class_id", name=op.f("pk_counted_classes")),
    )
    op.create_index(op.f("ix_counted_classes_ward_held_on"), "counted_classes", ["ward", "held_on"])
    op.create_table(
        "daily_figures",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ward", sa.String(length=5), nullable=False),
        sa.Column("indicator", sa.String(length=30), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "ward", "indicator", name=op.f("pk_daily_figures")),
    )
    op.create_table(
        "screen_figures",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("lesson", sa.String(length=80), nullable=False),
        sa.Column("screen", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("phones", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "course", "lesson", "screen", name=op.f("pk_screen_figures")),
    )
    op.create_table(
        "figure_releases",
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lists", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("released_on", name=op.f("pk_figure_releases")),
    )
    op.create_table(
        "released_figures",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ward", sa.String(length=5), nullable=False),
        sa.Column("indicator", sa.String(length=30), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "ward", "indicator", name=op.f("pk_released_figures")),
    )
