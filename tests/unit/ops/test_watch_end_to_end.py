"""From a shop that breaks to a draft that names it, before anybody has declared anything: the real dialogue, world, observations, roll-up and watch."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
import time_machine

from actions.state.alerts import members, open_alerts
from actions.state.database import Database
from actions.state.episodes import user_of
from actions.state.incidents import all_notes
from actions.state.world.loading import load_world_data
from ops.incidents.reading import every_incident
from ops.observing.rollup import roll_up
from ops.watch.complaints import DiagnosedComplaint
from ops.watch.drafts import declared_incidents, draft_incident
from ops.watch.live import LiveWatch
from ops.worker import Surroundings
from tests.unit.handoff.conftest import House, demo_file, house
from tests.unit.ops.observed import write

__all__ = ["demo_file", "house"]

pytestmark = pytest.mark.slow

BROKEN = "m-e-7"
CAUSE = "merchant_integration_error"
BEGIN = datetime.fromisoformat("2026-11-22T10:00:00+08:00")
MINUTES, BROKEN_FROM = 30, 10
CUSTOMERS = 150
DAYS = 4


def _world(house: House, chance: random.Random) -> dict[str, str]:
    """Puts customers with an order each into the world; the shop of each. One in three has another block."""
    shops = [f"m-e-{number}" for number in range(30)]
    ordered = {
        f"u-e-{number}": BROKEN if number >= CUSTOMERS * BROKEN_FROM // MINUTES and chance.random() < 0.5 else chance.choice(shops)
        for number in range(CUSTOMERS)
    }
    rows: dict[str, list[dict[str, Any]]] = {
        "users": [{"id": user, "region": chance.choice(["广东", "浙江", "四川", "河北"])} for user in ordered],
        "merchants": [{"id": shop} for shop in shops],
        "categories": [{"id": "pots"}],
        "items": [{"sku": f"9{shop[4:].zfill(5)}", "category": "pots", "merchant": shop, "price": "599.00"} for shop in shops],
        "orders": [
            {"id": f"o-{user}", "user": user, "lines": [{"sku": f"9{shop[4:].zfill(5)}", "quantity": 1}]} for user, shop in ordered.items()
        ],
    }
    for user in rows["users"][::3]:
        user["realname"] = "unverified"
    load_world_data(house.database, rows)
    return ordered


def _history(database: Database, chance: random.Random, until: datetime) -> None:
    """Four days on which a third of those who complain has the usual block, and most of the others none that is known."""
    begin = until.timestamp() - DAYS * 86_400
    causes = [("realname_unverified", 100), ("none", 195), (CAUSE, 5)]
    names, weights = zip(*causes)
    write(
        database,
        [
            DiagnosedComplaint(
                begin + number * 24.0,
                f"c-before-{number}",
                (chance.choices(names, weights)[0],),
                frozenset(
                    {("merchant", f"m-e-{chance.randrange(30)}"), ("region", chance.choice(["广东", "浙江"])), ("amount", "500-2000")}
                ),
            )
            for number in range(DAYS * 3600 - 10)
        ],
    )


@dataclass(frozen=True)
class Broken:
    """What became of half an hour in which a shop broke.

    Attributes:
        shops: where each customer has ordered.
        drafted: minute in which the first alarm came; None: none came.
    """

    shops: dict[str, str]
    drafted: int | None


def play(house: House, begin: datetime, last: Sequence[tuple[str, str]] = ()) -> Broken:
    """Lets a shop break and customers complain, while the watch looks; what is looked at afterwards is in the database.

    Args:
        begin: of the half hour, real time.
        last: customers who complain in the last minute as well, each with the order.
    """
    chance = random.Random(407)
    shops = _world(house, chance)
    _history(house.database, chance, begin)
    here = Surroundings.of(house.application)
    watch = LiveWatch(draft_incident, declared_incidents, budget=600)
    waiting = [(user, f"o-{user}") for user in shops]
    drafted = None
    with time_machine.travel(begin, tick=False) as time:
        for minute in range(MINUTES):
            if minute == BROKEN_FROM:
                load_world_data(house.database, {"merchants": [{"id": BROKEN, "integration": "error"}]})
            now = [waiting.pop(0) for _ in range(CUSTOMERS // MINUTES)] + (list(last) if minute == MINUTES - 1 else [])
            for user, order in now:
                house.turn(user, "installment_missing", "分期没了", order=order)
                time.shift(60 / len(now))
            roll_up(here)
            time.shift(6)
            new = [alert for alert in watch.look(here) if alert.level == "alarm"]
            time.shift(-6)
            if new:
                drafted = drafted or minute
                assert minute >= BROKEN_FROM, new
    return Broken(shops, drafted)


def test_a_shop_that_breaks_is_named_by_a_draft_before_anybody_has_declared_anything(house: House) -> None:
    played = play(house, BEGIN)
    shops, drafted = played.shops, played.drafted
    with house.database.session() as session:
        (alert,) = [each for each in open_alerts(session) if each.level == "alarm"]
        customers = {user_of(session, each.ref) for each in members(session, alert.id)}
        drafts = [notes for notes in all_notes(session).values() if notes[0].from_alert == alert.id]
        incidents = every_incident(session, BEGIN)
    assert drafted is not None and drafted <= BROKEN_FROM + 15
    assert alert.streams[0] == CAUSE and (alert.drill[0]["dim"], alert.drill[0]["value"]) == ("merchant", BROKEN)
    assert BEGIN.timestamp() * 1000 <= alert.since <= alert.opened_at
    ((note,),) = drafts
    assert (note.stage, note.component, note.affects, note.by) == ("draft", "installment", {"merchants": [BROKEN]}, "watch")
    assert note.evidence["drill"][0]["value"] == BROKEN and note.public
    # Drafts only, in which nobody is told anything.
    assert {each.stage for each in incidents if each.id == alert.draft} == {"draft"}
    assert not any(each.is_open and each.from_alert for each in incidents)
    affected = {user for user in customers if user is not None}
    assert affected and all(shops[user] == BROKEN for user in affected)
