"""What customers think of answers, as a lead reads it: votes and reasons by what an answer spoke of, and words; nothing about too few customers."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from actions.state.feedback import REASONS, VOTES
from actions.state.opinions import RATING, Opinions, SpokenOf
from actions.state.reporting import MOST_ROWS
from bot.desk.lead_numbers import FEWEST, LeadReport, NumberTable, Value, shortened

_COUNTED = (*VOTES, *REASONS)
_MOST_WORDS = 5


def with_opinions(
    report: LeadReport, found: Mapping[SpokenOf, Opinions], title_of: Callable[[str, str], str], masked: Callable[[str], str]
) -> LeadReport:
    """The report with a table ``opinions`` and the words of those who wrote any.

    Args:
        found: those most often disliked first.
        title_of: a kind (``topic``, ``cause``, ``other``) and a name → its title; several of one title are told as one.
        masked: takes out of a text what is personal, by the rules of today.
    """
    together: dict[str, list[Opinions]] = defaultdict(list)
    for about, opinions in found.items():
        together[title_of(about.kind, about.name)].append(opinions)
    votes = sum(each.up + each.down for each in found.values())
    return dataclasses.replace(
        report,
        tables={**report.tables, "opinions": NumberTable("opinions", tuple(_rows(together)))},
        words={title: words for title, group in together.items() if (words := _words(group, masked))},
        cut=report.cut or votes >= MOST_ROWS,
    )


def _rows(together: Mapping[str, Sequence[Opinions]]) -> Iterator[tuple[Value, ...]]:
    rest: list[Opinions] = []
    for title, group in together.items():
        if len(_customers(group, VOTES)) >= FEWEST:
            yield _row(title, group)
        else:
            rest.extend(group)
    if _customers(rest, VOTES):
        # Under the name None, as in the other tables.
        enough = len(_customers(rest, VOTES)) >= FEWEST
        yield _row(None, rest) if enough else (None,) * (len(_COUNTED) + 2)


def _row(title: str | None, group: Sequence[Opinions]) -> tuple[Value, ...]:
    return title, *(_cell(group, name) for name in _COUNTED), len(_customers(group, VOTES))


def _cell(group: Sequence[Opinions], name: str) -> Value:
    """How often a vote or a reason was given, None if by too few."""
    times = sum({"up": each.up, "down": each.down}.get(name, each.reasons[name]) for each in group)
    return times if not times or len(_customers(group, (name,))) >= FEWEST else None


def _customers(group: Sequence[Opinions], given: Sequence[str]) -> set[str]:
    """Those who gave one of these."""
    return {who for each in group for name in given for who in each.who.get(name, ())}


def _words(group: Sequence[Opinions], masked: Callable[[str], str]) -> tuple[str, ...]:
    """What was added to votes and ratings, if enough customers have given any."""
    if len(_customers(group, (*VOTES, RATING))) < FEWEST:
        return ()
    found = (" ".join(word.split()) for each in group for word in each.words)
    return tuple(shortened(masked(word)) for word in dict.fromkeys(filter(None, found)))[:_MOST_WORDS]
