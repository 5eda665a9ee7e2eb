"""Alertmanager's webhook puts its alerts into the list, once, and only a program of the role for it may send any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.state.alerts import AlertRow, recent_alerts
from actions.state.audit import entries
from tests.unit.console.conftest import Caller
from tests.unit.handoff.conftest import House


def _body(status: str = "firing", **changes: Any) -> dict[str, Any]:
    alert = {
        "status": status,
        "labels": {"alertname": "BaitiaoTurnsFail", "severity": "critical", "instance": "web-1"},
        "annotations": {"summary": "6 % of turns fail"},
        "startsAt": "2026-11-22T10:00:00.123456789Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus/graph",
        "fingerprint": "1a30ba71cca2921f",
        **changes,
    }
    return {"version": "4", "groupKey": "{}", "status": status, "receiver": "baitiao", "truncatedAlerts": 0, "alerts": [alert]}


def _kept(house: House) -> tuple[AlertRow, ...]:
    with house.database.session() as session:
        return recent_alerts(session, 0)


def test_an_alert_opens_once_however_often_it_is_sent_and_is_over_when_it_is_resolved(house: House, call: Callable[[str], Caller]) -> None:
    monitor = call("monitor")
    assert monitor.post("/alerts", _body()).json() == {"opened": 1, "closed": 0}
    assert monitor.post("/alerts", _body()).json() == {"opened": 0, "closed": 0}
    (alert,) = _kept(house)
    assert (alert.source, alert.title, alert.level, alert.is_open) == ("technical", "BaitiaoTurnsFail", "alarm", True)
    assert alert.detail["summary"] == "6 % of turns fail" and alert.tell_at is not None
    assert monitor.post("/alerts", _body("resolved")).json() == {"opened": 0, "closed": 1}
    (alert,) = _kept(house)
    assert not alert.is_open
    # It comes again: another alert.
    assert monitor.post("/alerts", _body(startsAt="2026-11-22T11:00:00Z")).json() == {"opened": 1, "closed": 0}
    with house.database.session() as session:
        assert [each.actor for each in entries(session) if each.action == "alert.received"] == ["monitor-1"] * 3


@pytest.mark.parametrize("role", ["viewer", "operator", "approver", "auditor", "catalog", "agent", "lead"])
def test_nobody_else_may_send_any(house: House, call: Callable[[str], Caller], role: str) -> None:
    assert call(role).post("/alerts", _body()).status_code == 403
    assert _kept(house) == ()


def test_a_monitor_may_do_nothing_else(call: Callable[[str], Caller]) -> None:
    assert call("monitor").get("/today").status_code == 403


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"version": "3", "alerts": []}, "version"),
        ({**_body(), "alerts": []}, "alerts must be a list"),
        ({**_body(), "alerts": [1]}, "alerts[0].status"),
        (_body(status="odd"), "alerts[0].status"),
        (_body(labels={}), "alertname"),
        (_body(labels={"alertname": "x", **{str(n): "x" for n in range(50)}}), "at most 40"),
        (_body(startsAt="yesterday"), "startsAt"),
        (_body(startsAt="2026-11-22T10:00:00"), "startsAt"),
    ],
)
def test_what_is_none_of_alertmanagers_is_refused_with_the_reason(call: Callable[[str], Caller], body: dict[str, Any], reason: str) -> None:
    answer = call("monitor").post("/alerts", body)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert reason in answer.json()["detail"]


def test_personal_numbers_in_labels_are_masked(house: House, call: Callable[[str], Caller]) -> None:
    call("monitor").post("/alerts", _body(annotations={"summary": "the phone 13812345678 fails"}))
    (alert,) = _kept(house)
    assert "13812345678" not in str(alert.detail)
