"""Experiments, and which customer met which arm.

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "experiments",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("spec", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("files", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("rehearsal", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("started_at", sa.BigInteger, nullable=True),
        sa.Column("started_by", sa.Text, nullable=True),
        sa.Column("ended_at", sa.BigInteger, nullable=True),
        sa.Column("ended_by", sa.Text, nullable=True),
        sa.Column("reason", sa.Text, nullable=True),
        sa.Column("stopped", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("decision", sa.Text, nullable=True),
        sa.Column("results", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("results_at", sa.BigInteger, nullable=True),
        sa.Column("light", sa.Text, nullable=True),
        sa.Column("dark", sa.Text, nullable=True),
        sa.CheckConstraint(
            sa.column("state").in_(("rehearsed", "running", "stopped", "decided")), name=op.f("ck_experiments_state_choice")
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_experiments")),
    )
    op.create_index(op.f("ix_experiments_state"), "experiments", ["state"])
    op.create_table(
        "exposures",
        sa.Column("experiment", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("arm", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("experiment", "version", "ref", name=op.f("pk_exposures")),
    )
    op.create_index(op.f("ix_exposures_at"), "exposures", ["at"])
    op.create_index(op.f("ix_exposures_ref"), "exposures", ["ref"])


def downgrade() -> None:
    op.drop_table("exposures")
    op.drop_table("experiments")
