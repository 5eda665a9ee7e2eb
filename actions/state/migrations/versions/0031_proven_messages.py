"""An index of the messages which say that it is proven that nothing blocks any more: a period's are few of very many."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

NAME = "ix_messages_proven"


def upgrade() -> None:
    op.create_index(
        NAME,
        "messages",
        ["role", "at", "conversation_id"],
        sqlite_where=sa.text("JSON_EXTRACT(data, '$.\"type\"') = 'resolved'"),
        postgresql_where=sa.text("(data ->> 'type') = 'resolved'"),
    )


def downgrade() -> None:
    op.drop_index(NAME, "messages")
