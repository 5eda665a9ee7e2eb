"""What customers think of single answers: 👍 and 👎 with their reasons, by what the answer spoke of and which file holds it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from actions.knowledge.model import Knowledge
from actions.state.feedback import REASONS, VOTES
from actions.state.opinions import SpokenOf, matter
from ops.insight.figures import figure, hidden
from ops.insight.hiding import is_hidden
from ops.insight.periods import Period
from ops.insight.talks import Row
from ops.insight.thumbs import cast
from ops.insight.titles import Titles


@dataclass
class Voted:
    """Votes on answers that speak of the same.

    Attributes:
        times: how often, by vote and by reason.
        who: the customers behind each; never shown.
    """

    times: Counter[str] = field(default_factory=Counter)
    who: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, customer: str, *given: str) -> None:
        """Counts a vote, and its reason if it has one."""
        for each in given:
            self.times[each] += 1
            self.who[each].add(customer)


def votes(session: Session, period: Period, knowledge: Knowledge, titles: Titles) -> list[Row]:
    """What was voted on in a period, most often disliked first; matters on which too few have voted are left out."""
    found: dict[SpokenOf, Voted] = defaultdict(Voted)
    for row in cast(session, period):
        found[matter(row.data)].add(row.conversation_id, row.vote, *filter(None, [row.reason]))
    rows = [_row(about, voted, knowledge, titles) for about, voted in found.items() if not _few(voted, VOTES)]
    return sorted(rows, key=lambda row: (-(row["rate"]["hits"] or 0), -row["votes"], row["title"]))


def _row(about: SpokenOf, voted: Voted, knowledge: Knowledge, titles: Titles) -> Row:
    many = voted.times["up"] + voted.times["down"]
    told = not any(is_hidden(len(voted.who[vote])) for vote in VOTES)
    row: Row = {"kind": about.kind, "id": about.name, "title": _title(about, titles), "file": _file(about, knowledge), "votes": many}
    return {**row, "rate": figure(voted.times["down"], many) if told else hidden(many), **_reasons(voted)}


def _reasons(voted: Voted) -> dict[str, int | None]:
    """How often each reason was given; None where too few gave it, and once more where that one could be found by taking the others away."""
    found = {reason: None if is_hidden(len(voted.who[reason])) else voted.times[reason] for reason in REASONS}
    told = [reason for reason, times in found.items() if times]
    if sum(1 for times in found.values() if times is None) == 1 and told:
        found[min(told, key=lambda reason: found[reason] or 0)] = None
    return found


def _few(voted: Voted, given: Collection[str]) -> bool:
    return is_hidden(len({who for each in given for who in voted.who[each]}))


def _title(about: SpokenOf, titles: Titles) -> str:
    return titles.cause(about.name) if about.kind == "cause" else titles.of("topic" if about.kind == "topic" else "matter", about.name)


def _file(about: SpokenOf, knowledge: Knowledge) -> str | None:
    if about.kind == "cause":
        return f"knowledge/causes/{about.name}.yml"
    intent = knowledge.answers.intent_of(about.name) if about.kind == "topic" else None
    return None if about.kind == "other" else f"knowledge/answers/{intent}.yml" if intent else "knowledge/answers/"
