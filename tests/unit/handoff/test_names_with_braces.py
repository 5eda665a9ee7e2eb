"""A shop may call an article what it likes: no name is read as a text of ours with places to fill."""

from __future__ import annotations

from typing import Any

import pytest

from actions.knowledge.rendering import Values, fill, fill_all, fill_lines
from actions.state.world.loading import load_world_data
from actions.yaml_source import Source
from bot.commands.handoffs import FORMATS, show
from tests.unit.handoff.conftest import WORLD, House
from tests.unit.knowledge.worlds import snapshot

BRACES = "{nope}{baitiao.credit_limit}{0}{{x}}}%s"
NAMED = {"users": "name", "merchants": "name", "categories": "name", "items": "title"}


def named() -> dict[str, list[dict[str, Any]]]:
    """Every name of the demo world, and that."""
    world = Source.read(WORLD).data
    keys = {"items": "sku"}
    return {
        section: [{key: row[key], field: f"{row.get(field) or ''}{BRACES}"} for row in world[section]]
        for section, field in NAMED.items()
        for key in (keys.get(section, "id"),)
    }


@pytest.mark.slow
def test_every_customer_of_the_demo_world_gets_help_and_a_person(house: House) -> None:
    load_world_data(house.database, named())
    owners = {order["user"]: order["id"] for order in Source.read(WORLD).data["orders"]}
    shown = []
    for user, order in owners.items():
        case = house.turn(user, "installment_missing", "怎么不能分期了", order=order).case
        case = house.turn(user, "step_done", "弄好了", case, order).case
        house.turn(user, "request_human", "转人工", case, order)
        shown.append(show(house.application, house.open(user).id, "json"))
        shown.extend(message.text for message in house.history(user))
    assert all(show(house.application, house.open().id, shape) for shape in FORMATS)
    assert sum(BRACES in text for text in shown) > len(owners)


def test_what_was_filled_is_not_filled_again(house: House) -> None:
    values, locale = Values(snapshot()), house.application.knowledge.current.locale
    once = fill_all("这笔 {item}", ("item",), {"item": "{baitiao.credit_limit}"}, locale)
    assert once == "这笔 {baitiao.credit_limit}"
    for again in (
        lambda: fill(once, values, locale),
        lambda: fill_lines([once], values, locale),
        lambda: fill_all(once, (), {}, locale),
    ):
        with pytest.raises(TypeError, match="was filled before"):
            again()
