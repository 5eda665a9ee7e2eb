"""Cards of handoffs for the desk's lists, an index to list handoffs by, and the views that agents save."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

AT_ONCE = 100
"""Payloads in memory; each may hold a conversation of hundreds of messages."""


def upgrade() -> None:
    cards = op.create_table(
        "handoff_cards",
        sa.Column("handoff_id", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("causes", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("handoff_id", name=op.f("pk_handoff_cards")),
    )
    op.create_index(op.f("ix_handoff_cards_reference"), "handoff_cards", ["reference"], unique=False)
    op.create_index("ix_handoffs_status_closed_at", "handoffs", ["status", "closed_at"], unique=False)
    op.create_table(
        "desk_views",
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("agent", "name", name=op.f("pk_desk_views")),
    )
    _fill(cards)


def downgrade() -> None:
    op.drop_table("desk_views")
    op.drop_index("ix_handoffs_status_closed_at", "handoffs")
    op.drop_table("handoff_cards")


def _fill(cards: Any) -> None:
    handoffs = sa.table("handoffs", sa.column("id", sa.Text()), sa.column("payload", sa.JSON()))
    bind, after = op.get_bind(), ""
    while rows := bind.execute(sa.select(handoffs).where(handoffs.c.id > after).order_by(handoffs.c.id).limit(AT_ONCE)).all():
        bind.execute(sa.insert(cards), [_card(row.id, row.payload or {}) for row in rows])
        after = rows[-1].id


def _card(handoff_id: str, payload: dict[str, Any]) -> dict[str, str]:
    summary = payload.get("summary") or {}
    causes = [str(cause["id"]) for cause in (payload.get("diagnosis") or {}).get("causes") or ()]
    return {
        "handoff_id": handoff_id,
        "reference": str((payload.get("customer") or {}).get("reference") or ""),
        "headline": str(summary.get("headline") or ""),
        "causes": f",{','.join(causes)}," if causes else "",
        "words": "\n".join(_sentences(summary)),
    }


def _sentences(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, (dict, list)):
        for each in part.values() if isinstance(part, dict) else part:
            yield from _sentences(each)
