"""The passes of the worker: the one list of what it does, and how often."""

from __future__ import annotations

from ops.plots.alert_plots import PLOTTING
from ops.watch.census_pass import CENSUS
from ops.worker import Pass

PASSES: tuple[Pass, ...] = (CENSUS, PLOTTING)
