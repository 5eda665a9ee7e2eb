"""Calling actions: what is an answer, what is a refusal, what is a failure."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr
from rasa.core.actions import action
from rasa.core.actions.action import ActionExecutionRejection
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as RejectedByAction

from actions.bootstrap import bootstrap
from actions.callers import SECRET_HEADER
from actions.settings import Settings
from bot.engine.action_client import ActionFailed, HttpActions, InProcessActions, checked

CALL: dict[str, Any] = {
    "next_action": "action_test",
    "sender_id": "u-1",
    "tracker": {"sender_id": "u-1", "slots": {"case": {"count": 1}}, "latest_message": {}, "events": [], "paused": False},
    "domain": {},
}
SECRET = "a secret of the tests, longer than 32 characters"
ANSWER = {"events": [{"event": "slot", "name": "case", "value": None}], "responses": [{"text": "hello"}]}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def action_server(handler: Handler, port: int = 0) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/webhook", handler)
    app.router.add_get("/health", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def answering(body: Any, status: int = 200) -> Handler:
    async def handler(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=body if isinstance(body, str) else json.dumps(body), content_type="application/json")

    return handler


@pytest.mark.parametrize(("cuts", "answered"), [(1, True), (2, False)])
@pytest.mark.asyncio
async def test_a_connection_that_is_cut_is_tried_once_more(cuts: int, answered: bool) -> None:
    calls = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal calls
        calls += 1
        if calls <= cuts and request.transport:
            request.transport.abort()  # type: ignore[attr-defined]
        return web.json_response(ANSWER)

    async with action_server(handler) as url:
        actions = HttpActions(url, SECRET)
        if answered:
            assert await actions.call(CALL) == ANSWER
        else:
            with pytest.raises(ActionFailed, match="the action server does not answer"):
                await actions.call(CALL)
        assert calls == 2
        await actions.close()


@pytest.mark.asyncio
async def test_calls_share_a_connection() -> None:
    ports: list[Any] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        ports.append(request.transport.get_extra_info("peername")[1] if request.transport else None)
        assert (await request.json())["next_action"] == "action_test"
        return web.json_response(ANSWER)

    async with action_server(handler) as url:
        actions = HttpActions(url, SECRET)
        assert [await actions.call(CALL) for _ in range(3)] == [ANSWER] * 3
        assert len(set(ports)) == 1
        await actions.close()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("body", "status"),
    [("no json", 200), ([], 200), ("null", 200), ({"events": "none"}, 200), ({"events": [{"event": "invented"}]}, 200), ({"responses": ["text"]}, 200),
     ({"error": "x"}, 500), ({"error": "x"}, 404), ("bad request", 400), ({"error": "no action named"}, 400)],
)  # fmt: skip
async def test_anything_but_an_answer_is_a_failure(body: Any, status: int) -> None:
    async with action_server(answering(body, status)) as url:
        actions = HttpActions(url, SECRET)
        with pytest.raises(ActionFailed, match="action_test"):
            await actions.call(CALL)
        await actions.close()


@pytest.mark.asyncio
async def test_a_refusal_to_run_is_passed_on() -> None:
    async with action_server(answering({"action_name": "action_test", "error": "not now"}, 400)) as url:
        actions = HttpActions(url, SECRET)
        with pytest.raises(ActionExecutionRejection):
            await actions.call(CALL)
        await actions.close()


@pytest.mark.asyncio
async def test_a_slow_or_absent_server_is_a_failure_and_a_returning_one_is_used_again() -> None:
    async def slow(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(1)
        return web.json_response(ANSWER)

    async with action_server(slow) as url:
        actions = HttpActions(url, SECRET, timeout=0.1)
        with pytest.raises(ActionFailed, match="does not answer"):
            await actions.call(CALL)
    with pytest.raises(ActionFailed, match="does not answer"):
        await actions.call(CALL)
    assert not await actions.healthy()
    async with action_server(answering(ANSWER), int(url.rpartition(":")[2])):
        assert await actions.call(CALL) == ANSWER and await actions.healthy()
    await actions.close()


@pytest.mark.asyncio
async def test_an_answer_that_breaks_off_is_asked_for_once_more() -> None:
    calls = 0

    async def ending(request: web.Request) -> web.StreamResponse:
        nonlocal calls
        calls += 1
        if calls % 2 == 0:
            return web.json_response(ANSWER)
        answer = web.StreamResponse(headers={"Content-Length": "100"})
        await answer.prepare(request)
        assert request.transport is not None
        request.transport.close()
        return answer

    async with action_server(ending) as url:
        actions = HttpActions(url, SECRET)
        assert [await actions.call(CALL) for _ in range(2)] == [ANSWER] * 2 and calls == 4
        await actions.close()


def test_an_answer_that_breaks_the_form_is_not_quoted() -> None:
    with pytest.raises(ActionFailed) as failure:
        checked({"events": [{"event": "slot", "secret": "13812345678"}]}, "action_test")
    assert "13812345678" not in str(failure.value)


class Counting(Action):
    """Changes what it gets and answers with it."""

    def name(self) -> str:
        return "action_test"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        case = tracker.get_slot("case")
        case["count"] += 1
        dispatcher.utter_message(text=f"{case['count']}", buttons=[{"title": "a", "payload": "/b"}], json_message={"type": "answer"})
        return [{"event": "slot", "name": "case", "value": case}]


class Failing(Action):
    """Fails or refuses."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def name(self) -> str:
        return "action_test"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        raise self.error


@pytest.mark.asyncio
async def test_in_this_process_actions_answer_alike_and_touch_nothing_of_the_caller() -> None:
    executor = ActionExecutor()
    executor.register_action(Counting())
    answer = await InProcessActions(executor).call(CALL)
    assert answer["events"][0]["value"] == {"count": 2} and CALL["tracker"]["slots"]["case"] == {"count": 1}
    assert answer["responses"][0]["custom"] == {"type": "answer"}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("error", "expected"), [(RuntimeError("broken"), ActionFailed), (RejectedByAction("action_test", "not now"), ActionExecutionRejection)]
)
async def test_in_this_process_failures_are_alike(error: Exception, expected: Any) -> None:
    executor = ActionExecutor()
    executor.register_action(Failing(error))
    with pytest.raises(expected):
        await InProcessActions(executor).call(CALL)
    with pytest.raises(ActionFailed):
        await InProcessActions(ActionExecutor()).call(CALL)


async def test_rasa_shell_calls_actions_with_the_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    here = bootstrap(Settings.construct(actions_secret=SecretStr(SECRET), database_url=f"sqlite:///{tmp_path}/shell.db"))
    monkeypatch.setattr("actions.bootstrap._current", here)
    monkeypatch.setattr(action, "RemoteAction", action.RemoteAction)
    heard: list[Any] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        heard.append((request.headers.getall(SECRET_HEADER), request.content_type))
        return web.json_response({"events": [], "responses": []})

    endpoints = AvailableEndpoints.read_endpoints("bot/endpoints.yml")
    assert endpoints.tracker_store is not None
    TrackerStore.create(endpoints.tracker_store, Domain.empty())
    async with action_server(handler) as url:
        called = action.action_for_name_or_text(
            "action_test", Domain.from_dict({"actions": ["action_test"]}), EndpointConfig(f"{url}/webhook")
        )
        tracker = DialogueStateTracker("u-1", [])
        await called.run(CollectingOutputChannel(), TemplatedNaturalLanguageGenerator({}), tracker, Domain.empty())
    assert heard == [([SECRET], "application/json")]
