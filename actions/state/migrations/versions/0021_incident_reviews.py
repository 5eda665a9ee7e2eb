"""Reviews of incidents, drafted by the worker for the pages of operators."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident_reviews",
        sa.Column("incident", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("incident", name=op.f("pk_incident_reviews")),
    )


def downgrade() -> None:
    op.drop_table("incident_reviews")
