"""Add the workshop: revisions of the files of courses, what was said about them, and what was published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workshop_courses",
        sa.Column("course", sa.String(length=100), nullable=False),
        sa.Column("ward", sa.String(length=5), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("publication_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_workshop_courses_created_by_accounts")),
        sa.PrimaryKeyConstraint("course", name=op.f("pk_workshop_courses")),
    )
    op.create_table(
        "file_contents",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_file_contents")),
    )
    op.create_table(
        "workshop_files",
        sa.Column("course", sa.String(length=100), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course"], ["workshop_courses.course"], name=op.f("fk_workshop_files_course_workshop_courses")
        ),
        sa.PrimaryKeyConstraint("course", "path", name=op.f("pk_workshop_files")),
    )
    op.create_table(
        "file_revisions",
        sa.Column("course", sa.String(length=100), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("merged", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("author_id", sa.String(length=32), nullable=True),
        sa.Column("author_name", sa.String(length=80), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(length=120), nullable=False),
        sa.CheckConstraint("source IN ('web', 'folder')", name=op.f("ck_file_revisions_source")),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_file_revisions_author_id_accounts")),
        sa.ForeignKeyConstraint(
            ["course", "path"],
            ["workshop_files.course", "workshop_files.path"],
            name=op.f("fk_file_revisions_course_path_workshop_files"),
        ),
        sa.ForeignKeyConstraint(
            ["digest"], ["file_contents.digest"], name=op.f("fk_file_revisions_digest_file_contents")
        ),
        sa.PrimaryKeyConstraint("course", "path", "number", name=op.f("pk_file_revisions")),
    )
    op.create_index(op.f("ix_file_revisions_author_id"), "file_revisions", ["author_id"])
    op.create_index(op.f("ix_file_revisions_digest"), "file_revisions", ["digest"])
    op.create_table(
        "revision_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=100), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('submitted', 'approved', 'returned')", name=op.f("ck_revision_reviews_verdict")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_revision_reviews_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["course", "path", "number"],
            ["file_revisions.course", "file_revisions.path", "file_revisions.number"],
            name=op.f("fk_revision_reviews_course_path_number_file_revisions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_reviews")),
    )
    op.create_index(op.f("ix_revision_reviews_course_path_number"), "revision_reviews", ["course", "path", "number"])
    op.create_index(op.f("ix_revision_reviews_account_id"), "revision_reviews", ["account_id"])
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=100), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_publications_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["course"], ["workshop_courses.course"], name=op.f("fk_publications_course_workshop_courses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )
    op.create_index(op.f("ix_publications_course_due_at"), "publications", ["course", "due_at"])
    op.create_index(op.f("ix_publications_account_id"), "publications", ["account_id"])
    op.create_table(
        "published_files",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("course", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name=op.f("fk_published_files_publication_id_publications")
        ),
        sa.PrimaryKeyConstraint("publication_id", "path", name=op.f("pk_published_files")),
    )
    op.create_index(op.f("ix_published_files_course_path"), "published_files", ["course", "path"])
