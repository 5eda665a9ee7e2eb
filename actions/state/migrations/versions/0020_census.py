"""The census's panel and its looks, and plots for the operators' pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DATA = sa.JSON(none_as_null=True)


def upgrade() -> None:
    op.create_table(
        "panel",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("joined_at", sa.BigInteger, nullable=False),
        sa.Column("blocks", DATA, nullable=True),
        sa.Column("news", DATA, nullable=False),
        sa.CheckConstraint("kind IN ('order', 'bill', 'item')", name=op.f("ck_panel_kind_choice")),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_panel")),
    )
    op.create_table(
        "census",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("facts_at", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("millis", sa.BigInteger, nullable=False),
        sa.Column("outcome", DATA, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_census")),
    )
    op.create_index("ix_census_at", "census", ["at"])
    op.create_table(
        "plots",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("theme", sa.Text, nullable=False),
        sa.Column("svg", sa.Text, nullable=False),
        sa.Column("data", DATA, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.CheckConstraint("theme IN ('light', 'dark')", name=op.f("ck_plots_theme_choice")),
        sa.PrimaryKeyConstraint("name", "theme", name=op.f("pk_plots")),
    )


def downgrade() -> None:
    for name in ("plots", "census", "panel"):
        op.drop_table(name)
