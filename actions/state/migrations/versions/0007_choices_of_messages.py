"""Whose choices a message repeats."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Plain SQL that SQLite and PostgreSQL both understand: neither writes the table anew.


def upgrade() -> None:
    op.execute("ALTER TABLE messages ADD COLUMN choices_of BIGINT")


def downgrade() -> None:
    op.execute("ALTER TABLE messages DROP COLUMN choices_of")
