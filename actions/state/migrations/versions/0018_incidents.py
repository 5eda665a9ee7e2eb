"""What is said and done about incidents, cases linked to them, and what subscribers of an incident wait for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STAGES = "'draft', 'investigating', 'identified', 'monitoring', 'resolved', 'withdrawn'"
TIMES = ("pay_before", "told_eta", "told_at", "due_at")
KEY = ["conversation_id", "cause", "order", "bill"]
OPEN = sa.text("status = 'open'")


def upgrade() -> None:
    op.create_table(
        "incident_notes",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=True),
        sa.Column("severity", sa.Text(), nullable=True),
        sa.Column("public", sa.Text(), nullable=True),
        sa.Column("internal", sa.Text(), nullable=True),
        sa.Column("eta", sa.BigInteger(), nullable=True),
        sa.Column("affects", sa.JSON(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=True),
        sa.Column("from_alert", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f"stage IN ({STAGES})", name=op.f("ck_incident_notes_stage_choice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_notes")),
    )
    op.create_index(op.f("ix_incident_notes_incident"), "incident_notes", ["incident"], unique=False)
    op.create_table(
        "incident_cases",
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("handoff_id", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("incident", "handoff_id", name=op.f("pk_incident_cases")),
    )
    op.create_index(op.f("ix_incident_cases_handoff_id"), "incident_cases", ["handoff_id"], unique=False)
    op.add_column("subscriptions", sa.Column("incident", sa.Text(), server_default="", nullable=False))
    op.add_column("subscriptions", sa.Column("read_as", sa.Text(), nullable=True))
    for name in TIMES:
        op.add_column("subscriptions", sa.Column(name, sa.BigInteger(), nullable=True))
    op.drop_index("uq_subscriptions_open", "subscriptions")
    _one_open([*KEY, "incident"])
    op.create_index("ix_subscriptions_incident", "subscriptions", ["incident", "status"], unique=False)
    op.create_index("ix_subscriptions_due", "subscriptions", ["status", "due_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_subscriptions_due", "subscriptions")
    op.drop_index("ix_subscriptions_incident", "subscriptions")
    op.drop_index("uq_subscriptions_open", "subscriptions")
    # Of several incidents on one subject, only one wait can be kept.
    op.execute(
        "UPDATE subscriptions SET status = 'cancelled' WHERE status = 'open' AND id NOT IN (SELECT MIN(id) FROM subscriptions"
        " WHERE status = 'open' GROUP BY conversation_id, cause, \"order\", bill)"
    )
    with op.batch_alter_table("subscriptions") as batch:
        for name in (*TIMES, "read_as", "incident"):
            batch.drop_column(name)
    _one_open(KEY)
    op.drop_table("incident_cases")
    op.drop_table("incident_notes")


def _one_open(columns: list[str]) -> None:
    op.create_index("uq_subscriptions_open", "subscriptions", columns, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
