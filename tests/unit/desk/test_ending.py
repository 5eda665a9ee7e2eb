"""Ending a case: the cause that was found is there already, and nobody ends one unknowingly while the customer waits for an answer."""

from __future__ import annotations

import re

import pytest

from actions.state import conversations
from actions.state.conversations import MessageDraft
from conversations.application import project_knowledge
from tests.unit.desk.conftest import AgentsBrowser, audited
from tests.unit.handoff.conftest import House

USER = "u-1013"
OUTCOME = {"resolved_by": "person", "root_cause": "有逾期待还", "note": "查清了"}


@pytest.fixture
def case(house: House, browser: AgentsBrowser) -> str:
    address = f"/desk/cases/{house.handed_over().id}"
    browser.sign_in()
    browser.send(f"{address}/take")
    return address


def say(house: House, text: str) -> int:
    with house.database.session() as session:
        return conversations.append(session, USER, [MessageDraft("user", text)])[0].seq


@pytest.mark.parametrize("step", ["close", "give-back"])
def test_who_has_not_been_answered_is_named_before_the_case_ends(browser: AgentsBrowser, house: House, case: str, step: str) -> None:
    browser.send(f"{case}/reply", data={"text": "您好，我来看看"})
    asked = say(house, "那我什么时候能用？")
    refused = browser.send(f"{case}/{step}", data=OUTCOME)
    assert refused.status_code == 422 and "那我什么时候能用？" in refused.text and house.open().status == "taken"
    # Without scripts the page carries everything that was filled in.
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', refused.text))
    assert {name: fields[name] for name in OUTCOME} == OUTCOME and f'name="unanswered" value="{asked}"' in refused.text
    say(house, "在吗")
    again = browser.send(f"{case}/{step}", data={**OUTCOME, "unanswered": str(asked)})
    assert again.status_code == 422 and "在吗" in again.text, "what came since is another message"
    known = re.search(r'name="unanswered" value="(\d+)"', again.text)
    assert known is not None
    assert browser.send(f"{case}/{step}", data={**OUTCOME, "unanswered": known[1]}).status_code == 303
    ((_, _, detail),) = audited(house.database, step.replace("-", "_"))
    assert detail["unanswered"] == int(known[1])
    assert [why["why"] for _, _, why in audited(house.database, "refused")] == ["unanswered"] * 2


def test_a_case_in_which_nobody_has_said_a_word_is_one_too(browser: AgentsBrowser, case: str) -> None:
    assert browser.send(f"{case}/close", data=OUTCOME).status_code == 422


@pytest.mark.parametrize("text", ["谢谢", "好的，谢谢您！", "嗯嗯 👍", "OK thanks"])
def test_thanks_want_no_answer(browser: AgentsBrowser, house: House, case: str, text: str) -> None:
    browser.send(f"{case}/reply", data={"text": "处理好了"})
    say(house, text)
    assert browser.send(f"{case}/close", data=OUTCOME).status_code == 303


@pytest.mark.parametrize("text", ["好了吗", "行不行", "谢谢？", "还是没有", "[图片]", "不可以"])
def test_what_wants_an_answer(text: str) -> None:
    assert project_knowledge().briefing.wants_answer(text)


def test_the_cause_that_was_found_is_filled_in(browser: AgentsBrowser, house: House, case: str) -> None:
    def filled() -> str:
        found = re.search(r'id="root_cause"[^>]* value="([^"]*)"', browser.ask("GET", case).text)
        assert found is not None
        return found[1]

    assert filled() == "有逾期待还"
    # Of an alarm the state tells nothing.
    house.turn(USER, "nlu_fallback", "我被骗了", order="o-1013", entities={"cue_fraud": ("x",)})
    assert house.open().priority == "urgent" and filled() == ""
