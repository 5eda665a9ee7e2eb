"""A period in numbers, as tables: counted from rows, without knowing where they come from or how they are shown."""

from __future__ import annotations

import math
import statistics
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Union

from actions.core.moments import start_of
from actions.state.ratings import SCORES
from actions.state.reporting import MOST_ROWS, HandedOver, IntentCount, Occurrence, OpenCase, Said, Score

FEWEST = 5
"""Customers; what describes fewer of them might say who they are."""
AGES = (5 * 60, 15 * 60, 60 * 60, 4 * 3600)
"""Seconds at which a waiting case comes into the next class of age."""
LONGEST_PERIOD = 92
"""Days."""
_MOST_EXAMPLES, _LONGEST_EXAMPLE = 8, 80
_COUNTED_NINETY = 10
"""Values from which on a 90th percentile says something."""

Value = Union[str, int, float, None]
"""Of a cell; None is one that is not shown."""


@dataclass(frozen=True)
class Period:
    """Whole days of the shop's time, both ends included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The first instant."""
        return start_of(self.first)

    @property
    def end(self) -> datetime:
        """The first instant after it."""
        return start_of(self.last + timedelta(days=1))

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @cached_property
    def slots(self) -> tuple[str, ...]:
        """What it is divided into: days, or the hours of a single one."""
        if self.days == 1:
            return tuple(f"{hour:02}:00" for hour in range(24))
        return tuple(f"{day:%m-%d}" for day in (self.first + timedelta(days=number) for number in range(self.days)))

    def slot_of(self, at: datetime) -> str:
        """In which of these an instant of the period lies."""
        # Found among their beginnings: tens of thousands are, and calendars take their time.
        return self.slots[bisect_right(self._beginnings, at) - 1]

    @cached_property
    def _beginnings(self) -> list[datetime]:
        if self.days == 1:
            return [self.start + timedelta(hours=hour) for hour in range(24)]
        return [start_of(self.first + timedelta(days=number)) for number in range(self.days)]


@dataclass(frozen=True)
class NumberTable:
    """One table; the names of columns and rows are machine words, or titles where they come from the knowledge."""

    name: str
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class Spread:
    """How long something took, in seconds; what too few customers stand behind is None."""

    count: int
    median: float | None
    ninety: float | None

    @classmethod
    def of(cls, seconds: Iterable[float]) -> Spread:
        """The spread of these."""
        known = sorted(seconds)
        if len(known) < FEWEST:
            return cls(len(known), None, None)
        rank = math.ceil(0.9 * len(known)) - 1
        return cls(len(known), statistics.median(known), known[rank] if len(known) >= _COUNTED_NINETY else None)


@dataclass(frozen=True)
class ReportRows:
    """What a report is counted from."""

    open_cases: Sequence[OpenCase]
    handed_over: Sequence[HandedOver]
    wrote: Sequence[Occurrence]
    resolved: Sequence[Occurrence]
    agents_said: Sequence[Occurrence]
    missed: Sequence[IntentCount]
    missed_texts: Sequence[Said]
    scores: Sequence[Score]

    @property
    def are_cut(self) -> bool:
        """Whether there may be more than was read."""
        counted = (self.open_cases, self.handed_over, self.wrote, self.resolved, self.agents_said, self.scores)
        return any(len(each) >= MOST_ROWS for each in counted)


@dataclass(frozen=True)
class LeadReport:
    """A period in numbers.

    Attributes:
        made_at: when it was counted.
        tables: by name.
        oldest: seconds that the longest waiting open case has waited.
        first_reply, handling: over the whole period.
        outcomes: customers by what became of them: ``solved``, ``handed``, ``neither``.
        mean_score: of the ratings, None if too few.
        examples: what was not understood, by intent, masked.
        cut: whether there may be more than was counted.
        words: what customers wrote to a vote or rating, by what it was about, masked.
    """

    period: Period
    made_at: datetime
    tables: Mapping[str, NumberTable]
    open_count: int
    oldest: float
    first_reply: Spread
    handling: Spread
    outcomes: Mapping[str, int]
    ratings: int
    mean_score: float | None
    examples: Mapping[str, tuple[str, ...]]
    cut: bool
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


OUTCOMES = ("solved", "handed", "neither")


def report_of(
    period: Period, rows: ReportRows, now: datetime, title_of: Callable[[str, str], str], masked: Callable[[str], str]
) -> LeadReport:
    """The report.

    Args:
        now: for the age of open cases.
        title_of: a kind (``queue``, ``reason``, ``cause``, ``missed``) and a machine word → its title.
        masked: takes out of a text what is personal, by the rules of today.
    """
    replies, handling = _first_replies(rows), _handling(rows)
    outcomes = _outcomes(rows)
    raters: dict[str, list[str]] = {str(score): [] for score in reversed(SCORES)}
    for each in rows.scores:
        raters[str(each.score)].append(each.conversation_id)
    reasons = _by((each.reason, each.conversation_id) for each in rows.handed_over)
    causes = _by((each.root_cause, each.conversation_id) for each in rows.handed_over if each.root_cause)
    shown = {each.intent: each.customers >= FEWEST for each in rows.missed}
    tables = (
        NumberTable("open", tuple(_open_rows(rows.open_cases, now, title_of))),
        NumberTable("first_reply", tuple(_spread_rows(period, replies))),
        NumberTable("handling", tuple(_spread_rows(period, handling))),
        NumberTable("solved", tuple(_outcome_rows(period, outcomes))),
        NumberTable("reasons", tuple(_pooled({title_of("reason", name): who for name, who in reasons.items()}))),
        NumberTable("causes", tuple(_pooled({title_of("cause", name): who for name, who in causes.items()}))),
        NumberTable("ratings", tuple((score, len(who) if _enough(who) or not who else None) for score, who in raters.items())),
        NumberTable(
            "missed",
            tuple(
                (
                    title_of("missed", each.intent),
                    each.messages if shown[each.intent] else None,
                    each.customers if shown[each.intent] else None,
                )
                for each in sorted(rows.missed, key=lambda each: -each.messages)
            ),
        ),
    )
    enough = len({each.conversation_id for each in rows.scores}) >= FEWEST
    return LeadReport(
        period,
        now,
        {table.name: table for table in tables},
        len(rows.open_cases),
        max(((now - each.created_at).total_seconds() for each in rows.open_cases), default=0.0),
        Spread.of(seconds for _, seconds in replies),
        Spread.of(seconds for _, seconds in handling),
        {name: sum(outcome == name for _, outcome in outcomes) for name in OUTCOMES},
        len(rows.scores),
        statistics.mean(each.score for each in rows.scores) if enough else None,
        {name: tuple(_examples(rows.missed_texts, name, masked)) for name, many in shown.items() if many},
        rows.are_cut,
    )


def _open_rows(cases: Sequence[OpenCase], now: datetime, title_of: Callable[[str, str], str]) -> Iterable[tuple[Value, ...]]:
    found: dict[str, list[int]] = defaultdict(lambda: [0] * (len(AGES) + 1))
    for each in cases:
        found[each.queue][bisect_left(AGES, (now - each.created_at).total_seconds())] += 1
    for queue, counts in sorted(found.items(), key=lambda item: -sum(item[1])):
        yield title_of("queue", queue), *counts, sum(counts)


def _first_replies(rows: ReportRows) -> list[tuple[datetime, float]]:
    """When a case was handed over, and the seconds until a person of the desk first said something."""
    said: dict[str, list[datetime]] = defaultdict(list)
    for each in rows.agents_said:
        said[each.conversation_id].append(each.at)
    found = []
    for case in rows.handed_over:
        spoken = said.get(case.conversation_id, [])
        place = bisect_left(spoken, case.created_at)
        if case.taken_at is not None and place < len(spoken) and (case.closed_at is None or spoken[place] <= case.closed_at):
            found.append((case.created_at, (spoken[place] - case.created_at).total_seconds()))
    return found


def _handling(rows: ReportRows) -> list[tuple[datetime, float]]:
    ended = ((each.created_at, each.taken_at, each.closed_at) for each in rows.handed_over)
    return [(made, (closed - taken).total_seconds()) for made, taken, closed in ended if taken is not None and closed is not None]


def _spread_rows(period: Period, measured: Sequence[tuple[datetime, float]]) -> Iterable[tuple[Value, ...]]:
    by_slot: dict[str, list[float]] = {slot: [] for slot in period.slots}
    for at, seconds in measured:
        by_slot[period.slot_of(at)].append(seconds)
    for slot, known in by_slot.items():
        spread = Spread.of(known)
        yield slot, spread.count, spread.median, spread.ninety


def _outcomes(rows: ReportRows) -> list[tuple[datetime, str]]:
    """Each customer who wrote, by the first time they did: whether it is proven that the assistant solved it, or a person had to be there."""
    solved = {each.conversation_id for each in rows.resolved}
    # A case that ended before anybody came took nobody's time.
    handed = {each.conversation_id for each in rows.handed_over if each.taken_at is not None or each.status != "closed"}
    return [
        (each.at, "handed" if each.conversation_id in handed else "solved" if each.conversation_id in solved else "neither")
        for each in rows.wrote
    ]


def _outcome_rows(period: Period, outcomes: Sequence[tuple[datetime, str]]) -> Iterable[tuple[Value, ...]]:
    counts = {slot: dict.fromkeys(OUTCOMES, 0) for slot in period.slots}
    for at, outcome in outcomes:
        counts[period.slot_of(at)][outcome] += 1
    for slot, found in counts.items():
        yield slot, *found.values()


def _by(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, who in pairs:
        found[name].append(who)
    return found


def _enough(who: Iterable[str]) -> bool:
    return len(set(who)) >= FEWEST


def _pooled(groups: Mapping[str, Sequence[str]]) -> Iterable[tuple[Value, ...]]:
    """How often and of how many customers, most often first; what too few stand behind is put together, under the name None."""
    for name, who in sorted(groups.items(), key=lambda item: -len(item[1])):
        if _enough(who):
            yield name, len(who), len(set(who))
    rest = [each for who in groups.values() if not _enough(who) for each in who]
    if rest:
        yield (None, len(rest), len(set(rest))) if _enough(rest) else (None, None, None)


def _examples(texts: Sequence[Said], intent: str, masked: Callable[[str], str]) -> Iterable[str]:
    """Different texts, those of the most customers first."""
    who: dict[str, set[str]] = defaultdict(set)
    for each in texts:
        if each.intent == intent and each.text.strip():
            who[" ".join(each.text.split())].add(each.conversation_id)
    for text in sorted(who, key=lambda text: -len(who[text]))[:_MOST_EXAMPLES]:
        yield shortened(masked(text))


def shortened(text: str) -> str:
    """An example, as long as one is read."""
    return text if len(text) <= _LONGEST_EXAMPLE else f"{text[:_LONGEST_EXAMPLE]}…"
