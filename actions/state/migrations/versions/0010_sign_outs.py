"""Tokens that were signed out before they expired."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.Text() if op.get_bind().dialect.name == "sqlite" else sa.DateTime(timezone=True)
    op.create_table(
        "signed_out",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("until", instant, nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_signed_out")),
    )


def downgrade() -> None:
    op.drop_table("signed_out")
