"""The review of an incident as the program drafts it: figures, timeline and two plots; people write cause and actions."""

from __future__ import annotations

import base64
import io
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from actions.core.facts import FactsSource
from actions.core.moments import local
from actions.core.money import Fen, yuan_text
from actions.knowledge.model import Knowledge
from actions.state.incidents import Milliseconds, now_ms
from ops.incidents.measures import LEAST_FOR_A_TREND, IncidentMeasures, affected_episodes, measured, medians, told_at, trend
from ops.incidents.reading import IncidentView, every_incident
from ops.incidents.scope import scope_data
from ops.incidents.titles import titles

ReviewFormat = Literal["md", "html"]
_HERE = Path(__file__).parent
_BUCKET_MS = 5 * 60 * 1000

Points = list[tuple[Milliseconds, int]]


def review(session: Session, knowledge: Knowledge, source: FactsSource, view: IncidentView, now: datetime, form: ReviewFormat) -> str:
    """The review as Markdown, or as one HTML file that needs no other."""
    own = measured(session, knowledge, source, view, now)
    others = [measured(session, knowledge, source, each, now) for each in every_incident(session, now) if each.since("investigating")]
    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    said = titles()
    template = templates.get_template(f"review.{form}")
    return template.render(
        view=view,
        facts={
            "component": knowledge.facts.word_for_agents("incident.component", view.component or ""),
            "severity": knowledge.facts.word_for_agents("incident.severity", view.severity or ""),
        },
        scope="；".join(f"{said['scopes'][name]} {_listed(value)}" for name, value in scope_data(view.affects).items()),
        first=said["first"] if own.first_affected is not None else None,
        steps=_steps(own, medians(others)),
        rest=_rest(own),
        trend=trend(others),
        least=LEAST_FOR_A_TREND,
        timeline=[_in_timeline(note, form) for note in view.notes],
        plots=[
            (title, _data_url(_svg(points, own)), [(shown(at), value) for at, value in points])
            for title, points in _plots(session, knowledge, view, own)
        ],
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


def _in_timeline(note: Any, form: ReviewFormat) -> dict[str, str]:
    row = {"at": shown(note.at), "stage": titles()["stages"][note.stage], "by": note.by}
    row |= {"public": note.public or "", "internal": note.internal or ""}
    # A bar, or the end of a line, would end the cell.
    return {name: value.replace("|", "\\|").replace("\n", " ") if form == "md" else value for name, value in row.items()}


def _plots(session: Session, knowledge: Knowledge, view: IncidentView, own: IncidentMeasures) -> list[tuple[str, Points]]:
    begun = min((each for each in (own.first_affected, own.alerted, own.declared) if each is not None), default=now_ms())
    ended = view.since("resolved") or view.since("withdrawn") or now_ms()
    affected = Counter(at // _BUCKET_MS for at, _ in affected_episodes(session, knowledge, begun, ended).values())
    buckets = range(begun // _BUCKET_MS, ended // _BUCKET_MS + 1)
    told = Counter(at // _BUCKET_MS for at in told_at(session, view.id))
    total, grown = 0, []
    for bucket in sorted(told):
        total += told[bucket]
        grown.append((bucket * _BUCKET_MS, total))
    plots = titles()["plots"]
    # Months of buckets would fill pages and show nothing.
    shown_buckets = buckets if len(buckets) <= 2000 else sorted(affected)
    return [(plots["affected"], [(bucket * _BUCKET_MS, affected[bucket]) for bucket in shown_buckets]), (plots["told"], grown)]


def _svg(points: Points, own: IncidentMeasures) -> bytes:
    # Only commands and the worker draw; whoever reads measures need not wait for the import.
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": own.incident, "font.family": "sans-serif"}):
        figure = Figure(figsize=(8, 3))
        canvas = FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        begun = points[0][0] if points else 0
        along = [(at - begun) / 60_000 for at, _ in points]
        axes.step(along, [value for _, value in points], where="post")
        for name, at in (("declared", own.declared), ("fixed", own.fixed)):
            if at is not None and points:
                axes.axvline((at - begun) / 60_000, linestyle="--", color="grey")
                axes.annotate(name, ((at - begun) / 60_000, 0.97), xycoords=("data", "axes fraction"), rotation=90, va="top", ha="right")
        axes.set_ylim(bottom=0)
        axes.yaxis.get_major_locator().set_params(integer=True)
        # The title stands beside the picture, where the page's own fonts have the signs for it.
        axes.set_xlabel("min")
        out = io.BytesIO()
        canvas.print_svg(out, metadata={"Date": None})
    return out.getvalue()


def _data_url(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


def _listed(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)
