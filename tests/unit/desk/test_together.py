"""Working together over the real forms: who a case is meant for, who has it, who looks at it, and what agents write for each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from actions.handoff.delivery import LatenessWatcher
from actions.state import handoffs, notes, presence
from actions.state.columns import real_now
from actions.state.erasure import erase, purge
from bot.channel.standing import standing_of
from bot.channel.tokens import issue
from bot.commands.handoffs import export, show
from tests.unit.desk.conftest import SECRET, AgentsBrowser, audited
from tests.unit.handoff.conftest import House

PHONE = "13800138000"


def agent(address: str, name: str, shown_as: str | None = None) -> AgentsBrowser:
    browser = AgentsBrowser(address)
    assert browser.sign_in(issue(SECRET, name, role="agent", shown_as=shown_as)).status_code == 303
    return browser


@pytest.fixture
def two(desks: Callable[..., str]) -> tuple[AgentsBrowser, AgentsBrowser]:
    """Two agents, each at a process of their own."""
    return agent(desks(), "agent-1"), agent(desks(), "agent-2")


def current(house: House, handoff_id: str) -> handoffs.Handoff:
    with house.database.session() as session:
        found = handoffs.get_handoff(session, handoff_id)
    assert found is not None
    return found


def pass_on(browser: AgentsBrowser, handoff_id: str, to: str) -> int:
    return int(browser.send(f"/desk/cases/{handoff_id}/pass-on", data={"to": to}).status_code)


def name_for_customers(house: House) -> str | None:
    with house.database.session() as session:
        return standing_of(session, "u-1013").name


def said(house: House) -> list[str]:
    return [message.text for message in house.history()]


def phrase(house: House, name: str) -> str:
    return house.application.knowledge.current.phrases.variants[name][0]


def test_a_waiting_case_is_meant_for_one_agent_and_nobody_else_takes_it(house: House, two: Any) -> None:
    first, second = two
    row = house.handed_over()
    before = said(house)
    assert pass_on(first, row.id, "agent:agent-2") == 303
    assert current(house, row.id).assigned_to == "agent-2" and current(house, row.id).status == "queued"
    assert said(house) == before, "the customer still waits, and nothing has changed for them"
    refused = first.send(f"/desk/cases/{row.id}/take")
    assert refused.status_code == 409 and "已指派给另一位同事" in refused.text
    assert "指派给 agent-2（我）" in second.ask("GET", f"/desk/cases/{row.id}").text
    assert second.send(f"/desk/cases/{row.id}/take").status_code == 303
    assert current(house, row.id).taken_by == "agent-2"
    assert audited(house.database, "assign") == [("agent-1", row.id, {"to": "agent-2"})]


def test_whoever_wants_an_assigned_case_assigns_it_to_themselves_first(house: House, two: Any) -> None:
    first, _ = two
    row = house.handed_over()
    pass_on(first, row.id, "agent:agent-2")
    assert pass_on(first, row.id, "agent:agent-2") == 409
    assert pass_on(first, row.id, "agent:agent-1") == 303
    assert first.send(f"/desk/cases/{row.id}/take").status_code == 303


def test_a_case_goes_from_person_to_person_and_the_customer_is_told(house: House, two: Any) -> None:
    first, second = two
    row = house.handed_over()
    first.send(f"/desk/cases/{row.id}/take")
    assert pass_on(second, row.id, "agent:agent-2") == 409, "it is not theirs to give"
    assert pass_on(first, row.id, "agent:agent-2") == 303
    last = house.history()[-1]
    assert (last.text, last.role) == (phrase(house, "desk.transferred"), "system")
    assert first.send(f"/desk/cases/{row.id}/reply", data={"text": "您好"}).status_code == 409
    assert second.send(f"/desk/cases/{row.id}/reply", data={"text": "您好"}).status_code == 303
    page = second.ask("GET", f"/desk/cases/{row.id}").text
    assert "agent-1 接手" in page and "agent-1 转交给 agent-2" in page
    assert audited(house.database, "transfer") == [("agent-1", row.id, {"to": "agent-2"})]


@pytest.mark.parametrize("receivers", ["小林", None], ids=["another name", "no name"])
def test_after_a_transfer_the_customer_sees_the_name_of_whoever_has_the_case_now(
    house: House, desks: Callable[..., str], receivers: str | None
) -> None:
    row = house.handed_over()
    first, second = agent(desks(), "agent-1", "小王"), agent(desks(), "agent-2", receivers)
    first.send(f"/desk/cases/{row.id}/take")
    assert name_for_customers(house) == "小王"
    assert pass_on(first, row.id, "agent:agent-2") == 303
    assert name_for_customers(house) == receivers
    assert second.send(f"/desk/cases/{row.id}/release").status_code == 303
    assert current(house, row.id).shown_as is None and name_for_customers(house) is None
    first.send(f"/desk/cases/{row.id}/take")
    assert name_for_customers(house) == "小王"


def test_a_released_case_has_its_old_place_and_priority_and_the_assistant_answers_again(house: House, two: Any) -> None:
    first, second = two
    row = house.handed_over()
    later = house.handed_over("u-1001", "o-1001")
    first.send(f"/desk/cases/{row.id}/take")
    assert second.send(f"/desk/cases/{row.id}/release").status_code == 409
    assert first.send(f"/desk/cases/{row.id}/release").status_code == 303
    back = current(house, row.id)
    assert (back.stage, back.taken_by, back.priority, back.queue, back.ending, back.root_cause) == (
        "queued", None, row.priority, row.queue, None, None,
    )  # fmt: skip
    with house.database.session() as session:
        assert [each.id for each in handoffs.open_handoffs(session)] == [row.id, later.id]
    assert house.history()[-1].text == phrase(house, "desk.released")
    assert house.turn("u-1013", "thanks", "谢谢", order="o-1013").replies, "the assistant is not silent"
    assert "放回队列" in second.ask("GET", f"/desk/cases/{row.id}").text
    assert second.send(f"/desk/cases/{row.id}/take").status_code == 303
    assert audited(house.database, "release") == [("agent-1", row.id, {})]


def test_who_was_put_back_waits_anew_before_being_told_that_nobody_came(house: House, two: Any) -> None:
    first, _ = two
    row = house.handed_over()
    with house.database.session() as session:
        old = real_now() - timedelta(hours=1)
        session.execute(handoffs.HANDOFFS.update().values(created_at=old))
    first.send(f"/desk/cases/{row.id}/take")
    first.send(f"/desk/cases/{row.id}/release")
    watcher = LatenessWatcher(house.database, house.application.knowledge, 60)
    assert watcher.look() == 0
    with house.database.session() as session:
        session.execute(handoffs.HANDOFFS.update().values(released_at=real_now() - timedelta(minutes=5)))
    assert watcher.look() == 1


def test_a_case_moves_to_another_queue_waiting_or_taken(house: House, two: Any) -> None:
    first, _ = two
    row = house.handed_over()
    before = said(house)
    assert pass_on(first, row.id, "queue:credit") == 303
    assert current(house, row.id).queue == "credit" and said(house) == before
    assert pass_on(first, row.id, "queue:credit") == 409
    first.send(f"/desk/cases/{row.id}/take")
    assert pass_on(first, row.id, "queue:complaint") == 303
    moved = current(house, row.id)
    assert (moved.queue, moved.stage, moved.taken_by) == ("complaint", "queued", None)
    assert house.history()[-1].text == phrase(house, "desk.moved")
    assert "agent-1 转到投诉队列" in first.ask("GET", f"/desk/cases/{row.id}").text
    assert [detail for _, _, detail in audited(house.database, "move")] == [
        {"from": "general", "to": "credit"},
        {"from": "credit", "to": "complaint"},
    ]


@pytest.mark.parametrize("to", ["agent:nobody", "queue:nowhere", "agent:", "", "elsewhere", "agent:agent-1\u202e2"])
def test_nobody_and_nowhere_are_refused_with_a_sentence(house: House, two: Any, to: str) -> None:
    first, _ = two
    row = house.handed_over()
    answer = first.send(f"/desk/cases/{row.id}/pass-on", data={"to": to})
    assert answer.status_code == 422 and "没有这位同事或这个队列" in answer.text
    assert current(house, row.id) == row


@pytest.mark.parametrize("step", ["pass-on", "release", "note"])
def test_steps_need_our_form_a_case_and_one_that_is_open(house: House, two: Any, step: str) -> None:
    first, _ = two
    row = house.handed_over()
    data = {"to": "agent:agent-2"}
    assert first.ask("POST", f"/desk/cases/{row.id}/{step}", data={"csrf": "0" * 64, **data}).status_code == 403
    assert first.send(f"/desk/cases/h-none/{step}", data={**data, "note": "x"}).status_code == 404
    assert AgentsBrowser(first.address).ask("POST", f"/desk/cases/{row.id}/{step}", data=data).status_code == 401
    with house.database.session() as session:
        handoffs.close(session, row.id)
    if step != "note":
        answer = first.send(f"/desk/cases/{row.id}/{step}", data=data)
        assert answer.status_code == 409 and "已经结束" in answer.text


def test_only_agents_who_signed_in_lately_are_offered(house: House, two: Any) -> None:
    first, _ = two
    row = house.handed_over()
    with house.database.session() as session:
        session.execute(presence.AGENTS.insert().values(agent="agent-9", at=real_now() - timedelta(days=31)))
    page = first.ask("GET", f"/desk/cases/{row.id}").text
    assert 'value="agent:agent-2"' in page and "agent-9" not in page
    assert pass_on(first, row.id, "agent:agent-9") == 422


def test_notes_are_for_agents_only_masked_and_marked_in_exports(house: House, two: Any) -> None:
    first, second = two
    row = house.handed_over()
    assert first.send(f"/desk/cases/{row.id}/note", data={"note": f"客户手机 {PHONE}，<b>下午</b>再打"}).status_code == 303
    assert first.send(f"/desk/cases/{row.id}/note", data={"note": " \u202e"}).status_code == 422
    page = second.ask("GET", f"/desk/cases/{row.id}").text
    assert "客户手机 138****8000，&lt;b&gt;下午&lt;/b&gt;再打" in page and PHONE not in page
    assert not any("再打" in text for text in said(house))
    marked = show(house.application, row.id, "md").partition("内部备注（仅坐席可见，不给客户）")[2]
    assert "再打" in marked and "agent-1" in marked
    assert "再打" in show(house.application, row.id, "html").partition("内部备注（仅坐席可见，不给客户）")[2]
    assert '"internal": true' in show(house.application, row.id, "json")
    assert '"internal_notes": [{"internal": true, ' in next(export(house.application, "2026-01-01", lambda *_: None))
    for delivered in ("handoff", "zendesk", "chatwoot"):
        assert "再打" not in show(house.application, row.id, delivered), "what is delivered may reach the customer"
    assert audited(house.database, "note") == [("agent-1", row.id, {})]


def test_an_export_without_notes_says_nothing_of_them(house: House) -> None:
    row = house.handed_over()
    assert not any("内部" in show(house.application, row.id, shape) for shape in ("md", "html", "json"))


@pytest.mark.parametrize("how", ["erased", "purged"])
def test_notes_and_looks_go_with_the_case(house: House, two: Any, how: str) -> None:
    first, _ = two
    row = house.handed_over()
    first.send(f"/desk/cases/{row.id}/note", data={"note": "再打一次"})
    with house.database.session() as session:
        assert notes.of_handoff(session, row.id) and presence.looking(session, row.id) == ()
        presence.look(session, row.id, "agent-1")
    with house.database.session() as session:
        if how == "erased":
            deleted = erase(session, "u-1013", "operator")
        else:
            handoffs.close(session, row.id)
            deleted = purge(session, real_now() + timedelta(seconds=1), "operator")
        assert (deleted["internal_notes"], deleted["desk_looks"]) == (1, 1)
        assert notes.of_handoff(session, row.id) == () and presence.looking(session, row.id) == ()


def test_who_looks_at_a_case_is_seen_from_every_process_for_a_short_while(house: House, two: Any) -> None:
    first, second = two
    row = house.handed_over()
    first.ask("GET", f"/desk/cases/{row.id}")
    assert "正在看：agent-1、agent-2（我）" in second.ask("GET", f"/desk/cases/{row.id}").text
    with house.database.session() as session:
        session.execute(presence.LOOKS.update().values(at=real_now() - presence.LASTS))
    assert "正在看：agent-2（我）<" in second.ask("GET", f"/desk/cases/{row.id}").text


@pytest.mark.slow
def test_an_open_page_keeps_its_agent_present_and_tells_the_others(house: House, two: Any) -> None:
    first, second = two
    row = house.handed_over()
    stream = second.ask("GET", f"/desk/events?case={row.id}", stream=True)
    marks = (line for line in stream.iter_lines() if line.startswith(b"data"))
    assert next(marks)
    with house.database.session() as session:
        assert presence.looking(session, row.id) == ("agent-2",)
    first.ask("GET", f"/desk/cases/{row.id}")
    assert next(marks), "somebody has come"
    first.send(f"/desk/cases/{row.id}/note", data={"note": "看过了"})
    assert next(marks), "a note was written"
    stream.close()
