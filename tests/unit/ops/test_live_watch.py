"""The live watch finds what a replay of the same complaints finds, in the same minute, once, and whoever looks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
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
from tests.unit.ops.observed import as_observed, copy_of, later, write
from tools.evaluation.complaint_traffic import BEGIN, CALM, ComplaintTraffic, Injected

pytestmark = pytest.mark.slow

START = 4 * 1440 + 600
"""Ten in the morning, after four days that show what is ordinary."""
CAUSE = "merchant_integration_error"


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now = _millis(0)

    def __call__(self) -> int:
        return self.now


def _millis(minute: float) -> int:
    """When a minute after the start can be looked at."""
    return round((BEGIN + (START + minute) * 60 + 6) * 1000)


class Life:
    """A service whose minutes go by as fast as they are looked at.

    Args:
        database: that holds all complaints.
        complaints: as they were observed.
        begun: a clock and a watch that goes by it; both are changed.
    """

    def __init__(self, database: Database, complaints: Sequence[DiagnosedComplaint], begun: tuple[Clock, LiveWatch] | None = None) -> None:
        self.here: Any = SimpleNamespace(database=database)
        self.complaints = complaints
        self.clock = begun[0] if begun else Clock()
        self.watch = begun[1] if begun else self.another()

    def another(self, budget: float = 600) -> LiveWatch:
        return LiveWatch(draft_incident, declared_incidents, clock=self.clock, budget=budget)

    def look(self, minute: float, watch: LiveWatch | None = None) -> tuple[AlertRow, ...]:
        """Looks when a minute after the start has gone by."""
        self.clock.now = _millis(minute)
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


@dataclass(frozen=True)
class Ordinary:
    """The days before the start, written down and looked at once."""

    complaints: Sequence[DiagnosedComplaint]
    file: Path
    begun: tuple[Clock, LiveWatch]


@pytest.fixture(scope="module")
def ordinary(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Ordinary:
    file = tmp_path_factory.mktemp("ordinary") / "ordinary.db"
    shutil.copy(migrated_file, file)
    database = Database(f"sqlite:///{file}")
    complaints = [as_observed(each) for each in ComplaintTraffic(CALM, 90, {CAUSE: 0.03}).complaints(START / 10_080)]
    write(database, complaints)
    life = Life(database, complaints)
    assert life.look(0) == () and life.watch.behind == 0
    database.close()
    return Ordinary(complaints, file, (life.clock, life.watch))


Begin = Callable[..., Life]


@pytest.fixture
def begin(ordinary: Ordinary, tmp_path: Path) -> Iterator[Begin]:
    """Makes a life whose ordinary days are over, from what comes after them."""
    made: list[Database] = []

    def make(*after: DiagnosedComplaint) -> Life:
        shutil.copy(ordinary.file, tmp_path / "life.db")
        made.append(Database(f"sqlite:///{tmp_path / 'life.db'}"))
        observed = sorted(map(as_observed, after), key=lambda each: each.at)
        write(made[-1], observed)
        return Life(made[-1], [*ordinary.complaints, *observed], copy_of(ordinary.begun))

    yield make
    for database in made:
        database.close()


def _after(*troubles: Injected, promotion: float = 1) -> list[DiagnosedComplaint]:
    """Three hours as they go on, with troubles whose minutes count from the start and a promotion of the first hour."""
    setting = replace(CALM, promotion=(0, 60, promotion))
    return later(ComplaintTraffic(setting, 91, {CAUSE: 0.03}).complaints(3 / 168, troubles), START)


@pytest.fixture
def life(begin: Begin) -> Life:
    """Forty minutes in which a shop fails, and half an hour in which nobody knows why."""
    return begin(*_after(Injected(CAUSE, 0, 40, 12, merchant="m-7"), Injected("none", 20, 30, 30)))


def test_live_and_replay_give_the_same_alerts(life: Life) -> None:
    life.go_through(0, 130)
    replayed = [alert.to_data() for alert in life.replayed(130)]
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
    for minute in range(42, 130):
        life.look(minute, another if minute % 2 else life.watch)
    assert [row.id for row in life.kept()[: len(before)]] == [row.id for row in before]
    assert len(life.kept()) == 2 and not any(row.is_open for row in life.kept())


def test_what_a_worker_has_slept_through_is_kept_with_its_own_time(life: Life) -> None:
    life.look(0)
    life.look(120)
    assert [_as_replayed(row)["opened_at"] for row in life.kept()] == [alert.to_data()["opened_at"] for alert in life.replayed(120)]


def test_a_pass_leaves_the_rest_to_the_next_one_however_little_time_it_has(life: Life) -> None:
    hasty = life.another(budget=0)
    passes = 1
    while not life.look(60, hasty):
        passes += 1
    assert passes == -(-(START + 60) // (6 * 60)) and life.kept()


def test_keeping_up_goes_on_until_nothing_is_behind(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[float] = []
    monkeypatch.setattr("ops.watch.live.time.sleep", rests.append)
    hasty = life.another(budget=0)
    life.look(0, hasty)
    assert hasty.behind > 1000
    hasty.keep_up(life.here)
    assert hasty.behind == 0 and len(rests) > 10 and min(rests) > 0


def test_silence_informs_and_so_does_a_promotion(begin: Begin) -> None:
    life = begin(*_after(promotion=0))
    life.go_through(0, 75)
    (blind,) = life.kept()
    assert (blind.streams, blind.level, blind.is_open, blind.draft) == ((BLIND,), "info", False, None)


def test_a_promotion_informs_and_drafts_nothing(begin: Begin) -> None:
    life = begin(*_after(promotion=4))
    life.go_through(0, 45)
    (more,) = life.kept()
    assert (more.streams, more.level, more.tell_at, more.draft) == ((ALL,), "info", None, None)


def _extra(first: int, minutes: int, streams: tuple[str, ...], prefix: str = "c-x") -> Iterator[DiagnosedComplaint]:
    for number in range(minutes):
        yield DiagnosedComplaint(BEGIN + (START + first + number) * 60 + 30.0, f"{prefix}-{number}", streams, frozenset())


@pytest.mark.parametrize(("explained", "alerts"), [(("incident_outage", CAUSE), 0), ((CAUSE,), 1)])
def test_what_an_open_incident_explains_is_not_counted(begin: Begin, explained: tuple[str, ...], alerts: int) -> None:
    life = begin(*_after(), *_extra(0, 45, explained))
    life.go_through(0, 45)
    assert len(life.kept()) == alerts


def test_what_customers_do_who_know_of_the_incident_is_not_counted_either(begin: Begin) -> None:
    life = begin(*_after(), *_extra(0, 60, ("incident_outage",)))
    write(life.here.database, list(_extra(1, 60, ("requested",))), kind="handoff")
    write(life.here.database, list(_extra(1, 60, ("no_cause_found",), "c-y")), kind="handoff")
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
