"""What the pages of alerts show, as data: the overview with its honest numbers, one alert with everything known of it, and sample complaints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.core.moments import SHANGHAI
from actions.knowledge.model import Knowledge
from actions.state import alerts as kept
from actions.state import census, episodes
from actions.state.alerts import AlertRow
from actions.state.conversations import MESSAGES
from actions.state.observations import OBSERVATIONS
from actions.state.plots import find_plot, plot_name
from actions.state.world.rows import read_rows
from bot.console.alert_changes import hour_before
from bot.console.alert_words import AlertWords
from ops.stats.rates import wilson
from ops.watch.settings import WatchSettings
from ops.watch.showing import alert_data

PRECISION_DAYS = 90
PAST_DAYS = 90
MOST_SAMPLES = 5
_DAY = 86_400_000
_LATE = 15 * 60_000
"""Milliseconds after which a census that comes every five minutes is late."""
_NAMED = {"merchant": ("merchants", "name"), "category": ("categories", "name")}


def instant(millis: int | None) -> str | None:
    """Epoch milliseconds as ISO text in the shop's time."""
    return None if millis is None else datetime.fromtimestamp(millis / 1000, SHANGHAI).isoformat(timespec="seconds")


def words_for(session: Session, knowledge: Knowledge, rows: tuple[AlertRow, ...]) -> AlertWords:
    """The words for alerts, with the names of what they are about."""
    names: dict[str, dict[str, str]] = {}
    for dim, (section, name) in _NAMED.items():
        ids = {each["value"] for row in rows for each in row.drill if each["dim"] == dim}
        if dim == "merchant":
            ids |= {fall["merchant"] for row in rows for fall in row.detail.get("census", {}).get("shops", ())}
        names[dim] = {key: getattr(row, name) for key, row in read_rows(session, section, ids).items()} if ids else {}
    return AlertWords(knowledge, names)


def summary(row: AlertRow, words: AlertWords) -> dict[str, Any]:
    """An alert as it stands in lists."""
    return {
        **alert_data(row),
        "title": row.title or "、".join(words.stream(stream) for stream in row.streams),
        "source_name": words.called("sources", row.source),
        "seen_at": instant(row.seen_at),
        "where": words.where(row.drill[0]["dim"], row.drill[0]["value"]) if row.drill else None,
        "census": row.detail.get("census"),
    }


def precision(session: Session, now: int) -> dict[str, Any]:
    """How many of the alarms that people have judged were true, with the interval of the rate; None before there is one."""
    counts = kept.verdicts(session, now - PRECISION_DAYS * _DAY)
    judged = counts["true"] + counts["false"]
    limits = wilson(counts["true"], judged) if judged else None
    rate = counts["true"] / judged if judged else None
    return {
        "days": PRECISION_DAYS,
        "true": counts["true"],
        "false": counts["false"],
        "unjudged": counts["none"],
        "rate": rate,
        "interval": limits,
    }


def overview(session: Session, knowledge: Knowledge, given: WatchSettings, now: int) -> tuple[dict[str, Any], AlertWords]:
    """The list with what it is worth: what is open, what was, how often it was right, its budget, and what the census saw last."""
    rows = kept.recent_alerts(session, now - PAST_DAYS * _DAY)
    words = words_for(session, knowledge, rows)
    last = census.latest(session)
    seen: dict[str, Any] | None = None
    if last is not None:
        seen = {"at": instant(last.at), "facts_at": last.facts_at, "late": now - last.at > _LATE, **_seen(last.outcome)}
    data = {
        "open": [summary(row, words) for row in rows if row.is_open],
        "past": [summary(row, words) for row in rows if not row.is_open],
        "precision": precision(session, now),
        "budget": {"false_alarms_a_week": given.false_alarms_a_week},
        "silenced": [
            {"stream": each.stream, "until": instant(each.until), "reason": each.reason, "by": each.by}
            for each in kept.silences(session, now)
        ],
        "census": seen,
    }
    return data, words


def detail(session: Session, knowledge: Knowledge, row: AlertRow) -> tuple[dict[str, Any], AlertWords]:
    """Everything that is known of an alert."""
    words = words_for(session, knowledge, (row,))
    plot = find_plot(session, plot_name(row.id, "wide"))
    begun, opened = (datetime.fromtimestamp(at / 1000, SHANGHAI) for at in (row.since, row.opened_at))
    others = [each for each in kept.open_alerts(session) if each.id != row.id and set(each.streams) & set(row.streams)]
    data = {
        **summary(row, words),
        "customers": kept.count_of_members(session, row.id),
        "plot": None if plot is None else {**plot.data, "points": [{**each, "at": instant(each["at"])} for each in plot.data["points"]]},
        "plotted_at": None if plot is None else plot.made_at,
        "changes": hour_before(session, begun, opened).to_data(),
        "related": [summary(each, words) for each in others],
        "detail": {name: value for name, value in row.detail.items() if name != "census"},
    }
    return data, words


def samples(session: Session, row: AlertRow) -> list[dict[str, Any]]:
    """What some of an alert's customers said, masked as it is stored, without who they are."""
    return list(_samples(session, row))


def _samples(session: Session, row: AlertRow) -> Iterator[dict[str, Any]]:
    seen, said = OBSERVATIONS.c, MESSAGES.c
    shown = 0
    for member in kept.members(session, row.id, limit=10 * MOST_SAMPLES):
        user = episodes.user_of(session, member.ref)
        at = select(seen.seq).where(seen.ref == member.ref, seen.at == member.at).order_by(seen.seq).limit(1)
        seq = session.execute(at).scalar()
        if user is None or seq is None:
            continue
        wanted = (
            select(said.text).where(said.conversation_id == user, said.role == "user", said.seq <= seq).order_by(said.seq.desc()).limit(1)
        )
        text = session.execute(wanted).scalar()
        if text:
            yield {"at": instant(member.at), "stream": member.stream, "text": text}
            shown += 1
        if shown == MOST_SAMPLES:
            return


def blind_warnings(session: Session, knowledge: Knowledge, now: int) -> list[dict[str, Any]]:
    """What keeps the watch from seeing: no complaint where many should come, or a census that has not come for long."""
    rows = tuple(row for row in kept.open_alerts(session) if "blind" in row.streams)
    words = words_for(session, knowledge, rows)
    found = [{"what": "blind", **summary(row, words)} for row in rows]
    last = census.latest(session)
    if last is not None and now - last.at > _LATE:
        found.append({"what": "census", "at": instant(last.at), "minutes": (now - last.at) // 60_000})
    return found


def _seen(outcome: Mapping[str, Any]) -> dict[str, Any]:
    populations = {kind: outcome[kind] for kind in get_args(census.Population) if kind in outcome}
    return {
        "of": {kind: each["of"] for kind, each in populations.items()},
        "newly": [{"kind": kind, "of": each["of"], **row} for kind, each in populations.items() for row in each["newly"]],
    }
