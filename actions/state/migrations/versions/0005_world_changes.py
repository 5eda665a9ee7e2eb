"""What each load changed in the world."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "world_changes",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=True),
        sa.Column("clock", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_world_changes")),
    )


def downgrade() -> None:
    op.drop_table("world_changes")
