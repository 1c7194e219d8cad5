"""Make all tables of the models.

Release 1.0 begins the promise that a database is upgraded (docs/adr/0031). Its commit writes these tables out,
and later revisions change them; until then this revision follows the models.
"""

from __future__ import annotations

from alembic import op

from lms.learning.store.models import Base

revision = "0100"  # above those of stores made before 1.0, which are refused
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    Base.metadata.create_all(op.get_bind())
