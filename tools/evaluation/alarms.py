"""The alarm's table: false alarms in ordinary weeks, and how soon and where troubles are found.

``python -m tools.evaluation.alarms SEED… [--weeks 26] [--troubles 40]``; every number of seeds gives its own draws.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from ops.stats.intervals import rate_ratio
from ops.watch.alerts import Alert
from ops.watch.complaints import DiagnosedComplaint
from ops.watch.replay import Replay
from ops.watch.settings import read_watch_settings
from tools.evaluation.complaint_traffic import BEGIN, CALM, PATTERNED, SCATTERED, STRONG, ComplaintTraffic, Injected

SETTINGS = {"calm": CALM, "patterned": PATTERNED, "scattered": SCATTERED, "strongly scattered": STRONG}
TROUBLES = (
    (200, 0.03, 5),
    (200, 0.03, 10),
    (200, 0.005, 10),
    (200, 0.1, 3),
    (1000, 0.03, 5),
    (1000, 0.03, 10),
    (1000, 0.005, 10),
    (1000, 0.1, 3),
)
"""Complaints an hour, usual share of the stream, times."""
HISTORY_DAYS = 35
FOUND_WITHIN = 180
"""Minutes after which a trouble counts as missed."""
_PLACES = (("merchant", "m-7"), ("region", "region-3"))


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m tools.evaluation.alarms", description=__doc__)
    parser.add_argument("seeds", nargs="+", type=int)
    parser.add_argument("--weeks", type=float, default=26, help="ordinary weeks per seed and setting; 0 leaves them out")
    parser.add_argument("--troubles", type=int, default=40, help="troubles per row, divided among the seeds; 0 leaves them out")
    given = parser.parse_args(arguments)
    if given.weeks:
        for line in _ordinary(given.seeds, given.weeks):
            print(line, flush=True)
    if given.troubles:
        for line in _troubled(given.seeds, given.troubles):
            print(line, flush=True)


def _alerts(complaints: Sequence[DiagnosedComplaint]) -> list[Alert]:
    return [alert for alert in Replay(complaints, read_watch_settings()).alerts() if not alert.informs]


def _ordinary(seeds: Sequence[int], weeks: float) -> Iterator[str]:
    yield "| ordinary weeks | complaints/h | weeks | false alarms a week | upper 95 % bound |"
    yield "|---|---|---|---|---|"
    for name, setting in SETTINGS.items():
        count = sum(len(_alerts(ComplaintTraffic(setting, seed).complaints(weeks))) for seed in seeds)
        watched = weeks * len(seeds)
        yield f"| {name} | {setting.per_hour:.0f} | {watched:.0f} | {count / watched:.2f} | {rate_ratio(count, watched, 0.9)[1]:.2f} |"


def _troubled(seeds: Sequence[int], troubles: int) -> Iterator[str]:
    yield "| complaints/h | usual share | times | found after, median (90 %) min | missed | right place first |"
    yield "|---|---|---|---|---|---|"
    for per_hour, share, times in TROUBLES:
        delays: list[float] = []
        placed: list[bool] = []
        for number in range(troubles):
            seed = seeds[number % len(seeds)] * 1000 + number
            start = HISTORY_DAYS * 1440 + (number * 97) % 1440
            dim, value = _PLACES[number % len(_PLACES)]
            trouble = Injected("target", start, FOUND_WITHIN, times, **{dim: value})  # type: ignore[arg-type]
            traffic = ComplaintTraffic(replace(CALM, per_hour=per_hour), seed, {"target": share})
            begun = BEGIN + start * 60
            alerts = _alerts(traffic.complaints((start + FOUND_WITHIN + 60) / 10_080, [trouble]))
            hit = next(
                (alert for alert in alerts if "target" in alert.streams and begun < alert.opened_at <= begun + FOUND_WITHIN * 60), None
            )
            delays.append((hit.opened_at - begun) / 60 if hit else float("inf"))
            if hit and hit.observed >= 10:
                placed.append(bool(hit.drill) and (hit.drill[0].dim, hit.drill[0].value) == (dim, value))
        found = sorted(delays)
        late = found[min(len(found) - 1, int(0.9 * len(found)))]
        missed = sum(delay == float("inf") for delay in delays)
        yield f"| {per_hour} | {share:.1%} | ×{times} | {median(found):.0f} ({late:.0f}) | {missed} | {sum(placed)} of {len(placed)} |"


if __name__ == "__main__":
    main()
