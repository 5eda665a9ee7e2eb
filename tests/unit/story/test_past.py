"""What of a world belongs to one customer's past."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from actions.state.columns import real_now
from actions.state.world.loading import load_world_data
from bot.export.world_history import look_back
from conversations.healthy_world import healthy
from tests.databases import migrated


def test_contracts_repayments_and_refunds_come_with_what_they_refer_to_and_those_of_others_stay_away(tmp_path: Path) -> None:
    database = migrated(f"sqlite:///{tmp_path / 'state.db'}")
    load_world_data(database, healthy())
    contract = {"amount": 1, "tenor": 3, "fee_rate_per_period": 0, "paid_periods": 3, "status": "settled"}
    repayment = {"amount": 1, "at": "2026-11-20", "method": "auto", "status": "posted"}
    refund = {"amount": 1, "status": "approved", "requested_at": "2026-11-20", "to": "card", "posted": False}
    rows = {
        "users": [{"id": "v"}, {"id": "w"}],
        "orders": [{"id": each, "user": user, "lines": [{"sku": "1"}]} for each, user in (("o-v", "v"), ("o-w", "w"), ("o-w2", "w"))],
        "contracts": [{"id": "k-v", "user": "v", "order": "o-w", **contract}, {"id": "k-w", "user": "w", "order": "o-w2", **contract}],
        "repayments": [{"id": "rp-v", "user": "v", "contract": "k-v", **repayment}, {"id": "rp-w", "user": "w", **repayment}],
        "refunds": [{"id": "rf-v", "order": "o-v", **refund}, {"id": "rf-w", "order": "o-w2", **refund}],
    }
    load_world_data(database, rows)
    with database.session() as session:
        past = look_back(session, "v", real_now() + timedelta(days=1))
    database.close()
    own = ("users", "orders", "contracts", "repayments", "refunds", "items")
    assert {section: set(past.rows[section]) for section in own} == {
        "users": {"v", "w"},
        "orders": {"o-v", "o-w"},
        "contracts": {"k-v"},
        "repayments": {"rp-v"},
        "refunds": {"rf-v"},
        "items": {"1"},
    }
