"""What an episode counts for, and how many episodes and customers count for it: one pass over all of them, in flat memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from ops.insight.episodes import Episode
from ops.insight.periods import DURABLE_DAYS

Cell = tuple[str, ...]
"""What is counted: a word for the kind, and of which, such as ``("end", "resolved")``."""

_DAY = 86_400_000
_MOST_TOGETHER = 6
"""Causes of one diagnosis of which the pairs are counted."""
ALL: Cell = ("all",)
DIAGNOSED: Cell = ("diagnosed",)
RESTRICTED: Cell = ("restricted",)
"""Complaints that a product or a shop is not supported, which a badge could have answered before."""
_RESTRICTIONS = ("item_restricted", "merchant_restricted")
BAD_SCORE = 2
GOOD_SCORE = 4


@dataclass
class Counts:
    """How many there are of each cell.

    Attributes:
        episodes: by cell.
        customers: different ones, by cell.
    """

    episodes: Counter[Cell] = field(default_factory=Counter)
    customers: Counter[Cell] = field(default_factory=Counter)

    def of(self, kind: str) -> Iterator[Cell]:
        """The cells of a kind, the largest first."""
        found = [cell for cell in self.episodes if cell[0] == kind]
        return iter(sorted(found, key=lambda cell: (-self.episodes[cell], cell)))


@dataclass
class Tellings:
    """What a period and the time before it come to.

    Attributes:
        now: of the period.
        before: of the days before it.
        versions: of knowledge and model that answered, in the period and before.
        helped: of those who were watched, who got what they came for in the period.
    """

    now: Counts = field(default_factory=Counts)
    before: Counts = field(default_factory=Counts)
    versions: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))
    helped: set[str] = field(default_factory=set)


def count(
    customers: Iterable[Sequence[Episode]],
    begins_at: int,
    ends_at: int,
    known_until: int,
    proving: Mapping[str, Collection[str]],
    region: str | None = None,
    watched: Collection[str] = (),
) -> Tellings:
    """Counts every cell of every episode.

    Args:
        customers: the episodes of each, in order.
        begins_at, ends_at: of the period in milliseconds of the epoch; what began earlier belongs to the time before it, what began later
            only tells whether something lasted.
        known_until: now; what is resolved for less than a week then may still come back.
        proving: the causes that would prove a claim, by intent; a claim without any names none.
        region: of whose customers alone.
        watched: customers of whom it is asked whether they got what they came for, by what observations call them.
    """
    told = Tellings()
    for episodes in customers:
        kept: list[set[Cell]] = [set(), set()]
        for place, episode in enumerate(episodes):
            if episode.begun >= ends_at or (region is not None and episode.dims.get("region") != region):
                continue
            side = 0 if episode.begun >= begins_at else 1
            cells = set(cells_of(episode, episodes[place + 1 :], known_until, proving))
            kept[side] |= cells
            (told.now, told.before)[side].episodes.update(cells)
            told.versions[side].update(episode.versions)
            if side == 0 and episode.ref in watched and episode.end in ("resolved", "explained", "waiting"):
                told.helped.add(episode.ref)
        told.now.customers.update(kept[0])
        told.before.customers.update(kept[1])
    return told


def cells_of(episode: Episode, later: Sequence[Episode], known_until: int, proving: Mapping[str, Collection[str]]) -> Iterator[Cell]:
    """What an episode counts for.

    Args:
        later: the same customer's episodes after it.
        known_until, proving: as for ``count``.
    """
    yield ALL
    yield ("end", episode.end or "open")
    if episode.claim in _RESTRICTIONS:
        yield RESTRICTED
    for score in episode.scores.values():
        yield ("rated", episode.end or "open")
        if score >= GOOD_SCORE:
            yield ("rated_well", episode.end or "open")
        if score <= BAD_SCORE:
            yield ("rated_badly", episode.end or "open")
    if not episode.reasons:
        yield ("alone",)
    for reason in set(episode.reasons):
        yield ("handoff", reason)
    if episode.end == "resolved":
        yield ("resolved",)
        if episode.is_proven:
            yield ("proven",)
        if known_until - episode.ended >= DURABLE_DAYS * _DAY:
            yield ("watched",)
            if not _came_back(episode, later):
                yield ("lasted",)
    for arm in episode.arms:
        yield ("arm", arm)
    yield from _diagnosis(episode, proving)
    yield from _walk(episode)
    yield from _places(episode)


def _came_back(episode: Episode, later: Sequence[Episode]) -> bool:
    """Whether the customer complained again within a week, and of the same."""
    soon = (each for each in later if 0 <= each.begun - episode.ended < DURABLE_DAYS * _DAY)
    # A new diagnosis that names something else is a new matter; one that was never made, or named nothing, may be anything.
    return any(not each.subject or not episode.subject or bool(episode.subject & each.subject) for each in soon)


def _diagnosis(episode: Episode, proving: Mapping[str, Collection[str]]) -> Iterator[Cell]:
    first = episode.first
    if first is None or episode.causes is None:
        return
    yield DIAGNOSED
    yield ("first", first)
    for cause in episode.causes or [first]:
        yield ("cause", cause)
    for one, other in combinations(sorted(set(episode.causes[:_MOST_TOGETHER])), 2):
        yield ("pair", one, other)
    if episode.claim is not None:
        yield ("claimed", episode.claim)
        yield ("claim", episode.claim, first)
    if episode.is_lost:
        yield ("lost", first)
        if not episode.steps:
            # Each lost episode belongs to one place of the work list: a step, else a claim that was not met, else what was explained.
            claimed = proving.get(episode.claim or "", ())
            unmet = bool(claimed) and not episode.causes_any(claimed)
            yield ("off_lost", str(episode.claim)) if unmet else ("lost_untold", first)
    if episode.end == "waiting":
        yield ("waited", first)
        if first in episode.checks:
            yield ("waited_gone", first)
    for topic in episode.asked:
        yield ("asked", topic)
        if episode.end in ("explained", "waiting"):
            yield ("asked_after", episode.end, topic)


def _walk(episode: Episode) -> Iterator[Cell]:
    """Of each step that was shown what came of it, and where a lost episode stopped."""
    reached: dict[str, int] = {}
    last: dict[tuple[str, int], tuple[str, bool]] = {}
    for step in episode.steps:
        place = (step.cause, step.number)
        hint = step.hint or last.get(place, ("", False))[1]
        last[place] = (step.outcome, hint)
        reached[step.cause] = max(reached.get(step.cause, 0), step.number)
    for (cause, number), (outcome, hint) in last.items():
        yield ("shown", cause, str(number))
        yield ("step", cause, str(number), outcome)
        if hint:
            yield ("hint", cause, str(number))
            if outcome == "done":
                yield ("hint_helped", cause, str(number))
    for cause, number in reached.items():
        yield ("begun", cause)
        for each in range(1, number + 1):
            yield ("reached", cause, str(each))
        if cause in episode.checks:
            yield ("walked", cause)
    if episode.steps and episode.is_lost and episode.steps[-1].cause not in episode.checks:
        yield ("stopped", episode.steps[-1].cause, str(episode.steps[-1].number))


def _places(episode: Episode) -> Iterator[Cell]:
    if episode.causes is None:
        return
    found = [("region", episode.dims.get("region")), *(("shop", shop) for shop in episode.dims.get("merchants", ()))]
    for kind, value in found:
        if isinstance(value, str):
            yield (kind, value)
            if episode.is_lost:
                yield (f"{kind}_lost", value)
