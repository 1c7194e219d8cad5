"""Add reports that a practice's screen differs from a real phone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "screen_reports",
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("lesson", sa.String(length=80), nullable=False),
        sa.Column("practice", sa.String(length=80), nullable=False),
        sa.Column("screen", sa.String(length=80), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("phone", "week", name=op.f("pk_screen_reports")),
    )
    op.create_index(op.f("ix_screen_reports_week"), "screen_reports", ["week"])
    op.create_index(
        op.f("ix_screen_reports_course_lesson_practice"), "screen_reports", ["course", "lesson", "practice"]
    )
