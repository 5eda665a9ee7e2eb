"""Who asked that an experiment be started, and when: somebody else starts it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("experiments", sa.Column("submitted_at", sa.BigInteger))
    op.add_column("experiments", sa.Column("submitted_by", sa.Text))


def downgrade() -> None:
    with op.batch_alter_table("experiments") as batch:
        batch.drop_column("submitted_by")
        batch.drop_column("submitted_at")
