"""Where a trouble sits."""

from __future__ import annotations

import pytest

from ops.stats.ranking import Value, over_represented


def _customers(count: int, *values: Value) -> list[frozenset[Value]]:
    return [frozenset(values)] * count


def test_the_value_that_the_affected_share_comes_first() -> None:
    affected = _customers(13, ("merchant", "m-1"), ("region", "广东")) + _customers(2, ("merchant", "m-2"), ("region", "北京"))
    others = _customers(3, ("merchant", "m-1"), ("region", "广东")) + _customers(40, ("merchant", "m-2"), ("region", "广东"))
    found = over_represented(affected, others, least=5)
    assert [(each.dim, each.value) for each in found] == [("merchant", "m-1")]
    (merchant,) = found
    assert merchant.share == pytest.approx(13 / 15) and merchant.others == pytest.approx(3 / 43)
    assert 0.3 < merchant.at_least < merchant.share - merchant.others and merchant.p < 1e-6


def test_fewer_than_the_least_say_nothing() -> None:
    affected, others = _customers(4, ("region", "广东")), _customers(50, ("region", "北京"))
    assert over_represented(affected, others, least=5) == ()
    assert len(over_represented(affected, others, least=4)) == 1


def test_what_everybody_has_is_no_place() -> None:
    assert over_represented(_customers(20, ("channel", "app")), _customers(200, ("channel", "app")), least=5) == ()


def test_without_others_nothing_stands_out() -> None:
    assert over_represented(_customers(20, ("region", "广东")), [], least=5) == ()


def test_trying_many_values_makes_each_need_more() -> None:
    place: Value = ("region", "r-0")
    affected = _customers(6, place) + _customers(14)
    others = _customers(30, place) + _customers(270)
    alone = over_represented(affected, others, least=1, level=1.0)[0].p
    many = [frozenset({*each, ("merchant", f"m-{number}")}) for number, each in enumerate(affected)]
    among_many = next(each for each in over_represented(many, others, least=1, level=1.0) if each.dim == "region")
    assert among_many.p > alone
