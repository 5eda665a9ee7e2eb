"""GET /notices, POST /subscriptions and the stream's `notice`: what holds for this customer is told, to them alone, and quickly."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import select

from actions.core.diagnosis import diagnose
from actions.core.subject import Subject
from actions.state.observations import OBSERVATIONS
from actions.state.subscriptions import SUBSCRIPTIONS, subscribe
from actions.state.world.loading import load_world_data
from bot.channel.service import RateLimiter
from conversations.application import composed, project_knowledge
from ops.incidents import service
from tests.widget.stand import Stand

OUTAGE = {
    "id": "i-1",
    "component": "installment",
    "severity": "outage",
    "started_at": "2026-11-22T09:00:00+08:00",
    "notice": "分期服务中断。",
}
WINDOW = {"id": "w-1", "starts_at": "2026-11-22T09:00:00+08:00", "ends_at": "2026-11-22T12:00:00+08:00"}


def load(stand: Stand, **sections: Any) -> None:
    load_world_data(stand.database, sections)


def ask(stand: Stand, user: str = "u-1013", order: str | None = "o-1013", **headers: str) -> requests.Response:
    headers["Authorization"] = f"Bearer {stand.token(user, order)}"
    return requests.get(f"{stand.address}/webhooks/widget/notices", headers=headers, timeout=10)


def ids(stand: Stand, user: str = "u-1013", order: str | None = "o-1013") -> list[str]:
    return [each["id"] for each in ask(stand, user, order).json()["notices"]]


def want(stand: Stand, body: Any, user: str = "u-1013", order: str | None = "o-1013") -> requests.Response:
    headers = {"Authorization": f"Bearer {stand.token(user, order)}"}
    return requests.post(f"{stand.address}/webhooks/widget/subscriptions", json=body, headers=headers, timeout=10)


class Listening:
    """One open stream, read beside the test."""

    def __init__(self, stand: Stand, user: str = "u-1013", order: str | None = "o-1013") -> None:
        self.heard: list[tuple[float, Any]] = []
        self._news = threading.Condition()
        connection = http.client.HTTPConnection(urlsplit(stand.address).netloc, timeout=20)
        connection.request("GET", "/webhooks/widget/events", headers={"Authorization": f"Bearer {stand.token(user, order)}"})
        self._socket = connection.sock
        self._response = connection.getresponse()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        name = ""
        try:
            for raw in self._response:
                line = raw.decode().rstrip("\n")
                if line.startswith("event:"):
                    name = line[6:].strip()
                elif line.startswith("data:") and name == "notice":
                    with self._news:
                        self.heard.append((time.monotonic(), json.loads(line[5:])["notices"]))
                        self._news.notify_all()
        except (OSError, http.client.HTTPException):
            # The test has ended and closed it.
            return

    def wait(self, count: int, seconds: float = 5) -> list[Any]:
        with self._news:
            assert self._news.wait_for(lambda: len(self.heard) >= count, seconds), self.heard
        return [each for _, each in self.heard]

    def close(self) -> None:
        # Closing the response would wait for the line that is being read, and with it for the stream's next sign of life.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.fixture
def listening(stand: Stand) -> Iterator[Listening]:
    stream = Listening(stand)
    yield stream
    stream.close()


def test_an_incident_is_told_with_all_its_fields(stand: Stand) -> None:
    assert ask(stand).json() == {"notices": []}
    load(stand, incidents=[{**OUTAGE, "eta": "2026-11-22T18:00:00+08:00"}])
    assert ask(stand).json() == {
        "notices": [
            {
                "id": "i-1",
                "kind": "incident",
                "severity": "outage",
                "text": "分期服务中断。",
                "since": "2026-11-22T09:00:00+08:00",
                "eta": "2026-11-22T18:00:00+08:00",
                "subscribed": False,
            }
        ]
    }


def test_a_window_and_an_incident_nobody_wrote_a_notice_for_say_what_the_cause_says(stand: Stand) -> None:
    load(stand, incidents=[{**OUTAGE, "severity": "degraded", "notice": ""}], maintenance=[WINDOW])
    window, slow = ask(stand).json()["notices"]
    assert (window["kind"], window["severity"], window["eta"]) == ("maintenance", None, "2026-11-22T12:00:00+08:00")
    assert window["text"] == "正在做计划内维护，到 11月22日 12:00 结束"
    assert (slow["severity"], slow["text"]) == ("degraded", "系统目前比平时慢，分期选项可能时有时无")


@pytest.mark.parametrize("change", [{"resolved_at": "2026-11-22T09:30:00+08:00"}, {"started_at": "2026-11-23T09:00:00+08:00"}])
def test_what_is_over_or_has_not_begun_is_not_told(change: dict[str, str], stand: Stand) -> None:
    load(stand, incidents=[{**OUTAGE, **change}])
    assert ids(stand) == []


def test_an_end_that_was_expected_before_now_is_no_longer_said(stand: Stand) -> None:
    load(stand, incidents=[{**OUTAGE, "eta": "2026-11-22T09:30:00+08:00"}])
    assert ask(stand).json()["notices"][0]["eta"] is None


@pytest.mark.parametrize(
    "affects",
    [{"regions": ["海南"]}, {"merchants": ["m-far"]}, {"categories": ["gold"]}, {"channels": ["offline"]}, {"app_below": "1.0.0"}],
)
def test_who_is_out_of_scope_is_told_nothing(affects: dict[str, Any], stand: Stand) -> None:
    load(stand, incidents=[{**OUTAGE, "affects": affects}])
    assert ids(stand) == [] and want(stand, {"incident": "i-1"}).status_code == 404


def test_the_banner_and_the_diagnosis_never_disagree(stand: Stand) -> None:
    here, knowledge = composed(stand.database), project_knowledge()
    with stand.database.session() as session:
        orders = {user: here.facts(session).orders(user) for user in ("u-1013", "u-1055", "u-2004", "u-2005", "u-1024", "u-1001")}
        merchant = orders["u-1013"][0].lines[0].merchant.id
        regions = here.facts(session).snapshot("u-1055").user.region
    scopes: list[dict[str, Any]] = [{}, {"merchants": [merchant]}, {"regions": [regions]}, {"channels": ["app"]}]
    rows = [{**OUTAGE, "id": f"i-{number}", "affects": scope} for number, scope in enumerate(scopes)]
    load(stand, incidents=rows)
    for user, own in orders.items():
        for order, _ in own:
            with stand.database.session() as session:
                facts = here.facts(session).snapshot(user, Subject("order", order.id))
            found = diagnose(facts, knowledge.causes.values()).get("incident_outage")
            assert ids(stand, user, order.id) == [row.id for _, row in (found.matches if found else ())]


def test_who_has_it_already_is_told_that_nothing_has_changed(stand: Stand) -> None:
    load(stand, incidents=[OUTAGE])
    first = ask(stand)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = ask(stand, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    load(stand, incidents=[{"id": "i-1", "eta": "2026-11-22T18:00:00+08:00"}])
    assert ask(stand, **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_many_at_once_are_bounded(stand: Stand) -> None:
    load(stand, incidents=[{**OUTAGE, "id": f"i-{number}"} for number in range(12)])
    assert len(ids(stand)) == 8
    assert len(ask(stand).content) < 4096


def test_it_takes_a_customers_token_and_counts_against_their_limit(stand: Stand) -> None:
    assert requests.get(f"{stand.address}/webhooks/widget/notices", timeout=10).status_code == 401
    assert requests.post(f"{stand.address}/webhooks/widget/subscriptions", json={"incident": "i-1"}, timeout=10).status_code == 401
    stand.service._limiter = RateLimiter("1/minute")
    assert ask(stand).status_code == 200
    assert ask(stand).status_code == 429 and want(stand, {"incident": "i-1"}).status_code == 429


def test_a_wish_is_noted_once_and_belongs_to_the_order_it_is_about(stand: Stand) -> None:
    load(stand, incidents=[OUTAGE])
    assert [want(stand, {"incident": "i-1"}).status_code for _ in range(3)] == [204] * 3
    with stand.database.session() as session:
        (row,) = session.execute(select(SUBSCRIPTIONS)).all()
    assert (row.conversation_id, row.order, row.cause, row.status) == ("u-1013", "o-1013", "incident_outage", "open")
    assert ask(stand).json()["notices"][0]["subscribed"] and not ask(stand, "u-1055", "o-1055").json()["notices"][0]["subscribed"]


def test_what_is_mended_and_watched_is_shown_to_those_who_wait_for_its_end_only(stand: Stand, listening: Listening) -> None:
    knowledge = project_knowledge()
    with stand.database.session() as session:
        now = composed(stand.database).world_now(session)
        incident = service.declare(session, knowledge, now, component="installment", severity="outage", by="op-1")
    assert want(stand, {"incident": incident}, "u-1055", "o-1055").status_code == 204
    listening.wait(1)
    with stand.database.session() as session:
        service.update(session, knowledge, now, incident, stage="monitoring", by="op-1")
    assert listening.wait(2)[1] == []
    assert ids(stand) == [] and ids(stand, "u-1055", "o-1055") == [incident]
    with stand.database.session() as session:
        service.update(session, knowledge, now, incident, stage="investigating", by="op-1")
    assert [each["id"] for each in listening.wait(3)[2]] == [incident]


def test_what_was_asked_for_in_the_chat_counts_for_the_banner_and_is_not_asked_for_twice(stand: Stand) -> None:
    load(stand, incidents=[OUTAGE])
    with stand.database.session() as session:
        subscribe(session, "u-1013", "u-1013", Subject("order", "o-1013"), "incident_outage")
    assert ask(stand).json()["notices"][0]["subscribed"]
    assert want(stand, {"incident": "i-1"}).status_code == 204
    with stand.database.session() as session:
        assert len(session.execute(select(SUBSCRIPTIONS)).all()) == 1


def test_it_is_observed_once_that_a_customer_was_shown_an_incident(stand: Stand, listening: Listening) -> None:
    load(stand, incidents=[OUTAGE])
    listening.wait(1)
    assert [ids(stand) for _ in range(3)] == [["i-1"]] * 3
    with stand.database.session() as session:
        seen = session.execute(select(OBSERVATIONS).where(OBSERVATIONS.c.kind == "notice")).all()
    assert [(each.value, each.seq) for each in seen] == [("i-1", 0)] and "u-1013" not in seen[0].ref


@pytest.mark.parametrize("body", [{}, {"incident": 1}, {"incident": None}, [], "i-1"])
def test_a_wish_that_names_nothing_is_refused(body: Any, stand: Stand) -> None:
    refused = want(stand, body)
    assert (refused.status_code, refused.json()["type"]) == (400, "urn:baitiao:problem:malformed")


@pytest.mark.parametrize("wanted", ["i-2", "", "i-1\0"])
def test_a_wish_for_what_does_not_hold_is_refused(wanted: str, stand: Stand) -> None:
    load(stand, incidents=[{**OUTAGE, "resolved_at": "2026-11-22T09:30:00+08:00"}, {**OUTAGE, "id": "i-3"}])
    for name in (wanted, "i-1"):
        refused = want(stand, {"incident": name})
        assert (refused.status_code, refused.json()["type"]) == (404, "urn:baitiao:problem:no-such-notice")


def test_a_stream_tells_it_within_two_seconds_and_tells_its_end(stand: Stand, listening: Listening) -> None:
    begun = time.monotonic()
    load(stand, incidents=[OUTAGE])
    assert [each["id"] for each in listening.wait(1)[0]] == ["i-1"]
    assert listening.heard[0][0] - begun < 2
    load(stand, incidents=[{"id": "i-1", "resolved_at": "2026-11-22T09:59:00+08:00"}])
    assert listening.wait(2)[1] == []


def test_a_stream_tells_that_the_wish_is_noted_wherever_it_was_made(stand: Stand, listening: Listening) -> None:
    load(stand, incidents=[OUTAGE])
    listening.wait(1)
    assert want(stand, {"incident": "i-1"}).status_code == 204
    assert [each["subscribed"] for each in listening.wait(2)[1]] == [True]


def test_a_stream_tells_nothing_twice_and_nothing_of_others(stand: Stand, listening: Listening) -> None:
    load(stand, incidents=[{**OUTAGE, "affects": {"regions": ["海南"]}}])
    load(stand, users=[{"id": "u-1055", "phone_bound": False}])
    load(stand, incidents=[{**OUTAGE, "id": "i-2"}])
    assert [[each["id"] for each in told] for told in listening.wait(1)] == [["i-2"]]
