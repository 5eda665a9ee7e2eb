"""A healthy world with one policy that came by a world file."""

from __future__ import annotations

import pytest

from actions.bootstrap import Application
from actions.state.database import Database
from actions.state.world.loading import load_world_data
from conversations.application import composed
from conversations.healthy_world import healthy
from tests.unit.ops.policies.registering import OLD, Office


@pytest.fixture()
def here(database: Database) -> Application:
    """An application over the world: three orders of 5299, 250 and 80 yuan."""
    small = {
        "items": [{"sku": sku, "category": "c", "merchant": "m", "price": price} for sku, price in (("2", "250.00"), ("3", "80.00"))],
        "orders": [{"id": f"o-{sku}", "user": "u", "lines": [{"sku": sku}], "pay_before": "2026-12-31"} for sku in ("2", "3")],
    }
    load_world_data(database, healthy())
    load_world_data(database, {**small, "policies": [OLD]})
    return composed(database)


@pytest.fixture()
def office(here: Application) -> Office:
    """Who works at the register."""
    return Office(here)
