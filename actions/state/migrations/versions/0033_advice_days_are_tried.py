"""On which day an arm of an experiment tells advice, and whether somebody has met that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_DAYS = ("trying", "own_on", "usual_on", "last_on")
_TRIED = sa.text("trying IS NOT NULL")


def upgrade() -> None:
    for name in _DAYS:
        op.add_column("advice", sa.Column(name, sa.Text))
    op.add_column("advice", sa.Column("exposed", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("ix_advice_trying", "advice", ["trying"], sqlite_where=_TRIED, postgresql_where=_TRIED)


def downgrade() -> None:
    op.drop_index("ix_advice_trying", "advice")
    with op.batch_alter_table("advice") as batch:
        for name in (*_DAYS, "exposed"):
            batch.drop_column(name)
