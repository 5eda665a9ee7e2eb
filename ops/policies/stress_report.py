"""The report of a stress test, to be read, printed and signed: one HTML document with its heat map."""

from __future__ import annotations

import base64
from pathlib import Path

from actions.handoff.rendering import environment
from actions.state.columns import real_now
from ops.plots.heat_map import HeatMap, draw_heat_map
from ops.policies.breakdown import HIDDEN, LEAST
from ops.policies.gaps import policy_texts
from ops.policies.stress import EVERYWHERE, TODAY, StressResult, StressRun

_HERE = Path(__file__).parent


def heat_map(run: StressRun) -> str:
    """Scenario × region as an SVG document, without regions of too few."""
    words, columns = policy_texts()["stress"], [EVERYWHERE, *run.regions(LEAST)]
    values = [[result.by_region[region].share for region in columns] for result in run.results]
    names = [words["everywhere"] if region == EVERYWHERE else region for region in columns]
    return draw_heat_map(HeatMap([title_of(each) for each in run.results], names, values, words["title"]), "light")


def report(run: StressRun) -> str:
    """The document."""
    picture = base64.b64encode(heat_map(run).encode()).decode()
    page = environment(_HERE / "templates").get_template("stress.html")
    return page.render(
        run=run,
        words=policy_texts()["stress"],
        picture=f"data:image/svg+xml;base64,{picture}",
        title_of=title_of,
        regions=run.regions(LEAST),
        hidden=HIDDEN,
        made=real_now(),
    )


def title_of(result: StressResult) -> str:
    """What people call a scenario."""
    return str(policy_texts()["stress"]["today"]) if result.id == TODAY else result.title
