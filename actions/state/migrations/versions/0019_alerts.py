"""Alerts of early warning, the customers they are about, their counts by the minute, and silences."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DATA = sa.JSON(none_as_null=True)


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("streams", DATA, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("observed", sa.BigInteger, nullable=False),
        sa.Column("expected", sa.Float, nullable=False),
        sa.Column("ratio_low", sa.Float),
        sa.Column("ratio_high", sa.Float),
        sa.Column("learning", sa.Boolean, nullable=False),
        sa.Column("drill", DATA, nullable=False),
        sa.Column("detail", DATA, nullable=False),
        sa.Column("draft", sa.Text),
        sa.Column("acknowledged_at", sa.BigInteger),
        sa.Column("acknowledged_by", sa.Text),
        sa.Column("verdict", sa.Text),
        sa.Column("verdict_at", sa.BigInteger),
        sa.Column("verdict_by", sa.Text),
        sa.Column("tellings", sa.Integer, nullable=False),
        sa.Column("tell_at", sa.BigInteger),
        sa.CheckConstraint("source IN ('complaints', 'census', 'technical')", name=op.f("ck_alerts_source_choice")),
        sa.CheckConstraint("level IN ('alarm', 'info')", name=op.f("ck_alerts_level_choice")),
        sa.CheckConstraint("verdict IN ('true', 'false')", name=op.f("ck_alerts_verdict_choice")),
        sa.UniqueConstraint("key", name=op.f("uq_alerts_key")),
    )
    op.create_index("ix_alerts_opened_at", "alerts", ["opened_at"])
    op.create_index("ix_alerts_closed_at", "alerts", ["closed_at"])
    op.create_table(
        "alert_members",
        sa.Column("alert_id", sa.Text, primary_key=True),
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "alert_minutes",
        sa.Column("alert_id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("observed", sa.BigInteger, nullable=False),
        sa.Column("expected", sa.Float, nullable=False),
        sa.Column("low", sa.BigInteger, nullable=False),
        sa.Column("high", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "silences",
        sa.Column("id", ROW_NUMBER, primary_key=True),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_silences_until", "silences", ["until"])


def downgrade() -> None:
    for name in ("silences", "alert_minutes", "alert_members", "alerts"):
        op.drop_table(name)
