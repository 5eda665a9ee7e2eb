"""Complaints of simulated weeks: what is found, where, how soon, and what is not called trouble."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ops.watch.alerts import Alert
from ops.watch.complaints import DiagnosedComplaint
from ops.watch.replay import Replay
from ops.watch.settings import WatchSettings
from ops.watch.watching import ALL, BLIND
from tools.evaluation.complaint_traffic import BEGIN, CALM, ComplaintTraffic, Injected, Setting

SETTINGS = WatchSettings.parse_obj({})
START = 15 * 1440 + 600
"""Ten in the morning, after 15 days that show what is ordinary."""


def _alerts(*troubles: Injected, seed: int = 90, setting: Setting = CALM, days: float = 15.75) -> list[Alert]:
    return Replay(ComplaintTraffic(setting, seed, {"target": 0.03}).complaints(days / 7, troubles), SETTINGS).alerts()


def _warning(alerts: list[Alert]) -> Iterator[Alert]:
    """Those that do not only inform, once the trouble has begun."""
    return (alert for alert in alerts if not alert.informs and alert.opened_at > BEGIN + START * 60)


def test_a_cause_that_rises_tenfold_is_found_within_half_an_hour_and_is_over_when_it_is_over() -> None:
    (alert,) = _warning(_alerts(Injected("target", START, 120, 10)))
    assert alert.streams == ("target",)
    assert 0 < alert.opened_at - (BEGIN + START * 60) <= 30 * 60
    assert alert.closed_at is not None and 0 < alert.closed_at - (BEGIN + (START + 120) * 60) <= 90 * 60
    assert alert.observed >= 5 and alert.ratio[0] > 2


@pytest.mark.parametrize(("field", "value"), [("merchant", "m-7"), ("region", "region-3")])
def test_the_place_of_a_trouble_is_named_first(field: str, value: str) -> None:
    (alert,) = _warning(_alerts(Injected("target", START, 120, 10, **{field: value})))  # type: ignore[arg-type]
    assert (alert.drill[0].dim, alert.drill[0].value) == (field, value)
    assert alert.drill[0].share > 0.7 > alert.drill[0].others


def test_a_fault_that_the_state_does_not_know_is_seen_by_complaints_without_a_cause() -> None:
    (alert,) = _warning(_alerts(Injected("none", START, 120, 30)))
    assert alert.streams == ("none",)


def test_a_cause_that_was_never_seen_before_needs_ten_customers() -> None:
    (alert,) = _warning(_alerts(Injected("unheard_of", START, 120, 60)))
    assert alert.streams == ("unheard_of",) and alert.observed >= 10


def test_a_promotion_that_quadruples_all_traffic_warns_of_no_cause_and_informs() -> None:
    alerts = _alerts(setting=Setting(per_hour=400, promotion=(START, 180, 4)))
    assert list(_warning(alerts)) == []
    assert [alert.streams for alert in alerts if alert.informs] == [(ALL,)]


def test_silence_informs() -> None:
    alerts = _alerts(setting=Setting(promotion=(START, 180, 0)))
    assert list(_warning(alerts)) == []
    (blind,) = [alert for alert in alerts if alert.streams == (BLIND,)]
    assert BEGIN + START * 60 < blind.opened_at < BEGIN + (START + 30) * 60
    assert blind.closed_at is not None and blind.closed_at >= BEGIN + (START + 180) * 60


def _with(extra: list[DiagnosedComplaint]) -> list[Alert]:
    usual = ComplaintTraffic(Setting(), 91, {"target": 0.03}).complaints(15.75 / 7)
    return Replay(sorted(usual + extra, key=lambda each: each.at), SETTINGS).alerts()


def _at(minute: int) -> float:
    return float(BEGIN + (START + minute) * 60)


def test_one_customer_who_asks_again_and_again_is_no_trouble() -> None:
    again = [DiagnosedComplaint(_at(minute // 4), "c-again", ("target",), frozenset()) for minute in range(800)]
    assert list(_warning(_with(again))) == []


def test_two_causes_of_the_same_customers_are_one_alert() -> None:
    both = [DiagnosedComplaint(_at(minute), f"c-both-{minute}", ("target", "cause_30"), frozenset()) for minute in range(60)]
    (alert,) = _warning(_with(both))
    assert set(alert.streams) == {"target", "cause_30"}
    assert alert.to_data()["stream"] in ("target+cause_30", "cause_30+target")


def test_causes_of_different_customers_are_alerts_of_their_own() -> None:
    apart = [
        DiagnosedComplaint(_at(minute), f"c-{cause}-{minute}", (cause,), frozenset())
        for minute in range(60)
        for cause in ("target", "cause_30")
    ]
    assert {alert.streams for alert in _warning(_with(apart))} == {("target",), ("cause_30",)}


def test_a_stream_that_is_off_does_not_warn() -> None:
    rise = ComplaintTraffic(Setting(), 90, {"target": 0.03}).complaints(15.75 / 7, [Injected("target", START, 120, 10)])
    alerts = Replay(rise, WatchSettings.parse_obj({"off": ["target"]})).alerts()
    assert list(_warning(alerts)) == []


def test_what_goes_on_at_the_end_is_open() -> None:
    (alert,) = _warning(_alerts(Injected("target", START, 600, 10), days=15 + 11 / 24))
    assert alert.closed_at is None and alert.to_data()["closed_at"] is None


def test_nothing_gives_nothing() -> None:
    assert Replay([], SETTINGS).alerts() == []


@pytest.mark.slow
@pytest.mark.parametrize("setting", [Setting(daily=0.5, weekly=0.2), Setting(daily=0.5, scatter=0.2)], ids=["patterned", "scattered"])
def test_ordinary_weeks_keep_the_budget(setting: Setting) -> None:
    alerts = Replay(ComplaintTraffic(setting, 92).complaints(6), SETTINGS).alerts()
    # Six weeks at one a week; the mean that is measured over long runs is a quarter of it.
    assert len([alert for alert in alerts if not alert.informs]) <= 3
