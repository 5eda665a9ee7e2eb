"""Badges never disagree with the chat: they are held against a healthy customer's order of the same product."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.plans import plans_for
from actions.core.subject import Subject
from actions.knowledge.model import Knowledge
from actions.state.database import Database
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data
from actions.yaml_source import SourceError
from conversations.application import project_knowledge
from ops.badges.badge import Badge, BadgeMaker
from ops.badges.catalog import lines_of, shared_facts
from ops.badges.texts import read_badge_texts
from tests.databases import migrated

NOW = "2026-11-22T10:00:00+08:00"
MOMENTS = [None, "2026-11-20", "2026-11-22", "2026-11-22T12:00:00+08:00", "2026-11-25"]
ITEMS = st.fixed_dictionaries(
    {
        "price": st.sampled_from(["39.90", "899.00", "5299.00", "60000.00"]),
        "installment": st.sampled_from(["allowed", "allowed", "allowed", "excluded", "full_payment"]),
        "tenors": st.sampled_from([[3, 6, 12, 24], [3, 6], []]),
        "min_down_payment": st.sampled_from(["0", "0", "0.3"]),
        "promotion_excluded": st.booleans(),
        "presale": st.sampled_from(["none", "none", "deposit", "balance"]),
        "presale_balance_from": st.sampled_from(MOMENTS),
        "interest_free": st.fixed_dictionaries({"tenors": st.sampled_from([[], [3]]), "until": st.sampled_from(MOMENTS)}),
    }
)
MERCHANTS = st.fixed_dictionaries(
    {
        "installment": st.sampled_from(["enabled", "enabled", "not_enrolled", "paused"]),
        "paused_until": st.sampled_from(MOMENTS),
        "contract": st.sampled_from(["active", "active", "expired"]),
        "integration": st.sampled_from(["ok", "ok", "error"]),
        "risk_block": st.sampled_from([False, False, True]),
    }
)
PLATFORM = st.fixed_dictionaries(
    {
        "policies": st.lists(
            st.sampled_from(
                [
                    {"id": "p-min", "kind": "min_amount", "amount": "100.00", "effective_from": "2026-11-23"},
                    {"id": "p-region", "kind": "region", "regions": ["广东"], "effective_from": "2026-01-01", "effective_to": "2026-11-22"},
                    {"id": "p-channel", "kind": "channel", "allowed": ["app"], "effective_from": "2026-01-01"},
                    {"id": "p-age", "kind": "age", "min": 18, "max": 60, "effective_from": "2026-01-01"},
                ]
            ),
            unique_by=lambda policy: policy["id"],
        ),
        "maintenance": st.sampled_from(
            [[], [{"id": "w-1", "starts_at": "2026-11-22T09:00:00+08:00", "ends_at": "2026-11-22T11:00:00+08:00"}]]
        ),
        "incidents": st.sampled_from(
            [
                [],
                [{"id": "i-1", "component": "checkout", "severity": "outage", "started_at": "2026-11-22T09:30:00+08:00"}],
                [{"id": "i-1", "component": "credit", "severity": "degraded", "started_at": "2026-11-22T09:30:00+08:00"}],
            ]
        ),
    }
)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return project_knowledge()


@pytest.fixture(scope="module")
def maker(knowledge: Knowledge) -> BadgeMaker:
    return BadgeMaker(knowledge.causes.values(), read_badge_texts(knowledge.forbidden).neutral, knowledge.locale)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = migrated(f"sqlite:///{tmp_path_factory.mktemp('badges') / 'world.db'}")
    yield database
    database.close()


def _world(item: dict[str, Any], merchant: dict[str, Any], platform: dict[str, Any], **order: Any) -> dict[str, Any]:
    return {
        "now": NOW,
        "users": [{"id": "u-1", "baitiao": {"credit_limit": "90000.00", "agreement_version": 9}}],
        "categories": [{"id": "phones"}],
        "merchants": [{"id": "m-1", **merchant}],
        "items": [{"sku": "1", "category": "phones", "merchant": "m-1", **item}],
        "orders": [{"id": "o-1", "user": "u-1", "lines": [{"sku": "1", "quantity": 1}], **order}],
        "plans": [{"tenor": tenor, "fee_rate_per_period": "0.005"} for tenor in (3, 6, 12, 24)],
        **platform,
    }


def _badge(database: Database, maker: BadgeMaker, now: datetime | None = None, channel: str = "app") -> Badge:
    with database.session() as session:
        line, world = lines_of(session, ["1"])["1"], shared_facts(session, now)
    return maker.badge(line, world, "广东", channel)


def _chat(database: Database, knowledge: Knowledge, now: datetime | None = None) -> Diagnosis:
    with database.session() as session:
        return diagnose(SqlFacts(session, now).snapshot("u-1", Subject("order", "o-1")), knowledge.causes.values())


def _agree(badge: Badge, chat: Diagnosis) -> None:
    assert (badge.state in ("unavailable", "later")) == bool(chat.blocks)
    assert set(badge.causes) == set(chat.cause_ids) - {"merchant_risk_blocked"}
    if badge.state == "limited":
        assert badge.rules is not None and badge.rules["tenors"] == [plan.tenor for plan in plans_for(chat.facts)]


@pytest.mark.slow
def test_a_badge_says_what_the_chat_says_now_and_until_it_is_no_longer_valid(
    database: Database, maker: BadgeMaker, knowledge: Knowledge
) -> None:
    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @given(ITEMS, MERCHANTS, PLATFORM)
    def check(item: dict[str, Any], merchant: dict[str, Any], platform: dict[str, Any]) -> None:
        load_world_data(database, _world(item, merchant, platform), replace=True)
        badge = _badge(database, maker)
        _agree(badge, _chat(database, knowledge))
        last = (badge.valid_until or datetime.fromisoformat("2027-06-01T00:00:00+08:00")) - timedelta(seconds=1)
        assert (_badge(database, maker, last).state, _badge(database, maker, last).causes) == (badge.state, badge.causes)
        if badge.valid_until is not None:
            _agree(_badge(database, maker, badge.valid_until), _chat(database, knowledge, badge.valid_until))

    check()


HEALTHY: dict[str, Any] = {"price": "899.00"}


def test_only_what_time_removes_is_later_and_says_until_when(database: Database, maker: BadgeMaker) -> None:
    paused = {"installment": "paused", "paused_until": "2026-11-25"}
    load_world_data(database, _world(HEALTHY, paused, {}), replace=True)
    badge = _badge(database, maker)
    assert (badge.state, badge.causes) == ("later", ("merchant_paused",))
    assert badge.until == badge.valid_until == datetime.fromisoformat("2026-11-26T00:00:00+08:00")
    load_world_data(database, {"items": [{"sku": "1", "installment": "excluded"}]})
    badge = _badge(database, maker)
    assert (badge.state, badge.until) == ("unavailable", None)


def test_what_the_platform_thinks_of_a_shop_is_not_told(database: Database, maker: BadgeMaker) -> None:
    load_world_data(database, _world(HEALTHY, {"risk_block": True}, {}), replace=True)
    badge = _badge(database, maker)
    assert (badge.state, badge.causes) == ("unavailable", ())
    assert badge.why == ("这家店铺目前不能用白条分期",)


def test_an_offer_that_has_ended_leaves_the_product_available(database: Database, maker: BadgeMaker) -> None:
    load_world_data(database, _world({**HEALTHY, "interest_free": {"tenors": [3], "until": "2026-11-11"}}, {}, {}), replace=True)
    badge = _badge(database, maker)
    assert (badge.state, badge.causes) == ("available", ("interest_free_ended",))


def test_another_channel_has_its_own_badge(database: Database, maker: BadgeMaker) -> None:
    policy = {"id": "p-channel", "kind": "channel", "allowed": ["app"], "effective_from": "2026-01-01"}
    load_world_data(database, _world(HEALTHY, {}, {"policies": [policy]}), replace=True)
    assert _badge(database, maker).state == "available"
    assert _badge(database, maker, channel="wechat").causes == ("channel_unsupported",)


def test_a_text_that_must_not_be_said_is_refused_with_its_line(knowledge: Knowledge, tmp_path: Path) -> None:
    (tmp_path / "badges.yml").write_text(
        "labels: {unavailable: 不支持分期, later: 保证通过, limited: 有条件}\noffer: 可分期\nneutral: 不能用\n", encoding="utf-8"
    )
    with pytest.raises(SourceError, match="badges.yml:1: must never be said"):
        read_badge_texts(knowledge.forbidden, tmp_path)
