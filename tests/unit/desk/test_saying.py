"""What agents say: held against what must never be said, prepared in replies and suggestions, and never sent by itself."""

from __future__ import annotations

import html
import re

import pytest

from actions.core.case import Case
from actions.gate import objections
from actions.knowledge.rendering import PLACEHOLDER
from actions.state import handoffs
from actions.state.world.loading import load_world_data
from bot.desk.case_steps import LONGEST_REPLY
from bot.desk.forms import root_cause_of
from conversations.application import project_knowledge
from tests.unit.desk.conftest import AgentsBrowser, audited
from tests.unit.handoff.conftest import House

PROMISE = "放心，包过，还清马上恢复正常。"


@pytest.fixture
def case(browser: AgentsBrowser, house: House) -> str:
    """The address of a case that the agent has taken."""
    row = house.handed_over()
    browser.sign_in()
    assert browser.send(f"/desk/cases/{row.id}/take").status_code == 303
    return f"/desk/cases/{row.id}"


def box(page: str) -> str:
    found = re.search(r'<textarea[^>]* name="text"[^>]*>([^<]*)<', page)
    assert found is not None
    return html.unescape(found[1])


def offers(page: str) -> dict[str, str]:
    return {name: html.unescape(text) for name, text in re.findall(r'name="draft" value="([^"]+)" data-insert="([^"]*)"', page)}


def test_what_must_never_be_said_is_not_sent_but_shown_with_what_is_wrong(browser: AgentsBrowser, house: House, case: str) -> None:
    before = house.history()
    answer = browser.send(f"{case}/reply", data={"text": PROMISE})
    assert answer.status_code == 422 and house.history() == before
    assert "“包过”：承诺通过" in answer.text and "承诺解除限制" in answer.text and box(answer.text) == PROMISE
    number = case.rpartition("/")[2]
    assert audited(house.database, "refused") == [("agent-1", number, {"step": "reply", "why": "doubtful"})]
    assert audited(house.database, "confirm") == []


def test_a_changed_sentence_is_sent_without_a_reason(browser: AgentsBrowser, house: House, case: str) -> None:
    browser.send(f"{case}/reply", data={"text": PROMISE})
    assert browser.send(f"{case}/reply", data={"text": "还清后由系统评估。", "confirmed": ""}).status_code == 303
    assert house.history()[-1].text == "还清后由系统评估。" and audited(house.database, "confirm") == []


def test_a_confirmed_sentence_is_sent_and_the_audit_says_why_without_its_words(browser: AgentsBrowser, house: House, case: str) -> None:
    answer = browser.send(f"{case}/reply", data={"text": "您说的“包过”我们没有这种办法，电话 13800138000", "confirmed": "quoted"})
    assert answer.status_code == 303
    assert house.history()[-1].text == "您说的“包过”我们没有这种办法，电话 138****8000"
    number = case.rpartition("/")[2]
    assert audited(house.database, "confirm") == [
        ("agent-1", number, {"reason": "quoted", "rules": ["promises an approval", "personal: phone"]})
    ]


@pytest.mark.parametrize("reason", ["because", "", "quoted\x00x"])
def test_a_reason_that_there_is_not_confirms_nothing(browser: AgentsBrowser, house: House, case: str, reason: str) -> None:
    assert browser.send(f"{case}/reply", data={"text": PROMISE, "confirmed": reason}).status_code == 422
    assert house.history()[-1].text != PROMISE


def test_nobody_confirms_in_a_case_that_is_not_theirs(browser: AgentsBrowser, house: House) -> None:
    row = house.handed_over()
    browser.sign_in()
    assert browser.send(f"/desk/cases/{row.id}/reply", data={"text": PROMISE, "confirmed": "quoted"}).status_code == 409
    assert audited(house.database, "confirm") == []


def test_a_person_may_say_that_they_are_one() -> None:
    knowledge = project_knowledge()
    assert knowledge.forbidden.found_in("我是人工客服") and objections("我是人工客服", knowledge, by_a_person=True) == ()
    assert all(rule.agents for rule in knowledge.forbidden.rules if rule.why != "pretends to be a person")


def test_replies_are_filled_from_the_case_and_put_into_the_box_but_not_sent(browser: AgentsBrowser, house: House, case: str) -> None:
    before = house.history()
    replies = offers(browser.ask("GET", case).text)
    assert "326.80 元逾期待还" in replies["overdue"] and "“有逾期待还”" in replies["found"]
    assert "“山岚对开门冰箱”这一单，应付 3999.00 元" in replies["about_item"] and case.rpartition("/")[2] in replies["bye"]
    assert box(browser.ask("GET", case).text) == ""
    assert box(browser.ask("GET", f"{case}?draft=overdue").text) == replies["overdue"]
    assert box(browser.ask("GET", f"{case}?draft=nothing").text) == ""
    assert house.history() == before
    assert browser.send(f"{case}/reply", data={"text": replies["overdue"]}).status_code == 303


def test_a_reply_of_which_something_is_not_known_or_meant_for_other_cases_is_not_offered(
    browser: AgentsBrowser, house: House, case: str
) -> None:
    replies = offers(browser.ask("GET", case).text)
    assert not {"bill_due", "limit", "stop", "sorry"} & set(replies)
    load_world_data(house.database, {"users": [{"id": "u-1013", "baitiao": {"overdue": "0.00"}}]})
    assert not {"overdue", "found"} & set(offers(browser.ask("GET", case).text)), "by the state as it is now"


def test_every_reply_and_every_reasons_own_may_be_said_by_an_agent() -> None:
    knowledge = project_knowledge()
    own = [reason.agents.reply for reason in knowledge.handoffs.values() if reason.agents.reply]
    assert own
    for text in (*own, *(each.text for each in knowledge.replies.values())):
        # They are offered filled, or not at all.
        filled = PLACEHOLDER.findall(text)
        assert objections(text, knowledge, longest=LONGEST_REPLY, placeholders=filled, by_a_person=True) == ()


def test_what_the_assistant_would_say_next_is_suggested_with_its_evidence(browser: AgentsBrowser, house: House, case: str) -> None:
    page = browser.ask("GET", case).text
    suggestion = offers(page)["suggestion"]
    assert "把逾期的部分还清" in suggestion and "做好了告诉我" in suggestion and "点“" not in suggestion
    shown = page[page.index('id="suggestion"') : page.index('id="replies"')]
    assert "逾期金额" in shown and "326.80" in shown and "带客户做完“有逾期待还”" in shown
    assert box(browser.ask("GET", f"{case}?draft=suggestion").text) == suggestion
    assert browser.send(f"{case}/reply", data={"text": suggestion}).status_code == 303


def test_the_suggestion_follows_the_state(browser: AgentsBrowser, house: House, case: str) -> None:
    load_world_data(house.database, {"users": [{"id": "u-1013", "baitiao": {"overdue": "0.00"}}]})
    suggestion = offers(browser.ask("GET", case).text)["suggestion"]
    assert "“有逾期待还”" in suggestion and "逾期的部分还清" not in suggestion
    with house.database.session() as session:
        assert handoffs.get_handoff(session, case.rpartition("/")[2]).stage == "person"  # type: ignore[union-attr]


def test_of_an_alarm_the_reasons_own_words_are_suggested(browser: AgentsBrowser, house: House) -> None:
    row = house.handed_over()
    house.turn("u-1013", "nlu_fallback", "我被骗了", Case(phase="handed_over"), "o-1013", entities={"cue_fraud": ("被骗",)})
    browser.sign_in()
    browser.send(f"/desk/cases/{row.id}/take")
    page = browser.ask("GET", f"/desk/cases/{row.id}").text
    assert offers(page)["suggestion"] == project_knowledge().handoffs["fraud"].agents.reply
    assert "依据：“疑似诈骗或盗刷”的处理办法" in page and "stop" in offers(page)


def test_only_whoever_has_the_case_gets_words_for_it(browser: AgentsBrowser, house: House) -> None:
    row = house.handed_over()
    browser.sign_in()
    assert offers(browser.ask("GET", f"/desk/cases/{row.id}").text) == {}


# --- the root cause ----------------------------------------------------------------------------------------------------------------------


def test_every_cause_is_found_by_its_title_and_its_id() -> None:
    knowledge = project_knowledge()
    for cause in knowledge.causes.values():
        assert root_cause_of(cause.title, knowledge) == root_cause_of(f" {cause.id} ", knowledge) == cause.id


@pytest.mark.parametrize(
    ("typed", "found"), [("其他", "other"), ("逾期待还", "overdue"), ("逾期", None), ("", None), ("没有这种", None), ("额度", None)]
)
def test_a_part_of_a_title_is_enough_if_only_one_has_it(typed: str, found: str | None) -> None:
    assert root_cause_of(typed, project_knowledge()) == found


def test_the_root_cause_is_searched_in_a_list_and_refused_where_it_names_none(browser: AgentsBrowser, house: House, case: str) -> None:
    page = browser.ask("GET", case).text
    titles = re.findall(r'<option value="([^"]+)"></option>', page)
    assert titles[0] == "有逾期待还" and titles[-1] == "其他" and len(titles) == len(project_knowledge().causes) + 1
    refused = browser.send(f"{case}/close", data={"resolved_by": "person", "root_cause": "额度"})
    assert refused.status_code == 422 and "请从列表里选一个" in refused.text
    browser.send(f"{case}/reply", data={"text": "已经查清了"})
    assert browser.send(f"{case}/close", data={"resolved_by": "person", "root_cause": "有逾期待还"}).status_code == 303
    with house.database.session() as session:
        found = handoffs.get_handoff(session, case.rpartition("/")[2])
    assert found is not None and found.root_cause == "overdue"
