"""What an entry of the audit says in detail, in words for people: names instead of keys, times instead of milliseconds, links instead of ids alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from actions.core.moments import SHANGHAI
from actions.knowledge.model import Knowledge
from actions.state.alerts import get_alert
from actions.state.incidents import ETA_UNKNOWN, notes_of
from actions.yaml_source import Source
from bot.console.places import ConsoleRefused
from ops.incidents.titles import titles
from ops.outgoing.news import stream_title

_TIMES = frozenset({"eta", "until", "before", "since"})
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
        knowledge: titles of causes, queues and facts.
    """

    def __init__(self, session: Session, knowledge: Knowledge) -> None:
        self._session = session
        self._knowledge = knowledge
        said = Source.read(Path(__file__).with_name("audit.yml")).data
        self._names: Mapping[str, str] = said["names"]
        self._values: Mapping[str, Mapping[str, str]] = said["values"]
        self._queues = {str(queue): briefing.title for queue, briefing in knowledge.briefing.queues.items()}
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
        if name == "stage":
            return str(titles()["stages"].get(value, value))
        if name in ("streams", "stream"):
            return stream_title(value, self._knowledge)
        if name == "why" and value in ConsoleRefused.catalogue.kinds:
            return ConsoleRefused.catalogue.kinds[value].detail
        if name in ("from", "to") and value in self._queues:
            return self._queues[value]
        return str(self._values.get(name, {}).get(value, value))

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


def _called(said: str, name: str) -> str:
    return f"{said}（{name}）" if said else name
