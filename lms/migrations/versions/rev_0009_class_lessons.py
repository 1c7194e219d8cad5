"""Let a class be taught several lessons in an evening: the lessons, and the rows of those that it has left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A worker of the release before inserts classes without this column.
    op.add_column("classes", sa.Column("lesson_number", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "class_lessons",
        sa.Column("class_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("lesson", sa.String(length=80), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.JSON(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_lessons_class_id_classes")),
        sa.PrimaryKeyConstraint("class_id", "number", name=op.f("pk_class_lessons")),
    )
    op.create_table(
        "class_lesson_seats",
        sa.Column("class_id", sa.String(length=32), nullable=False),
        sa.Column("lesson_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answered", sa.String(length=60), nullable=False),
        sa.Column("attempt_id", sa.String(length=32), nullable=True),
        sa.Column("screen", sa.String(length=80), nullable=True),
        sa.Column("screen_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("hints", sa.Integer(), nullable=False),
        sa.Column("last_hint", sa.Boolean(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("been", sa.JSON(), nullable=False),
        sa.Column("settled", sa.JSON(), nullable=True),
        sa.Column("done", sa.String(length=6), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attested_at", sa.DateTime(timezone=True), nullable=True),
        _refers_to_lesson("class_lesson_seats"),
        sa.PrimaryKeyConstraint("class_id", "lesson_number", "number", name=op.f("pk_class_lesson_seats")),
    )
    op.create_index(op.f("ix_class_lesson_seats_attempt_id"), "class_lesson_seats", ["attempt_id"], unique=False)
    op.create_table(
        "class_lesson_answers",
        sa.Column("class_id", sa.String(length=32), nullable=False),
        sa.Column("lesson_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seat", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("copied", sa.Boolean(), nullable=False),
        _refers_to_lesson("class_lesson_answers"),
        sa.PrimaryKeyConstraint(
            "class_id", "lesson_number", "question_id", "round", "seat", name=op.f("pk_class_lesson_answers")
        ),
    )
    op.create_table(
        "class_lesson_hands",
        sa.Column("class_id", sa.String(length=32), nullable=False),
        sa.Column("lesson_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("option_key", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        _refers_to_lesson("class_lesson_hands"),
        sa.PrimaryKeyConstraint(
            "class_id", "lesson_number", "question_id", "round", "option_key", name=op.f("pk_class_lesson_hands")
        ),
    )


def _refers_to_lesson(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["class_id", "lesson_number"],
        ["class_lessons.class_id", "class_lessons.number"],
        name=op.f(f"fk_{table}_class_id_lesson_number_class_lessons"),
    )
