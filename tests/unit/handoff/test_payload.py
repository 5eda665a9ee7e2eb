"""What a person who takes a case over gets to read."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from actions.core.case import Case
from actions.core.diagnosis import diagnose
from actions.core.effects import Effect
from actions.core.messages import DATA_TYPES
from actions.core.subject import ACCOUNT, Subject
from actions.core.turn import Turn
from actions.handoff.effects import carry_out
from actions.handoff.payload import OldPayload, Payload, read_payload
from actions.handoff.payload_state import value_text, without_person
from actions.handoff.rendering import as_chatwoot, as_html, as_markdown, as_zendesk
from actions.handoff.summary import Summariser
from actions.knowledge.handoffs import read_briefing
from actions.masking import mask
from actions.state import handoffs, outbox, references
from actions.state.world.facts import SqlFacts
from actions.yaml_source import Problem, Source
from conversations.application import project_knowledge
from tests.unit.handoff.conftest import House
from tools.message_examples import example_of

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "docs" / "schemas" / "handoff-1.json"


def payload_of(house: House) -> Payload:
    return read_payload(house.handed_over().payload)


def state(payload: Payload) -> dict:
    return {"status": "queued", "priority": payload.priority.level, "queue": payload.routing.queue}


def test_a_payload_fits_the_published_schema(house: House) -> None:
    schema = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(json.loads(json.dumps(house.handed_over().payload)), schema)


def test_the_agent_reads_why_what_was_found_and_what_was_tried(house: House) -> None:
    case = payload_of(house)
    assert (case.reason.code, case.reason.words) == ("requested", "转人工")
    assert case.summary.headline == "客户要求人工：订单 o-1013（山岚对开门冰箱，3999.00 元），有逾期待还"
    assert [cause.id for cause in case.diagnosis.causes] == ["overdue"]
    (evidence,) = case.diagnosis.causes[0].evidence
    assert (evidence.fact, evidence.label, evidence.value) == ("baitiao.overdue", "逾期金额", 326.8)
    (step,) = case.steps_tried
    assert (step.cause, step.step, step.result) == ("overdue", 1, "done")
    assert step.before == step.after == {"baitiao.overdue": 326.8}
    assert "overdue" not in {each.id for each in case.ruled_out} and len(case.ruled_out) > 30
    assert case.order is not None and case.order.id == "o-1013" and case.plans
    assert case.recommended.cause == "overdue" and case.recommended.knowledge == ["knowledge/causes/overdue.yml"]
    assert case.resume.cause == "overdue" and case.resume.step is not None
    assert "订单号（o-1013）" in case.do_not_ask and "短信验证码" in case.do_not_ask


@pytest.mark.parametrize("data_type", DATA_TYPES)
def test_the_agent_reads_what_was_told_whatever_its_type_and_age(data_type: str, house: House) -> None:
    with house.database.session() as session:
        diagnosis = diagnose(SqlFacts(session).snapshot("u-1013", ACCOUNT), project_knowledge().causes.values())
    data, added = example_of(data_type), DATA_TYPES[data_type].marked("added")
    old = {name: value for name, value in data.items() if name not in added}
    told = Summariser(project_knowledge(), "requested", Case(), diagnosis).summary("", [data, old]).already_told
    assert len(told) == (0 if data_type in ("clarify", "handoff", "out_of_scope", "ended", "picture") else 1)


def test_the_transcript_is_numbered_masked_and_complete(house: House) -> None:
    lines = payload_of(house).transcript
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert lines[0].text == "怎么不能分期了，我手机 138****8000"
    assert (lines[0].intent, lines[0].confidence) == ("installment_missing", 1.0)
    assert lines[-1].text == "转人工" and lines[-1].intent == "request_human"
    offering = [line for line in lines if line.role == "bot" and line.buttons]
    assert [line.action for line in offering] == ["action_diagnose", "action_diagnose", "action_step_done"]


def test_no_name_and_no_id_of_the_customer_leaves(house: House) -> None:
    row = house.handed_over()
    text = json.dumps(row.payload, ensure_ascii=False)
    with house.database.session() as session:
        reference = references.find(session, "u-1013")
    assert reference is not None and reference in text
    assert "u-1013" not in text and "13800138000" not in text
    assert read_payload(row.payload).customer.display.endswith("*")


def test_a_birth_date_is_shown_by_its_year_only(house: House) -> None:
    from actions.state.world.loading import load_world_data

    load_world_data(house.database, {"users": [{"id": "u-1013", "birth_date": "2010-05-06"}]})
    text = json.dumps(house.handed_over().payload)
    assert "2010-**-**" in text and "2010-05-06" not in text


def test_asked_for_at_once_the_order_on_the_page_is_diagnosed_all_the_same(house: House) -> None:
    house.turn("u-1013", "request_human", "转人工", order="o-1013")
    case = read_payload(house.open().payload)
    assert [cause.id for cause in case.diagnosis.causes] == ["overdue"] and case.diagnosis.subject == "order"


def test_without_any_order_the_account_is_diagnosed(house: House) -> None:
    house.turn("u-1013", "request_human", "转人工")
    case = read_payload(house.open().payload)
    assert case.diagnosis.subject == "account" and case.order is None and case.plans == []


def test_what_was_said_in_the_turn_that_hands_over_is_in_the_transcript(house: House) -> None:
    house.turn("u-1015", "installment_missing", "分不了期，凭什么限制我，我不服", order="o-1015", entities={"cue_objection": ("x",)})
    case = read_payload(house.open("u-1015").payload)
    assert [line.role for line in case.transcript] == ["user", "bot"]
    assert case.reason.code == "objection" and [cause.id for cause in case.diagnosis.causes] == ["risk_blocked"]


def test_an_alarm_beside_a_complaint_calls_a_person_at_once_who_reads_the_diagnosis(house: House) -> None:
    house.turn("u-1013", "installment_missing", "分不了期，我要投诉到银保监", order="o-1013", entities={"cue_regulator": ("x",)})
    case = read_payload(house.open().payload)
    assert [line.role for line in case.transcript] == ["user"]
    assert case.reason.code == "complaint" and case.priority.level == "high"
    assert [cause.id for cause in case.diagnosis.causes] == ["overdue"]


def test_the_row_the_event_and_the_delivery_are_one_transaction(house: House) -> None:
    row = house.handed_over()
    with house.database.session() as session:
        assert [event.kind for event in handoffs.of(session, row.id)] == ["hand_over"]
        assert [each.event for each in outbox.of(session, row.id)] == ["handoff.created"]
    with house.database.session() as session:
        effects = house.application.assistant_on(session).respond(_asks("u-1014"), "action_request_person").effects
    with pytest.raises(RuntimeError), house.database.session() as session:
        carry_out(session, "u-1014", effects)
        raise RuntimeError
    with house.database.session() as session:
        assert [each.handoff_id for each in outbox.claim_due(session, 60, 9)] == [row.id]
        assert references.find(session, "u-1014") is None


def _asks(user: str) -> Turn:
    return Turn(user, "request_human", "转人工")


def test_a_more_urgent_reason_raises_an_open_handoff(house: House) -> None:
    row = house.handed_over()
    house.turn("u-1013", "fraud_suspected", "有人让我把钱转到安全账户")
    raised = house.open()
    assert (raised.id, raised.priority, raised.queue) == (row.id, "urgent", "risk")
    assert raised.payload == row.payload
    house.turn("u-1013", "request_human", "转人工")
    with house.database.session() as session:
        events = handoffs.of(session, row.id)
        sent = outbox.of(session, row.id)
    assert [event.kind for event in events] == ["hand_over", "raise"]
    said = next(message for message in house.history() if "安全账户" in message.text)
    assert events[1].detail == {"reason": "fraud", "from": "normal", "priority": "urgent", "queue": "risk", "message": said.seq}
    assert [each.event for each in sent] == ["handoff.created", "handoff.raised"]


@pytest.mark.parametrize("reason", project_knowledge().handoffs)
def test_every_reason_can_be_briefed(house: House, reason: str) -> None:
    from actions.core.handoff import HandoffRequest
    from actions.handoff.sql_handoffs import SqlDesk
    from actions.state.world.facts import SqlFacts

    knowledge = house.application.knowledge.current
    rule = knowledge.handoffs[reason]
    with house.database.session() as session:
        effects: list[Effect] = []
        desk = SqlDesk(session, knowledge, SqlFacts(session), 180, effects)
        turn = Turn("u-1015", "request_human", "转人工")
        desk.hand_over(HandoffRequest(turn, "action_request_person", reason, rule.queue, rule.priority, Case(), None, ()))
        carry_out(session, "u-1015", effects)
    case = read_payload(house.open("u-1015").payload)
    assert case.reason.title in case.summary.headline and case.recommended.action
    said = [case.summary.headline, *case.summary.situation, *case.summary.asked_for, *case.summary.open_questions, case.recommended.action]
    assert not [line for line in said if not line or "{" in line]


def test_markdown_and_html_say_everything_and_let_nothing_through(house: House) -> None:
    house.turn("u-1013", "installment_missing", "<script>alert(1)</script> *粗体* 怎么不能分期", order="o-1013")
    case = payload_of(house)
    knowledge = project_knowledge()
    markdown, html = as_markdown(case, state(case), knowledge), as_html(case, state(case), knowledge)
    for text in (markdown, html):
        assert case.id in text and "逾期金额" in text and "326.80" in text and case.recommended.action in text
        assert "13800138000" not in text
    assert "<script>alert" not in html and "&lt;script&gt;" in html
    assert r"\*粗体\*" in markdown and r"\<script\>" in markdown


def test_other_systems_get_the_same_case(house: House) -> None:
    case = payload_of(house)
    knowledge = project_knowledge()
    chatwoot = as_chatwoot(case, {**state(case), "priority": "urgent"}, knowledge)
    assert len(chatwoot["messages"]) == len(case.transcript) + 1
    assert chatwoot["messages"][-1]["private"] and not any(each["private"] for each in chatwoot["messages"][:-1])
    assert chatwoot["conversation"]["custom_attributes"]["handoff_id"] == case.id and chatwoot["status"] == {"status": "open"}
    assert chatwoot["labels"]["labels"] == ["baitiao", "requested", "general", "urgent", "overdue"]
    ticket = as_zendesk(case, state(case), knowledge)["ticket"]
    assert (ticket["external_id"], ticket["priority"], ticket["comment"]["public"]) == (case.id, "normal", False)
    assert ticket["subject"] == case.summary.headline


def test_a_payload_of_an_earlier_version_is_refused() -> None:
    with pytest.raises(OldPayload, match="before handoff/1"):
        read_payload({"version": 1, "words": ""})


def test_a_briefing_that_misses_something_is_refused_by_name() -> None:
    text = (ROOT / "knowledge" / "briefing.yml").read_text(encoding="utf-8")
    problems: list[Problem] = []
    read_briefing([Source("briefing.yml", text.replace("  told.nothing:", "  told.anything:"))], problems)
    assert [problem.reason for problem in problems] == ["lines missing: told.nothing; unknown: told.anything"]
    problems = []
    read_briefing([Source("briefing.yml", text.replace("“{title}”还没有解除", "“{name}”还没有解除"))], problems)
    assert [problem.reason for problem in problems] == ["lines open.cause knows no placeholder name"]
    problems = []
    read_briefing([Source("briefing.yml", text.replace("statuses: {queued: 排队中, ", "statuses: {"))], problems)
    assert [problem.reason for problem in problems] == ["statuses missing: queued"]


def test_a_value_is_written_for_agents_as_its_fact_says() -> None:
    knowledge = project_knowledge()
    written = {
        ("baitiao.overdue", 326.8): "326.80",
        ("items[100001].min_down_payment", 0.3): "30%",
        ("items[100001].tenors", (3, 6)): "3、6",
        ("orders[o-1].pay_before", "2026-11-22T09:59:00+08:00"): "2026年11月22日 09:59",
        ("bills[b-1].due_on", "2026-11-29"): "2026年11月29日",
        ("birth_date", "1995-**-**"): "1995-**-**",
        ("phone_bound", False): "否",
        ("policies[p-1].types", ("mainland", "temporary")): "居民身份证、临时身份证",
        ("baitiao.retry_after", None): "无",
        ("a fact of an older version", "as it is"): "as it is",
    }
    said = {(path, value): value_text(list(value) if isinstance(value, tuple) else value, path, knowledge) for path, value in written}
    assert said == written
    assert value_text([{"sku": "1", "quantity": 2}], "orders[o-1].lines", knowledge) == "1 × 2"
    assert value_text({"c-phone": 12.5, "c-food": 3.0}, "baitiao.monthly_spent", knowledge) == "c-phone 12.50，c-food 3.00"


def test_of_what_tells_who_the_customer_is_agents_get_the_year_only() -> None:
    facts = project_knowledge().facts
    assert without_person("birth_date", "1995-04-01", facts) == "1995-**-**"
    assert without_person("bills[b-1].due_on", "2026-11-29", facts) == "2026-11-29"


def test_the_agent_reads_the_words_as_they_were_written(house: House) -> None:
    written = "百条分其用不了，帮我转仁工，我手机 138****8000"
    house.turn("u-1013", "request_human", "白条分期用不了,帮我转人工,我手机 138****8000", order="o-1013", written=written)
    case = read_payload(house.open().payload)
    assert case.reason.words == written and [line.text for line in case.transcript if line.role == "user"] == [written]


def test_what_no_channel_has_masked_is_masked(house: House) -> None:
    house.turn("u-1013", "request_human", "转人工，我手机 13800138000", order="o-1013")
    assert read_payload(house.open().payload).reason.words == "转人工，我手机 138****8000"


@pytest.mark.parametrize(
    ("intent", "rests_on"), [("fraud_suspected", "knowledge/handoffs.yml"), ("request_human", "knowledge/causes/overdue.yml")]
)
def test_the_recommended_action_names_the_file_that_says_it(house: House, intent: str, rests_on: str) -> None:
    house.turn("u-1013", intent, "这笔不是我买的", order="o-1013", case=Case(subject=Subject("order", "o-1013"), token_order="o-1013"))
    recommended = read_payload(house.open().payload).recommended
    assert (recommended.knowledge, recommended.cause) == ([rests_on], "overdue")


def test_no_reference_can_be_taken_for_a_number_of_a_person() -> None:
    made = "\n".join(references.new_reference() for _ in range(2000))
    assert mask(made).text == made


@pytest.mark.parametrize("user, order", [("u-2003", "o-2003"), ("u-2001", "o-2001")])
def test_agents_read_of_the_customer_what_customers_are_told_of_themselves(house: House, user: str, order: str) -> None:
    case = house.turn(user, "installment_missing", "怎么不能分期了", order=order).case
    house.turn(user, "request_human", "转人工", case, order)
    payload = read_payload(house.open(user).payload)
    read = [payload.summary.headline, *payload.summary.situation, payload.recommended.action, *payload.summary.open_questions]
    assert any("客户自己" in line or "要客户" in line for line in payload.summary.situation)
    assert [line for line in read if "您" in line] == []


def test_titles_of_causes_speak_to_nobody_because_customers_and_staff_read_them() -> None:
    assert [cause.id for cause in project_knowledge().causes.values() if "您" in cause.title] == []
