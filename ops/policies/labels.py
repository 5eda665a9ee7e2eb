"""The words that a world knows, for policies that name them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.state.world.tables import TABLES
from ops.policies.rules import Labels


def labels_of(session: Session) -> Labels:
    """Regions of its customers and its categories."""
    regions = session.execute(select(TABLES["users"].c.region).distinct()).scalars()
    return Labels(frozenset(regions), frozenset(session.execute(select(TABLES["categories"].c.id)).scalars()))
