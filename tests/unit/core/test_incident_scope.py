"""An incident changes nothing for whom it does not affect, and without a scope everything is as it always was."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.core.diagnosis import diagnose
from actions.core.facts import Facts, Line
from actions.core.fields import Version
from actions.core.moments import SHANGHAI
from actions.core.platform import Affects, Category, Incident, Item, Merchant
from actions.core.records import Bill, Order, OrderLine, User
from conversations.application import project_knowledge

pytestmark = pytest.mark.broad

NOW = datetime(2026, 11, 22, 10, tzinfo=SHANGHAI)
REGIONS, SHOPS, CATEGORIES, CHANNELS = ("上海", "北京", "广东"), ("m1", "m2", "m3"), ("c1", "c2"), ("app", "web", "wechat")
VERSIONS = tuple(map(Version, ("12.9.9", "13.0.0", "13.2")))


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)


scopes = st.builds(
    lambda **given: Affects.construct(**given),
    regions=some(REGIONS),
    merchants=some(SHOPS),
    categories=some(CATEGORIES),
    channels=some(CHANNELS),
    app_below=st.none() | st.sampled_from(VERSIONS),
)


@st.composite
def customers(draw: st.DrawFn) -> Facts:
    overdue = draw(st.sampled_from(["0.00", "88.80"]))
    user = User(
        id="u",
        region=draw(st.sampled_from(REGIONS)),
        app_version=draw(st.sampled_from(VERSIONS)),
        phone_bound=draw(st.booleans()),
        baitiao={"overdue": overdue},
    )
    goods = draw(st.lists(st.tuples(st.sampled_from(SHOPS), st.sampled_from(CATEGORIES)), min_size=1, max_size=3))
    lines = tuple(
        Line(Item(sku=str(number), category=category, merchant=shop, price="100.00"), Category(id=category), Merchant(id=shop), 1)
        for number, (shop, category) in enumerate(goods)
    )
    order = Order(id="o", user="u", lines=tuple(OrderLine(sku=line.item.sku) for line in lines), channel=draw(st.sampled_from(CHANNELS)))
    about = draw(st.sampled_from(["order", "bill", "account"]))
    if about == "order":
        return Facts(NOW, user, order=order, lines=lines)
    bill = Bill(id="b", user="u", month="2026-11", amount="1200.00", status="issued") if about == "bill" else None
    return Facts(NOW, user, bill=bill)


def is_in(facts: Facts, scope: Affects) -> bool:
    """As the design says it: every list that is given matches; shops, categories and channels are of orders."""
    shops, categories = {line.merchant.id for line in facts.lines}, {line.category.id for line in facts.lines}
    return all(
        (
            facts.user.region in (scope.regions or [facts.user.region]),
            not scope.merchants or bool(shops & set(scope.merchants)),
            not scope.categories or bool(categories & set(scope.categories)),
            not scope.channels or (facts.order is not None and facts.order.channel in scope.channels),
            scope.app_below is None or facts.user.app_version.numbers < scope.app_below.numbers,
        )
    )


def incident(severity: str, scope: Affects) -> Incident:
    return Incident(id="i", component="checkout", severity=severity, started_at="2026-11-22").copy(update={"affects": scope})


@settings(max_examples=150, deadline=None)
@given(customers(), scopes, st.sampled_from(["outage", "degraded"]))
def test_who_is_out_of_scope_has_the_same_diagnosis_to_the_bit_and_who_is_in_it_has_the_cause(
    facts: Facts, scope: Affects, severity: str
) -> None:
    causes = project_knowledge().causes.values()
    without = diagnose(facts, causes)
    with_it = diagnose(replace(facts, incidents=(incident(severity, scope),)), causes)
    if is_in(facts, scope):
        assert {*with_it.cause_ids} - {*without.cause_ids} == {f"incident_{severity}"}
    else:
        assert with_it.to_data() == without.to_data()


@settings(max_examples=50, deadline=None)
@given(customers(), st.sampled_from(["outage", "degraded"]))
def test_an_incident_without_a_scope_holds_for_everybody(facts: Facts, severity: str) -> None:
    plain = Incident(id="i", component="checkout", severity=severity, started_at="2026-11-22")
    found = diagnose(replace(facts, incidents=(plain,)), project_knowledge().causes.values())
    assert f"incident_{severity}" in found.cause_ids
