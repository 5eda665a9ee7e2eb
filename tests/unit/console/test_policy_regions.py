"""What came of a policy in its own regions, in the console: shown as the worker has found it, with what it is not, or why there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.console.conftest import Caller
from tests.unit.console.rollouts import DRAWN, a_report, begun_somewhere
from tests.unit.handoff.conftest import House

Call = Callable[[str], Caller]


def test_what_came_of_a_policy_in_its_regions_is_shown_with_what_it_is_not(call: Call, house: House) -> None:
    assert "推出前后" not in call("viewer").look("/console/policies/p-min").text
    begun_somewhere(house.database, **a_report())
    page = call("viewer").look("/console/policies/p-here/regions").text
    for words in (
        "这不是试验",
        "+4.1",
        "+1.0 到 +7.2",
        "照推出之前的走势",
        "不足 5 人",
        "已经在分开",
        "7 个地区里，1 个也变了这么多",
        "i-9",
        "只在推出的地区",
    ):
        assert words in page
    assert call("viewer").get("/policies/p-here/regions").json()["report"]["comparisons"][0]["interval"] == [0.01, 0.072]
    assert call("viewer").look("/console/policies/p-here/regions/plot/dark").text == DRAWN.format(theme="dark")
    assert call("viewer").look("/console/policies/p-here/regions/plot/green").status_code == 404
    assert 'href="/console/policies/p-here/regions"' in call("viewer").look("/console/policies/p-here").text


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ({}, "后台程序还没有比过"),
        ({"refused": {"code": "not-begun", "on": "2026-12-09"}}, "2026-12-09 生效，满两周后才能比较"),
        ({"refused": {"code": "clock-stands"}}, "时钟是停住的"),
    ],
)
def test_where_nothing_is_compared_the_page_says_why(call: Call, house: House, report: dict[str, Any], said: str) -> None:
    begun_somewhere(house.database, **report)
    page = call("viewer").look("/console/policies/p-here/regions").text
    assert said in page and "这不是试验" in page
    assert call("viewer").look("/console/policies/p-here/regions/plot/light").status_code == (200 if report else 404)


def test_a_policy_without_regions_and_one_that_is_not_there_have_nothing_to_compare(call: Call) -> None:
    assert "没有写地区" in call("viewer").look("/console/policies/p-min/regions").text
    assert call("viewer").look("/console/policies/p-none/regions").status_code == 404
