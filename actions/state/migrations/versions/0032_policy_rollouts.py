"""What came of policies in the regions where they were begun."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policy_rollouts",
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("final", sa.Boolean, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("light", sa.Text, nullable=True),
        sa.Column("dark", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("policy", name=op.f("pk_policy_rollouts")),
    )


def downgrade() -> None:
    op.drop_table("policy_rollouts")
