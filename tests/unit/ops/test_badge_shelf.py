"""What a cause comes to is worked out once for products that are alike: many products beside one another get what each gets alone, at every moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.core.facts import Facts, Line
from actions.core.platform import Category, Incident, Item, Maintenance, Merchant, Plan, Policy
from actions.core.records import User
from conversations.application import project_knowledge
from ops.badges.badge import BadgeMaker
from ops.badges.everywhere import Everywhere, regions_apart
from ops.badges.shelf import Looks, Shelf
from ops.badges.texts import read_badge_texts
from tests.unit.ops.test_badges import ITEMS, MERCHANTS

NOW = datetime.fromisoformat("2026-11-22T10:00:00+08:00")
PRICES = st.sampled_from(["0.01", "99.99", "100.00", "100.01", "299.00", "300.00", "899.00", "50000.00", "50000.01"])
AFFECTS = st.fixed_dictionaries(
    {},
    optional={
        "merchants": st.sampled_from([["m-1"], ["m-2", "m-9"]]),
        "categories": st.sampled_from([["phones"], ["gold"]]),
        "regions": st.just(["海南"]),
        "channels": st.just(["wechat"]),
    },
)
POLICIES = [
    {"id": "p-min", "kind": "min_amount", "amount": "100.00", "effective_from": "2026-01-01", "effective_to": "2026-11-30"},
    {"id": "p-min-next", "kind": "min_amount", "amount": "300.00", "effective_from": "2026-12-01"},
    {"id": "p-max", "kind": "max_amount", "amount": "50000.00", "effective_from": "2026-01-01"},
    {"id": "p-cap", "kind": "monthly_cap", "amount": "300.00", "category": "gold", "effective_from": "2026-11-23"},
    {"id": "p-region", "kind": "region", "regions": ["海南"], "effective_from": "2026-01-01"},
    {"id": "p-there", "kind": "adjustment", "regions": ["青海"], "notice": "分批调整", "effective_from": "2026-11-25"},
    {"id": "p-channel", "kind": "channel", "allowed": ["app"], "effective_from": "2026-01-01"},
]
WORLDS = st.fixed_dictionaries(
    {
        "policies": st.lists(st.sampled_from(POLICIES), unique_by=lambda policy: policy["id"]),
        "incidents": st.lists(
            st.fixed_dictionaries(
                {
                    "component": st.sampled_from(["checkout", "credit"]),
                    "severity": st.sampled_from(["outage", "degraded"]),
                    "started_at": st.sampled_from(["2026-11-22T09:30:00+08:00", "2026-11-22T18:00:00+08:00"]),
                    "resolved_at": st.sampled_from([None, "2026-11-22T20:00:00+08:00"]),
                    "affects": AFFECTS,
                }
            ),
            max_size=2,
        ),
        "maintenance": st.sampled_from(
            [[], [{"id": "w", "starts_at": "2026-11-23T02:00:00+08:00", "ends_at": "2026-11-23T04:00:00+08:00"}]]
        ),
    }
)
PRODUCTS = st.lists(
    st.tuples(ITEMS, MERCHANTS, st.sampled_from(["phones", "gold"]), st.sampled_from(["m-1", "m-2"]), PRICES), min_size=2, max_size=8
)


@pytest.fixture(scope="module")
def maker() -> BadgeMaker:
    knowledge = project_knowledge()
    return BadgeMaker(knowledge.causes.values(), read_badge_texts(knowledge.forbidden).neutral, knowledge.locale)


def shared(world: dict[str, Any]) -> Facts:
    incidents = (Incident.parse_obj({"id": f"i-{number}", **each}) for number, each in enumerate(world["incidents"]))
    return Facts(
        now=NOW,
        user=User(id="nobody"),
        plans=tuple(Plan.parse_obj({"tenor": tenor}) for tenor in (3, 6, 12, 24)),
        policies=tuple(map(Policy.parse_obj, world["policies"])),
        incidents=tuple(incidents),
        maintenance=tuple(map(Maintenance.parse_obj, world["maintenance"])),
    )


def lines(products: list[Any]) -> list[Line]:
    made = []
    for number, (item, merchant, category, shop, price) in enumerate(products):
        own = {**item, "sku": str(number), "title": f"商品{number}", "price": price, "category": category, "merchant": shop}
        kind = Category.parse_obj({"id": category, "name": category, "installment": "excluded" if category == "gold" else "allowed"})
        made.append(Line(Item.parse_obj(own), kind, Merchant.parse_obj({**merchant, "id": shop, "name": f"店{number}"}), 1))
    return made


@pytest.mark.slow
def test_products_beside_one_another_get_what_each_gets_alone_at_every_moment(maker: BadgeMaker) -> None:
    looks = Looks(maker)

    @settings(max_examples=16, deadline=None, suppress_health_check=list(HealthCheck))
    @given(PRODUCTS, WORLDS, st.sampled_from(["广东", "海南", "青海"]), st.sampled_from(["app", "wechat"]))
    def check(products: list[Any], world: dict[str, Any], region: str, channel: str) -> None:
        facts, goods = shared(world), lines(products)
        shelf, now = Shelf(looks, facts, region, channel), NOW
        for _ in range(6):
            badges = [shelf.badge(line, now) for line in goods]
            assert badges == [maker.badge(line, Facts(**{**vars(facts), "now": now}), region, channel) for line in goods]
            ends = sorted({badge.valid_until for badge in badges if badge.valid_until is not None})
            if not ends:
                return
            # A second before the first of them changes, everything is as it was; from that instant on it is what it is alone.
            before = [shelf.badge(line, max(now, ends[0] - timedelta(seconds=1))) for line in goods]
            assert before == badges
            now = ends[0]

    check()


@pytest.mark.slow
def test_what_is_kept_is_another_if_and_only_if_it_is_another_somewhere(maker: BadgeMaker) -> None:
    looks, labels = Looks(maker), {"unavailable": "不支持分期"}

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(PRODUCTS, WORLDS, WORLDS)
    def check(products: list[Any], world: dict[str, Any], other: dict[str, Any]) -> None:
        facts, after, goods = shared(world), shared(other), lines(products)[:2]
        digests = [[Everywhere(looks, each, labels).kept(line, NOW, 1).digest for line in goods] for each in (facts, after)]
        places = [(region, channel) for region in ("广东", "海南", "青海", "") for channel in ("app", "wechat", "web", "offline")]
        for number, line in enumerate(goods):
            same = all(_said(maker, line, facts, place) == _said(maker, line, after, place) for place in places)
            if not same:
                assert digests[0][number] != digests[1][number]
            if facts == after:
                assert digests[0][number] == digests[1][number]

    check()


def _said(maker: BadgeMaker, line: Line, world: Facts, place: tuple[str, str]) -> Any:
    badge = maker.badge(line, world, *place)
    return badge.state, badge.causes, badge.valid_until


def test_regions_that_nobody_tells_from_another_are_looked_at_once(maker: BadgeMaker) -> None:
    facts = shared({"policies": POLICIES, "incidents": [], "maintenance": []})
    apart = regions_apart(facts, "广东")
    assert len(apart) == 3 and {"海南", "青海"} < set(apart)
    assert len(regions_apart(shared({"policies": [], "incidents": [], "maintenance": []}), "广东")) == 1
