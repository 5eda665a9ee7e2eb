"""The web server draws nothing: what it loads holds no library that does, none that signs in, and none of the operators' half that computes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

LOADED = "import json, sys, bot.bootstrap, bot.console, bot.desk, bot.server; print(json.dumps(sorted(sys.modules)))"
IDLE_UNTIL_NEEDED = {
    "matplotlib",
    "authlib",
    "joserfc",
    "ops.plots.band_plot",
    "ops.stats.intervals",
    "ops.stats.detector",
    "ops.stats.ranking",
    "ops.watch.census",
}


@pytest.mark.slow
def test_the_web_server_loads_nothing_that_draws_computes_or_signs_in_before_it_is_needed() -> None:
    run = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, timeout=120)
    loaded = set(json.loads(run.stdout.splitlines()[-1]))
    assert {"bot.console.alerts", "rasa"} <= loaded and not loaded & IDLE_UNTIL_NEEDED
