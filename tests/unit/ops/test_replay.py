"""Complaints of simulated weeks: what is found, where, how soon, and what is not called trouble."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from ops.watch.alerts import Alert
from ops.watch.complaints import DiagnosedComplaint
from ops.watch.replay import Replay, by_minute
from ops.watch.settings import WatchSettings
from ops.watch.watching import ALL, BLIND, Watch, minute_of
from tests.unit.ops.observed import copy_of, later
from tools.evaluation.complaint_traffic import BEGIN, CALM, ComplaintTraffic, Injected, Setting

pytestmark = pytest.mark.broad

SETTINGS = WatchSettings.parse_obj({})
START = 8 * 1440 + 600
"""Ten in the morning, after eight days that show what is ordinary."""
AFTER = 240
"""Minutes that follow, with a trouble from the first on."""
Alerts = Callable[[Sequence[DiagnosedComplaint]], list[Alert]]


def _watched(watch: Watch, complaints: Sequence[DiagnosedComplaint], last: int) -> Watch:
    for minute, some in by_minute(complaints, watch.last + 1, last):
        watch.take(minute, some)
    return watch


@pytest.fixture(scope="module")
def ordinary() -> list[DiagnosedComplaint]:
    return ComplaintTraffic(CALM, 90, {"target": 0.03}).complaints(START / 10_080)


@pytest.fixture(scope="module")
def begun(ordinary: list[DiagnosedComplaint]) -> Watch:
    """What a replay is like when the ordinary days are over."""
    watch = _watched(Watch(minute_of(BEGIN), SETTINGS), ordinary, minute_of(BEGIN) + START - 1)
    assert not [alert for alert in watch.alerts() if alert.closed_at is None]
    watch.forget()
    return watch


@pytest.fixture
def alerts(begun: Watch) -> Alerts:
    """The alerts that a replay has, if complaints follow on the ordinary days."""

    def follow(complaints: Sequence[DiagnosedComplaint]) -> list[Alert]:
        by_time = sorted(complaints, key=lambda each: each.at)
        return _watched(copy_of(begun), by_time, minute_of(by_time[-1].at)).alerts()

    return follow


def _after(*troubles: Injected, setting: Setting = CALM, minutes: int = AFTER) -> list[DiagnosedComplaint]:
    """The minutes after the ordinary days, by which troubles and promotions are said."""
    return later(ComplaintTraffic(setting, 91, {"target": 0.03}).complaints(minutes / 10_080, troubles), START)


def _warning(alerts: list[Alert]) -> Iterator[Alert]:
    """Those that do not only inform, once the trouble has begun."""
    return (alert for alert in alerts if not alert.informs and alert.opened_at > BEGIN + START * 60)


def test_a_cause_that_rises_tenfold_is_found_within_half_an_hour_and_is_over_when_it_is_over(
    ordinary: list[DiagnosedComplaint], alerts: Alerts
) -> None:
    rise = _after(Injected("target", 0, 120, 10))
    found = Replay([*ordinary, *rise], SETTINGS).alerts()
    (alert,) = _warning(found)
    assert alert.streams == ("target",)
    assert 0 < alert.opened_at - (BEGIN + START * 60) <= 30 * 60
    assert alert.closed_at is not None and 0 < alert.closed_at - (BEGIN + (START + 120) * 60) <= 90 * 60
    assert alert.observed >= 5 and alert.ratio[0] > 2
    # A replay is nothing but its minutes, which the other tests share.
    assert list(_warning(alerts(rise))) == [alert]


@pytest.mark.parametrize(("field", "value"), [("merchant", "m-7"), ("region", "region-3")])
def test_the_place_of_a_trouble_is_named_first(alerts: Alerts, field: str, value: str) -> None:
    (alert,) = _warning(alerts(_after(Injected("target", 0, 120, 10, **{field: value}))))  # type: ignore[arg-type]
    assert (alert.drill[0].dim, alert.drill[0].value) == (field, value)
    assert alert.drill[0].share > 0.7 > alert.drill[0].others


def test_a_fault_that_the_state_does_not_know_is_seen_by_complaints_without_a_cause(alerts: Alerts) -> None:
    (alert,) = _warning(alerts(_after(Injected("none", 0, 120, 30))))
    assert alert.streams == ("none",)


def test_a_cause_that_was_never_seen_before_needs_ten_customers(alerts: Alerts) -> None:
    (alert,) = _warning(alerts(_after(Injected("unheard_of", 0, 120, 60))))
    assert alert.streams == ("unheard_of",) and alert.observed >= 10


def test_a_promotion_that_quadruples_all_traffic_warns_of_no_cause_and_informs(alerts: Alerts) -> None:
    found = alerts(_after(setting=replace(CALM, promotion=(0, 180, 4))))
    assert list(_warning(found)) == []
    assert [alert.streams for alert in found if alert.informs] == [(ALL,)]


def test_silence_informs(alerts: Alerts) -> None:
    found = alerts(_after(setting=replace(CALM, promotion=(0, 180, 0))))
    assert list(_warning(found)) == []
    (blind,) = [alert for alert in found if alert.streams == (BLIND,)]
    assert BEGIN + START * 60 < blind.opened_at < BEGIN + (START + 30) * 60
    assert blind.closed_at is not None and blind.closed_at >= BEGIN + (START + 180) * 60


def _at(minute: int) -> float:
    return float(BEGIN + (START + minute) * 60)


def test_one_customer_who_asks_again_and_again_is_no_trouble(alerts: Alerts) -> None:
    again = [DiagnosedComplaint(_at(minute // 4), "c-again", ("target",), frozenset()) for minute in range(800)]
    assert list(_warning(alerts(_after() + again))) == []


def test_two_causes_of_the_same_customers_are_one_alert(alerts: Alerts) -> None:
    both = [DiagnosedComplaint(_at(minute), f"c-both-{minute}", ("target", "cause_30"), frozenset()) for minute in range(60)]
    (alert,) = _warning(alerts(_after() + both))
    assert set(alert.streams) == {"target", "cause_30"}
    assert alert.to_data()["stream"] in ("target+cause_30", "cause_30+target")


def test_causes_of_different_customers_are_alerts_of_their_own(alerts: Alerts) -> None:
    apart = [
        DiagnosedComplaint(_at(minute), f"c-{cause}-{minute}", (cause,), frozenset())
        for minute in range(60)
        for cause in ("target", "cause_30")
    ]
    assert {alert.streams for alert in _warning(alerts(_after() + apart))} == {("target",), ("cause_30",)}


def test_a_stream_that_is_off_does_not_warn(ordinary: list[DiagnosedComplaint], alerts: Alerts) -> None:
    rise = _after(Injected("target", 0, 60, 10), minutes=60)
    assert [alert.streams for alert in _warning(alerts(rise))] == [("target",)]
    lately = [each for each in ordinary if each.at >= BEGIN + 4 * 86_400]
    assert list(_warning(Replay([*lately, *rise], WatchSettings.parse_obj({"off": ["target"]})).alerts())) == []


def test_what_goes_on_at_the_end_is_open(alerts: Alerts) -> None:
    (alert,) = _warning(alerts(_after(Injected("target", 0, 600, 10), minutes=60)))
    assert alert.closed_at is None and alert.to_data()["closed_at"] is None


def test_nothing_gives_nothing() -> None:
    assert Replay([], SETTINGS).alerts() == []


@pytest.mark.slow
@pytest.mark.parametrize("setting", [Setting(daily=0.5, weekly=0.2), Setting(daily=0.5, scatter=0.2)], ids=["patterned", "scattered"])
def test_ordinary_weeks_keep_the_budget(setting: Setting) -> None:
    alerts = Replay(ComplaintTraffic(setting, 92).complaints(3), SETTINGS).alerts()
    # Three weeks at one a week; the mean that is measured over long runs is a quarter of it.
    assert len([alert for alert in alerts if not alert.informs]) <= 2
