"""Find the badges, claims and attestations of one person or class without reading all of them."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# On PostgreSQL made before this migration, beside everybody's writes: see lms.learning.store.migrate.
CONCURRENT_INDEXES = (
    ("badges", "learner_id"),
    ("class_seats", "claimed_by"),
    ("ticks", "witness_class"),
    ("slips", "class_id"),
    ("classes", "opened_at"),
)


def upgrade() -> None:
    for table, column in CONCURRENT_INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], if_not_exists=True)
