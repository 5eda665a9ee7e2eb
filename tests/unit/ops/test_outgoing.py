"""What operators are told: in each team's form, signed as it wants, once per telling, and repeated until somebody has seen it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from aiohttp import web

from actions.deployment_values import OperatorsFormat
from actions.handoff.delivery import Patience
from actions.knowledge.store import KnowledgeStore
from actions.state import outbox
from actions.state.alerts import AlertRow, add_alert, change_alert, get_alert, now_millis
from actions.state.database import Database
from ops.incidents.service import make_draft
from ops.outgoing.delivery import OperatorsDispatcher
from ops.outgoing.news import place_title
from ops.outgoing.telling import tell_due
from ops.watch.decisions import acknowledge, silence

SECRET = "SEC" + "0f8e2a9c47d15b36" * 4
HASTY = Patience(timeout=1.0, first=0.01, longest=0.05, attempts=3, idle=0.02)
KNOWLEDGE = KnowledgeStore()


class Sink:
    """Takes whatever is sent."""

    def __init__(self) -> None:
        self.answer: tuple[int, str] = (200, '{"errcode": 0, "code": 0}')
        self.requests: list[tuple[dict[str, list[str]], dict[str, str], bytes]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(20)

    async def _start(self) -> int:
        app = web.Application()
        app.router.add_post("/hook", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return int(self._runner.addresses[0][1])

    async def _take(self, request: web.Request) -> web.Response:
        self.requests.append((parse_qs(urlsplit(str(request.rel_url)).query), dict(request.headers), await request.read()))
        status, text = self.answer
        return web.Response(status=status, text=text, headers={"Location": "/elsewhere"} if status == 302 else {})

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, _, body in self.requests]


@pytest.fixture
def sink() -> Iterator[Sink]:
    made = Sink()
    yield made
    made.close()


def alert_in(database: Database, **changes: Any) -> AlertRow:
    now = now_millis()
    given = AlertRow(
        id="a-test",
        key="overdue@1",
        source="complaints",
        level="alarm",
        streams=("merchant_integration_error",),
        title=None,
        opened_at=now,
        since=now - 600_000,
        seen_at=now,
        closed_at=None,
        observed=23,
        expected=2.5,
        ratio_low=5.8,
        ratio_high=13.8,
        learning=False,
        drill=({"dim": "merchant", "value": "m-7", "share": 0.87, "others": 0.03, "at_least": 0.6, "p": 1e-9},),
        draft="i-draft",
        tell_at=now,
    )
    with database.session() as session:
        return add_alert(session, replace(given, **changes))


def dispatcher(database: Database, sink: Sink, form: OperatorsFormat, secret: bytes | None = SECRET.encode()) -> OperatorsDispatcher:
    url = f"http://127.0.0.1:{sink.port}/hook?access_token=x"
    return OperatorsDispatcher(database, KNOWLEDGE, url, secret, form, "https://help.example", HASTY)


def tell(database: Database) -> int:
    with database.session() as session:
        return tell_due(session)


def told(database: Database, sink: Sink, form: OperatorsFormat, secret: bytes | None = SECRET.encode()) -> Any:
    tell(database)
    asyncio.run(dispatcher(database, sink, form, secret).drain())
    return sink.bodies[-1]


def test_our_own_form_carries_the_alert_as_data_and_is_signed_as_handoffs_are(database: Database, sink: Sink) -> None:
    alert_in(database)
    body = told(database, sink, "ops")
    _, headers, raw = sink.requests[0]
    wanted = hmac.new(SECRET.encode(), headers["X-Baitiao-Timestamp"].encode() + b"." + raw, hashlib.sha256).hexdigest()
    assert headers["X-Baitiao-Signature"] == f"v1={wanted}"
    assert headers["Idempotency-Key"] == body["key"] == "a-test-1"
    assert (body["event"], body["telling"], body["about"]["id"], body["about"]["observed"]) == ("alert.opened", 1, "a-test", 23)
    assert "23 位客户" in body["text"] and "m-7" in body["text"] and "https://help.example/console/alerts/a-test" in body["text"]


def test_alertmanagers_form_is_that_of_its_webhook(database: Database, sink: Sink) -> None:
    alert_in(database)
    body = told(database, sink, "alertmanager", None)
    (alert,) = body["alerts"]
    assert (body["version"], body["status"], alert["status"], body["truncatedAlerts"]) == ("4", "firing", "firing", 0)
    assert alert["labels"]["alertname"] == "merchant_integration_error" and alert["endsAt"] == "0001-01-01T00:00:00Z"
    assert alert["startsAt"].endswith("Z") and alert["annotations"]["summary"] and alert["fingerprint"]
    with database.session() as session:
        change_alert(session, "a-test", closed_at=now_millis())
    over = told(database, sink, "alertmanager", None)
    assert (over["status"], over["alerts"][0]["fingerprint"], over["groupKey"]) == ("resolved", alert["fingerprint"], body["groupKey"])


def test_dingtalks_form_is_signed_in_its_address(database: Database, sink: Sink) -> None:
    alert_in(database)
    body = told(database, sink, "dingtalk")
    query, _, _ = sink.requests[0]
    (timestamp,), (sign,) = query["timestamp"], query["sign"]
    wanted = hmac.new(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert base64.b64decode(sign) == wanted and len(timestamp) == 13 and query["access_token"] == ["x"]
    assert body["msgtype"] == "markdown" and set(body["markdown"]) == {"title", "text"} and "预警" in body["markdown"]["title"]


def test_feishus_form_is_signed_in_its_body(database: Database, sink: Sink) -> None:
    alert_in(database)
    body = told(database, sink, "feishu")
    wanted = hmac.new(f"{body['timestamp']}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    assert base64.b64decode(body["sign"]) == wanted and len(body["timestamp"]) == 10
    post = body["content"]["post"]["zh_cn"]
    assert body["msg_type"] == "post" and post["title"] and post["content"][0][0]["tag"] == "text"


def test_wecoms_form_is_markdown_of_at_most_4096_bytes(database: Database, sink: Sink) -> None:
    alert_in(database, streams=tuple(f"cause_{number}" for number in range(900)), source="complaints")
    body = told(database, sink, "wecom", None)
    assert body["msgtype"] == "markdown" and 0 < len(body["markdown"]["content"].encode()) <= 4096


@pytest.mark.parametrize("answer", [(200, '{"errcode": 310000, "errmsg": "sign not match"}'), (500, ""), (302, ""), (200, "<html>")])
def test_a_robot_that_refuses_is_tried_again_and_given_up_in_the_end(database: Database, sink: Sink, answer: tuple[int, str]) -> None:
    alert_in(database)
    sink.answer = answer
    tell(database)
    asyncio.run(dispatcher(database, sink, "dingtalk").drain())
    assert len(sink.requests) == 3
    with database.session() as session:
        (dead,) = outbox.dead_letters(session)
    assert dead.event == "alert.opened" and dead.error


@pytest.mark.broad
def test_it_is_told_at_once_after_half_an_hour_and_then_hourly_until_it_is_acknowledged(database: Database) -> None:
    with time_machine.travel("2026-11-22T10:00:00+08:00", tick=False) as time:
        alert_in(database)
        told_at = []
        for minute in range(240):
            told_at += [minute] * tell(database)
            time.shift(60)
        assert told_at == [0, 30, 90, 150, 210]
        with database.session() as session:
            acknowledge(session, "a-test", "operator-1")
        time.shift(3 * 3600)
        assert tell(database) == 0


def test_however_many_look_at_once_each_telling_is_noted_once(database: Database) -> None:
    alert_in(database)
    with database.session() as session, database.session() as other:
        stale = get_alert(other, "a-test")
        assert tell_due(session) == 1 and stale is not None and stale.tellings == 0
    assert tell(database) == 0


def test_what_is_silenced_is_not_told_until_it_is_over(database: Database) -> None:
    with time_machine.travel("2026-11-22T10:00:00+08:00", tick=False) as time:
        alert_in(database)
        with database.session() as session:
            silence(session, "a-test", 0.5, "a rehearsal", "operator-1")
        assert tell(database) == 0
        time.shift(12 * 3600 + 1)
        assert tell(database) == 1


def test_the_end_is_told_once_to_whom_the_begin_was_told(database: Database) -> None:
    alert_in(database)
    alert_in(database, id="a-other", key="other", tell_at=None)
    tell(database)
    with database.session() as session:
        for each in ("a-test", "a-other"):
            change_alert(session, each, closed_at=now_millis())
    assert tell(database) == 1 and tell(database) == 0


def test_every_stage_of_an_incident_is_told_once(database: Database, sink: Sink) -> None:
    with database.session() as session:
        make_draft(
            session, component="installment", severity=None, affects={}, notice="付款页列不出分期", evidence={}, from_alert=None, by="watch"
        )
    body = told(database, sink, "ops")
    assert body["event"] == "incident.draft" and body["title"] == "【故障草稿】分期" and "付款页列不出分期" in body["text"]
    assert tell(database) == 0


def test_what_lay_for_a_day_while_there_was_no_receiver_is_not_told(database: Database, sink: Sink) -> None:
    with time_machine.travel("2026-11-22T10:00:00+08:00", tick=True):
        alert_in(database)
        tell(database)
    asyncio.run(dispatcher(database, sink, "ops").drain())
    assert sink.requests == []


@pytest.mark.parametrize(
    ("dim", "value", "said"),
    [("component", "checkout", "收银台"), ("card", "expired", "已过期"), ("channel", "wechat", "微信"), ("merchant", "m-7", "m-7")],
)
def test_places_are_told_in_words(dim: str, value: str, said: str) -> None:
    assert place_title(dim, value, KNOWLEDGE.current) == said
