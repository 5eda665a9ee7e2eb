"""``make bench``: what a diagnosis, a chat turn, a start and the memory cost on this machine, beside Rasa as it comes.

Medians and 95th percentiles, so that a noisy machine shows as a wide gap between the two. What is compared runs one after the other on the same
machine, with the same model, actions, world and sentences; whoever drives it runs on the same machine, too.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from actions.core.diagnosis import diagnose
from actions.core.subject import Subject
from actions.state.database import Database
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data
from conversations.application import project_knowledge
from tests.load.assistants import CUSTOMERS, Assistant, ours, stock
from tests.load.customers import Measured, drive
from tests.load.plots import plot
from tests.load.world import world

ORDERS = 2000
TURNS = 300
AROUND = 30
"""Turns whose median stands for the length of a conversation."""
LENGTHS = (10, 100, 1000, 5000)
LONGEST_OF_STOCK = 100
"""Rasa's own turns grow by a millisecond each: a thousand of them take a quarter of an hour."""
AT_ONCE = (1, 8, 32, 128)
PARTS = ("diagnosis", "turns", "growth", "customers")
REPORT = Path("var/bench.json")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures, prints a table, and saves the figures and the plots."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to measure")
    parser.add_argument("--without-stock", action="store_true", help="leave out Rasa as it comes, which takes most of the time")
    parser.add_argument("--plots", type=Path, help="a folder to save the plots in")
    asked = parser.parse_args(arguments)
    print(f"{os.cpu_count()} processors; load before: {os.getloadavg()[0]:.1f}")
    report: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        if "diagnosis" in asked.only:
            measure_diagnosis(Path(folder))
        served = [part for part in asked.only if part != "diagnosis"]
        for make in (ours,) if asked.without_stock else (ours, stock):
            if served:
                own = Path(folder) / make.__name__
                own.mkdir()
                with make(own, own / "log") as assistant:
                    report[assistant.name] = measure(assistant, served)
    for line in table(report):
        print(line)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=1), encoding="utf-8")
    if asked.plots:
        plot(report, asked.plots)


def measure_diagnosis(folder: Path) -> None:
    """Queries and rules for many orders of many customers in one process."""
    database = Database(f"sqlite:///{folder}/diagnosis.db")
    database.migrate()
    load_world_data(database, world(200, ORDERS))
    causes = tuple(project_knowledge().causes.values())
    measured = Measured()
    for number in range(ORDERS):
        begun = time.perf_counter()
        with database.session() as session:
            diagnose(SqlFacts(session).snapshot(f"u-{number % 200}", Subject("order", f"o-{number}")), causes)
        measured.times.append(time.perf_counter() - begun)
    print(f"diagnosis of an order, queries included ({ORDERS} orders, SQLite): {_both(measured)}")


def measure(assistant: Assistant, parts: Sequence[str]) -> dict[str, Any]:
    """The figures of one assistant."""
    print(f"measuring {assistant.name}", flush=True)
    figures: dict[str, Any] = {"start to first answer, s": round(assistant.started, 1)}
    drive(assistant, _customers(10, CUSTOMERS - 10), 4)
    if "turns" in parts:
        before = assistant.stages()
        measured = drive(assistant, ["u-0"], AROUND)
        for _ in range(TURNS // AROUND - 1):
            # Another customer every few turns: how long a conversation is must not be what is measured.
            more = drive(assistant, _customers(1, len(measured.times) // AROUND), AROUND)
            measured.times += more.times
        figures["turn, ms"] = {"median": round(measured.median, 1), "p95": round(measured.p95, 1)}
        if before:
            after = assistant.stages()
            turns = after.pop("turns") - before.pop("turns")
            figures["of it, ms (mean)"] = {name: round((after[name] - before[name]) / turns * 1000, 1) for name in after}
    figures["resident, MB"] = {role: round(size) for role, size in assistant.megabytes().items()}
    if "growth" in parts:
        figures["growth"] = _growth(assistant)
    if "customers" in parts:
        figures["customers"] = {at_once: _at_once(assistant, at_once) for at_once in AT_ONCE}
    return figures


def _growth(assistant: Assistant) -> dict[int, float]:
    user, said, found = f"u-{CUSTOMERS - 1}", 0, {}
    for length in LENGTHS if assistant.name == "ours" else [length for length in LENGTHS if length <= LONGEST_OF_STOCK]:
        drive(assistant, [user], max(0, length - said - AROUND // 2))
        measured = drive(assistant, [user], AROUND)
        said = length + AROUND // 2
        found[length] = round(measured.median, 1)
    return found


def _at_once(assistant: Assistant, at_once: int) -> dict[str, Any]:
    measured = drive(assistant, _customers(at_once, 20), max(5, TURNS // at_once))
    figures: dict[str, Any] = {
        "turns a second": round(measured.rate, 1),
        "median, ms": round(measured.median),
        "p95, ms": round(measured.p95),
    }
    return {**figures, "empty": measured.empty, "refused": measured.refused}


def _customers(count: int, first: int) -> list[str]:
    return [f"u-{first + n}" for n in range(count)]


def table(report: dict[str, dict[str, Any]]) -> list[str]:
    """What was measured, one line each, and how many times as much the other takes."""
    lines = []
    for name, figures in report.items():
        lines.append(f"{name}:")
        for what, value in figures.items():
            if what == "resident, MB":
                lines.append(f"  resident, MB: {sum(value.values())} ({', '.join(f'{role} {size}' for role, size in value.items())})")
            elif what in ("growth", "customers"):
                unit = "turn of a conversation, ms" if what == "growth" else "customers at once"
                lines += [f"  {unit}, {key}: {value[key]}" for key in value]
            else:
                lines.append(f"  {what}: {value}")
    if len(report) > 1:
        lines += _ratios(*report.values())
    return lines


def _ratios(own: dict[str, Any], other: dict[str, Any]) -> list[str]:
    lines = ["beside Rasa as it comes:"]
    if "turn, ms" in own:
        lines.append(f"  a turn takes {own['turn, ms']['median'] / other['turn, ms']['median']:.2f} of its time")
    for at_once, figures in own.get("customers", {}).items():
        more = figures["turns a second"] / max(0.1, other["customers"][at_once]["turns a second"])
        lines.append(f"  {at_once} customers at once: {more:.1f} times as many turns a second")
    return lines


def _both(measured: Measured) -> str:
    return f"median {measured.median:.1f} ms, p95 {measured.p95:.1f} ms, mean {statistics.mean(measured.times) * 1000:.1f} ms"


if __name__ == "__main__":
    main()
