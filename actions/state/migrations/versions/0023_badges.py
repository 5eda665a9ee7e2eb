"""Badges of products, as the worker keeps them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

DATA = sa.JSON(none_as_null=True)


def upgrade() -> None:
    op.create_table(
        "badges",
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("merchant", sa.Text, nullable=False),
        sa.Column("body", DATA, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("changes_at", sa.BigInteger, nullable=True),
        sa.Column("valid_until", sa.BigInteger, nullable=True),
        sa.CheckConstraint("state IN ('unavailable', 'later', 'limited', 'available', 'gone')", name=op.f("ck_badges_state_choice")),
        sa.PrimaryKeyConstraint("sku", name=op.f("pk_badges")),
    )
    for column in ("version", "merchant", "changes_at", "valid_until"):
        op.create_index(f"ix_badges_{column}", "badges", [column])


def downgrade() -> None:
    op.drop_table("badges")
