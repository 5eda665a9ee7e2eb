"""Texts that a database refuses, a terminal obeys or a reader takes for another: refused or cleaned, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from actions.state.database import Database
from actions.state.world.loading import load_world
from conversations.application import composed
from tests.unit.handoff.conftest import WORLD, House
from tests.widget.stand import Stand

ODD = "已经还清\u202e!了款还有没 \u202c这笔\0\x1b[2J"
PLAIN = "已经还清!了款还有没 这笔[2J"


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    address = f"sqlite:///{tmp_path}/texts.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = Database(address)
    database.migrate()
    load_world(database, [WORLD])
    yield database
    database.close()


@pytest.fixture
def stand(database: Database) -> Iterator[Stand]:
    stand = Stand(database)
    yield stand
    stand.close()


@pytest.fixture
def agent(stand: Stand) -> requests.Session:
    session = requests.Session()
    token = stand.token("agent-1", None, role="agent")
    assert session.post(f"{stand.address}/desk/sign-in", data={"token": token}, timeout=20).status_code == 200
    return session


def test_what_an_agent_writes_is_stored_as_text(stand: Stand, agent: requests.Session, database: Database) -> None:
    house = House(composed(database))
    case = f"{stand.address}/desk/cases/{house.handed_over().id}"
    found = re.search(r'name="csrf" value="(\w+)"', agent.get(case, timeout=20).text)
    assert found is not None
    form = {"csrf": found[1]}
    assert agent.post(f"{case}/take", data=form, timeout=20).status_code == 200
    assert agent.post(f"{case}/reply", data={**form, "text": ODD}, timeout=20).status_code == 200
    assert agent.post(f"{case}/reply", data={**form, "text": "\0\u202e"}, timeout=20).status_code == 422
    assert [message.text for message in stand.history() if message.role == "agent"] == [PLAIN]
    outcome = {**form, "resolved_by": "unresolved", "root_cause": "overdue", "note": ODD}
    page = agent.post(f"{case}/close", data=outcome, timeout=20)
    assert page.status_code == 200 and PLAIN in page.text


@pytest.mark.parametrize("case", ["%00", "h-%1b", "%ED%A0%80", "h-%E2%80%AE"])
def test_no_case_has_such_an_id(stand: Stand, agent: requests.Session, case: str) -> None:
    assert agent.get(f"{stand.address}/desk/cases/{case}", timeout=20).status_code == 404
    assert agent.get(f"{stand.address}/desk/events?case={case}", timeout=20).status_code == 404


def test_a_customers_text_is_read_in_the_order_in_which_it_stands(stand: Stand) -> None:
    client = {"Authorization": f"Bearer {stand.token()}"}
    body = {"id": "3F2B8C1E-7A4D-4F6B-9C1D-2E5A8B7C6D01", "text": "已经还清\u202e!了款还有没 \u202c这笔"}
    for sent in (body, {**body, "id": body["id"].lower()}):
        answer = requests.post(f"{stand.address}/webhooks/widget/messages", json=sent, headers=client, timeout=20)
        assert answer.status_code == 200
    history = requests.get(f"{stand.address}/webhooks/widget/messages", headers=client, timeout=20).json()
    assert history == {"messages": [message.to_json() for message in stand.history()]} and len(history["messages"]) > 1
    assert [message.text for message in stand.history() if message.role == "user"] == [
        "已经还清!了款还有没 这笔"
    ], "one message, in any letters"
    refused = requests.post(f"{stand.address}/webhooks/widget/messages", json={**body, "id": body["id"][:-1] + "2", "text": "a\0"},
                            headers=client, timeout=20)  # fmt: skip
    assert refused.status_code == 400
