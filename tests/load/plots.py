"""The plots of ``make bench``: how a turn grows with the conversation, and how many turns a second there are for so many customers."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def plot(report: dict[str, dict[str, Any]], folder: Path) -> None:
    """Saves `growth.svg` and `customers.svg`, those of which there are figures."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "bench"  # the same figures give the same file
    folder.mkdir(parents=True, exist_ok=True)
    _draw(
        {name: figures["growth"] for name, figures in report.items() if "growth" in figures},
        "turns of the conversation so far",
        "a turn, ms (median)",
        folder / "growth.svg",
    )
    _draw(
        {
            name: {at_once: each["turns a second"] for at_once, each in figures["customers"].items()}
            for name, figures in report.items()
            if "customers" in figures
        },
        "customers at once",
        "turns a second",
        folder / "customers.svg",
    )


def _draw(series: dict[str, dict[int, float]], along: str, up: str, file: Path) -> None:
    if not series:
        return
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 3.5))
    for name, values in series.items():
        axes.plot(list(values), list(values.values()), marker="o", label=name)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel(along)
    axes.set_ylabel(up)
    axes.legend()
    axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
