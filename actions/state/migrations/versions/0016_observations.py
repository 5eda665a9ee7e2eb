"""What is observed of conversations, counted by minute; where customers stand in their episodes; the worker's passes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("guess", sa.Text(), nullable=True))
    op.create_table(
        "observations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("episode", sa.BigInteger(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("dims", sa.JSON(), nullable=False),
        sa.Column("rolled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observations")),
        sa.UniqueConstraint("ref", "seq", "kind", "value", name=op.f("uq_observations_ref_seq_kind_value")),
    )
    op.create_index("ix_observations_kind_value_at", "observations", ["kind", "value", "at"])
    op.create_index("ix_observations_at", "observations", ["at"])
    rolled = sa.column("rolled") == sa.false()
    op.create_index("ix_observations_to_roll", "observations", ["id"], sqlite_where=rolled, postgresql_where=rolled)
    op.create_table(
        "tallies",
        sa.Column("bucket", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("dim", sa.Text(), nullable=False),
        sa.Column("dim_value", sa.Text(), nullable=False),
        sa.Column("refs", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "kind", "value", "dim", "dim_value", name=op.f("pk_tallies")),
    )
    op.create_index("ix_tallies_kind_value_bucket", "tallies", ["kind", "value", "bucket"])
    op.create_table(
        "totals",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", name=op.f("pk_totals")),
    )
    op.create_table(
        "episodes",
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("episode", sa.BigInteger(), nullable=True),
        sa.Column("end", sa.Text(), nullable=True),
        sa.Column("said_seq", sa.BigInteger(), nullable=True),
        sa.Column("said_at", sa.BigInteger(), nullable=True),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("handoff", sa.Text(), nullable=True),
        sa.Column("order", sa.Text(), nullable=True),
        sa.Column("bill", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_episodes")),
        sa.UniqueConstraint("ref", name=op.f("uq_episodes_ref")),
    )
    op.create_index("ix_episodes_said_at", "episodes", ["said_at"])
    op.create_table(
        "jobs",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("last_success", sa.BigInteger(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("runs", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_jobs")),
    )


def downgrade() -> None:
    for table in ("jobs", "episodes", "totals", "tallies", "observations"):
        op.drop_table(table)
    with op.batch_alter_table("messages") as messages:
        messages.drop_column("guess")
