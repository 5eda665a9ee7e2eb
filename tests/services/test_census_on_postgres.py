"""The census on PostgreSQL: the same panel, the same alarm, its alert and its plot."""

from __future__ import annotations

from actions.state import census
from actions.state.alerts import now_millis, open_alerts
from actions.state.database import Database
from actions.state.plots import find_plot, plot_name
from actions.state.world.loading import load_world, load_world_data
from conversations.application import composed, project_knowledge
from ops.watch.alert_plots import draw_alerts
from ops.watch.census_look import take_census
from ops.watch.census_pass import run_census
from ops.watch.settings import WatchSettings
from ops.worker import Surroundings
from tests.unit.handoff.conftest import WORLD


def test_a_fault_in_the_world_alarms_and_is_drawn(postgres: Database) -> None:
    load_world(postgres, [WORLD])
    here = Surroundings.of(composed(postgres))
    first = take_census(postgres, project_knowledge(), WatchSettings.parse_obj({}), now_millis() - 300_000)
    load_world_data(postgres, {"merchants": [{"id": "m-1", "integration": "error"}]})
    second = run_census(here)
    assert {(row.kind, row.id) for row in first.panel} == {(row.kind, row.id) for row in second.panel}
    assert draw_alerts(here) == 1
    with postgres.session() as session:
        (alert,) = open_alerts(session)
        assert alert.source == "census" and alert.drill[0]["value"] == "m-1" and alert.draft is not None
        assert census.panel(session) == tuple(sorted(second.panel, key=lambda row: (row.kind, row.id)))
        assert find_plot(session, plot_name(alert.id, "narrow"), "dark") is not None
