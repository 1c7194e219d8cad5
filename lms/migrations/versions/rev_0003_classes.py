"""Create the tables of live classes: seats, answers, helpers, projectors; mark attempts in class and attested tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "classes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("ward", sa.String(length=5), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("lesson", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("opened_by", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("head_count", sa.Integer(), nullable=True),
        sa.Column("helper_digest", sa.String(length=64), nullable=True),
        sa.Column("personal_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["opened_by"], ["accounts.id"], name=op.f("fk_classes_opened_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classes")),
    )
    op.create_index(op.f("ix_classes_closed_at"), "classes", ["closed_at"], unique=False)
    op.create_index(op.f("ix_classes_code_opened_at"), "classes", ["code", "opened_at"], unique=False)
    op.create_index(op.f("ix_classes_ward_opened_at"), "classes", ["ward", "opened_at"], unique=False)
    op.create_index(
        "uq_classes_open_code",
        "classes",
        ["code"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "class_facilitators",
        sa.Column("class_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_class_facilitators_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_facilitators_class_id_classes")),
        sa.PrimaryKeyConstraint("class_id", "account_id", name=op.f("pk_class_facilitators")),
    )
    op.create_index(op.f("ix_class_facilitators_account_id"), "class_facilitators", ["account_id"], unique=False)
    op.create_table(
        "class_hands",
        sa.Column("class_id", sa.String(length=32), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("option_key", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_class_hands_count")),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_hands_class_id_classes")),
        sa.PrimaryKeyConstraint("class_id", "question_id", "round", "option_key", name=op.f("pk_class_hands")),
    )
    op.create_table(
        "class_helpers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("class_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_helpers_class_id_classes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_helpers")),
        sa.UniqueConstraint("digest", name=op.f("uq_class_helpers_digest")),
    )
    op.create_index(op.f("ix_class_helpers_class_id"), "class_helpers", ["class_id"], unique=False)
    op.create_table(
        "class_projectors",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("pairing_code", sa.String(length=4), nullable=True),
        sa.Column("pairing_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("class_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_projectors_class_id_classes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_projectors")),
        sa.UniqueConstraint("digest", name=op.f("uq_class_projectors_digest")),
        sa.UniqueConstraint("pairing_code", name=op.f("uq_class_projectors_pairing_code")),
    )
    op.create_index(op.f("ix_class_projectors_class_id"), "class_projectors", ["class_id"], unique=False)
    op.create_table(
        "class_seats",
        sa.Column("class_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("learner_id", sa.String(length=32), nullable=True),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("out", sa.Boolean(), nullable=False),
        sa.Column("claimed_by", sa.String(length=32), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hand_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("helping", sa.String(length=60), nullable=True),
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
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("done IN ('', 'helped', 'alone')", name=op.f("ck_class_seats_done")),
        sa.CheckConstraint("people BETWEEN 1 AND 4", name=op.f("ck_class_seats_people")),
        sa.ForeignKeyConstraint(["claimed_by"], ["learners.id"], name=op.f("fk_class_seats_claimed_by_learners")),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_seats_class_id_classes")),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_class_seats_learner_id_learners")),
        sa.PrimaryKeyConstraint("class_id", "number", name=op.f("pk_class_seats")),
        sa.UniqueConstraint("learner_id", "class_id", name=op.f("uq_class_seats_learner_id_class_id")),
    )
    op.create_table(
        "class_answers",
        sa.Column("class_id", sa.String(length=32), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seat", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("copied", sa.Boolean(), nullable=False),
        sa.CheckConstraint("round >= 1", name=op.f("ck_class_answers_round")),
        sa.ForeignKeyConstraint(
            ["class_id", "seat"],
            ["class_seats.class_id", "class_seats.number"],
            name=op.f("fk_class_answers_class_id_seat_class_seats"),
        ),
        sa.PrimaryKeyConstraint("class_id", "question_id", "round", "seat", name=op.f("pk_class_answers")),
    )
    with op.batch_alter_table("practice_attempts") as batch:
        batch.add_column(sa.Column("class_id", sa.String(length=32), nullable=True))
        batch.add_column(sa.Column("seat", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_practice_attempts_class_id_classes"), "classes", ["class_id"], ["id"])
        batch.create_index(op.f("ix_practice_attempts_class_id"), ["class_id"], unique=False)
    with op.batch_alter_table("ticks") as batch:
        batch.add_column(sa.Column("witness", sa.String(length=60), nullable=True))
        batch.add_column(sa.Column("witness_class", sa.String(length=32), nullable=True))
        batch.add_column(sa.Column("witnessed_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f("fk_ticks_witness_class_classes"), "classes", ["witness_class"], ["id"])
