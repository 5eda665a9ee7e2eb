"""The census: the same orders, bills and products looked at again and again, so that what blocks more of them is a fact and no noise.

Pure: what blocks each of them comes in, and what is newly blocked, by which cause, and whether anybody had foreseen it, comes out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from actions.state.census import PanelRow, Population
from ops.stats.intervals import share
from ops.stats.ranking import OverRepresented, Value, over_represented
from ops.watch.panel import Key
from ops.watch.settings import WatchSettings

Origin = Literal["unforeseen", "foretold", "declared"]
"""What a block came of: something that nobody foresaw; the clock alone, as the world before had foretold; or what somebody has declared."""
_MINUTE = 60_000
LASTING = 24 * 60
"""Minutes after which what stays is the new ordinary."""
_STILL = 0.5
"""Part of what opens an alarm that keeps it open."""


@dataclass(frozen=True)
class Looked:
    """One member as it is now.

    Attributes:
        owner: the customer; of a product itself.
        blocks: ids of the causes that block it.
        values: where it is: region, merchants, categories and the like.
    """

    owner: str
    blocks: tuple[str, ...]
    values: frozenset[Value]


@dataclass(frozen=True)
class NewlyBlocked:
    """How many of a population one cause has newly blocked.

    Attributes:
        kind: the population.
        cause: the id.
        hits: members that it blocks and did not, unforeseen.
        owners: different customers among them.
        of: members of the population.
        low, high: exact 95 % interval of the share, 0 to 1.
        foretold: members that it blocks and did not, by the clock alone.
        declared: members that it blocks and did not, as somebody has declared.
        since: epoch milliseconds of the first unforeseen one; of any, without those.
    """

    kind: Population
    cause: str
    hits: int
    owners: int
    of: int
    low: float
    high: float
    foretold: int
    declared: int
    since: int


@dataclass(frozen=True)
class ShopFall:
    """A shop whose products can be paid in installments no longer.

    Attributes:
        merchant: the id.
        fallen: products that could be.
        of: products that could be, before.
        cause: what blocks most of them.
        since: epoch milliseconds of the first.
    """

    merchant: str
    fallen: int
    of: int
    cause: str
    since: int


@dataclass(frozen=True)
class CensusAlarm:
    """One cause that newly blocks enough to ask for somebody.

    Attributes:
        newly: per population, the largest share first; empty if only shops tell of it.
        shops: that have fallen by it.
        drill: where it sits, the surest first.
    """

    cause: str
    since: int
    newly: tuple[NewlyBlocked, ...]
    shops: tuple[ShopFall, ...]
    drill: tuple[OverRepresented, ...]


def looked_again(
    panel: Iterable[PanelRow], looked: Mapping[Key, Looked], origins: Mapping[Key, Mapping[str, Origin]], at: int
) -> tuple[PanelRow, ...]:
    """The panel after a look.

    Args:
        panel: as the last look left it; members that are not ``looked`` at are left out.
        looked: every member as it is now.
        origins: what blocks that are new came of, by member; whoever has not been looked at before has none that are new.
        at: epoch milliseconds.
    """
    after: list[PanelRow] = []
    for row in panel:
        key = (row.kind, row.id)
        if key not in looked:
            continue
        blocks = looked[key].blocks
        news = {
            cause: [since, origin] for cause, (since, origin) in row.news.items() if cause in blocks and at - since <= LASTING * _MINUTE
        }
        news |= {cause: [at, origin] for cause, origin in origins.get(key, {}).items() if cause in blocks}
        after.append(replace(row, blocks=blocks, news=news))
    return tuple(after)


def newly_blocked(panel: Sequence[PanelRow], looked: Mapping[Key, Looked], at: int, minutes: int) -> tuple[NewlyBlocked, ...]:
    """What has come in the last minutes and is still there, per population and cause, the largest share first.

    Args:
        panel: after the look.
        looked: every member.
        at: epoch milliseconds of the look.
        minutes: to look back.
    """
    size = Counter(row.kind for row in panel)
    found: defaultdict[tuple[Population, str], dict[Origin, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in panel:
        for cause, (since, origin) in row.news.items():
            if at - since < minutes * _MINUTE:
                found[row.kind, cause][origin].append((since, looked[row.kind, row.id].owner))
    rows = [
        NewlyBlocked(
            kind,
            cause,
            len(by["unforeseen"]),
            len({owner for _, owner in by["unforeseen"]}),
            size[kind],
            *share(len(by["unforeseen"]), size[kind]),
            foretold=len(by["foretold"]),
            declared=len(by["declared"]),
            since=min(since for since, _ in by["unforeseen"] or [*by["foretold"], *by["declared"]]),
        )
        for (kind, cause), by in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.hits / row.of, row.kind, row.cause)))


def shop_falls(panel: Sequence[PanelRow], looked: Mapping[Key, Looked], at: int, minutes: int) -> tuple[ShopFall, ...]:
    """Shops of whose products some have fallen in the last minutes, unforeseen; the largest fall first.

    Args:
        panel: after the look.
        looked: every member.
        at: epoch milliseconds of the look.
        minutes: to look back.
    """
    there: Counter[str] = Counter()
    fallen: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in panel:
        if row.kind != "item":
            continue
        shops = [value for dim, value in looked[row.kind, row.id].values if dim == "merchant"]
        if not row.blocks:
            there.update(shops)
            continue
        recent = {cause: each for cause, each in row.news.items() if at - each[0] < minutes * _MINUTE}
        unforeseen = [(since, cause) for cause, (since, origin) in recent.items() if origin == "unforeseen"]
        if unforeseen and len(recent) == len(row.blocks):
            there.update(shops)
            for shop in shops:
                fallen[shop].append(min(unforeseen))
    falls = [
        ShopFall(shop, len(each), there[shop], Counter(cause for _, cause in each).most_common(1)[0][0], min(each)[0])
        for shop, each in fallen.items()
    ]
    return tuple(sorted(falls, key=lambda fall: (-fall.fallen / fall.of, fall.merchant)))


def census_alarms(panel: Sequence[PanelRow], looked: Mapping[Key, Looked], at: int, given: WatchSettings) -> tuple[CensusAlarm, ...]:
    """What asks for somebody, one alarm per cause, the largest first.

    Args:
        panel: after the look.
        looked: every member.
        at: epoch milliseconds of the look.
        given: when it is enough, and which causes are not watched.
    """
    enough, least = given.census, given.least_customers
    newly = [row for row in newly_blocked(panel, looked, at, enough.minutes) if _is_enough(row, enough.share, least)]
    falls = [fall for fall in shop_falls(panel, looked, at, enough.minutes) if _has_fallen(fall, enough.fall, enough.least_items)]
    made = []
    for cause in dict.fromkeys((*(row.cause for row in newly), *(fall.cause for fall in falls))):
        if cause in given.off:
            continue
        mine, shops = tuple(row for row in newly if row.cause == cause), tuple(fall for fall in falls if fall.cause == cause)
        since = min([row.since for row in mine] + [fall.since for fall in shops])
        made.append(CensusAlarm(cause, since, mine, shops, _where(panel, looked, mine[0].kind if mine else "item", cause, least)))
    return tuple(made)


def lasting_causes(panel: Sequence[PanelRow], looked: Mapping[Key, Looked], at: int, given: WatchSettings) -> frozenset[str]:
    """Causes of which so much is left that an alarm stays open, however long ago it came, up to a day.

    Args:
        panel: after the look.
        looked: every member.
        at: epoch milliseconds of the look.
        given: when it is enough to open one.
    """
    enough = given.census
    newly = newly_blocked(panel, looked, at, LASTING)
    falls = shop_falls(panel, looked, at, LASTING)
    return frozenset(
        (
            *(row.cause for row in newly if _is_enough(row, enough.share * _STILL, given.least_customers * _STILL)),
            *(fall.cause for fall in falls if _has_fallen(fall, enough.fall * _STILL, enough.least_items * _STILL)),
        )
    )


def _is_enough(row: NewlyBlocked, part: float, least: float) -> bool:
    return row.owners >= least and row.hits >= part * row.of


def _has_fallen(fall: ShopFall, part: float, least: float) -> bool:
    return fall.fallen >= least and fall.fallen >= part * fall.of


def _where(
    panel: Sequence[PanelRow], looked: Mapping[Key, Looked], kind: Population, cause: str, least: int
) -> tuple[OverRepresented, ...]:
    affected: list[frozenset[Value]] = []
    others: list[frozenset[Value]] = []
    for row in panel:
        if row.kind == kind:
            hit = row.news.get(cause, [0, ""])[1] == "unforeseen"
            (affected if hit else others).append(looked[row.kind, row.id].values)
    return over_represented(affected, others, min(least, len(affected)) or 1)
