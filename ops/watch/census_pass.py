"""The census as a pass of the worker: a look at the panel, and the alerts that come of it."""

from __future__ import annotations

from actions.state.alerts import now_millis
from ops.watch.census_alerts import settle_census
from ops.watch.census_look import CensusLook, take_census
from ops.watch.drafts import draft_incident
from ops.watch.settings import read_watch_settings
from ops.worker import Surroundings


def run_census(here: Surroundings) -> CensusLook:
    """Looks at the whole panel once.

    A deployment whose facts come from elsewhere has no world to draw a panel from; its panel is empty, and nothing is found.
    """
    given = read_watch_settings()
    found = take_census(here.database, here.knowledge.current, given, now_millis(), here.settings.now)
    with here.database.session() as session:
        settle_census(session, found, draft_incident, given)
    return found
