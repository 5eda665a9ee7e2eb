"""Badges over HTTP: who is answered, what is refused and how, and answers that caches may keep for as long as they are right."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from sanic import Blueprint
from sqlalchemy import select

from actions.state import badges
from actions.state.database import Database
from actions.state.jobs import claim, finish
from actions.state.tallies import TALLIES
from actions.state.world.loading import load_world_data
from bot.catalog import PATH, register
from bot.channel.badge_store import MOST_CHANGES
from bot.channel.badges import MOST_FOR_CUSTOMERS, MOST_FOR_SHOPS
from bot.channel.locks import LocalLocks
from bot.channel.service import ChannelService, RateLimiter
from bot.channel.store import ChannelStore
from bot.channel.tokens import ROLES, TokenVerifier, issue
from bot.channel.widget.badges import add_badges
from bot.web.site import add_site
from conversations.application import STORE, composed, project_knowledge
from ops.badges.keeping import BadgeKeeper
from tests.unit.demo.serving import Serving
from tests.unit.handoff.conftest import demo_file
from tools.pages import ROOT, blocks

__all__ = ["demo_file"]

SECRET = "a secret of the tests, longer than 32 characters"
WIDGET = "/webhooks/widget/badges"


class Shop:
    """A server over a database of its own, and its callers."""

    def __init__(self, database: Database) -> None:
        self.database = database
        # A server that is ready has read what it knows.
        project_knowledge()
        here = composed(database)
        store = ChannelStore(database, here.facts)
        service = ChannelService(store, TokenVerifier({"HS256": SECRET}), RateLimiter("100000/minute"), LocalLocks())

        def furnish(app: Any) -> None:
            add_site(app, service.metrics, {})
            known = store.badges(STORE)
            register(app, service, known)
            routes = Blueprint("widget", url_prefix="/webhooks/widget")
            add_badges(routes, service, known)
            app.blueprint(routes)
            self.flush = service.counts.flush

        self._server = Serving(furnish)
        self.address = self._server.address

    def close(self) -> None:
        self._server.close()

    def post(self, body: Any, role: str | None = "catalog", **headers: str) -> requests.Response:
        token = issue(SECRET, "shop-1", roles=[role] if role else ())
        return requests.post(self.address + PATH, json=body, headers={"Authorization": f"Bearer {token}", **headers}, timeout=20)

    def get(self, path: str, user: str = "u-1013", roles: tuple[str, ...] = (), **headers: str) -> requests.Response:
        token = issue(SECRET, user, roles=roles)
        return requests.get(self.address + path, headers={"Authorization": f"Bearer {token}", **headers}, timeout=20)

    def changes(self, after: Any) -> requests.Response:
        return self.get(f"{PATH}/changes?after={after}", "shop-1", ("catalog",))

    def worker_looks(self) -> None:
        """Lets the worker do its pass once."""
        with self.database.session() as session:
            claim(session, badges.PASS, "worker")
        BadgeKeeper().keep_up(self.database, STORE.current)
        with self.database.session() as session:
            finish(session, badges.PASS, "worker", 0.0, 0.1, None)


@pytest.fixture
def shop(demo_file: Path, tmp_path: Path) -> Iterator[Shop]:
    shutil.copy(demo_file, tmp_path / "shop.db")
    database = Database(f"sqlite:///{tmp_path / 'shop.db'}")
    shop = Shop(database)
    yield shop
    shop.close()
    database.close()


def test_each_product_once_those_that_nobody_sells_apart_and_nothing_of_offers_unasked(shop: Shop) -> None:
    found = shop.post({"skus": ["100015", "100015", "100018", "100001", "999", "\ud800", "a\0b"]}).json()
    assert [(each["sku"], each["state"], each["badge"]) for each in found["badges"]] == [
        ("100015", "unavailable", "不支持分期"),
        ("100018", "limited", "分期有条件"),
        ("100001", "available", None),
    ]
    assert found["unknown"] == ["999", "\ud800", "a\0b"] and not any("plans" in each for each in found["badges"])
    assert found["badges"][1]["rules"] == {"tenors": [3, 6, 12, 24], "down_payment": 0.3}


def test_the_answer_is_the_one_that_the_page_shows(shop: Shop) -> None:
    (shown,) = [block for block in blocks(ROOT / "docs/badges.md") if block.kind == "badges"]
    assert {**shop.post({"skus": ["100015", "999"]}).json(), "version": 4182} == json.loads(shown.text)


def test_an_offer_never_comes_without_what_every_plan_costs_a_year(shop: Shop) -> None:
    badges_ = shop.post({"skus": ["100001", "100018", "100015"], "offers": True}).json()["badges"]
    assert [(each["badge"], "plans" in each) for each in badges_] == [("可分期", True), ("分期有条件", True), ("不支持分期", False)]
    assert all(plan["apr"] > 0 and plan["fee_total"] > 0 for each in badges_[:2] for plan in each["plans"])
    quoted = badges_[0]["plans"]
    assert [plan["tenor"] for plan in quoted] == [3, 6, 12, 24]


QUESTIONS: list[tuple[Any, int]] = [
    ({}, 400),
    ([], 400),
    ({"skus": []}, 400),
    ({"skus": "100015"}, 400),
    ({"skus": [100015]}, 400),
    ({"skus": [""]}, 400),
    ({"skus": ["1"], "channel": "fax"}, 400),
    ({"skus": ["1"], "region": 7}, 400),
    ({"skus": ["1"], "offers": "yes"}, 400),
    ({"skus": ["1"] * (MOST_FOR_SHOPS + 1)}, 413),
    ({"skus": ["1"] * MOST_FOR_SHOPS}, 200),
]


def test_what_is_no_question_is_refused(shop: Shop) -> None:
    for body, status in QUESTIONS:
        answer = shop.post(body)
        assert answer.status_code == status, body
        if status != 200:
            assert answer.json()["status"] == status and answer.headers["Content-Type"] == "application/problem+json"


def test_a_customers_page_may_ask_for_fifty_at_once(shop: Shop) -> None:
    asked = "&".join(f"sku={number}" for number in range(MOST_FOR_CUSTOMERS))
    assert shop.get(f"{WIDGET}?{asked}").status_code == 200
    assert shop.get(f"{WIDGET}?{asked}&sku=x").status_code == 413
    assert shop.get(WIDGET).status_code == 400 and shop.get(f"{WIDGET}?sku=").status_code == 400
    assert shop.get(f"{WIDGET}?sku=1&channel=app&channel=web").status_code == 400


def test_only_a_catalogues_program_and_only_a_customer_are_answered(shop: Shop) -> None:
    for role in [*ROLES, None]:
        allowed = role == "catalog"
        assert shop.post({"skus": ["100015"]}, role).status_code == (200 if allowed else 403)
        assert shop.get(f"{PATH}/changes", "x", (role,) if role else ()).status_code == (503 if allowed else 403)
        assert shop.get(f"{WIDGET}?sku=100015", roles=(role,) if role else ()).status_code == (401 if role else 200)
    for method, path in (("POST", PATH), ("GET", f"{PATH}/changes"), ("GET", f"{WIDGET}?sku=1")):
        assert requests.request(method, shop.address + path, json={"skus": ["1"]}, timeout=20).status_code == 401
    assert shop.get(f"{WIDGET}?sku=100015", "nobody").status_code == 401


def test_customers_see_what_holds_where_they_are(shop: Shop) -> None:
    load_world_data(shop.database, {"users": [{"id": "u-1013", "region": "海南"}]})
    here, elsewhere = (shop.get(f"{WIDGET}?sku=100001{where}").json()["badges"][0] for where in ("", "&region=广东"))
    assert (here["causes"], elsewhere["causes"]) == (["region_restricted"], [])
    assert shop.get(f"{WIDGET}?sku=100001&region=广东&channel=wechat").json()["badges"][0]["causes"] == ["channel_unsupported"]


def test_pages_of_customers_that_were_given_a_badge_are_counted_by_minute_and_for_nobody(shop: Shop) -> None:
    for skus in (("100001", "100015"), ("100018",), ("100001",)):
        shop.get(WIDGET + "?" + "&".join(f"sku={sku}" for sku in skus))
    # A shop's own servers keep what they are told: nobody knows how often it is looked at.
    shop.post({"skus": ["100015"]})
    asyncio.run(shop.flush())
    with shop.database.session() as session:
        rows = session.execute(select(TALLIES).where(TALLIES.c.kind == "badged")).all()
    assert sum(row.refs for row in rows) == 2
    assert {(row.value, row.dim, row.dim_value) for row in rows} == {("", "", "")}


def test_an_answer_may_be_kept_while_it_is_right_and_no_longer(shop: Shop) -> None:
    first = shop.post({"skus": ["100015", "100023"]})
    assert first.json()["valid_until"] == "2026-12-01T00:00:00+08:00"
    again = shop.post({"skus": ["100015", "100023"]}, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "Authorization" in first.headers["Vary"]
    kept = dict(part.strip().split("=") for part in first.headers["Cache-Control"].split(",")[1:])
    left = (datetime.fromisoformat("2026-12-01T00:00:00+08:00") - datetime.fromisoformat("2026-11-22T10:00:00+08:00")).total_seconds()
    assert int(kept["max-age"]) <= 5 and int(kept["max-age"]) + int(kept["stale-if-error"]) <= left


def test_seconds_before_time_changes_it_an_answer_may_not_be_kept_for_longer(shop: Shop) -> None:
    load_world_data(shop.database, {"now": "2026-11-30T23:59:59+08:00"})
    told = shop.post({"skus": ["100023"]})
    assert told.json()["badges"][0]["state"] == "later"
    assert told.headers["Cache-Control"] == "private, max-age=1, stale-if-error=0"


def test_many_badges_are_packed_for_whom_can_unpack_them(shop: Shop) -> None:
    skus = [str(number) for number in range(100001, 100030)]
    packed = shop.post({"skus": skus})
    plain = shop.post({"skus": skus}, **{"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert packed.json()["badges"] == plain.json()["badges"] and len(plain.json()["badges"]) == 29


def test_changes_are_told_page_by_page_and_none_twice(shop: Shop) -> None:
    assert shop.changes(0).status_code == 503 and shop.changes(0).headers["Retry-After"]
    shop.worker_looks()
    first = shop.changes(0).json()
    assert len(first["badges"]) == 29 and first["more"] is False
    assert shop.changes(first["version"]).json()["badges"] == []
    load_world_data(shop.database, {"items": [{"sku": "100001", "installment": "excluded"}]})
    shop.worker_looks()
    second = shop.changes(first["version"]).json()
    assert [each["sku"] for each in second["badges"]] == ["100001"] and second["version"] > first["version"]
    for after in ("x", "-1", "1&after=2"):
        assert shop.changes(after).status_code == 400


def test_a_version_of_a_database_of_before_is_answered_with_everything(shop: Shop) -> None:
    shop.worker_looks()
    now = shop.changes(0).json()
    found = shop.changes(10**12).json()
    assert (len(found["badges"]), found["version"]) == (29, now["version"])


def test_a_body_that_is_too_large_is_told_in_words_of_products(shop: Shop) -> None:
    refused = shop.post({"skus": [f"{number:0128}" for number in range(500)]})
    assert (refused.status_code, refused.json()["type"]) == (413, "urn:baitiao:problem:too-many-products")


def test_more_changes_than_fit_into_one_answer_are_told_in_several(shop: Shop) -> None:
    more = [{"sku": f"n-{number:04}", "category": "home", "merchant": "m-1", "price": "900.00"} for number in range(MOST_CHANGES + 30)]
    load_world_data(shop.database, {"items": more})
    shop.worker_looks()
    heard: list[str] = []
    after, pages = 0, 0
    while True:
        answer = shop.changes(after).json()
        heard += [each["sku"] for each in answer["badges"]]
        after, pages = answer["version"], pages + 1
        if not answer["more"]:
            break
    assert pages == 2 and len(heard) == len(set(heard)) == len(more) + 29


def test_without_a_database_nobody_is_told_anything(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> Any:
        raise OSError("the database is away")

    monkeypatch.setattr(shop.database, "session", away)
    for answer in (shop.post({"skus": ["100015"]}), shop.changes(0)):
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:baitiao:problem:unavailable")
        assert int(answer.headers["Retry-After"]) >= 1
