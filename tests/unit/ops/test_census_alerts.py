"""What the census finds stands in the one list of alerts, drafts an incident, and is over when the state says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from actions.bootstrap import Application, bootstrap
from actions.settings import Settings
from actions.state import census
from actions.state.alerts import AlertRow, add_alert, get_alert, new_alert_id, now_millis, open_alerts, recent_alerts
from actions.state.incidents import all_notes
from actions.state.plots import find_plot, plot_name
from actions.state.world.loading import load_world, load_world_data
from bot.demo.remedies import DEMO_FILES
from ops.watch.alert_plots import draw_alerts
from ops.watch.census_look import take_census
from ops.watch.census_pass import run_census
from ops.watch.settings import WatchSettings
from ops.worker import Surroundings

pytestmark = pytest.mark.broad

CAUSE = "merchant_integration_error"


def integration(state: str, *merchants: str) -> dict[str, Any]:
    return {"merchants": [{"id": merchant, "integration": state} for merchant in merchants]}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Application]:
    application = bootstrap(Settings(database_url=f"sqlite:///{tmp_path / 'x.db'}"))
    application.migrate()
    load_world(application.database, [DEMO_FILES / "world.yml"])
    yield application
    application.database.close()


@pytest.fixture
def work(here: Application) -> Callable[[], tuple[AlertRow, ...]]:
    """Lets the worker look once; returns the alerts that are open then."""

    def run() -> tuple[AlertRow, ...]:
        run_census(Surroundings.of(here))
        with here.database.session() as session:
            return open_alerts(session)

    return run


def test_one_alert_and_one_draft_that_names_the_shop(here: Application, work: Callable[[], tuple[AlertRow, ...]]) -> None:
    assert work() == ()
    load_world_data(here.database, integration("error", "m-1"))
    (alert,) = work()
    assert (alert.source, alert.level, alert.streams, alert.tell_at) == ("census", "alarm", (CAUSE,), alert.opened_at)
    assert alert.drill[0]["dim"] == "merchant" and alert.drill[0]["value"] == "m-1" and alert.observed >= 20
    newly = alert.detail["census"]["newly"][0]
    assert newly["low"] < newly["hits"] / newly["of"] < newly["high"]
    with here.database.session() as session:
        (note, *_) = all_notes(session)[alert.draft or ""]
    assert note.stage == "draft" and note.affects == {"merchants": ["m-1"]}
    assert [each.id for each in work()] == [alert.id], "the same trouble is no second alert"


def test_it_closes_when_the_fault_is_gone(here: Application, work: Callable[[], tuple[AlertRow, ...]]) -> None:
    work()
    load_world_data(here.database, integration("error", "m-1"))
    (alert,) = work()
    load_world_data(here.database, integration("ok", "m-1"))
    assert work() == ()
    with here.database.session() as session:
        closed = get_alert(session, alert.id)
    assert closed is not None and closed.closed_at is not None and closed.tell_at is None


def test_what_complaints_have_told_already_gets_no_second_alert(here: Application, work: Callable[[], tuple[AlertRow, ...]]) -> None:
    work()
    now = now_millis()
    told = AlertRow(
        new_alert_id(), "k", "complaints", "alarm", (CAUSE,), None, now, now, now, None, 9, 1.0, 4.0, 17.0, False, ()
    )  # fmt: skip
    with here.database.session() as session:
        add_alert(session, told)
    load_world_data(here.database, integration("error", "m-1"))
    (alert,) = work()
    assert alert.id == told.id and alert.detail["census"]["newly"][0]["cause"] == CAUSE


def test_a_new_world_closes_what_the_old_one_had(here: Application, work: Callable[[], tuple[AlertRow, ...]]) -> None:
    work()
    load_world_data(here.database, integration("error", "m-1"))
    assert len(work()) == 1
    load_world(here.database, [DEMO_FILES / "world.yml"], replace=True)
    assert work() == ()


@pytest.mark.slow
def test_its_plot_shows_the_share_with_its_interval_by_day_and_night(here: Application) -> None:
    now = now_millis()
    knowledge, given = here.knowledge.current, WatchSettings.parse_obj({})
    for minutes in (-10, -5):
        take_census(here.database, knowledge, given, now + minutes * 60_000)
    load_world_data(here.database, integration("error", "m-1"))
    run_census(Surroundings.of(here))
    assert draw_alerts(Surroundings.of(here)) == 1
    assert draw_alerts(Surroundings.of(here)) == 0, "nothing has become known since"
    with here.database.session() as session:
        (alert,) = recent_alerts(session, 0)
        drawn = {
            (theme, size): find_plot(session, plot_name(alert.id, size), theme)
            for theme in ("light", "dark")
            for size in ("wide", "narrow")
        }
        looks = census.looks(session, 0, now_millis())
    assert len({plot.svg for plot in drawn.values() if plot is not None}) == 4
    light = drawn["light", "wide"]
    assert light is not None and "告警线" in light.svg and "<text" in light.svg and "http://" not in light.svg.partition("<g")[2]
    points = light.data["points"]
    assert [point["at"] for point in points] == [look.at for look in looks] and [point["value"] for point in points[:2]] == [0, 0]
    assert points[2]["low"] < points[2]["value"] < points[2]["high"]
