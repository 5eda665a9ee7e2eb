"""What ``baitiao policy stress`` does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from actions.yaml_source import Source
from bot.commands import opened, writing
from ops.policies.stress import StressRun, stress
from ops.policies.stress_files import read_stress_file


def stressed(file: Path) -> StressRun:
    """Runs the scenarios of a file over the world as it is.

    Raises:
        SourceError: the file cannot be used.
    """
    given = read_stress_file(Source.read(file))
    here = opened()
    with here.database.session() as session:
        return stress(session, here.knowledge.current, given, here.settings.now)


def write_files(found: StressRun, svg: Path | None, report: Path | None) -> None:
    """Writes the heat map and the report where somebody wants them.

    Raises:
        Refusal: one cannot be written.
    """
    if svg is None and report is None:
        return
    # What draws is loaded when there is something to draw.
    from ops.policies import stress_report

    for file, made in ((svg, stress_report.heat_map), (report, stress_report.report)):
        if file is not None:
            with writing(file):
                file.write_text(made(found), encoding="utf-8")


def lines(found: StressRun) -> Iterator[str]:
    """The outcome for people."""
    for each in found.results:
        shares = f"{each.all.share:.1%} without the option, {each.all.share_without_alternative:.1%} without any alternative"
        yield f"{each.id}: {shares}, {each.handoffs:.1f} handoffs, {each.peak_per_hour:.1f} in the busiest hour"
    for sentence in found.exceeded:
        yield f"exceeded: {sentence}"
