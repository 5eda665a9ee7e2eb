"""The console's page of badges: what the worker has kept, found by product, by title and by shop, and what share of the range can be had."""

from __future__ import annotations

from collections.abc import Callable

from actions.state.world.loading import load_world_data
from ops.badges.keeping import BadgeKeeper
from tests.unit.console.conftest import Caller
from tests.unit.handoff.conftest import House


def test_before_the_worker_has_looked_the_page_says_so(house: House, call: Callable[[str], Caller]) -> None:
    # A server that is ready has read what it knows.
    assert house.application.knowledge.current.causes
    page = call("viewer").look("/console/badges")
    assert page.status_code == 200 and "后台程序还没有查看过" in page.text
    assert call("viewer").get("/badges").json()["categories"] == []


def test_products_and_shops_are_found_and_the_range_is_counted(house: House, call: Callable[[str], Caller]) -> None:
    here = house.application
    keeper = BadgeKeeper()
    keeper.keep_up(here.database, here.knowledge.current)
    viewer = call("analyst")
    told = viewer.get("/badges").json()
    shares = {row["id"]: (row["had"], row["products"]) for row in told["categories"]}
    assert shares["gold"] == (0, 1) and shares["phones"][1] == 4
    assert [row["share"] for row in told["shops"]] == sorted(row["share"] for row in told["shops"])
    assert [(row["sku"], row["changes_at"]) for row in told["next"]][0] == ("100023", "2026-12-01T00:00:00+08:00")
    found = {
        asked: viewer.get("/badges", params={"q": asked}).json()["found"] for asked in ("100015", "远山茶器坊", "m-12", "话费", "%", "没有")
    }
    assert (found["100015"]["kind"], found["100015"]["products"][0]["causes"]) == ("product", ["item_excluded"])
    assert found["远山茶器坊"] == found["m-12"] and [each["sku"] for each in found["m-12"]["products"]] == ["100023"]
    assert [each["sku"] for each in found["话费"]["products"]] == ["100012"]
    assert found["%"]["products"] == found["没有"]["products"] == []
    page = viewer.look("/console/badges?q=100026")
    assert "这家店铺目前不能用白条分期" in page.text and "merchant_risk_blocked" not in page.text
    load_world_data(here.database, {"categories": [{"id": "gold", "installment": "allowed"}]})
    keeper.keep_up(here.database, here.knowledge.current)
    assert {row["id"]: row["had"] for row in viewer.get("/badges").json()["categories"]}["gold"] == 1
