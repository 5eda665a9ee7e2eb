"""Pictures of conversations, the name by which a customer knows the person who has the case, and deliveries about conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.Text() if op.get_bind().dialect.name == "sqlite" else sa.DateTime(timezone=True)
    op.create_table(
        "pictures",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_pictures_conversation_id_conversations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
    )
    op.create_index(op.f("ix_pictures_conversation_id"), "pictures", ["conversation_id"], unique=False)
    op.add_column("handoffs", sa.Column("shown_as", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("conversation_id", sa.Text(), nullable=True))
    with op.batch_alter_table("outbox") as table:
        table.alter_column("handoff_id", existing_type=sa.Text(), nullable=True)
    op.create_index(op.f("ix_outbox_conversation_id"), "outbox", ["conversation_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_conversation_id"), table_name="outbox")
    op.execute("DELETE FROM outbox WHERE handoff_id IS NULL")
    with op.batch_alter_table("outbox") as table:
        table.alter_column("handoff_id", existing_type=sa.Text(), nullable=False)
        table.drop_column("conversation_id")
    with op.batch_alter_table("handoffs") as table:
        table.drop_column("shown_as")
    op.drop_table("pictures")
