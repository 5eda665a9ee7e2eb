"""The live watch finds what a replay of the same complaints finds, in the same minute, once, and whoever looks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from actions.core.platform import Affects
from actions.state import alerts as kept
from actions.state.alerts import AlertRow
from actions.state.database import Database
from actions.state.incidents import notes_of
from actions.state.observations import OBSERVATIONS
from ops.incidents.scope import scope_data
from ops.watch.alerts import Alert
from ops.watch.complaints import DiagnosedComplaint
from ops.watch.drafts import declared_incidents, draft_incident
from ops.watch.live import LiveWatch
from ops.watch.replay import Replay
from ops.watch.settings import read_watch_settings
from ops.watch.watching import ALL, BLIND
from tests.unit.ops.observed import as_observed, write
from tools.evaluation.complaint_traffic import BEGIN, CALM, ComplaintTraffic, Injected, Setting

pytestmark = pytest.mark.slow

START = 8 * 1440 + 600
"""Ten in the morning, after eight days that show what is ordinary."""
CAUSE = "merchant_integration_error"


class Life:
    """A service whose minutes go by as fast as they are looked at."""

    def __init__(self, database: Database, complaints: Sequence[DiagnosedComplaint], written: bool = False) -> None:
        self.here: Any = SimpleNamespace(database=database)
        self.complaints = [as_observed(each) for each in complaints]
        if not written:
            write(database, self.complaints)
        self.now = 0
        self.watch = self.another()

    def another(self) -> LiveWatch:
        return LiveWatch(draft_incident, declared_incidents, clock=lambda: self.now, budget=600)

    def look(self, minute: float, watch: LiveWatch | None = None) -> tuple[AlertRow, ...]:
        """Looks when a minute after the start has gone by."""
        self.now = round((BEGIN + (START + minute) * 60 + 6) * 1000)
        return (watch or self.watch).look(self.here)

    def go_through(self, first: int, last: int) -> None:
        for minute in range(first, last + 1):
            self.look(minute)

    def kept(self) -> tuple[AlertRow, ...]:
        with self.here.database.session() as session:
            return kept.recent_alerts(session, 0)[::-1]

    def replayed(self, last: int) -> list[Alert]:
        """What a replay finds in the same complaints from the start on."""
        end = BEGIN + (START + last) * 60
        alerts = Replay([each for each in self.complaints if each.at < end], read_watch_settings()).alerts()
        return [alert for alert in alerts if alert.opened_at > BEGIN + START * 60]


def _traffic(*troubles: Injected, seed: int = 90, setting: Setting = CALM, days: float = 8.6) -> list[DiagnosedComplaint]:
    return ComplaintTraffic(setting, seed, {CAUSE: 0.03}).complaints(days / 7, troubles)


def _as_replayed(row: AlertRow) -> dict[str, Any]:
    """A kept alert as a replay would print it."""
    alert = Alert(
        row.opened_at / 1000, None if row.closed_at is None else row.closed_at / 1000, row.streams, row.observed, row.expected, (0, 0)
    )
    ratio = [None if limit is None else round(limit, 2) for limit in (row.ratio_low, row.ratio_high)]
    drill = [
        {"dim": each["dim"], "value": each["value"], "share": round(each["share"], 4), "others": round(each["others"], 4)}
        for each in row.drill
    ]
    return {**alert.to_data(), "ratio": ratio, "drill": drill, **({"level": "info"} if row.level == "info" else {})}


@pytest.fixture(scope="module")
def troubled() -> list[DiagnosedComplaint]:
    return _traffic(Injected(CAUSE, START, 60, 12, merchant="m-7"), Injected("none", START + 20, 50, 30))


@pytest.fixture(scope="module")
def troubled_file(troubled: list[DiagnosedComplaint], migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("troubled") / "troubled.db"
    shutil.copy(migrated_file, file)
    database = Database(f"sqlite:///{file}")
    Life(database, troubled)
    database.close()
    return file


@pytest.fixture
def life(troubled: list[DiagnosedComplaint], troubled_file: Path, tmp_path: Path) -> Iterator[Life]:
    """An hour in which a shop fails, and fifty minutes in which nobody knows why."""
    shutil.copy(troubled_file, tmp_path / "life.db")
    database = Database(f"sqlite:///{tmp_path / 'life.db'}")
    yield Life(database, troubled, written=True)
    database.close()


def test_live_and_replay_give_the_same_alerts(life: Life) -> None:
    life.go_through(0, 180)
    replayed = [alert.to_data() for alert in life.replayed(180)]
    assert [_as_replayed(row) for row in life.kept()] == replayed
    assert {data["stream"] for data in replayed} == {CAUSE, "none"} and all(data["closed_at"] for data in replayed)


def test_an_alert_has_its_customers_its_minutes_and_one_draft_that_names_where_it_sits(life: Life) -> None:
    life.go_through(0, 100)
    alert = next(row for row in life.kept() if row.streams == (CAUSE,))
    with life.here.database.session() as session:
        customers = kept.members(session, alert.id)
        minutes = kept.minutes_of(session, alert.id)
        notes = notes_of(session, alert.draft or "")
    begun = [each.customer for each in life.complaints if CAUSE in each.streams and BEGIN + START * 60 <= each.at < alert.opened_at / 1000]
    assert set(begun) <= {each.ref for each in customers}
    assert [each.at for each in minutes] == list(range(minutes[0].at, minutes[-1].at + 1, 60_000))
    assert minutes[0].at <= alert.since - 60 * 60_000 and sum(each.observed for each in minutes if each.at >= alert.since) == len(customers)
    assert all(each.low <= each.expected <= each.high + 1 for each in minutes)
    (note,) = notes
    assert (note.stage, note.component, note.affects, note.from_alert) == ("draft", "installment", {"merchants": ["m-7"]}, alert.id)
    assert note.public and note.evidence["observed"] == alert.observed
    assert scope_data(Affects.parse_obj(note.affects)) == {"merchants": ["m-7"]}


def test_a_worker_that_begins_anew_goes_on_with_the_same_alert(life: Life) -> None:
    life.go_through(0, 40)
    before = life.kept()
    another = life.another()
    assert life.look(41, another) == () and [row.id for row in life.kept()] == [row.id for row in before]
    # Two workers that take turns keep one alert.
    for minute in range(42, 180):
        life.look(minute, another if minute % 2 else life.watch)
    assert [row.id for row in life.kept()[: len(before)]] == [row.id for row in before]
    assert len(life.kept()) == 2 and not any(row.is_open for row in life.kept())


def test_what_a_worker_has_slept_through_is_kept_with_its_own_time(life: Life) -> None:
    life.look(0)
    life.look(120)
    assert [_as_replayed(row)["opened_at"] for row in life.kept()] == [alert.to_data()["opened_at"] for alert in life.replayed(120)]


def test_a_pass_leaves_the_rest_to_the_next_one(life: Life) -> None:
    hasty = LiveWatch(draft_incident, declared_incidents, clock=lambda: life.now, budget=0.1)
    passes = 1
    while not life.look(60, hasty) and passes < 1000:
        passes += 1
    assert 3 < passes < 1000 and life.kept()


def test_silence_informs_and_so_does_a_promotion(database: Database) -> None:
    life = Life(database, _traffic(setting=Setting(per_hour=400, promotion=(START, 60, 0))))
    life.go_through(0, 100)
    (blind,) = life.kept()
    assert (blind.streams, blind.level, blind.is_open, blind.draft) == ((BLIND,), "info", False, None)


def test_a_promotion_informs_and_drafts_nothing(database: Database) -> None:
    life = Life(database, _traffic(setting=Setting(per_hour=400, promotion=(START, 180, 4))))
    life.go_through(0, 60)
    (more,) = life.kept()
    assert (more.streams, more.level, more.tell_at, more.draft) == ((ALL,), "info", None, None)


def _extra(first: int, minutes: int, streams: tuple[str, ...], prefix: str = "c-x") -> Iterator[DiagnosedComplaint]:
    for number in range(minutes):
        yield DiagnosedComplaint(BEGIN + (START + first + number) * 60 + 30.0, f"{prefix}-{number}", streams, frozenset())


@pytest.mark.parametrize(("explained", "alerts"), [(("incident_outage", CAUSE), 0), ((CAUSE,), 1)])
def test_what_an_open_incident_explains_is_not_counted(database: Database, explained: tuple[str, ...], alerts: int) -> None:
    life = Life(database, [*_traffic(), *_extra(0, 60, explained)])
    life.go_through(0, 60)
    assert len(life.kept()) == alerts


def test_what_customers_do_who_know_of_the_incident_is_not_counted_either(database: Database) -> None:
    life = Life(database, [*_traffic(), *_extra(0, 60, ("incident_outage",))])
    write(database, list(_extra(1, 60, ("requested",))), kind="handoff")
    write(database, list(_extra(1, 60, ("no_cause_found",), "c-y")), kind="handoff")
    life.go_through(0, 61)
    assert [row.streams for row in life.kept()] == [("handoff:no_cause_found",)]


def test_a_minute_waits_for_what_is_added_to_it_but_not_for_ever(life: Life) -> None:
    life.go_through(0, 0)
    with life.here.database.session() as session:
        _unrolled(session)
    life.look(1)
    assert life.watch.behind == 1
    life.look(1.5)
    assert life.watch.behind == 1
    life.look(4)
    assert life.watch.behind < 3


def _unrolled(session: Session) -> None:
    at = (BEGIN + START * 60) * 1000
    session.execute(update(OBSERVATIONS).where(OBSERVATIONS.c.at >= at, OBSERVATIONS.c.at < at + 60_000).values(rolled=False))
