"""What the API's description allows and what it forbids, sent to a real assistant: nothing fails, and every answer is one that is described.

Each operation gets the same examples in every run. Beside what is generated they name real customers, cases and forms, so that they get past the door.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies._internal.lazy import LazyStrategy
from hypothesis.strategies._internal.strategies import FilteredStrategy
from schemathesis import DataGenerationMethod
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from actions.callers import own_secret
from bot.channel.tokens import issue
from bot.commands.settings import TOKEN_SECRET
from bot.staff.entrances import DESK
from conversations.served import ROOT, Up
from tools.openapi import openapi

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("fuzzed")]

schemathesis.experimental.OPEN_API_3_1.enable()
USER, ORDER, AGENT = "u-1013", "o-1013", "agent-1"
EXAMPLES = 12
DESCRIBED = schemathesis.from_dict(openapi(), validate_schema=False)
OPERATIONS = {operation.verbose_name: operation for operation in (result.ok() for result in DESCRIBED.get_all_operations())}
HEADS = (not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance)


class Known:
    """An assistant, and what an honest client of it knows: where a request has a field of that name, mostly this is sent."""

    def __init__(self, up: Up) -> None:
        self.address = up.address
        self._secret = own_secret(ROOT / TOKEN_SECRET)
        self._customer = {"Authorization": f"Bearer {issue(self._secret, USER, ORDER)}"}
        body = {"id": "00000000-0000-4000-8000-000000000001", "payload": "/request_human"}
        replies = requests.post(f"{up.address}/webhooks/widget/messages", json=body, headers=self._customer, timeout=30).json()["messages"]
        (end,) = [reply for reply in replies if (reply["data"] or {}).get("type") == "handoff"]
        self._pieces = {
            "handoff_id": end["data"]["handoff_id"],
            "seq": end["seq"],
            "user": USER,
            "order": ORDER,
            "cause": "overdue",
            "resolved_by": "unresolved",
            "root_cause": "overdue",
            "payload": "/request_human",
            "text": "我的白条怎么不能分期付款了",
        }

    def fill_in(self, case: Any, random: Random) -> dict[str, Any]:
        """Puts known pieces into a request, and says what it is to authenticate with."""
        # A new one each time: among the requests are those that sign out.
        token = issue(self._secret, AGENT, role="agent")
        pieces = {**self._pieces, "token": token}
        if isinstance(case.body, dict) and "csrf" in case.body:
            page = requests.get(f"{self.address}/desk", cookies={DESK.cookie: token}, timeout=20).text
            pieces["csrf"] = page.partition('name="csrf" value="')[2][:64]
        for fields in (case.path_parameters, case.query, case.body):
            if isinstance(fields, dict):
                fields.update({name: pieces[name] for name in fields if name in pieces and random.random() < 0.7})
        # What the generator thinks of as credentials would come beside ours.
        case.cookies = None
        case.headers = {name: value for name, value in (case.headers or {}).items() if name != "Authorization"}
        return {"headers": self._customer, "cookies": {DESK.cookie: token}} if random.random() < 0.8 else {}


@pytest.fixture(scope="module", autouse=True)
def unspelled() -> Iterator[None]:
    """Hypothesis spells out every strategy that it filters, schemas and all, in notes that nobody reads, for half of the time that it takes."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in (FilteredStrategy, LazyStrategy):
            patch.setattr(kind, "__repr__", object.__repr__)
        yield


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    up = Up(tmp_path_factory.mktemp("fuzzed"), demo=True, BAITIAO_MESSAGE_RATE="100000/minute")
    yield Known(up)
    up.close()


@pytest.mark.parametrize("method", [DataGenerationMethod.positive, DataGenerationMethod.negative], ids=["allowed", "forbidden"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_one_that_is_described(known: Known, name: str, method: DataGenerationMethod) -> None:
    operation = OPERATIONS[name]
    has_input = operation.body or operation.query or operation.path_parameters or operation.headers
    if method == DataGenerationMethod.negative and not has_input:
        return
    streams = name.endswith("/events")
    checks = HEADS if streams else (*HEADS, response_schema_conformance)

    @settings(
        max_examples=EXAMPLES if has_input else 2,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(data_generation_method=method), st.randoms(use_true_random=False))
    def send(case: Any, random: Random) -> None:
        with requests.Session() as session:
            options = known.fill_in(case, random)
            answer = case.call(base_url=known.address, session=session, allow_redirects=False, stream=streams, timeout=20, **options)
            if streams:
                answer._content = b""
            case.validate_response(answer, checks=checks)

    send()


def test_it_is_still_there(known: Known) -> None:
    for path in ("/health/live", "/health/ready", "/openapi.json"):
        assert requests.get(known.address + path, timeout=20).status_code == 200
    assert requests.get(f"{known.address}/openapi.json", timeout=20).json() == openapi()
