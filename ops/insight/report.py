"""Makes a report: everything that it says, as data from which the page, the file and the tables are made."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from actions.core.moments import local
from actions.core.observations import milliseconds
from actions.knowledge.loading import DEFAULT_ROOT
from actions.knowledge.model import Knowledge
from actions.state import census
from actions.state.insight import report_before, work_states
from ops.insight import people, reading, talks
from ops.insight.badged import badged
from ops.insight.clusters import Cluster, clusters
from ops.insight.counting import ALL, Tellings, count
from ops.insight.drilling import with_places
from ops.insight.figures import LEAST_EPISODES, number
from ops.insight.handed import handed_cases
from ops.insight.periods import BEFORE_DAYS, Period
from ops.insight.places import places
from ops.insight.showing import words
from ops.insight.talks import Row
from ops.insight.titles import Titles
from ops.insight.votes import votes
from ops.insight.walks import steps, survival
from ops.insight.work import followed, losing_places, work_list

FORMAT = 1
_EXAMPLES = DEFAULT_ROOT.parent / "data/nlu"
_EXAMPLES_OF_EACH = 80
_MARKUP = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True)
class Ground:
    """What a report is made of.

    Attributes:
        session: of a database.
        knowledge: of now.
        now: real time.
        examples: the folder of the sentences that intents are learned from; where it is not, clusters name the guess alone.
    """

    session: Session
    knowledge: Knowledge
    now: datetime
    examples: Path = _EXAMPLES


def make_report(ground: Ground, period: Period) -> dict[str, Any]:
    """The report of a period.

    Raises:
        PeriodRefused: there can be none.
    """
    session = ground.session
    period.check(ground.now, reading.regions(session))
    proving = {name: meaning.causes for name, meaning in ground.knowledge.intents.items()}
    rows = reading.episodes_between(session, period.before.begins_at, period.ends_at)
    said = reading.not_understood(session, period)
    watched = {each.customer for each in said}
    told = count(rows, period.begins_at, period.ends_at, milliseconds(ground.now), proving, period.region, watched)
    data: dict[str, Any] = {
        "format": FORMAT,
        "period": {"from": period.first.isoformat(), "to": period.end.isoformat(), "days": period.days, "region": period.region},
        "before": {"days": BEFORE_DAYS, "episodes": number(told.before, ALL)},
        "made_at": local(ground.now).isoformat(timespec="seconds"),
        "episodes": number(told.now, ALL),
        "customers": told.now.customers[ALL] if number(told.now, ALL) is not None else None,
        "least": LEAST_EPISODES,
        "few": told.now.episodes[ALL] < LEAST_EPISODES,
        "versions": _versions(told),
    }
    return data if data["few"] else {**data, **_contents(ground, period, told, said)}


def _contents(ground: Ground, period: Period, told: Tellings, said: Sequence[reading.Sentence]) -> dict[str, Any]:
    session, knowledge = ground.session, ground.knowledge
    titles = Titles(session, knowledge, period.ends_at, words()["words"])
    found = clusters(said, _examples(ground.examples))
    handed = handed_cases(session, period, knowledge)
    of_causes = talks.causes(told.now, told.before, knowledge, titles, _census(session, period))
    tables: dict[str, list[Row]] = {
        "results": talks.results(told.now, told.before, titles),
        "ratings": talks.ratings(told.now, titles),
        "votes": votes(session, period, knowledge, titles),
        "causes": of_causes,
        "owners": talks.owners(told.now, of_causes, titles),
        "pairs": talks.pairs(told.now, titles),
        "steps": steps(told.now, told.before, knowledge, titles),
        "survival": survival(told.now, titles),
        "unclear": [_unclear(cluster, titles) for cluster in found],
        "claims": talks.claims(told.now, knowledge, titles),
        "reasons": people.reasons(handed, titles),
        "roots": people.roots(handed, titles),
        "alternatives": talks.alternatives(told.now, knowledge, titles),
        "waits": talks.waits(told.now, titles),
        "badged": _badged(session, period, told, titles),
        "happenings": _happenings(people.happenings(session, period)),
        "arms": talks.arms(told.now),
        "shops": places(told.now, told.before, "shop", reading.shop_names(session)),
        "regions": places(told.now, told.before, "region", {}),
    }
    losing = losing_places(told, titles, found)
    last = report_before(session, period.begins_at) if period.region is None else None
    previous = None if last is None or last.data.get("few") else last.data
    versions = _versions(told)
    if previous is not None:
        versions = {**versions, "since": sorted(set(versions["now"]) ^ set(previous["versions"]["now"]))}
    return {
        "versions": versions,
        "tables": with_places(tables),
        "work": work_list(losing, period, work_states(session), previous),
        "followed": followed(losing, told.now, previous),
        "previous": None if last is None else last.week,
        "places": {each.place: each.rate for each in losing},
    }


def _badged(session: Session, period: Period, told: Tellings, titles: Titles) -> list[Row]:
    """Where customers live who looked at a page is not counted, so that of one region nothing can be said."""
    if period.region is not None:
        return []
    return badged(told, reading.badged_pages(session, period), reading.badged_pages(session, period.before), titles)


def _versions(told: Tellings) -> dict[str, Any]:
    now, before = (sorted(each) for each in told.versions)
    return {"now": now, "before": before, "changed": bool(now) and bool(before) and (now != before or _several(now))}


def _several(versions: Sequence[str]) -> bool:
    """Whether more than one version of something answered."""
    kinds = [version.partition("/")[0] for version in versions]
    return len(kinds) > len(set(kinds))


def _unclear(cluster: Cluster, titles: Titles) -> Row:
    return {
        "intent": None if cluster.intent is None else titles.of("intent", cluster.intent),
        "id": cluster.intent,
        "file": None if cluster.intent is None else f"data/nlu/{cluster.intent}.yml",
        "customers": cluster.customers,
        "sentences": cluster.sentences,
        "words": list(cluster.words),
        "quotes": list(cluster.quotes),
        "guessed": None if cluster.guessed is None else round(cluster.guessed, 3),
    }


def _happenings(counted: Mapping[str, int]) -> list[Row]:
    return [{"name": name, "title": words()["happenings"][name], "count": many} for name, many in counted.items()]


def _census(session: Session, period: Period) -> dict[str, tuple[int, int]]:
    """Of how many members of the panel each cause blocks how many, at the last look of a period; the panel holds no customers' names."""
    looks = census.looks(session, period.ends_at - 86_400_000, period.ends_at - 1)
    if not looks or period.region is not None:
        return {}
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    populations = [looks[-1].outcome[kind] for kind in ("order", "bill") if kind in looks[-1].outcome]
    of = sum(int(each["of"]) for each in populations)
    for each in populations:
        for cause, hits in each.get("blocked", {}).items():
            found[cause][0] += int(hits)
    return {cause: (hits, of) for cause, (hits, _) in found.items()}


def _examples(folder: Path) -> dict[str, list[str]]:
    """Some sentences of each intent, from all over its file: there are a hundred thousand, and a few thousand tell the same."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
        every = [line[2:] for line in lines if line.startswith("- ") and not line.startswith("- intent:")]
        found[path.stem] = [_MARKUP.sub(r"\1", text) for text in every[:: max(1, len(every) // _EXAMPLES_OF_EACH)]]
    return found
