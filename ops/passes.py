"""The passes of the worker: the one list of what it does, and how often."""

from __future__ import annotations

from ops.observing.retention import forget_old
from ops.observing.rollup import roll_up
from ops.observing.silence import end_abandoned
from ops.plots.alert_plots import draw_alerts
from ops.watch.census_pass import run_census
from ops.worker import Pass

PASSES: tuple[Pass, ...] = (
    Pass("roll-up", 5.0, roll_up),
    Pass("silence", 60.0, end_abandoned),
    Pass("retention", 3600.0, forget_old),
    Pass("census", 300.0, run_census),
    Pass("plots", 30.0, draw_alerts),
)
