"""The audit becomes a chain: each entry holds the hash of the one before; those that are there are chained in their order.

How an entry is hashed stands in ``state.audit_chain``; here it stands as it was when the chain began, which is what the rows of then need.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

AT_ONCE = 500
COLUMNS = ("seal", "prev", "hash")


def upgrade() -> None:
    with op.batch_alter_table("audit") as table:
        for name in ("salt", *COLUMNS):
            table.add_column(sa.Column(name, sa.Text(), nullable=True))
    _chain()
    with op.batch_alter_table("audit") as table:
        for name in COLUMNS:
            table.alter_column(name, existing_type=sa.Text(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("audit") as table:
        for name in ("salt", *COLUMNS):
            table.drop_column(name)


def _chain() -> None:
    bind, after, prev = op.get_bind(), 0, "0" * 64
    plain = [sa.column(name) for name in ("id", "at", "actor", "action", "handoff_id", "salt", *COLUMNS)]
    audit = sa.table("audit", *plain, sa.column("detail", sa.JSON()))
    change = audit.update().where(audit.c.id == sa.bindparam("row"))
    while rows := bind.execute(sa.select(audit).where(audit.c.id > after).order_by(audit.c.id).limit(AT_ONCE)).all():
        chained = []
        for row in rows:
            salt = secrets.token_hex(16)
            seal = _sha256([salt, row.detail])
            entry = {"actor": row.actor, "action": row.action, "handoff_id": row.handoff_id, "seal": seal}
            made = _sha256({**entry, "prev": prev, "at": _instant(row.at)})
            chained.append({"row": row.id, "salt": salt, "seal": seal, "prev": prev, "hash": made})
            prev = made
        bind.execute(change.values({name: sa.bindparam(name) for name in ("salt", *COLUMNS)}), chained)
        after = rows[-1].id


def _instant(at: Any) -> str:
    moment: datetime = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(timezone.utc).isoformat(timespec="microseconds")


def _sha256(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()
