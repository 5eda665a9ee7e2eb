"""The filter of the queue in its address, and what open pages may ask for again and again."""

from __future__ import annotations

from typing import Any

import pytest

from actions.knowledge.model import Knowledge
from actions.state.audit import entries
from bot.desk import watching
from bot.desk.queue_view import QueueFilter
from bot.desk.watching import SharedMark
from bot.staff.looks import Looks
from conversations.application import project_knowledge
from tests.unit.desk.conftest import AgentsBrowser
from tests.unit.handoff.conftest import House


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return project_knowledge()


@pytest.mark.parametrize(
    "query",
    ["", "q=%E6%8C%89%E9%92%AE&queue=risk", "priority=urgent&cause=overdue&mine=1&waiting=1&late=1&page=3", "closed=1", "cause=other"],
)
def test_an_address_gives_the_filter_that_gives_the_address(knowledge: Knowledge, query: str) -> None:
    found = QueueFilter.read(query, knowledge)
    assert found.query == query and QueueFilter.read(found.query, knowledge) == found
    assert "page" not in found.but()


@pytest.mark.parametrize(
    "query",
    ["queue=nowhere", "priority=x", "cause=%00", "mine=yes", "page=-1", "page=0", "page=%D9%A3", "page=99999999", "odd=1", "&".join(["a=1"] * 99), "q="],
)  # fmt: skip
def test_what_an_address_holds_wrongly_is_left_out(knowledge: Knowledge, query: str) -> None:
    assert QueueFilter.read(query, knowledge) == QueueFilter()


def test_words_are_bounded_and_no_personal_number_comes_back(knowledge: Knowledge) -> None:
    assert QueueFilter.read("q=13800138000", knowledge).query == "q=138%2A%2A%2A%2A8000"
    assert len(QueueFilter.read(f"q={'字' * 500}", knowledge).q) == 60
    assert QueueFilter.read("q=逾期", knowledge).wanted("agent-1", knowledge).called == ("overdue", "other_product_overdue")


def test_a_mark_is_read_once_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, read = [0.0], iter(range(9))
    monkeypatch.setattr(watching.time, "monotonic", lambda: clock[0])
    mark = SharedMark(lambda: str(next(read)), 0.15)
    assert [mark(), mark()] == ["0", "0"]
    clock[0] = 0.2
    assert mark() == "1"


def test_a_page_that_stays_open_is_one_look_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(watching.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr("bot.staff.looks._MOST_LOOKS", 2)
    looks = Looks()
    assert [looks.is_new("a", "case", "h-1"), looks.is_new("a", "case", "h-1"), looks.is_new("b", "case", "h-1")] == [True, False, True]
    clock[0] = 61.0
    assert looks.is_new("a", "case", "h-1")
    assert looks.is_new("a", "case", "h-2") and looks.is_new("b", "case", "h-1"), "the oldest are forgotten, and audited again"


def test_looks_are_audited_but_not_every_refresh(browser: AgentsBrowser, house: House) -> None:
    row = house.handed_over()
    browser.sign_in()
    for _ in range(3):
        assert browser.ask("GET", f"/desk/cases/{row.id}").status_code == 200
        assert browser.ask("GET", f"/desk/cases/{row.id}?state=now").status_code == 200
    with house.database.session() as session:
        seen: list[Any] = [entry.action for entry in entries(session)]
    assert {name: seen.count(f"desk.{name}") for name in ("case", "state", "queue")} == {"case": 1, "state": 3, "queue": 1}


@pytest.mark.parametrize(
    ("referer", "location"),
    [
        ("/desk/cases/{id}?mine=1&pane=case&before=3", "/desk/cases/{id}?mine=1&pane=case"),
        ("/desk/cases/{id}?pane=%22%3E&queue=evil%0d%0aX: y", "/desk/cases/{id}"),
        ("", "/desk/cases/{id}"),
        ("http://[", "/desk/cases/{id}"),
    ],
)
def test_a_form_leads_back_to_the_list_as_it_was(browser: AgentsBrowser, house: House, referer: str, location: str) -> None:
    row = house.handed_over()
    browser.sign_in()
    came = referer.format(id=row.id)
    answer = browser.send(f"/desk/cases/{row.id}/take", headers={"Referer": browser.address + came if came.startswith("/") else came})
    assert (answer.status_code, answer.headers["Location"]) == (303, location.format(id=row.id))


@pytest.mark.parametrize("name", ["", " ", "客户 13800138000"])
def test_a_view_needs_a_name_and_keeps_no_personal_number(browser: AgentsBrowser, name: str) -> None:
    browser.sign_in()
    answer = browser.send("/desk/views", data={"name": name, "query": "mine=1&queue=nowhere"})
    assert answer.status_code == (303 if name.strip() else 422)
    page = browser.ask("GET", "/desk").text
    assert ('aria-label="保存的视图"' in page) == bool(name.strip()) and "13800138000" not in page


def test_the_same_reply_sent_twice_is_said_once_and_other_words_with_its_id_are_not_lost(browser: AgentsBrowser, house: House) -> None:
    row = house.handed_over()
    browser.sign_in()
    browser.send(f"/desk/cases/{row.id}/take")
    for text in ("您好", "您好", "还有一件事"):
        assert browser.send(f"/desk/cases/{row.id}/reply", data={"id": "r-1", "text": text}).status_code == 303
    outcome = {"resolved_by": "person", "root_cause": "overdue"}
    assert browser.send(f"/desk/cases/{row.id}/close", data=outcome).status_code == 303
    # Once more after it is over, as when the first answer was lost.
    assert browser.send(f"/desk/cases/{row.id}/reply", data={"id": "r-1", "text": "您好"}).status_code == 303
    assert browser.send(f"/desk/cases/{row.id}/reply", data={"id": "r-9", "text": "您好"}).status_code == 409
    assert [message.text for message in house.history() if message.role == "agent"] == ["您好", "还有一件事"]
