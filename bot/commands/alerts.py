"""What ``baitiao alerts`` does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from actions.bootstrap import Application
from actions.knowledge import DEFAULT_ROOT
from actions.state.alerts import is_silenced, now_millis, recent_alerts, silences
from bot.commands import OPERATOR
from ops.watch import decisions
from ops.watch.alerts import Alert, instant
from ops.watch.complaints import read_complaints
from ops.watch.names import known_streams
from ops.watch.replay import Replay
from ops.watch.settings import read_watch_settings
from ops.watch.showing import alert_data, alert_details
from ops.watch.watching import ALL, BLIND

_DAY = 86_400_000
_PLACES = 5


def listed(here: Application, days: float) -> list[dict[str, Any]]:
    """Alerts that go on or were over within some days, the newest first."""
    now = now_millis()
    try:
        with here.database.session() as session:
            held = silences(session, now)
            rows = recent_alerts(session, now - int(days * _DAY))
        return [{**alert_data(row), "silenced": is_silenced(row.streams, row.title, held)} for row in rows]
    finally:
        here.database.close()


def shown(here: Application, alert_id: str) -> dict[str, Any]:
    """One alert with everything that is kept of it.

    Raises:
        AlertRefused: there is none.
    """
    try:
        with here.database.session() as session:
            return alert_details(session, alert_id)
    finally:
        here.database.close()


def acknowledged(here: Application, alert_id: str) -> None:
    """Notes that somebody takes care of it.

    Raises:
        AlertRefused: see ``decisions``.
    """
    with here.database.session() as session:
        decisions.acknowledge(session, alert_id, OPERATOR)


def judged(here: Application, alert_id: str, word: str) -> None:
    """Notes whether it was right.

    Raises:
        AlertRefused: see ``decisions``.
    """
    with here.database.session() as session:
        decisions.judge(session, alert_id, word, OPERATOR)


def silenced(here: Application, stream: str, days: float, reason: str) -> str:
    """Silences a stream; until when.

    Raises:
        AlertRefused: there is no such stream; else see ``decisions``.
    """
    with here.database.session() as session:
        if not stream.startswith("a-"):
            decisions.known_stream(session, stream, {ALL, BLIND, *known_streams(DEFAULT_ROOT)})
        return instant(decisions.silence(session, stream, days, reason, OPERATOR) / 1000)


def replayed(file: Path) -> list[Alert]:
    """The alerts that the complaints of a file would have given.

    Raises:
        SourceError: the file, or ``watch.yml``, cannot be used.
    """
    return Replay(read_complaints(file), read_watch_settings()).alerts()


def line(alert: Alert) -> str:
    """An alert of a replay in one line for people."""
    return _line(alert.to_data())


def row_line(data: Mapping[str, Any]) -> str:
    """A kept alert in one line for people."""
    said = [data["id"], _line(data)]
    said += [word for word in ("acknowledged", "silenced", "learning") if data[word]]
    said += [f"verdict {data['verdict']}"] if data["verdict"] else []
    return " · ".join(said)


def shown_lines(data: Mapping[str, Any]) -> Iterator[str]:
    """A kept alert with its details, a line each."""
    yield row_line({**data, "silenced": False})
    yield f"since {data['since']} · {data['customers']} customers · draft {data['draft'] or 'none'}"
    for each in data["drill"][:_PLACES]:
        yield f"{each['dim']} {each['value']}: {each['share']:.0%} of them, {each['others']:.0%} of others, at least {each['at_least']:.0%} more"
    for each in data["minutes"]:
        if each["observed"]:
            yield f"{each['at']}  {each['observed']} where {each['low']} to {each['high']} are usual"


def _line(data: Mapping[str, Any]) -> str:
    low, high = data["ratio"]
    parts = [f"{data['opened_at']} to {data['closed_at'] or 'now'}", data["stream"]]
    parts.append(f"{data['observed']} customers where {data['expected']:.1f} were to be expected ({low} to {high} times)")
    parts += [f"{each['dim']} {each['value']}: {each['share']:.0%} of them, {each['others']:.0%} of others" for each in data["drill"][:3]]
    if data.get("level") == "info":
        parts.append("only informs")
    return " · ".join(parts)
