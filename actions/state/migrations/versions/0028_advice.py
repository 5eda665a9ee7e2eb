"""What customers are told before it comes: consents by topic, what was planned and told, and switches that stop it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_OPEN = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("wording", sa.Text, nullable=False),
        sa.Column("given_at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger, nullable=True),
        sa.Column("lead", sa.Integer, nullable=True),
        sa.Column("planned_for", sa.Text, nullable=True),
        sa.Column("planned_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("uq_consents_open"), "consents", ["user", "topic"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index(op.f("ix_consents_planned"), "consents", ["withdrawn_at", "planned_for", "user"])
    op.create_table(
        "advice",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("order", sa.Text, nullable=False),
        sa.Column("bill", sa.Text, nullable=False),
        sa.Column("event_on", sa.Text, nullable=False),
        sa.Column("due_on", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("holdout", sa.Boolean, nullable=False),
        sa.Column("planned_at", sa.BigInteger, nullable=False),
        sa.Column("again", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=True),
        sa.Column("answer", sa.Text, nullable=True),
        sa.Column("retry_at", sa.BigInteger, nullable=True),
        sa.Column("sent_at", sa.BigInteger, nullable=True),
        sa.Column("opened_at", sa.BigInteger, nullable=True),
        sa.Column("result", sa.Text, nullable=True),
        sa.Column("other_block", sa.Boolean, nullable=True),
        sa.Column("complained", sa.Boolean, nullable=True),
        sa.Column("known_at", sa.BigInteger, nullable=True),
        sa.CheckConstraint(
            sa.column("status").in_(("planned", "sent", "held_out", "withheld", "not_coming")), name=op.f("ck_advice_status_choice")
        ),
        sa.CheckConstraint(sa.column("result").in_(("blocked", "avoided", "unknown")), name=op.f("ck_advice_result_choice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice")),
        sa.UniqueConstraint(
            "user", "cause", "order", "bill", "event_on", "due_on", name=op.f("uq_advice_user_cause_order_bill_event_on_due_on")
        ),
    )
    op.create_index(op.f("ix_advice_status_due_on"), "advice", ["status", "due_on"])
    op.create_index(op.f("ix_advice_status_result"), "advice", ["status", "result", "event_on"])
    op.create_table(
        "advice_switches",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("off", sa.Boolean, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_switches")),
    )
    op.create_index(op.f("ix_advice_switches_topic_id"), "advice_switches", ["topic", "id"])
    op.create_table(
        "advice_effects",
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_advice_effects")),
    )


def downgrade() -> None:
    for table in ("advice_effects", "advice_switches", "advice", "consents"):
        op.drop_table(table)
