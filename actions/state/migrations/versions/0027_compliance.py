"""What compliance keeps: reviews of obligations, clocks of complaints, looks at cases that auditors are to see, and monthly reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "obligation_checks",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.CheckConstraint(
            sa.column("outcome").in_(("met", "partly", "not_met", "nothing_new", "news")), name=op.f("ck_obligation_checks_outcome_choice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligation_checks")),
    )
    op.create_index(op.f("ix_obligation_checks_about_id"), "obligation_checks", ["about", "id"])
    op.create_table(
        "answer_clocks",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("handoff_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("begun_at", sa.BigInteger, nullable=False),
        sa.Column("answer_by", sa.BigInteger, nullable=False),
        sa.Column("moves", sa.Integer, nullable=False),
        sa.Column("why", sa.Text, nullable=True),
        sa.Column("by", sa.Text, nullable=True),
        sa.Column("warned_at", sa.BigInteger, nullable=True),
        sa.Column("missed_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_clocks")),
        sa.UniqueConstraint("handoff_id", "kind", name=op.f("uq_answer_clocks_handoff_id_kind")),
    )
    op.create_index(op.f("ix_answer_clocks_answer_by"), "answer_clocks", ["answer_by"])
    op.create_table(
        "access_alerts",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("cases", sa.BigInteger, nullable=False),
        sa.Column("median", sa.Float, nullable=False),
        sa.Column("found_by", sa.Text, nullable=False),
        sa.Column("found_at", sa.BigInteger, nullable=False),
        sa.Column("verdict", sa.Text, nullable=True),
        sa.Column("note", sa.Text, nullable=True),
        sa.Column("judged_at", sa.BigInteger, nullable=True),
        sa.Column("judged_by", sa.Text, nullable=True),
        sa.CheckConstraint(sa.column("kind").in_(("opened", "not_taken")), name=op.f("ck_access_alerts_kind_choice")),
        sa.CheckConstraint(sa.column("found_by").in_(("hour", "detector")), name=op.f("ck_access_alerts_found_by_choice")),
        sa.CheckConstraint(sa.column("verdict").in_(("explained", "misuse")), name=op.f("ck_access_alerts_verdict_choice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_alerts")),
    )
    op.create_index(op.f("uq_access_alerts_agent"), "access_alerts", ["agent", "kind", "since"], unique=True)
    op.create_table(
        "compliance_reports",
        sa.Column("month", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("whole", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_compliance_reports")),
    )
    # Who opened which cases, and what was done in a month, is read by what was done and when.
    op.create_index(op.f("ix_audit_action_at"), "audit", ["action", "at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_action_at"), "audit")
    for table in ("compliance_reports", "access_alerts", "answer_clocks", "obligation_checks"):
        op.drop_table(table)
