"""What ``baitiao badges`` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from actions.core.moments import local
from bot.commands import Refusal, opened
from bot.web.spreadsheets import csv_file
from ops.badges.asking import BadgesWanted
from ops.badges.catalog import every_sku
from ops.badges.everywhere import CHANNELS
from ops.badges.memory import BadgeMemory

_COLUMNS = ("sku", "state", "badge", "why", "instead", "causes", "tenors", "down_payment", "until", "valid_until")
_TOGETHER = 2000


def shown(skus: Sequence[str], region: str | None, channel: str) -> dict[str, Any]:
    """The badges of products in the contract's words; each product once, those that nobody knows apart.

    Raises:
        Refusal: there is no such channel.
    """
    _check(channel)
    here = opened()
    return BadgeMemory(here.database, here.knowledge, here.settings.now).answer(BadgesWanted.of(skus, region, channel)).to_data()


def exported(region: str | None, channel: str) -> bytes:
    """The badges of all products as a file for spreadsheets.

    Raises:
        Refusal: there is no such channel.
    """
    _check(channel)
    here = opened()
    memory = BadgeMemory(here.database, here.knowledge, here.settings.now)
    with here.database.session() as session:
        skus = every_sku(session)
    rows: list[Sequence[object]] = [_COLUMNS]
    for at in range(0, len(skus), _TOGETHER):
        found = memory.answer(BadgesWanted.of(skus[at : at + _TOGETHER], region, channel))
        ends = [each.badge.valid_until for each in found.found]
        rows.extend(_row(badge, end) for badge, end in zip(found.to_data()["badges"], ends, strict=True))
    return csv_file(rows)


def lines(found: dict[str, Any]) -> Iterator[str]:
    """The badges for people."""
    for badge in found["badges"]:
        yield " · ".join([badge["sku"], badge["state"], *([badge["badge"]] if badge["badge"] else []), *badge["why"]])
    for sku in found["unknown"]:
        yield f"{sku} · unknown"


def _row(badge: dict[str, Any], valid_until: datetime | None) -> Sequence[object]:
    rules = badge["rules"] or {}
    lists = {name: " ".join(map(str, badge[name])) for name in ("instead", "causes")}
    tenors = " ".join(map(str, rules.get("tenors", ())))
    told = {**badge, **lists, "why": "；".join(badge["why"]), "tenors": tenors, "down_payment": rules.get("down_payment")}
    return [{**told, "valid_until": valid_until and local(valid_until).isoformat()}[name] for name in _COLUMNS]


def _check(channel: str) -> None:
    if channel not in CHANNELS:
        raise Refusal(f"--channel must be one of {', '.join(CHANNELS)}, not {channel}")
