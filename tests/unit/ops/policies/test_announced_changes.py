"""Asked about the rules of installments, the assistant tells what is to come: approved, with a public notice, and about this customer."""

from __future__ import annotations

from typing import Any

from actions.core.case import Case
from actions.core.turn import Turn
from actions.state.world.loading import load_world_data
from tests.unit.ops.policies.registering import NEW, Office

RULES, RANGE = "eligible_or_not", "amount_range"
COMING = "现在最低 100 元；自 2026-12-01 起 300 元。"


def asked(office: Office, topic: str = RULES) -> str:
    """What the assistant says to a question about the rules."""
    turn = Turn("u", "faq_how_to", "这里的分期规则", {}, token_order="o", case=Case(), topics=((topic, 0.95),))
    with office.here.assistant() as assistant:
        response = assistant.respond(turn, office.here.knowledge.current.intents["faq_how_to"].action)
    return "\n".join(reply.text for reply in response.replies)


def test_an_approved_change_is_told_with_what_holds_now(office: Office) -> None:
    before = asked(office)
    office.registered()
    for topic in (RULES, RANGE):
        assert COMING in asked(office, topic).splitlines()
    assert COMING not in before


def test_what_is_not_approved_or_has_no_notice_or_came_by_a_file_is_not_told(office: Office) -> None:
    before = asked(office)
    load_world_data(
        office.here.database, {"policies": [{"id": "p-max", "kind": "max_amount", "amount": "9000.00", "effective_from": "2026-12-01"}]}
    )
    office.write()
    office.submit()
    assert asked(office) == before
    office.withdraw(by="ann")
    office.registered(body={**NEW, "notice": ""})
    assert asked(office) == before


def test_what_was_withdrawn_or_changed_behind_the_register_is_not_told(office: Office) -> None:
    before = asked(office)
    office.registered()
    load_world_data(office.here.database, {"policies": [{"id": "p-min-2", "amount": "1.00"}]})
    assert asked(office) == before
    load_world_data(office.here.database, {"policies": [{"id": "p-min-2", "amount": "300.00"}]})
    assert asked(office) != before
    office.withdraw()
    assert asked(office) == before


def test_what_is_about_other_regions_is_not_told_and_other_kinds_in_the_words_of_their_notice(office: Office) -> None:
    body: dict[str, Any] = {"kind": "adjustment", "notice": "该地区的白条分期分批调整。", "effective_from": "2026-12-01"}
    region = office.region()
    before = asked(office)
    office.registered("p-away", body={**body, "id": "p-away", "regions": ["青海"]}, supersedes=None)
    assert asked(office) == before
    office.registered("p-here", body={**body, "id": "p-here", "regions": [region]}, supersedes=None)
    assert "自 2026-12-01 起有调整：该地区的白条分期分批调整。" in asked(office)


def test_what_has_begun_is_the_rule_and_no_announcement(office: Office) -> None:
    office.registered()
    load_world_data(office.here.database, {"now": "2026-12-01T00:00:00+08:00"})
    assert "自 2026-12-01" not in asked(office, RANGE) and "300.00" in asked(office, RANGE)
