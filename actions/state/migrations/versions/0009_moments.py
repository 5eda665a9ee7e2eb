"""Times of what happens are moments that the database can compare; what the world says stays as it was written.

PostgreSQL has a type for them. SQLite keeps them as text in UTC, all of one length, so that the order of the texts is that of the moments.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# They were ISO texts with the offset of Shanghai, and a fraction only if it was not zero.
TIMES = {
    "audit": ("at",),
    "conversations": ("created_at", "updated_at"),
    "messages": ("at",),
    "handoffs": ("created_at", "taken_at", "closed_at", "told_at"),
    "handoff_events": ("at",),
    "outbox": ("created_at", "delivered_at"),
    "ratings": ("at",),
    "subscriptions": ("created_at", "ended_at"),
    "world_changes": ("at",),
}
# This one was epoch seconds: outbox.due.


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _retype("TIMESTAMP WITH TIME ZONE", "{name}::timestamptz", "to_timestamp({name})")
        return
    _rewrite(
        "strftime('%Y-%m-%dT%H:%M:%S', substr({name}, 1, 19) || substr({name}, -6))"
        " || CASE substr({name}, 20, 1) WHEN '.' THEN substr({name}, 20, 7) ELSE '.000000' END || '+00:00'"
    )
    with op.batch_alter_table("outbox") as table:
        table.alter_column("due", type_=sa.Text(), existing_type=sa.Float(), existing_nullable=False)
    op.execute(
        "UPDATE outbox SET due = strftime('%Y-%m-%dT%H:%M:%S', CAST(due AS INTEGER), 'unixepoch')"
        " || substr(printf('%.6f', CAST(due AS REAL)), -7) || '+00:00'"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        shanghai = """to_char({name} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+08:00'"""
        _retype("TEXT", shanghai, "extract(epoch FROM {name})", due="DOUBLE PRECISION")
        return
    _rewrite(
        "strftime('%Y-%m-%dT%H:%M:%S', substr({name}, 1, 19), '+8 hours')"
        " || CASE substr({name}, 20, 7) WHEN '.000000' THEN '' ELSE substr({name}, 20, 7) END || '+08:00'"
    )
    op.execute("UPDATE outbox SET due = strftime('%s', substr(due, 1, 19)) || substr(due, 20, 7)")
    with op.batch_alter_table("outbox") as table:
        table.alter_column("due", type_=sa.Float(), existing_type=sa.Text(), existing_nullable=False)


def _retype(kind: str, times: str, seconds: str, due: str | None = None) -> None:
    for table, names in TIMES.items():
        changes = [f"ALTER COLUMN {name} TYPE {kind} USING {times.format(name=name)}" for name in names]
        if table == "outbox":
            changes.append(f"ALTER COLUMN due TYPE {due or kind} USING {seconds.format(name='due')}")
        op.execute(f"ALTER TABLE {table} {', '.join(changes)}")


def _rewrite(value: str) -> None:
    for table, names in TIMES.items():
        op.execute(f"UPDATE {table} SET {', '.join(f'{name} = {value.format(name=name)}' for name in names)}")
