"""The web server draws nothing: what it loads holds no library that does, and none of the operators' half that computes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

LOADED = "import json, sys, bot.bootstrap, bot.console, bot.desk, bot.server; print(json.dumps(sorted(sys.modules)))"
DRAWS_OR_COMPUTES = {
    "matplotlib",
    "ops.plots.band_plot",
    "ops.stats.intervals",
    "ops.stats.detector",
    "ops.stats.ranking",
    "ops.watch.census",
}


@pytest.mark.slow
def test_the_web_server_loads_nothing_that_draws() -> None:
    run = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, timeout=120)
    loaded = set(json.loads(run.stdout.splitlines()[-1]))
    assert {"bot.console.alerts", "rasa"} <= loaded and not loaded & DRAWS_OR_COMPUTES
