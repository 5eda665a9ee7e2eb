"""The review of an incident as the program drafts it: figures, timeline and two plots; people write cause and actions."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from actions.core.facts import FactsSource
from actions.core.moments import local
from actions.core.money import Fen, yuan_text
from actions.knowledge.model import Knowledge
from actions.state.incident_afterwards import actions_of, cause_of
from actions.state.incidents import ETA_UNKNOWN, IncidentNote, Milliseconds, now_ms
from ops.incidents.measures import LEAST_FOR_A_TREND, IncidentMeasures, affected_episodes, measured, medians, told_at, trend
from ops.incidents.reading import IncidentView, every_incident
from ops.incidents.review_plot import BUCKET_MS, draw_review
from ops.incidents.scope import names_in, scope_data
from ops.incidents.titles import titles

ReviewFormat = Literal["md", "html"]
_HERE = Path(__file__).parent
_MINUTE_MS = 60_000


def review(session: Session, knowledge: Knowledge, source: FactsSource, view: IncidentView, now: datetime, form: ReviewFormat) -> str:
    """The review as Markdown, or as one HTML file that needs no other."""
    own = measured(session, knowledge, source, view, now)
    others = [measured(session, knowledge, source, each, now) for each in every_incident(session, now) if each.since("investigating")]
    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    said = titles()
    named = names_in(session, scope_data(view.affects), *(note.affects for note in view.notes if note.affects))
    template = templates.get_template(f"review.{form}")
    return template.render(
        view=view,
        facts={
            "component": knowledge.facts.word_for_agents("incident.component", view.component or ""),
            "severity": knowledge.facts.word_for_agents("incident.severity", view.severity or ""),
        },
        scope=_scope(scope_data(view.affects), named),
        first=said["firsts"][own.begun[0] if own.begun is not None else "declared"],
        steps=_steps(own, medians(others)),
        rest=_rest(own),
        trend=trend(others),
        least=LEAST_FOR_A_TREND,
        timeline=[_in_timeline(note, form, knowledge, named) for note in view.notes],
        plots=list(_plots(session, knowledge, view, own)),
        cause=cause_of(session, view.id),
        actions=[(each.what, each.owner, each.until, each.done_by) for each in actions_of(session, view.id)],
        made_at=shown(now_ms()),
        waiting=own.subscribed - own.told,
    )


def shown(at: Milliseconds) -> str:
    """A time as people read it."""
    return f"{local(datetime.fromtimestamp(at / 1000, timezone.utc)):%m-%d %H:%M}"


def _steps(own: IncidentMeasures, of_all: dict[str, tuple[float, int]]) -> list[tuple[str, float | None, float, int]]:
    return [(titles()["steps"][name], minutes, *of_all.get(name, (0.0, 0))) for name, minutes in own.minutes.items()]


def _rest(own: IncidentMeasures) -> list[tuple[str, str]]:
    part = own.without_a_person
    values = {**vars(own), "without_a_person": "—" if part is None else f"{part:.0%}"}
    values["orders_lost"] = f"{own.orders_lost}（{yuan_text(Fen(own.amount_lost))} 元）"
    return [(title, str(values[name])) for name, title in titles()["rest"].items()]


def _in_timeline(note: IncidentNote, form: ReviewFormat, knowledge: Knowledge, named: Mapping[str, str]) -> dict[str, str]:
    row = {"at": shown(note.at), "stage": titles()["stages"][note.stage], "by": note.by}
    row |= {"public": note.public or "", "internal": note.internal or "", "changed": "；".join(_changed(note, knowledge, named))}
    # A bar, or the end of a line, would end the cell.
    return {name: value.replace("|", "\\|").replace("\n", " ") if form == "md" else value for name, value in row.items()}


def _changed(note: IncidentNote, knowledge: Knowledge, named: Mapping[str, str]) -> Iterator[str]:
    """What a step has changed of what customers are told, beside the notice."""
    words = titles()["changes"]
    if note.eta is not None:
        yield words["eta"].format(eta=shown(note.eta)) if note.eta != ETA_UNKNOWN else words["no_eta"]
    if note.severity is not None:
        yield words["severity"].format(severity=knowledge.facts.word_for_agents("incident.severity", note.severity))
    if note.affects is not None:
        yield words["scope"].format(scope=_scope(note.affects, named) or words["everybody"])
    if note.from_alert is not None:
        yield words["from_alert"].format(alert=note.from_alert)


def _scope(affects: Mapping[str, Any], named: Mapping[str, str]) -> str:
    return "；".join(f"{titles()['scopes'][name]} {_listed(value, named)}" for name, value in affects.items())


def _plots(
    session: Session, knowledge: Knowledge, view: IncidentView, own: IncidentMeasures
) -> Iterator[tuple[str, str | None, list[tuple[str, int]]]]:
    """Title, picture and numbers of each; no picture where there is nothing to be drawn."""
    begun = own.begun[1] if own.begun is not None else now_ms()
    ended = view.since("resolved") or view.since("withdrawn") or now_ms()
    episodes = affected_episodes(session, knowledge, view.id, begun, ended, view.from_alert)
    affected = Counter(at // BUCKET_MS for at, _ in episodes.values())
    buckets = range(begun // BUCKET_MS, ended // BUCKET_MS + 1)
    told = Counter(at // _MINUTE_MS + 1 for at in told_at(session, view.id))
    grown = list(accumulate(told[minute] for minute in sorted(told)))
    names = titles()["plots"]
    # Months of buckets would fill pages and show nothing.
    shown_buckets = buckets if affected and len(buckets) <= 2000 else sorted(affected)
    counted = [(bucket * BUCKET_MS, affected[bucket]) for bucket in shown_buckets]
    so_far = [(minute * _MINUTE_MS, value) for minute, value in zip(sorted(told), grown)]
    marks = {names[name]: at for name, at in (("declared", own.declared), ("fixed", own.fixed)) if at is not None}
    for title, points, is_grown in ((names["affected"], counted, False), (names["told"], so_far, True)):
        picture = _data_url(draw_review(points, marks, is_grown).encode()) if points else None
        yield title, picture, [(shown(at), value) for at, value in points]


def _data_url(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


def _listed(value: Any, named: Mapping[str, str]) -> str:
    return (
        "、".join(named.get(each, str(each)) for each in value)
        if isinstance(value, Sequence) and not isinstance(value, str)
        else str(value)
    )
