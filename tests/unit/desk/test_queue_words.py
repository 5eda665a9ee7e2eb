"""What agents read around cases: which clock a time is of, what can be searched, who searched for what, and what will soon be late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from actions.core.due import due_of
from actions.core.moments import local
from actions.state import audit, handoffs
from actions.state.columns import real_now
from conversations.application import project_knowledge
from tests.unit.desk.conftest import AgentsBrowser, audited
from tests.unit.desk.test_words import seen
from tests.unit.handoff.conftest import House

OF_STATE = "2026年11月22日 10:00"


def test_a_time_of_the_state_says_so_and_what_happened_in_the_talk_has_real_time(browser: AgentsBrowser, house: House) -> None:
    now = real_now()
    case = house.turn("u-1013", "installment_missing", "怎么不能分期了", order="o-1013", at=now).case
    case = house.turn("u-1013", "step_done", "弄好了", case, "o-1013", at=now).case
    house.turn("u-1013", "request_human", "转人工", case, "o-1013", at=now)
    row = house.open()
    browser.sign_in()
    browser.send(f"/desk/cases/{row.id}/take")
    words = seen(browser.ask("GET", f"/desk/cases/{row.id}?state=now").text)
    assert words.count(OF_STATE) == words.count(f"状态时间 {OF_STATE}") >= 3
    assert f"已做完\n \n{project_knowledge().locale.moment(local(now))}" in words.replace("  ", " ")


def test_a_search_is_audited_masked_and_once_for_a_page_that_stays_open(browser: AgentsBrowser, house: House) -> None:
    row = house.handed_over()
    browser.sign_in()
    reference = row.payload["customer"]["reference"]
    for query in ("q=13800138000&priority=normal", "q=13800138000&priority=normal", f"q={reference}", "priority=normal"):
        assert browser.ask("GET", f"/desk?{query}").status_code == 200
    browser.ask("GET", f"/desk/cases/{row.id}?q=13800138000&priority=normal")
    found: list[dict[str, Any]] = [detail for who, _, detail in audited(house.database, "search") if who == "agent-1"]
    assert found == [
        {"priority": "normal", audit.WORDS: "138****8000", "page": 1, "found": 1},
        {audit.REFERENCE: reference, "page": 1, "found": 1},
    ]


def test_the_search_says_what_it_can_find(browser: AgentsBrowser, house: House) -> None:
    row = house.handed_over()
    browser.sign_in()
    page = browser.ask("GET", "/desk").text
    assert "不能按姓名搜索" in page and "客户、" not in page
    for words in (row.id, row.payload["customer"]["reference"], "有逾期", "弄好了"):
        assert row.id in browser.ask("GET", f"/desk?q={words}").text


@pytest.mark.parametrize(("priority", "seconds"), [("urgent", 40), ("high", 200), ("normal", 600), ("low", 2400)])
def test_soon_is_the_last_third_of_what_is_allowed(priority: str, seconds: int) -> None:
    now = real_now()
    due = due_of(now, priority, project_knowledge().due_minutes)
    assert due.at - due.soon == timedelta(seconds=seconds)


def test_who_will_soon_have_waited_too_long_is_listed_and_counted(browser: AgentsBrowser, house: House) -> None:
    soon, fresh = house.handed_over(), house.handed_over("u-1001", "o-1001")
    allowed = project_knowledge().due_minutes
    with house.database.session() as session:
        for row, left in ((soon, allowed[soon.priority] / 4), (fresh, allowed[fresh.priority] - 1)):
            since = real_now() - timedelta(minutes=allowed[row.priority] - left)
            session.execute(update(handoffs.HANDOFFS).where(handoffs.HANDOFFS.c.id == row.id).values(created_at=since))
    browser.sign_in()
    page = browser.ask("GET", "/desk?soon=1").text
    assert soon.id in page and fresh.id not in page and "快超时 <b>1</b>" in page and 'class="tag due short"' in page
    assert fresh.id in browser.ask("GET", "/desk").text


def test_a_token_is_signed_in_with_by_the_enter_key(browser: AgentsBrowser) -> None:
    # A field of one line is sent by Enter in every browser, with or without scripts.
    page = browser.ask("GET", "/desk").text
    assert '<input class="field" id="token" name="token"' in page and "<textarea" not in page


def test_a_list_without_any_match_leads_back_to_all(browser: AgentsBrowser, house: House) -> None:
    house.handed_over()
    browser.sign_in()
    page = browser.ask("GET", "/desk?priority=urgent").text
    assert '没有符合条件的。<a class="link" href="/desk">看全部待办</a>' in page
