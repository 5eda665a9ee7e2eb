"""Handoffs meant for an agent or put back, internal notes, who looks at a case, and which agents there are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    instant = sa.Text() if op.get_bind().dialect.name == "sqlite" else sa.DateTime(timezone=True)
    op.add_column("handoffs", sa.Column("assigned_to", sa.Text(), nullable=True))
    op.add_column("handoffs", sa.Column("released_at", instant, nullable=True))
    op.create_table(
        "internal_notes",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("handoff_id", sa.Text(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internal_notes")),
    )
    op.create_index(op.f("ix_internal_notes_handoff_id"), "internal_notes", ["handoff_id"], unique=False)
    op.create_table(
        "desk_looks",
        sa.Column("handoff_id", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.PrimaryKeyConstraint("handoff_id", "agent", name=op.f("pk_desk_looks")),
    )
    op.create_table(
        "desk_agents",
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("shown_as", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("agent", name=op.f("pk_desk_agents")),
    )


def downgrade() -> None:
    for name in ("desk_agents", "desk_looks", "internal_notes"):
        op.drop_table(name)
    with op.batch_alter_table("handoffs") as batch:
        batch.drop_column("released_at")
        batch.drop_column("assigned_to")
