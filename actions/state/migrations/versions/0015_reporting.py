"""Indexes by time, for counting what a period's conversations, handoffs and votes came to."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_messages_role_at", "messages", ["role", "at", "conversation_id", "intent"])
    op.create_index("ix_handoffs_created_at", "handoffs", ["created_at"])
    op.create_index("ix_ratings_at", "ratings", ["at"])
    op.create_index("ix_feedback_at", "feedback", ["at"])


def downgrade() -> None:
    op.drop_index("ix_feedback_at", "feedback")
    op.drop_index("ix_ratings_at", "ratings")
    op.drop_index("ix_handoffs_created_at", "handoffs")
    op.drop_index("ix_messages_role_at", "messages")
