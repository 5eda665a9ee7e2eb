"""Insight reports with their plots, who takes care of what they name, and what things were called when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "insight_reports",
        sa.Column("week", sa.Text, nullable=False),
        sa.Column("begins", sa.BigInteger, nullable=False),
        sa.Column("ends", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("week", name=op.f("pk_insight_reports")),
    )
    op.create_table(
        "insight_plots",
        sa.Column("week", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("theme", sa.Text, nullable=False),
        sa.Column("svg", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("week", "name", "theme", name=op.f("pk_insight_plots")),
        sa.CheckConstraint("theme IN ('light', 'dark')", name=op.f("ck_insight_plots_theme_choice")),
    )
    op.create_table(
        "insight_work",
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_insight_work")),
        sa.CheckConstraint("state IN ('open', 'doing', 'done', 'dropped')", name=op.f("ck_insight_work_state_choice")),
    )
    op.create_table(
        "insight_titles",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", "since", name=op.f("pk_insight_titles")),
    )


def downgrade() -> None:
    for table in ("insight_titles", "insight_work", "insight_plots", "insight_reports"):
        op.drop_table(table)
