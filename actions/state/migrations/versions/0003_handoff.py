"""Outcomes of handoffs, what happened to them, their delivery, and customers' references."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NEW_COLUMNS = ("told_at", "choice", "ending", "resolved_by", "root_cause", "note")


def upgrade() -> None:
    for name in NEW_COLUMNS:
        op.add_column("handoffs", sa.Column(name, sa.Text(), nullable=True))
    op.create_table(
        "handoff_events",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("handoff_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_events")),
    )
    op.create_index(op.f("ix_handoff_events_handoff_id"), "handoff_events", ["handoff_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("handoff_id", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due", sa.Float(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("delivered_at", sa.Text(), nullable=True),
        sa.CheckConstraint("status IN ('pending', 'delivered', 'dead')", name=op.f("ck_outbox_status_choice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(op.f("ix_outbox_handoff_id"), "outbox", ["handoff_id"], unique=False)
    op.create_index("ix_outbox_status_due", "outbox", ["status", "due"], unique=False)
    op.create_table(
        "customer_references",
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_customer_references")),
        sa.UniqueConstraint("reference", name=op.f("uq_customer_references_reference")),
    )


def downgrade() -> None:
    op.drop_table("customer_references")
    op.drop_table("outbox")
    op.drop_table("handoff_events")
    with op.batch_alter_table("handoffs") as batch:
        for name in NEW_COLUMNS:
            batch.drop_column(name)
