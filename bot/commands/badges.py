"""What ``baitiao badges`` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from actions.core.moments import local
from actions.core.records import Channel
from bot.commands import Refusal, opened
from ops.badges.badge import BadgeMaker
from ops.badges.catalog import Catalog
from ops.badges.texts import read_badge_texts


def shown(skus: Sequence[str], region: str | None, channel: str) -> dict[str, Any]:
    """The badges of products in the contract's words; each product once, those that nobody knows apart.

    Raises:
        Refusal: there is no such channel.
    """
    channels = get_args(Channel)
    if channel not in channels:
        raise Refusal(f"--channel must be one of {', '.join(channels)}, not {channel}")
    here = opened()
    knowledge = here.knowledge.current
    texts = read_badge_texts(knowledge.forbidden)
    maker = BadgeMaker(knowledge.causes.values(), texts.neutral, knowledge.locale)
    with here.database.session() as session:
        catalog = Catalog.read(session, here.settings.now)
    made = [
        maker.badge(catalog.lines[sku], catalog.world, region or catalog.world.user.region, channel)
        for sku in dict.fromkeys(skus)
        if sku in catalog.lines
    ]
    ends = [badge.valid_until for badge in made if badge.valid_until is not None]
    labels = texts.labels.dict()
    return {
        "as_of": local(catalog.world.now).isoformat(),
        "version": catalog.version,
        "valid_until": local(min(ends)).isoformat() if ends else None,
        "badges": [badge.to_data(labels) for badge in made],
        "unknown": [sku for sku in dict.fromkeys(skus) if sku not in catalog.lines],
    }


def lines(found: dict[str, Any]) -> Iterator[str]:
    """The badges for people."""
    for badge in found["badges"]:
        yield " · ".join([badge["sku"], badge["state"], *([badge["badge"]] if badge["badge"] else []), *badge["why"]])
    for sku in found["unknown"]:
        yield f"{sku} · unknown"
