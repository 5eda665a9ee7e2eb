"""What ``baitiao alerts`` does."""

from __future__ import annotations

from pathlib import Path

from ops.watch.alerts import Alert
from ops.watch.complaints import read_complaints
from ops.watch.replay import Replay
from ops.watch.settings import read_watch_settings


def replayed(file: Path) -> list[Alert]:
    """The alerts that the complaints of a file would have given.

    Raises:
        SourceError: the file, or ``watch.yml``, cannot be used.
    """
    return Replay(read_complaints(file), read_watch_settings()).alerts()


def line(alert: Alert) -> str:
    """An alert in one line for people."""
    data = alert.to_data()
    low, high = data["ratio"]
    parts = [f"{data['opened_at']} to {data['closed_at'] or 'now'}", data["stream"]]
    parts.append(f"{data['observed']} customers where {data['expected']:.1f} were to be expected ({low} to {high} times)")
    parts += [f"{each['dim']} {each['value']}: {each['share']:.0%} of them, {each['others']:.0%} of others" for each in data["drill"][:3]]
    if alert.informs:
        parts.append("only informs")
    return " · ".join(parts)
