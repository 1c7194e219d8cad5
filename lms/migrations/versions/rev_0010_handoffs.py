"""Add handoffs from a signed-in browser, the answer to the offer of a password, and the helper invitation's expiry."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("password_declined_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("classes", sa.Column("helper_until", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("slips") as batch:
        batch.add_column(sa.Column("kind", sa.String(length=7), nullable=False, server_default="printed"))
        batch.add_column(sa.Column("handed_from", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("class_id", sa.String(length=32), nullable=True))
        batch.create_foreign_key(op.f("fk_slips_class_id_classes"), "classes", ["class_id"], ["id"])
        batch.create_check_constraint(op.f("ck_slips_kind"), "kind IN ('printed', 'handoff', 'start')")
    with op.batch_alter_table("sign_ins") as batch:
        batch.drop_constraint(op.f("ck_sign_ins_by"), type_="check")
        batch.create_check_constraint(op.f("ck_sign_ins_by"), "by IN ('slip', 'password', 'handoff')")
