"""What people write after an incident: its cause, and what shall be done, by whom and until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident_causes",
        sa.Column("incident", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("incident", name=op.f("pk_incident_causes")),
    )
    op.create_table(
        "actions_due",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("incident", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("done_by", sa.Text),
        sa.Column("done_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions_due")),
    )
    op.create_index(op.f("ix_actions_due_incident"), "actions_due", ["incident"])


def downgrade() -> None:
    op.drop_table("actions_due")
    op.drop_table("incident_causes")
