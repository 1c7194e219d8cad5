"""Create the first tables: learners, answers, attempts, ticks, marks and badges."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forgotten_badges",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forgotten_badges")),
    )
    op.create_table(
        "learners",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("code_seed", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_course", sa.String(length=80), nullable=True),
        sa.Column("last_lesson", sa.String(length=80), nullable=True),
        sa.Column("last_stage", sa.String(length=4), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "forgotten_at IS NULL OR (name IS NULL AND code_seed IS NULL AND created_at IS NULL"
            " AND last_course IS NULL AND last_lesson IS NULL AND last_stage IS NULL)",
            name=op.f("ck_learners_tombstone_is_empty"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learners")),
        sa.UniqueConstraint("code_seed", name=op.f("uq_learners_code_seed")),
    )
    op.create_table(
        "practice_models",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("model", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_practice_models")),
    )
    op.create_table(
        "badges",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("learner_id", sa.String(length=32), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("lesson", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_why", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_badges_learner_id_learners")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badges")),
    )
    op.create_index(
        "uq_badges_current",
        "badges",
        ["learner_id", "course", "lesson"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "marks",
        sa.Column("learner_id", sa.String(length=32), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("lesson", sa.String(length=80), nullable=False),
        sa.Column("stage", sa.String(length=4), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("earned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stage IN ('hieu', 'lam', 'dung')", name=op.f("ck_marks_stage")),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_marks_learner_id_learners")),
        sa.PrimaryKeyConstraint("learner_id", "course", "lesson", "stage", name=op.f("pk_marks")),
    )
    op.create_table(
        "practice_attempts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("learner_id", sa.String(length=32), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("lesson", sa.String(length=80), nullable=False),
        sa.Column("practice", sa.String(length=80), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("model_digest", sa.String(length=64), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("mode IN ('lam-theo', 'tu-lam', 'kiem-tra')", name=op.f("ck_practice_attempts_mode")),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_practice_attempts_learner_id_learners")),
        sa.ForeignKeyConstraint(
            ["model_digest"], ["practice_models.digest"], name=op.f("fk_practice_attempts_model_digest_practice_models")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_attempts")),
    )
    op.create_index(
        op.f("ix_practice_attempts_learner_id_course_lesson_practice"),
        "practice_attempts",
        ["learner_id", "course", "lesson", "practice"],
        unique=False,
    )
    op.create_index(op.f("ix_practice_attempts_model_digest"), "practice_attempts", ["model_digest"], unique=False)
    op.create_table(
        "responses",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("learner_id", sa.String(length=32), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("lesson", sa.String(length=80), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_responses_learner_id_learners")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responses")),
    )
    op.create_index(
        op.f("ix_responses_learner_id_course_lesson_question_id_id"),
        "responses",
        ["learner_id", "course", "lesson", "question_id", "id"],
        unique=False,
    )
    op.create_table(
        "ticks",
        sa.Column("learner_id", sa.String(length=32), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("lesson", sa.String(length=80), nullable=False),
        sa.Column("task_id", sa.String(length=40), nullable=False),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_ticks_learner_id_learners")),
        sa.PrimaryKeyConstraint("learner_id", "course", "lesson", "task_id", name=op.f("pk_ticks")),
    )
    op.create_table(
        "event_batches",
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("first_q", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_q", sa.Integer(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["practice_attempts.id"], name=op.f("fk_event_batches_attempt_id_practice_attempts")
        ),
        sa.PrimaryKeyConstraint("attempt_id", "first_q", name=op.f("pk_event_batches")),
    )
