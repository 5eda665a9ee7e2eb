"""What an entry of the audit says in detail, in words for people: names instead of keys, times instead of milliseconds, links instead of ids alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from actions.core.moments import SHANGHAI
from actions.handoff.ownership import OTHER_CAUSE
from actions.knowledge.model import Knowledge
from actions.state.alerts import get_alert
from actions.state.incidents import ETA_UNKNOWN, notes_of
from actions.state.retention import retentions
from actions.yaml_source import Source
from bot.console.places import ConsoleRefused
from ops.compliance.reporting import compliance_texts
from ops.experiments.words import experiment_words
from ops.incidents.scope import NAMED, names_in
from ops.incidents.titles import titles
from ops.outgoing.news import stream_title

_TIMES = frozenset({"eta", "until", "before", "since", "at"})
_BY_TABLE = frozenset({"deleted", "rows"})
_MOST_MS = 1e11
"""A number above it is an instant in milliseconds."""
NOTHING = "–"


@dataclass(frozen=True)
class Told:
    """One part of a detail.

    Attributes:
        name: what it is called.
        text: what it says.
        link: below the console, where there is more; empty: nowhere.
    """

    name: str
    text: str
    link: str = ""


class AuditWords:
    """The words of ``audit.yml``, of incidents and of the knowledge.

    Args:
        session: for what incidents and alerts are about.
        knowledge: titles of causes, queues and facts, and what agents choose from.
    """

    def __init__(self, session: Session, knowledge: Knowledge) -> None:
        self._session = session
        self._knowledge = knowledge
        said = _words("audit.yml")
        self._names: Mapping[str, str] = said["names"]
        self._values: Mapping[str, Mapping[str, str]] = said["values"]
        self._titles: dict[str, Mapping[str, str]] = {**_titles(knowledge), "step": _words("places.yml")["titles"]}
        self._known: dict[tuple[str, str], str] = {}

    def told(self, detail: Mapping[str, Any]) -> list[Told]:
        """The parts of a detail that say something; what was before and after as one."""
        before, after = detail.get("before"), detail.get("after")
        if not isinstance(before, Mapping) or not isinstance(after, Mapping):
            return list(self._parts(detail))
        rest = {name: value for name, value in detail.items() if name not in ("before", "after")}
        return [*self._changes(before, after), *self._parts(rest)]

    def _changes(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Told]:
        for name in dict.fromkeys((*before, *after)):
            if before.get(name) != after.get(name):
                yield Told(self._name(name), f"{self._text(name, before.get(name))} → {self._text(name, after.get(name))}")

    def _parts(self, detail: Mapping[str, Any]) -> Iterator[Told]:
        for name, value in detail.items():
            if value is None or value in ({}, []):
                continue
            if name == "incident" and isinstance(value, str):
                yield Told(self._name(name), self._incident(value), f"/incidents/{value}")
            elif name in ("alert", "from_alert") and isinstance(value, str):
                yield Told(self._name(name), self._alert(value), f"/alerts/{value}")
            else:
                yield Told(self._name(name), self._text(name, value))

    def _name(self, name: str) -> str:
        return self._names.get(name, name)

    def _text(self, name: str, value: Any) -> str:
        if value is None:
            return NOTHING
        if isinstance(value, bool):
            return self._values["flags"][str(value).lower()]
        if isinstance(value, Mapping) and name in _BY_TABLE:
            kept = retentions()
            return "；".join(f"{kept[table].of if table in kept else table} {rows}" for table, rows in value.items())
        if isinstance(value, Mapping):
            return "；".join(f"{self._name(key)} {self._text(key, each)}" for key, each in value.items() if each not in (None, {}, []))
        if isinstance(value, (list, tuple)):
            return "、".join(self._text(name, each) for each in value)
        return self._number(name, value) if isinstance(value, (int, float)) else self._word(name, str(value))

    def _number(self, name: str, value: float) -> str:
        if name == "eta" and value == ETA_UNKNOWN:
            return self._values["eta"]["unknown"]
        if name in _TIMES and value > _MOST_MS:
            return f"{datetime.fromtimestamp(value / 1000, SHANGHAI):%Y-%m-%d %H:%M}"
        return str(value)

    def _word(self, name: str, value: str) -> str:
        if name in ("component", "severity"):
            return self._knowledge.facts.word_for_agents(f"incident.{name}", value)
        if name == "channels":
            return self._knowledge.facts.word_for_agents("incident.affects.channels", value)
        if name in NAMED:
            return self._shop_or_category(name, value)
        if name == "stage":
            return str(titles()["stages"].get(value, value))
        if name in ("streams", "stream"):
            return stream_title(value, self._knowledge)
        if name == "why" and value in ConsoleRefused.catalogue.kinds:
            return ConsoleRefused.catalogue.kinds[value].detail
        known: str | None = self._titles.get(name, {}).get(value)
        return known if known is not None else str(self._values.get(name, {}).get(value, value))

    def _shop_or_category(self, kind: str, id_: str) -> str:
        if (kind, id_) not in self._known:
            self._known[kind, id_] = _called(names_in(self._session, {kind: [id_]}).get(id_, ""), id_)
        return self._known[kind, id_]

    def _incident(self, incident: str) -> str:
        """What is broken, with the id by which people find it."""
        if ("incident", incident) not in self._known:
            notes = notes_of(self._session, incident)
            latest = {name: next((getattr(each, name) for each in reversed(notes) if getattr(each, name)), None) for name in _SAID}
            said = "".join(self._word(name, value) for name, value in latest.items() if value)
            self._known["incident", incident] = _called(said, incident)
        return self._known["incident", incident]

    def _alert(self, alert: str) -> str:
        if ("alert", alert) not in self._known:
            found = get_alert(self._session, alert)
            streams: Sequence[str] = () if found is None else found.streams
            said = (found.title if found else None) or "、".join(stream_title(each, self._knowledge) for each in streams)
            self._known["alert", alert] = _called(said, alert)
        return self._known["alert", alert]


_SAID = ("component", "severity")


@cache
def _words(file: str) -> Mapping[str, Any]:
    data: Mapping[str, Any] = Source.read(Path(__file__).with_name(file)).data
    return data


def _titles(knowledge: Knowledge) -> dict[str, Mapping[str, str]]:
    """What the knowledge calls the values of a detail, by the detail's name."""
    briefing = knowledge.briefing
    queues = {str(queue): words.title for queue, words in briefing.queues.items()}
    causes = {**{cause.id: cause.title for cause in knowledge.causes.values()}, OTHER_CAUSE: briefing.other_cause}
    objections = {**{rule.why: rule.agents for rule in knowledge.forbidden.rules if rule.agents}, **_by_text(briefing.objections)}
    return {
        **dict.fromkeys(("from", "to", "queue"), queues),
        **dict.fromkeys(("cause", "root_cause"), causes),
        "priority": _by_text(briefing.priorities),
        "resolved_by": _by_text(briefing.resolved_by),
        "reason": briefing.confirmations,
        "rules": objections,
        "verdict": {**experiment_words()["verdicts"], **compliance_texts()["verdicts"]},
    }


def _by_text(words: Mapping[Any, str]) -> dict[str, str]:
    return {str(name): text for name, text in words.items()}


def _called(said: str, name: str) -> str:
    return f"{said}（{name}）" if said else name
