"""What is told: an alert or an incident as operators read it, in words that stand in ``texts.yml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from actions.core.moments import SHANGHAI, start_of
from actions.knowledge.model import Knowledge
from actions.state.alerts import AlertRow, get_alert
from actions.state.incident_afterwards import DueAction, find_action
from actions.state.incidents import IncidentNote, notes_of
from actions.yaml_source import Source

_TEXTS = Path(__file__).with_name("texts.yml")
_PLACES = 3
CLOSED = "alert.closed"
OPENED = "alert.opened"
_FACTS = {"component": "incident.component", "channel": "order.channel", "severity": "incident.severity"}
"""Whose words are those of a fact."""


@dataclass(frozen=True)
class News:
    """What is told once.

    Attributes:
        event: ``alert.opened``, ``alert.closed``, ``incident.STAGE``, ``policy.due`` or ``compliance.…``.
        title: one line; ``lines`` say more.
        about: the alert, incident or policy as data.
        name: of what it is about, for machines; the same at its beginning and its end.
        starts_at, ends_at: of what it is about; no end while it goes on.
        page: where it stands below the deployment's address; None: where all of its kind do.
    """

    event: str
    title: str
    lines: tuple[str, ...]
    about: Mapping[str, Any]
    name: str
    starts_at: datetime
    ends_at: datetime | None
    page: str | None = None


def news_of(session: Session, knowledge: Knowledge, event: str, detail: Mapping[str, Any], address: str | None) -> News:
    """What a delivery tells, as it stands now.

    Args:
        detail: of the delivery: ``alert`` and ``telling``, ``incident`` and ``note``, ``incident`` and ``action``, or ``policy`` with what is told of it.
        address: of the console, if it is known.

    Raises:
        LookupError: what it is about is gone.
    """
    if "alert" in detail:
        alert = get_alert(session, str(detail["alert"]))
        if alert is None:
            raise LookupError(f"no alert {detail['alert']}")
        return _of_alert(alert, knowledge, event, int(detail.get("telling", 1)), address)
    if "action" in detail:
        return _of_action(find_action(session, int(detail["action"])), event, address)
    if "policy" in detail:
        return _of_policy(detail, event, address)
    notes = notes_of(session, str(detail.get("incident")))
    note = next((each for each in notes if each.id == detail.get("note")), None)
    if note is None:
        raise LookupError(f"no note {detail.get('note')} of incident {detail.get('incident')}")
    return _of_incident(notes, note, knowledge, event, address)


def stream_title(stream: str, knowledge: Knowledge) -> str:
    """What people call a stream."""
    kind, _, which = stream.partition(":")
    names = outgoing_texts()["streams"]
    if which and kind in names:
        return str(names[kind]).format(which=_which(kind, which, knowledge))
    cause = knowledge.causes.get(stream)
    return cause.title if cause is not None else str(names.get(stream, stream))


def place_title(dim: str, value: str, knowledge: Knowledge) -> str:
    """What people call a place in which a trouble may sit; a name where only the world has one stays an id."""
    if dim == "card":
        return str(outgoing_texts()["cards"].get(value, value))
    fact = _FACTS.get(dim)
    return value if fact is None else knowledge.facts.word_for_agents(fact, value)


def _which(kind: str, which: str, knowledge: Knowledge) -> str:
    if kind == "handoff" and which in knowledge.handoffs:
        return knowledge.handoffs[which].agents.title
    if kind == "intent" and which in knowledge.intents:
        return knowledge.intents[which].title or which
    cause = knowledge.causes.get(which)
    return which if cause is None else cause.title


def _of_alert(alert: AlertRow, knowledge: Knowledge, event: str, telling: int, address: str | None) -> News:
    what = alert.title or "、".join(stream_title(stream, knowledge) for stream in alert.streams)
    kind = "alert.repeated" if event == OPENED and telling > 1 else event
    about = {name: value for name, value in vars(alert).items() if name not in ("key", "tellings", "tell_at")}
    return News(
        event,
        outgoing_texts()["titles"][kind].format(what=what, telling=telling),
        tuple(_lines_of_alert(alert, knowledge, address)),
        {**about, "streams": list(alert.streams), "drill": list(alert.drill)},
        "+".join(alert.streams) or what,
        _at(alert.opened_at),
        None if alert.closed_at is None else _at(alert.closed_at),
    )


def _lines_of_census(alert: AlertRow) -> Iterator[str]:
    lines, found = outgoing_texts()["lines"], alert.detail["census"]
    for row in found["newly"][:1]:
        share = {name: f"{part:.1%}" for name, part in (("share", row["hits"] / row["of"]), ("low", row["low"]), ("high", row["high"]))}
        yield lines["census"].format(hits=row["hits"], of=row["of"], population=outgoing_texts()["populations"][row["kind"]], **share)
    for fall in found["shops"][:_PLACES]:
        yield lines["shop"].format(**fall)


def _lines_of_alert(alert: AlertRow, knowledge: Knowledge, address: str | None) -> Iterator[str]:
    lines, dims = outgoing_texts()["lines"], outgoing_texts()["dims"]
    if alert.source == "technical":
        yield lines["technical"].format(summary=alert.detail.get("summary") or alert.title or "")
    elif alert.source == "census":
        yield from _lines_of_census(alert)
    elif alert.level == "info":
        yield lines["blind"].format(expected=round(alert.expected))
    else:
        low, high = (("∞" if limit is None else f"{limit:.1f}") for limit in (alert.ratio_low, alert.ratio_high))
        yield lines["observed"].format(observed=alert.observed, expected=f"{alert.expected:.1f}", low=low, high=high)
    if alert.learning:
        yield lines["learning"]
    for each in alert.drill[:_PLACES]:
        parts = {name: f"{each[name]:.0%}" for name in ("share", "others")}
        value = place_title(each["dim"], each["value"], knowledge)
        yield lines["where"].format(dim=dims.get(each["dim"], each["dim"]), value=value, **parts)
    yield lines["since"].format(since=f"{_at(alert.since):%m-%d %H:%M}")
    if alert.draft is not None:
        yield lines["draft"].format(draft=alert.draft)
    if address is not None:
        yield lines["link"].format(link=f"{address}/console/alerts/{alert.id}")


def _of_incident(notes: tuple[IncidentNote, ...], note: IncidentNote, knowledge: Knowledge, event: str, address: str | None) -> News:
    told = [each for each in notes if each.id <= note.id]
    latest = {name: next((getattr(each, name) for each in reversed(told) if getattr(each, name)), None) for name in _OF_INCIDENT}
    said = (place_title(name, str(latest[name]), knowledge) for name in ("component", "severity") if latest[name])
    what = "".join(said) or note.incident
    lines = [outgoing_texts()["lines"]["notice"].format(notice=latest["public"])] if latest["public"] else []
    if address is not None:
        lines.append(outgoing_texts()["lines"]["link"].format(link=f"{address}/console/incidents/{note.incident}"))
    over = note.stage in ("resolved", "withdrawn")
    about = {"id": note.incident, "stage": note.stage, **latest, "at": note.at}
    title = outgoing_texts()["titles"][event].format(what=what)
    return News(event, title, tuple(lines), about, note.incident, _at(told[0].at), _at(note.at) if over else None)


def _of_action(action: DueAction | None, event: str, address: str | None) -> News:
    if action is None or action.done_at is not None:
        raise LookupError("what was to be done is done, or gone")
    until = action.until
    lines = [outgoing_texts()["lines"]["action"].format(owner=action.owner, until=until, incident=action.incident)]
    if address is not None:
        link = f"{address}/console/incidents/{action.incident}/afterwards"
        lines.append(outgoing_texts()["lines"]["afterwards"].format(link=link))
    about = {"id": action.incident, "action": action.id, "what": action.what, "owner": action.owner, "until": until}
    title = outgoing_texts()["titles"][event].format(what=action.what)
    return News(event, title, tuple(lines), about, action.incident, _at(action.made_at), None)


def _of_policy(detail: Mapping[str, Any], event: str, address: str | None) -> News:
    policy, on = str(detail["policy"]), date.fromisoformat(str(detail["on"]))
    lines = [outgoing_texts()["lines"]["owner"].format(owner=detail["owner"])] if detail.get("owner") else []
    if address is not None:
        lines.append(outgoing_texts()["lines"]["link"].format(link=f"{address}/console/policies/{policy}"))
    title = outgoing_texts()["titles"][event].format(what=detail["text"])
    return News(event, title, tuple(lines), {"id": policy, **detail}, policy, start_of(on), None)


_OF_INCIDENT = ("component", "severity", "public", "eta", "affects", "from_alert")


def _at(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, SHANGHAI)


@lru_cache(maxsize=1)
def outgoing_texts() -> Mapping[str, Any]:
    """What operators read outside."""
    data: Mapping[str, Any] = Source.read(_TEXTS, shown_as=_TEXTS.name).data
    return data
